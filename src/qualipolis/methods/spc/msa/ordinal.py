"""Grades in order: do appraisers put items in the same order, and how far do they agree on it.

Two columns: Kendall's τ_b, corrected for ties. Many: Kendall's W = 12 Σ (R_i − R̄)²/(m²(n³ − n) − m ΣT), T = Σ (t³ − t) of
the ties of each judge; χ² = m (n − 1) W with n − 1 degrees of freedom, a fair approximation from 8 items on.

Source: M. G. Kendall and J. D. Gibbons (1990), *Rank Correlation Methods*, 5th ed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats


@dataclass(frozen=True)
class RankAgreement:
    """A rank statistic from −1 or 0 to 1, its p-value, and the number of items."""

    statistic: float
    p: float
    n: int


def _grades(values: ArrayLike, place: str, least: int) -> Floats:
    x = np.asarray(values, dtype=np.float64)
    wrong = []
    if x.ndim != 2 or x.shape[0] < 3 or x.shape[1] < least or not np.isfinite(x).all():
        what = msg("Give one row for each item with a grade of every judge, two judges and three items at least.")
        wrong.append(Problem("bad_shape", what, place=place))
    elif np.ptp(x, axis=0).min() == 0:
        wrong.append(Problem("one_category", msg("A judge gave every item the same grade."), place=place))
    refuse(wrong)
    return x


def kendall_tau(first: ArrayLike, second: ArrayLike) -> RankAgreement:
    """Return τ_b of two columns of grades, with an exact p-value where there are no ties.

    >>> round(kendall_tau([1, 2, 3, 4, 5], [1, 3, 2, 4, 5]).statistic, 3)
    0.8
    """
    from scipy.stats import kendalltau

    one, two = (np.asarray(v, dtype=np.float64).ravel() for v in (first, second))
    if len(one) != len(two):
        refuse([Problem("not_paired", msg("Pairs need two columns of the same length."), place="second")])
    x = _grades(np.stack([one, two], axis=1), "first", 2)
    found = kendalltau(x[:, 0], x[:, 1])
    return RankAgreement(float(found.statistic), float(found.pvalue), len(x))


def concordance(grades: ArrayLike) -> RankAgreement:
    """Return Kendall's W of (items, judges) grades.

    >>> round(concordance([[1, 1, 2], [2, 3, 1], [3, 2, 3], [4, 4, 4]]).statistic, 3)
    0.778
    """
    from scipy.special import chdtrc
    from scipy.stats import rankdata

    x = _grades(grades, "grades", 2)
    n, m = x.shape
    ranks = rankdata(x, axis=0)
    ties = 0.0
    for column in ranks.T:
        t = np.unique(column, return_counts=True)[1].astype(np.float64)
        ties += float(np.sum(t**3 - t))
    apart = ranks.sum(axis=1) - m * (n + 1) / 2
    w = 12 * float(apart @ apart) / (m**2 * (n**3 - n) - m * ties)
    return RankAgreement(w, float(chdtrc(n - 1, m * (n - 1) * w)), n)
