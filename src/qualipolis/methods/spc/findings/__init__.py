"""From the readings of a characteristic to findings: one function, one result, the same words and numbers everywhere."""

from qualipolis.methods.spc.findings.charting import INSTRUMENTS_HERE
from qualipolis.methods.spc.findings.overview import Overview, many
from qualipolis.methods.spc.findings.result import (
    Capability,
    Chart,
    Findings,
    Histogram,
    Law,
    Life,
    PhaseLimits,
    Remark,
    Signal,
    Summary,
)
from qualipolis.methods.spc.findings.study import study
from qualipolis.methods.spc.findings.thinning import thin
from qualipolis.methods.spc.findings.words import Sentence, decimals, sentences

__all__ = [
    "INSTRUMENTS_HERE",
    "Capability",
    "Chart",
    "Findings",
    "Histogram",
    "Law",
    "Life",
    "Overview",
    "PhaseLimits",
    "Remark",
    "Sentence",
    "Signal",
    "Summary",
    "decimals",
    "many",
    "sentences",
    "study",
    "thin",
]
