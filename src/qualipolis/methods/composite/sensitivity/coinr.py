"""The reference's estimator, for comparison only (COINr 1.1.14)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.composite.data import Floats


@dataclass(frozen=True, eq=False)
class ReferenceIndices:
    """First-order and total indices with the reference's bootstrap ends, each (factors,), and the variance used."""

    variance: float
    first: Floats
    total: Floats
    first_ends: Floats
    total_ends: Floats


def reference_indices(
    y: ArrayLike, n: int, factors: int, bootstrap: int = 0, seed: int = 0, level: float = 0.90
) -> ReferenceIndices:
    r"""Return what ``SA_estimate`` of COINr 1.1.14 returns for the runs A, B, then A with each factor from B.

    .. math:: S_i = \frac{\overline{b (z - a)}}{V}, \qquad T_i = \frac{\sum (a - z)^2}{2 N V}

    with V the variance of a and b together (n - 1). The output is not centred (D10), so the error of a first-order
    index grows with the square of the mean of the output. The bootstrap resamples numerators only, each factor by
    itself, and keeps V (D11). One missing output makes every index NaN (D7). Use :func:`.sobol.sobol_indices` for work.

    >>> reference_indices([0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1], n=4, factors=1).total.tolist()
    [0.875]
    """
    runs = np.asarray(y, dtype=np.float64).reshape(factors + 2, n)
    a, b, mixed = runs[0], runs[1], runs[2:]
    variance = float(np.var(np.concatenate([a, b]), ddof=1))
    first, total = b * (mixed - a) / variance, (a - mixed) ** 2 / (2 * variance)
    rng = np.random.default_rng(seed)
    ends = [np.full((2, factors), np.nan), np.full((2, factors), np.nan)]
    if bootstrap:
        half = (1 - level) / 2
        for k, rows in enumerate((first, total)):
            drawn = rng.integers(0, n, (factors, bootstrap, n))
            means = np.stack([row[one].mean(axis=1) for row, one in zip(rows, drawn, strict=True)])
            ends[k] = np.quantile(means, (half, 1 - half), axis=1)
    return ReferenceIndices(variance, first.mean(axis=1), total.mean(axis=1), *ends)
