"""Charts of individual values and their moving ranges.

    I: CL ± k σ̂        MR: d2(w)σ̂ ± k d3(w)σ̂, not below 0,

with σ̂ from moving ranges of ``span`` w successive values (mean MR/d2, or the median MR/d4, which one shift hardly
moves), or from the standard deviation s/c4. A missing value breaks the moving ranges that would contain it.

Source: D. C. Montgomery (2013), *Introduction to Statistical Quality Control*, 7th ed., section 6.4; ISO 7870-2:2013.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Bools, ControlChart, Floats, Limits, calibrated, series
from qualipolis.methods.spc.constants import c4, d2, d3, d4, range_quantile

IndividualSigma = Literal["mr", "median_mr", "sd", "sd_c4"]


def moving_ranges(values: ArrayLike, span: int = 2) -> Floats:
    """Return (..., m) the range of the last ``span`` values; NaN for the first ones and wherever one is missing.

    >>> moving_ranges([1.0, 4.0, 2.0]).tolist()
    [nan, 3.0, 2.0]
    """
    x = series(values)
    if span != int(span) or not 2 <= span <= x.shape[-1]:
        what = msg("The span of moving ranges is from 2 to the number of points.")
        raise InputError([Problem("bad_span", what, place="span")])
    found = np.full(x.shape, np.nan)
    if span == 2:
        np.abs(np.subtract(x[..., 1:], x[..., :-1], out=found[..., 1:]), out=found[..., 1:])
        return found
    windows = np.lib.stride_tricks.sliding_window_view(x, span, axis=-1)
    found[..., span - 1 :] = windows.max(axis=-1) - windows.min(axis=-1)
    return found


def individual_sigma(
    values: ArrayLike, method: IndividualSigma = "mr", span: int = 2, calibration: Bools | None = None
) -> Floats:
    """Return (...) the standard deviation of the process from individual values.

    ``mr``: mean moving range / d2(span); ``median_mr``: median moving range / d4(span); ``sd``: the standard deviation
    with n − 1; ``sd_c4``: the same divided by c4(n). Moving ranges are taken among the points that set the limits.

    >>> round(float(individual_sigma([1.0, 4.0, 2.0])), 6)  # 2.5 / 1.128379
    2.215567
    """
    if method not in get_args(IndividualSigma):
        what, remedy = msg("There is no estimate of sigma called %(name)s."), msg("Choose one of: %(known)s.")
        params = {"name": method, "known": ", ".join(get_args(IndividualSigma))}
        raise InputError([Problem("unknown_sigma", what, remedy, params, "sigma")])
    x = series(values)
    used = x if calibration is None or calibration.all() else x[..., calibration]
    if method in ("sd", "sd_c4"):
        whole = not np.isnan(used.sum())
        spread = np.std(used, axis=-1, ddof=1) if whole else np.nanstd(used, axis=-1, ddof=1)
        if method == "sd":
            return np.asarray(spread)
        counts = np.sum(~np.isnan(used), axis=-1)
        return np.asarray(spread / np.vectorize(c4, otypes=[float])(counts))
    ranges = moving_ranges(used, span)[..., span - 1 :]
    whole = not np.isnan(ranges.sum())
    if not whole and not np.all(np.any(~np.isnan(ranges), axis=-1)):
        what = msg("There are no two values next to each other to take a moving range of.")
        raise InputError([Problem("no_spread", what, place="values")])
    if method == "mr":
        return np.asarray((ranges.mean(axis=-1) if whole else np.nanmean(ranges, axis=-1)) / d2(span))
    return np.asarray((np.median(ranges, axis=-1) if whole else np.nanmedian(ranges, axis=-1)) / d4(span))


def individuals_chart(
    values: ArrayLike,
    *,
    sigma: IndividualSigma = "mr",
    span: int = 2,
    center: ArrayLike | None = None,
    std: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of individual values, (..., m), with limits CL ± k σ̂.

    Parameters
    ----------
    values : (..., m) in the order of time; NaN is a missing point
    sigma, span : how σ is estimated (:func:`individual_sigma`)
    center, std : known centre and standard deviation (a frozen phase); estimated unless given
    sigmas, confidence : width of the limits, as a multiple or as a probability
    calibration : points that estimates come from, a mask or positions from 0

    >>> chart = individuals_chart([5.0, 6.0, 5.0, 6.0])
    >>> round(float(chart.upper[0]), 4)
    8.1587
    """
    x = series(values)
    used = calibrated(x.shape[-1], calibration)
    spread = individual_sigma(x, sigma, span, used) if std is None else np.asarray(std, dtype=np.float64)
    if center is None:
        kept = x if used.all() else x[..., used]
        total = kept.mean(axis=-1)
        middle = total if not np.isnan(np.sum(total)) else np.nanmean(kept, axis=-1)
    else:
        middle = np.asarray(center, dtype=np.float64)
    limits = Limits(sigmas, confidence)
    line, each = np.asarray(middle)[..., None], np.asarray(spread)[..., None]
    words: dict[str, object] = {"sigma": "given" if std is not None else sigma, "span": span}
    words |= {"center": "given" if center is not None else "mean"} | limits.words()
    low, high = line - limits.width * each, line + limits.width * each
    return ControlChart("I", x, line, low, high, each, None, np.asarray(spread), used, words)


def moving_range_chart(
    values: ArrayLike,
    *,
    sigma: IndividualSigma = "mr",
    span: int = 2,
    std: ArrayLike | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of moving ranges that goes with :func:`individuals_chart`; the first ``span`` − 1 are missing."""
    x = series(values)
    used = calibrated(x.shape[-1], calibration)
    spread = individual_sigma(x, sigma, span, used) if std is None else np.asarray(std, dtype=np.float64)
    limits = Limits(sigmas, confidence)
    scale = np.asarray(spread)[..., None]
    middle, each = d2(span) * scale, d3(span) * scale
    lower, upper = np.maximum(0.0, middle - sigmas * each), middle + sigmas * each
    if confidence is not None:
        lower, upper = (range_quantile(p, span) * scale for p in (limits.tail, 1 - limits.tail))
    words: dict[str, object] = {"sigma": "given" if std is not None else sigma, "span": span} | limits.words()
    ranges = moving_ranges(x, span)
    return ControlChart("MR", ranges, middle, lower, upper, each, None, np.asarray(spread), used, words)
