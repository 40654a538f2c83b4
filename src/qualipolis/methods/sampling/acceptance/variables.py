"""Variables plans for one limit: accept when the mean lies at least k standard deviations inside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.sampling.acceptance.checks import Floats, one_of, qualities, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

SIGMAS = ("known", "unknown")
NODES, TAIL = 200, 1e-18


@dataclass(frozen=True)
class VariablesPlan:
    """Measure ``n`` units; accept if ``(U - mean) / s ≥ k`` (or ``(mean - L) / s ≥ k``); s is σ where it is known."""

    n: int
    k: float
    sigma: str = "unknown"

    def __post_init__(self) -> None:
        problems = one_of(self.sigma, SIGMAS, "sigma")
        problems += whole(self.n, "n", least=2 if self.sigma == "unknown" else 1)
        if not math.isfinite(self.k):
            what = msg("The acceptance constant %(k)s is not a number.")
            problems.append(Problem("bad_k", what, msg("Give a finite number."), {"k": self.k}, "k"))
        refuse(problems)

    def __str__(self) -> str:
        return f"n = {self.n}, k = {self.k:.4f} (sigma {self.sigma})"


@dataclass(frozen=True, eq=False)
class VariablesOc:
    """Probability of acceptance ``pa`` of a variables plan at each fraction nonconforming ``p``."""

    p: Floats
    pa: Floats

    def to_frame(self) -> pl.DataFrame:
        """Return a table with the columns ``p``, ``pa``."""
        import polars as pl

        return pl.DataFrame({"p": self.p, "pa": self.pa})


def variables_oc(plan: VariablesPlan, p: ArrayLike) -> VariablesOc:
    """Return the operating characteristic of a variables plan with one limit.

    With ``z_p`` the upper p quantile of the normal distribution::

        sigma known     Pa = Φ(√n (z_p - k))
        sigma unknown   Pa = P(T ≥ k √n),  T noncentral t, n - 1 degrees of freedom, noncentrality √n z_p

    It assumes a normal characteristic and independent units; a long tail breaks it, and no sample of this size shows it.

    Parameters
    ----------
    p : fractions nonconforming, 0 to 1

    References
    ----------
    ISO 3951-1; Schilling & Neubauer (2017), ch. 10.

    >>> variables_oc(VariablesPlan(21, 1.76078252), [0.01, 0.10]).pa.round(4).tolist()
    [0.95, 0.0956]
    """
    from scipy.special import ndtr, ndtri

    levels = qualities(p, "binomial")
    z = -ndtri(levels)
    if plan.sigma == "known":
        return VariablesOc(levels, np.asarray(ndtr(math.sqrt(plan.n) * (z - plan.k)), dtype=np.float64))
    return VariablesOc(levels, np.array([_accepts(plan, float(shift)) for shift in z]))


def _accepts(plan: VariablesPlan, z: float) -> float:
    """``P(Z + √n z ≥ k √n S)`` with S² chi-square over n - 1: the noncentral t, integrated over S.

    Its usual series fail far out; this integral of a smooth product does not.
    """
    from scipy.special import gammainccinv, gammaincinv, gammaln, ndtr

    if math.isinf(z):
        return 1.0 if z > 0 else 0.0
    half = (plan.n - 1) / 2
    ends = (math.sqrt(float(gammaincinv(half, TAIL)) / half), math.sqrt(float(gammainccinv(half, TAIL)) / half))
    nodes, weights = _legendre()
    s = ends[0] + (ends[1] - ends[0]) * (nodes + 1) / 2
    log_density = math.log(2) + half * math.log(half) + (2 * half - 1) * np.log(s) - half * s**2 - float(gammaln(half))
    chance = ndtr(math.sqrt(plan.n) * (z - plan.k * s)) * np.exp(log_density)
    return min(1.0, float(weights @ chance) * (ends[1] - ends[0]) / 2)


@lru_cache(maxsize=1)
def _legendre() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights


def find_variables_plan(p1: float, alpha: float, p2: float, beta: float, sigma: str = "unknown") -> VariablesPlan:
    """Return the variables plan with the smallest n that meets two points, k at the producer's point.

    The smallest n for which the k with ``Pa(p1) = 1 - α`` has ``Pa(p2) ≤ β``::

        sigma known     k = z_p1 - z_α / √n,  n ≥ ((z_α + z_β) / (z_p1 - z_p2))²
        sigma unknown   k = t(α; n - 1, √n z_p1) / √n

    Parameters
    ----------
    p1, alpha : producer's quality and risk
    p2, beta : consumer's quality and risk, p2 above p1
    sigma : ``"known"`` or ``"unknown"``

    Raises
    ------
    InputError
        a share outside (0, 1), p1 not below p2, risks that add up to 1

    References
    ----------
    Lieberman & Resnikoff (1955), JASA 50, 457-516.

    >>> print(find_variables_plan(0.01, 0.05, 0.10, 0.10, "known"))
    n = 8, k = 1.7448 (sigma known)
    >>> print(find_variables_plan(0.01, 0.05, 0.10, 0.10))
    n = 21, k = 1.7608 (sigma unknown)
    """
    from qualipolis.methods.sampling.acceptance.find import size_problems, two_point_problems

    refuse(two_point_problems(p1, alpha, p2, beta) + one_of(sigma, SIGMAS, "sigma"))
    refuse(size_problems(p1, alpha, p2, beta))
    z1, z2, za, zb = (NormalDist().inv_cdf(1 - share) for share in (p1, p2, alpha, beta))
    n = max(1, math.ceil(((za + zb) / (z1 - z2)) ** 2 - 1e-9))
    if sigma == "known":
        return VariablesPlan(n, z1 - za / math.sqrt(n), sigma)

    n = _smallest(lambda m: _accepts(VariablesPlan(m, _k_unknown(m, z1, alpha)), z2) <= beta, max(2, n))
    return VariablesPlan(n, _k_unknown(n, z1, alpha), sigma)


def _k_unknown(n: int, z1: float, alpha: float) -> float:
    from scipy.optimize import brentq

    def gap(k: float) -> float:
        return _accepts(VariablesPlan(n, k), z1) - (1 - alpha)

    low, high = z1 - 1.0, z1 + 1.0
    while gap(low) < 0:
        low -= 2.0
    while gap(high) > 0:
        high += 2.0
    return float(brentq(gap, low, high, xtol=1e-14, rtol=1e-14))


def _smallest(holds: Callable[[int], bool], low: int) -> int:
    """Return the smallest whole number from ``low`` on for which ``holds``, which stays true once it is."""
    if holds(low):
        return low
    step = 1
    while not holds(low + step):
        step *= 2
    least, most = low + step // 2, low + step
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if holds(middle) else (middle, most)
    return most
