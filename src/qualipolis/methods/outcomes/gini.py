"""How evenly something is spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg


def gini(values: ArrayLike) -> float:
    """Return the Gini coefficient of amounts: 0 when all are equal, ``1 - 1/n`` when one has everything.

    ``G = Σᵢ Σⱼ |xᵢ - xⱼ| / (2 n² x̄)``, computed from the sorted values as ``Σᵢ (2i - n - 1) x₍ᵢ₎ / (n Σ x)``. It
    describes the group that was counted; it is no estimate for a larger one and has no interval. NaN when nobody has
    anything.

    Parameters
    ----------
    values : amounts, at least one, none negative, none missing

    Raises
    ------
    InputError
        no values, a missing or a negative one

    References
    ----------
    C. Gini (1914), "Sulla misura della concentrazione e della variabilità dei caratteri", Atti del Reale Istituto
    Veneto 73, 1203-1248.

    >>> gini([3, 3, 3]), gini([0, 0, 6]).__round__(4)
    (0.0, 0.6667)
    """
    x = np.sort(np.asarray(values, dtype=np.float64).ravel())
    if len(x) == 0 or not np.all(np.isfinite(x)) or x[0] < 0:
        what = msg("The Gini coefficient needs at least one amount, none missing and none below 0.")
        raise InputError([Problem("bad_amounts", what, place="values")])
    total = float(x.sum())
    if total == 0:
        return float("nan")
    n = len(x)
    return max(0.0, float(np.sum((2 * np.arange(1, n + 1) - n - 1) * x)) / (n * total))
