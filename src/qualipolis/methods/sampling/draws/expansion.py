"""Totals from a draw with unequal probabilities, for checks of a draw; estimation proper is in ``estimation``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.sampling.draws.probabilities import check_pi


@dataclass(frozen=True)
class Expansion:
    """Horvitz-Thompson total, Hájek total and mean, and Deville's approximate variance of the first."""

    total: float
    hajek_total: float
    hajek_mean: float
    variance: float

    def __repr__(self) -> str:
        return f"Expansion(total={self.total:.6g}, se={self.variance**0.5:.4g}, hajek_mean={self.hajek_mean:.6g})"


def expand(y: ArrayLike, pi: ArrayLike, population: float) -> Expansion:
    """Return what a sample says about a total: ``sum y/pi``, and ``N sum(y/pi) / sum(1/pi)``.

    The variance is Deville's for fixed-size designs of high entropy: ``sum (1-pi)(y/pi - A)^2 / (1 - sum a^2)`` with
    ``a = (1-pi) / sum(1-pi)`` and ``A = sum a y/pi``; units with probability 1 add nothing.

    References
    ----------
    Horvitz and Thompson (1952); Hájek (1971); J.-C. Deville (1999), Survey Methodology 25, 193-203.

    >>> expand([1, 2, 3], [0.5, 0.5, 0.5], 6)
    Expansion(total=12, se=2.449, hajek_mean=2)
    """
    values, p = np.asarray(y, dtype=np.float64), check_pi(pi, whole=False)
    scaled, open_part = values / p, 1.0 - p
    mean = float(scaled.sum() / (1.0 / p).sum())
    weight = open_part / open_part.sum() if open_part.sum() > 0 else open_part
    centre = float((weight * scaled).sum())
    spread = float((open_part * (scaled - centre) ** 2).sum())
    loss = 1.0 - float((weight**2).sum())
    return Expansion(float(scaled.sum()), mean * population, mean, spread / loss if spread > 0 else 0.0)
