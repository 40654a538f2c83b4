"""Draws of fixed size with unequal probabilities, driven by a stream of uniforms.

Each factory takes inclusion probabilities with a whole number as their sum and returns a sampler; the sampler takes an
iterator of uniforms (:func:`~qualipolis.methods.sampling.draws.tickets.stream`, seeded by a ticket of the stratum) and
returns the places drawn, ascending. All have the inclusion probabilities asked for, exactly. None keeps what was drawn
when the frame changes: for that use ``pareto`` or ``sequential_poisson``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.counts import tails, working
from qualipolis.methods.sampling.draws.ordered import systematic as systematic_places
from qualipolis.methods.sampling.draws.probabilities import check_pi, inclusion_probabilities

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
Sampler = Callable[[Iterator[float]], Places]
Factory = Callable[[Numbers], Sampler]
CLOSE = 1e-9


def sampler(method: str, pi: ArrayLike) -> Sampler:
    """Return a sampler of a method of :data:`METHODS`; units with probability 0 and 1 are set aside.

    Raises
    ------
    InputError
        probabilities outside [0, 1] or without a whole sum; a method that is not known

    >>> from qualipolis.methods.sampling.draws.tickets import stream
    >>> drawn = sampler("sampford", [0.2, 0.7, 0.8, 0.5, 0.4, 0.4, 1, 0])(stream("2026-11-22"))
    >>> len(drawn), 6 in drawn, 7 in drawn
    (4, True, False)
    """
    p = check_pi(pi)
    if method not in METHODS:
        what, remedy = msg("There is no draw called %(method)s."), msg("Use one of: %(known)s.")
        words = {"method": method, "known": ", ".join(METHODS)}
        raise InputError([Problem("unknown_method", what, remedy, words, place="method")])
    open_places = np.flatnonzero((p > CLOSE) & (p < 1.0 - CLOSE))
    certain = np.flatnonzero(p >= 1.0 - CLOSE)
    inner = _prepared(method, p[open_places].tobytes()) if len(open_places) else None

    def draw(numbers: Iterator[float]) -> Places:
        found = open_places[inner(numbers)] if inner is not None else open_places
        return np.sort(np.concatenate([certain, found]))

    return draw


@lru_cache(maxsize=128)
def _prepared(method: str, pi: bytes) -> Sampler:
    """Return the sampler of a method; what it computes beforehand serves all draws with these probabilities."""
    return METHODS[method](np.frombuffer(pi))


def pick(weights: Numbers, u: float) -> int:
    """Return the place that a uniform picks with probability proportional to weights."""
    ends = np.cumsum(weights)
    place = int(np.searchsorted(ends, u * ends[-1], side="right"))
    return min(place, int(np.flatnonzero(weights)[-1]))


def shuffled(n: int, numbers: Iterator[float]) -> Places:
    """Return 0 .. n-1 in random order (Fisher and Yates, from the end)."""
    order = np.arange(n)
    for last in range(n - 1, 0, -1):
        other = int(next(numbers) * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def brewer(pi: Numbers) -> Sampler:
    """Brewer's method, drawn one by one: Brewer (1975); Tillé (2006), algorithm 6.10."""
    n = round(float(pi.sum()))

    def draw(numbers: Iterator[float]) -> Places:
        free, taken = np.ones(len(pi)), 0.0
        for step in range(n):
            left = n - taken
            weight = free * pi * (left - pi) / (left - pi * (n - step))
            place = pick(np.maximum(weight, 0.0), next(numbers))
            free[place] = 0.0
            taken += float(pi[place])
        return np.flatnonzero(free == 0.0)

    return draw


def pivotal(pi: Numbers) -> Sampler:
    """Ordered pivotal method: neighbours duel, the winner goes on. Deville and Tillé (1998), Biometrika 85, 89-101."""
    p = [float(x) for x in pi]

    def draw(numbers: Iterator[float]) -> Places:
        return duels(p, range(len(p)), numbers)

    return draw


def random_pivotal(pi: Numbers) -> Sampler:
    """Pivotal method in random order."""
    p = [float(x) for x in pi]

    def draw(numbers: Iterator[float]) -> Places:
        return duels(p, shuffled(len(p), numbers).tolist(), numbers)

    return draw


def duels(p: list[float], order: range | list[int], numbers: Iterator[float]) -> Places:
    """Let units duel in an order; return the winners, ascending."""
    champion, a, won = order[0], p[order[0]], []
    for rival in order[1:]:
        b, u = p[rival], next(numbers)
        if a + b < 1.0 - CLOSE:
            champion = champion if u * (a + b) < a else rival
            a += b
            continue
        rest = max(a + b - 1.0, 0.0)
        if u * (2.0 - a - b) < 1.0 - b if 2.0 - a - b > CLOSE else u < 0.5:
            won.append(champion)
            champion = rival
        else:
            won.append(rival)
        a = rest
    if a > 0.5:
        won.append(champion)
    return np.array(sorted(won), dtype=np.intp)


def sampford(pi: Numbers) -> Sampler:
    """Sampford's method, by trying until all units differ. Sampford (1967), Biometrika 54, 499-513."""
    n, odds = round(float(pi.sum())), pi / (1.0 - pi)
    first, others = np.cumsum(pi), np.cumsum(odds)

    def draw(numbers: Iterator[float]) -> Places:
        while True:
            found = {int(np.searchsorted(first, next(numbers) * first[-1], side="right"))}
            for _ in range(n - 1):
                place = int(np.searchsorted(others, next(numbers) * others[-1], side="right"))
                if place in found:
                    break
                found.add(place)
            if len(found) == n:
                return np.array(sorted(found), dtype=np.intp)

    return draw


def maxentropy(pi: Numbers) -> Sampler:
    """Maximum entropy (conditional Poisson) sampling, unit by unit. Hájek (1964); Tillé (2006), section 5."""
    n = round(float(pi.sum()))
    p = working(pi)
    table = tails(p)

    def draw(numbers: Iterator[float]) -> Places:
        found, left = [], n
        for k in range(len(p)):
            if not left:
                break
            if next(numbers) * table[k, left] < p[k] * table[k + 1, left - 1]:
                found.append(k)
                left -= 1
        return np.array(found, dtype=np.intp)

    return draw


def elimination(pi: Numbers) -> Numbers:
    """Return (N - n, N): the probabilities with which Tillé's procedure drops a unit at each step."""
    steps, before = [], np.ones(len(pi))
    for left in range(len(pi) - 1, round(float(pi.sum())) - 1, -1):
        now = inclusion_probabilities(pi, left).pi
        steps.append(1.0 - now / before)
        before = now
    return np.array(steps).reshape(-1, len(pi))


def tille(pi: Numbers) -> Sampler:
    """Tillé's elimination procedure. Tillé (1996), Biometrika 83, 238-241."""
    steps = elimination(pi)

    def draw(numbers: Iterator[float]) -> Places:
        kept = np.ones(len(pi))
        for drop in steps:
            kept[pick(np.maximum(kept * drop, 0.0), next(numbers))] = 0.0
        return np.flatnonzero(kept)

    return draw


def midzuno(pi: Numbers) -> Sampler:
    """Midzuno's method as the complement of an elimination. Deville and Tillé (1998)."""
    inner = tille(1.0 - pi)

    def draw(numbers: Iterator[float]) -> Places:
        return np.setdiff1d(np.arange(len(pi)), inner(numbers))

    return draw


def minimal_support(pi: Numbers) -> Sampler:
    """Minimum support design in random order. Deville and Tillé (1998)."""
    n = round(float(pi.sum()))

    def draw(numbers: Iterator[float]) -> Places:
        p = pi.copy()
        while True:
            open_places = np.flatnonzero((p > CLOSE) & (p < 1.0 - CLOSE))
            if not len(open_places):
                return np.flatnonzero(p > 0.5)
            inside = p > 1.0 - CLOSE
            order = open_places[shuffled(len(open_places), numbers)]
            places = n - int(inside.sum())
            inside[order[:places]] = True
            alpha = min(1.0 - float(p[order[places:]].max()), float(p[order[:places]].min()))
            if next(numbers) < alpha:
                return np.flatnonzero(inside)
            p = (p - alpha * inside) / (1.0 - alpha)

    return draw


def systematic(pi: Numbers) -> Sampler:
    """Systematic sampling with one random start, in the order of the frame. Madow (1949)."""
    n = round(float(pi.sum()))

    def draw(numbers: Iterator[float]) -> Places:
        return systematic_places(pi, n, next(numbers))

    return draw


def random_systematic(pi: Numbers) -> Sampler:
    """Systematic sampling in random order. Goodman and Kish (1950); Hartley and Rao (1962)."""
    n = round(float(pi.sum()))

    def draw(numbers: Iterator[float]) -> Places:
        order = shuffled(len(pi), numbers)
        return np.sort(order[systematic_places(pi[order], n, next(numbers))])

    return draw


METHODS: dict[str, Factory] = {
    "brewer": brewer,
    "sampford": sampford,
    "pivotal": pivotal,
    "random_pivotal": random_pivotal,
    "maxentropy": maxentropy,
    "tille": tille,
    "midzuno": midzuno,
    "minimal_support": minimal_support,
    "systematic": systematic,
    "random_systematic": random_systematic,
}
