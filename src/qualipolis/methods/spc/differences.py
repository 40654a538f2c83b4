"""Why this differs: where another program gives another number for the same data, and which of its choices makes it so.

Only differences that were seen in the programs' own results or sources are named: Minitab (its published methods), qcc 3.0,
JASP's quality module, SixSigma 0.11, WeibullR 1.2, tolerance 3.0 and spc 0.6 for R.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qualipolis.methods.problems import msg
from qualipolis.methods.spc.capability.nonnormal import NonNormalStudy
from qualipolis.methods.spc.capability.study import CapabilityStudy
from qualipolis.methods.spc.charts.correlated import DIFFERS as OF_DEPENDENCE
from qualipolis.methods.spc.charts.multivariate import MultivariateChart
from qualipolis.methods.spc.charts.result import ControlChart
from qualipolis.methods.spc.charts.short_run import DIFFERS as OF_SHORT_RUNS
from qualipolis.methods.spc.charts.trend import DIFFERS as OF_TRENDS
from qualipolis.methods.spc.charts.weighted import CusumChart
from qualipolis.methods.spc.comparison.before_after import Proof
from qualipolis.methods.spc.doe.experiment import DIFFERS as OF_EXPERIMENTS
from qualipolis.methods.spc.doe.experiment import Experiment
from qualipolis.methods.spc.msa.attribute import AttributeStudy
from qualipolis.methods.spc.msa.gauge import GaugeRR
from qualipolis.methods.spc.msa.linearity import Linearity
from qualipolis.methods.spc.msa.type1 import Type1
from qualipolis.methods.spc.reliability.fit import LifeFit
from qualipolis.methods.spc.tolerance import ToleranceInterval


@dataclass(frozen=True)
class Difference:
    """Another program and, as a message id, what it does otherwise."""

    software: str
    words: str

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the note in the language of ``translate``."""
        shown = translate(self.words)
        return shown if self.software.split(",")[0] in shown else f"{self.software}: {shown}"


_CONSTANTS = Difference(
    "qcc", msg("d2 and c4 come from a table of three decimals: limits differ from the fourth digit on.")
)
_WINDOW = Difference(
    "qcc",
    msg("Rules hold a whole window against the limits of its last point, which marks wrong points when sizes vary."),
)
_EIGHT = Difference(
    "Minitab", msg("Nelson's rule 8 counts points on either side; here, as in Nelson and qcc, on both.")
)
_ZONES = Difference("JASP", msg("Zone rules on individuals once used their standard deviation, not that of the chart."))
_NEGATIVE = Difference("JASP", msg("Lower limits of shares could be below 0; here they end at 0."))
_CONFIDENCE = Difference("qcc", msg("Probability limits of a p chart with equal sizes end in an error."))
_G_NONE = Difference("qcc", msg("A g chart has no limits by default."))
_G_LAW = Difference(
    "Minitab", msg("g and t charts have percentile limits by default; here ask for them with a confidence.")
)
_CUSUM = Difference("Minitab", msg("A CUSUM signals at h = 4 by default, qcc and we at 5."))
_EWMA = Difference("qcc", msg("The sums and averages are the same; sigma comes from its short constants."))
_MEWMA = Difference("R spc", msg("Run lengths of two characteristics after a shift are off by up to 4 per cent."))
_CP = Difference(
    "qcc", msg("The interval of Cp counts n − 1 degrees of freedom whatever sigma came from: it is too narrow.")
)
_WITHIN = Difference(
    "Minitab", msg("Sigma within is pooled over subgroups, and divided by c4; here from ranges unless you choose.")
)
_PPM = Difference("qcc", msg("Expected shares below 0.01 per cent are shown as 0."))
_SHAPE = Difference(
    "Minitab", msg("Ppk by its own method goes through normal scores; here, as in its ISO method, through percentiles.")
)
_FIRST = Difference(
    "Minitab", msg("The first law with p ≥ 0.05 in a fixed order is taken; so it is here, and the order is shown.")
)
_POOLING = Difference(
    "Minitab, SixSigma", msg("The interaction is dropped at p > 0.05; AIAG and we drop it at 0.25 unless you choose.")
)
_NDC = Difference(
    "SixSigma", msg("ndc is cut after a factor of 1.41 and shares are rounded to two decimals; here √2, not rounded.")
)
_TYPE1 = Difference("Minitab", msg("The indices are the same, without limits: with 25 readings they are wide."))
_BIAS = Difference(
    "JASP", msg("The p-value of the mean bias follows no formula that we could find; ours pools within masters.")
)
_CORRELATION = Difference("JASP", msg("A table named after Cohen's kappa holds correlations of the judgements."))
_STOPS = Difference(
    "WeibullR", msg("The search for the largest likelihood stops early: shape and scale differ in the fourth digit.")
)
_FACTOR = Difference(
    "R tolerance", msg("Exact factors differ from ours by up to 0.0001; Howe's by up to 2.5 per cent.")
)
_PROOF = Difference("R", msg("prop.test gives Wald limits of a difference of shares; here they are Newcombe's."))

_OF_KIND = {
    "xbar": (_CONSTANTS, _WINDOW, _EIGHT), "R": (_CONSTANTS, _WINDOW), "S": (_CONSTANTS, _WINDOW),
    "I": (_CONSTANTS, _ZONES, _EIGHT), "MR": (_CONSTANTS,),
    "c": (_EIGHT,), "p": (_NEGATIVE, _CONFIDENCE, _WINDOW), "np": (_NEGATIVE,), "u": (_WINDOW,),
    "p′": (_NEGATIVE,), "u′": (_WINDOW,), "g": (_G_NONE, _G_LAW), "t": (_G_LAW,), "EWMA": (_EWMA, _CONSTANTS),
    "DNOM": (Difference("Minitab", OF_SHORT_RUNS),), "Z": (Difference("Minitab", OF_SHORT_RUNS),),
    "MR of Z": (Difference("Minitab", OF_SHORT_RUNS),), "R/σ": (Difference("Minitab", OF_SHORT_RUNS),),
    "e": (Difference("Minitab, qcc", OF_DEPENDENCE),), "MCEWMA": (Difference("Minitab, qcc", OF_DEPENDENCE),),
    "trend": (Difference("Minitab, qcc", OF_TRENDS),),
}  # fmt: skip
_OF_TYPE: tuple[tuple[type, tuple[Difference, ...]], ...] = (
    (CusumChart, (_CUSUM, _EWMA)),
    (CapabilityStudy, (_CP, _WITHIN, _PPM)),
    (NonNormalStudy, (_SHAPE, _FIRST)),
    (GaugeRR, (_POOLING, _NDC)),
    (Type1, (_TYPE1,)),
    (Linearity, (_BIAS,)),
    (AttributeStudy, (_CORRELATION,)),
    (LifeFit, (_STOPS,)),
    (ToleranceInterval, (_FACTOR,)),
    (Proof, (_PROOF,)),
    (Experiment, (Difference("JASP", OF_EXPERIMENTS),)),
)


def why_this_differs(result: object) -> tuple[Difference, ...]:
    """Return the notes that belong to a result; none for a result without known differences.

    >>> from qualipolis.methods.spc.charts import g_chart
    >>> [note.software for note in why_this_differs(g_chart([3, 5, 4]))]
    ['qcc', 'Minitab']
    """
    if isinstance(result, ControlChart):
        return _OF_KIND.get(result.kind, ())
    if isinstance(result, MultivariateChart):
        return (_MEWMA,) if result.kind == "MEWMA" else ()
    return next((notes for kind, notes in _OF_TYPE if isinstance(result, kind)), ())
