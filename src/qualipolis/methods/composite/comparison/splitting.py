r"""The kernel of exact decomposition, for trees of power means.

Every node is :math:`M = f^{-1}(\sum_k \omega_k f(x_k))` with :math:`f(x) = (x^p - 1)/p` (p = 1 arithmetic, 0 geometric,
-1 harmonic). With the secant slope :math:`s(a, b) = (f(a) - f(b))/(a - b)`, for one set of weights

.. math:: M_A - M_B = \sum_k \omega_k \frac{s(x_{kA}, x_{kB})}{s(M_A, M_B)} (x_{kA} - x_{kB})

holds exactly, and each :math:`x_{kA} - x_{kB}` is split in the same way one level down. For p = 0 the weight is the
ratio of logarithmic means: the logarithmic mean Divisia index (Ang 2004, Energy Policy 32; Ang and Liu 2001, LMDI I);
the other p are its generalisation by the mean value theorem. Different weights are split between both by the
two-factor Shapley value (Shorrocks 2013, Journal of Economic Inequality 11). A missing child counts as if it had the
node's own value, which is what renormalising the weights means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Side:
    """One side: scores (n, nodes) and weights (nodes,) of a framework, and the power of each aggregate's mean."""

    framework: Framework
    values: Floats
    weights: Floats
    powers: Mapping[str, float]

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
    step = (a - b) / b
    near = step == 0
    safe = np.where(near, 1.0, step)
    if power == 0:
        return np.where(near, 1.0, np.log1p(safe) / safe) / b
    slope = np.where(near, 1.0, np.expm1(power * np.log1p(safe)) / (power * safe))
    return np.asarray(slope * b ** (power - 1.0))


def split_level(
    side: Side, code: str, reference: Floats, rows: Rows, factor: Floats
) -> Iterator[tuple[str, Floats, Rows]]:
    """Yield (indicator, points, rows) that sum to factor times (score - reference), reference being equal everywhere.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> side = Side(fw, np.array([[1.0, 4.0, 2.0]]), np.ones(3), {"X": 0.0})
    >>> at = np.array([0])
    >>> [(c, p.round(3).tolist()) for c, p, _ in split_level(side, "X", np.array([1.0]), at, np.ones(1))]
    [('a', [0.0]), ('b', [1.0])]
    """
    if side.framework.node(code).kind == "indicator":
        yield code, factor * (side.of(code, rows) - reference), rows
        return
    power = side.powers[code]
    children = side.children(code)
    values = np.stack([side.of(child, rows) for child in children], axis=1)
    shares = normalised(~np.isnan(values) * np.array([side.weight(child) for child in children]))
    top = secant(side.of(code, rows), reference, power)
    for k, child in enumerate(children):
        there = np.flatnonzero(shares[:, k] > 0)
        if there.size:
            ratio = shares[there, k] * secant(values[there, k], reference[there], power) / top[there]
            yield from split_level(side, child, reference[there], rows[there], factor[there] * ratio)


def normalised(weights: Floats) -> Floats:
    """Return rows of weights divided by their sum; 0 where the sum is 0.

    >>> normalised(np.array([[1.0, 3.0], [0.0, 0.0]])).tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    total = weights.sum(axis=1, keepdims=True)
    return np.divide(weights, total, out=np.zeros(weights.shape), where=total > 0)


def power_mean(values: Floats, shares: Floats, power: float) -> Floats:
    """Return the weighted power mean of rows; shares sum to 1.

    >>> power_mean(np.array([[1.0, 4.0]]), np.array([[0.5, 0.5]]), 0.0).round(12).tolist()
    [2.0]
    """
    if power == 0:
        return np.asarray(np.exp((shares * np.log(values)).sum(axis=1)))
    return np.asarray((shares * values**power).sum(axis=1) ** (1.0 / power))
