"""Shewhart charts of measured values in subgroups: mean, range, standard deviation; and their estimates of σ.

With centre line CL and σ̂ estimated within subgroups,

    x̄: CL ± k σ̂/√nᵢ        R: d2(nᵢ)σ̂ ± k d3(nᵢ)σ̂        s: c4(nᵢ)σ̂ ± k c5(nᵢ)σ̂

Lower limits of R and s end at 0. Probability limits of R come from the distribution of the range, those of s from
(n − 1)s²/σ² ~ χ²(n − 1). Varying subgroup sizes have limits of their own for each point.

Source: D. C. Montgomery (2013), *Introduction to Statistical Quality Control*, 7th ed., chapter 6; ISO 7870-2:2013;
I. W. Burr (1969), "Control charts for measurements with varying sample sizes", J. Quality Technology 1, 163-167.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Bools, ControlChart, Floats, Limits, calibrated
from qualipolis.methods.spc.constants import c4, c5, d2, d3, range_quantile

SubgroupSigma = Literal["rbar", "rbar_mvlue", "sbar", "sbar_mvlue", "pooled", "pooled_c4"]
Ints = NDArray[np.int64]


class Subgroups:
    """Subgroups of measured values: their means, ranges, standard deviations and sizes, each computed when asked.

    ``data`` is (..., m, n); NaN is a value that was not measured, so subgroups may have different sizes.
    """

    def __init__(self, data: ArrayLike) -> None:
        self.data = np.asarray(data, dtype=np.float64)
        if self.data.ndim < 2 or self.data.shape[-1] < 2 or self.data.shape[-2] < 1:
            what = msg("Subgroups need at least two values each.")
            remedy = msg("Give one row for each subgroup, or use the chart of individual values.")
            raise InputError([Problem("no_subgroups", what, remedy, place="data")])
        total = self.data.sum()
        if np.isinf(total) and np.isinf(self.data).any():
            what = msg("A value is not a number.")
            raise InputError([Problem("not_finite", what, msg("Leave it empty when it is missing."), place="data")])
        self.complete = not np.isnan(total)
        n = self.data.shape[-1]
        m = self.data.shape[-2]
        self.sizes: Ints = np.full(m, n) if self.complete else np.sum(~np.isnan(self.data), axis=-1)

    @property
    def usable(self) -> Bools:
        """Subgroups of at least two values: smaller ones say nothing about the spread."""
        found: Bools = self.sizes >= 2
        return found

    def means(self) -> Floats:
        """Return (..., m) means, NaN for an empty subgroup."""
        n = self.data.shape[-1]
        if self.complete:
            return np.asarray(self.data @ np.full(n, 1 / n))
        total = np.nansum(self.data, axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Floats = np.where(self.sizes > 0, total / self.sizes, np.nan)
        return found

    def ranges(self) -> Floats:
        """Return (..., m) ranges, NaN for fewer than two values."""
        columns = [self.data[..., j] for j in range(self.data.shape[-1])]
        high, low = columns[0].copy(), columns[0].copy()
        pick_high, pick_low = (np.maximum, np.minimum) if self.complete else (np.fmax, np.fmin)
        for column in columns[1:]:
            pick_high(high, column, out=high)
            pick_low(low, column, out=low)
        high -= low
        return high if self.complete else np.where(self.usable, high, np.nan)

    def deviations(self) -> Floats:
        """Return (..., m) standard deviations with n − 1, NaN for fewer than two values."""
        apart = self.data - self.means()[..., None]
        if not self.complete:
            apart = np.where(np.isnan(apart), 0.0, apart)
        with np.errstate(invalid="ignore", divide="ignore"):
            squares = np.einsum("...j,...j->...", apart, apart) / np.where(self.usable, self.sizes - 1, np.nan)
        return np.asarray(np.sqrt(squares))


def by_size(sizes: Ints, constant: object) -> Floats:
    """Return ``constant(n)`` for each size; NaN below 2."""
    assert callable(constant)
    found = np.full(np.shape(sizes), np.nan)
    for n in np.unique(sizes):
        if n >= 2:
            found[sizes == n] = constant(int(n))
    return found


def within_sigma(groups: Subgroups, method: SubgroupSigma = "rbar", calibration: Bools | None = None) -> Floats:
    """Return (...) the standard deviation of the process estimated within subgroups.

    ``rbar``: mean of Rᵢ/d2(nᵢ); ``sbar``: mean of sᵢ/c4(nᵢ); ``rbar_mvlue``, ``sbar_mvlue``: the same, weighted by
    d2²/d3² and c4²/c5², which has the smallest variance among linear unbiased estimates; ``pooled``: the root of the
    pooled variance; ``pooled_c4``: the same, divided by c4 of its degrees of freedom plus one.

    >>> round(float(within_sigma(Subgroups([[1, 3], [2, 6]]), "pooled") ** 2), 9)
    5.0
    """
    if method not in get_args(SubgroupSigma):
        what, remedy = msg("There is no estimate of sigma called %(name)s."), msg("Choose one of: %(known)s.")
        params = {"name": method, "known": ", ".join(get_args(SubgroupSigma))}
        raise InputError([Problem("unknown_sigma", what, remedy, params, "sigma")])
    used = groups.usable if calibration is None else groups.usable & calibration
    if not np.all(np.any(used, axis=-1)):
        what = msg("No subgroup that sets the limits has two values or more.")
        raise InputError([Problem("no_spread", what, place="data")])
    sizes = groups.sizes
    if method.startswith("pooled"):
        variance, freedom = groups.deviations() ** 2, np.where(used, sizes - 1, 0)
        total = freedom.sum(axis=-1)
        found = np.sqrt(np.where(used, variance * freedom, 0.0).sum(axis=-1) / total)
        return np.asarray(found / by_size(total + 1, c4) if method == "pooled_c4" else found)
    first, second = (d2, d3) if method.startswith("rbar") else (c4, c5)
    spread = groups.ranges() if method.startswith("rbar") else groups.deviations()
    mean = by_size(sizes, first)
    weight = np.where(used, (mean / by_size(sizes, second)) ** 2 if method.endswith("mvlue") else 1.0, 0.0)
    ratio = np.where(used, spread / mean, 0.0)
    return np.asarray((ratio * weight).sum(axis=-1) / weight.sum(axis=-1))


def _prepared(
    data: ArrayLike, sigma: SubgroupSigma, std: ArrayLike | None, calibration: ArrayLike | None
) -> tuple[Subgroups, Bools, Floats]:
    groups = Subgroups(data)
    used = calibrated(groups.data.shape[-2], calibration)
    if std is None:
        return groups, used, within_sigma(groups, sigma, used)
    given = np.asarray(std, dtype=np.float64)
    if not np.all(given > 0):
        raise InputError([Problem("bad_std", msg("The standard deviation is above 0."), place="std")])
    return groups, used, given


def xbar_chart(
    data: ArrayLike,
    *,
    sigma: SubgroupSigma = "rbar",
    center: ArrayLike | None = None,
    std: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of subgroup means, with limits CL ± k σ̂/√nᵢ.

    Parameters
    ----------
    data : (..., m, n) one row for each subgroup; NaN is not measured
    sigma : how σ is estimated within subgroups (:func:`within_sigma`)
    center, std : known centre and standard deviation (a frozen phase); estimated unless given
    sigmas, confidence : width of the limits, as a multiple or as a probability
    calibration : subgroups that estimates come from, a mask or positions from 0

    >>> chart = xbar_chart([[1, 2], [2, 3], [1, 3]])
    >>> float(chart.center[0]), round(float(chart.upper[0]), 4)
    (2.0, 4.5066)
    """
    groups, used, spread = _prepared(data, sigma, std, calibration)
    limits = Limits(sigmas, confidence)
    means = groups.means()
    if center is None:
        weight = np.where(used & (groups.sizes > 0), groups.sizes, 0)
        middle = np.where(weight > 0, means * weight, 0.0).sum(axis=-1) / weight.sum(axis=-1)
    else:
        middle = np.asarray(center, dtype=np.float64)
    with np.errstate(divide="ignore"):
        root = np.sqrt(np.where(groups.sizes > 0, groups.sizes, np.nan))
    each = spread[..., None] / _short(root)
    line = np.asarray(middle)[..., None]
    return ControlChart(
        "xbar", means, line, line - limits.width * each, line + limits.width * each, each, groups.sizes, spread, used,
        {"sigma": "given" if std is not None else sigma, "center": "given" if center is not None else "mean"}
        | limits.words(),
    )  # fmt: skip


def _short[Numbers: (Floats, Ints)](values: Numbers) -> Numbers:
    """Return one value when all along the last axis are the same: a constant limit is one number."""
    return values[..., :1] if np.all(values == values[..., :1]) else values


def range_chart(
    data: ArrayLike,
    *,
    sigma: SubgroupSigma = "rbar",
    std: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of subgroup ranges; parameters as for :func:`xbar_chart`.

    Probability limits are σ̂ times quantiles of the range of nᵢ standard normal values.
    """
    groups, used, spread = _prepared(data, sigma, std, calibration)
    limits = Limits(sigmas, confidence)
    sizes = _short(groups.sizes)
    middle, each = (by_size(sizes, constant) * spread[..., None] for constant in (d2, d3))
    if confidence is None:
        lower, upper = np.maximum(0.0, middle - sigmas * each), middle + sigmas * each
    else:
        tail = limits.tail
        lower, upper = (
            by_size(sizes, lambda n, p=p: range_quantile(p, n)) * spread[..., None] for p in (tail, 1 - tail)
        )
    words = {"sigma": "given" if std is not None else sigma} | limits.words()
    return ControlChart("R", groups.ranges(), middle, lower, upper, each, groups.sizes, spread, used, words)


def deviation_chart(
    data: ArrayLike,
    *,
    sigma: SubgroupSigma = "sbar",
    std: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of subgroup standard deviations; parameters as for :func:`xbar_chart`.

    Probability limits are σ̂ √(χ²_p(n − 1)/(n − 1)).
    """
    from scipy.stats import chi2

    groups, used, spread = _prepared(data, sigma, std, calibration)
    limits = Limits(sigmas, confidence)
    sizes = _short(groups.sizes)
    middle, each = (by_size(sizes, constant) * spread[..., None] for constant in (c4, c5))
    if confidence is None:
        lower, upper = np.maximum(0.0, middle - sigmas * each), middle + sigmas * each
    else:
        tail = limits.tail
        lower, upper = (
            by_size(sizes, lambda n, p=p: float(np.sqrt(chi2.ppf(p, n - 1) / (n - 1)))) * spread[..., None]
            for p in (tail, 1 - tail)
        )
    words = {"sigma": "given" if std is not None else sigma} | limits.words()
    return ControlChart("S", groups.deviations(), middle, lower, upper, each, groups.sizes, spread, used, words)
