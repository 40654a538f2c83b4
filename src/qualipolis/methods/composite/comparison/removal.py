"""Leaving out one element at a time: how far the ranks move (COINr ``remove_elements``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending, ranks_as_floats
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False, repr=False)
class Removal:
    """Ranks of a node with each element left out.

    Parameters
    ----------
    node : the node ranked
    elements : what was left out, one at a time
    units : units ranked
    nominal : (units,) ranks with everything in
    ranks : (elements, units), NaN where nothing is left to score
    scores : (elements, units)
    """

    node: str
    elements: tuple[str, ...]
    units: tuple[str, ...]
    nominal: Floats
    ranks: Floats
    scores: Floats

    @property
    def mean_absolute(self) -> Floats:
        """Mean absolute change of rank over the units ranked in both, (elements,); NaN where there are none."""
        gap = np.abs(self.ranks - self.nominal)
        count = (~np.isnan(gap)).sum(axis=1)
        total = np.nansum(gap, axis=1)
        return np.asarray(np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0))

    def to_frame(self) -> pl.DataFrame:
        """Return unit, ``nominal`` and one column of ranks for each element."""
        import polars as pl

        columns = {"unit": self.units, "nominal": self.nominal} | dict(zip(self.elements, self.ranks, strict=True))
        return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))

    def summary(self) -> pl.DataFrame:
        """Return element, mean_absolute (change of rank) and largest, most influential first."""
        import polars as pl

        gap = np.abs(self.ranks - self.nominal)
        largest = np.max(np.where(np.isnan(gap), -1.0, gap), axis=1, initial=-1.0)
        largest = np.where(largest < 0, np.nan, largest)
        columns = {"element": self.elements, "mean_absolute": self.mean_absolute, "largest": largest}
        frame = pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))
        return frame.sort("mean_absolute", descending=True, nulls_last=True, maintain_order=True)

    def __repr__(self) -> str:
        order = np.argsort(-np.nan_to_num(self.mean_absolute, nan=-1.0), kind="stable")[:10]
        lines = [f"{self.node}: mean absolute change of rank of {len(self.units)} units without one element"]
        return "\n".join(lines + [f"{self.mean_absolute[k]:8.3f}  {self.elements[k]}" for k in order])


def remove_elements(result: CompositeResult, level: int = 1, node: str | None = None) -> Removal:
    """Give each element of a level weight 0 in turn and rank a node again, the rest of the pipeline unchanged.

    All removals are one batch of weights through the aggregation: normalised values and all other weights stay as they
    are (the siblings' proportions too). Only elements below the node are left out.

    Raises InputError when the node has nothing below it at that level.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]]))
    >>> remove_elements(result).ranks.tolist(), remove_elements(result).mean_absolute.round(3).tolist()
    ([[1.0, 3.0, 2.0], [3.0, 2.0, 1.0]], [0.667, 0.667])
    """
    tree = result.framework
    top = tree.roots[0] if node is None else node
    below = _below(result, top)
    elements = tuple(code for code in tree.codes if tree.node(code).level == level and code in below)
    if not elements:
        raise InputError([_nothing(top, level)])
    state = result.runs[-2].state
    weights = np.tile(state.weights, (len(elements), 1))
    weights[np.arange(len(elements)), [tree.index(code) for code in elements]] = 0.0
    found = result.pipeline.aggregate.scores(state.becomes(weights=weights), (top,))
    scores = np.broadcast_to(found.scores[top], (len(elements), len(result.units))).copy()
    scores[np.broadcast_to(found.bad, len(elements))] = np.nan
    ranks = ranks_as_floats(rank_descending(scores, SCORE_TIES))
    return Removal(top, elements, result.units, result.ranks(top), ranks, scores)


def _below(result: CompositeResult, node: str) -> set[str]:
    found, waiting = set[str](), list(result.framework.children(node))
    while waiting:
        code = waiting.pop()
        found.add(code)
        waiting.extend(result.framework.children(code))
    return found


def _nothing(node: str, level: int) -> Problem:
    return Problem(
        "no_elements",
        msg("%(node)s has no element at level %(level)s below it."),
        msg("Choose a level below the node."),
        {"node": node, "level": level},
    )
