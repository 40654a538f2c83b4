"""The levels of a discrete factor: drawing them, and from a number between 0 and 1 to a level."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.problems import Problem, msg

Levels = NDArray[np.int64]


def levels_of(u: ArrayLike, count: int, probabilities: tuple[float, ...] | None = None) -> Levels:
    """Return the level (from 0) of numbers between 0 and 1: bins as wide as the level is likely, over [0, 1].

    >>> levels_of([0.0, 0.49, 0.5, 0.999], 2).tolist()
    [0, 0, 1, 1]
    >>> levels_of([0.0, 0.7, 0.8], 2, (0.75, 0.25)).tolist()
    [0, 0, 1]
    """
    numbers = np.asarray(u, dtype=np.float64)
    if probabilities is None:
        return np.minimum((numbers * count).astype(np.int64), count - 1)
    ends = np.cumsum(shares(count, probabilities))[:-1]
    return np.searchsorted(ends, numbers, side="right").astype(np.int64)


def levels_by_sample_range(u: ArrayLike, count: int) -> Levels:
    """Return the level (from 0) as COINr 1.1.14 maps it: R's ``cut(u, count)``, equal bins over the *range of the sample*.

    Only for comparison with the reference: the level of a draw depends on the other draws, so a replicate cannot be
    repeated by itself. Bins are open to the left; the outer ends are moved out by a thousandth of the range, and with
    them nothing else. In the stored run the naive floor(u n) differs in 152 of 600 draws of the weights.

    >>> levels_by_sample_range([0.2, 0.3, 0.4], 2).tolist()
    [0, 0, 1]
    """
    numbers = np.asarray(u, dtype=np.float64)
    low, high = float(numbers.min()), float(numbers.max())
    breaks = np.linspace(low, high, count + 1)
    breaks[0], breaks[-1] = low - (high - low) / 1000, high + (high - low) / 1000
    return np.clip(np.searchsorted(breaks, numbers, side="left") - 1, 0, count - 1).astype(np.int64)


def shares(count: int, probabilities: tuple[float, ...] | None) -> Floats:
    """Return the probability of each level, summing to 1.

    >>> shares(2, None).tolist(), shares(2, (3, 1)).tolist()
    ([0.5, 0.5], [0.75, 0.25])
    """
    if probabilities is None:
        return np.full(count, 1.0 / count)
    given = np.array(probabilities, dtype=np.float64)
    return given / given.sum()


def drawn_levels(
    rng: np.random.Generator, n: int, count: int, probabilities: tuple[float, ...] | None = None
) -> Levels:
    """Return ``n`` levels drawn at random.

    >>> drawn_levels(np.random.default_rng(0), 3, 1).tolist()
    [0, 0, 0]
    """
    if probabilities is None:
        return rng.integers(0, count, n)
    return levels_of(rng.random(n), count, probabilities)


def probability_problems(name: str, probabilities: tuple[float, ...] | None, count: int) -> Iterator[Problem]:
    """Yield probabilities that are not one for each level, negative, or all zero.

    >>> [problem.code for problem in probability_problems("x", (0.5, -0.5), 2)]
    ['bad_probabilities']
    """
    if probabilities is None:
        return
    given = np.array(probabilities, dtype=np.float64)
    fine = given.shape == (count,) and bool(np.isfinite(given).all() and (given >= 0).all() and given.sum() > 0)
    if not fine:
        yield Problem(
            "bad_probabilities",
            msg("The probabilities of the factor %(address)s do not fit its %(count)s values."),
            msg("Give one number for each value, 0 or more, not all 0."),
            {"address": name, "count": count},
            place=f"FACTORS {name}",
        )
