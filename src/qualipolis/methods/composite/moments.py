"""Skewness and kurtosis of type 2 (bias-corrected), over the last axis, skipping missing values."""

from __future__ import annotations

import numpy as np

from qualipolis.methods.composite.data import Floats

STEEP = 1e60
"""Rows with larger values are measured in their largest: both moments are free of the unit, and the fourth power ends."""


def skew_kurtosis(values: Floats) -> tuple[Floats, Floats]:
    r"""Return bias-corrected skewness G1 and excess kurtosis G2 of (..., n).

    .. math:: G_1 = g_1 \frac{\sqrt{n(n-1)}}{n-2}, \qquad G_2 = \frac{n-1}{(n-2)(n-3)}\,((n+1) g_2 + 6)

    with :math:`g_1 = m_3 / m_2^{3/2}`, :math:`g_2 = m_4/m_2^2 - 3`. NaN with fewer than 4 values or no variation.
    Source: Joanes and Gill (1998), "Comparing measures of sample skewness and kurtosis", The Statistician 47, type 2.

    >>> skew, kurtosis = skew_kurtosis(np.array([1.0, 2.0, 3.0, 4.0, 10.0]))
    >>> round(float(skew), 6), round(float(kurtosis), 6)
    (1.697056, 3.152)
    """
    present = ~np.isnan(values)
    n = present.sum(axis=-1).astype(np.float64)
    filled = np.where(present, values, 0.0)
    largest = np.abs(filled).max(axis=-1, keepdims=True, initial=0.0)
    if (largest > STEEP).any():
        return skew_kurtosis(values / np.where(largest > STEEP, largest, 1.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        deviation = np.where(present, values - (filled.sum(axis=-1) / n)[..., None], 0.0)
        square = deviation * deviation
        m2 = square.sum(axis=-1) / n
        m3 = (square * deviation).sum(axis=-1) / n
        m4 = (square * square).sum(axis=-1) / n
        flat = m2 <= (1e-14 * largest[..., 0]) ** 2
        usable = (n >= 4) & ~flat
        skew = m3 / m2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return np.where(usable, skew, np.nan), np.where(usable, kurtosis, np.nan)


def distinct_counts(values: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return the number of distinct values of each row of (..., n), missing ones not counted.

    >>> distinct_counts(np.array([[1.0, 1.0, np.nan], [1.0, 2.0, 3.0]])).tolist()
    [1, 3]
    """
    ordered = np.sort(values, axis=-1)
    steps = (ordered[..., 1:] > ordered[..., :-1]).sum(axis=-1)
    counts: np.ndarray[tuple[int, ...], np.dtype[np.intp]] = steps + ~np.isnan(ordered[..., 0])
    return counts
