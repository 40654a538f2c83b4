"""Rank intervals: what a Monte Carlo run says of each unit's rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import unknown_code
from qualipolis.methods.problems import InputError, Problem

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class Failure:
    """Why replicates failed, and how many."""

    problem: Problem
    count: int

    def __str__(self) -> str:
        return f"{self.count}: {self.problem}"


@dataclass(frozen=True, eq=False, repr=False)
class RankIntervals:
    """Ranks of all replicates and their quantiles.

    Quantiles are of type 7 (linear), over the replicates in which the unit is ranked.

    Parameters
    ----------
    units, nodes : what was ranked
    n, seed, level : replicates asked for, seed, probability of the interval
    replicate_ranks : (n, nodes, units), 0 where not ranked or the replicate failed
    rank_quantiles, scores_quantiles : (3, nodes, units): lower end, median, upper end
    nominal : (nodes, units) ranks of the plain run
    failures : what made replicates fail, with their number; none is hidden in the quantiles
    factors : what varied, one line each
    """

    units: tuple[str, ...]
    nodes: tuple[str, ...]
    n: int
    seed: int
    level: float
    replicate_ranks: NDArray[np.uint32]
    rank_quantiles: Floats
    scores_quantiles: Floats
    nominal: Floats
    failures: tuple[Failure, ...]
    factors: tuple[str, ...]

    @property
    def failed(self) -> int:
        """Number of replicates that failed and are in no quantile."""
        return sum(failure.count for failure in self.failures)

    def to_frame(self) -> pl.DataFrame:
        """Return unit, node, rank_p05, rank_median, rank_p95 (the ends of ``level``), null where not ranked."""
        import polars as pl

        low, median, high = (self.rank_quantiles[i].ravel() for i in range(3))
        count = len(self.units)
        below = round((1 - self.level) / 2 * 100)
        frame = pl.DataFrame(
            {
                "unit": list(self.units) * len(self.nodes),
                "node": [node for node in self.nodes for _ in range(count)],
                f"rank_p{below:02d}": low,
                "rank_median": median,
                f"rank_p{100 - below:02d}": high,
            }
        )
        return frame.with_columns(pl.selectors.float().fill_nan(None))

    def rank_probability_at_most(self, k: int, node: str) -> Floats:
        """Return the share of replicates in which each unit ranks k or better, (units,); NaN where never ranked.

        Rank acceptability in the sense of Lahdelma and Salminen (2001), SMAA-2.
        """
        ranks = self.replicate_ranks[:, self._node(node)]
        ranked = (ranks > 0).sum(axis=0)
        hits = ((ranks > 0) & (ranks <= k)).sum(axis=0)
        share: Floats = np.divide(hits, ranked, out=np.full(len(self.units), np.nan), where=ranked > 0)
        return share

    def _node(self, node: str) -> int:
        if node not in self.nodes:
            raise InputError([unknown_code(node)])
        return self.nodes.index(node)

    def __repr__(self) -> str:
        node = len(self.nodes) - 1
        order = np.argsort(np.nan_to_num(self.nominal[node], nan=np.inf), kind="stable")[:10]
        lines = [
            f"{self.nodes[node]}: {self.level:.0%} rank intervals, {self.n} replicates, {self.failed} failed, seed {self.seed}"
        ]
        low, median, high = self.rank_quantiles[:, node]
        lines += [
            f"{self.nominal[node, i]:>5.0f}  {self.units[i]:<12} {low[i]:6.1f} {median[i]:6.1f} {high[i]:6.1f}"
            for i in order
        ]
        return "\n".join(lines)


def quantiles_of_ranks(ranks: NDArray[np.uint32], points: tuple[float, ...]) -> Floats:
    """Return type 7 quantiles over the first axis of (n, units), zeros left out; NaN where all are zero.

    >>> quantiles_of_ranks(np.array([[1, 0], [2, 0], [4, 0]], dtype=np.uint32), (0.5,)).tolist()
    [[2.0, nan]]
    """
    ordered = np.sort(np.ascontiguousarray(ranks.T), axis=1)
    zeros = (ordered == 0).sum(axis=1)
    return _type_seven(ordered.astype(np.float64), zeros, ordered.shape[1] - zeros, points)


def quantiles_of_scores(scores: Floats, points: tuple[float, ...]) -> Floats:
    """Return type 7 quantiles over the first axis of (n, units), NaN left out.

    >>> quantiles_of_scores(np.array([[1.0, np.nan], [2.0, np.nan], [4.0, np.nan]]), (0.5,)).tolist()
    [[2.0, nan]]
    """
    ordered = np.sort(np.ascontiguousarray(scores.T), axis=1)
    present = (~np.isnan(ordered)).sum(axis=1)
    return _type_seven(ordered, np.zeros_like(present), present, points)


def _type_seven(
    ordered: Floats, first: NDArray[np.intp], present: NDArray[np.intp], points: tuple[float, ...]
) -> Floats:
    out = np.full((len(points), len(ordered)), np.nan)
    rows = np.flatnonzero(present > 0)
    for i, point in enumerate(points):
        at = first[rows] + (present[rows] - 1) * point
        low = np.floor(at).astype(np.intp)
        high = np.minimum(low + 1, first[rows] + present[rows] - 1)
        left, right = ordered[rows, low], ordered[rows, high]
        out[i, rows] = left + (right - left) * (at - low)
    return out
