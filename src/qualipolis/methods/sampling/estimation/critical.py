"""Quantiles of t, the normal and beta, with the special functions loaded only when asked for."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats


def refuse_level(level: float) -> None:
    """Refuse a confidence level outside (0, 1)."""
    if not 0 < level < 1:
        what = msg("The confidence level %(level)s is not between 0 and 1.")
        raise InputError(
            [Problem("bad_level", what, msg("Use 0.90 or 0.95, for example."), {"level": level}, place="level")]
        )


def t_quantile(df: ArrayLike, probability: float) -> Floats:
    """Quantile of Student's t; the normal one for infinite ``df``; NaN for ``df`` of 0 and below.

    >>> t_quantile([14, float("inf"), 0], 0.975).round(4).tolist()
    [2.1448, 1.96, nan]
    """
    given = np.asarray(df, dtype=np.float64)
    normal = NormalDist().inv_cdf(probability)
    out = np.full(given.shape, np.nan)
    out[np.isinf(given)] = normal
    some = np.isfinite(given) & (given > 0)
    if some.any():
        from scipy.special import stdtrit

        out[some] = stdtrit(given[some], probability)
    return out


def beta_quantile(a: ArrayLike, b: ArrayLike, probability: ArrayLike) -> Floats:
    """Quantile of the beta distribution; 0 where ``a`` is 0 and 1 where ``b`` is 0."""
    from scipy.special import betaincinv

    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    safe = betaincinv(
        np.where(first > 0, first, 1), np.where(second > 0, second, 1), np.asarray(probability, dtype=np.float64)
    )
    return np.asarray(np.where(first <= 0, 0.0, np.where(second <= 0, 1.0, safe)))
