"""Seasons and holidays: what this week would hold had nothing happened, with feasts that move told by their days.

The Spring Festival moves between 21 January and 20 February: the same week of last year is no yardstick, offices are
shut, and what was not reported comes afterwards. Days that count are passed in; each gets a level of its own.

Source: H. L. Stern, D. Lightfoot (1999), "Automated outbreak detection: a quantitative retrospective analysis",
Epidemiology & Infection 122, 103-110; harmonics as in L. Held, M. Höhle, M. Hofmann (2005), Statistical Modelling 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.bounds import count_quantile, negative_binomial_tail, poisson_tail
from qualipolis.methods.signal.series.counts import (
    Alarms,
    Floats,
    alarms,
    blank,
    count_matrix,
    long_enough,
    number,
    open_share,
)
from qualipolis.methods.signal.series.weekly import Days, mondays

STEPS, RIDGE, OUTLIER = 25, 1e-6, 2.58


def feast_effects(weeks: Days, feast_days: Sequence[str] | Days, before: int = 1, after: int = 2) -> Floats:
    """Share of each week that are feast days, and the same moved to the weeks before and after: (weeks, 1+before+after).

    The weeks before hold the rush, the weeks after what was left lying. Columns: ``before`` weeks ahead … the feast …
    ``after`` weeks later.

    >>> weeks = np.array(["2024-02-05", "2024-02-12", "2024-02-19"], dtype="datetime64[D]")
    >>> feast_effects(weeks, ["2024-02-12", "2024-02-13"], before=1, after=0).round(3)
    array([[0.286, 0.   ],
           [0.   , 0.286],
           [0.   , 0.   ]])
    """
    monday = mondays(np.asarray(feast_days, dtype="datetime64[D]"))
    columns = []
    for lag in range(-before, after + 1):
        moved = weeks - np.timedelta64(7 * lag, "D")
        columns.append((monday[None, :] == moved[:, None]).sum(axis=1) / 7)
    return np.stack(columns, axis=1)


def seasonal(
    counts: ArrayLike,
    frequency: float = 365.25 / 7,
    harmonics: int = 1,
    trend: bool = False,
    effects: ArrayLike | None = None,
    gap: int = 4,
    start: int | None = None,
    alpha: float = 0.001,
    least: float = 3,
) -> Alarms:
    """Judge each week by a quasi-Poisson regression with harmonics on the weeks before it, refitted every week.

    Model: ``log μ(t) = a + b·t + Σ_h (c_h cos + d_h sin)(2πht/frequency) + effects(t)·e``; bound: the negative binomial
    quantile with the estimated overdispersion. Weeks with a Pearson residual above 2.58 are weighed down as in
    :func:`farrington_flexible`. A ridge of 1e-6 keeps an effect never seen yet at 0.

    Parameters
    ----------
    counts : (weeks,) or (series, weeks), ``nan`` missing
    effects : (weeks, k): what is known of a week beforehand, as by :func:`feast_effects`
    gap : latest weeks left out of the fit, so that a rise is not learned while it begins
    start : first week to judge; default one year and the gap
    least : fewest reports for an alarm

    Raises
    ------
    InputError : settings out of range, effects of another length

    >>> t = np.arange(160)
    >>> counts = np.round(20 + 10 * np.cos(2 * np.pi * t / 52.18))
    >>> counts[150] = 60
    >>> np.flatnonzero(seasonal(counts).alarm)
    array([150])
    """
    table, single = count_matrix(counts)
    weeks = table.shape[1]
    first = int(np.ceil(frequency)) + gap if start is None else start
    known = np.zeros((weeks, 0)) if effects is None else np.asarray(effects, dtype=np.float64).reshape(len(effects), -1)  # type: ignore[arg-type]
    refuse(
        [
            number("frequency", frequency, 2),
            number("harmonics", harmonics, 0, 6),
            number("gap", gap, 0, 52),
            open_share("alpha", alpha),
            long_enough(weeks, first),
            None if first - gap > 2 * harmonics + 2 else _early(first),
            None if len(known) == weeks else _bad_effects(len(known), weeks),
        ]
    )
    design = _design(weeks, frequency, harmonics, trend, known)
    mean, phi = blank(table), blank(table)
    beta = _start(table[:, : first - gap], design.shape[1])
    for week in range(first, weeks):
        past = slice(0, week - gap)
        with np.errstate(all="ignore"):
            beta, phi[:, week] = _robust(table[:, past], design[past], beta)
            mean[:, week] = np.exp(np.clip(beta @ design[week], -30, 30))
    return _judged(table, single, first, mean, phi, alpha, least, {"harmonics": harmonics, "trend": trend})


def _judged(
    table: Floats,
    single: bool,
    first: int,
    mean: Floats,
    phi: Floats,
    alpha: float,
    least: float,
    settings: dict[str, object],
) -> Alarms:
    upper = count_quantile(1 - alpha, mean, phi)
    upper[np.isnan(table)] = np.nan
    with np.errstate(all="ignore"):
        tail = np.where(
            phi > 1, negative_binomial_tail(table - 1, mean / (phi - 1), 1 / phi), poisson_tail(table - 1, mean)
        )
        alarm = (table > upper) & (table >= least)
        score = (table - mean) / (upper - mean)
    parameters = {"alpha": alpha, "least": least, **settings}
    return alarms(
        "Seasonal regression",
        table,
        single,
        first,
        upper,
        alarm=alarm,
        expected=mean,
        score=score,
        p_value=tail,
        parameters=parameters,
        detail={"dispersion": phi},
    )


def _design(weeks: int, frequency: float, harmonics: int, trend: bool, known: Floats) -> Floats:
    t = np.arange(weeks)
    columns: list[Floats] = [np.ones(weeks)]
    if trend:
        columns.append(np.asarray(t / frequency, dtype=np.float64))
    for h in range(1, harmonics + 1):
        columns += [np.cos(2 * np.pi * h * t / frequency), np.sin(2 * np.pi * h * t / frequency)]
    return np.hstack([np.stack(columns, axis=1), known])


def _start(past: Floats, width: int) -> Floats:
    there = np.maximum((~np.isnan(past)).sum(axis=1), 1)
    beta = np.zeros((len(past), width))
    beta[:, 0] = np.log(np.nansum(past, axis=1) / there + 0.05)
    return beta


def _robust(past: Floats, x: Floats, beta: Floats) -> tuple[Floats, Floats]:
    """Coefficients (series, p) and overdispersion (series,), fitted twice, outliers weighed down."""
    there = (~np.isnan(past)).astype(np.float64)
    y = np.where(np.isnan(past), 0.0, past)
    freedom = np.maximum(there.sum(axis=1) - x.shape[1], 1.0)
    beta = _newton(y, there, x, beta)
    mean = np.exp(np.clip(beta @ x.T, -30, 30))
    pearson = (y - mean) / np.sqrt(mean)
    phi = np.maximum((there * pearson**2).sum(axis=1) / freedom, 1.0)
    s = pearson / np.sqrt(phi)[:, None]
    weight = there * np.where(s > OUTLIER, np.maximum(s, OUTLIER) ** -2.0, 1.0)
    weight *= (there.sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12))[:, None]
    beta = _newton(y, weight, x, beta)
    mean = np.exp(np.clip(beta @ x.T, -30, 30))
    return beta, np.maximum((weight * (y - mean) ** 2 / mean).sum(axis=1) / freedom, 1.0)


def _newton(y: Floats, weight: Floats, x: Floats, beta: Floats) -> Floats:
    """Newton's steps for all series at once, each halved if it is long."""
    width = x.shape[1]
    squares = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    penalty = RIDGE * np.eye(width)
    for _ in range(STEPS):
        mean = weight * np.exp(np.clip(beta @ x.T, -30, 30))
        slope = (weight * y - mean) @ x - RIDGE * beta
        curve = (mean @ squares).reshape(-1, width, width) + penalty
        step = np.clip(np.linalg.solve(curve, slope[:, :, None])[:, :, 0], -2, 2)
        beta = beta + step
        if np.abs(step).max() < 1e-7:
            break
    return beta


def _early(first: int) -> Problem:
    return Problem(
        "too_short",
        msg("The first week to judge is week %(first)s: there is too little before it."),
        msg("Begin later, or use fewer harmonics."),
        {"first": first + 1},
        place="start",
    )


def _bad_effects(given: int, weeks: int) -> Problem:
    return Problem(
        "bad_effects",
        msg("The effects tell of %(given)s weeks, the counts of %(weeks)s."),
        msg("Give one row of effects for each week."),
        {"given": given, "weeks": weeks},
        place="effects",
    )
