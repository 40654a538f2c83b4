"""The exact inclusion probabilities of Pareto and sequential Poisson draws, and the working probabilities that hit a target.

Order sampling has the probabilities asked for only approximately: very well in large strata, badly where few are drawn and
some are large (two units, one drawn, 0.3 asked for: 0.242 with Pareto). So in small strata the scores are computed
from working probabilities, chosen so that the exact probabilities are those asked for.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.sampling.draws.counts import poisson_binomial
from qualipolis.methods.sampling.draws.probabilities import check_pi

Numbers = NDArray[np.float64]
NODES, PIECES = 64, 1500
LARGEST = {"pareto": 300, "sequential_poisson": 200}
SPREAD = 15.0


def needs_work(pi: Numbers, method: str = "pareto") -> bool:
    """Say whether a stratum is so small that working probabilities are computed for it.

    At most 300 units (sequential Poisson 200) with a sum of ``pi (1-pi)`` below 15. In larger strata the target itself is
    used: with Pareto the exact probabilities then differ by less than a thousandth; with sequential Poisson they may
    differ by some hundredths, so prefer Pareto there.

    >>> needs_work(np.full(10, 0.3)), needs_work(np.full(1000, 0.3))
    (True, False)
    """
    return len(pi) <= LARGEST[method] and float((pi * (1.0 - pi)).sum()) < SPREAD


def order_probabilities(working: ArrayLike, n: int, method: str = "pareto") -> Numbers:
    """Return the exact inclusion probabilities when the n smallest scores are drawn.

    ``P(i drawn) = integral of P(at most n-1 of the others score below t) dF_i(t)``, by Gauss-Legendre quadrature with 64
    nodes (Pareto), some between two bends (sequential Poisson); the number of others is Poisson-binomial.

    Parameters
    ----------
    working : (N,) working probabilities, above 0 and below 1, that the scores are computed with
    n : how many are drawn
    method : ``pareto`` or ``sequential_poisson``

    References
    ----------
    N. Aires (1999), Methodology and Computing in Applied Probability 1, 457-469.

    >>> order_probabilities([0.3, 0.7], 1).round(4).tolist()
    [0.2421, 0.7579]
    >>> order_probabilities([0.2, 0.2, 0.2, 0.4], 1).sum().round(10).item()
    1.0
    """
    p = check_pi(working, whole=False)
    s, ds = _nodes(p, method)
    below, density = _distribution(s, p, method)
    return np.asarray((_at_most(below, n - 1) * density * ds[:, None]).sum(axis=0))


def working_probabilities(pi: ArrayLike, method: str = "pareto", rounds: int = 100) -> Numbers:
    """Return working probabilities whose exact inclusion probabilities are ``pi``, to 1e-9.

    Parameters
    ----------
    pi : (N,) target probabilities, above 0 and below 1, with a whole number n as their sum
    method : ``pareto`` or ``sequential_poisson``

    >>> working = working_probabilities([0.3, 0.7])
    >>> order_probabilities(working, 1).round(9).tolist()
    [0.3, 0.7]
    """
    return _working(check_pi(pi).tobytes(), method, rounds).copy()


@lru_cache(maxsize=256)
def _working(pi: bytes, method: str, rounds: int) -> Numbers:
    target = np.frombuffer(pi)
    n = round(float(target.sum()))
    p = target.copy()
    if n in (0, len(p)):
        return p
    for _ in range(rounds):
        reached = order_probabilities(p, n, method)
        if float(np.abs(reached - target).max()) < 1e-10:
            break
        reached = np.clip(reached, 1e-12, 1.0 - 1e-12)
        if method == "pareto":
            p = _centred(p / (1.0 - p) * (target / (1.0 - target)) / (reached / (1.0 - reached)), n)
        else:
            p = p * np.sqrt(target / reached * (1.0 - reached) / (1.0 - target))
            p = p * 0.999 / float(p.max())
    return p


def _centred(odds: Numbers, n: int) -> Numbers:
    """Return probabilities with these odds, scaled to the sum n: the order of Pareto scores does not change."""
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2.0
        scaled = odds * np.exp(middle)
        if float((scaled / (1.0 + scaled)).sum()) < n:
            low = middle
        else:
            high = middle
    scaled = odds * np.exp((low + high) / 2.0)
    return np.asarray(scaled / (1.0 + scaled))


def _nodes(p: Numbers, method: str) -> tuple[Numbers, Numbers]:
    """Return nodes and weights over scores: from 0 to infinity (Pareto), piece by piece to the largest (other)."""
    if method == "pareto":
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        x = (nodes + 1.0) / 2.0
        return x / (1.0 - x), weights / 2.0 / (1.0 - x) ** 2
    nodes, weights = np.polynomial.legendre.leggauss(min(24, max(4, PIECES // len(p))))
    bends = np.unique(np.concatenate([[0.0, 1.0], 1.0 / p]))
    wide = np.diff(bends)[:, None]
    return (bends[:-1, None] + wide * (nodes + 1.0) / 2.0).ravel(), (wide * weights / 2.0).ravel()


def _distribution(t: Numbers, p: Numbers, method: str) -> tuple[Numbers, Numbers]:
    """Return distribution and density (nodes, N) of each unit's score."""
    if method == "pareto":
        odds = p / (1.0 - p)
        scale = 1.0 + odds * t[:, None]
        return odds * t[:, None] / scale, odds / scale**2
    below = np.minimum(p * t[:, None], 1.0)
    return below, np.where(p * t[:, None] < 1.0, p, 0.0)


def _at_most(below: Numbers, most: int) -> Numbers:
    """Return (nodes, N): the probability that at most ``most`` of the other units score below each node."""
    counts = poisson_binomial(below)
    units = below.shape[1]
    low = below <= 0.5
    stay, go = np.where(low, 1.0 - below, 1.0), np.where(low, 1.0, below)
    rest, up = np.zeros_like(below), np.zeros_like(below)
    for k in range(most + 1):
        rest = (counts[:, k : k + 1] - below * rest) / stay
        up += rest
    rest, down = np.zeros_like(below), np.zeros_like(below)
    for k in range(units, most + 1, -1):
        rest = (counts[:, k : k + 1] - (1.0 - below) * rest) / go
        down += rest
    return np.clip(np.where(low, up, 1.0 - down), 0.0, 1.0)
