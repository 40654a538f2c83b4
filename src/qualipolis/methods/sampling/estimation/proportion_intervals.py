"""Intervals for a proportion from its design-based variance: seven in use, and our own for none and all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats
from qualipolis.methods.sampling.estimation.critical import beta_quantile, refuse_level, t_quantile

Bounds = tuple[Floats, Floats]


def _mean(p: Floats, v: Floats, n: Floats, df: Floats, level: float) -> Bounds:
    half = t_quantile(df, (1 + level) / 2) * np.sqrt(v)
    return p - half, p + half


def _logit(p: Floats, v: Floats, n: Floats, df: Floats, level: float) -> Bounds:
    middle = np.log(p / (1 - p))
    half = t_quantile(df, (1 + level) / 2) * np.sqrt(v) / (p * (1 - p))
    return 1 / (1 + np.exp(half - middle)), 1 / (1 + np.exp(-middle - half))


def _asin(p: Floats, v: Floats, n: Floats, df: Floats, level: float) -> Bounds:
    middle = np.arcsin(np.sqrt(p))
    half = t_quantile(df, (1 + level) / 2) * np.sqrt(v / (4 * p * (1 - p)))
    low, high = np.sin(np.maximum(middle - half, 0)), np.sin(np.minimum(middle + half, np.pi / 2))
    return low**2, high**2


def _beta(p: Floats, v: Floats, n: Floats, df: Floats, level: float) -> Bounds:
    effective = p * (1 - p) / v * student_factor(n, df, level)
    return clopper_pearson_on(p, effective, level)


def _wilson(p: Floats, v: Floats, n: Floats, df: Floats, level: float) -> Bounds:
    z, effective = t_quantile(df, (1 + level) / 2), p * (1 - p) / v
    middle = (p + z**2 / (2 * effective)) / (1 + z**2 / effective)
    half = z * np.sqrt(p * (1 - p) / effective + z**2 / (4 * effective**2)) / (1 + z**2 / effective)
    return middle - half, middle + half


def _likelihood(p: Floats, v: Floats, n: Floats, df: Floats, level: float) -> Bounds:
    """Where the deviance of the binomial reaches t^2 deff n/(n - 1), found by bisection in log-odds."""
    limit = t_quantile(df, (1 + level) / 2) ** 2 * v / (p * (1 - p)) * n / (n - 1) / 2
    middle = np.log(p / (1 - p))

    def beyond(eta: Floats) -> Floats:
        gap = -p * np.logaddexp(0, -eta) - (1 - p) * np.logaddexp(0, eta)
        top = -p * np.logaddexp(0, -middle) - (1 - p) * np.logaddexp(0, middle)
        return np.asarray(top - gap > limit)

    ends = []
    for side in (-1.0, 1.0):
        near, far = middle.copy(), middle + side * 745.0
        for _ in range(200):
            half = (near + far) / 2
            out = beyond(half)
            near, far = np.where(out, near, half), np.where(out, half, far)
        ends.append(1 / (1 + np.exp(-(near + far) / 2)))
    return ends[0], ends[1]


METHODS: dict[str, Callable[[Floats, Floats, Floats, Floats, float], Bounds]] = {
    "logit": _logit,
    "likelihood": _likelihood,
    "asin": _asin,
    "beta": _beta,
    "mean": _mean,
    "xlogit": _logit,
    "wilson": _wilson,
}


def interval(
    method: str, p: ArrayLike, variance: ArrayLike, n: ArrayLike, df: ArrayLike, level: float = 0.95
) -> Bounds:
    """Return the interval of proportions ``p`` by a method in use, as R ``survey`` 4.5 names and defines it.

    Parameters
    ----------
    method : ``logit`` and ``xlogit`` (t interval on the log-odds; R fits the first by iteration, to the same value),
        ``likelihood`` (Rao-Scott scaled deviance; R interpolates it on a spline, this is the root itself),
        ``asin`` (t interval on arcsin sqrt p), ``beta`` (Korn and Graubard 1998), ``mean`` (t interval), ``wilson``
    p, variance : estimates and their design-based variances
    n, df : rows and degrees of freedom
    level : confidence level

    Returns
    -------
    low, high : NaN where the method is not defined: for all but ``mean`` at p of 0 or 1, and df of 0 and below. A
        variance of 0 gives the estimate itself twice (R's ``beta`` then says 0.5, its ``wilson`` nothing)

    Notes
    -----
    Peers differ. ``beta`` here is R's: the effective size p(1 - p)/v is not capped at n (svy caps it) and is corrected
    by (t(n - 1)/t(df))^2. ``wilson`` here is R's: t quantile, effective size uncorrected (svy corrects it).

    References
    ----------
    E. L. Korn, B. I. Graubard (1998), Survey Methodology 24, 193-201; J. N. K. Rao, A. J. Scott (1984), Annals of
    Statistics 12, 46-60; E. B. Wilson (1927), JASA 22, 209-212.

    >>> low, high = interval("beta", 0.827948011415823, 0.000592668318753963, 200, 197)
    >>> float(low.round(6)), float(high.round(6))
    (0.774171, 0.873432)
    """
    return _bounds(method, p, variance, n, df, level)


def _bounds(method: str, p: ArrayLike, variance: ArrayLike, n: ArrayLike, df: ArrayLike, level: float) -> Bounds:
    refuse_level(level)
    if method not in METHODS:
        what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
        params = {"given": method, "known": ", ".join((*METHODS, "design_exact"))}
        raise InputError([Problem("unknown_option", what, remedy, params, place="method")])
    values = [np.asarray(x, dtype=np.float64) for x in (p, variance, n, df)]
    share, v, size, freedom = np.broadcast_arrays(*values)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = METHODS[method](share, v, size, freedom, level)
    edge = (share <= 0) | (share >= 1)
    if method != "mean":
        low, high = np.where(edge, np.nan, low), np.where(edge, np.nan, high)
    fixed = known(share, v) & ~edge & (freedom > 0)
    return np.where(fixed, share, low), np.where(fixed, share, high)


def known(p: Floats, variance: Floats) -> NDArray[np.bool_]:
    """Whether a variance is 0 but for rounding."""
    return np.asarray(variance <= 1e-24 * np.maximum(p * (1 - p), 0))


def student_factor(n: ArrayLike, df: ArrayLike, level: float) -> Floats:
    """Korn and Graubard's correction of the effective size for few degrees of freedom: (t(n - 1)/t(df))^2."""
    size = np.asarray(n, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        top, below = t_quantile(size - 1, (1 + level) / 2), t_quantile(df, (1 + level) / 2)
        return np.asarray((top / below) ** 2)


def _sized(p: ArrayLike, effective: ArrayLike) -> Bounds:
    """Shares and sizes; an infinite size has no bounds."""
    size = np.asarray(effective, dtype=np.float64)
    return np.asarray(p, dtype=np.float64), np.where(np.isinf(size), np.nan, size)


def clopper_pearson_on(p: ArrayLike, effective: ArrayLike, level: float) -> Bounds:
    """Clopper and Pearson's bounds for the proportion ``p`` of ``effective`` cases, which need not be whole."""
    share, size = _sized(p, effective)
    below = (1 - level) / 2
    hits = size * share
    low = beta_quantile(hits, size - hits + 1, below)
    high = beta_quantile(hits + 1, size - hits, 1 - below)
    return np.where(share <= 0, 0.0, low), np.where(share >= 1, 1.0, high)


def jeffreys_on(p: ArrayLike, effective: ArrayLike, level: float) -> Bounds:
    """Equal-tailed interval of the Beta(x + 1/2, n - x + 1/2) posterior; one end is 0 or 1 where none or all."""
    share, size = _sized(p, effective)
    below, hits = (1 - level) / 2, size * share
    low = beta_quantile(hits + 0.5, size - hits + 0.5, below)
    high = beta_quantile(hits + 0.5, size - hits + 0.5, 1 - below)
    return np.where(share <= 0, 0.0, low), np.where(share >= 1, 1.0, high)
