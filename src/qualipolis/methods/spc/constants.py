"""Constants of the range, the standard deviation and the median range of n normal values, to full precision.

The range R and the standard deviation s of n independent standard normal values have

    E[R] = d2 = ∫ 1 − Φ(x)ⁿ − (1 − Φ(x))ⁿ dx
    E[R²] = 2 ∬_{x<y} 1 − Φ(y)ⁿ − (1 − Φ(x))ⁿ + (Φ(y) − Φ(x))ⁿ dx dy,   d3² = E[R²] − d2²
    E[s] = c4 = √(2/(n−1)) Γ(n/2) / Γ((n−1)/2),                          c5² = 1 − c4²

Integrals are taken by composite Gauss-Legendre quadrature; printed tables have three decimals and end at 25.

Source: L. H. C. Tippett (1925), "On the extreme individuals and the range of samples taken from a normal population",
Biometrika 17, 364-387; H. L. Harter (1960), "Tables of range and studentized range", Ann. Math. Stat. 31, 1122-1147.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, inf, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg

Floats = NDArray[np.float64]
REACH, PANELS, NODES = 9.5, 38, 20
LARGEST = 100_000


def _sized(n: int) -> int:
    if n != int(n) or not 2 <= n <= LARGEST:
        what = msg("A subgroup has %(n)s values; the constants are for 2 to %(most)s.")
        raise InputError([Problem("subgroup_size", what, "", {"n": n, "most": LARGEST}, "n")])
    return int(n)


@cache
def _nodes() -> tuple[Floats, Floats]:
    """Return nodes and weights of the composite rule on [−REACH, REACH]."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    edges = np.linspace(-REACH, REACH, PANELS + 1)
    half = np.diff(edges) / 2
    nodes = (edges[:-1] + half)[:, None] + half[:, None] * x
    return nodes.ravel(), (half[:, None] * w).ravel()


@cache
def _phi() -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(_nodes()[0]), dtype=np.float64)


@cache
def d2(n: int) -> float:
    """Return the mean range of ``n`` standard normal values.

    >>> round(d2(2), 12), round(d2(5), 12)
    (1.128379167096, 2.325928947281)
    """
    from scipy.special import log_ndtr

    x, weight = _nodes()
    inside = -np.expm1(_sized(n) * log_ndtr(x)) - np.exp(n * log_ndtr(-x))
    return float(weight @ inside)


@cache
def d3(n: int) -> float:
    """Return the standard deviation of the range of ``n`` standard normal values.

    >>> round(d3(2), 9), round(d3(5), 9)
    (0.852502466, 0.864081941)
    """
    n = _sized(n)
    # the inner integral runs from x upwards, on its own nodes, so that no panel is cut by the diagonal
    x, weight = _nodes()
    t, share = np.polynomial.legendre.leggauss(120)
    from scipy.special import ndtr

    half = (REACH - x) / 2
    y = x[:, None] + half[:, None] * (1 + t)
    low, high = _phi()[:, None], ndtr(y)
    inside = 1 - high**n - (1 - low) ** n + np.clip(high - low, 0, 1) ** n
    second = 2 * float(weight @ (half * (inside @ share)))
    return sqrt(second - d2(n) ** 2)


@cache
def c4(n: int) -> float:
    """Return the mean standard deviation of ``n`` standard normal values, √(2/(n−1)) Γ(n/2) / Γ((n−1)/2).

    >>> round(c4(2), 9), round(c4(5), 9)
    (0.797884561, 0.939985603)
    """
    n = _sized(n)
    return sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))


def c5(n: int) -> float:
    """Return the standard deviation of the standard deviation of ``n`` standard normal values, √(1 − c4²)."""
    return sqrt(max(0.0, 1 - c4(n) ** 2))


def range_cdf(w: float, n: int) -> float:
    """Return P(R ≤ w) of the range of ``n`` standard normal values, n ∫ φ(x) (Φ(x+w) − Φ(x))ⁿ⁻¹ dx."""
    from scipy.special import ndtr

    if w <= 0:
        return 0.0
    x, weight = _nodes()
    density = np.exp(-(x**2) / 2) / sqrt(2 * np.pi)
    return float(_sized(n) * (weight @ (density * (ndtr(x + w) - _phi()) ** (n - 1))))


@cache
def range_quantile(p: float, n: int) -> float:
    """Return the range that ``n`` standard normal values stay below with probability ``p``.

    >>> round(range_quantile(0.5, 2), 9)  # √2 Φ⁻¹(0.75)
    0.953872552
    """
    from scipy.optimize import brentq

    if not 0 <= p < 1:
        what = msg("A probability lies between 0 and 1.")
        raise InputError([Problem("bad_probability", what, place="p")])
    if p == 0:
        return 0.0
    return float(brentq(lambda w: range_cdf(w, n) - p, 1e-12, 2 * REACH, xtol=1e-13, rtol=1e-14))


def d4(n: int) -> float:
    """Return the median range of ``n`` standard normal values."""
    return range_quantile(0.5, n)


@dataclass(frozen=True)
class ChartConstants:
    """The factors of Shewhart charts for subgroups of ``n``, named as in the tables of quality control.

    ``A2, A3, A``: limits of the mean from R̄, s̄, σ; ``D3, D4`` and ``D1, D2``: limits of the range from R̄ and σ;
    ``B3, B4`` and ``B5, B6``: limits of the standard deviation from s̄ and σ. All are three-sigma factors.
    """

    n: int
    d2: float
    d3: float
    c4: float
    d4: float
    A: float
    A2: float
    A3: float
    B3: float
    B4: float
    B5: float
    B6: float
    D1: float
    D2: float
    D3: float
    D4: float


def chart_constants(n: int, sigmas: float = 3.0) -> ChartConstants:
    """Return the factors of Shewhart charts for subgroups of ``n`` values.

    >>> k = chart_constants(5)
    >>> round(k.A2, 4), round(k.D4, 4), round(k.B4, 4)
    (0.5768, 2.1145, 2.089)
    """
    if not 0 < sigmas < inf:
        what = msg("The number of sigmas is above 0.")
        raise InputError([Problem("bad_sigmas", what, place="sigmas")])
    two, three, four, five = d2(n), d3(n), c4(n), c5(n)
    wide, spread = sigmas * three / two, sigmas * five / four
    root = sigmas / sqrt(n)
    return ChartConstants(
        n, two, three, four, d4(n), root, root / two, root / four,
        max(0.0, 1 - spread), 1 + spread, max(0.0, four - sigmas * five), four + sigmas * five,
        max(0.0, two - sigmas * three), two + sigmas * three, max(0.0, 1 - wide), 1 + wide,
    )  # fmt: skip


def matched_freedom(relative_variance: float) -> float:
    """Return ν of the standard deviation whose relative variance c5(ν + 1)²/c4(ν + 1)² is this (Patnaik).

    >>> round(matched_freedom((c5(11) / c4(11)) ** 2), 9)
    10.0
    """
    from scipy.optimize import brentq

    def excess(log_nu: float) -> float:
        nu = exp(log_nu)
        mean = sqrt(2 / nu) * exp(lgamma((nu + 1) / 2) - lgamma(nu / 2))
        return (1 - mean**2) / mean**2 - relative_variance

    return float(exp(brentq(excess, log(1e-2), log(1e10), xtol=1e-13)))


def moments_of_average_range(groups: int, n: int) -> tuple[float, float]:
    """Return (d2*, ν): R̄²/d2*² of ``groups`` subgroups of ``n`` has mean σ² and about ν degrees of freedom.

    d2* = √(d2² + d3²/g); ν solves, by matching the coefficient of variation of a chi variate with that of R̄,
    c5(ν)²/c4(ν)² = d3² / (g d2²), where c4(ν) is that of a standard deviation with ν degrees of freedom.

    Source: A. J. Duncan (1955), "The use of ranges in comparing variabilities", Industrial Quality Control 11(5);
    P. B. Patnaik (1950), Biometrika 37, 78-87.
    """
    if groups < 1 or groups != int(groups):
        what = msg("There is at least one subgroup.")
        raise InputError([Problem("no_subgroups", what, place="groups")])
    relative = d3(n) ** 2 / (groups * d2(n) ** 2)
    return sqrt(d2(n) ** 2 + d3(n) ** 2 / groups), matched_freedom(relative)
