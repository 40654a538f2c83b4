"""Tolerance intervals: limits that hold at least a share P of the population with a given confidence.

Normal, one side: x̄ + k₁s with k₁ = t_{conf}(n−1; √n z_P)/√n (non-central t), exact.
Normal, two sides: x̄ ± k₂s, where k₂ solves

    ∫ P(χ²_ν ≥ ν r(z)²/k₂²) φ(z√n)√n dz = confidence,    Φ(z + r) − Φ(z − r) = P,

taken by Gauss-Legendre quadrature (exact, where tables rest on Howe's approximation). Without a distribution: order
statistics, and the smallest n for which the extremes are enough (Wilks). Counts: limits of the rate carried to the
number expected in m further units.

Source: ISO 16269-6:2014; K. Krishnamoorthy and T. Mathew (2009), *Statistical Tolerance Regions*, Wiley; S. S. Wilks
(1941), "Determination of sample sizes for setting tolerance limits", Ann. Math. Stat. 12, 91-96; W. G. Howe (1969), JASA 64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats

Sides = Literal["two", "lower", "upper"]
NODES = 64


@dataclass(frozen=True)
class ToleranceInterval:
    """Limits (infinite on a side that was not asked), the share they hold, with which confidence, and how."""

    low: float
    high: float
    share: float
    confidence: float
    method: str
    n: int


def _refuse(share: float, confidence: float, n: float = 2) -> None:
    wrong = []
    for value, place in ((share, "share"), (confidence, "confidence")):
        if not 0 < value < 1:
            what = msg("Share and confidence lie between 0 and 1.")
            wrong.append(Problem("bad_share", what, place=place))
    if n < 2:
        wrong.append(Problem("few_values", msg("A tolerance interval needs at least two values."), place="values"))
    if wrong:
        raise InputError(wrong)


def factor_one_sided(n: int, share: float, confidence: float, freedom: float | None = None) -> float:
    """Return k₁: x̄ + k₁s lies above a share of a normal population with the confidence.

    >>> round(factor_one_sided(5, 0.9, 0.95), 6)
    3.406633
    """
    from scipy.special import ndtri
    from scipy.stats import nct

    _refuse(share, confidence, n)
    df = n - 1 if freedom is None else freedom
    return float(nct.ppf(confidence, df, np.sqrt(n) * ndtri(share)) / np.sqrt(n))


@lru_cache(maxsize=256)
def factor_two_sided(n: int, share: float, confidence: float, freedom: float | None = None) -> float:
    """Return k₂: x̄ ± k₂s holds a share of a normal population with the confidence.

    >>> round(factor_two_sided(43, 0.9, 0.99), 4), round(factor_two_sided(20, 0.99, 0.95), 5)
    (2.2228, 3.62099)
    """
    from scipy.optimize import brentq
    from scipy.special import gammaincc

    _refuse(share, confidence, n)
    df = float(n - 1 if freedom is None else freedom)
    x, w = np.polynomial.legendre.leggauss(NODES)
    reach = 9.0 / np.sqrt(n)
    z = reach * (x + 1) / 2
    density = np.exp(-n * z**2 / 2) * np.sqrt(n / (2 * np.pi))
    weight, r = reach * w * density, _radius(z, share)  # twice the half: the integrand is even in z

    def excess(log_k: float) -> float:
        return float(weight @ gammaincc(df / 2, df * (r / np.exp(log_k)) ** 2 / 2) - confidence)

    return float(np.exp(brentq(excess, np.log(1e-3), np.log(1e9), xtol=1e-13)))


def _radius(z: Floats, share: float) -> Floats:
    """Return r with Φ(z + r) − Φ(z − r) = share, by Newton's method from below its inflection."""
    from scipy.special import ndtr, ndtri

    r = np.full(z.shape, float(ndtri((1 + share) / 2))) + z
    for _ in range(60):
        error = ndtr(z + r) - ndtr(z - r) - share
        slope = (np.exp(-((z + r) ** 2) / 2) + np.exp(-((z - r) ** 2) / 2)) / np.sqrt(2 * np.pi)
        step = np.clip(error / np.maximum(slope, 1e-300), -0.5, 0.5)
        r -= step
        if np.max(np.abs(step)) < 1e-14:
            break
    return r


def _numbers(values: ArrayLike) -> Floats:
    x = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(x).all():
        what = msg("A value is not a number.")
        raise InputError([Problem("not_finite", what, msg("Leave it out when it is missing."), place="values")])
    return x


def normal_tolerance(
    values: ArrayLike, *, share: float = 0.95, confidence: float = 0.95, sides: Sides = "two"
) -> ToleranceInterval:
    """Return the exact tolerance interval of normal values.

    >>> found = normal_tolerance([9.8, 10.1, 10.0, 9.9, 10.2])
    >>> round(found.low, 3), round(found.high, 3)
    (9.197, 10.803)
    """
    x = _numbers(values)
    _refuse(share, confidence, len(x))
    mean, sd = float(x.mean()), float(x.std(ddof=1))
    k = (factor_two_sided if sides == "two" else factor_one_sided)(len(x), share, confidence)
    low = -np.inf if sides == "upper" else mean - k * sd
    high = np.inf if sides == "lower" else mean + k * sd
    return ToleranceInterval(low, high, share, confidence, "normal", len(x))


def smallest_n(share: float, confidence: float, sides: Sides = "two") -> int:
    """Return how many values are needed so that their extremes hold the share with the confidence, whatever the law.

    One side: 1 − Pⁿ ≥ conf. Two: 1 − nPⁿ⁻¹ + (n − 1)Pⁿ ≥ conf.

    >>> smallest_n(0.95, 0.95), smallest_n(0.95, 0.95, "upper")
    (93, 59)
    """
    _refuse(share, confidence)
    one = int(np.ceil(np.log1p(-confidence) / np.log(share) - 1e-12))
    if sides != "two":
        return one
    n = max(2, one)
    while 1 - n * share ** (n - 1) + (n - 1) * share**n < confidence:
        n += 1
    return n


def order_tolerance(
    values: ArrayLike, *, share: float = 0.95, confidence: float = 0.95, sides: Sides = "two"
) -> ToleranceInterval:
    """Return the tolerance interval between order statistics, without a distribution, as narrow as they allow.

    The values from the r-th smallest to the r-th largest (r and r + 1 when one more can be left out) hold the share with
    the confidence P(Bin(n, P) ≤ n − left out). The confidence that is reached is at least the one asked for.

    Raises
    ------
    InputError
        There are fewer values than :func:`smallest_n`.
    """
    from scipy.stats import binom

    x = np.sort(_numbers(values))
    n, needed = len(x), smallest_n(share, confidence, sides)
    if n < needed:
        what = msg("%(n)s values are too few to hold a share of %(share)s without a distribution.")
        remedy = msg("Take at least %(needed)s values.")
        params = {"n": n, "share": share, "needed": needed}
        raise InputError([Problem("few_values", what, remedy, params, "values")])
    # left out: how many values lie outside the interval, counted with its ends on the asked sides
    outside = int(binom.ppf(1 - confidence, n, 1 - share))
    while binom.cdf(outside - 1, n, 1 - share) > 1 - confidence + 1e-15:
        outside -= 1
    low_rank = outside // 2 if sides == "two" else outside
    high_rank = outside - low_rank if sides == "two" else outside
    low = -np.inf if sides == "upper" else float(x[low_rank - 1])
    high = np.inf if sides == "lower" else float(x[n - high_rank])
    reached = 1 - float(binom.cdf(outside - 1, n, 1 - share))
    return ToleranceInterval(low, high, share, reached, "order statistics", n)


def exponential_tolerance(
    values: ArrayLike, *, share: float = 0.95, confidence: float = 0.95, sides: Sides = "upper"
) -> ToleranceInterval:
    """Return the exact one-sided tolerance limit of exponential values: 2nx̄/χ² times −ln of the share left beyond."""
    from scipy.stats import chi2

    x = _numbers(values)
    _refuse(share, confidence, len(x))
    if sides == "two" or x.min() < 0:
        what = msg("The limit of exponential values is one-sided, and none of them is below 0.")
        raise InputError([Problem("one_sided_only", what, place="sides")])
    total, n = 2 * float(x.sum()), len(x)
    low, high = -np.inf, np.inf
    if sides == "upper":
        high = -np.log1p(-share) * total / chi2.ppf(1 - confidence, 2 * n)
    else:
        low = -np.log(share) * total / chi2.ppf(confidence, 2 * n)
    return ToleranceInterval(float(low), float(high), share, confidence, "exponential", n)


def count_tolerance(
    events: int,
    units: int,
    future: int,
    *,
    share: float = 0.95,
    confidence: float = 0.95,
    method: str = "clopper_pearson",
) -> ToleranceInterval:
    """Return the bad units that ``share`` of future lots hold, from those among the units seen.

    The limits of the share, by ``method`` (of the binomial interval), are taken as shares of a lot of ``future`` units; the
    interval runs from the lower quantile at the lower limit to the upper quantile at the upper one.

    Source: G. J. Hahn and R. Chandra (1981), "Tolerance intervals for Poisson and binomial variables", J. Quality Technology
    13, 100-110.

    >>> found = count_tolerance(10, 230, 1000)
    >>> found.low, found.high
    (13.0, 96.0)
    """
    from scipy.stats import binom

    from qualipolis.methods.sampling.estimation.binomial import binomial_interval

    _refuse(share, confidence, units)
    if future != int(future) or future < 1:
        what = msg("The lot has at least one unit.")
        raise InputError([Problem("bad_lot", what, place="future")])
    low, high = (float(v) for v in binomial_interval(events, units, confidence, method))
    tail = (1 - share) / 2
    limits = float(binom.ppf(tail, future, max(low, 0.0))), float(binom.ppf(1 - tail, future, min(high, 1.0)))
    return ToleranceInterval(max(0.0, limits[0]), limits[1], share, confidence, f"binomial, {method}", int(units))
