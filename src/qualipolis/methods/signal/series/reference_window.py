"""Bayes and RKI: a handful of reference weeks, no regression.

Sources: M. Höhle (2007), "surveillance: an R package for the monitoring of infectious diseases", Computational Statistics
22, 571-582, sections 3.1-3.2; limits of a Poisson mean: E. L. Crow, R. S. Gardner (1959), "Confidence intervals for the
expectation of a Poisson variable", Biometrika 46, 441-453, table 1 (95 %).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.bounds import count_quantile, negative_binomial_tail
from qualipolis.methods.signal.series.counts import (
    Alarms,
    Floats,
    Ints,
    alarms,
    count_matrix,
    number,
    open_share,
    whole,
)

CROW_GARDNER = np.array(
    [
        3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633,
        19.05, 20.335, 21.364, 22.945, 23.762, 25.4, 26.306, 27.735, 28.966, 30.017,
    ]
)  # fmt: skip

WINDOW_CELLS = 2_000_000  # reference weeks looked at together


def bayes(
    counts: ArrayLike,
    years: int = 0,
    half_width: int = 6,
    this_year: bool = True,
    frequency: int = 52,
    alpha: float = 0.05,
) -> Alarms:
    """Bound = ``1 - alpha`` quantile of the predictive law of a Poisson count after the reference weeks.

    With Jeffreys' prior and sum ``s`` of ``n`` reference weeks it is negative binomial with size ``s + 1/2`` and chance
    ``n/(n+1)``. Reference weeks: the ``half_width`` weeks just before (if ``this_year``) and the weeks ± ``half_width``
    around the same time of ``years`` earlier years. Missing weeks are left out.

    >>> result = bayes([1, 0, 2, 1, 1, 0, 6])
    >>> float(result.upperbound[6]), bool(result.alarm[6]), round(float(result.p_value[6]), 4)
    (3.0, True, 0.0015)
    """
    table, single = count_matrix(counts)
    _check(table, years, half_width, this_year, frequency)
    refuse([open_share("alpha", alpha)])
    start, past = frequency * years + half_width, _offsets(years, half_width, this_year, frequency)
    there, total, _ = _reference(table, start, past, spread=False)
    size, share = total + 0.5, there / (there + 1)
    seen = table[:, start:]
    with np.errstate(all="ignore"):
        mean = size * (1 - share) / share
        bound = count_quantile(1 - alpha, mean, 1 / share)
        tail = negative_binomial_tail(seen - 1, size, share)
    bound[(there == 0) | np.isnan(seen)] = np.nan
    full = [_padded(part, start) for part in (bound, mean, tail)]
    with np.errstate(all="ignore"):
        score = (table - full[1]) / (full[0] - full[1])
    return alarms(
        "Bayes",
        table,
        single,
        start,
        full[0],
        expected=full[1],
        score=score,
        p_value=full[2],
        parameters={"years": years, "half_width": half_width, "this_year": this_year, "alpha": alpha},
    )


def rki(
    counts: ArrayLike,
    years: int = 2,
    half_width: int = 4,
    this_year: bool = False,
    frequency: int = 52,
) -> Alarms:
    """Bound = mean + 2 standard deviations of the reference weeks, or for a mean up to 20 Crow and Gardner's limit.

    The limit is that of the mean rounded down. Reference weeks as in :func:`bayes`; missing ones are left out.

    >>> result = rki([3] * 8 + [20], years=0, half_width=6, this_year=True)
    >>> float(result.upperbound[8]), bool(result.alarm[8])
    (8.102, True)
    """
    table, single = count_matrix(counts)
    _check(table, years, half_width, this_year, frequency)
    start, past = frequency * years + half_width, _offsets(years, half_width, this_year, frequency)
    there, total, squares = _reference(table, start, past, spread=True)
    with np.errstate(all="ignore"):
        mean = total / there
        sigma = np.sqrt(squares / (there - 1))
    whole = np.clip(np.nan_to_num(mean), 0, 20).astype(int)
    bound = np.where(mean > 20, mean + 2 * sigma, CROW_GARDNER[whole])
    bound[(there == 0) | np.isnan(table[:, start:])] = np.nan
    upper, expected = _padded(bound, start), _padded(mean, start)
    with np.errstate(all="ignore"):
        score = (table - expected) / (upper - expected)
    return alarms(
        "RKI",
        table,
        single,
        start,
        upper,
        expected=expected,
        score=score,
        parameters={"years": years, "half_width": half_width, "this_year": this_year},
    )


def _check(table: Floats, years: int, half_width: int, this_year: bool, frequency: int) -> None:
    refuse(
        [
            whole("years", years, 0, 100),
            whole("frequency", frequency, 2, 10_000),
            whole("half_width", half_width, 1),
        ]
    )
    first = frequency * years + half_width
    none = Problem(
        "no_reference",
        msg("There are no reference weeks."),
        msg("Give at least one earlier year, or take the weeks of this year."),
        place="years",
    )
    short = Problem(
        "too_short",
        msg("The series has %(weeks)s weeks, and the first that could be judged is week %(first)s."),
        msg("Give a longer history, or settings that need less of it."),
        {"weeks": table.shape[1], "first": first + 1},
        place="counts",
    )
    refuse(
        [
            number("half_width", half_width, 1, frequency // 2),
            None if this_year or years > 0 else none,
            None if table.shape[1] > first else short,
        ]
    )


def _offsets(years: int, half_width: int, this_year: bool, frequency: int) -> Ints:
    """How many weeks back the reference weeks lie."""
    recent = np.arange(1, half_width + 1) if this_year else np.arange(0)
    around = np.arange(-half_width, half_width + 1)
    return np.concatenate([recent, *(frequency * year + around for year in range(1, years + 1))]).astype(np.int64)


def _reference(table: Floats, start: int, past: Ints, *, spread: bool) -> tuple[Floats, Floats, Floats]:
    """Number of reported reference weeks, their sum and (if ``spread``) sum of squares about their mean.

    Some series at a time: the windows of all of them together would take as much room as there are reference weeks.
    """
    back = np.arange(start, table.shape[1])[:, None] - past
    there, total, squares = (np.zeros((len(table), len(back))) for _ in range(3))
    step = max(1, WINDOW_CELLS // max(back.size, 1))
    for first in range(0, len(table), step):
        rows = slice(first, first + step)
        windows = table[rows][:, back]
        there[rows] = (~np.isnan(windows)).sum(axis=2)
        total[rows] = np.nansum(windows, axis=2)
        if spread:
            with np.errstate(all="ignore"):
                mean = total[rows] / there[rows]
            squares[rows] = np.nansum((windows - mean[:, :, None]) ** 2, axis=2)
    return there, total, squares


def _padded(part: Floats, start: int) -> Floats:
    return np.hstack([np.full((len(part), start), np.nan), part])
