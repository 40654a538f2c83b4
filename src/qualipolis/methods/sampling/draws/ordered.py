"""Draws by the order of tickets: simple random, Pareto and sequential Poisson, and systematic draws.

Simple random, Pareto and sequential Poisson give every unit a score from its own ticket and take the n smallest. They
keep what was drawn: leaving out a unit, adding one or raising n changes only what must change, and the units that come
next are the reserve in order. (With Pareto and sequential Poisson a change of the total size scales all odds, so a unit
close to the cut may move.) Systematic draws have one random start for a whole stratum and do not have this property.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.sampling.draws.tickets import Words, uniforms

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
Digest = Callable[[int], bytes]
SCORES = ("srs", "pareto", "sequential_poisson")


def scores(u: Numbers, pi: Numbers | None, method: str) -> Numbers:
    """Return the score of each unit; the smallest are drawn.

    ``srs``: u. ``pareto``: ``(u / (1-u)) * ((1-pi) / pi)``. ``sequential_poisson``: ``u / pi``. Only the four
    operations of IEEE doubles in this order, so every language gives the same score.

    Parameters
    ----------
    u : (..., N) uniforms of the tickets
    pi : (N,) target probabilities below 1; not used by ``srs``

    References
    ----------
    B. Rosén (1997), J. Statist. Plann. Inference 62, 135-158 and 159-191 (Pareto). E. Ohlsson (1998), J. Official
    Statistics 14, 149-162 (sequential Poisson).

    >>> scores(np.array([0.5, 0.5]), np.array([0.5, 0.2]), "pareto").tolist()
    [1.0, 4.0]
    """
    if method == "srs" or pi is None:
        return u
    with np.errstate(divide="ignore"):
        if method == "pareto":
            return np.asarray((u / (1.0 - u)) * ((1.0 - pi) / pi))
        return np.asarray(u / pi)


def smallest(score: Numbers, n: int, digest: Digest | None = None) -> Places:
    """Return the places of the n smallest scores, in order; equal scores in the order of their whole tickets.

    >>> smallest(np.array([0.3, 0.1, 0.2]), 2).tolist()
    [1, 2]
    """
    n = min(n, len(score))
    if n <= 0:
        return np.empty(0, np.intp)
    cut = np.partition(score, n - 1)[n - 1]
    near = np.flatnonzero(score <= cut)
    order = near[np.argsort(score[near], kind="stable")]
    if digest is not None:
        ranked = score[order]
        if (ranked[1:] == ranked[:-1]).any():
            order = np.array(sorted(order.tolist(), key=lambda i: (score[i], digest(i))), dtype=np.intp)
    return order[:n]


def ordered(words: Words, pi: Numbers | None, n: int, method: str, digest: Digest | None = None) -> Places:
    """Return the n units that come first by ticket, in order (``method`` one of :data:`SCORES`).

    >>> ordered(np.array([3, 1, 2], np.uint64) << np.uint64(60), None, 2, "srs").tolist()
    [1, 2]
    """
    return smallest(scores(uniforms(words), pi, method), n, digest)


def systematic(sizes: Numbers, n: int, start: float, cumulated: Numbers | None = None) -> Places:
    """Return a systematic draw of n with probability proportional to size, in the order of the frame.

    With ``C_i`` the sizes summed from left to right and T their sum, unit i is drawn if one of
    ``(start + k) * (T / n)``, k = 0 .. n-1, lies in [C_(i-1), C_i). Equal sizes give the equal-probability draw. No size
    may reach T / n: take such units with certainty first (:func:`inclusion_probabilities`).

    Parameters
    ----------
    sizes : (N,) sizes above or equal 0, in the frozen order of the frame
    start : uniform in (0, 1)

    References
    ----------
    W. G. Madow (1949), Ann. Math. Statist. 20, 333-354.

    >>> systematic(np.array([1.0, 2.0, 3.0, 4.0]), 2, 0.5).tolist()
    [1, 3]
    """
    if n <= 0:
        return np.empty(0, np.intp)
    ends = np.cumsum(sizes) if cumulated is None else cumulated
    marks = (start + np.arange(n)) * (ends[-1] / n)
    found = np.searchsorted(ends, marks, side="right")
    drawn: Places = np.minimum(found, len(ends) - 1).astype(np.intp)
    return drawn
