"""The exact inclusion probabilities of Pareto and sequential Poisson draws, and the working probabilities that hit a target.

Order sampling has the probabilities asked for only approximately: very well in large strata, badly where few are drawn and
some are large (two units, one drawn, 0.3 asked for: 0.242 with Pareto). So in small strata the scores are computed
from working probabilities, chosen so that the exact probabilities are those asked for.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.counts import poisson_binomial
from qualipolis.methods.sampling.draws.probabilities import check_pi

Numbers = NDArray[np.float64]
NODES = 64
EXACT, KEPT = 1e-9, 10
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
    nodes (Pareto), four to ten on each piece of the line between two bends (sequential Poisson); the number of others is Poisson-binomial.

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
    s, ds = _nodes(p, n, method)
    below, density = _distribution(s, p, method)
    return np.asarray((_at_most(below, n - 1) * density * ds[:, None]).sum(axis=0))


def working_probabilities(pi: ArrayLike, method: str = "pareto", rounds: int = 100) -> Numbers:
    """Return working probabilities whose exact inclusion probabilities are ``pi``, to 1e-9.

    A fixed point in the log odds (Pareto) or, with the largest held at 0.999, in the logs, where Anderson's mixing of the
    last ten steps makes it converge (sequential Poisson): the order of the scores depends on ratios alone.

    Parameters
    ----------
    pi : (N,) target probabilities, above 0 and below 1, with a whole number n as their sum
    method : ``pareto`` or ``sequential_poisson``
    rounds : how many steps at most

    Raises
    ------
    InputError
        a target is not reached, such as one nearer to 0 or 1 than the arithmetic resolves; it names the unit farthest off

    References
    ----------
    D. G. Anderson (1965), Journal of the ACM 12, 547-560.

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
    solve = _pareto if method == "pareto" else _sequential
    p = solve(target, n, rounds)
    far = np.abs(order_probabilities(p, n, method) - target)
    if not float(far.max()) < EXACT:
        worst = int(far.argmax())
        what = msg("No working probability gives unit %(unit)s its target %(target)s: it is off by %(far)s.")
        said = {"unit": worst + 1, "target": float(target[worst]), "far": float(far[worst])}
        remedy = msg("Draw this unit with certainty, or change the method to pareto.")
        raise InputError([Problem("working_not_reached", what, remedy, said, f"pi.{worst}")])
    return p


def _pareto(target: Numbers, n: int, rounds: int) -> Numbers:
    p = target.copy()
    for _ in range(rounds):
        reached = order_probabilities(p, n, "pareto")
        if float(np.abs(reached - target).max()) < EXACT / 10.0:
            break
        reached = np.clip(reached, 1e-12, 1.0 - 1e-12)
        p = _centred(p / (1.0 - p) * (target / (1.0 - target)) / (reached / (1.0 - reached)), n)
    return p


def _sequential(target: Numbers, n: int, rounds: int) -> Numbers:
    logs = best = np.log(target)
    points: list[Numbers] = []
    steps: list[Numbers] = []
    least, kept, share = np.inf, np.zeros_like(target), 1.0
    for _ in range(rounds):
        p = 0.999 * np.exp(logs - logs.max())
        off = target - order_probabilities(p, n, "sequential_poisson")
        far = float(np.abs(off).max())
        if far < EXACT / 10.0:
            return np.asarray(p)
        if far > 2.0 * least:  # went astray: back to the best point, more carefully, and what was learnt is forgotten
            share, points, steps = share / 2.0, [], []
            logs = best + share * kept
            continue
        step = np.clip(off / np.maximum(_slopes(p, n, target - off), 1e-9), -2.0, 2.0) / 2.0
        if far < least:
            least, best, kept, share = far, logs, step, min(1.0, 1.5 * share)
        points, steps = [*points[-KEPT:], logs], [*steps[-KEPT:], step]
        logs = logs + np.clip(_mixed(points, steps), -1.0, 1.0)
    return np.asarray(0.999 * np.exp(best - best.max()))


def _slopes(p: Numbers, n: int, reached: Numbers) -> Numbers:
    """Return how fast each probability grows with the log of its own working probability: what it has, less its end."""
    ends = 1.0 / p
    below, _density = _distribution(ends, p, "sequential_poisson")
    return np.asarray(reached - np.diagonal(_at_most(below, n - 1)))


def _mixed(points: list[Numbers], steps: list[Numbers]) -> Numbers:
    """Return the next step, mixed from the last ones so that what they leave over is least."""
    last = steps[-1]
    if len(steps) < 2:
        return last
    changes, moved = np.diff(np.array(steps), axis=0).T, np.diff(np.array(points), axis=0).T
    share = np.linalg.lstsq(changes, last, rcond=1e-10)[0]
    return np.asarray(last - (moved + changes) @ share)


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


def _nodes(p: Numbers, n: int, method: str) -> tuple[Numbers, Numbers]:
    """Return nodes and weights over scores: from 0 to infinity (Pareto), piece by piece to the largest (other)."""
    if method == "pareto":
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        x = (nodes + 1.0) / 2.0
        return x / (1.0 - x), weights / 2.0 / (1.0 - x) ** 2
    bends = np.unique(np.concatenate([[0.0], 1.0 / p]))
    mean = np.minimum(p * bends[:, None], 1.0).sum(axis=1)
    most = n + 40.0 + np.sqrt(1600.0 + 80.0 * n)  # beyond it fewer than n scores have a chance below 1e-17
    seen = max(int(np.searchsorted(mean, most)) + 1, 2)
    bends, added = bends[:seen], np.diff(mean[:seen])
    parts = np.maximum(np.ceil(added / 1.5), 1.0).astype(int)
    wide = np.repeat(np.diff(bends) / parts, parts)
    inside = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    begins = np.repeat(bends[:-1], parts) + wide * inside
    return _on_pieces(begins, wide, 4 + np.ceil(4.0 * np.repeat(added / parts, parts)).astype(int))


def _on_pieces(begins: Numbers, wide: Numbers, counts: NDArray[np.int_]) -> tuple[Numbers, Numbers]:
    """Return the nodes and weights of pieces of the line, ``counts`` on each."""
    found = []
    for count in np.unique(counts):
        nodes, weights = np.polynomial.legendre.leggauss(int(count))
        here = counts == count
        at, width = begins[here, None], wide[here, None]
        found.append(((at + width * (nodes + 1.0) / 2.0).ravel(), (width * weights / 2.0).ravel()))
    return np.concatenate([s for s, _w in found]), np.concatenate([w for _s, w in found])


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
