"""Intervals for a share of independent cases: exact, score, Bayes, and for a finite lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats
from qualipolis.methods.sampling.estimation.critical import beta_quantile, refuse_level
from qualipolis.methods.sampling.proportion import wilson_many

METHODS = ("clopper_pearson", "wilson", "agresti_coull", "jeffreys", "mid_p")


@dataclass(frozen=True)
class Posterior:
    """Beta posterior of a share after x of n: ``Beta(a + x, b + n - x)``."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        return self.a / (self.a + self.b)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the equal-tailed interval."""
        ends = beta_quantile(self.a, self.b, [(1 - level) / 2, (1 + level) / 2])
        return float(ends[0]), float(ends[1])

    def above(self, share: float) -> float:
        """Return the probability that the share exceeds ``share``."""
        from scipy.special import betainc

        return float(betainc(self.b, self.a, 1 - share))

    def none_of(self, cases: int) -> float:
        """Return the predictive probability of no hit among ``cases`` further ones."""
        from scipy.special import betaln

        return float(np.exp(betaln(self.a, self.b + cases) - betaln(self.a, self.b)))


def posterior(x: int, n: int, a: float = 0.5, b: float = 0.5) -> Posterior:
    """Return the posterior of a share after ``x`` hits among ``n`` independent cases, prior Beta(a, b).

    Parameters
    ----------
    x, n : hits and cases
    a, b : prior, above 0; Jeffreys' 0.5 and 0.5 unless told

    Raises
    ------
    InputError
        counts that are none, a prior not above 0

    References
    ----------
    A. Gelman and others (2013), Bayesian Data Analysis, 3rd ed., 2.4.

    >>> posterior(0, 12).mean.__round__(4)
    0.0385
    """
    _refuse(np.asarray(x), np.asarray(n))
    if not (a > 0 and b > 0):
        what = msg("The prior Beta(%(a)s, %(b)s) needs both numbers above 0.")
        raise InputError([Problem("bad_prior", what, msg("Use 0.5 and 0.5."), {"a": a, "b": b}, place="prior")])
    return Posterior(a + x, b + n - x)


def binomial_interval(
    x: ArrayLike, n: ArrayLike, level: float = 0.95, method: str = "clopper_pearson"
) -> tuple[Floats, Floats]:
    """Return the interval of the share after ``x`` of ``n`` independent cases.

    ``clopper_pearson``: exact tails of (1 - level)/2 each; ``mid_p``: half of the observed point counts;
    ``wilson``: score; ``agresti_coull``: Wald around the score's centre; ``jeffreys``: Beta(x + 1/2, n - x + 1/2),
    equal tails, also for x of 0 and n.

    Raises
    ------
    InputError
        counts that are none, an unknown method, a level outside (0, 1)

    References
    ----------
    L. D. Brown, T. T. Cai, A. DasGupta (2001), Statistical Science 16, 101-133.

    >>> low, high = binomial_interval(0, 30)
    >>> float(low), float(high.round(4))
    (0.0, 0.1157)
    """
    hits, cases = _checked(x, n, level)
    below = (1 - level) / 2
    if method == "clopper_pearson":
        return _exact(hits, cases, below)
    if method == "wilson":
        return wilson_many(hits, cases, level)
    if method == "jeffreys":
        a, b = hits + 0.5, cases - hits + 0.5
        return beta_quantile(a, b, below), beta_quantile(a, b, 1 - below)
    if method == "agresti_coull":
        return _agresti_coull(hits, cases, level)
    if method == "mid_p":
        return _mid_p(hits, cases, below)
    what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
    raise InputError([Problem("unknown_option", what, remedy, {"given": method, "known": ", ".join(METHODS)})])


def one_sided(x: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the exact lower and the exact upper bound, each one-sided at ``level``.

    >>> float(one_sided(0, 200)[1].round(4))
    0.0149
    """
    hits, cases = _checked(x, n, level)
    return _exact(hits, cases, 1 - level)


def lot_interval(x: int, n: int, size: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of the share in a lot of ``size`` after ``x`` of ``n`` drawn without replacement.

    Every number of hits in the lot whose hypergeometric tails both exceed (1 - level)/2 is kept; the ends are the
    smallest and the greatest.

    Raises
    ------
    InputError
        counts that are none, a sample larger than the lot

    References
    ----------
    W. Wang (2015), JASA 110, 1107-1115 (the plain tail-based interval).

    >>> lot_interval(0, 30, 500)
    (0.0, 0.112)
    """
    refuse_level(level)
    _refuse(np.asarray(x), np.asarray(n))
    if n > size:
        what = msg("The sample of %(n)s is larger than the lot of %(size)s.")
        raise InputError([Problem("over_sampled", what, "", {"n": n, "size": size}, place="size")])
    from scipy.stats import hypergeom

    hits = np.arange(x, size - (n - x) + 1)
    below = (1 - level) / 2
    kept = (hypergeom.sf(x - 1, size, hits, n) > below) & (hypergeom.cdf(x, size, hits, n) > below)
    inside = hits[kept]
    return float(inside[0] / size), float(inside[-1] / size)


def _checked(x: ArrayLike, n: ArrayLike, level: float) -> tuple[Floats, Floats]:
    refuse_level(level)
    hits, cases = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    _refuse(hits, cases)
    return hits, cases


def _refuse(x: np.ndarray, n: np.ndarray) -> None:
    if not (np.all(n >= 1) and np.all(x >= 0) and np.all(x <= n)):
        what, remedy = msg("A count of hits lies outside 0 and the number of cases, or there are no cases."), ""
        raise InputError([Problem("count_outside", what, remedy, place="x")])


def _exact(x: Floats, n: Floats, below: float) -> tuple[Floats, Floats]:
    return beta_quantile(x, n - x + 1, below), beta_quantile(x + 1, n - x, 1 - below)


def _agresti_coull(x: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    from statistics import NormalDist

    z = NormalDist().inv_cdf((1 + level) / 2)
    total = n + z * z
    middle = (x + z * z / 2) / total
    half = z * np.sqrt(middle * (1 - middle) / total)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def _mid_p(x: Floats, n: Floats, below: float) -> tuple[Floats, Floats]:
    """Bisection on the share; tails from the incomplete beta function."""
    from scipy.special import betainc

    def at_least(k: Floats, p: Floats) -> Floats:
        """P(X >= k)."""
        inside = (k > 0) & (k <= n)
        found = betainc(np.where(inside, k, 1.0), np.where(inside, n - k + 1, 1.0), p)
        return np.asarray(np.where(k <= 0, 1.0, np.where(k > n, 0.0, found)))

    def upper(p: Floats) -> Floats:
        """P(X > x) + P(X = x)/2, rising with p."""
        return (at_least(x + 1, p) + at_least(x, p)) / 2

    def lower(p: Floats) -> Floats:
        """P(X < x) + P(X = x)/2, falling with p."""
        return 1 - upper(p)

    ends = []
    for rising in (True, False):
        low, high = np.zeros(np.broadcast(x, n).shape), np.ones(np.broadcast(x, n).shape)
        for _ in range(100):
            half = (low + high) / 2
            right = upper(half) < below if rising else lower(half) > below
            low, high = np.where(right, half, low), np.where(right, high, half)
        ends.append((low + high) / 2)
    return np.where(x == 0, 0.0, ends[0]), np.where(x == n, 1.0, ends[1])
