"""Proof of a life without, or with few, failures: success run, Weibayes; and the fit by median ranks of older practice.

Success run: n units that last t show reliability R = (1 − C)^(1/n) at t with confidence C; with a known Weibull shape β
and units that last Lt, (1 − C)^(1/(n Lᵝ)). Weibayes: with a known β and r failures, η ≥ (2 Σtᵝ/χ²_C(2r + 2))^(1/β).

Source: D. Kececioglu (1993), *Reliability and Life Testing Handbook*; R. B. Abernethy (2006), *The New Weibull Handbook*,
5th ed., chapters 2 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.reliability.lifetimes import Lifetimes, _only_seen


def _refuse(bad: bool, place: str) -> None:
    if bad:
        what = msg("Numbers, times and shapes are above 0, and probabilities between 0 and 1.")
        raise InputError([Problem("bad_proof", what, place=place)])


def success_run(n: int, confidence: float = 0.9, *, life_ratio: float = 1.0, shape: float = 1.0) -> float:
    """Return the reliability that ``n`` units without a failure show.

    >>> round(success_run(22, 0.9), 4)
    0.9006
    """
    _refuse(n < 1 or not 0 < confidence < 1 or life_ratio <= 0 or shape <= 0, "n")
    return float((1 - confidence) ** (1 / (n * life_ratio**shape)))


def success_run_size(
    reliability: float, confidence: float = 0.9, *, life_ratio: float = 1.0, shape: float = 1.0
) -> int:
    """Return how many units must last without a failure to show a reliability.

    >>> success_run_size(0.9, 0.9), success_run_size(0.9, 0.9, life_ratio=2.0, shape=2.0)
    (22, 6)
    """
    _refuse(not 0 < reliability < 1 or not 0 < confidence < 1 or life_ratio <= 0 or shape <= 0, "reliability")
    return int(np.ceil(np.log1p(-confidence) / np.log(reliability) / life_ratio**shape - 1e-12))


def weibayes(life: Lifetimes, shape: float, confidence: float = 0.9) -> float:
    """Return the lower limit of the characteristic life when the shape is known, also without any failure.

    >>> from qualipolis.methods.spc.reliability.lifetimes import lifetimes
    >>> round(weibayes(lifetimes([1000.0] * 5, [0] * 5), 2.0), 1)
    1473.6
    """
    from scipy.stats import chi2

    _refuse(not shape > 0 or not 0 < confidence < 1, "shape")
    _only_seen(life)
    total = float(np.sum(life.lower**shape))
    return float((2 * total / chi2.ppf(confidence, 2 * life.failures + 2)) ** (1 / shape))


@dataclass(frozen=True)
class RankFit:
    """Weibull shape and characteristic life by regression of log time on median ranks, and r²."""

    shape: float
    characteristic: float
    r2: float


def rank_regression(life: Lifetimes) -> RankFit:
    """Return the fit by exact median ranks, with Johnson's adjusted ranks for suspensions, X on Y.

    A graphical method of older practice: maximum likelihood uses what is known of suspensions better.

    >>> from qualipolis.methods.spc.reliability.lifetimes import lifetimes
    >>> round(rank_regression(lifetimes([16, 34, 53, 75, 93, 120])).shape, 3)
    1.443
    """
    from scipy.stats import beta

    _only_seen(life)
    order = np.lexsort((~life.exact, life.lower))
    time, failed = life.lower[order], life.exact[order]
    n, rank, ranks = len(time), 0.0, []
    for place in np.flatnonzero(failed):
        rank += (n + 1 - rank) / (n - place + 1)
        ranks.append(rank)
    if len(ranks) < 2 or np.ptp(time[failed]) == 0:
        what = msg("The fit by ranks needs failures at two times at least.")
        raise InputError([Problem("few_failures", what, place="time")])
    median = beta.ppf(0.5, np.array(ranks), n + 1 - np.array(ranks))
    y, x = np.log(-np.log1p(-median)), np.log(time[failed])
    slope = float(np.sum((y - y.mean()) * (x - x.mean())) / np.sum((y - y.mean()) ** 2))
    r2 = float(np.corrcoef(x, y)[0, 1] ** 2)
    return RankFit(1 / slope, float(np.exp(x.mean() - slope * y.mean())), r2)
