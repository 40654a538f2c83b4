"""Scores given by several people: how far apart they are, what they agree on, and how severe each of them is."""

from qualipolis.methods.rating.agreement import Agreement, agreement
from qualipolis.methods.rating.connected import panels
from qualipolis.methods.rating.consensus import ItemScore, Tally, spread, tally
from qualipolis.methods.rating.crossed import CrossedFit, crossed_reml
from qualipolis.methods.rating.severity import FairScore, ReviewerSeverity, Severity, severity

__all__ = [
    "Agreement",
    "CrossedFit",
    "FairScore",
    "ItemScore",
    "ReviewerSeverity",
    "Severity",
    "Tally",
    "agreement",
    "crossed_reml",
    "panels",
    "severity",
    "spread",
    "tally",
]
