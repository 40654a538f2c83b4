"""Whether values may come from a normal distribution: four tests, skewness and kurtosis.

With z the ordered, standardised values and u = Φ(z):
Anderson-Darling A² = −n − Σ (2i−1)/n (ln uᵢ + ln(1 − u_{n+1−i})), p by Stephens' fit to A²(1 + 0.75/n + 2.25/n²);
Cramér-von Mises W² = 1/(12n) + Σ (uᵢ − (2i−1)/2n)², p by Stephens' fit to W²(1 + 0.5/n);
Lilliefors D = max |Fₙ − Φ|, p by Dallal and Wilkinson; Shapiro-Wilk by Royston's algorithm.

Each says only whether a departure was seen: with few values none is, with many a harmless one is.

Source: M. A. Stephens, in R. B. D'Agostino and M. A. Stephens (1986), *Goodness-of-Fit Techniques*, chapter 4; G. E. Dallal
and L. Wilkinson (1986), The American Statistician 40, 294-296; P. Royston (1995), Applied Statistics 44, 547-551.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats

LEAST = 8


@dataclass(frozen=True)
class Fit:
    """A statistic with its p-value."""

    statistic: float
    p: float


@dataclass(frozen=True)
class Normality:
    """The tests by name, skewness g₁, excess kurtosis g₂, the correlation of the probability plot, and n.

    ``shapiro_wilk`` is None beyond 5,000 values, where its p-value is not known.
    """

    anderson_darling: Fit
    cramer_von_mises: Fit
    lilliefors: Fit
    shapiro_wilk: Fit | None
    skewness: float
    kurtosis: float
    correlation: float
    n: int


def normality(values: ArrayLike) -> Normality:
    """Return the tests of normality of values whose mean and standard deviation are estimated.

    Raises
    ------
    InputError
        Fewer than 8 values, a value that is no number, or all values equal.

    >>> found = normality([4.1, 5.0, 4.7, 5.3, 4.9, 5.1, 4.6, 5.6, 4.8, 5.2])
    >>> found.n, found.anderson_darling.p > 0.5
    (10, True)
    """
    from scipy.special import ndtr, ndtri
    from scipy.stats import shapiro

    x = np.sort(np.asarray(values, dtype=np.float64).ravel())
    wrong = []
    if len(x) < LEAST:
        what = msg("%(n)s values are too few to test a distribution; %(least)s are the least.")
        wrong.append(Problem("few_values", what, "", {"n": len(x), "least": LEAST}, "values"))
    elif not np.isfinite(x).all():
        what = msg("A value is not a number.")
        wrong.append(Problem("not_finite", what, msg("Leave it out when it is missing."), place="values"))
    elif x[0] == x[-1]:
        what = msg("All values are equal: there is no spread to judge.")
        wrong.append(Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="values"))
    if wrong:
        raise InputError(wrong)
    n, centred = len(x), x - x.mean()
    u = ndtr(centred / x.std(ddof=1))
    moments = [float(np.mean(centred**k)) for k in (2, 3, 4)]
    plot = ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25))
    test = shapiro(x) if n <= 5000 else None
    return Normality(
        anderson_darling(u),
        _cramer_von_mises(u),
        _lilliefors(u),
        Fit(float(test.statistic), float(test.pvalue)) if test else None,
        moments[1] / moments[0] ** 1.5,
        moments[2] / moments[0] ** 2 - 3,
        float(np.corrcoef(plot, x)[0, 1]),
        n,
    )


def ad_statistic(u: Floats) -> float:
    """Return A² of ordered probabilities ``u`` of the values under the distribution."""
    n = len(u)
    i = np.arange(1, n + 1)
    inside = np.clip(u, 1e-300, 1 - 1e-16)
    return float(-n - np.mean((2 * i - 1) * (np.log(inside) + np.log1p(-inside[::-1]))))


def anderson_darling(u: Floats) -> Fit:
    """Return A² of ordered probabilities under the fitted normal distribution, with its p-value."""
    n, statistic = len(u), ad_statistic(u)
    a = statistic * (1 + 0.75 / n + 2.25 / n**2)
    if a < 0.2:
        p = 1 - exp(-13.436 + 101.14 * a - 223.73 * a**2)
    elif a < 0.34:
        p = 1 - exp(-8.318 + 42.796 * a - 59.938 * a**2)
    elif a < 0.6:
        p = exp(0.9177 - 4.279 * a - 1.38 * a**2)
    elif a < 10:
        p = exp(1.2937 - 5.709 * a + 0.0186 * a**2)
    else:
        p = 3.7e-24
    return Fit(statistic, p)


def _cramer_von_mises(u: Floats) -> Fit:
    n = len(u)
    statistic = float(1 / (12 * n) + np.sum((u - (2 * np.arange(1, n + 1) - 1) / (2 * n)) ** 2))
    w = statistic * (1 + 0.5 / n)
    if w < 0.0275:
        p = 1 - exp(-13.953 + 775.5 * w - 12542.61 * w**2)
    elif w < 0.051:
        p = 1 - exp(-5.903 + 179.546 * w - 1515.29 * w**2)
    elif w < 0.092:
        p = exp(0.886 - 31.62 * w + 10.897 * w**2)
    elif w < 1.1:
        p = exp(1.111 - 34.242 * w + 12.832 * w**2)
    else:
        p = 7.37e-10
    return Fit(statistic, p)


def _lilliefors(u: Floats) -> Fit:
    """Return D with the p-value of Dallal and Wilkinson, and beyond 0.1 that of Stephens' modified statistic."""
    n = len(u)
    i = np.arange(1, n + 1)
    statistic = float(max(np.max(i / n - u), np.max(u - (i - 1) / n)))
    d, m = (statistic, n) if n <= 100 else (statistic * (n / 100) ** 0.49, 100)
    p = exp(
        -7.01256 * d**2 * (m + 2.78019) + 2.99587 * d * sqrt(m + 2.78019) - 0.122119 + 0.974598 / sqrt(m) + 1.67997 / m
    )
    if p > 0.1:
        k = (sqrt(n) - 0.01 + 0.85 / sqrt(n)) * statistic
        p = _modified(k)
    return Fit(statistic, p)


def _modified(k: float) -> float:
    if k <= 0.302:
        return 1.0
    pieces = (
        (0.5, (2.76773, -19.828315, 80.709644, -138.55152, 81.218052)),
        (0.9, (-4.901232, 40.662806, -97.490286, 94.029866, -32.355711)),
        (1.31, (6.198765, -19.558097, 23.186922, -12.234627, 2.423045)),
    )
    for limit, terms in pieces:
        if k <= limit:
            return float(sum(c * k**power for power, c in enumerate(terms)))
    return 0.0


def needed_for(effect: float, power: float = 0.8) -> int:
    """Return roughly how many values a test of skewness needs to see a skewness of ``effect`` at 5 %.

    The standard error of g₁ is near √(6/n): n = 6 ((z₀.₉₇₅ + z_power)/effect)².

    >>> needed_for(0.5)
    189
    """
    from scipy.special import ndtri

    if not effect > 0 or not 0 < power < 1:
        what = msg("The effect is above 0 and the power between 0 and 1.")
        raise InputError([Problem("bad_effect", what, place="effect")])
    return int(np.ceil(6 * ((1.959963984540054 + float(ndtri(power))) / effect) ** 2))
