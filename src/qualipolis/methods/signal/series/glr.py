"""Generalised likelihood ratio of Poisson counts: has the level changed at any time since the last alarm?

Source: M. Höhle, M. Paul (2008), "Count data regression charts for the monitoring of surveillance time series",
Computational Statistics & Data Analysis 52, 4357-4368, section 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.counts import Alarms, Floats, alarms, blank, count_matrix, long_enough, number
from qualipolis.methods.signal.series.cusum import level

MOST = 1e7


def glr_poisson(
    counts: ArrayLike,
    start: int,
    mean: ArrayLike | None = None,
    threshold: float = 5.0,
    shortest: int = 1,
    window: int | None = None,
) -> Alarms:
    """An alarm when some run of weeks up to now speaks for a higher level: ``max_k l(k..t) ≥ threshold``.

    With ``x`` the sum of the counts and ``m`` that of the means under control over the weeks ``k..t`` the log
    likelihood ratio is ``l = x·κ - m·(e^κ - 1)``, ``κ = max(0, log(x/m))``. After an alarm the memory begins anew. The
    upper bound is the smallest count of this week that would be an alarm.

    Parameters
    ----------
    counts : (weeks,) or (series, weeks); a missing week counts neither as reports nor as time
    start : first week, from 0; the weeks before give the mean unless ``mean`` (as in :func:`cusum`) is given
    shortest : the least number of weeks a change lasts
    window : look back at most this many weeks; default to the last alarm

    >>> result = glr_poisson([1, 0, 2, 1, 1, 1, 3, 5, 6], start=6, mean=1.0)
    >>> result.alarm[6:], result.upperbound[6:]
    (array([False,  True,  True]), array([6., 5., 6.]))
    """
    table, single = count_matrix(counts)
    refuse(
        [
            long_enough(table.shape[1], start),
            number("threshold", threshold, 1e-9),
            number("shortest", shortest, 1),
            None if window is None else number("window", window, shortest),
            None if mean is not None or start > 0 else _no_past(),
        ]
    )
    m = level(table, start, mean)
    run = _Run(table, m, start, threshold, shortest, window)
    upper, score, alarm = run.over_weeks()
    return alarms(
        "Poisson GLR",
        table,
        single,
        start,
        upper,
        alarm=alarm,
        expected=np.where(np.isnan(upper), np.nan, m),
        score=score,
        parameters={"threshold": threshold, "shortest": shortest, "window": window},
    )


def _no_past() -> Problem:
    return Problem(
        "no_reference",
        msg("There are no weeks before the first to take the mean from."),
        msg("Give the mean, or begin later."),
        place="start",
    )


class _Run:
    """One pass over the weeks for all series; candidates for the week of the change stand along the second axis."""

    def __init__(
        self, table: Floats, mean: Floats, start: int, threshold: float, shortest: int, window: int | None
    ) -> None:
        self.table, self.mean, self.start = table, mean, start
        self.threshold, self.shortest, self.window = threshold, shortest, window
        shape = (len(table), 1)
        gone = np.isnan(table) | np.isnan(mean)
        zero = np.zeros(shape)
        self.x = np.hstack([zero, np.cumsum(np.where(gone, 0.0, table), axis=1)])
        self.m = np.hstack([zero, np.cumsum(np.where(gone, 0.0, mean), axis=1)])
        self.gone = gone

    def over_weeks(self) -> tuple[Floats, Floats, np.ndarray]:
        """Bound, greatest log likelihood ratio and alarm of every week."""
        upper, score = blank(self.table), blank(self.table)
        alarm = np.zeros(self.table.shape, dtype=bool)
        since = np.full(len(self.table), self.start)
        for week in range(self.start, self.table.shape[1]):
            first = int(since.min()) if self.window is None else max(int(since.min()), week - self.window + 1)
            last = week - self.shortest + 1
            begin = np.arange(first, max(last, first) + 1)
            allowed = (begin >= since[:, None]) & (begin <= last)
            x = self.x[:, week, None] - self.x[:, begin]  # before this week
            m = self.m[:, week + 1, None] - self.m[:, begin]
            now = np.where(self.gone[:, week], 0.0, self.table[:, week])
            score[:, week] = _greatest(x + now[:, None], m, allowed)
            upper[:, week] = self._least(x, m, allowed)
            silent = self.gone[:, week]
            score[silent, week] = upper[silent, week] = np.nan
            alarm[:, week] = (score[:, week] >= self.threshold) & ~silent
            since = np.where(alarm[:, week], week + 1, since)
        return upper, score, alarm

    def _least(self, x: Floats, m: Floats, allowed: np.ndarray) -> Floats:
        """The smallest whole count of this week at which the greatest ratio reaches the threshold; by bisection."""
        low = np.full(len(x), -1.0)
        high = np.maximum(10.0, np.ceil(2 * m.max(axis=1, initial=0.0)))
        any_allowed = allowed.any(axis=1)
        while (short := any_allowed & (_greatest(x + high[:, None], m, allowed) < self.threshold)).any():
            low, high = np.where(short, high, low), np.where(short, 2 * high, high)
            if high.max() > MOST:
                break
        while ((high - low) > 1).any():
            middle = np.floor((low + high) / 2)
            enough = _greatest(x + middle[:, None], m, allowed) >= self.threshold
            wide = (high - low) > 1
            high, low = np.where(wide & enough, middle, high), np.where(wide & ~enough, middle, low)
        return np.where(any_allowed, high, np.nan)


def _greatest(x: Floats, m: Floats, allowed: np.ndarray) -> Floats:
    """Greatest log likelihood ratio over the candidate weeks, 0 where nothing speaks for a rise."""
    with np.errstate(all="ignore"):
        kappa = np.log(x / m)
        ratio = np.where((x > m) & (m > 0), x * kappa - (x - m), 0.0)
    return np.asarray(np.where(allowed, ratio, 0.0).max(axis=1, initial=0.0))
