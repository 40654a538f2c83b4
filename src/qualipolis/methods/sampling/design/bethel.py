"""Allocation for several variables at once: the smallest sample that meets every precision asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.design.allocation import Allocation

Numbers = NDArray[np.float64]


def bethel(
    population: ArrayLike,
    means: ArrayLike,
    spreads: ArrayLike,
    cv: ArrayLike,
    cost: ArrayLike | None = None,
    least: float = 2,
    domains: ArrayLike | None = None,
) -> Allocation:
    """Return the cheapest numbers that keep the coefficient of variation of every total below its target.

    Minimise ``sum c_h n_h`` subject to ``sum_h N_h² S_hj² (1/n_h - 1/N_h) <= (cv_j sum_h N_h M_hj)²`` for each variable j
    (in each domain), with ``least <= n_h <= N_h``. The multipliers of the constraints are found by Chromy's iteration.

    Parameters
    ----------
    population : (H,) units
    means, spreads : (H, J) means and standard deviations of J variables
    cv : (J,) or (D, J) targets, one row for each domain in ascending order
    cost : (H,) cost of a unit
    least : smallest number in a stratum (its population where that is less)
    domains : (H,) which domain a stratum belongs to; one domain where not given

    Raises
    ------
    InputError
        shapes that do not fit, targets not above 0

    References
    ----------
    J. Bethel (1989), Survey Methodology 15, 47-57; J. R. Chromy (1987), Proc. ASA Survey Research Methods, 194-199.

    >>> bethel([100, 100], [[10.0], [10.0]], [[2.0], [4.0]], [0.05], least=1)
    Allocation(total=30, n=[10, 20])
    """
    size = np.asarray(population, dtype=np.float64)
    mean, spread = (np.asarray(x, dtype=np.float64).reshape(len(size), -1) for x in (means, spreads))
    names, place = np.unique(np.zeros(len(size)) if domains is None else np.asarray(domains), return_inverse=True)
    target = np.broadcast_to(np.asarray(cv, dtype=np.float64), (len(names), mean.shape[1]))
    price = np.ones(len(size)) if cost is None else np.asarray(cost, dtype=np.float64)
    if mean.shape != spread.shape or not bool((target > 0).all() and (size > 0).all() and (price > 0).all()):
        what = msg("Strata, means, standard deviations and targets do not fit together, or one is not above 0.")
        remedy = msg("Give one row for each stratum, one target above 0 for each variable.")
        raise InputError([Problem("bad_bethel", what, remedy, place="strata")])
    found = np.empty(len(size))
    for d in range(len(names)):
        inside = place == d
        weights = _constraints(size[inside], mean[inside], spread[inside], target[d])
        found[inside] = _solved(weights, price[inside], np.minimum(least, size[inside]), size[inside])
    return Allocation(found)


def reached_cv(population: ArrayLike, means: ArrayLike, spreads: ArrayLike, n: ArrayLike) -> Numbers:
    """Return the coefficients of variation (J,) of the estimated totals.

    >>> reached_cv([100, 100], [[10.0], [10.0]], [[2.0], [4.0]], [10, 20]).round(4).tolist()
    [0.05]
    """
    size, taken = np.asarray(population, dtype=np.float64), np.asarray(n, dtype=np.float64)
    mean, spread = (np.asarray(x, dtype=np.float64).reshape(len(size), -1) for x in (means, spreads))
    variance = ((size**2)[:, None] * spread**2 * (1.0 / taken - 1.0 / size)[:, None]).sum(axis=0)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)) / np.abs((size[:, None] * mean).sum(axis=0)))


def _constraints(size: Numbers, mean: Numbers, spread: Numbers, cv: Numbers) -> Numbers:
    """Return a (H, J) with the constraints as ``sum_h a_hj / n_h <= 1``."""
    goal = (cv * (size[:, None] * mean).sum(axis=0)) ** 2 + (size[:, None] * spread**2).sum(axis=0)
    return np.asarray((size**2)[:, None] * spread**2 / goal)


def _solved(a: Numbers, price: Numbers, low: Numbers, high: Numbers, rounds: int = 20_000) -> Numbers:
    """Chromy's iteration; strata that leave their bounds are set there and the others solved again."""
    fixed = np.full(len(price), np.nan)
    while True:
        free = np.isnan(fixed)
        used = (a[~free] / fixed[~free, None]).sum(axis=0) if (~free).any() else np.zeros(a.shape[1])
        n = fixed.copy()
        if free.any():
            n[free] = _chromy(a[free] / np.maximum(1.0 - used, 1e-12), price[free], rounds)
        over, under = free & (n > high), free & (n < low)
        if not (over | under).any():
            return n
        pinned = over if over.any() else under
        fixed[pinned] = np.where(over, high, low)[pinned]


def _chromy(a: Numbers, price: Numbers, rounds: int) -> Numbers:
    share = np.full(a.shape[1], 1.0 / a.shape[1])
    n = np.ones(len(price))
    for _ in range(rounds):
        root = np.sqrt(np.maximum(a @ share, 0.0) / price)
        n = root * float((price * root).sum())
        reached = np.divide(a, n[:, None], out=np.zeros_like(a), where=n[:, None] > 0).sum(axis=0)
        new = share * reached**2
        new = new / new.sum()
        if float(np.abs(new - share).max()) < 1e-13:
            break
        share = new
    return n * float(reached.max())
