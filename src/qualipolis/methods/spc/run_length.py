"""How soon a chart signals: operating characteristic and average run length of Shewhart charts.

A mean of n values shifted by δσ falls inside k-sigma limits with probability β = Φ(k − δ√n) − Φ(−k − δ√n); signals are
then geometric, with average run length 1/(1 − β). 3-sigma limits give 370.398 under control.

Source: D. C. Montgomery (2013), *Introduction to Statistical Quality Control*, 7th ed., section 6.2.6.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg


def xbar_oc(shift: ArrayLike, n: int = 1, sigmas: float = 3.0) -> NDArray[np.float64]:
    """Return the probability that the next mean of ``n`` values does not signal a shift of ``shift`` sigmas.

    >>> round(float(xbar_oc(1.0, 5)), 4)
    0.7775
    """
    from scipy.special import ndtr

    if n < 1 or sigmas <= 0:
        what = msg("A subgroup has at least one value, and the limits a width above 0.")
        raise InputError([Problem("bad_subgroup", what, place="n")])
    away = np.asarray(shift, dtype=np.float64) * np.sqrt(n)
    return np.asarray(ndtr(sigmas - away) - ndtr(-sigmas - away))


def xbar_arl(shift: ArrayLike, n: int = 1, sigmas: float = 3.0) -> NDArray[np.float64]:
    """Return the average number of subgroups until the signal of a shift, that one included.

    >>> round(float(xbar_arl(0.0)), 3)
    370.398
    """
    return np.asarray(1 / (1 - xbar_oc(shift, n, sigmas)))
