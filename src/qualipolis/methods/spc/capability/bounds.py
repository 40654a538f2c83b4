"""Confidence limits of capability indices.

Cp, Pp: Ĉ √(χ²_{α/2}(ν)/ν) … Ĉ √(χ²_{1−α/2}(ν)/ν).
One-sided indices: 3√n Ĉ is non-central t with ν degrees of freedom and non-centrality 3√n C, exactly when σ̂ has ν
degrees of freedom; its limits solve P(T ≥ 3√n Ĉ | C_low) = α/2 and P(T ≤ 3√n Ĉ | C_high) = α/2.
Cpk, Ppk: Ĉ (1 ± z √(1/(9nĈ²) + 1/(2ν))), an approximation that is good for n ≥ 30 and indices above 0.7.
Cpm: Ĉ √(χ²_p(ν′)/ν′), ν′ = n (1 + ξ²)²/(1 + 2ξ²), ξ = (x̄ − T)/s.

Source: S. Kotz and N. L. Johnson (1993), *Process Capability Indices*, Chapman & Hall; A. F. Bissell (1990), "How reliable
is your capability index?", Applied Statistics 39, 331-340; R. A. Boyles (1991), Journal of Quality Technology 23, 17-26.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Index:
    """An index with its confidence limits, how they were found, and the one-sided lower bound.

    ``bound`` is exceeded by the true index with probability ``confidence``: it is what a requirement is held against.
    """

    value: float
    low: float
    high: float
    bound: float
    method: str

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def _chi(value: float, freedom: float, p: float) -> float:
    from scipy.stats import chi2

    return float(value * sqrt(chi2.ppf(p, freedom) / freedom))


def chi_square(value: float, freedom: float, confidence: float) -> Index:
    """Return a two-sided index with its exact limits."""
    tail = (1 - confidence) / 2
    low, high, bound = (_chi(value, freedom, p) for p in (tail, 1 - tail, 2 * tail))
    return Index(value, low, high, bound, "chi-square")


def one_sided(value: float, n: float, freedom: float, confidence: float) -> Index:
    """Return a one-sided index with its exact limits by the non-central t distribution.

    >>> print(one_sided(1.33, 20, 19, 0.95))
    1.330 [0.884, 1.772]
    """
    tail = (1 - confidence) / 2
    low, high, bound = (_noncentral(value, n, freedom, p) for p in (1 - tail, tail, 1 - 2 * tail))
    return Index(value, low, high, bound, "non-central t")


def _noncentral(value: float, n: float, freedom: float, p: float) -> float:
    """Return C with P(T ≤ 3√n value | C) = p."""
    from scipy.optimize import brentq
    from scipy.special import nctdtr, ndtri

    scale, t = 3 * sqrt(n), 3 * sqrt(n) * value
    spread = sqrt(1 + t * t / (2 * freedom))
    middle = t - ndtri(p) * spread

    def excess(shift: float) -> float:
        return float(nctdtr(freedom, shift, t) - p)

    low, high = middle - spread, middle + spread
    while excess(low) < 0:
        low -= 2 * spread
    while excess(high) > 0:
        high += 2 * spread
    return float(brentq(excess, low, high, xtol=1e-12) / scale)


def approximate(value: float, n: float, freedom: float, confidence: float) -> Index:
    """Return Cpk or Ppk with the limits of Bissell."""
    from scipy.stats import norm

    relative = sqrt(1 / (9 * n) + value**2 / (2 * freedom))
    two, one = norm.ppf((1 + confidence) / 2), norm.ppf(confidence)
    return Index(value, value - two * relative, value + two * relative, value - one * relative, "normal (Bissell)")


def around_target(value: float, n: float, away: float, confidence: float) -> Index:
    """Return Cpm with the limits of Boyles; ``away`` is (mean − target)/σ."""
    freedom = n * (1 + away**2) ** 2 / (1 + 2 * away**2)
    found = chi_square(value, freedom, confidence)
    return Index(found.value, found.low, found.high, found.bound, "chi-square (Boyles)")
