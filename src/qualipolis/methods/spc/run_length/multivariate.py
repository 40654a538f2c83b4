"""Run lengths of the multivariate EWMA chart of normal vectors.

Under control only the squared length of the vector matters: a non-central χ² law leads from one to the next. After a
shift of Mahalanobis length δ the component along the shift and the length of the rest matter; the integral equation is
solved on the half disc of their plane in polar coordinates.

Source: S. E. Rigdon (1995), "An integral equation for the in-control average run length of a multivariate exponentially
weighted moving average control chart", J. Statistical Computation and Simulation 52, 351-365; and "A double-integral
equation for the average run length of a multivariate EWMA control chart", Statistics & Probability Letters 24, 365-373.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.spc.run_length.weighted import STEADY, _density, _refuse, _rule

Floats = NDArray[np.float64]


def _radial(r: Floats, start: Floats, freedom: int) -> Floats:
    """Density of the length of a standard normal vector of ``freedom`` components around a point at ``start``."""
    from scipy.special import gammaln, ive

    order = freedom / 2 - 1
    product = r * start
    with np.errstate(divide="ignore", invalid="ignore"):
        far = r * (r / start) ** order * ive(order, product) * np.exp(-((r - start) ** 2) / 2)
    log_near = (freedom - 1) * np.log(r) - (r**2 + start**2) / 2 - order * np.log(2) - gammaln(freedom / 2)
    near = np.exp(log_near) * (1 + product**2 / (2 * freedom))  # the first terms of the series in r·start
    return np.asarray(np.where(product > 1e-3, far, near))


def _from_narrow(weight: float, radius: float, p: int, steady: Floats) -> float:
    """Return the run length with limits that start narrow, from the steady state back to the first point."""
    x, w = _rule(len(steady))
    steps = int(np.ceil(np.log(STEADY) / (2 * np.log1p(-weight)))) if weight < 1 else 1
    later, rho, share = steady, radius * (x + 1) / 2, radius * w / 2
    for i in range(steps, 0, -1):
        reach = radius * np.sqrt(1 - (1 - weight) ** (2 * (i - 1)))
        here = reach * (x + 1) / 2 if i > 1 else np.zeros(1)
        kernel = _radial(rho[None, :] / weight, (1 - weight) * here[:, None] / weight, p) / weight
        later, rho, share = 1 + kernel @ (share * later), here, reach * w / 2
    return float(later[0])


def mewma_arl(
    weight: float, limit: float, p: int, shift: float = 0.0, *, varying: bool = False, nodes: int = 40
) -> float:
    """Return the average run length of the multivariate EWMA chart, started at its centre.

    Parameters
    ----------
    weight : λ
    limit : h, the limit of the statistic
    p : number of characteristics
    shift : Mahalanobis length of the shift of the mean
    varying : limits that start narrow, as the chart has them unless it is ``steady``; under control only

    >>> round(mewma_arl(0.1, 12.34, 3), 1), round(mewma_arl(0.1, 12.34, 3, 1.0, nodes=24), 3)
    (369.5, 12.727)
    """
    _refuse(not 0 < weight <= 1 or limit <= 0 or p < 2 or shift < 0 or (varying and shift > 0), "limit")
    radius = np.sqrt(limit * weight / (2 - weight))
    x, w = _rule(nodes)
    rho, share = radius * (x + 1) / 2, radius * w / 2
    if shift == 0:
        matrix = _radial(rho[None, :] / weight, (1 - weight) * rho[:, None] / weight, p) / weight * share
        found = np.linalg.solve(np.eye(nodes) - matrix, np.ones(nodes))
        if varying:
            return _from_narrow(weight, radius, p, found)
        first = _radial(rho / weight, np.zeros(nodes), p) / weight * share
        return float(1 + first @ found)
    angle, turn = np.pi * (x + 1) / 2, np.pi * w / 2
    along = (rho[:, None] * np.cos(angle)).ravel()
    rest = (rho[:, None] * np.sin(angle)).ravel()
    measure = (share[:, None] * turn * rho[:, None]).ravel()

    def kernel(a: Floats, r: Floats) -> Floats:
        straight = _density((along - (1 - weight) * a[:, None]) / weight - shift) / weight
        around = _radial(rest / weight, (1 - weight) * r[:, None] / weight, p - 1) / weight
        return np.asarray(straight * around * measure)

    found = np.linalg.solve(np.eye(nodes**2) - kernel(along, rest), np.ones(nodes**2))
    return float(1 + (kernel(np.zeros(1), np.zeros(1)) @ found)[0])
