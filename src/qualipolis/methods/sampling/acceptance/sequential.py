"""Wald's sequential plan: after each unit accept, do not accept, or take one more; cut off at a last unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.sampling.acceptance.attributes import OcCurve
from qualipolis.methods.sampling.acceptance.checks import Floats, qualities, whole
from qualipolis.methods.sampling.acceptance.find import find_plan, two_point_problems

OVER_SINGLE = 1.5


@dataclass(frozen=True)
class SequentialPlan:
    """After n units with d nonconforming: accept if ``d ≤ s n - h1``, do not accept if ``d ≥ s n + h2``.

    At ``last`` units the lot is accepted with ``last_ac`` nonconforming or fewer.
    """

    h1: float
    h2: float
    slope: float
    last: int
    last_ac: int

    def acceptance(self, n: int) -> int:
        """Largest count that accepts after ``n`` units; -1 where none does yet."""
        return self.last_ac if n >= self.last else max(-1, math.floor(self.slope * n - self.h1 + 1e-12))

    def rejection(self, n: int) -> int:
        """Smallest count that ends inspection without acceptance after ``n`` units."""
        early = math.ceil(self.slope * n + self.h2 - 1e-12)
        return self.last_ac + 1 if n >= self.last else early

    def decide(self, n: int, d: int) -> str:
        """Return ``"accept"``, ``"do not accept"`` or ``"continue"`` after ``n`` units with ``d`` nonconforming.

        >>> sequential_plan(0.01, 0.05, 0.10, 0.10).decide(30, 0)
        'accept'
        """
        refuse(whole(n, "n", least=1) + whole(d, "d", least=0))
        if d <= self.acceptance(n):
            return "accept"
        return "do not accept" if d >= self.rejection(n) else "continue"

    def __str__(self) -> str:
        lines = f"h1 = {self.h1:.4f}, h2 = {self.h2:.4f}, s = {self.slope:.5f}"
        return f"{lines}; at n = {self.last}: Ac = {self.last_ac}, Re = {self.last_ac + 1}"


def sequential_plan(p1: float, alpha: float, p2: float, beta: float, last: int | None = None) -> SequentialPlan:
    """Return Wald's plan for a fraction nonconforming, cut off at ``last`` units.

    With ``g = ln(p2 / p1) + ln((1 - p1) / (1 - p2))``::

        h1 = ln((1 - α) / β) / g    h2 = ln((1 - β) / α) / g    s = ln((1 - p1) / (1 - p2)) / g

    The lines hold the risks only nearly (Wald's neglect of overshoot), and the cut moves them again: ask
    :func:`sequential_oc` for the risks that the plan really has.

    Parameters
    ----------
    p1, alpha, p2, beta : as in :func:`find_plan`
    last : units after which the lot is decided; default 1.5 times the single plan, as ISO 28591 does; acceptance
        there at ``floor(s last)``

    References
    ----------
    Wald (1947), Sequential Analysis; ISO 28591:2017 (the rule of 1.5; its tables are not reproduced here).

    >>> print(sequential_plan(0.01, 0.05, 0.10, 0.10))
    h1 = 0.9389, h2 = 1.2054, s = 0.03975; at n = 78: Ac = 3, Re = 4
    """
    problems = two_point_problems(p1, alpha, p2, beta)
    refuse(problems + ([] if last is None else whole(last, "last", least=1)))
    odds = math.log((1 - p1) / (1 - p2))
    g = math.log(p2 / p1) + odds
    h1, h2, slope = math.log((1 - alpha) / beta) / g, math.log((1 - beta) / alpha) / g, odds / g
    end = last or math.ceil(OVER_SINGLE * find_plan(p1, alpha, p2, beta).n)
    return SequentialPlan(h1, h2, slope, end, math.floor(slope * end))


def sequential_oc(plan: SequentialPlan, p: ArrayLike) -> OcCurve:
    """Return the exact operating characteristic and average sample number of a sequential plan with its cut.

    The distribution of the count is carried on unit by unit between the two lines; nothing is approximated.

    Parameters
    ----------
    p : fractions nonconforming, 0 to 1

    References
    ----------
    Aroian (1968), Technometrics 10, 125-132 (the direct method).

    >>> curve = sequential_oc(sequential_plan(0.01, 0.05, 0.10, 0.10), [0.01, 0.10])
    >>> curve.pa.round(3).tolist(), curve.asn.round(1).tolist()
    ([0.978, 0.106], [29.9, 22.1])
    """
    levels = qualities(p, "binomial")
    refuse(_cut_problems(plan))
    chance = np.zeros((plan.last_ac + plan.last + 2, levels.size))
    chance[0] = 1.0
    pa, asn = np.zeros(levels.size), np.zeros(levels.size)
    counts = np.arange(chance.shape[0])
    for n in range(1, plan.last + 1):
        asn += chance.sum(axis=0)
        chance = _one_more(chance, levels)
        pa += chance[counts <= plan.acceptance(n)].sum(axis=0)
        chance[(counts <= plan.acceptance(n)) | (counts >= plan.rejection(n))] = 0.0
        if not chance.any():
            break
    return OcCurve(levels, np.clip(pa, 0, 1), asn, "binomial")


def _one_more(chance: Floats, p: Floats) -> NDArray[np.float64]:
    moved = chance * (1 - p)
    moved[1:] += chance[:-1] * p
    return moved


def _cut_problems(plan: SequentialPlan) -> list[Problem]:
    if plan.last <= 20_000:
        return []
    what = msg("A sequential plan of %(last)s units is too long to follow unit by unit.")
    return [Problem("too_long", what, msg("Set an earlier last unit."), {"last": plan.last}, "last")]
