"""The gamma-Poisson shrinker: posterior of the relative reporting rate under a mixture of two gamma priors."""

from __future__ import annotations

import numpy as np
from scipy.special import digamma, expit, gammainc, gammaincinv, gammaln, ndtri

from qualipolis.methods.signal.disproportionality.tables import Floats
from qualipolis.methods.signal.disproportionality.theta import Theta, log_masses

CLOSE, ROUNDS, REACH = 1e-11, 12, 1.5


class Posterior:
    """The posterior ``Q Gamma(α₁+n, β₁+E) + (1-Q) Gamma(α₂+n, β₂+E)`` of each pair, equal pairs computed once.

    ``Q`` is the weight of the first component given n: ``P f₁(n) / [P f₁(n) + (1-P) f₂(n)]`` with the negative binomial
    masses f.

    References
    ----------
    W. DuMouchel (1999), The American Statistician 53, 177-190; W. DuMouchel, D. Pregibon (2001), KDD 2001, 67-76.
    """

    def __init__(self, n: Floats, expected: Floats, theta: Theta) -> None:
        n, e, self._place = _distinct(n, expected)
        first, second = log_masses(n, e, theta)
        with np.errstate(divide="ignore"):
            prior = np.log(theta.p) - np.log1p(-theta.p)
        self._weight = expit(prior + first - second)
        self._shapes = (theta.alpha1 + n, theta.alpha2 + n)
        self._rates = (theta.beta1 + e, theta.beta2 + e)

    @property
    def weight(self) -> Floats:
        """Q: how probable it is that the pair belongs to the first component."""
        return self._back(self._weight)

    def geometric_mean(self) -> Floats:
        """EBGM ``= exp(E[ln λ])``, the empirical Bayes geometric mean of the relative reporting rate λ."""
        logs = [digamma(a) - np.log(b) for a, b in zip(self._shapes, self._rates, strict=True)]
        return self._back(np.exp(self._weight * logs[0] + (1 - self._weight) * logs[1]))

    def below(self, value: float) -> Floats:
        """Return the probability that λ is at most ``value``."""
        parts = [gammainc(a, b * value) for a, b in zip(self._shapes, self._rates, strict=True)]
        return self._back(self._weight * parts[0] + (1 - self._weight) * parts[1])

    def quantile(self, level: float) -> Floats:
        """Return the ``level`` quantile of λ (EB05 for 0.05).

        Solved for ln λ by steps of third order (the density and its slopes cost no further incomplete gamma function),
        held within what earlier steps have bracketed; the few that do not settle are halved between the quantiles of
        the two components.
        """
        parts = (self._weight, *self._shapes, *self._rates)
        z, open_rows = _solved(level, parts)
        if len(open_rows):
            z[open_rows] = _halved(level, tuple(part[open_rows] for part in parts))
        return self._back(np.exp(z))

    def _back(self, values: Floats) -> Floats:
        return np.asarray(values[self._place], dtype=np.float64)


Parts = tuple[Floats, ...]


def _distinct(n: Floats, expected: Floats) -> tuple[Floats, Floats, np.ndarray]:
    """Return the distinct pairs (n, E) and where each row finds its own."""
    if len(n) == 0:
        return n, expected, np.zeros(0, dtype=np.intp)
    order = np.lexsort((expected, n))
    x, y = n[order], expected[order]
    new = np.concatenate([[True], (x[1:] != x[:-1]) | (y[1:] != y[:-1])])
    place = np.empty(len(n), dtype=np.intp)
    place[order] = np.cumsum(new) - 1
    return x[new], y[new], place


def _guess(level: float, shape: Floats, rate: Floats) -> Floats:
    """Return about the log of a gamma quantile: Wilson and Hilferty's cube, the power law where the shape is small."""
    cube = 1 - 1 / (9 * shape) + ndtri(level) / (3 * np.sqrt(shape))
    small = (np.log(level) + gammaln(shape + 1)) / shape
    cubed = np.log(shape) + 3 * np.log(np.maximum(cube, 0.2))
    guess: Floats = np.where(cube > 0.2, cubed, np.minimum(small, np.log(shape + 1))) - np.log(rate)
    return guess


def _solved(level: float, parts: Parts) -> tuple[Floats, np.ndarray]:
    """Return ln λ of each row, and the rows that have not settled."""
    weight, shape1, shape2, rate1, rate2 = parts
    z = weight * _guess(level, shape1, rate1) + (1 - weight) * _guess(level, shape2, rate2)
    low, high = np.full(len(z), -np.inf), np.full(len(z), np.inf)
    norms = (gammaln(shape1), gammaln(shape2))
    active = np.arange(len(z))
    for _ in range(ROUNDS):
        if not len(active):
            break
        here = tuple(part[active] for part in parts)
        now = z[active]
        miss, step = _step(level, now, here, tuple(norm[active] for norm in norms))
        low[active] = np.where(miss < 0, np.maximum(low[active], now), low[active])
        high[active] = np.where(miss > 0, np.minimum(high[active], now), high[active])
        new = now + np.clip(step, -REACH, REACH)
        outside = ~((new >= low[active]) & (new <= high[active])) & (miss != 0)
        middle = (low[active] + high[active]) / 2
        new = np.where(outside, np.where(np.isfinite(middle), middle, now), new)
        z[active] = np.where(miss == 0, now, new)
        # A step of third order that was this small leaves an error far below CLOSE.
        active = active[(np.abs(new - now) > CLOSE ** (1 / 3)) | outside]
    return z, active


def _step(level: float, z: Floats, parts: Parts, norms: tuple[Floats, ...]) -> tuple[Floats, Floats]:
    """Return how far the distribution function misses the level at ln λ = z, and Householder's step of third order."""
    weight, shape1, shape2, rate1, rate2 = parts
    total, slope, bend, twist = (np.zeros(len(z)) for _ in range(4))
    for w, shape, rate, norm in zip((weight, 1 - weight), (shape1, shape2), (rate1, rate2), norms, strict=True):
        log_x = np.log(rate) + z
        x = np.exp(log_x)
        density = w * np.exp(shape * log_x - x - norm)
        away = shape - x
        total += w * gammainc(shape, x)
        slope += density
        bend += density * away
        twist += density * (away * away - x)
    miss = total - level
    with np.errstate(all="ignore"):
        u, r, s = miss / slope, bend / slope, twist / slope
        step = -u * (1 - u * r / 2) / (1 - u * r + u * u * s / 6)
        return miss, np.where(np.isfinite(step), step, np.where(miss > 0, -REACH, REACH))


def _halved(level: float, parts: Parts) -> Floats:
    """Return ln λ by halving between the quantiles of the components, where it must lie."""
    weight, shape1, shape2, rate1, rate2 = parts
    with np.errstate(divide="ignore"):
        ends = [np.log(gammaincinv(shape, level)) - np.log(rate) for shape, rate in ((shape1, rate1), (shape2, rate2))]
    low, high = np.minimum(*ends), np.maximum(*ends)
    low, high = np.where(weight == 1, ends[0], low), np.where(weight == 1, ends[0], high)
    low, high = np.where(weight == 0, ends[1], low), np.where(weight == 0, ends[1], high)
    low = np.maximum(low, -745.0)
    high = np.maximum(high, low)
    for _ in range(70):
        middle = (low + high) / 2
        at = np.exp(middle)
        above = weight * gammainc(shape1, rate1 * at) + (1 - weight) * gammainc(shape2, rate2 * at) > level
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2
