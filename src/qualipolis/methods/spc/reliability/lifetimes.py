"""What is known of each life: when it ended, that it lasted longer, that it had ended before, or between which times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Bools, Floats


@dataclass(frozen=True, eq=False)
class Lifetimes:
    """Lives between ``lower`` and ``upper``: equal for a failure seen, ``upper`` infinite for a suspension, ``lower`` 0
    for one found failed at the first look."""

    lower: Floats
    upper: Floats

    @cached_property
    def exact(self) -> Bools:
        """Failures whose time is known."""
        found: Bools = self.lower == self.upper
        return found

    @cached_property
    def right(self) -> Bools:
        """Suspensions: still alive when last seen."""
        return np.isinf(self.upper)

    @cached_property
    def left(self) -> Bools:
        """Failed before the first look."""
        found: Bools = (self.lower <= 0) & ~self.exact & ~self.right
        return found

    @cached_property
    def between(self) -> Bools:
        """Failed between two looks."""
        return ~(self.exact | self.right | self.left)

    @cached_property
    def logs(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Logarithms of the times of failures seen, suspensions, first looks, and both bounds of those in between."""
        low, high = self.lower, self.upper
        parts = (low[self.exact], low[self.right], high[self.left], low[self.between], high[self.between])
        return np.log(parts[0]), np.log(parts[1]), np.log(parts[2]), np.log(parts[3]), np.log(parts[4])

    @property
    def failures(self) -> int:
        """Number of failures, however their times are known."""
        return int(np.sum(~self.right))

    def __len__(self) -> int:
        return len(self.lower)


def lifetimes(time: ArrayLike, failed: ArrayLike | None = None, *, upper: ArrayLike | None = None) -> Lifetimes:
    """Return lives from times and whether each ended in a failure, or from the bounds of intervals.

    Parameters
    ----------
    time : time of failure or of the last look, above 0; with ``upper`` the lower bound, 0 or NaN when failed at first look
    failed : True (or 1) for a failure, False for a suspension; all failed unless given
    upper : upper bound, infinite or NaN for a suspension; equal to ``time`` for a failure seen

    >>> life = lifetimes([10, 20, 30], [1, 1, 0])
    >>> len(life), life.failures
    (3, 2)
    """
    low = np.array(time, dtype=np.float64, ndmin=1)
    if upper is not None:
        high = np.array(upper, dtype=np.float64, ndmin=1)
        if low.shape == high.shape:
            low, high = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), np.inf, high)
    else:
        ended = np.ones(len(low), dtype=bool) if failed is None else np.asarray(failed)
        if ended.shape != low.shape:
            what = msg("There are not as many states as times.")
            raise InputError([Problem("state_shape", what, place="failed")])
        high = np.where(ended.astype(bool), low, np.inf)
    if wrong := _problems(low, high):
        raise InputError(wrong)
    return Lifetimes(low, high)


def _problems(low: Floats, high: Floats) -> list[Problem]:
    if low.ndim != 1 or low.shape != high.shape or not len(low):
        return [Problem("time_shape", msg("Give one time, or two bounds, for each life."), place="time")]
    bad = ~(low >= 0) | ~(high >= low) | (high <= 0) | np.isinf(low)
    if bad.any():
        what = msg("Life %(n)s: a time is missing, not above 0, or its bounds are the wrong way round.")
        return [Problem("bad_time", what, "", {"n": int(np.flatnonzero(bad)[0]) + 1}, "time")]
    return []


@dataclass(frozen=True, eq=False)
class Survival:
    """Kaplan-Meier: at each time the number at risk, failures, share alive, its standard error and limits (log scale)."""

    time: Floats
    at_risk: Floats
    failures: Floats
    alive: Floats
    error: Floats
    low: Floats
    high: Floats

    def median(self) -> float:
        """Return the first time at which half or fewer are alive; NaN when that was not seen."""
        below = np.flatnonzero(self.alive <= 0.5 + 1e-12)
        return float(self.time[below[0]]) if len(below) else float("nan")


def kaplan_meier(life: Lifetimes, *, confidence: float = 0.95) -> Survival:
    """Return the share alive over time, S = Π (1 − d/n), with Greenwood's error √(S² Σ d/(n(n−d))).

    Source: E. L. Kaplan and P. Meier (1958), JASA 53, 457-481. Suspended and exact times only.

    >>> kaplan_meier(lifetimes([1, 2, 3, 4], [1, 1, 0, 1])).alive.tolist()
    [0.75, 0.5, 0.5, 0.0]
    """
    from scipy.special import ndtri

    _only_seen(life)
    time, where = np.unique(life.lower, return_inverse=True)
    failures = np.bincount(where, weights=life.exact, minlength=len(time))
    leaving = np.bincount(where, minlength=len(time))
    at_risk = len(life) - np.concatenate([[0], np.cumsum(leaving)[:-1]]).astype(float)
    alive = np.cumprod(1 - failures / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(failures / (at_risk * (at_risk - failures))))
        error = np.where(alive > 0, alive * spread, np.nan)
        half = float(ndtri((1 + confidence) / 2)) * spread
        low, high = alive * np.exp(-half), np.minimum(1.0, alive * np.exp(half))
    return Survival(time, at_risk, failures, alive, error, low, high)


def _only_seen(*lives: Lifetimes) -> None:
    if any(np.any(life.left | life.between) for life in lives):
        what = msg("This needs exact times and suspensions; some lives are known between two looks only.")
        raise InputError([Problem("interval_life", what, msg("Fit a distribution instead."), place="time")])


@dataclass(frozen=True)
class LogRank:
    """χ² of the difference between groups, its p-value, and failures observed and expected in each."""

    statistic: float
    p: float
    observed: tuple[float, ...]
    expected: tuple[float, ...]


def log_rank(groups: Sequence[Lifetimes]) -> LogRank:
    """Return the log-rank test of two or more groups.

    Source: N. Mantel (1966), Cancer Chemotherapy Reports 50, 163-170; R. Peto and J. Peto (1972), JRSS A 135, 185-207.
    """
    from scipy.stats import chi2

    _only_seen(*groups)
    if len(groups) < 2 or not any(group.failures for group in groups):
        what = msg("The comparison of lives needs two groups and at least one failure.")
        raise InputError([Problem("few_groups", what, place="groups")])
    times = np.unique(np.concatenate([g.lower[g.exact] for g in groups]))
    at_risk = np.array([[np.sum(g.lower >= t) for t in times] for g in groups], dtype=float)
    failures = np.array([[np.sum(g.exact & (g.lower == t)) for t in times] for g in groups], dtype=float)
    n, d = at_risk.sum(axis=0), failures.sum(axis=0)
    expected = at_risk * d / n
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(n > 1, d * (n - d) / (n - 1), 0.0)
    share = at_risk / n
    variance = np.diag((scale * share).sum(axis=1)) - (scale * share) @ share.T
    excess = (failures - expected).sum(axis=1)[:-1]
    statistic = float(excess @ np.linalg.pinv(variance[:-1, :-1]) @ excess)
    p = float(chi2.sf(statistic, len(groups) - 1))
    return LogRank(statistic, p, tuple(failures.sum(axis=1).tolist()), tuple(expected.sum(axis=1).tolist()))
