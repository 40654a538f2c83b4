"""Pairs: the same part before and after, by one gauge and another; and the proof that nothing changed.

Paired t: t = d̄/(s_d/√n). Signed rank: exact without ties and zeros below 50 pairs, else normal with corrections; zeros are
left out. Equivalence (two one-sided tests): shown where both H: Δ ≤ low and H: Δ ≥ high are refused, which is where the
1 − 2α interval lies inside the margins.

Source: F. Wilcoxon (1945), Biometrics Bulletin 1, 80-83; D. J. Schuirmann (1987), "A comparison of the two one-sided tests
procedure and the power approach", J. Pharmacokinetics and Biopharmaceutics 15, 657-680.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.result import Comparison, Effect, confidence_problems, samples
from qualipolis.methods.spc.comparison.two import EXACT_BELOW, mean_difference, t_test


def _differences(first: ArrayLike, second: ArrayLike) -> Floats:
    x, y = (np.asarray(v, dtype=np.float64).ravel() for v in (first, second))
    if len(x) != len(y):
        refuse([Problem("not_paired", msg("Pairs need two columns of the same length."), place="second")])
    return samples({"first": x - y}, spread=False)[0]


def paired_difference(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Comparison:
    """Return the mean of first − second of each pair; a pair with a missing value is left out.

    >>> print(paired_difference([5.1, 4.9, 5.3, 5.0], [4.9, 4.8, 5.0, 4.9]).effect)
    0.175 [0.02265, 0.3273]
    """
    refuse(confidence_problems(confidence))
    d = _differences(first, second)
    if np.ptp(d) == 0:
        refuse([Problem("no_spread", msg("All differences are equal: there is no spread to judge."), place="first")])
    return t_test(
        "paired t", float(d.mean()), float(d.std(ddof=1)) / sqrt(len(d)), float(len(d) - 1), (len(d),), confidence
    )


def signed_rank(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Comparison:
    """Return Wilcoxon's signed rank test of pairs: V, the sum of the ranks of positive differences, and the median shift.

    >>> found = signed_rank([5.1, 4.9, 5.35, 5.0, 5.6, 5.7], [4.9, 4.87, 5.0, 4.9, 5.1, 5.1])
    >>> found.statistic, round(found.p, 4)
    (21.0, 0.0312)
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata, wilcoxon

    refuse(confidence_problems(confidence))
    d = _differences(first, second)
    used = d[d != 0]
    refuse([] if len(used) else [Problem("no_spread", msg("All differences are zero."), place="first")])
    n = len(used)
    exact = n < EXACT_BELOW and len(np.unique(np.abs(used))) == n == len(d)
    found = wilcoxon(used, method="exact") if exact else wilcoxon(used, method="asymptotic", correction=True)
    statistic = float(rankdata(np.abs(used))[used > 0].sum())
    walsh = np.sort(((used[:, None] + used)[np.triu_indices(n)]) / 2)
    half = float(ndtri((1 + confidence) / 2)) * sqrt(n * (n + 1) * (2 * n + 1) / 24)
    k = max(0, int(np.floor(n * (n + 1) / 4 - half)))
    effect = Effect(float(np.median(walsh)), float(walsh[k]), float(walsh[-k - 1]), confidence, "Hodges-Lehmann")
    words = {"p": "exact" if exact else "normal, corrected for ties and continuity", "zeros": len(d) - n}
    return Comparison("signed rank", statistic, (), float(found.pvalue), (n,), effect, words)


@dataclass(frozen=True)
class Equivalence:
    """Whether a difference lies inside its margins: the larger of two one-sided p-values, and the 1 − 2α interval."""

    equivalent: bool
    p: float
    p_low: float
    p_high: float
    effect: Effect
    margins: tuple[float, float]
    alpha: float
    test: str


def equivalence(
    first: ArrayLike, second: ArrayLike, margins: tuple[float, float], *, paired: bool = False, alpha: float = 0.05
) -> Equivalence:
    """Return the proof that first − second lies inside ``margins`` (two one-sided tests).

    A difference that was not found is no proof of equality; this is. One margin may be infinite: non-inferiority.

    >>> found = equivalence([5.1, 4.9, 5.0, 5.0, 5.2], [5.0, 4.9, 5.1, 5.0, 5.1], (-0.3, 0.3))
    >>> found.equivalent, round(found.p, 3)
    (True, 0.001)
    """
    from scipy.special import stdtr

    low, high = margins
    wrong = (
        [] if low < high else [Problem("bad_margins", msg("The lower margin is below the upper one."), place="margins")]
    )
    if not 0 < alpha < 0.5:
        wrong.append(Problem("bad_alpha", msg("The error probability lies between 0 and 0.5."), place="alpha"))
    refuse(wrong)
    inside = 1 - 2 * alpha
    found = paired_difference(first, second) if paired else mean_difference(first, second)
    assert found.effect is not None
    error = _error(found)
    again = t_test(found.name, found.effect.value, error, found.freedom[0], found.n, inside)
    assert again.effect is not None
    p_low = float(stdtr(found.freedom[0], -(found.effect.value - low) / error))
    p_high = float(stdtr(found.freedom[0], (found.effect.value - high) / error))
    p = max(p_low, p_high)
    return Equivalence(p < alpha, p, p_low, p_high, again.effect, (low, high), alpha, found.name)


def _error(found: Comparison) -> float:
    from scipy.special import stdtrit

    assert found.effect is not None
    width = found.effect.high - found.effect.low
    return float(width / 2 / stdtrit(found.freedom[0], (1 + found.effect.confidence) / 2))
