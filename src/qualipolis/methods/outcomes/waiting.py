"""The median of waiting times of which some have not ended yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class Wait:
    """Median days with its interval; None where too few have ended for the bound to be seen."""

    median: float | None
    low: float | None
    high: float | None
    n: int
    ended: int
    confidence: float


def median_wait(days: ArrayLike, ended: ArrayLike, confidence: float = 0.95) -> Wait:
    """Return the median waiting time; one that still runs counts as at least so long, and is never left out.

    The share still waiting is that of Kaplan and Meier, ``S(t) = Π (1 - d/n)``; the median is the first day with
    ``S ≤ 1/2``. The interval holds the days at which ``S`` does not differ from 1/2 by the test of Brookmeyer and
    Crowley on the scale ``ln(-ln S)``: ``|g(S) - g(1/2)| ≤ z · se(g(S))``, with Greenwood's error. To leave out what has
    not ended would make the wait look shorter than it is.

    Parameters
    ----------
    days : waiting times so far, none negative
    ended : whether each has ended
    confidence : between 0.5 and 1

    Raises
    ------
    InputError
        columns of different length, a negative or missing time, a confidence out of range

    References
    ----------
    E. L. Kaplan and P. Meier (1958), JASA 53, 457-481. R. Brookmeyer and J. Crowley (1982), "A confidence interval for
    the median survival time", Biometrics 38, 29-41.

    >>> median_wait([2, 3, 5, 8, 9, 20], [1, 1, 1, 1, 0, 0])
    Wait(median=5.0, low=2.0, high=None, n=6, ended=4, confidence=0.95)
    """
    time, over = np.asarray(days, dtype=np.float64).ravel(), np.asarray(ended).ravel().astype(bool)
    _check(time, over, confidence)
    points, alive, variance = _survival(time, over)
    if not len(points):
        return Wait(None, None, None, len(time), 0, confidence)
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        g = np.log(-np.log(alive))
        error = np.sqrt(variance) / np.abs(np.log(alive))
        inside = np.abs(g - np.log(np.log(2.0))) <= z * error
    half = np.flatnonzero(alive <= 0.5 + 1e-12)
    low, high = _bounds(points, alive, inside)
    median = float(points[half[0]]) if len(half) else None
    return Wait(median, low, high, len(time), int(over.sum()), confidence)


def _survival(
    time: NDArray[np.float64], over: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the days on which some ended, the share still waiting after them, and Greenwood's sum."""
    points = np.unique(time[over])
    at_risk = np.array([np.sum(time >= point) for point in points], dtype=np.float64)
    ending = np.array([np.sum(over & (time == point)) for point in points], dtype=np.float64)
    alive = np.cumprod(1 - ending / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(at_risk > ending, ending / (at_risk * (at_risk - ending)), np.inf)
    return points, alive, np.cumsum(terms)


def _bounds(
    points: NDArray[np.float64], alive: NDArray[np.float64], inside: NDArray[np.bool_]
) -> tuple[float | None, float | None]:
    """Return the first day inside the interval and the first day after it; the last bound is open when none is seen."""
    low = next(
        (float(day) for day, share, here in zip(points, alive, inside, strict=True) if here or share < 0.5), None
    )
    last = np.flatnonzero(inside)
    after = points[last[-1] + 1 :] if len(last) else points[alive < 0.5]
    return low, float(after[0]) if len(after) else None


def _check(time: NDArray[np.float64], over: NDArray[np.bool_], confidence: float) -> None:
    wrong = []
    if len(time) != len(over):
        wrong.append(Problem("lengths", msg("There are not as many ends as times."), place="ended"))
    if not np.all(np.isfinite(time)) or np.any(time < 0):
        wrong.append(Problem("bad_time", msg("A waiting time is missing or negative."), place="days"))
    if not 0.5 <= confidence < 1:
        wrong.append(Problem("bad_confidence", msg("The confidence lies between 0.5 and 1."), place="confidence"))
    if wrong:
        raise InputError(wrong)
