"""What a line of a plan can tell before anybody samples: margin, difference between two years, finding at least one."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from qualipolis.methods.sampling.design.sizes import chance_to_find_one, n_for_wilson, n_to_find_one, power_of_two_rates

FIND = 0.05
EXPECTED = 5  # failures expected in the worse year, below which the normal approximation is no guide


@dataclass(frozen=True)
class Power:
    """What ``n`` batches can tell.

    Parameters
    ----------
    n, effective : batches, and what they are worth under the design effect
    margin : half the width of the 95 % Wilson interval at the expected rate
    difference : smallest fall of the rate from the expected one that two years of n find in 8 of 10 cases; None when
        none can be found
    find : chance to hold at least one nonconforming batch where a share ``nonconforming`` is
    n_for_margin : batches for the margin wanted, None without a wish
    n_to_find : batches for a chance of 95 % to hold one
    """

    n: int
    effective: float
    margin: float | None
    difference: float | None
    find: float
    n_for_margin: int | None
    n_to_find: int


def power_of_line(
    n: int, rate: float, *, margin: float | None = None, deff: float = 1.0, nonconforming: float = FIND
) -> Power:
    """Return what a line of ``n`` batches can tell at an expected pass rate.

    Parameters
    ----------
    n : batches planned
    rate : expected pass rate, 0 to 1 (kept between 0.5 % and 99.5 %)
    margin : half width wanted
    deff : design effect of the draw, at least that of a simple one
    nonconforming : share of nonconforming batches that should be found

    References
    ----------
    J. L. Fleiss, B. Levin, M. C. Paik (2003), Statistical Methods for Rates and Proportions, 4.14.

    >>> found = power_of_line(300, 0.94)
    >>> round(found.margin, 4), round(found.difference, 4), round(found.find, 4), found.n_to_find
    (0.0273, 0.0664, 1.0, 59)
    """
    p = min(max(rate, 0.005), 0.995)
    effective = n / max(deff, 1e-9)
    half = None if effective < 1 else _half(p, effective)
    wanted = None if not margin else ceil(n_for_wilson(p, margin) * deff - 1e-9)
    least = ceil(n_to_find_one(nonconforming) * max(deff, 1.0) - 1e-9)
    chance = chance_to_find_one(max(int(effective), 0), nonconforming)
    return Power(n, effective, half, _difference(p, effective), chance, wanted, least)


def _half(p: float, n: float) -> float:
    """Half the width of the Wilson interval around p of n cases, which need not be whole."""
    z = NormalDist().inv_cdf(0.975)
    return z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)


def _difference(p: float, n: float, power: float = 0.8) -> float | None:
    low, high = 0.0, p - 0.001
    if n < 2 or power_of_two_rates(p, p - high, n, n) < power:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        if middle > 0 and power_of_two_rates(p, p - middle, n, n) >= power:
            high = middle
        else:
            low = middle
    return high if n * (1 - p + high) >= EXPECTED else None
