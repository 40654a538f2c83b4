"""Did the treatment work, when units are good or bad, or defects are counted?

Defectives: improvement = share before − share after, with Newcombe's score limits; the odds ratio with exact limits stands
beside it. Defects: improvement = 100 (1 − rate after/rate before) per cent, with limits that are exact given the sum of
both counts. What is reached after the treatment has exact limits (Clopper-Pearson; Poisson by χ²).

Where points scatter more than their law (p < 0.05 in either phase), such limits are too narrow. Then the scatter between
points is used: the error of a rate is √(m/(m − 1) Σ nᵢ²(rᵢ − r)²)/Σ nᵢ, with Welch's t, on the logarithm for defects.

The data are insufficient when a phase has too few points, and also when even no event at all after the treatment would
prove nothing. The detectable improvement is the fall found with probability ``power``, by the normal approximation with the
variances before and after that fall. Verdicts are those of :mod:`.before_after`.

Source: R. G. Newcombe (1998), Statistics in Medicine 17, 873-890; J. Przyborowski and H. Wilenski (1940), Biometrika 31,
313-323; F. Garwood (1936), Biometrika 28, 437-442; W. G. Cochran (1977), *Sampling Techniques*, 3rd ed., section 3.12.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.sampling.estimation.binomial import binomial_interval
from qualipolis.methods.spc.charts.counts import Dispersion, dispersion, p_chart, u_chart
from qualipolis.methods.spc.charts.result import ControlChart, Floats
from qualipolis.methods.spc.comparison.before_after import CountAim, Proof, verdict_of
from qualipolis.methods.spc.comparison.counts import fisher_exact, rate_ratio, share_difference
from qualipolis.methods.spc.comparison.phase import Phase, allowed_signals, correlation
from qualipolis.methods.spc.comparison.result import Effect, confidence_problems

Law = Literal["binomial", "poisson"]
INSIDE = 0.9973  # probability limits of the charts behind the verdict


@dataclass(frozen=True, eq=False)
class CountPhase(Phase):
    """One phase of counts: ``events`` among ``units``; ``values`` and ``mean`` are rates, ``scatter`` tests their law."""

    events: int = 0
    units: float = 0.0
    scatter: Dispersion | None = None

    @property
    def wild(self) -> bool:
        """Whether points scatter more than their law."""
        return self.scatter is not None and self.scatter.p_over < 0.05


def before_after_defectives(
    before: ArrayLike,
    units_before: ArrayLike,
    after: ArrayLike,
    units_after: ArrayLike,
    *,
    by: float = 0.0,
    reach: float | None = None,
    least: int = 20,
    rules: str = "limits",
    confidence: float = 0.95,
    power: float = 0.8,
) -> Proof:
    """Return whether the share of bad units is lower after the treatment.

    Parameters
    ----------
    before, after : (m,) bad units of each point in the order of time; one number with ``least=1`` when only totals are
        known, whose stability nobody can judge
    units_before, units_after : units inspected at each point, or one number for all
    by : the fall of the share that the whole interval must exceed
    reach : share that must not be exceeded after, with confidence
    least : points that each phase must have
    rules : by which stability is judged
    confidence, power : of the intervals and of what is detectable

    Raises
    ------
    InputError
        Counts that are not whole or above their units, a confidence or power out of range.

    >>> rng = np.random.default_rng(1)
    >>> found = before_after_defectives(rng.binomial(200, 0.06, 25), 200, rng.binomial(200, 0.03, 25), 200)
    >>> found.verdict, found.effects["odds_ratio"].high < 1
    ('proven', True)
    """
    given = (before, units_before, after, units_after)
    return _proof("defectives", given, by, reach, least, rules, confidence, power)


def before_after_defects(
    before: ArrayLike,
    units_before: ArrayLike,
    after: ArrayLike,
    units_after: ArrayLike,
    *,
    by: float = 0.0,
    reach: float | None = None,
    least: int = 20,
    rules: str = "limits",
    confidence: float = 0.95,
    power: float = 0.8,
) -> Proof:
    """Return whether defects (or complaints, stops, accidents) per unit are fewer after the treatment.

    Parameters are those of :func:`before_after_defectives`, with defects counted in units, areas or days; ``by`` is a fall
    in per cent, ``reach`` a rate.

    >>> rng = np.random.default_rng(2)
    >>> found = before_after_defects(rng.poisson(6, 25), 1, rng.poisson(5.8, 25), 1)
    >>> found.verdict, 15 < found.detectable < 40
    ('not proven', True)
    """
    given = (before, units_before, after, units_after)
    return _proof("defects", given, by, reach, least, rules, confidence, power)


def _proof(
    aim: CountAim,
    given: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    by: float,
    reach: float | None,
    least: int,
    rules: str,
    confidence: float,
    power: float,
) -> Proof:
    law: Law = "binomial" if aim == "defectives" else "poisson"
    counts, units = _checked(given, law, confidence, power)
    old, new = (_phase(x, n, law, rules) for x, n in zip(counts, units, strict=True))
    wild = old.wild or new.wild
    better, effects = _effects(old, new, aim, wild, confidence)
    state = _state(new, law, wild, confidence)
    verdict, reason, params = verdict_of((old, new), better, state, aim, by, reach, least)
    if verdict == "not proven" and not wild and _hopeless(old, new, aim, by, confidence):
        verdict, params = "insufficient data", {"events": old.events}
        reason = msg("%(events)s events before: even none at all after would prove nothing. Watch longer.")
    chart = _chart(np.concatenate(counts), np.concatenate(units), law, wild, len(counts[0]))
    words: dict[str, object] = {"law": law, "interval": "between points" if wild else "law", "rules": rules}
    words |= {"least": least, "by": by, "reach": reach, "confidence": confidence, "power": power}
    return Proof(
        verdict, reason, params, aim, better, _detectable(old, new, aim, wild, confidence, power), state, effects, old,
        new, chart, int(chart.signals(rules).any[len(counts[0]) :].sum()), words,
    )  # fmt: skip


def of_totals(
    before: tuple[float, float],
    after: tuple[float, float],
    aim: CountAim,
    confidence: float,
    power: float,
    wrong: Sequence[Problem] = (),
) -> tuple[Effect, Effect]:
    """Return the improvement and the state after of (events, units), whose scatter between points nobody knows.

    ``wrong`` is what the caller found wrong already; it is refused together with what is wrong here.

    Raises
    ------
    InputError
        Counts that are not whole or above their units, nothing counted at all, a confidence or power out of range.
    """
    law: Law = "binomial" if aim == "defectives" else "poisson"
    counts, units = _checked((*before, *after), law, confidence, power, wrong)
    old, new = (_phase(x, n, law, "limits") for x, n in zip(counts, units, strict=True))
    if aim == "defects" and not old.events and not new.events:
        refuse(
            [Problem("no_events", msg("Nothing was counted in either sample: a ratio has no meaning."), place="before")]
        )
    return _effects(old, new, aim, False, confidence)[0], _state(new, law, False, confidence)


def _checked(
    given: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    law: Law,
    confidence: float,
    power: float,
    more: Sequence[Problem] = (),
) -> tuple[list[Floats], list[Floats]]:
    """Return counts and units of both phases, without points that were not counted."""
    wrong = [*more, *confidence_problems(confidence)]
    if not 0.5 <= power < 1:
        wrong.append(Problem("bad_power", msg("The power lies between 0.5 and 1."), place="power"))
    counts, units = [], []
    for place, events, size in (("before", *given[:2]), ("after", *given[2:])):
        x = np.atleast_1d(np.asarray(events, dtype=np.float64)).ravel()
        n = np.asarray(size, dtype=np.float64).ravel()
        if len(n) not in (1, len(x)):
            wrong.append(Problem("size_shape", msg("There are not as many sizes as counts."), place=place))
            n = np.ones(1)
        n = np.broadcast_to(n, x.shape)
        kept = ~np.isnan(x)
        x, n = x[kept], n[kept]
        whole = np.isfinite(x).all() and np.isfinite(n).all() and (x >= 0).all() and (x == np.floor(x)).all()
        if not len(x) or not whole or not (n > 0).all() or (law == "binomial" and (x > n).any()):
            what = msg("A count is a whole number from 0 on, and what it is counted in is above 0.")
            wrong.append(Problem("bad_count", what, msg("Give the events first, then the units."), place=place))
        counts.append(x)
        units.append(n)
    refuse(wrong)
    if law == "binomial" and any((n != np.floor(n)).any() for n in units):
        refuse([Problem("bad_count", msg("Units that are good or bad are whole numbers."), place="units")])
    return counts, units


def _chart(x: Floats, n: Floats, law: Law, wild: bool, first: int | None = None) -> ControlChart:
    """Return the chart of all points, with limits from the ``first`` of them."""
    points = None if first is None else np.arange(first)
    maker = p_chart if law == "binomial" else u_chart
    if wild:
        return maker(x, n, calibration=points, prime=True)
    return maker(x, n, calibration=points, confidence=INSIDE)


def _phase(x: Floats, n: Floats, law: Law, rules: str) -> CountPhase:
    events, units = int(x.sum()), float(n.sum())
    rate, points, each = events / units, len(x), x / n
    try:
        scatter = dispersion(x, n, law) if points > 1 else None
    except InputError:
        scatter = None
    wild = scatter is not None and scatter.p_over < 0.05
    signals = int(_chart(x, n, law, wild).signals(rules).any.sum()) if points > 1 and events else 0
    error = sqrt(rate * (1 - rate if law == "binomial" else 1.0) / units)
    if wild:
        error = sqrt(points / (points - 1) * float(np.sum(n**2 * (each - rate) ** 2))) / units
    return CountPhase(
        each, points, rate, error, points - 1.0 if wild else inf, float(each.std(ddof=1)) if points > 1 else 0.0,
        points - 1.0, error * sqrt(units), signals, allowed_signals(points, rules, False), correlation(each), events, events, units,
        scatter,
    )  # fmt: skip


def _effects(
    old: CountPhase, new: CountPhase, aim: CountAim, wild: bool, confidence: float
) -> tuple[Effect, dict[str, Effect]]:
    """Return the improvement, and every effect, each after against before."""
    one, two = (new.events, new.units), (old.events, old.units)
    if aim == "defectives":
        whole = ((one[0], int(one[1])), (two[0], int(two[1])))
        change = share_difference(*whole, confidence=confidence).effect
        assert change is not None
        if wild:
            change = _welch(old, new, confidence)
        found = {"difference": change}
        if not wild and new.events and (odds := fisher_exact(*whole, confidence=confidence).effect) is not None:
            found["odds_ratio"] = odds
        return Effect(-change.value, -change.high, -change.low, confidence, change.method), found
    if not old.events and not new.events:
        nothing = Effect(0.0, -inf, 100.0, confidence, "conditional, exact")
        return nothing, {}
    ratio = _log_welch(old, new, confidence) if wild and old.events and new.events else None
    ratio = ratio or rate_ratio(one, two, confidence=confidence).effect
    assert ratio is not None
    falls = [100 * (1 - v) for v in (ratio.value, ratio.high, ratio.low)]
    return Effect(falls[0], falls[1], falls[2], confidence, ratio.method), {"ratio": ratio}


def _freedom(u: float, v: float, old: CountPhase, new: CountPhase) -> float:
    """Return Welch's degrees of freedom for variances u (after) and v (before)."""
    parts = u**2 / new.freedom_mean + v**2 / old.freedom_mean
    return (u + v) ** 2 / parts if parts > 0 else 1e9


def _welch(old: CountPhase, new: CountPhase, confidence: float) -> Effect:
    from scipy.special import stdtrit

    u, v = new.error**2, old.error**2
    half = float(stdtrit(_freedom(u, v, old, new), (1 + confidence) / 2)) * sqrt(u + v)
    value = new.mean - old.mean
    return Effect(value, max(-1.0, value - half), min(1.0, value + half), confidence, "Welch between points")


def _log_welch(old: CountPhase, new: CountPhase, confidence: float) -> Effect:
    from scipy.special import stdtrit

    u, v = (new.error / new.mean) ** 2, (old.error / old.mean) ** 2
    half = float(stdtrit(_freedom(u, v, old, new), (1 + confidence) / 2)) * sqrt(u + v)
    value = log(new.mean / old.mean)
    return Effect(exp(value), exp(value - half), exp(value + half), confidence, "log Welch between points")


def _state(new: CountPhase, law: Law, wild: bool, confidence: float) -> Effect:
    """Return the rate after the treatment with its limits."""
    from scipy.special import gammaincinv, stdtrit

    tail = (1 - confidence) / 2
    if wild and new.points > 1 and new.events:
        half = float(stdtrit(new.points - 1, 1 - tail)) * new.error
        return Effect(new.mean, max(0.0, new.mean - half), new.mean + half, confidence, "between points")
    if law == "binomial":
        low, high = (float(v) for v in binomial_interval(new.events, int(new.units), confidence))
        return Effect(new.mean, low, high, confidence, "exact")
    low = float(gammaincinv(new.events, tail)) if new.events else 0.0
    high = float(gammaincinv(new.events + 1, 1 - tail))
    return Effect(new.mean, low / new.units, high / new.units, confidence, "exact")


def _hopeless(old: CountPhase, new: CountPhase, aim: CountAim, by: float, confidence: float) -> bool:
    """Return whether even no event at all after the treatment would not be enough."""
    from dataclasses import replace

    best, _ = _effects(old, replace(new, events=0, mean=0.0), aim, False, confidence)
    return not best.low > by


def _detectable(old: CountPhase, new: CountPhase, aim: CountAim, wild: bool, confidence: float, power: float) -> float:
    """Return the fall that is found with probability ``power``; infinite where none is."""
    from scipy.optimize import brentq
    from scipy.special import ndtri

    z, p = float(ndtri((1 + confidence) / 2) + ndtri(power)), old.mean
    if not p > 0:
        return inf
    wider = max([1.0, *(ph.scatter.ratio for ph in (old, new) if ph.scatter is not None)]) if wild else 1.0

    def short(fall: float) -> float:
        """How far a relative fall is below what is needed to be found."""
        q = p * (1 - fall)
        if aim == "defectives":
            return z * sqrt(wider * (p * (1 - p) / old.units + q * (1 - q) / new.units)) - p * fall
        return z * sqrt(wider * (1 / (p * old.units) + 1 / (q * new.units))) + log(1 - fall)

    found = _first_root(short, brentq)
    return inf if found is None else p * found if aim == "defectives" else 100 * found


def _first_root(short: Callable[[float], float], solve: Callable[..., float]) -> float | None:
    grid = np.concatenate([np.linspace(1e-6, 0.99, 100), [0.995, 0.999, 0.9999]])
    values = [short(float(fall)) for fall in grid]
    at = next((i for i, value in enumerate(values) if value <= 0), None)
    if at is None:
        return None
    return float(grid[0]) if at == 0 else float(solve(short, float(grid[at - 1]), float(grid[at]), xtol=1e-10))
