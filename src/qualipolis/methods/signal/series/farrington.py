"""Farrington's detectors: this week against the same weeks of earlier years, for thousands of series at once.

Sources: C. P. Farrington, N. J. Andrews, A. D. Beale, M. A. Catchpole (1996), "A statistical algorithm for the early
detection of outbreaks of infectious disease", J. R. Statist. Soc. A 159, 547-563; A. Noufaily, D. G. Enki,
C. P. Farrington, P. Garthwaite, N. Andrews, A. Charlett (2013), "An improved algorithm for outbreak detection in multiple
surveillance systems", Statistics in Medicine 32, 1206-1222.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.bounds import (
    POWERS,
    count_quantile,
    negative_binomial_tail,
    poisson_tail,
    power_bound,
)
from qualipolis.methods.signal.series.counts import (
    Alarms,
    Bools,
    Floats,
    Ints,
    alarms,
    blank,
    count_matrix,
    long_enough,
    number,
    open_share,
    whole,
)
from qualipolis.methods.signal.series.farrington_design import (
    Design,
    references_by_date,
    references_by_index,
    season_design,
    window_design,
)
from qualipolis.methods.signal.series.farrington_fit import PARTS, Rows, rows_of
from qualipolis.methods.signal.series.farrington_model import Manner, Outlook, outlook

THRESHOLDS = ("delta", "nbPlugin", "muan")
ROWS = 512  # regressions in one batch: their arrays stay in the processor's cache


@dataclass(frozen=True)
class _Past:
    """The whole table and which weeks are judged with which design."""

    table: Floats
    exposure: Floats | None
    plan: tuple[tuple[Design, Ints], ...]

    def batches(self) -> Iterator[tuple[Design, Ints, Ints]]:
        """Blocks of series x weeks that share a design."""
        for design, weeks in self.plan:
            for week in range(0, len(weeks), ROWS):
                some = weeks[week : week + ROWS]
                step = max(1, ROWS // len(some))
                for first in range(0, len(self.table), step):
                    yield design, np.arange(first, min(first + step, len(self.table))), some


def farrington_flexible(
    counts: ArrayLike,
    years: int = 5,
    half_width: int = 3,
    frequency: int = 52,
    periods: int = 10,
    excluded: int = 26,
    reweight: bool = True,
    outlier: float = 2.58,
    trend: bool = True,
    p_trend: float = 0.05,
    threshold: str = "delta",
    alpha: float = 0.01,
    power: str = "2/3",
    enough: tuple[float, int] = (5, 4),
    exposure: ArrayLike | None = None,
    dates: Sequence[np.datetime64] | None = None,
    start: int | None = None,
) -> Alarms:
    """Judge each week by a quasi-Poisson regression on all weeks of the past years but the latest.

    Model: ``log μ(t) = a[season group of t] + b·t``, ``Var = φμ``, fitted twice: weeks with a standardised Anscombe
    residual above ``outlier`` are weighed down by 1/s² in the second fit, so that old outbreaks do not hide new ones.
    The slope stays when significant at ``p_trend``, with three years or more, and when it does not lead beyond the
    largest past count. A bound exceeded by ``y > U`` is an alarm if the last ``enough[1]`` weeks hold ``enough[0]``
    reports. ``score = (y - e)/(U - e)``; with ``nbPlugin`` and ``muan``, ``e`` is on the log scale, as in the reference.

    Parameters
    ----------
    counts : (weeks,) or (series, weeks), ``nan`` missing: such weeks take no part in a fit
    years, half_width, frequency : b, w and weeks in a year
    periods, excluded : number of season groups; latest weeks left out, so that a slow outbreak is not learned
    threshold : ``"delta"`` (power-transformed normal), ``"nbPlugin"`` (negative binomial at the estimate) or ``"muan"``
        (negative binomial at the upper ``1 - alpha`` bound of the mean)
    alpha : one-sided level
    exposure : same shape as the counts: units sold, samples tested; the model then has the offset log(exposure);
        a week with exposure 0 is a missing week
    dates : the first day of each week; earlier years are then found by the calendar (52 or 53 weeks)
    start : first week to judge (from 0), default the first with a whole past

    Returns
    -------
    Alarms with ``detail``: ``mean``, ``se`` (of the log mean), ``dispersion``, ``slope`` (nan: none kept)

    Raises
    ------
    InputError : settings out of range, too short a history

    >>> weeks = np.arange(260)
    >>> counts = np.round(10 + 5 * np.sin(2 * np.pi * weeks / 52))
    >>> counts[258] = 40
    >>> result = farrington_flexible(counts, years=3, trend=False)
    >>> bool(result.alarm[258]), result.n_alarms
    (True, 1)
    """
    table, single, past = _prepared(counts, exposure)
    _check_flexible(locals())
    references = _references(years, frequency, dates)
    plan = _plan(table.shape[1], references, start, lambda r: season_design(r, half_width, periods, excluded))
    manner = Manner(outlier if reweight else None, reweight, p_trend, years >= 3)
    ahead = _outlooks(_Past(table, past, plan), trend, manner)
    upper, expected, score, tail = _flexible_bounds(table, ahead, threshold, alpha, power)
    plenty = _plenty(table, enough)
    return alarms(
        f"Farrington flexible ({threshold})",
        table,
        single,
        int(plan[0][1][0]),
        np.where(plenty, upper, np.nan),
        alarm=plenty & (table != 0) & (np.nan_to_num(score, nan=0.0) > 1),
        expected=np.where(plenty, expected, np.nan),
        score=score,
        p_value=tail,
        parameters={"years": years, "half_width": half_width, "periods": periods, "alpha": alpha, "trend": trend},
        detail={"mean": np.exp(ahead.eta), "se": ahead.se, "dispersion": ahead.phi, "slope": ahead.slope},
    )


def farrington(
    counts: ArrayLike,
    years: int = 5,
    half_width: int = 3,
    frequency: int = 52,
    reweight: bool = True,
    trend: bool = True,
    alpha: float = 0.05,
    power: str = "2/3",
    enough: tuple[float, int] = (5, 4),
    exposure: ArrayLike | None = None,
    dates: Sequence[np.datetime64] | None = None,
    start: int | None = None,
) -> Alarms:
    """Judge each week by the weeks around the same time of earlier years (the algorithm of 1996).

    As :func:`farrington_flexible` with one season group, only the weeks ± ``half_width``, residuals above 1 weighed
    down, a two-sided level ``alpha`` (its upper half counts), and a bound of 0 where there are too few cases.

    >>> counts = np.tile([4, 5, 6, 5], 66)
    >>> counts[263] = 30
    >>> farrington(counts).n_alarms
    1
    """
    table, single, past = _prepared(counts, exposure)
    threshold, periods, excluded, outlier, p_trend = "delta", 1, 0, 1.0, 0.05
    _check_flexible(locals())
    references = _references(years, frequency, dates)
    plan = _plan(table.shape[1], references, start, lambda r: window_design(r, half_width))
    manner = Manner(outlier if reweight else None, False, p_trend, years >= 3)
    ahead = _outlooks(_Past(table, past, plan), trend, manner)
    with np.errstate(all="ignore"):
        mean = np.exp(ahead.eta)
        upper, tail, score = power_bound(table, mean, mean * ahead.se, ahead.phi, alpha / 2, power)
    plenty = _plenty(table, enough)
    with np.errstate(invalid="ignore"):
        alarm = (score > 1) & plenty
    return alarms(
        "Farrington",
        table,
        single,
        int(plan[0][1][0]),
        np.where(np.isnan(table), np.nan, np.where(plenty | np.isnan(upper), upper, 0.0)),
        alarm=alarm,
        expected=mean,
        score=score,
        p_value=tail,
        parameters={"years": years, "half_width": half_width, "alpha": alpha, "trend": trend},
        detail={"se": ahead.se, "dispersion": ahead.phi, "slope": ahead.slope},
    )


def _prepared(counts: ArrayLike, exposure: ArrayLike | None) -> tuple[Floats, bool, Floats | None]:
    """Counts as a table, and the log exposure in its shape."""
    table, single = count_matrix(counts)
    if exposure is None:
        return table, single, None
    shown, _ = count_matrix(exposure, "exposure")
    refuse([None if shown.shape == table.shape else _bad_exposure()])
    nothing = ~(shown > 0)  # nobody there who could report: a missing week
    return np.where(nothing, np.nan, table), single, np.log(np.where(nothing, 1.0, shown))


def _bad_exposure() -> Problem:
    return Problem(
        "bad_exposure",
        msg("The exposure does not fit the counts."),
        msg("Give a number of 0 or more for each series and week."),
        place="exposure",
    )


def _references(years: int, frequency: int, dates: Sequence[np.datetime64] | None) -> Callable[[int], tuple[int, ...]]:
    """How far back the earlier years lie, for each week."""
    if dates is None:
        fixed = references_by_index(years, frequency)
        return lambda week: fixed
    days = np.asarray(dates, dtype="datetime64[D]")
    step = int((days[1] - days[0]).astype(int)) if len(days) > 1 else 7
    even = bool((np.diff(days).astype(int) == step).all()) and step > 0
    refuse([None if even else _uneven()])
    return lambda week: references_by_date(days, week, years, step)


def _uneven() -> Problem:
    return Problem(
        "uneven_dates",
        msg("The dates do not go on in even steps."),
        msg("Give every week; leave the count of a week that was not reported empty."),
        place="dates",
    )


def _check_flexible(settings: dict[str, object]) -> None:
    """Refuse what cannot be computed, all at once."""
    numbers = ("years", "half_width", "frequency", "periods", "excluded")
    table, start, enough = settings["table"], settings["start"], settings["enough"]
    assert isinstance(table, np.ndarray)
    span = enough[1] if isinstance(enough, Sequence | np.ndarray) and len(enough) == 2 else np.nan
    refuse(
        [
            *(whole(name, settings[name], 0) for name in numbers),
            None if start is None else whole("start", start, 0),
            whole("enough", span, 1, table.shape[1]),
        ]
    )
    value = {name: float(settings[name]) for name in numbers}  # type: ignore[arg-type]
    room = value["frequency"] - 2 * value["half_width"] - 1
    known = settings["threshold"] in THRESHOLDS and settings["power"] in POWERS
    refuse(
        [
            number("years", value["years"], 1, 100),
            number("half_width", value["half_width"], 0, value["frequency"] // 2 - 1),
            number("periods", value["periods"], 1, max(1.0, room + 1)),
            number("excluded", value["excluded"], 0, value["frequency"] * value["years"]),
            open_share("alpha", float(settings["alpha"])),  # type: ignore[arg-type]
            None if known else _unknown_threshold(str(settings["threshold"]), str(settings["power"])),
            long_enough(table.shape[1], int(value["frequency"] * value["years"] + value["half_width"])),
        ]
    )


def _unknown_threshold(threshold: str, power: str) -> Problem:
    return Problem(
        "unknown_method",
        msg("%(name)s is no known method."),
        msg("Give one of: %(known)s."),
        {"name": f"{threshold} {power}", "known": ", ".join((*THRESHOLDS, *POWERS))},
        place="threshold",
    )


def _plan(
    weeks: int,
    references: Callable[[int], tuple[int, ...]],
    start: int | None,
    design: Callable[[tuple[int, ...]], Design],
) -> tuple[tuple[Design, Ints], ...]:
    """Weeks to judge, put together by what they are compared with."""
    shared: dict[tuple[int, ...], list[int]] = {}
    for week in range(start or 0, weeks):
        shared.setdefault(references(week), []).append(week)
    plan = []
    for key, members in shared.items():
        made = design(key)
        reach = np.array([week for week in members if week >= made.offsets.max()], dtype=np.int64)
        if reach.size:
            plan.append((made, reach))
    refuse([None if plan else long_enough(weeks, weeks)])
    return tuple(sorted(plan, key=lambda one: int(one[1][0])))


def _plenty(table: Floats, enough: tuple[float, int]) -> Bools:
    """Do the last weeks hold enough reports for a verdict?"""
    cases, span = enough
    sums = np.cumsum(np.nan_to_num(table), axis=1)
    sums[:, span:] = sums[:, span:] - sums[:, :-span].copy() if span < table.shape[1] else sums[:, span:]
    return np.asarray((sums >= cases) & ~np.isnan(table))


def _outlooks(past: _Past, trend: bool, manner: Manner) -> Outlook:
    """Fit all series and weeks in batches."""
    names = ("eta", "se", "phi", "slope", "p_slope")
    whole = {name: blank(past.table) for name in names}
    converged = np.zeros(past.table.shape, dtype=bool)
    facts = rows_of(past.table)
    for design, series, weeks in past.batches():
        rows, now = _windows(facts, past.exposure, series, weeks[:, None] - design.offsets), None
        if past.exposure is not None:
            now = past.exposure[np.ix_(series, weeks)].reshape(-1)
        ahead = outlook(rows, design, trend, now, manner)
        place = np.ix_(series, weeks)
        for name in names:
            whole[name][place] = getattr(ahead, name).reshape(len(series), len(weeks))
        converged[place] = ahead.converged.reshape(len(series), len(weeks))
    return Outlook(converged=converged, **whole)


def _windows(facts: Rows, exposure: Floats | None, series: Ints, back: Ints) -> Rows:
    """The past of some series and weeks, one row for each pair."""

    def cut(part: NDArray[Any]) -> NDArray[Any]:
        return part[series][:, back.reshape(-1)].reshape(-1, back.shape[1])

    parts = {name: cut(part) for name in PARTS if (part := getattr(facts, name)) is not None}
    if "there" in parts and parts["there"].all():
        del parts["there"], parts["weight"]
    return Rows(**parts, log_exposure=None if exposure is None else cut(exposure))


def _flexible_bounds(
    table: Floats, ahead: Outlook, threshold: str, alpha: float, power: str
) -> tuple[Floats, Floats, Floats, Floats]:
    """Bound, expected count, score and tail by the kind of threshold."""
    with np.errstate(all="ignore"):
        mean = np.exp(ahead.eta)
        if threshold == "delta":
            upper, tail, score = power_bound(table, mean, mean * ahead.se, ahead.phi, alpha, power)
            return upper, mean, score, tail
        assumed = mean if threshold == "nbPlugin" else _upper_mean(ahead, alpha)
        upper = np.where(np.isnan(table), np.nan, count_quantile(1 - alpha, assumed, ahead.phi))
        over = ahead.phi > 1
        tail = np.where(
            over,
            negative_binomial_tail(table - 1, assumed / (ahead.phi - 1), 1 / ahead.phi),
            poisson_tail(table - 1, assumed),
        )
        return upper, mean, (table - ahead.eta) / (upper - ahead.eta), tail


def _upper_mean(ahead: Outlook, alpha: float) -> Floats:
    from scipy.special import ndtri

    return np.asarray(np.exp(ahead.eta + ndtri(1 - alpha) * ahead.se))
