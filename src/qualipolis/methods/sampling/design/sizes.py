"""How many units are needed: for a margin of error, for finding at least one, for telling two rates apart."""

from __future__ import annotations

import math
from statistics import NormalDist

from qualipolis.methods.problems import InputError, Problem, msg


def n_for_cv(cv: float, unit_cv: float, population: float | None = None) -> float:
    """Return the number of units for a coefficient of variation of an estimated mean.

    ``n0 = (unit_cv / cv)**2``, with a finite population ``n0 / (1 + n0 / N)``; round up. Cochran (1977), (4.6).

    >>> n_for_cv(0.05, 2), round(n_for_cv(0.05, 2, 500), 4)
    (1600.0, 380.9524)
    """
    _require(cv > 0 and unit_cv >= 0, "cv", msg("A coefficient of variation is not above 0."))
    first = (unit_cv / cv) ** 2
    return round(first, 9) if population is None else first / (1.0 + first / population)


def n_for_margin(p: float, margin: float, level: float = 0.95, population: float | None = None) -> float:
    """Return the number of units for a margin of error of a proportion, by the normal interval.

    ``z² p q / e²``; finite: ``z² p q a / (e² + z² p q / (N-1))``, ``a = N / (N-1)``; round up. Not for p near 0 or 1: use
    :func:`n_for_wilson`. Valliant, Dever and Kreuter (2018), section 3.2.

    >>> round(n_for_margin(0.1, 0.05), 4), round(n_for_margin(0.5, 0.03, population=2000), 4)
    (138.2925, 696.0515)
    """
    _shares(p, margin, level)
    spread = _z(level) ** 2 * p * (1.0 - p)
    if population is None:
        return spread / margin**2
    return spread * population / (population - 1.0) / (margin**2 + spread / (population - 1.0))


def n_for_wilson(p: float, margin: float, level: float = 0.95) -> float:
    """Return the number of units whose Wilson interval around p has this half width; round up.

    >>> round(n_for_wilson(0.04, 0.02), 4)
    385.0138
    """
    _shares(p, margin, level)
    z2, e2 = _z(level) ** 2, margin**2
    middle, last = 2.0 * e2 * z2 - z2 * p * (1.0 - p), e2 * z2**2 - z2**2 / 4.0
    return (-middle + math.sqrt(middle**2 - 4.0 * e2 * last)) / (2.0 * e2)


def n_to_find_one(share: float, probability: float = 0.95, population: int | None = None) -> int:
    """Return the smallest number of units that hold at least one bad one with a probability.

    Independent units: ``1 - (1-share)**n``. With a population of N holding ``ceil(share N)`` bad ones: hypergeometric.

    >>> n_to_find_one(0.05), n_to_find_one(0.05, population=100)
    (59, 45)
    """
    _require(0 < share < 1 and 0 < probability < 1, "share", msg("A share or probability is not between 0 and 1."))
    if population is None:
        return math.ceil(math.log1p(-probability) / math.log1p(-share) - 1e-12)
    bad, miss = math.ceil(share * population - 1e-9), 1.0
    for n in range(1, population + 1):
        miss *= max(population - bad - n + 1, 0) / (population - n + 1)
        if 1.0 - miss >= probability - 1e-12:
            return n
    return population


def chance_to_find_one(n: int, share: float, population: int | None = None) -> float:
    """Return the probability that n units hold at least one bad one (see :func:`n_to_find_one`).

    >>> round(chance_to_find_one(59, 0.05), 4), round(chance_to_find_one(45, 0.05, 100), 4)
    (0.9515, 0.9538)
    """
    if population is None:
        return 1.0 - (1.0 - share) ** n
    bad = math.ceil(share * population - 1e-9)
    return 1.0 - math.comb(population - bad, n) / math.comb(population, n)


def power_of_two_rates(p1: float, p2: float, n1: float, n2: float, alpha: float = 0.05) -> float:
    """Return the probability that a two-sided test finds a difference between two rates (normal approximation).

    Divide n by the design effect first where the design is not simple random. Fleiss, Levin and Paik (2003), (4.14)
    without continuity correction.

    >>> round(power_of_two_rates(0.94, 0.92, 1500, 1500), 4)
    0.5741
    """
    _require(n1 > 0 and n2 > 0, "n", msg("A number of units is not above 0."))
    _shares(p1, 0.5, 1.0 - alpha)
    _shares(p2, 0.5, 1.0 - alpha)
    pooled = (n1 * p1 + n2 * p2) / (n1 + n2)
    null = math.sqrt(pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2))
    real = math.sqrt(p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2)
    z, normal = _z(1.0 - alpha), NormalDist()
    gap = abs(p1 - p2)
    return normal.cdf((gap - z * null) / real) + normal.cdf((-gap - z * null) / real)


def n_for_power(p1: float, p2: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Return the number of units in each of two years that tells two rates apart with a power; simple random.

    >>> n = n_for_power(0.94, 0.92)
    >>> power_of_two_rates(0.94, 0.92, n, n) >= 0.8 > power_of_two_rates(0.94, 0.92, n - 1, n - 1)
    True
    """
    _require(p1 != p2 and 0 < power < 1, "power", msg("Equal rates cannot be told apart."))
    low, high = 1, 2
    while power_of_two_rates(p1, p2, high, high, alpha) < power:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_of_two_rates(p1, p2, middle, middle, alpha) >= power else (middle, high)
    return high


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1.0 + level) / 2.0)


def _shares(p: float, margin: float, level: float) -> None:
    sound = 0 < p < 1 and 0 < margin < 1 and 0 < level < 1
    _require(sound, "p", msg("A proportion, margin or level is not between 0 and 1."))


def _require(sound: bool, place: str, what: str) -> None:
    if not sound:
        raise InputError([Problem(f"bad_{place}", what, msg("Correct the number."), place=place)])
