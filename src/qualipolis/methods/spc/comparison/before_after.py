"""Did the treatment work? Frozen limits, effects with intervals, what could have been seen, and a verdict.

The verdict speaks of one aim, named before looking. With [low, high] the confidence interval of the improvement:

    insufficient data   fewer points in a phase than ``least``
    worse               high < 0
    proven              low > ``by``, the phase after is stable, and what was to be reached is reached with confidence
    not proven          anything else, with the reason

Effects are after − before (or after ÷ before); the improvement is turned so that above 0 is better. Means: Welch over
subgroups. Spread: Bonett. Share outside: Newcombe. ppm and Ppk of a normal process: generalised intervals,
σ* = s √(ν/χ²_ν), μ* = x̄ − error T_ν. The detectable improvement is the true one found with probability ``power``:
(z_{(1+c)/2} + z_power) standard errors, the errors taken from the interval.

Source: AIAG (2005), *Statistical Process Control*, 2nd ed.; S. Weerahandi (1993), "Generalized confidence intervals", JASA
88, 899-905; R. G. Newcombe (1998), Statistics in Medicine 17, 873-890.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.capability.specification import Boundary, Specification
from qualipolis.methods.spc.charts.result import ControlChart
from qualipolis.methods.spc.comparison import improvement
from qualipolis.methods.spc.comparison.phase import Phase, chart_of, data_of, phase_of
from qualipolis.methods.spc.comparison.result import Effect, confidence_problems

Aim = Literal["higher", "lower", "target", "spread", "outside", "ppm", "Ppk"]
CountAim = Literal["defectives", "defects"]
Verdict = Literal["proven", "not proven", "worse", "insufficient data"]


@dataclass(frozen=True, eq=False)
class Proof:
    """Whether a treatment worked.

    Parameters
    ----------
    verdict, reason, params : the answer, and the message id of why, with the values of its places
    improvement : of the aim; above 0 is better
    detectable : the true improvement that a study of this size finds with probability ``power``
    after_state : of the aim's own measure after the treatment, with its interval (mean, distance from the target,
        standard deviation, share outside, ppm, Ppk)
    effects : ``"mean"`` (difference), ``"variance_ratio"``, ``"outside"`` (difference of shares), ``"ppm"`` and
        ``"Ppk"`` (differences), each after against before
    before, after : the phases
    chart : all points, with centre and limits frozen at the phase before
    shifted : points of the phase after that signal against the frozen limits
    """

    verdict: Verdict
    reason: str
    params: Mapping[str, object]
    aim: Aim | CountAim
    improvement: Effect
    detectable: float
    after_state: Effect
    effects: Mapping[str, Effect]
    before: Phase
    after: Phase
    chart: ControlChart
    shifted: int
    conventions: Mapping[str, object] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Proof({self.verdict}: {self.aim} {self.improvement})"


def before_after(
    before: ArrayLike,
    after: ArrayLike,
    aim: Aim,
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    boundary: Boundary = "",
    by: float = 0.0,
    reach: float | None = None,
    least: int = 20,
    rules: str = "limits",
    confidence: float = 0.95,
    power: float = 0.8,
    draws: int = 20_000,
    rng: np.random.Generator | None = None,
) -> Proof:
    """Return whether the process is better after than before.

    Parameters
    ----------
    before, after : (m,) values in the order of time, or (m, n) subgroups; NaN is not measured
    aim : what was to become better: the mean higher, lower or nearer the target, the spread smaller (in per cent of the
        standard deviation), fewer outside the limits (share observed, or ppm of a normal process), or a higher Ppk
    lower, upper, target, boundary : the specification
    by : the improvement that the whole interval must exceed, in the unit of the aim
    reach : value that the measure after must reach with confidence, for example a Ppk of 1.33
    least : points that each phase must have
    rules : by which stability is judged
    confidence, power, draws, rng : of the intervals and of what is detectable; the generator is seeded with 0

    Raises
    ------
    InputError
        An aim without the limits or target it needs, phases of different kinds, too few values.

    >>> rng = np.random.default_rng(4)
    >>> found = before_after(rng.normal(10, 1, (25, 5)), rng.normal(10, 0.6, (25, 5)), "spread")
    >>> found.verdict
    'proven'
    """
    (x, wrong_x), (y, wrong_y) = data_of(before, "before"), data_of(after, "after")
    wrong = [*wrong_x, *wrong_y, *confidence_problems(confidence), *_aim_problems(aim, lower, upper, target)]
    if x.ndim != y.ndim and not (wrong_x or wrong_y):
        what = msg("One phase has subgroups and the other single values; both have the same kind.")
        wrong.append(Problem("different_kinds", what, place="after"))
    if not 0.5 <= power < 1:
        wrong.append(Problem("bad_power", msg("The power lies between 0.5 and 1."), place="power"))
    refuse(wrong)
    asked = None if lower is None and upper is None else Specification(lower, upper, None, boundary)
    phases = (phase_of(x, rules, asked), phase_of(y, rules, asked))
    study = improvement.Study(*phases, asked, target, confidence, draws, rng or np.random.default_rng(0))
    effects, (better, state) = study.effects(), study.aimed(aim)
    verdict, reason, params = verdict_of(phases, better, state, aim, by, reach, least)
    chart = chart_of(y, x)
    words = {"sigma": "pooled" if x.ndim == 2 else "mr", "rules": rules, "least": least, "by": by, "reach": reach}
    return Proof(
        verdict, reason, params, aim, better, improvement.detectable(better, power), state, effects, *phases, chart,
        int(chart.signals(rules).any[len(x) :].sum()), words | {"confidence": confidence, "power": power},
    )  # fmt: skip


def _aim_problems(aim: str, lower: float | None, upper: float | None, target: float | None) -> list[Problem]:
    if aim not in get_args(Aim):
        what = msg("The aim %(aim)s is not known; known are %(known)s.")
        return [Problem("unknown_aim", what, "", {"aim": aim, "known": ", ".join(get_args(Aim))}, "aim")]
    if aim == "target" and target is None:
        return [Problem("no_target", msg("This aim needs the target value."), place="target")]
    if aim in ("outside", "ppm", "Ppk") and lower is None and upper is None:
        return [Problem("no_limits", msg("This aim needs the limits of the specification."), place="limits")]
    return []


def verdict_of(
    phases: tuple[Phase, Phase],
    better: Effect,
    state: Effect,
    aim: Aim | CountAim,
    by: float,
    reach: float | None,
    least: int,
) -> tuple[Verdict, str, dict[str, object]]:
    """Return the verdict, the message id of its reason, and the values of its places."""
    before, after = phases
    for phase, words in (
        (before, msg("The phase before has %(points)s points; %(least)s are the least.")),
        (after, msg("The phase after has %(points)s points; %(least)s are the least.")),
    ):
        if phase.points < least:
            return "insufficient data", words, {"points": phase.points, "least": least}
    if better.high < 0:
        return "worse", msg("The whole interval of the change lies on the worse side."), {}
    if not better.low > by:
        what = msg("The interval of the improvement reaches down to %(low)s; it must lie above %(by)s.")
        return "not proven", what, {"low": f"{better.low:.4g}", "by": f"{by:g}"}
    if not after.stable:
        what = msg("The process is not stable after the treatment: %(signals)s signals, %(allowed)s at most by chance.")
        return "not proven", what, {"signals": after.signals, "allowed": after.allowed}
    if reach is not None and not _reached(state, aim, reach):
        what = msg(
            "It is better, but %(reach)s is not reached with confidence: the interval runs from %(low)s to %(high)s."
        )
        return "not proven", what, {"reach": f"{reach:g}", "low": f"{state.low:.4g}", "high": f"{state.high:.4g}"}
    if not before.stable:
        what = msg("Better beyond chance and stable; the phase before was not stable, so part may have come by itself.")
        return "proven", what, {}
    return "proven", msg("Better beyond chance, and stable after the treatment."), {}


def _reached(state: Effect, aim: Aim | CountAim, reach: float) -> bool:
    return state.low >= reach if aim in ("higher", "Ppk") else state.high <= reach
