"""The smallest attribute plan that meets two points of the operating characteristic, exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.sampling.acceptance.attributes import AttributePlan, at_most
from qualipolis.methods.sampling.acceptance.checks import between, distribution_problems

LARGEST = 1_000_000
"""The largest sample that is looked for; two qualities that need more are called too close."""
NEAR = 1e-9


@dataclass(frozen=True)
class FoundPlan:
    """The smallest plan, with the risks it really has at the two points."""

    n: int
    c: int
    producer_risk: float
    consumer_risk: float
    distribution: str
    lot_size: int | None = None

    @property
    def plan(self) -> AttributePlan:
        """The plan, to compute with."""
        return AttributePlan.single(self.n, self.c)

    def __str__(self) -> str:
        risks = f"producer's risk {self.producer_risk:.4f}, consumer's risk {self.consumer_risk:.4f}"
        return f"n = {self.n}, Ac = {self.c}, Re = {self.c + 1} ({self.distribution}; {risks})"


def find_plan(
    p1: float, alpha: float, p2: float, beta: float, distribution: str = "binomial", lot_size: int | None = None
) -> FoundPlan:
    """Return the single plan with the smallest n, then the smallest c, that meets two points.

    ``Pa(p1) ≥ 1 - α`` and ``Pa(p2) ≤ β``. For each c, Pa falls as n grows, so the samples that protect the consumer
    begin at one n and those that protect the producer end at another; the first c for which the two meet has the
    smallest n of all, since the consumer's n grows with c. Nothing is approximated.

    Parameters
    ----------
    p1, alpha : quality that should be accepted, and the risk that it is not
    p2, beta : quality that should not be accepted, and the risk that it is; p2 above p1
    distribution : ``"binomial"``, ``"hypergeometric"`` (with ``lot_size``) or ``"poisson"``
    lot_size : units in the lot. A lot of quality p1 then has at most ``floor(p1 N)``, one of p2 at least
        ``ceil(p2 N)`` nonconforming units

    Raises
    ------
    InputError
        a share outside (0, 1), p1 not below p2, risks that add up to 1 or more, a lot too small to tell the two apart

    References
    ----------
    Guenther (1969), Journal of Quality Technology 1, 82-87; Schilling & Neubauer (2017), ch. 5.

    >>> print(find_plan(0.01, 0.05, 0.10, 0.10))
    n = 52, Ac = 2, Re = 3 (binomial; producer's risk 0.0154, consumer's risk 0.0966)
    >>> found = find_plan(0.01, 0.05, 0.10, 0.10, "hypergeometric", 500)
    >>> found.n, found.c
    (37, 1)
    """
    refuse(two_point_problems(p1, alpha, p2, beta) + distribution_problems(distribution, lot_size))
    if distribution == "hypergeometric" and lot_size is not None:
        p1, p2 = _in_lot(p1, p2, lot_size)
    else:
        refuse(size_problems(p1, alpha, p2, beta))
    n, c = _smallest((p1, alpha), (p2, beta), distribution, lot_size)
    risks = 1 - _pa(c, n, p1, distribution, lot_size), _pa(c, n, p2, distribution, lot_size)
    return FoundPlan(n, c, *risks, distribution, lot_size)


def _smallest(
    producer: tuple[float, float], consumer: tuple[float, float], distribution: str, lot_size: int | None
) -> tuple[int, int]:
    top = int(lot_size) if distribution == "hypergeometric" and lot_size is not None else LARGEST
    c = 0
    while True:
        n = _consumer_n(c, *consumer, distribution, lot_size, top)
        if n is None:
            raise InputError([_too_close(producer[0], consumer[0])])
        if _pa(c, n, producer[0], distribution, lot_size) >= 1 - producer[1]:
            return n, c
        c += 1


def two_point_problems(p1: float, alpha: float, p2: float, beta: float) -> list[Problem]:
    """Return what is wrong with two points (p1, 1 - α) and (p2, β)."""
    given = {"p1": p1, "alpha": alpha, "p2": p2, "beta": beta}
    problems = [problem for place, value in given.items() for problem in between(value, place)]
    if not problems and p1 >= p2:
        what = msg("The good quality %(p1)s is not better than the bad quality %(p2)s.")
        problems.append(Problem("p1_over_p2", what, msg("Give p1 below p2."), {"p1": p1, "p2": p2}, "p1, p2"))
    if not problems and alpha + beta >= 1:
        what = msg("The risks %(alpha)s and %(beta)s add up to 1 or more: any coin would do.")
        params = {"alpha": alpha, "beta": beta}
        problems.append(Problem("risks_over_1", what, msg("Use 0.05 and 0.10, for example."), params, "alpha, beta"))
    return problems


def size_problems(p1: float, alpha: float, p2: float, beta: float) -> list[Problem]:
    """Return a problem if the sample, by its normal approximation, is beyond :data:`LARGEST`."""
    z1, z2 = NormalDist().inv_cdf(1 - alpha), NormalDist().inv_cdf(1 - beta)
    rough = ((z1 * math.sqrt(p1 * (1 - p1)) + z2 * math.sqrt(p2 * (1 - p2))) / (p2 - p1)) ** 2
    return [_too_close(p1, p2)] if rough > LARGEST else []


def _in_lot(p1: float, p2: float, lot: int) -> tuple[float, float]:
    return math.floor(p1 * lot + NEAR) / lot, math.ceil(p2 * lot - NEAR) / lot


def _too_close(p1: float, p2: float) -> Problem:
    what = msg("No sample tells %(p1)s from %(p2)s with these risks.")
    remedy = msg("Take the two qualities further apart, allow larger risks, or inspect every unit.")
    return Problem("too_close", what, remedy, {"p1": p1, "p2": p2}, "p1, p2")


def _pa(c: int, n: int, p: float, distribution: str, lot_size: int | None) -> float:
    return float(at_most(c, n, np.array([p]), distribution, lot_size)[0])


def _consumer_n(c: int, p2: float, beta: float, distribution: str, lot: int | None, top: int) -> int | None:
    """Return the smallest n with ``Pa(p2) ≤ β`` for acceptance number ``c``; None above ``top``."""
    low, high = c, max(c + 1, 2)
    while high < top and _pa(c, high, p2, distribution, lot) > beta:
        low, high = high, high * 2
    high = min(high, top)
    if low >= top or _pa(c, high, p2, distribution, lot) > beta:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _pa(c, middle, p2, distribution, lot) <= beta else (middle, high)
    return high
