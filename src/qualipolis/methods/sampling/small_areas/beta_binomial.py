"""Shares of many small areas, each drawn towards the others as far as its own cases are few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.critical import beta_quantile, refuse_level

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BetaBinomial:
    """Empirical Bayes: prior fitted by maximum likelihood, posterior of each area.

    Parameters
    ----------
    alpha, beta : the prior; ``mean`` alpha/(alpha + beta) and ``rho`` 1/(alpha + beta + 1), the correlation of two
        cases of one area
    loglik : log-likelihood
    estimate, low, high : posterior mean and equal-tailed interval of each area; they take the prior for known
    raw : hits over cases, NaN without cases
    own : weight of an area's own cases, n/(n + alpha + beta)
    """

    alpha: float
    beta: float
    loglik: float
    estimate: Floats
    low: Floats
    high: Floats
    raw: Floats
    own: Floats
    level: float

    @property
    def mean(self) -> float:
        return self.alpha / (self.alpha + self.beta)

    @property
    def rho(self) -> float:
        return 1 / (self.alpha + self.beta + 1)

    def to_frame(self) -> pl.DataFrame:
        """Return raw, estimate, low, high, own for each area."""
        import polars as pl

        names = ("raw", "estimate", "low", "high", "own")
        return pl.DataFrame({name: getattr(self, name) for name in names}).fill_nan(None)

    def __repr__(self) -> str:
        return f"BetaBinomial(alpha {self.alpha:.4g}, beta {self.beta:.4g}, {self.estimate.size} areas)"


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Full Bayes over a grid of priors: means of alpha, beta and the prior mean, and each area's posterior.

    ``edge`` is the greatest mass on a border of the grid; where it is not tiny the grid was too small.
    """

    alpha: float
    beta: float
    mean: float
    estimate: Floats
    sd: Floats
    edge: float


def beta_binomial(hits: ArrayLike, cases: ArrayLike, level: float = 0.95) -> BetaBinomial:
    """Fit ``hits_i ~ Binomial(cases_i, p_i), p_i ~ Beta(alpha, beta)`` and return every area's posterior.

    Parameters
    ----------
    hits, cases : (areas,) counts; an area without cases gets the prior
    level : of the equal-tailed intervals

    Raises
    ------
    InputError
        counts that are none, fewer than two areas with cases, no spread beyond that of chance (then the pooled share
        serves every area)

    Notes
    -----
    Assumes areas alike but for what the counts show, and cases independent within an area; under a clustered design
    give effective counts.

    References
    ----------
    C. E. McCulloch, S. R. Searle (2001), Generalized, Linear, and Mixed Models, 2.6; J. C. Kleinman (1973), JASA 68.

    >>> fit = beta_binomial([0, 1, 6, 9, 2, 0, 12], [20, 20, 20, 20, 20, 20, 20])
    >>> round(fit.mean, 3), bool(0 < fit.estimate[0] < 0.1)
    (0.204, True)
    """
    refuse_level(level)
    x, n = _checked(hits, cases)
    alpha, beta, loglik = _fitted(x, n)
    a, b = alpha + x, beta + n - x
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where(n > 0, x / n, np.nan)
    below = (1 - level) / 2
    ends = beta_quantile(a, b, below), beta_quantile(a, b, 1 - below)
    return BetaBinomial(alpha, beta, loglik, a / (a + b), *ends, raw, n / (n + alpha + beta), level)


def hierarchy(
    hits: ArrayLike,
    cases: ArrayLike,
    *,
    points: int = 200,
    logit_mean: tuple[float, float] | None = None,
    log_size: tuple[float, float] = (-1.0, 9.0),
) -> Hierarchy:
    """Return posterior means over a grid of priors with density proportional to (alpha + beta)^(-5/2).

    Parameters
    ----------
    hits, cases : (areas,) counts
    points : grid points on each axis
    logit_mean, log_size : ranges of log(alpha/beta) and log(alpha + beta); the first left out reaches 2.5 around the
        pooled share

    Raises
    ------
    InputError
        as :func:`beta_binomial`

    References
    ----------
    A. Gelman and others (2013), Bayesian Data Analysis, 3rd ed., 5.3.

    >>> h = hierarchy([0, 1, 6, 9, 2, 0, 12], [20] * 7, points=80)
    >>> bool(h.edge < 1e-2), round(float(h.estimate[3]), 1)
    (True, 0.4)
    """
    return _over_grid(hits, cases, points, logit_mean, log_size)


def _over_grid(
    hits: ArrayLike,
    cases: ArrayLike,
    points: int,
    logit_mean: tuple[float, float] | None,
    log_size: tuple[float, float],
) -> Hierarchy:
    x, n = _checked(hits, cases)
    pooled = (x.sum() + 0.5) / (n.sum() + 1)
    middle = float(np.log(pooled / (1 - pooled)))
    first = np.linspace(*(logit_mean or (middle - 2.5, middle + 2.5)), points)
    second = np.linspace(*log_size, points)
    u, v = (grid.ravel() for grid in np.meshgrid(first, second, indexing="ij"))
    mean, size = 1 / (1 + np.exp(-u)), np.exp(v)
    a, b = mean * size, (1 - mean) * size
    # the density of (log(a/b), log(a + b)) carries the Jacobian a b
    log = _loglik(a, b, _tally(x, n)) - 2.5 * v + np.log(a) + np.log(b)
    mass = np.exp(log - log.max())
    mass /= mass.sum()
    estimate, square = np.empty(x.size), np.empty(x.size)
    for pair in np.unique(np.stack([x, n], axis=1), axis=0):
        here = (x == pair[0]) & (n == pair[1])
        p, total = (a + pair[0]) / (a + b + pair[1]), a + b + pair[1]
        estimate[here] = mass @ p
        square[here] = mass @ (p * p + p * (1 - p) / (total + 1))
    table = mass.reshape(points, points)
    edge = max(table[0].sum(), table[-1].sum(), table[:, 0].sum(), table[:, -1].sum())
    spread = np.sqrt(square - estimate**2)
    return Hierarchy(float(mass @ a), float(mass @ b), float(mass @ mean), estimate, spread, float(edge))


def _checked(hits: ArrayLike, cases: ArrayLike) -> tuple[Floats, Floats]:
    x, n = np.asarray(hits, dtype=np.float64), np.asarray(cases, dtype=np.float64)
    problems = []
    if x.shape != n.shape or x.ndim != 1:
        what = msg("Hits and cases have different lengths.")
        problems.append(Problem("different_lengths", what, msg("Give one value for each area.")))
    elif not (np.isfinite(x).all() and np.isfinite(n).all() and (x >= 0).all() and (x <= n).all()):
        what = msg("A count of hits is missing, below 0 or above its cases.")
        problems.append(Problem("count_outside", what, msg("Mend the counts."), place="hits"))
    elif (n > 0).sum() < 2:
        what = msg("Fewer than two areas have cases.")
        problems.append(Problem("few_areas", what, msg("There is nothing to borrow from.")))
    if problems:
        raise InputError(problems)
    return x, n


Tally = list[tuple[float, float, int]]


def _tally(x: Floats, n: Floats) -> Tally:
    """Hits, cases and the number of areas that have them; areas with the same counts are counted once."""
    pairs, times = np.unique(np.stack([x, n], axis=1), axis=0, return_counts=True)
    return [(float(hits), float(cases), int(count)) for (hits, cases), count in zip(pairs, times, strict=True)]


def _loglik(a: Floats, b: Floats, tally: Tally) -> Floats:
    """(grid,) log-likelihood."""
    from scipy.special import betaln

    out = -float(sum(count for _hits, _cases, count in tally)) * betaln(a, b)
    for hits, cases, count in tally:
        out = out + count * betaln(a + hits, b + cases - hits)
    return np.asarray(out)


def _fitted(x: Floats, n: Floats) -> tuple[float, float, float]:
    """Maximum likelihood in log(alpha/beta) and log(alpha + beta)."""
    from scipy.optimize import minimize
    from scipy.special import betaln, gammaln

    pooled = (x.sum() + 0.5) / (n.sum() + 1)
    _refuse_likeness(x, n)

    def loss(at: Floats) -> float:
        mean, size = 1 / (1 + np.exp(-at[0])), np.exp(at[1])
        a, b = mean * size, (1 - mean) * size
        return float(x.size * betaln(a, b) - betaln(a + x, b + n - x).sum())

    start = np.array([np.log(pooled / (1 - pooled)), np.log(10.0)])
    for _ in range(2):
        found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000})
        start = np.asarray(found.x)
    mean, size = 1 / (1 + np.exp(-found.x[0])), float(np.exp(found.x[1]))
    if size > 1e5 * max(1.0, float(n.max())) / 10:
        raise InputError([_likeness(x, n)])
    ways = float(np.asarray(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)).sum())
    return float(mean * size), float((1 - mean) * size), ways - float(found.fun)


def _refuse_likeness(x: Floats, n: Floats) -> None:
    """Refuse counts whose likelihood falls as soon as areas may differ: half its slope in rho at 0,
    ``sum x(x - 1)/p + (n - x)(n - x - 1)/q - n(n - 1)``, is not above 0."""
    p = float(x.sum() / n.sum())
    if p in (0.0, 1.0):
        raise InputError([_likeness(x, n)])
    slope = x * (x - 1) / p + (n - x) * (n - x - 1) / (1 - p) - n * (n - 1)
    if float(slope.sum()) <= 0:
        raise InputError([_likeness(x, n)])


def _likeness(x: Floats, n: Floats) -> Problem:
    what = msg("The areas differ no more than chance would have it.")
    remedy = msg("Use the pooled share %(share).4f for every area, or the full hierarchy.")
    return Problem("no_spread", what, remedy, {"share": float(x.sum() / n.sum())}, place="hits")
