"""Limits of a funnel plot: how far the share of a place may lie from the whole by chance alone, at each number of cases."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.critical import refuse_level

Floats = NDArray[np.float64]


def funnel_limits(n: ArrayLike, share: float, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the exact binomial limits around ``share`` at each number of cases ``n``.

    ``low = r/n`` with the smallest ``r`` for which ``P(X <= r) >= (1 - level)/2``, ``high = r/n`` with the smallest for which
    ``P(X <= r) >= (1 + level)/2``: a share below ``low`` or above ``high`` has at most (1 - level)/2 on its side. The limits
    move in steps, for a count cannot be broken; the usual interpolation would call 12 passes of 12 unusual at 94 %.

    Parameters
    ----------
    n : numbers of cases, at least 1
    share : the share of the whole, 0 to 1
    level : 0.95 and 0.998 are usual

    Raises
    ------
    InputError
        a share outside [0, 1], n below 1, a level outside (0, 1)

    References
    ----------
    D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.

    >>> low, high = funnel_limits([20, 200], 0.9)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.75, 0.855], [1.0, 0.94])
    """
    refuse_level(level)
    cases = np.asarray(n, dtype=np.float64)
    if not 0 <= share <= 1 or not (cases >= 1).all():
        what, remedy = msg("A share lies outside 0 to 1, or there are no cases."), msg("Give counted cases.")
        raise InputError([Problem("bad_share", what, remedy)])
    if share in (0.0, 1.0):
        return np.full(cases.shape, share), np.full(cases.shape, share)
    from scipy.stats import binom

    low, high = (binom.ppf(q, cases, share) / cases for q in ((1 - level) / 2, (1 + level) / 2))
    return np.asarray(low), np.asarray(high)
