"""Three groups and more: do their means, spreads or ranks differ, and which of them.

Means: one-way analysis of variance, or Welch's where spreads differ. Pairs: Tukey with a common variance, Games-Howell
without. Spreads: Levene about the median (Brown-Forsythe) or mean, Bartlett (normal values only), Fligner-Killeen. Ranks:
Kruskal-Wallis.

Source: B. L. Welch (1951), Biometrika 38, 330-336; P. A. Games and J. F. Howell (1976), J. Educational Statistics 1, 113-125;
M. B. Brown and A. B. Forsythe (1974), JASA 69, 364-367; W. J. Conover, M. E. Johnson and M. M. Johnson (1981), "A
comparative study of tests for homogeneity of variances", Technometrics 23, 351-361.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.result import Comparison, Effect, confidence_problems, groups_of
from qualipolis.methods.spc.comparison.studentized import studentized_quantile, studentized_sf

SpreadTest = Literal["brown_forsythe", "levene", "bartlett", "fligner"]


@dataclass(frozen=True)
class MeansTest:
    """Whether means differ: F and p, degrees of freedom, sums of squares, and the share of variance explained, ω².

    ``squares`` are between and within groups, and None for Welch's test, which has none.
    """

    name: str
    f: float
    freedom: tuple[float, float]
    p: float
    squares: tuple[float, float] | None
    omega_squared: float
    n: Mapping[Any, int]
    means: Mapping[Any, float]


def compare_means(groups: Mapping[Any, ArrayLike], *, equal_variances: bool = False) -> MeansTest:
    """Return whether the means of groups differ: Welch's analysis of variance, or the classical one.

    >>> found = compare_means({"A": [5.1, 4.9, 5.3], "B": [4.6, 4.8, 4.5], "C": [5.0, 5.2, 5.4]})
    >>> found.name, round(found.f, 3), round(found.p, 4)
    ('Welch', 8.06, 0.0407)
    """
    from scipy.special import fdtrc

    found = groups_of(groups, spread=False)
    n = np.array([len(v) for v in found.values()], dtype=np.float64)
    means = np.array([v.mean() for v in found.values()])
    variances = np.array([v.var(ddof=1) for v in found.values()])
    k, total = len(n), float(n.sum())
    _refuse_flat(variances, equal_variances)
    between = float(n @ (means - (n @ means) / total) ** 2)
    within = float((n - 1) @ variances)
    error = within / (total - k)
    f, freedom = between / (k - 1) / error, (float(k - 1), total - k)
    omega = max(0.0, (between - (k - 1) * error) / (between + within + error))
    if not equal_variances:
        f, freedom = _welch(n, means, variances)
    names = list(found)
    return MeansTest(
        "classical" if equal_variances else "Welch", f, freedom, float(fdtrc(*freedom, f)),
        (between, within) if equal_variances else None, omega,
        dict(zip(names, n.astype(int).tolist(), strict=True)), dict(zip(names, means.tolist(), strict=True)),
    )  # fmt: skip


def _refuse_flat(variances: Floats, equal: bool) -> None:
    if (equal and variances.max() == 0) or (not equal and variances.min() == 0):
        what = msg("A group has no spread: every value in it is equal.")
        refuse([Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="groups")])


def _welch(n: Floats, means: Floats, variances: Floats) -> tuple[float, tuple[float, float]]:
    k, weight = len(n), n / variances
    share = weight / weight.sum()
    away = float(weight @ (means - share @ means) ** 2) / (k - 1)
    lack = float(np.sum((1 - share) ** 2 / (n - 1)))
    return away / (1 + 2 * (k - 2) / (k**2 - 1) * lack), (float(k - 1), (k**2 - 1) / (3 * lack))


@dataclass(frozen=True)
class Pair:
    """Two groups: second − first with limits that hold for all pairs together, and the adjusted p-value."""

    first: Any
    second: Any
    effect: Effect
    p: float


def compare_pairs(
    groups: Mapping[Any, ArrayLike], *, equal_variances: bool = False, confidence: float = 0.95
) -> tuple[Pair, ...]:
    """Return every pair of groups: Games-Howell, or Tukey-Kramer with a common variance.

    >>> found = compare_pairs({"A": [5.1, 4.9, 5.3], "B": [4.6, 4.8, 4.5]})
    >>> print(found[0].first, found[0].second, found[0].effect)
    A B -0.4667 [-0.8813, -0.052]
    """
    refuse(confidence_problems(confidence))
    found = groups_of(groups, spread=False)
    names = list(found)
    n = np.array([len(v) for v in found.values()], dtype=np.float64)
    means = np.array([v.mean() for v in found.values()])
    variances = np.array([v.var(ddof=1) for v in found.values()])
    _refuse_flat(variances, equal_variances)
    k = len(names)
    if equal_variances:
        variances = np.full(k, float((n - 1) @ variances / (n.sum() - k)))
    one, two = np.triu_indices(k, 1)
    part = variances / n
    error = np.sqrt((part[one] + part[two]) / 2)
    nu = (part[one] + part[two]) ** 2 / (part[one] ** 2 / (n[one] - 1) + part[two] ** 2 / (n[two] - 1))
    if equal_variances:
        nu = np.full(len(one), n.sum() - k)
    apart = means[two] - means[one]
    p = studentized_sf(np.abs(apart) / error, k, nu)
    method = "Tukey-Kramer" if equal_variances else "Games-Howell"
    pairs = []
    for i, j, value, scale, df, chance in zip(one, two, apart, error, nu, p, strict=True):
        half = studentized_quantile(confidence, k, float(df)) * scale
        effect = Effect(float(value), float(value - half), float(value + half), confidence, method)
        pairs.append(Pair(names[i], names[j], effect, float(chance)))
    return tuple(pairs)


def compare_spreads(groups: Mapping[Any, ArrayLike], *, method: SpreadTest = "brown_forsythe") -> Comparison:
    """Return whether the spreads of groups differ.

    ``"brown_forsythe"`` (Levene about the median) and ``"fligner"`` hold for values that are not normal; ``"bartlett"``
    does not.

    >>> found = compare_spreads({"A": [5.1, 4.9, 5.3, 5.0], "B": [4.1, 4.8, 5.5, 6.2]})
    >>> round(found.statistic, 3), round(found.p, 3)
    (7.667, 0.032)
    """
    from scipy.special import chdtrc
    from scipy.stats import bartlett, levene

    found = groups_of(groups)
    data, n = list(found.values()), tuple(len(v) for v in found.values())
    k, total = float(len(n)), float(sum(n))
    test: Any
    if method == "bartlett":
        test = bartlett(*data)
    elif method == "fligner":
        statistic = _fligner(data)
        return Comparison(method, statistic, (k - 1,), float(chdtrc(k - 1, statistic)), n)
    else:
        test = levene(*data, center="median" if method == "brown_forsythe" else "mean")
    freedom = (k - 1,) if method == "bartlett" else (k - 1, total - k)
    return Comparison(method, float(test.statistic), freedom, float(test.pvalue), n)


def _fligner(data: list[Floats]) -> float:
    """Return Fligner-Killeen about medians; distances equal but for the rounding of a computer are ties.

    The two values beside the median of an even group are always tied; R and scipy lose that tie to rounding at times.
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    away = np.concatenate([np.abs(v - np.median(v)) for v in data])
    score = ndtri((1 + rankdata(np.round(away / away.max(), 10)) / (len(away) + 1)) / 2)
    ends = np.cumsum([0, *(len(v) for v in data)])
    middle = score.mean()
    between = sum((b - a) * (score[a:b].mean() - middle) ** 2 for a, b in pairwise(ends))
    return float(between / score.var(ddof=1))


def compare_ranks(groups: Mapping[Any, ArrayLike]) -> Comparison:
    """Return the Kruskal-Wallis test, corrected for ties.

    >>> found = compare_ranks({"A": [5.1, 4.9, 5.3], "B": [4.6, 4.8, 4.5]})
    >>> round(found.statistic, 3), round(found.p, 3)
    (3.857, 0.05)
    """
    from scipy.stats import kruskal

    found = groups_of(groups, spread=False)
    data = list(found.values())
    if np.ptp(np.concatenate(data)) == 0:
        refuse([Problem("no_spread", msg("All values are equal: there is no spread to judge."), place="groups")])
    test = kruskal(*data)
    n = tuple(len(v) for v in data)
    return Comparison("Kruskal-Wallis", float(test.statistic), (len(n) - 1.0,), float(test.pvalue), n)
