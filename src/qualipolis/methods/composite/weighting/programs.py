"""The linear programs of benefit of the doubt: many small ones at once, with only the limits that matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats

TOLERANCE = 1e-9
BLOCK = 20
"""Units solved together: one call of the solver for each unit costs more than its work."""

Solved = tuple[int, float, Floats, dict[int, float]]


def solve_units(table: Floats, low: Floats, high: Floats) -> Iterator[Solved]:
    """Yield for each row of (units, columns), scaled to at most 1: its position, score, weights and peers.

    A unit starts with itself, the best unit of each column and the most frequent peers so far as limits; those its
    weights break are added until none is. The answer is that of the full program, since what was left out holds.
    """
    often: Counter[int] = Counter()
    first = np.argmax(table, axis=0).tolist() if len(table) else []
    for start in range(0, len(table), BLOCK):
        common = [one for one, _ in often.most_common(2 * table.shape[1])]
        todo = list(range(start, min(start + BLOCK, len(table))))
        limits = {unit: list(dict.fromkeys([unit, *first, *common])) for unit in todo}
        while todo:
            weights, scores, duals = _solve(table, todo, low, high, [limits[unit] for unit in todo])
            reached = table @ weights.T
            left = []
            for at, unit in enumerate(todo):
                if _add_limits(limits[unit], reached[:, at]):
                    left.append(unit)
                    continue
                peers = {limits[unit][k]: float(d) for k, d in enumerate(duals[at]) if d > 1e-7}
                often.update(peers.keys())
                yield unit, min(max(float(scores[at]), 0.0), 1.0), weights[at], peers
            todo = left


def _add_limits(limits: list[int], reached: Floats) -> bool:
    """Add the units most above 1; return whether there were new ones."""
    known = set(limits)
    beyond = [j for j in np.flatnonzero(reached > 1 + TOLERANCE).tolist() if j not in known]
    beyond.sort(key=lambda j: -reached[j])
    limits += beyond[: max(5, len(limits))]
    return bool(beyond)


def _solve(
    table: Floats, units: list[int], low: Floats, high: Floats, limits: list[list[int]]
) -> tuple[Floats, Floats, list[Floats]]:
    """Return weights (units, columns), scores (units,), and the multipliers of each unit's limits."""
    from scipy import sparse
    from scipy.optimize import linprog

    count, wide = len(units), table.shape[1] + 1
    blocks = [_rows(table, unit, low, high, limit) for unit, limit in zip(units, limits, strict=True)]
    inequality: Any = sparse.block_diag([rows for rows, _ in blocks], format="csr")
    equality: Any = sparse.block_diag(
        [sparse.csr_array(np.append(table[unit], -1.0)[None, :]) for unit in units], format="csr"
    )
    cost = np.zeros(count * wide)
    cost[wide - 1 :: wide] = -1.0
    right = np.concatenate([ones for _, ones in blocks])
    answer: Any = linprog(
        cost, A_ub=inequality, b_ub=right, A_eq=equality, b_eq=np.zeros(count), bounds=(0, None), method="highs"
    )
    if answer.x is None:
        raise RuntimeError(f"the linear program of benefit of the doubt was not solved: {answer.message}")
    found = np.asarray(answer.x, dtype=np.float64).reshape(count, wide)
    marginals = -np.asarray(answer.ineqlin.marginals)
    ends = np.cumsum([0, *(len(ones) for _, ones in blocks)])
    duals = [marginals[begin : begin + len(limit)] for begin, limit in zip(ends, limits, strict=False)]
    return np.maximum(found[:, :-1], 0.0), found[:, -1], duals


def _rows(table: Floats, unit: int, low: Floats, high: Floats, limits: list[int]) -> tuple[Any, NDArray[np.float64]]:
    """Return the inequalities of one unit over (weights, score): its limits, then the bounds on its shares."""
    from scipy import sparse

    own, wide = table[unit], table.shape[1] + 1
    top = np.column_stack([table[limits], np.zeros(len(limits))])
    parts: list[Any] = [top]
    for at, bound, sign in ((np.flatnonzero(low > 0), low, 1.0), (np.flatnonzero(high < 1), high, -1.0)):
        if len(at):
            rows = np.concatenate([np.arange(len(at))] * 2)
            cols = np.concatenate([at, np.full(len(at), wide - 1)])
            data = np.concatenate([-sign * own[at], sign * bound[at]])
            parts.append(sparse.csr_array((data, (rows, cols)), shape=(len(at), wide)))
    size = sum(part.shape[0] for part in parts)
    right = np.zeros(size)
    right[: len(limits)] = 1.0
    return sparse.vstack([sparse.csr_array(part) for part in parts], format="csr"), right
