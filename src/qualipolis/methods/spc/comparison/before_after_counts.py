"""Did the treatment work, when only counts are known? Shares of nonconforming units, or defects for each unit.

The same verdict as :func:`~qualipolis.methods.spc.comparison.before_after.before_after`, fewer always better. Shares: the
fall p₁ − p₂ with Newcombe's limits, the share after with exact limits. Rates: the fall in per cent, 100 (1 − ρ), with the
exact limits of the ratio ρ = rate after ÷ rate before, the rate after with exact Poisson limits

    χ²_{α/2}(2x) / 2T … χ²_{1−α/2}(2x + 2) / 2T.

Counts do not show whether the process was stable; ``stability`` says so. With nothing found among the units after, a target
p is reached with confidence from n = ln((1 − c)/2) / ln(1 − p) units on (``units_needed``).

Source: R. G. Newcombe (1998), Statistics in Medicine 17, 873-890; C. Clopper and E. Pearson (1934), Biometrika 26, 404-413;
F. Garwood (1936), Biometrika 28, 437-442.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log, log1p
from typing import Literal

from qualipolis.methods.problems import Problem, msg
from qualipolis.methods.spc.comparison.before_after import CountAim, Verdict
from qualipolis.methods.spc.comparison.counted_proof import of_totals
from qualipolis.methods.spc.comparison.counts import Sample
from qualipolis.methods.spc.comparison.improvement import detectable
from qualipolis.methods.spc.comparison.result import Effect

Counted = Literal["share", "rate"]


@dataclass(frozen=True)
class CountProof:
    """Whether a treatment worked, from counts.

    Parameters
    ----------
    verdict, reason, params : the answer, and the message id of why, with the values of its places
    counted : ``"share"`` of nonconforming units, or ``"rate"`` of defects for each unit
    improvement : fall of the share, or fall of the rate in per cent; above 0 is better
    detectable : the true improvement that a study of this size finds with probability ``power``
    before, after : (events, units)
    after_state : the share or rate after, with its interval
    units_needed : fewest units without any event that reach ``reach`` with confidence, or None without ``reach``
    """

    verdict: Verdict
    reason: str
    params: Mapping[str, object]
    counted: Counted
    improvement: Effect
    detectable: float
    before: Sample
    after: Sample
    after_state: Effect
    units_needed: int | None
    stability: str = msg("Counts do not show whether the process was stable.")

    def __repr__(self) -> str:
        return f"CountProof({self.verdict}: {self.counted} {self.improvement})"


def before_after_counts(
    before: Sample,
    after: Sample,
    counted: Counted = "share",
    *,
    reach: float | None = None,
    least: int = 20,
    confidence: float = 0.95,
    power: float = 0.8,
) -> CountProof:
    """Return whether fewer were found after than before.

    Parameters
    ----------
    before, after : (events, units)
    counted : events are nonconforming units, or defects of which a unit may have several
    reach : share or rate after that must not be exceeded, with confidence
    least : fewest units of each phase

    Raises
    ------
    InputError
        counts that are none, nothing counted in both phases (rates), a confidence or power out of range

    >>> found = before_after_counts((36, 200), (2, 400), reach=0.02)
    >>> found.verdict, found.units_needed, print(found.after_state)
    0.005 [0.0006061, 0.01794]
    ('proven', 183, None)
    """
    wrong: list[Problem] = []
    if reach is not None and (reach <= 0 or (counted == "share" and reach >= 1)):
        what = msg("The value to be reached lies above 0, and a share below 1.")
        wrong = [Problem("bad_reach", what, place="reach")]
    aim: CountAim = "defectives" if counted == "share" else "defects"
    better, state = of_totals(before, after, aim, confidence, power, wrong)
    needed = None if reach is None else _needed(reach, counted, confidence)
    verdict, reason, params = _verdict(before, after, better, state, reach, least, needed)
    return CountProof(
        verdict, reason, params, counted, better, detectable(better, power), before, after, state, needed
    )  # fmt: skip


def _needed(reach: float, counted: Counted, confidence: float) -> int:
    tail = log((1 - confidence) / 2)
    return ceil(tail / log1p(-reach)) if counted == "share" else ceil(-tail / reach)


def _verdict(
    before: Sample, after: Sample, better: Effect, state: Effect, reach: float | None, least: int, needed: int | None
) -> tuple[Verdict, str, dict[str, object]]:
    for (_events, units), words in (
        (before, msg("Before, %(units)s units were looked at; %(least)s are the least.")),
        (after, msg("After, %(units)s units were looked at; %(least)s are the least.")),
    ):
        if units < least:
            return "insufficient data", words, {"units": f"{units:g}", "least": least}
    if better.high < 0:
        return "worse", msg("The whole interval of the change lies on the worse side."), {}
    if not better.low > 0:
        what = msg("The interval of the improvement reaches down to %(low)s; it must lie above %(by)s.")
        return "not proven", what, {"low": f"{better.low:.4g}", "by": "0"}
    if reach is not None and state.high > reach:
        what = msg(
            "Fewer than before, but at most %(reach)s is not reached with confidence: the interval reaches up to "
            "%(high)s. With nothing found, %(needed)s units are the least."
        )
        return "not proven", what, {"reach": f"{reach:g}", "high": f"{state.high:.4g}", "needed": needed}
    return "proven", msg("Fewer than before, beyond chance."), {}
