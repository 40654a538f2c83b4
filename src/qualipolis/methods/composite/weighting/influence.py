"""How strongly nodes correlate with an aggregate, as a function of the weights of those nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.analysis.selection import flat_columns
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.result import CompositeResult

Positions = NDArray[np.intp]


class Influence:
    """``influence(weights)`` is the correlation of each of ``codes`` with ``node`` under weights (codes,).

    Where the scores up to ``node`` are arithmetic means of complete scores they are linear in the weights and computed in
    closed form; else the result's own aggregation runs again for each set of weights.
    """

    def __init__(self, result: CompositeResult, node: str, codes: tuple[str, ...]) -> None:
        self.result, self.node, self.codes = result, node, codes
        tree = result.framework
        parents = [tree.node(code).parent for code in codes]
        self.families = [np.flatnonzero([p == parent for p in parents]) for parent in dict.fromkeys(parents)]
        self.columns = np.column_stack([result.score(code) for code in codes])
        now = result.runs[-1].state.weights[[tree.index(code) for code in codes]]
        self.current = self.shared(np.where(now > 0, now, 0.0))
        self._path = self._linear_path()
        if self._path is not None:
            centred = self.columns - self.columns.mean(axis=0)
            self._product = centred.T @ centred
            self._length = np.sqrt(np.diag(self._product))

    @property
    def constant(self) -> tuple[str, ...]:
        """Codes, or the node itself, without variation."""
        table = np.column_stack([self.columns, self.result.score(self.node)])
        return tuple(c for c, flat in zip((*self.codes, self.node), flat_columns(table), strict=True) if flat)

    def __call__(self, weights: Floats) -> Floats:
        """Return (..., codes) correlations for weights (..., codes)."""
        if self._path is None:
            return self._run(np.atleast_2d(weights)).reshape(weights.shape)
        effective = self._path * weights
        along = effective @ self._product
        length = np.sqrt(np.maximum((along * effective).sum(axis=-1, keepdims=True), 0.0))
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Floats = along / (self._length * length)
        return found

    def shared(self, weights: Floats) -> Floats:
        """Return weights that sum to 1 in each family; equal ones in a family that has none."""
        found = np.array(weights, dtype=np.float64)
        for rows in self.families:
            total = found[rows].sum()
            found[rows] = found[rows] / total if total > 0 else 1 / len(rows)
        return found

    def gather(self, weights: Floats, moves: Positions, nonnegative: bool) -> Floats:
        """Return the numbers to vary: the moving weights, without sign constraint all but the last of each family."""
        return weights[self._varied(moves, nonnegative)]

    def spread(self, weights: Floats, moves: Positions, nonnegative: bool) -> Callable[[Floats], Floats]:
        """Return the function from the numbers varied to all weights, which sum to 1 in each family."""
        varied = self._varied(moves, nonnegative)

        def whole(x: Floats) -> Floats:
            found = weights.copy()
            found[varied] = x
            if nonnegative:
                return self.shared(found)
            for rows in self.families:
                found[rows[-1]] = 1.0 - found[rows[:-1]].sum()
            return found

        return whole

    def _varied(self, moves: Positions, nonnegative: bool) -> Positions:
        kept = set(moves.tolist())
        if not nonnegative:
            kept -= {int(rows[-1]) for rows in self.families}
        alone = {int(rows[0]) for rows in self.families if len(rows) == 1}
        return np.array(sorted(kept - alone), dtype=np.intp)

    def _linear_path(self) -> Floats | None:
        """Return the weight of each code's family in the node, or None where the node is not linear in the weights."""
        tree, state = self.result.framework, self.result.runs[-1].state
        if np.isnan(self.columns).any():
            return None
        share = {self.node: 1.0}
        methods = self.result.pipeline.aggregate.methods(tree)
        for code in reversed(tree.upward):
            if code not in share or code in self.codes:
                continue
            children = tree.children(code)
            if methods.get(code) != "arithmetic" or len({child in self.codes for child in children}) > 1:
                return None
            weights = state.weights[[tree.index(child) for child in children]]
            own = children[0] in self.codes
            total = 1.0 if own else float(weights.sum())
            for child, weight in zip(children, weights, strict=True):
                share[child] = share[code] * (1.0 if own else float(weight) / total)
            if not own and np.isnan([self.result.score(child) for child in children]).any():
                return None
        return np.array([share[code] for code in self.codes]) if all(code in share for code in self.codes) else None

    def _run(self, weights: Floats) -> Floats:
        """Aggregate again with each row of weights; a row for which a mean has no value gives NaN."""
        state = self.result.runs[-2].state
        table = np.repeat(self.result.runs[-1].state.weights[None, :], len(weights), axis=0)
        table[:, [self.result.framework.index(code) for code in self.codes]] = weights
        tree = self.result.pipeline.aggregate.scores(replace(state, weights=table), (self.node,))
        score = np.broadcast_to(tree.scores[self.node], (len(weights), len(state.values)))
        found = correlations_with(self.columns, score)
        found[np.broadcast_to(tree.bad, len(weights))] = np.nan
        return found


def correlations_with(columns: Floats, scores: Floats) -> Floats:
    """Return the correlation of each column of (units, columns) with each row of (rows, units), pairwise complete.

    >>> correlations_with(np.array([[1.0], [2.0], [4.0]]), np.array([[3.0, 2.0, 0.0]])).round(12).tolist()
    [[-1.0]]
    """
    there, given = ~np.isnan(columns), ~np.isnan(scores)
    x = np.where(there, columns - np.nanmean(columns, axis=0), 0.0)
    middle = np.where(given, scores, 0.0).sum(axis=1) / np.maximum(given.sum(axis=1), 1)
    y = np.where(given, scores - middle[:, None], 0.0)
    m, g = there.astype(np.float64), given.astype(np.float64)
    n, sum_x, sum_y = np.maximum(g @ m, 1.0), g @ x, y @ m
    spread = (g @ (x * x) - sum_x**2 / n) * ((y * y) @ m - sum_y**2 / n)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = (y @ x - sum_x * sum_y / n) / np.sqrt(np.where(spread > 0, spread, np.nan))
    return found
