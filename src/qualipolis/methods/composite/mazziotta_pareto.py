"""The Mazziotta-Pareto index: a mean less a penalty for being unbalanced (Handbook step 6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.outranking import fitting


def mazziotta_pareto(values: ArrayLike, weights: ArrayLike | None = None, sign: int = -1) -> Floats:
    r"""Return the mean of each unit with a penalty for the spread between its indicators.

    .. math:: MPI = M + s \cdot S \cdot cv = M + s \frac{S^2}{M}, \quad M = \frac{\sum w_k z_k}{\sum w_k}, \quad
              S^2 = \frac{\sum w_k (z_k - M)^2}{\sum w_k}

    ``sign`` s = -1 where more is better ("positive" phenomena: the unbalanced score lower), +1 where the index measures
    an evil. The values are on the method's own scale: z-scores around 100 with standard deviation 10 (MPI), or goalposts
    onto 70 .. 130 (adjusted MPI, comparable over years). With equal weights this is the published formula; the weights
    are the obvious extension. Missing indicators are left out and the weights renormalised.

    Source: Mazziotta and Pareto (2013), Rivista Italiana di Economia Demografia e Statistica 67(2); (2016), Social
    Indicators Research 127(3).

    Parameters
    ----------
    values : (..., units, indicators)
    weights : (indicators,) or (..., indicators); equal by default
    sign : -1 or +1

    Raises InputError when the weights do not fit the values or are negative.

    >>> mazziotta_pareto([[110.0, 90.0], [100.0, 100.0]]).tolist()
    [99.0, 100.0]
    """
    columns = np.shape(np.asarray(values))[-1:]
    z, shares = fitting(values, np.ones(columns) if weights is None else weights)
    return penalised_mean(np.moveaxis(z, -1, 0), np.moveaxis(shares, -1, 0)[..., None], sign)


def penalised_mean(z: Floats, shares: Floats, sign: int) -> Floats:
    """Return the index of (indicators, ..., units) with weights (indicators, ..., 1), summed in the order given.

    >>> penalised_mean(np.array([[110.0], [90.0]]), np.ones((2, 1)), 1).tolist()
    [101.0]
    """
    there = ~np.isnan(z)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = sum(np.where(t, x, 0.0) * w for x, t, w in zip(z, there, shares, strict=True))
        weight = sum(t * w for t, w in zip(there, shares, strict=True))
        weight = np.where(weight > 0, weight, np.nan)
        mean = total / weight
        square = sum(np.where(t, x - mean, 0.0) ** 2 * w for x, t, w in zip(z, there, shares, strict=True))
        out: Floats = mean + sign * (square / weight) / mean
    return out
