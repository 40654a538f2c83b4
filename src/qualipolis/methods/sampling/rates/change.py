"""Whether a rate has changed: an interval of the difference of two years, and the slope over several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class Change:
    """A difference (second less first) with its interval; ``clear`` when the interval leaves 0 out."""

    difference: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Trend:
    """Change for each year over all of them, with interval, two-sided p, and how far the years scatter about the line.

    ``scatter`` is Q/(k - 2), near 1 when sampling alone explains it; above 1 it widens the error.
    """

    slope: float
    low: float
    high: float
    p: float
    scatter: float

    @property
    def clear(self) -> bool:
        return self.low > 0 or self.high < 0


def change(first: tuple[float, float, float], second: tuple[float, float, float]) -> Change:
    """Return ``second - first`` of two independent estimates, each (estimate, low, high) at one level.

    The square-and-add interval: ``d - sqrt((p2 - l2)^2 + (u1 - p1)^2)`` to ``d + sqrt((u2 - p2)^2 + (p1 - l1)^2)``. It
    takes the single intervals as they are, so it holds where one of the years has no failure at all.

    Raises
    ------
    InputError
        an estimate outside its interval, or none

    References
    ----------
    R. G. Newcombe (1998), Statistics in Medicine 17, 873-890; G. Y. Zou, A. Donner (2008), ibid. 27, 1693-1702.

    >>> found = change((0.9503, 0.9397, 0.9591), (0.9235, 0.9157, 0.9306))
    >>> round(found.difference, 4), round(found.low, 4), round(found.high, 4), found.clear
    (-0.0268, -0.0386, -0.014, True)
    """
    for p, low, high in (first, second):
        if not low - 1e-12 <= p <= high + 1e-12:
            what = msg("An estimate lies outside its interval, or there is none.")
            raise InputError([Problem("bad_interval", what, msg("Give estimate, lower and upper bound."))])
    gap = second[0] - first[0]
    below = sqrt((second[0] - second[1]) ** 2 + (first[2] - first[0]) ** 2)
    above = sqrt((second[2] - second[0]) ** 2 + (first[0] - first[1]) ** 2)
    return Change(gap, gap - below, gap + above)


def trend(years: Sequence[int], rates: ArrayLike, errors: ArrayLike, level: float = 0.95) -> Trend:
    """Return the slope of independent yearly rates, each weighted by 1/se^2.

    ``slope = sum w (t - t0)(p - p0)/sum w (t - t0)^2``, its variance ``max(1, Q/(k - 2))/sum w (t - t0)^2``.

    Raises
    ------
    InputError
        fewer than three years, or an error missing or not above 0

    References
    ----------
    W. G. Cochran (1954), Biometrics 10, 417-451 (trend in proportions).

    >>> found = trend([2019, 2020, 2021, 2022], [0.90, 0.91, 0.93, 0.94], [0.01] * 4)
    >>> round(found.slope, 4), found.clear, round(found.p, 4)
    (0.014, True, 0.0017)
    """
    t, p, se = (np.asarray(one, dtype=np.float64) for one in (years, rates, errors))
    if t.size < 3 or not (t.size == p.size == se.size) or not (np.isfinite(p).all() and (se > 0).all()):
        what = msg("A slope needs three years or more, each with its error.")
        raise InputError([Problem("few_years", what, msg("Leave years without an error out."))])
    w = 1 / se**2
    middle, mean = float(np.average(t, weights=w)), float(np.average(p, weights=w))
    spread = float((w * (t - middle) ** 2).sum())
    slope = float((w * (t - middle) * (p - mean)).sum()) / spread
    scatter = float((w * (p - mean - slope * (t - middle)) ** 2).sum()) / (t.size - 2)
    error = sqrt(max(1.0, scatter) / spread)
    half = NormalDist().inv_cdf((1 + level) / 2) * error
    return Trend(slope, slope - half, slope + half, erfc(abs(slope / error) / sqrt(2)), scatter)
