"""How many of independent units are drawn: the Poisson-binomial distribution, with and without one of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def poisson_binomial(p: Numbers) -> Numbers:
    """Return the probabilities of 0, 1, .. N successes of independent trials with probabilities p.

    Parameters
    ----------
    p : (..., N) probabilities

    >>> poisson_binomial(np.array([0.5, 0.5])).tolist()
    [0.25, 0.5, 0.25]
    """
    n = p.shape[-1]
    found = np.zeros((*p.shape[:-1], n + 1))
    found[..., 0] = 1.0
    for k in range(n):
        hit = p[..., k : k + 1]
        upper = found[..., : k + 1] * hit
        found[..., : k + 1] *= 1.0 - hit
        found[..., 1 : k + 2] += upper
    return found


def without(counts: Numbers, p: Numbers) -> Numbers:
    """Return the distribution without one trial of probability p: from below where p is at most 1/2, else from above.

    Parameters
    ----------
    counts : (..., N + 1) distribution with the trial
    p : (...) its probability

    >>> without(poisson_binomial(np.array([0.5, 0.2, 0.9])), np.array(0.9)).round(6).tolist()
    [0.4, 0.5, 0.1]
    """
    n = counts.shape[-1] - 1
    low = p <= 0.5
    up, down = np.zeros((*counts.shape[:-1], n)), np.zeros((*counts.shape[:-1], n))
    stay, go = np.where(low, 1.0 - p, 1.0), np.where(low, 1.0, p)
    before, after = np.zeros(counts.shape[:-1]), np.zeros(counts.shape[:-1])
    for k in range(n):
        before = (counts[..., k] - p * before) / stay
        up[..., k] = before
        after = (counts[..., n - k] - (1.0 - p) * after) / go
        down[..., n - 1 - k] = after
    return np.where(low[..., None], up, down)


def tails(p: Numbers) -> Numbers:
    """Return (N + 1, N + 1): row k is the distribution of the successes among the trials k, k + 1, .. N - 1.

    >>> tails(np.array([0.5, 0.5]))[1].tolist()
    [0.5, 0.5, 0.0]
    """
    n = len(p)
    table = np.zeros((n + 1, n + 1))
    table[n, 0] = 1.0
    for k in range(n - 1, -1, -1):
        table[k] = table[k + 1] * (1.0 - p[k])
        table[k, 1:] += table[k + 1, :-1] * p[k]
    return table


def conditional(p: Numbers, n: int) -> Numbers:
    """Return the inclusion probabilities of independent trials p, given that n succeed.

    >>> conditional(np.array([0.5, 0.5, 0.5]), 1).round(6).tolist()
    [0.333333, 0.333333, 0.333333]
    """
    counts = poisson_binomial(p)
    rest = without(np.broadcast_to(counts, (len(p), len(counts))), p)
    return np.asarray(p * rest[:, n - 1] / counts[n])


def working(pi: Numbers, rounds: int = 500) -> Numbers:
    """Return trial probabilities p with the given inclusion probabilities when their number is held fixed.

    The iteration of Chen, Dempster and Liu (1994), Biometrika 81, 457-469: odds are multiplied by
    ``target / reached`` until they agree to 1e-13.

    >>> conditional(working(np.array([0.2, 0.3, 0.5])), 1).round(10).tolist()
    [0.2, 0.3, 0.5]
    """
    n = round(float(pi.sum()))
    odds = pi / (1.0 - pi)
    for _ in range(rounds):
        odds = odds * _scale(odds, n)
        p = odds / (1.0 + odds)
        reached = conditional(p, n)
        if float(np.abs(reached - pi).max()) < 1e-13:
            break
        odds = odds * (pi / (1.0 - pi)) / (reached / (1.0 - reached))
    return np.asarray(odds / (1.0 + odds))


def _scale(odds: Numbers, n: int) -> float:
    """Return the factor that makes the trials expect n successes (the conditional distribution does not change)."""
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        scaled = odds * np.exp(middle)
        if float((scaled / (1.0 + scaled)).sum()) < n:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))
