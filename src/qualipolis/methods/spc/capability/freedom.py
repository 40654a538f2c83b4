"""How many degrees of freedom an estimate of σ has, whatever it was made from.

An estimate σ̂ with relative variance v behaves nearly like c s with ν degrees of freedom, where ν solves
c5(ν)²/c4(ν)² = v (the coefficient of variation of a chi variate). For pooled standard deviations ν is exact; for ranges
and mean standard deviations it is the usual approximation, and smaller than k(n − 1).

Source: P. B. Patnaik (1950), Biometrika 37, 78-87; J. D. Cryer and T. P. Ryan (1990), "The estimation of sigma for an
X chart", Journal of Quality Technology 22, 187-192 (moving ranges).
"""

from __future__ import annotations

from math import asin, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.spc.constants import c4, c5, d2, d3, matched_freedom


def of_subgroups(sizes: NDArray[np.int64], method: str) -> float:
    """Return ν of :func:`~qualipolis.methods.spc.charts.within_sigma` for subgroups of these sizes.

    >>> round(of_subgroups(np.full(25, 5), "rbar"), 1), of_subgroups(np.full(25, 5), "pooled")
    (90.8, 100.0)
    """
    used = np.asarray(sizes)[np.asarray(sizes) >= 2]
    if method.startswith("pooled"):
        return float((used - 1).sum())
    first, second = (d2, d3) if method.startswith("rbar") else (c4, c5)
    ratio = np.array([second(int(n)) / first(int(n)) for n in used]) ** 2
    relative = 1 / np.sum(1 / ratio) if method.endswith("mvlue") else ratio.sum() / len(used) ** 2
    return matched_freedom(float(relative))


def of_moving_ranges(n: int) -> float:
    """Return ν of the mean moving range of two, over ``n`` values: neighbouring ranges share a value.

    With ρ = −1/2 between successive differences, Cov(|D₁|, |D₂|) = (4/π)(√(1 − ρ²) + ρ asin ρ − 1) σ².

    >>> round(of_moving_ranges(100), 1)
    60.3
    """
    variance, shared = 2 - 4 / pi, 4 / pi * (sqrt(0.75) + 0.5 * asin(0.5) - 1)
    total = (n - 1) * variance + 2 * (n - 2) * shared
    return matched_freedom(total / (n - 1) ** 2 / (4 / pi))
