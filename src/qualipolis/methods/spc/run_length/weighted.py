"""Run lengths of EWMA and CUSUM charts of normal values, by their integral equations.

The average run length L from a start z solves L(z) = 1 + ∫ L(x) k(x | z) dx (+ L(0) times an atom at 0 for the CUSUM),
with the normal density k of the next value of the statistic; the integral is taken by Gauss-Legendre quadrature, which
for such smooth kernels is exact to about ten places.

Source: S. V. Crowder (1987), "A simple method for studying run-length distributions of EWMA charts", Technometrics 29,
401-407; L. C. Vance (1986), Journal of Quality Technology 18, 189-193; J. M. Lucas and R. B. Crosier (1982), Technometrics
24, 199-205 (two-sided sums with a head start).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg

Floats = NDArray[np.float64]
NODES = 96
STEADY = 1e-13


def _refuse(bad: bool, place: str) -> None:
    if bad:
        what = msg(
            "This is not the design of a chart: weight in (0, 1], widths above 0, head start below the interval."
        )
        raise InputError([Problem("bad_design", what, place=place)])


@cache
def _rule(n: int) -> tuple[Any, Any]:
    return np.polynomial.legendre.leggauss(n)


def _density(x: Floats) -> Floats:
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))


def ewma_arl(weight: float, width: float, shift: float = 0.0, *, varying: bool = False, nodes: int = NODES) -> float:
    """Return the average run length of a two-sided EWMA chart started at its centre.

    Parameters
    ----------
    weight, width : λ and the multiple k of the standard deviation of the statistic
    shift : shift of the mean, in sigmas of the plotted value
    varying : limits that start narrow, k √(λ/(2−λ)(1 − (1−λ)²ⁱ)), instead of those of the steady state

    >>> round(ewma_arl(0.1, 2.7014611), 1), round(ewma_arl(0.2, 3.0, 1.0), 2)
    (370.4, 10.84)
    """
    _refuse(not 0 < weight <= 1 or width <= 0, "weight")
    x, w = _rule(nodes)
    limit = width * np.sqrt(weight / (2 - weight))

    def kernel(to: Floats, start: Floats) -> Floats:
        return _density((to - (1 - weight) * start) / weight - shift) / weight

    to = limit * x
    matrix = np.eye(nodes) - kernel(to[None, :], to[:, None]) * (limit * w)
    steady = np.linalg.solve(matrix, np.ones(nodes))
    if not varying:
        return float(1 + (kernel(to, np.zeros(1)) * limit * w) @ steady)
    # from the steady state back to the first point, with the limit of each
    steps = int(np.ceil(np.log(STEADY) / (2 * np.log1p(-weight)))) if weight < 1 else 1
    later, nodes_later, weights_later = steady, to, limit * w
    for i in range(steps, 0, -1):
        here = limit * np.sqrt(1 - (1 - weight) ** (2 * (i - 1))) * x if i > 1 else np.zeros(1)
        value = 1 + kernel(nodes_later[None, :], here[:, None]) @ (weights_later * later)
        scale = limit * np.sqrt(1 - (1 - weight) ** (2 * (i - 1)))
        later, nodes_later, weights_later = value, here, scale * w
    return float(later[0])


def cusum_arl(
    reference: float,
    decision: float,
    shift: float = 0.0,
    *,
    head_start: float = 0.0,
    two_sided: bool = True,
    nodes: int = NODES,
) -> float:
    """Return the average run length of a CUSUM chart.

    Two one-sided sums that cannot both be above 0 long combine as 1/L = 1/L⁺ + 1/L⁻; with a head start h,
    L = (L⁺ₕ L⁻₀ + L⁺₀ L⁻ₕ − L⁺₀ L⁻₀)/(L⁺₀ + L⁻₀).

    Parameters
    ----------
    reference, decision, head_start : K, H and the start of the sums, in sigmas
    shift : shift of the mean, in sigmas
    two_sided : both sums, or the upper one alone

    >>> round(cusum_arl(0.5, 4), 2), round(cusum_arl(0.5, 5, 1.0), 2)
    (167.68, 10.38)
    """
    _refuse(reference < 0 or decision <= 0 or not 0 <= head_start < decision, "decision")
    up_zero, up_start = _one_sided(reference, decision, shift, head_start, nodes)
    if not two_sided:
        return up_start
    down_zero, down_start = _one_sided(reference, decision, -shift, head_start, nodes)
    return (up_start * down_zero + up_zero * down_start - up_zero * down_zero) / (up_zero + down_zero)


def _one_sided(reference: float, decision: float, shift: float, start: float, nodes: int) -> tuple[float, float]:
    """Return the average run length of the upper sum from 0 and from ``start``."""
    from scipy.special import ndtr

    x, w = _rule(nodes)
    to, weights = decision * (x + 1) / 2, decision * w / 2
    at = np.concatenate([[0.0], to])
    drift = reference - shift

    def row(z: Floats) -> Floats:
        atom = ndtr(drift - z)[:, None]
        return np.hstack([atom, _density(to[None, :] + drift - z[:, None]) * weights])

    found = np.linalg.solve(np.eye(nodes + 1) - row(at), np.ones(nodes + 1))
    return float(found[0]), float(1 + (row(np.array([start])) @ found)[0])


def ewma_width(weight: float, run_length: float) -> float:
    """Return the width k of a two-sided EWMA chart with the average run length ``run_length`` under control.

    >>> round(ewma_width(0.1, 500), 6)
    2.81431
    """
    from scipy.optimize import brentq

    _refuse(run_length <= 2, "run_length")
    return float(brentq(lambda k: np.log(ewma_arl(weight, k) / run_length), 0.05, 6.0, xtol=1e-12))


def cusum_decision(reference: float, run_length: float, *, two_sided: bool = True) -> float:
    """Return the decision interval H of a CUSUM chart with the average run length ``run_length`` under control.

    >>> round(cusum_decision(0.5, 370.4), 6)
    4.774897
    """
    from scipy.optimize import brentq

    _refuse(run_length <= 3, "run_length")

    def excess(decision: float) -> float:
        return float(np.log(cusum_arl(reference, decision, two_sided=two_sided) / run_length))

    high = 2.0
    while excess(high) < 0 and high < 200:
        high *= 2
    return float(brentq(excess, 1e-3, high, xtol=1e-12))


def variance_ewma_arl(weight: float, width: float, freedom: int, sigma: float = 1.0, *, nodes: int = 40) -> float:
    """Return the average run length of the upper EWMA of variances, Z = (1 − λ)Z + λ s²/σ₀², started at 1.

    The limit is 1 + k √(λ/(2−λ)) √(2/ν); s² has ν degrees of freedom and the variance ``sigma``² in units of σ₀². The
    equation is solved by collocation of Chebyshev polynomials, since the χ² kernel begins within the range.

    Source: S. Knoth (2005), "Accurate ARL computation for EWMA-S² control charts", Statistics and Computing 15, 341-352.

    >>> round(variance_ewma_arl(0.1, 2.5, 4, 1.5), 2) < round(variance_ewma_arl(0.1, 3.0, 4, 1.5), 2)
    True
    """
    from scipy.stats import chi2

    _refuse(not 0 < weight < 1 or width <= 0 or freedom < 1 or sigma <= 0, "weight")
    limit = 1 + width * np.sqrt(weight / (2 - weight) * 2 / freedom)
    cheb = np.polynomial.chebyshev
    at = limit * (1 + np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes)) / 2
    x, w = _rule(2 * nodes)
    t = (x + 1) / 2

    def basis(z: Floats) -> Floats:
        return np.asarray(cheb.chebvander(2 * z / limit - 1, nodes - 1))

    def expected(z: Floats) -> Floats:
        """Integrate each basis function over the next value; t² takes the start of the χ² density out of the way."""
        reach = limit - (1 - weight) * z[:, None]
        step = reach * t**2
        density = chi2.pdf(step * freedom / sigma**2 / weight, freedom) * freedom / sigma**2 / weight
        share = density * 2 * t * reach * w / 2
        return np.asarray(np.einsum("ik,ikj->ij", share, basis((1 - weight) * z[:, None] + step)))

    found = np.linalg.solve(basis(at) - expected(at), np.ones(nodes))
    return float(1 + (expected(np.ones(1)) @ found)[0])


def poisson_cusum_arl(reference: int, decision: int, mean: float) -> float:
    """Return the average run length of the upper CUSUM of Poisson counts, C = max(0, C + x − K), signal at C ≥ H.

    With whole K and H the sum is a Markov chain on 0 … H − 1 and the result is exact.

    Source: J. M. Lucas (1985), "Counted data CUSUM's", Technometrics 27, 129-144.

    >>> round(poisson_cusum_arl(6, 5, 4.0), 2)
    172.73
    """
    from scipy.stats import poisson

    _refuse(reference < 0 or decision < 1 or mean <= 0 or {reference, decision} != {int(reference), int(decision)}, "K")
    states = np.arange(decision)
    counts = states[None, :] - states[:, None] + reference
    matrix = np.where(states[None, :] > 0, poisson.pmf(counts, mean), poisson.cdf(counts, mean))
    return float(np.linalg.solve(np.eye(decision) - matrix, np.ones(decision))[0])
