"""Joint inclusion probabilities ``pi_ij``, exact, for variances; the diagonal holds ``pi_i``."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.counts import conditional, poisson_binomial, without, working
from qualipolis.methods.sampling.draws.probabilities import check_pi
from qualipolis.methods.sampling.draws.unequal import CLOSE, elimination

Numbers = NDArray[np.float64]


def joint_probabilities(method: str, pi: ArrayLike, tolerance: float = 1e-13) -> Numbers:
    """Return the (N, N) matrix of joint inclusion probabilities of a design.

    ``maxentropy``, ``sampford``, ``tille``, ``midzuno``, ``systematic`` and ``srs``. Of the other methods they are not
    known in closed form: estimate them over many streams. Time and memory grow with N squared times n.

    Parameters
    ----------
    pi : (N,) inclusion probabilities with a whole number as their sum; 0 and 1 are allowed
    tolerance : when the iteration of ``maxentropy`` stops. R's ``sampling`` stops at 1e-6 and is then some 1e-7 off;
        with 1e-6 its numbers are reproduced, with the default those of the exact design

    Raises
    ------
    InputError
        probabilities outside [0, 1] or without a whole sum; a method without a formula

    References
    ----------
    Y. Tillé (2006), Sampling Algorithms, Springer, chapters 5 and 6; Sampford (1967), Biometrika 54, 499-513.

    >>> joint_probabilities("systematic", [0.5, 0.5, 0.5, 0.5])[0].round(12).tolist()
    [0.5, 0.0, 0.5, 0.0]
    >>> joint_probabilities("sampford", [0.5, 0.5, 1.0])[2].round(12).tolist()
    [0.5, 0.5, 1.0]
    """
    p = check_pi(pi)
    if method not in FORMULAS:
        what, remedy = (
            msg("There is no formula for the joint probabilities of %(method)s."),
            msg("Use one of: %(known)s."),
        )
        words = {"method": method, "known": ", ".join(FORMULAS)}
        raise InputError([Problem("no_formula", what, remedy, words, place="method")])
    open_places = np.flatnonzero((p > CLOSE) & (p < 1.0 - CLOSE))
    found = np.outer(p, p)
    if len(open_places):
        inside = p[open_places]
        rough = method == "maxentropy" and tolerance > 1e-9
        inner = _maxentropy_rough(inside, tolerance) if rough else FORMULAS[method](inside)
        found[np.ix_(open_places, open_places)] = inner
    np.fill_diagonal(found, p)
    return found


def _srs(pi: Numbers) -> Numbers:
    size, n = len(pi), float(pi.sum())
    return np.full((size, size), n * (n - 1) / (size * (size - 1)))


def _maxentropy(pi: Numbers) -> Numbers:
    n = round(float(pi.sum()))
    p = working(pi)
    counts = poisson_binomial(p)
    found = np.empty((len(p), len(p)))
    alone = without(np.broadcast_to(counts, (len(p), len(counts))), p)
    for i in range(len(p)):
        rest = without(np.broadcast_to(alone[i], (len(p), len(alone[i]))), p)
        found[i] = p[i] * p * (rest[:, n - 2] if n > 1 else 0.0) / counts[n]
    return (found + found.T) / 2


def _maxentropy_rough(pi: Numbers, tolerance: float) -> Numbers:
    """Stop early, then ``(pi_k w_l - pi_l w_k) / (w_l - w_k)``; units with equal pi share what is left of their row."""
    n, reached = round(float(pi.sum())), pi
    p, change = pi, 1.0
    while change > tolerance:
        reached = conditional(p, n)
        change = float(np.abs(pi - reached).sum())
        p = p + pi - reached
    odds = p / (1.0 - p)
    equal = pi[:, None] == pi[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        pairs = (np.outer(pi, odds) - np.outer(odds, pi)) / (odds[None, :] - odds[:, None])
    found = np.where(equal, 0.0, pairs)
    others = equal.sum(axis=1) - 1
    share = ((n - 1) * pi - found.sum(axis=1)) / np.maximum(others, 1)
    return np.where(equal, share[:, None], found)


def _sampford(pi: Numbers) -> Numbers:
    """``p(s)`` is proportional to the product of the odds in s times ``n - sum of pi in s``."""
    n = round(float(pi.sum()))
    counts = poisson_binomial(pi)
    total = sum(t * counts[n - t] for t in range(1, n + 1))
    found = np.zeros((len(pi), len(pi)))
    alone = without(np.broadcast_to(counts, (len(pi), len(counts))), pi)
    for i in range(len(pi)):
        rest = without(np.broadcast_to(alone[i], (len(pi), len(alone[i]))), pi)
        for t in range(2, n + 1):
            found[i] += (t - pi[i] - pi) * rest[:, n - t]
        found[i] *= pi[i] * pi / total
    return (found + found.T) / 2


def _tille(pi: Numbers) -> Numbers:
    found = np.ones((len(pi), len(pi)))
    for drop in elimination(pi):
        found *= 1.0 - drop[:, None] - drop[None, :]
    return found


def _midzuno(pi: Numbers) -> Numbers:
    found: Numbers = _tille(1.0 - pi) + pi[:, None] + pi[None, :] - 1.0
    return found


def _systematic(pi: Numbers) -> Numbers:
    """Between two neighbouring fractions of the cumulated probabilities the sample is the same."""
    ends = np.concatenate([[0.0], np.cumsum(pi)])
    ends[-1] = round(float(ends[-1]))
    cuts = np.unique(np.concatenate([ends % 1.0, [0.0, 1.0]]))
    found = np.zeros((len(pi), len(pi)))
    for low, high in pairwise(cuts.tolist()):
        start = (low + high) / 2
        drawn = np.floor(ends[1:] - start) > np.floor(ends[:-1] - start)
        found[np.ix_(drawn, drawn)] += high - low
    return found


FORMULAS: dict[str, Callable[[Numbers], Numbers]] = {
    "srs": _srs,
    "maxentropy": _maxentropy,
    "sampford": _sampford,
    "tille": _tille,
    "midzuno": _midzuno,
    "systematic": _systematic,
}
