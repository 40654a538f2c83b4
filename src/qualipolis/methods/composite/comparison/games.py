r"""Means that are no power means (median, minimum, Mazziotta-Pareto, your own): their parts by the Shapley value.

Each child is a player who brings its value of the first side in place of that of the second:

.. math:: \varphi_k = \sum_{S \not\ni k} \frac{|S|!\,(K - |S| - 1)!}{K!}\,(g(S \cup k) - g(S))

exact over all :math:`2^K` coalitions up to 12 children; beyond that the mean of the forward and the backward order, whose
parts still sum to the whole. Source: Shorrocks (2013), Journal of Economic Inequality 11.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.more_means import Rule, other_mean

POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
PLAYERS = 12
CELLS = 2_000_000


def power_of(rule: Rule) -> float | None:
    """Return the power of a rule's mean, None where it is no power mean.

    >>> power_of(Rule("harmonic")), power_of(Rule("generalised", power=3.0)), power_of(Rule("minimum"))
    (-1.0, 3.0, None)
    """
    return rule.power if rule.method == "generalised" else POWERS.get(rule.method)


def same_mean(one: Rule, two: Rule) -> bool:
    """Return whether two rules take the same mean.

    >>> same_mean(Rule("generalised", power=0.0), Rule("geometric"))
    True
    """
    powers = power_of(one), power_of(two)
    if powers[0] is not None or powers[1] is not None:
        return powers[0] == powers[1]
    return (one.method, one.sign) == (two.method, two.sign)


def mean_of(rule: Rule, values: Floats, weights: Floats) -> Floats:
    """Return the mean of rows (n, children) with weights (children,), missing as NaN, by any rule.

    >>> mean_of(Rule("geometric"), np.array([[1.0, 4.0], [3.0, np.nan]]), np.ones(2)).round(12).tolist()
    [2.0, 3.0]
    """
    power = power_of(rule)
    if power is None:
        return other_mean(list(values.T), list(weights[:, None]), replace(rule, min_share=0.0))
    there = ~np.isnan(values) & (weights > 0)
    total = (there * weights).sum(axis=1)
    shares = there * weights / np.where(total > 0, total, np.nan)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        if power == 0:
            return np.asarray(np.exp((shares * np.log(np.where(there, values, 1.0))).sum(axis=1)))
        return np.asarray((shares * np.where(there, values, 1.0) ** power).sum(axis=1) ** (1.0 / power))


def shapley(rule: Rule, first: Floats, second: Floats, weights: Floats) -> Floats:
    """Return the part of each child in mean(first) - mean(second), (n, children); values missing on a side as NaN.

    >>> shapley(Rule("minimum"), np.array([[3.0, 5.0]]), np.array([[1.0, 2.0]]), np.ones(2)).tolist()
    [[1.5, 0.5]]
    """
    rows, count = first.shape
    out = np.empty((rows, count))
    coalitions = _coalitions(count)
    step = max(1, CELLS // (len(coalitions) * count))
    for start in range(0, rows, step):
        at = slice(start, start + step)
        out[at] = _block(rule, first[at], second[at], weights, coalitions)
    return out


def _block(rule: Rule, first: Floats, second: Floats, weights: Floats, coalitions: NDArray[np.bool_]) -> Floats:
    rows, count = first.shape
    mixed = np.where(coalitions[:, None, :], first, second)
    worth = mean_of(rule, mixed.reshape(-1, count), weights).reshape(len(coalitions), rows)
    worth = np.where(np.isnan(worth), worth[0], worth)
    out = np.zeros((rows, count))
    if count > PLAYERS:
        for k in range(count):
            forward, backward = worth[k + 1] - worth[k], worth[2 * count + 1 - k] - worth[2 * count - k]
            out[:, k] = (forward + backward) / 2
        return out
    size = coalitions.sum(axis=1)
    chance = np.array([math.factorial(s) * math.factorial(count - s - 1) / math.factorial(count) for s in range(count)])
    for k in range(count):
        without = np.flatnonzero(~coalitions[:, k])
        with np.errstate(invalid="ignore"):
            gains = worth[without + (1 << k)] - worth[without]
            out[:, k] = (chance[size[without]][:, None] * gains).sum(axis=0)
    return out


def _coalitions(count: int) -> NDArray[np.bool_]:
    """Return all coalitions (2^K, K) by their number; with too many players those of the forward and backward order."""
    if count <= PLAYERS:
        return (np.arange(1 << count)[:, None] >> np.arange(count) & 1).astype(bool)
    forward = np.tri(count + 1, count, -1, dtype=bool)
    return np.concatenate([forward, forward[:, ::-1]])
