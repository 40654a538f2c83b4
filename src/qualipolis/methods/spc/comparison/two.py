"""Two samples: difference of means, ratio of variances, shift of rank order, distance of distributions.

Welch: t = (x̄₁ − x̄₂)/√(s₁²/n₁ + s₂²/n₂), ν by Welch-Satterthwaite; pooled: the common variance.
Variances: s₁²/s₂² with limits of F(n₁ − 1, n₂ − 1), exact for normal values only; or Bonett's, which hold for others:
ln(c s₁²/s₂²) ± z √((γ̂ − k₁)/(n₁ − 1) + (γ̂ − k₂)/(n₂ − 1)), γ̂ the pooled kurtosis about trimmed means.
Mann-Whitney: exact without ties and below 50 values each, else normal with correction for ties and continuity; the shift
of Hodges and Lehmann is the median of all differences.

Source: B. L. Welch (1947), Biometrika 34, 28-35; D. G. Bonett (2006), "Robust confidence interval for a ratio of standard
deviations", Applied Psychological Measurement 30, 432-439; M. Hollander, D. A. Wolfe and E. Chicken (2014),
*Nonparametric Statistical Methods*, 3rd ed.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.result import Comparison, Effect, confidence_problems, samples

EXACT_BELOW = 50
Spread = Literal["bonett", "F"]


def mean_difference(
    first: ArrayLike, second: ArrayLike, *, equal_variances: bool = False, confidence: float = 0.95
) -> Comparison:
    """Return first mean − second mean by Welch's t test, or with a common variance.

    Parameters
    ----------
    first, second : values; NaN is not measured
    equal_variances : use the pooled variance; right only where the spreads are known to be alike

    >>> found = mean_difference([5.1, 4.9, 5.3, 5.0, 5.2], [4.6, 4.8, 4.5, 4.7, 4.9])
    >>> print(found.effect, round(found.p, 4))
    0.4 [0.1694, 0.6306] 0.0039
    """
    refuse(confidence_problems(confidence))
    x, y = samples({"first": first, "second": second}, spread=False)
    n, m = len(x), len(y)
    _refuse_flat(x, y)
    u, v = float(x.var(ddof=1)) / n, float(y.var(ddof=1)) / m
    nu = (u + v) ** 2 / (u**2 / (n - 1) + v**2 / (m - 1))
    error = sqrt(u + v)
    if equal_variances:
        nu = float(n + m - 2)
        error = sqrt((u * n * (n - 1) + v * m * (m - 1)) / nu * (1 / n + 1 / m))
    name = "pooled t" if equal_variances else "Welch t"
    return t_test(name, float(x.mean() - y.mean()), error, nu, (n, m), confidence)


def _refuse_flat(x: Floats, y: Floats) -> None:
    if np.ptp(x) == 0 and np.ptp(y) == 0:
        what = msg("All values are equal: there is no spread to judge.")
        refuse([Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="first")])


def t_test(name: str, value: float, error: float, nu: float, n: tuple[int, ...], confidence: float) -> Comparison:
    """Return the test that a normal estimate with this standard error is zero."""
    from scipy.special import stdtr, stdtrit

    half = float(stdtrit(nu, (1 + confidence) / 2)) * error
    t = value / error
    return Comparison(
        name, t, (nu,), float(2 * stdtr(nu, -abs(t))), n, Effect(value, value - half, value + half, confidence, name)
    )


def variance_ratio(
    first: ArrayLike, second: ArrayLike, *, method: Spread = "bonett", confidence: float = 0.95
) -> Comparison:
    """Return first variance ÷ second variance; ``"F"`` is exact for normal values and misleads for others.

    >>> found = variance_ratio([5.1, 4.9, 5.3, 5.0, 5.2], [4.6, 4.8, 4.5, 4.7, 4.9], method="F")
    >>> round(found.statistic, 3), round(found.p, 3)
    (1.0, 1.0)
    """
    from scipy.special import fdtr, fdtri

    refuse(confidence_problems(confidence))
    x, y = samples({"first": first, "second": second}, least=2 if method == "F" else 5)
    a, b = len(x) - 1, len(y) - 1
    ratio, tail = float(x.var(ddof=1) / y.var(ddof=1)), (1 - confidence) / 2
    words = {"variance": method}
    if method == "F":
        below = float(fdtr(a, b, ratio))
        effect = Effect(ratio, ratio / float(fdtri(a, b, 1 - tail)), ratio / float(fdtri(a, b, tail)), confidence, "F")
        return Comparison("F", ratio, (a, b), min(1.0, 2 * min(below, 1 - below)), (a + 1, b + 1), effect, words)
    return bonett(x, y, confidence)


def bonett(x: Floats, y: Floats, confidence: float, freedom: tuple[float, float] | None = None) -> Comparison:
    """Return the ratio of variances by Bonett; ``freedom`` replaces n − 1 where values are not independent."""
    from scipy.special import ndtr, ndtri

    n, m = len(x), len(y)
    z = float(ndtri((1 + confidence) / 2))
    ratio = float(x.var(ddof=1) / y.var(ddof=1))
    a, b = freedom or (n - 1, m - 1)
    fourth = sum(float(np.sum((v - _trimmed(v)) ** 4)) for v in (x, y))
    second = (n - 1) * float(x.var(ddof=1)) + (m - 1) * float(y.var(ddof=1))
    kurtosis = (n + m) * fourth / second**2
    spread = max(0.0, kurtosis - (n - 3) / n) / a + max(0.0, kurtosis - (m - 3) / m) / b
    error, shift = sqrt(spread), log((n / (n - z)) / (m / (m - z)))
    middle = log(ratio) + shift
    effect = Effect(ratio, exp(middle - z * error), exp(middle + z * error), confidence, "Bonett")
    p = float(2 * ndtr(-abs(middle) / error))
    return Comparison("Bonett", middle / error, (), p, (n, m), effect, {"variance": "bonett"})


def _trimmed(x: Floats) -> float:
    """Return the mean without the share 1/(2√(n − 4)) at each end."""
    cut = int(len(x) / (2 * sqrt(len(x) - 4)))
    return float(np.sort(x)[cut : len(x) - cut].mean())


def rank_shift(
    first: ArrayLike, second: ArrayLike, *, exact: bool | None = None, confidence: float = 0.95
) -> Comparison:
    """Return the Mann-Whitney test, W of the first sample, and the shift of Hodges and Lehmann with its limits.

    ``exact`` is the p-value without ties and below 50 values each, unless it is said.

    >>> found = rank_shift([5.1, 4.9, 5.3, 5.05, 5.2], [4.6, 4.8, 4.5, 4.7, 5.0])
    >>> found.statistic, round(found.p, 4)
    (24.0, 0.0159)
    """
    from scipy.stats import mannwhitneyu

    refuse(confidence_problems(confidence))
    x, y = samples({"first": first, "second": second}, spread=False)
    n, m = len(x), len(y)
    _refuse_flat(x - y.mean(), y - y.mean())
    if exact is None:
        exact = n < EXACT_BELOW and m < EXACT_BELOW and len(np.unique(np.concatenate([x, y]))) == n + m
    found = mannwhitneyu(x, y, method="exact" if exact else "asymptotic", use_continuity=True)
    words = {"p": "exact" if exact else "normal, corrected for ties and continuity", "shift": "Hodges-Lehmann"}
    effect = _shift(x, y, confidence)
    return Comparison("Mann-Whitney", float(found.statistic), (), float(found.pvalue), (n, m), effect, words)


def _shift(x: Floats, y: Floats, confidence: float) -> Effect | None:
    """Return the median difference with limits by the normal approximation of the rank sum; none for 4e6 pairs."""
    from scipy.special import ndtri

    n, m = len(x), len(y)
    if n * m > 4_000_000:
        return None
    apart = np.sort(np.subtract.outer(x, y).ravel())
    half = float(ndtri((1 + confidence) / 2)) * sqrt(n * m * (n + m + 1) / 12)
    k = max(0, int(np.floor(n * m / 2 - half)))
    return Effect(float(np.median(apart)), float(apart[k]), float(apart[-k - 1]), confidence, "Hodges-Lehmann")


def distribution_distance(first: ArrayLike, second: ArrayLike) -> Comparison:
    """Return the largest distance of the two empirical distributions (Kolmogorov-Smirnov), p exact where it can be."""
    from scipy.stats import ks_2samp

    x, y = samples({"first": first, "second": second}, spread=False)
    exact = len(x) * len(y) < 10_000
    found = ks_2samp(x, y, method="exact" if exact else "asymp")
    words = {"p": "exact" if exact else "asymptotic"}
    return Comparison(
        "Kolmogorov-Smirnov", float(found.statistic), (), float(found.pvalue), (len(x), len(y)), None, words
    )
