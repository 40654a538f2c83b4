"""Units that can really be compared: the same group, ranks that cannot be told apart, a similar structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.comparison.trial import row_of
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import unknown_code
from qualipolis.methods.composite.intervals import RankIntervals
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


def peers(
    result: CompositeResult,
    intervals: RankIntervals,
    unit: str,
    group: str | None = None,
    node: str | None = None,
    sure: float = 0.95,
) -> pl.DataFrame:
    r"""Return the other units of the same group, the comparable ones first, then by nearness of structure.

    Parameters
    ----------
    intervals : of :meth:`.CompositeResult.uncertainty`, with the node
    group : the grouping; None: all units are candidates
    sure : probability from which one counts as above the other; ``comparable`` lies between 1 - sure and sure

    Columns: unit, rank, rank_low, rank_high, overlaps (the intervals of rank), probability_above (share of replicates in
    which it ranks above the unit, ties as half), comparable, distance, shared (indicators both have).

    .. math:: d = \sqrt{\sum_i \omega_i (x_i - y_i)^2 / \sum_i \omega_i}

    over the indicators both have, effective weights, normalised values. Rank acceptability in the sense of Lahdelma and
    Salminen (2001), SMAA-2. Raises InputError when unit, group or node is unknown.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [5, 1.2], [0, 0]])
    >>> result = DEFAULT_PIPELINE.run(fw, data)
    >>> peers(result, result.uncertainty(100), "u")["unit", "comparable"].rows()
    [('v', True), ('w', False)]
    """
    code = result.framework.roots[0] if node is None else node
    row = row_of(result, unit, code)
    if code not in intervals.nodes:
        raise InputError([unknown_code(code)])
    units, drawn = result.units, set(intervals.units)
    others = [k for k in _candidates(result, row, group) if units[k] in drawn]
    return _table(result, intervals, (code, row), others, sure)


def _table(
    result: CompositeResult, intervals: RankIntervals, place: tuple[str, int], others: list[int], sure: float
) -> pl.DataFrame:
    import polars as pl

    code, row = place
    units, position = result.units, {unit: k for k, unit in enumerate(intervals.units)}
    at, own = intervals.nodes.index(code), position[units[row]]
    columns = [position[units[k]] for k in others]
    above = _above(intervals.replicate_ranks[:, at], own, columns)
    low, high = intervals.rank_quantiles[0, at], intervals.rank_quantiles[2, at]
    distance, shared = _distances(result, code, row, others)
    frame = pl.DataFrame(
        {
            "unit": [units[k] for k in others],
            "rank": intervals.nominal[at][columns],
            "rank_low": low[columns],
            "rank_high": high[columns],
            "overlaps": (low[columns] <= high[own]) & (low[own] <= high[columns]),
            "probability_above": above,
            "comparable": (above >= 1 - sure) & (above <= sure),
            "distance": distance,
            "shared": shared,
        },
        schema_overrides={"unit": pl.String, "overlaps": pl.Boolean, "comparable": pl.Boolean, "shared": pl.Int64},
    )
    frame = frame.with_columns(pl.selectors.float().fill_nan(None)).with_columns(pl.col("rank").cast(pl.Int64))
    order = ["comparable", "distance"]
    return frame.sort(order, descending=[True, False], nulls_last=True, maintain_order=True)


def _candidates(result: CompositeResult, row: int, group: str | None) -> list[int]:
    every = [k for k in range(len(result.units)) if k != row]
    if group is None:
        return every
    if group not in result.data.groups:
        text = msg("The data have no grouping %(name)s.")
        raise InputError([Problem("unknown_group", text, msg("Use one that is there."), {"name": group})])
    labels = [result.data.groups[group][at] for at in result.runs[-1].state.rows]
    return [k for k in every if labels[k] is not None and labels[k] == labels[row]]


def _above(ranks: np.ndarray[tuple[int, ...], np.dtype[np.uint32]], own: int, columns: list[int]) -> Floats:
    mine, theirs = ranks[:, [own]].astype(np.int64), ranks[:, columns].astype(np.int64)
    both = (mine > 0) & (theirs > 0)
    hits = (both & (theirs < mine)).sum(axis=0) + (both & (theirs == mine)).sum(axis=0) / 2
    count = both.sum(axis=0)
    return np.asarray(np.divide(hits, count, out=np.full(len(columns), np.nan), where=count > 0))


def _distances(
    result: CompositeResult, node: str, row: int, others: list[int]
) -> tuple[Floats, np.ndarray[tuple[int, ...], np.dtype[np.intp]]]:
    weights = result.effective_weights(node)
    values = result.runs[-1].state.values
    gap = values[others] - values[row]
    there = ~np.isnan(gap) & (weights > 0)
    total = (there * weights).sum(axis=1)
    square = (np.where(there, gap, 0.0) ** 2 * weights).sum(axis=1)
    ratio = np.divide(square, total, out=np.full(len(others), np.nan), where=total > 0)
    return np.sqrt(ratio), there.sum(axis=1)
