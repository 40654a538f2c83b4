"""Shares and rates of two samples, and tables of counts.

Shares: Fisher's exact test with the conditional odds ratio; χ² of a table, with or without Yates' correction; the
difference p₁ − p₂ with Newcombe's square-and-add limits (never outside −1 … 1), or Wald's as printed elsewhere.
Rates: given the total X₁ + X₂, X₁ is binomial with share T₁ρ/(T₁ρ + T₂); its exact limits give those of ρ.

Source: R. A. Fisher (1935), J. Royal Statistical Society 98, 39-82; R. G. Newcombe (1998), Statistics in Medicine 17,
873-890; J. Przyborowski and H. Wilenski (1940), Biometrika 31, 313-323.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.sampling.estimation.binomial import binomial_interval
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.result import Comparison, Effect, confidence_problems

DifferenceMethod = Literal["newcombe", "wald", "wald_corrected"]
Sample = tuple[float, float]


def _count_problems(given: dict[str, Sample], shares: bool) -> list[Problem]:
    wrong = []
    for place, (events, size) in given.items():
        numbers = np.isfinite(events) and np.isfinite(size) and events >= 0 and size > 0 and events == int(events)
        if not numbers or (shares and (events > size or size != int(size))):
            what = msg("A count is a whole number from 0 on, and what it is counted in is above 0.")
            wrong.append(Problem("bad_count", what, msg("Give the events first, then the units."), place=place))
    return wrong


def fisher_exact(first: tuple[int, int], second: tuple[int, int], *, confidence: float = 0.95) -> Comparison:
    """Return Fisher's exact test of two shares, each (hits, cases), with the conditional odds ratio and exact limits.

    >>> found = fisher_exact((37, 120), (14, 118))
    >>> print(found.effect, round(found.p, 6))
    3.295 [1.613, 7.062] 0.000448
    """
    from scipy.stats import fisher_exact

    refuse(_count_problems({"first": first, "second": second}, True) + confidence_problems(confidence))
    table = np.array([[x, n - x] for x, n in (first, second)], dtype=np.int64)
    p = float(fisher_exact(table).pvalue)
    effect = None
    if table.sum(axis=0).min() > 0:
        effect = Effect(*_odds_ratio(table, confidence), confidence, "conditional, exact")
    return Comparison("Fisher", float("nan"), (), min(1.0, p), (int(first[1]), int(second[1])), effect)


def _odds_ratio(table: NDArray[np.int64], confidence: float) -> tuple[float, float, float]:
    """Return the conditional odds ratio and its exact limits, by the non-central hypergeometric law of the first cell."""
    from scipy.optimize import brentq
    from scipy.stats import hypergeom

    (hits, _), (rows, column) = table[0], (table.sum(axis=1), int(table[:, 0].sum()))
    support = np.arange(max(0, column - rows[1]), min(rows[0], column) + 1)
    weights = hypergeom.logpmf(support, int(table.sum()), column, rows[0])

    def chances(log_ratio: float) -> Floats:
        found = weights + support * log_ratio
        found = np.exp(found - found.max())
        return np.asarray(found / found.sum())

    def solved(excess: Callable[[Floats], float]) -> float:
        return float(np.exp(brentq(lambda log_ratio: excess(chances(log_ratio)), -40.0, 40.0, xtol=1e-13, rtol=1e-14)))

    tail, first, last = (1 - confidence) / 2, hits == support[0], hits == support[-1]
    ratio = 0.0 if first else inf if last else solved(lambda p: float(p @ support) - hits)
    low = 0.0 if first else solved(lambda p: float(p[support >= hits].sum()) - tail)
    high = inf if last else solved(lambda p: float(p[support <= hits].sum()) - tail)
    return ratio, low, high


def share_difference(
    first: tuple[int, int],
    second: tuple[int, int],
    *,
    method: DifferenceMethod = "newcombe",
    confidence: float = 0.95,
) -> Comparison:
    """Return p₁ − p₂ of two shares, each (hits, cases), with the χ² test of equal shares.

    ``"wald_corrected"`` corrects both test and limits for continuity, as R's ``prop.test`` does.

    >>> found = share_difference((37, 120), (14, 118))
    >>> print(found.effect, round(found.statistic, 3))
    0.1897 [0.08619, 0.2888] 12.715
    """
    from scipy.special import chdtrc

    refuse(_count_problems({"first": first, "second": second}, True) + confidence_problems(confidence))
    (x, n), (y, m) = first, second
    p, q, both = x / n, y / m, (x + y) / (n + m)
    correction = min(0.5, abs(p - q) / (1 / n + 1 / m)) if method == "wald_corrected" else 0.0
    spread = both * (1 - both) * (1 / n + 1 / m)
    away = abs(p - q) - correction * (1 / n + 1 / m)
    statistic = away**2 / spread if spread else 0.0
    low, high = _difference_limits(first, second, method, correction, confidence)
    return Comparison(
        "chi-square", statistic, (1.0,), float(chdtrc(1, statistic)), (int(n), int(m)),
        Effect(p - q, max(-1.0, low), min(1.0, high), confidence, method),
    )  # fmt: skip


def _difference_limits(
    first: Sample, second: Sample, method: str, correction: float, confidence: float
) -> tuple[float, float]:
    from scipy.special import ndtri

    (x, n), (y, m) = first, second
    p, q = x / n, y / m
    if method == "newcombe":
        (a, b), (c, d) = (binomial_interval(k, size, confidence, "wilson") for k, size in (first, second))
        low, high = sqrt((p - float(a)) ** 2 + (float(d) - q) ** 2), sqrt((float(b) - p) ** 2 + (q - float(c)) ** 2)
        return p - q - low, p - q + high
    half = float(ndtri((1 + confidence) / 2)) * sqrt(p * (1 - p) / n + q * (1 - q) / m)
    half += correction * (1 / n + 1 / m)
    return p - q - half, p - q + half


def rate_ratio(first: Sample, second: Sample, *, confidence: float = 0.95) -> Comparison:
    """Return the ratio of two rates, each (events, units of exposure), exact given the number of all events.

    >>> found = rate_ratio((37, 120), (14, 118))
    >>> print(found.effect, round(found.p, 6))
    2.599 [1.372, 5.204] 0.001802
    """
    from scipy.stats import binomtest

    refuse(_count_problems({"first": first, "second": second}, False) + confidence_problems(confidence))
    (x, t), (y, u) = first, second
    total = int(x + y)
    if total == 0:
        refuse(
            [Problem("no_events", msg("Nothing was counted in either sample: a ratio has no meaning."), place="first")]
        )
    p = float(binomtest(int(x), total, t / (t + u)).pvalue)
    low, high = (float(v) for v in binomial_interval(int(x), total, confidence))
    ratio = x / t / (y / u) if y else inf
    limits = (low / (1 - low) * u / t, high / (1 - high) * u / t if high < 1 else inf)
    effect = Effect(ratio, *limits, confidence, "conditional, exact")
    return Comparison("Poisson rate ratio", float(x), (), p, (int(x), int(y)), effect)


def table_test(table: ArrayLike) -> Comparison:
    """Return Pearson's χ² test of a table of counts (no correction), with Cramér's V corrected for its bias.

    ``conventions["least_expected"]`` below 5 says that the test is rough there: join categories, or test exactly.

    >>> found = table_test([[20, 10, 5], [12, 15, 13]])
    >>> round(found.statistic, 3), found.freedom, round(found.p, 4)
    (6.25, (2.0,), 0.0439)
    """
    from scipy.special import chdtrc

    counts = np.asarray(table, dtype=np.float64)
    wrong = counts.ndim != 2 or min(counts.shape) < 2 or not np.isfinite(counts).all() or counts.min() < 0
    if wrong or min(counts.sum(axis=0).min(), counts.sum(axis=1).min()) <= 0:
        what = msg("The table has two rows and two columns at least, counts from 0 on, and no empty row or column.")
        refuse([Problem("bad_table", what, place="table")])
    n, (r, c) = counts.sum(), counts.shape
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    statistic, df = float(np.sum((counts - expected) ** 2 / expected)), float((r - 1) * (c - 1))
    phi = max(0.0, statistic / n - df / (n - 1))
    rows, columns = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    words = {"least_expected": float(expected.min()), "cramers_v": sqrt(phi / (min(rows, columns) - 1))}
    return Comparison("chi-square", statistic, (df,), float(chdtrc(df, statistic)), (int(n),), None, words)
