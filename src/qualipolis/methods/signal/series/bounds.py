"""From an expected count to the largest count that is no alarm."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, gammainc, gammaincc, ndtr, ndtri

from qualipolis.methods.signal.series.counts import Floats

POWERS = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}
FUZZ = 64 * np.finfo(float).eps


def power_bound(
    y: Floats, mean: Floats, se: Floats, phi: Floats, alpha: float, power: str
) -> tuple[Floats, Floats, Floats]:
    """Bound, upper tail and score of the δ-method on the scale of a power of the count.

    ``U = (μ^κ + z·se_κ)^(1/κ)`` with variance ``μτ`` of the new count, ``τ = phi + se²/μ``: Farrington et al. (1996).
    """
    tau = phi + se**2 / mean
    kappa = POWERS[power]
    scale = {"2/3": np.sqrt(4 / 9 * np.cbrt(mean) * tau), "1/2": np.sqrt(tau / 4), "none": np.sqrt(mean * tau)}[power]
    centre = mean**kappa
    upper = np.maximum(centre + ndtri(1 - alpha) * scale, 0.0) ** (1 / kappa)
    tail = ndtr(-(y**kappa - centre) / scale)
    return upper, tail, (y - mean) / (upper - mean)


def negative_binomial_cdf(x: Floats, size: Floats, share: Floats) -> Floats:
    """P(X ≤ x) with ``size`` successes wanted and chance ``share`` of each."""
    return np.asarray(np.where(x < 0, 0.0, betainc(size, np.floor(np.maximum(x, 0)) + 1, share)))


def negative_binomial_tail(x: Floats, size: Floats, share: Floats) -> Floats:
    """P(X > x), exact in the far tail."""
    return np.asarray(np.where(x < 0, 1.0, betainc(np.floor(np.maximum(x, 0)) + 1, size, 1 - share)))


def poisson_tail(x: Floats, mean: Floats) -> Floats:
    """P(X > x), exact in the far tail."""
    return np.asarray(np.where(x < 0, 1.0, gammainc(np.floor(np.maximum(x, 0)) + 1, mean)))


def count_quantile(level: float, mean: Floats, phi: Floats) -> Floats:
    """The smallest count whose distribution function reaches ``level``; negative binomial with variance ``phi·mean``.

    Where ``phi`` is 1 (or less) it is the Poisson law.

    >>> count_quantile(0.99, np.array([2.0, 2.0]), np.array([1.0, 2.0]))
    array([6., 9.])
    """
    mean, phi = np.broadcast_arrays(np.asarray(mean, dtype=float), np.asarray(phi, dtype=float))
    result = np.full(mean.shape, np.nan)
    good = np.isfinite(mean) & np.isfinite(phi) & (mean >= 0)
    pairs, back = np.unique(mean[good] + 1j * phi[good], return_inverse=True)
    m, f = pairs.real.copy(), pairs.imag.copy()
    over = f > 1
    size = m / np.where(over, f - 1, 1.0)
    share = 1 / np.where(over, f, 2.0)

    def below(x: Floats) -> Floats:
        """Distribution function at x."""
        with np.errstate(all="ignore"):
            nb = negative_binomial_cdf(x, np.maximum(size, 1e-300), share)
            pois = np.where(x < 0, 0.0, gammaincc(np.floor(np.maximum(x, 0)) + 1, m))
        return np.where(over, nb, pois)

    result[good] = _smallest(below, level * (1 - FUZZ), m, np.sqrt(m * np.maximum(f, 1)))[back]
    return result


def _smallest(below, level: float, mean: Floats, sigma: Floats) -> Floats:  # type: ignore[no-untyped-def]
    """Bisection among whole numbers."""
    low = np.full(mean.shape, -1.0)
    high = np.ceil(mean + 4 * sigma + 2)
    short = below(high) < level
    while short.any():
        low[short], high[short] = high[short], high[short] * 2 + 10
        short = below(high) < level
    while ((high - low) > 1).any():
        middle = np.floor((low + high) / 2)
        enough = below(middle) >= level
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
    return high
