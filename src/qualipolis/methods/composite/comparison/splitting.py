r"""The kernel of exact decomposition, for trees of means.

A power mean is :math:`M = f^{-1}(\sum_k \omega_k f(x_k))` with :math:`f(x) = (x^p - 1)/p` (p = 1 arithmetic, 0 geometric,
-1 harmonic, any other generalised). With the secant slope :math:`s(a, b) = (f(a) - f(b))/(a - b)`, for one set of weights

.. math:: M_A - M_B = \sum_k \omega_k \frac{s(x_{kA}, x_{kB})}{s(M_A, M_B)} (x_{kA} - x_{kB})

holds exactly, and each :math:`x_{kA} - x_{kB}` is split in the same way one level down. For p = 0 the weight is the
ratio of logarithmic means: the logarithmic mean Divisia index (Ang 2004, Energy Policy 32; Ang and Liu 2001, LMDI I);
the other p are its generalisation by the mean value theorem. Means of other kinds are split by :mod:`.games`. Different
weights are split between both by the two-factor Shapley value. A missing child of a power mean counts as if it had the
node's own value, which is what renormalising the weights means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.comparison.games import mean_of, power_of, shapley
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.more_means import Rule

Rows = NDArray[np.intp]
Pieces = Iterator[tuple[str, Floats, Rows]]


@dataclass(frozen=True, eq=False)
class Side:
    """One side: scores (n, nodes) and weights (nodes,) of a framework, and the rule of each aggregate's mean."""

    framework: Framework
    values: Floats
    weights: Floats
    rules: Mapping[str, Rule]

    def of(self, code: str, rows: Rows) -> Floats:
        """Return the scores of a node in some rows; NaN for a code that the framework does not have."""
        if code not in self.framework.codes:
            return np.full(len(rows), np.nan)
        return np.asarray(self.values[rows, self.framework.index(code)])

    def children(self, code: str) -> tuple[str, ...]:
        """Return the codes right below, nothing for an unknown code."""
        return self.framework.children(code) if code in self.framework.codes else ()

    def weight(self, code: str) -> float:
        """Return the weight of a node."""
        return float(self.weights[self.framework.index(code)])

    def family(self, code: str, rows: Rows) -> tuple[Floats, Floats]:
        """Return the values (rows, children) and weights (children,) below a node."""
        children = self.children(code)
        values = np.stack([self.of(child, rows) for child in children], axis=1)
        return values, np.array([self.weight(child) for child in children])


STEEP = 10.0
"""Powers beyond this go through logarithms."""


@dataclass(eq=False)
class Ledger:
    """Where the parts are written: (node, kind, source, branch) -> points of each row."""

    count: int
    lines: dict[tuple[str, str, str, str], Floats] = field(default_factory=dict)

    def add(self, key: tuple[str, str, str, str], rows: Rows, points: Floats) -> None:
        """Add points to a line."""
        line = self.lines.setdefault(key, np.zeros(self.count))
        line[rows] += points


def secant(a: Floats, b: Floats, power: float) -> Floats:
    """Return (f(a) - f(b)) / (a - b) for f(x) = (x^p - 1)/p, its derivative where a = b; accurate for a near b.

    >>> secant(np.array([2.0, 2.0]), np.array([1.0, 2.0]), 0.0).round(6).tolist()
    [0.693147, 0.5]
    """
    if power == 1:
        return np.ones(np.broadcast_shapes(np.shape(a), np.shape(b)))
    if power == -1:
        return 1.0 / (a * b)
    top = np.maximum(a, b)
    top = np.where(top > 0, top, 1.0)
    step = (np.minimum(a, b) - top) / top
    near = step == 0
    safe = np.where(near, 1.0, step)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log1p(safe)
    if power == 0:
        return np.asarray(np.where(near, 1.0, logs / safe) / top)
    slope = np.where(near, 1.0, np.expm1(power * logs) / (power * safe))
    return np.asarray(slope * top ** (power - 1.0))


def log_secant(a: Floats, b: Floats, power: float) -> Floats:
    """Return the logarithm of :func:`secant` for a power far from 0, where the secant itself is no longer a number.

    >>> a, b = np.array([2.0, 2.0]), np.array([1.0, 2.0])
    >>> bool(np.allclose(np.exp(log_secant(a, b, 12.0)), secant(a, b, 12.0)))
    True
    """
    top = np.maximum(a, b)
    top = np.where(top > 0, top, 1.0)
    step = (np.minimum(a, b) - top) / top
    near = step == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        z = power * np.log1p(np.where(near, -0.5, step))
        size = np.maximum(z, 0.0) + np.log(-np.expm1(-np.abs(z)))
        slope = size - np.log(np.where(near, 1.0, abs(power) * -step))
        return np.asarray(np.where(near, 0.0, slope) + (power - 1.0) * np.log(top))


def relative_secant(a: Floats, b: Floats, ends: tuple[Floats, Floats], power: float) -> Floats:
    """Return secant(a, b) of (rows, children) over that of the two ends (rows,); NaN where it is no number.

    >>> relative_secant(np.array([[4.0, 1.0]]), np.array([[1.0, 1.0]]), (np.array([2.0]), np.array([1.0])), 2.0).tolist()
    [[1.6666666666666667, 0.6666666666666666]]
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if abs(power) <= STEEP:
            return np.asarray(secant(a, b, power) / secant(*ends, power)[:, None])
        found = np.exp(log_secant(a, b, power) - log_secant(*ends, power)[:, None])
    return np.where(np.isfinite(found), found, np.nan)


def split_level(side: Side, code: str, reference: Floats, rows: Rows, factor: Floats) -> Pieces:
    """Yield (indicator, points, rows) that sum to factor times (score - reference), reference being equal everywhere.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> side = Side(fw, np.array([[1.0, 4.0, 2.0]]), np.ones(3), {"X": Rule("geometric")})
    >>> at = np.array([0])
    >>> [(c, p.round(3).tolist()) for c, p, _ in split_level(side, "X", np.array([1.0]), at, np.ones(1))]
    [('a', [0.0]), ('b', [1.0])]
    """
    if not side.children(code):
        yield code, factor * (side.of(code, rows) - reference), rows
        return
    values, weights = side.family(code, rows)
    ratios, rest = _ratios(side, code, values, weights, reference, rows)
    if rest.any():
        yield from share_out(side, code, rows, factor * rest)
    for k, child in enumerate(side.children(code)):
        there = np.flatnonzero(~np.isnan(values[:, k]) & (ratios[:, k] != 0))
        if there.size:
            yield from split_level(side, child, reference[there], rows[there], factor[there] * ratios[there, k])


def _ratios(
    side: Side, code: str, values: Floats, weights: Floats, reference: Floats, rows: Rows
) -> tuple[Floats, Floats]:
    """Return what each child's distance from the reference counts for, (rows, children), and what that leaves over."""
    rule, top = side.rules[code], side.of(code, rows)
    power, there = power_of(rule), ~np.isnan(values)
    level = np.broadcast_to(reference[:, None], values.shape)
    if power is not None:
        shares = normalised(there * weights)
        return shares * relative_secant(values, level, (top, reference), power), np.zeros(len(rows))
    flat = np.where(there, level, np.nan)
    return per_distance(shapley(rule, values, flat, weights), values - level), mean_of(rule, flat, weights) - reference


def per_distance(parts: Floats, distance: Floats) -> Floats:
    """Return parts divided by the distances they come from, 0 where there is no distance.

    >>> per_distance(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, 0.0]
    """
    usable = ~np.isnan(distance) & (distance != 0)
    return np.asarray(np.divide(parts, distance, out=np.zeros(parts.shape), where=usable))


def share_out(side: Side, code: str, rows: Rows, points: Floats) -> Pieces:
    """Yield (indicator, points, rows): points of a node shared among the indicators present by their weights.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X", weight=3), Node("X", level=2, kind="aggregate")))
    >>> side = Side(fw, np.array([[1.0, 4.0, 3.25]]), np.array([1.0, 3.0, 1.0]), {"X": Rule()})
    >>> [(c, p.tolist()) for c, p, _ in share_out(side, "X", np.array([0]), np.array([8.0]))]
    [('a', [2.0]), ('b', [6.0])]
    """
    if not side.children(code):
        yield code, points, rows
        return
    values, weights = side.family(code, rows)
    shares = normalised(~np.isnan(values) * weights)
    for k, child in enumerate(side.children(code)):
        at = np.flatnonzero(shares[:, k] > 0)
        if at.size:
            yield from share_out(side, child, rows[at], points[at] * shares[at, k])


def normalised(weights: Floats) -> Floats:
    """Return rows of weights divided by their sum; 0 where the sum is 0.

    >>> normalised(np.array([[1.0, 3.0], [0.0, 0.0]])).tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    total = weights.sum(axis=1, keepdims=True)
    return np.divide(weights, total, out=np.zeros(weights.shape), where=total > 0)
