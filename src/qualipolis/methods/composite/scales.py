"""The scales of :class:`.normalise.Normalise`: columns on which more is better, to shares, ranks or deviations."""

from __future__ import annotations

import warnings

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.ranks import rank_ascending


def ends(x: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest value of each column of (..., units, columns), NaN in an empty one.

    >>> [end.tolist() for end in ends(np.array([[1.0], [np.nan], [4.0]]))]
    [[[1.0]], [[4.0]]]
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmin(x, axis=-2, keepdims=True), np.nanmax(x, axis=-2, keepdims=True)


def spread(x: Floats, low: float, high: float) -> Floats:
    """Return low + (high - low) (x - min) / (max - min); NaN in a column with one single value.

    >>> spread(np.array([[1.0], [2.0], [5.0]]), 0.0, 100.0).ravel().tolist()
    [0.0, 25.0, 100.0]
    """
    bottom, top = ends(x)
    width = np.where(top > bottom, top - bottom, np.nan)
    out = x - bottom
    out /= width
    return onto(out, low, high)


def onto(shares: Floats, low: float, high: float) -> Floats:
    """Bring shares to a range in place: low + (high - low) share.

    >>> onto(np.array([0.0, 0.5, 1.0]), 1.0, 100.0).tolist()
    [1.0, 50.5, 100.0]
    """
    shares *= high - low
    shares += low
    return shares


def zscore(x: Floats, mean: float, sd: float) -> Floats:
    """Return mean + sd (x - mean(x)) / sd(x), with n - 1; NaN in a column with one single value.

    >>> zscore(np.array([[1.0], [2.0], [3.0]]), 100.0, 10.0).ravel().tolist()
    [90.0, 100.0, 110.0]
    """
    bottom, top = ends(x)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        centre = np.nanmean(x, axis=-2, keepdims=True)
        width = np.nanstd(x, axis=-2, keepdims=True, ddof=1)
    out: Floats = (x - centre) / np.where(top > bottom, width, np.nan) * sd + mean
    return out


def ranked(x: Floats, average: bool = False, keep_constant: bool = False) -> Floats:
    """Return ascending ranks in each column, ties to the lowest or to their average; missing is not ranked.

    A column with one single value has no ranks (NaN), unless ``keep_constant``.

    >>> ranked(np.array([[5.0], [1.0], [5.0], [np.nan]])).ravel().tolist()
    [2.0, 1.0, 2.0, nan]
    >>> ranked(np.array([[5.0], [1.0], [5.0]]), average=True).ravel().tolist()
    [2.5, 1.0, 2.5]
    """
    rows = np.moveaxis(x, -2, -1)
    ranks = rank_ascending(rows)
    flat = np.max(ranks, axis=-1, keepdims=True, initial=0.0, where=~np.isnan(ranks)) <= 1
    if average:
        above = rank_ascending(-rows)
        ranks = (ranks + _counts(rows) + 1 - above) / 2
    if not keep_constant:
        ranks = np.where(flat, np.nan, ranks)
    return np.moveaxis(ranks, -1, -2)


def percentile(x: Floats, low: float, high: float, average: bool = False, keep_constant: bool = False) -> Floats:
    """Return low + (high - low) (rank - 1) / (n - 1) in each column, n the number of values present.

    >>> percentile(np.array([[5.0], [np.nan], [9.0], [7.0]]), 0.0, 100.0).ravel().tolist()
    [0.0, nan, 100.0, 50.0]
    """
    n = np.moveaxis(_counts(np.moveaxis(x, -2, -1)), -1, -2)
    out: Floats = low + (high - low) * (ranked(x, average, keep_constant) - 1) / np.maximum(n - 1, 1)
    return out


def distance_to_reference(x: Floats, reference: Floats, cap: bool = False, raw: bool = False) -> Floats:
    """Return (x - min) / (reference - min), the reference one value for each column (..., 1, columns).

    NaN in a column whose reference is missing or the worst value; with ``raw`` it is divided by 0 there, as COINr does.

    >>> distance_to_reference(np.array([[1.0], [3.0], [5.0]]), np.array([[3.0]])).ravel().tolist()
    [0.0, 1.0, 2.0]
    """
    bottom, _ = ends(x)
    width = reference - bottom
    if not raw:
        width = np.where(width > 0, width, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Floats = (x - bottom) / width
    return np.minimum(out, 1.0) if cap else out


def distance_to_target(x: Floats, target: Floats, cap: bool = False, raw: bool = False) -> Floats:
    """Return (x - min) / (target - min), the target one value for each column.

    Where even the worst unit has reached the target the formula turns the order round: all have full marks there. With
    ``raw`` the formula is kept as it is, as in COINr.

    >>> distance_to_target(np.array([[1.0], [3.0], [9.0]]), np.array([5.0]), cap=True).ravel().tolist()
    [0.0, 0.5, 1.0]
    >>> distance_to_target(np.array([[6.0], [9.0]]), np.array([5.0])).ravel().tolist()
    [1.0, 1.0]
    """
    bottom, _ = ends(x)
    width = target - bottom
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Floats = (x - bottom) / width
    if not raw:
        out = np.where((width <= 0) & ~np.isnan(x), 1.0, out)
    return np.minimum(out, 1.0) if cap else out


def share_of_best(x: Floats, raw: bool = False) -> Floats:
    """Return x / max(x); x holds the values of "less is better" in a mirror (see :func:`mirrored`).

    NaN in a column whose best value is not above 0: shares of it would turn the order round. With ``raw`` it is divided
    all the same, as COINr does.

    >>> share_of_best(np.array([[10.0], [20.0], [40.0]])).ravel().tolist()
    [0.25, 0.5, 1.0]
    """
    bottom, top = ends(x)
    if not raw:
        top = np.where((top > 0) & (top > bottom), top, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Floats = x / top
    return out


def mirrored(x: Floats) -> Floats:
    """Return min + max - x for each column: the same ends, the other order.

    >>> mirrored(np.array([[10.0], [20.0], [40.0]])).ravel().tolist()
    [40.0, 30.0, 10.0]
    """
    bottom, top = ends(x)
    return (bottom + top) - x


def _counts(rows: Floats) -> Floats:
    return (~np.isnan(rows)).sum(axis=-1, keepdims=True).astype(np.float64)
