"""Checking a declared quality level: the design rule of GB/T 2828.4 (ISO 2859-4), derived, not the standard's table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.sampling.acceptance.attributes import AttributePlan, at_most, quality_at
from qualipolis.methods.sampling.acceptance.checks import between, whole
from qualipolis.methods.sampling.acceptance.wording import CONTRADICTED, NOT_CONTRADICTED, Verdict

DERIVED = msg(
    "Derived from the published design rule, not taken from the table of GB/T 2828.4 / ISO 2859-4, which was not available. "
    "Its published example (DQL 0.65 per cent, 2 allowed: n = 127 in 2020, n = 125 in 2002) is not reproduced: the rule gives 126."
)
RISK = 0.05
LQ_RISK = 0.10


@dataclass(frozen=True)
class DeclaredPlan:
    """Take ``n`` units; the sample contradicts the declared level ``dql`` if more than ``limit`` are nonconforming.

    ``risk`` is the probability of contradicting a correct declaration, ``lqr`` the ratio of the quality that escapes
    contradiction with probability 0.10 to the declared one.
    """

    dql: float
    n: int
    limit: int
    risk: float
    lqr: float
    status: str = DERIVED

    def judge(self, nonconforming: int) -> Verdict:
        """Return what a sample with ``nonconforming`` units says of the declaration."""
        refuse(whole(nonconforming, "nonconforming", least=0))
        return CONTRADICTED if nonconforming > self.limit else NOT_CONTRADICTED

    def __str__(self) -> str:
        return f"n = {self.n}, L = {self.limit} (risk {self.risk:.4f}, LQR {self.lqr:.2f}; derived, not the standard's)"


def declared_plan(dql: float, limit: int = 0, risk: float = RISK) -> DeclaredPlan:
    """Return the largest sample that contradicts a correct declaration with at most ``risk``.

    The largest n with ``P(X ≤ limit | n, dql) ≥ 1 - risk``, X binomial; ``LQR = p(Pa = 0.10) / dql``. This is the
    design rule that the abstract of ISO 2859-4:2020 states (5 %), not its table: see ``status``.

    Parameters
    ----------
    dql : declared quality level, a fraction nonconforming
    limit : nonconforming units allowed in the sample (L)
    risk : largest probability of contradicting a correct declaration

    Raises
    ------
    InputError
        dql or risk outside (0, 1), or a level so high that even the smallest sample contradicts it too often

    References
    ----------
    ISO 2859-4:2020, abstract; GB/T 2828.4-2008.

    >>> plan = declared_plan(0.0065, 2)
    >>> print(plan)
    n = 126, L = 2 (risk 0.0496, LQR 6.41; derived, not the standard's)
    >>> plan.judge(3).code
    'contradicted'
    """
    refuse(between(dql, "dql") + between(risk, "risk") + whole(limit, "limit", least=0))
    low = _largest(limit, dql, risk)
    if low <= limit:
        what = msg("With a declared level of %(dql)s and %(limit)s allowed, no sample keeps the risk at %(risk)s.")
        remedy = msg("Allow more nonconforming units, or declare a better level.")
        params = {"dql": dql, "limit": limit, "risk": risk}
        raise InputError([Problem("no_declared_plan", what, remedy, params, "dql, limit")])
    lqr = quality_at(AttributePlan.single(low, limit), LQ_RISK) / dql
    return DeclaredPlan(dql, low, limit, 1 - _right(limit, low, dql), lqr)


def _largest(limit: int, dql: float, risk: float) -> int:
    """Return the largest n with ``P(X ≤ limit) ≥ 1 - risk``; ``limit`` itself if there is none above it."""
    low, high = limit, max(2, 2 * limit)
    while _right(limit, high, dql) >= 1 - risk:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _right(limit, middle, dql) >= 1 - risk else (low, middle)
    return low


def _right(limit: int, n: int, dql: float) -> float:
    return float(at_most(limit, n, np.array([dql]), "binomial", None)[0])
