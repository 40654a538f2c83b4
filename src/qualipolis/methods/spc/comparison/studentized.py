"""The studentized range: the largest of k means minus the smallest, in estimated standard errors.

P(Q > q) = ∫ f_ν(s) [1 − P(R_k ≤ q s)] ds, s = √(χ²_ν/ν), P(R_k ≤ w) = k ∫ φ(x) (Φ(x + w) − Φ(x))^{k−1} dx, both by
Gauss-Legendre quadrature, for many q and ν at once.

Source: H. L. Harter (1960), "Tables of range and studentized range", Ann. Math. Stat. 31, 1122-1147.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.spc.charts.result import Floats

NODES = 96


@lru_cache(maxsize=2)
def _rule(nodes: int) -> tuple[Floats, Floats]:
    x, w = np.polynomial.legendre.leggauss(nodes)
    return x, w


def _range_cdf(w: Floats, k: int) -> Floats:
    from scipy.special import ndtr

    x, weight = _rule(NODES)
    low, high = -9.0, 9.0
    x = (high + low) / 2 + (high - low) / 2 * x
    density = weight * np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * (high - low) / 2
    inside = ndtr(x + w[..., None]) - ndtr(x)
    return np.asarray(np.minimum(1.0, k * (inside ** (k - 1)) @ density))


def studentized_sf(q: ArrayLike, k: int, freedom: ArrayLike) -> Floats:
    """Return P(Q > q) for k means and ``freedom`` degrees of freedom, elementwise.

    >>> round(float(studentized_sf(3.5, 6, 114)), 6)
    0.140374
    """
    from scipy.special import chdtri, gammaln

    asked, nu = np.broadcast_arrays(np.asarray(q, dtype=np.float64), np.asarray(freedom, dtype=np.float64))
    shape, asked, nu = asked.shape, asked.ravel(), nu.ravel()[:, None]
    # in t = √s the density is smooth at 0 for fractional degrees of freedom too
    low, high = ((chdtri(nu, p) / nu) ** 0.25 for p in (1 - 1e-15, 1e-17))
    x, weight = _rule(NODES)
    t = (high + low) / 2 + (high - low) / 2 * x
    s = t * t
    log_density = (nu / 2) * np.log(nu / 2) - gammaln(nu / 2) + (nu - 1) * np.log(s) - nu * s * s / 2
    density = 2 * np.exp(log_density) * weight * (high - low) * t
    found = np.empty(len(asked))
    for at in range(0, len(asked), 50):  # fifty at a time keep the memory small
        part = slice(at, at + 50)
        found[part] = np.sum(density[part] * (1 - _range_cdf(asked[part, None] * s[part], k)), axis=1)
    return np.clip(found, 0.0, 1.0).reshape(shape)


@lru_cache(maxsize=256)
def studentized_quantile(p: float, k: int, freedom: float) -> float:
    """Return q with P(Q ≤ q) = p.

    >>> round(studentized_quantile(0.95, 6, 114), 4)
    4.0995
    """
    from scipy.optimize import brentq

    def excess(q: float) -> float:
        return float(studentized_sf(q, k, freedom)) - (1 - p)

    high = 8.0
    while excess(high) > 0:
        high *= 2
    return float(brentq(excess, 0.0, high, xtol=1e-12))
