"""Rectifying inspection: lots that are not accepted are sorted; what then leaves, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import refuse
from qualipolis.methods.sampling.acceptance.attributes import AttributePlan, stage_probabilities
from qualipolis.methods.sampling.acceptance.checks import Floats, distribution_problems, qualities

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class Rectification:
    """Average outgoing quality and average total inspection at each quality, and the worst outgoing quality."""

    p: Floats
    pa: Floats
    aoq: Floats
    ati: Floats
    aoql: float
    aoql_at: float

    def to_frame(self) -> pl.DataFrame:
        """Return a table with the columns ``p``, ``pa``, ``aoq``, ``ati``."""
        import polars as pl

        return pl.DataFrame({"p": self.p, "pa": self.pa, "aoq": self.aoq, "ati": self.ati})

    def __str__(self) -> str:
        return f"AOQL = {self.aoql:.6f} at p = {self.aoql_at:.6f}"


def rectification(plan: AttributePlan, lot_size: int, p: ArrayLike, distribution: str = "binomial") -> Rectification:
    """Return AOQ and ATI of ``plan`` when lots that are not accepted are sorted and made good.

    With ``A_k(p)`` the probability of acceptance at stage k after ``n_k`` units in all, and N units in the lot::

        AOQ(p) = p Σ A_k (N - n_k) / N        ATI(p) = N - Σ A_k (N - n_k)        AOQL = max AOQ

    Nonconforming units that are found are replaced by good ones; sorting is taken to miss nothing.

    Parameters
    ----------
    lot_size : N, units in the lot
    p : fractions nonconforming; the largest AOQ is looked for over all p, not only over these
    distribution : as in :func:`oc_curve`

    References
    ----------
    Dodge & Romig (1959), Sampling Inspection Tables; Schilling & Neubauer (2017), ch. 14.

    >>> print(rectification(AttributePlan.single(80, 2), 1000, [0.01]))
    AOQL = 0.015742 at p = 0.028093
    """
    refuse(distribution_problems(distribution, lot_size, plan.cumulative[-1]))
    levels = qualities(p, distribution)
    if distribution == "hypergeometric":
        levels = np.round(levels * lot_size) / lot_size
    accept = stage_probabilities(plan, levels, distribution, lot_size).accept
    left = _uninspected(plan, lot_size) @ accept
    worst, at = _limit(plan, lot_size, distribution)
    return Rectification(levels, accept.sum(axis=0), levels * left / lot_size, lot_size - left, worst, at)


def _uninspected(plan: AttributePlan, lot_size: int) -> Floats:
    return lot_size - np.array(plan.cumulative, dtype=np.float64)


def _limit(plan: AttributePlan, lot_size: int, distribution: str) -> tuple[float, float]:
    """Return the largest AOQ and where it is: exact over all D of a lot, otherwise refined between grid points."""
    from scipy.optimize import minimize_scalar

    def outgoing(p: Floats) -> Floats:
        accept = stage_probabilities(plan, p, distribution, lot_size).accept
        return np.asarray(p * (_uninspected(plan, lot_size) @ accept) / lot_size)

    if distribution == "hypergeometric":
        grid = np.arange(lot_size + 1) / lot_size
        values = outgoing(grid)
        return float(values.max()), float(grid[values.argmax()])
    last = max(1.0, 4.0 * (plan.ac[-1] + 3) / plan.n[0]) if distribution == "poisson" else 1.0
    grid = np.concatenate([[0.0], np.geomspace(1e-7, last, 600)])
    values = outgoing(grid)
    k = int(values.argmax())
    ends = (float(grid[max(k - 1, 0)]), float(grid[min(k + 1, grid.size - 1)]))
    found = minimize_scalar(
        lambda x: -float(outgoing(np.array([x]))[0]), bounds=ends, method="bounded", options={"xatol": 1e-14}
    )
    inner = (float(-found.fun), float(found.x))
    return max(inner, (float(values[k]), float(grid[k])))
