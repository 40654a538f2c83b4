"""Rank intervals: what a Monte Carlo run says of each unit's rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import unknown_code
from qualipolis.methods.composite.sensitivity import pairwise, tiers
from qualipolis.methods.problems import InputError, Problem, msg

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

    def acceptability(self, node: str) -> Floats:
        """Return the share of replicates in which each unit takes each place, (units, places); see :func:`.pairwise.acceptability`."""
        return pairwise.acceptability(self.replicate_ranks[:, self._node(node)])

    def probability_above(self, a: str, b: str, node: str) -> float:
        """Return the probability that unit ``a`` ranks strictly above unit ``b``; ties count for neither."""
        return pairwise.chance_above(self.replicate_ranks[:, self._node(node)], self._unit(a), self._unit(b))

    def pairwise(self, node: str) -> Floats:
        """Return the probability that the row's unit ranks above the column's, (units, units); see :func:`.pairwise.above`.

        Time grows with the square of the number of units: about 5 s for 3,000 units and 1,000 replicates.
        """
        return pairwise.above(self.replicate_ranks[:, self._node(node)])

    def tiers(self, node: str, certainty: float = 0.95) -> NDArray[np.int64]:
        """Return the tier of each unit, (units,), 0 where not ranked; see :func:`.tiers.tiers`."""
        found = tiers.tiers(self._order(node), self.replicate_ranks[:, self._node(node)], certainty)
        return self._numbers(found)

    def classes(self, node: str, certainty: float = 0.95) -> NDArray[np.int64]:
        """Return classes of which any two units can be told apart, (units,); see :func:`.tiers.significance_classes`."""
        return self._numbers(tiers.significance_classes(self._order(node), self.pairwise(node), certainty))

    def median_rank(self, node: str) -> Floats:
        """Return the median rank over the replicates, (units,)."""
        median: Floats = self.rank_quantiles[1, self._node(node)]
        return median

    def rank_variance(self, node: str) -> Floats:
        """Return the variance of each unit's rank over the replicates that rank it, (units,); NaN where fewer than two."""
        ranks = np.where(
            self.replicate_ranks[:, self._node(node)] > 0, self.replicate_ranks[:, self._node(node)], np.nan
        )
        count = (~np.isnan(ranks)).sum(axis=0)
        centre = np.nansum(ranks, axis=0) / np.maximum(count, 1)
        squares = np.nansum((ranks - centre) ** 2, axis=0)
        variance: Floats = np.divide(squares, count - 1, out=np.full(len(self.units), np.nan), where=count > 1)
        return variance

    def variance_share(self, node: str) -> Floats:
        """Return the share of each unit in the variance of all ranks, (units,), summing to 1; 0 where nothing moves."""
        variance = np.nan_to_num(self.rank_variance(node))
        total = float(variance.sum())
        return variance / total if total > 0 else variance

    def end_errors(self, node: str, batches: int = 10) -> Floats:
        """Return the Monte Carlo error of lower end, median and upper end, (3, units), in ranks; see :func:`.pairwise.end_errors`.

        Where an error exceeds half a rank, more replicates would still move the interval. Raises InputError when there
        are fewer than 10 replicates for each batch.
        """
        if batches < 2 or self.n < 10 * batches:
            raise InputError([_few(self.n, batches)])
        half = (1 - self.level) / 2
        return pairwise.end_errors(self.replicate_ranks[:, self._node(node)], (half, 0.5, 1 - half), batches)

    def _order(self, node: str) -> list[int]:
        nominal = self.nominal[self._node(node)]
        return [int(i) for i in np.argsort(nominal, kind="stable") if not np.isnan(nominal[i])]

    def _numbers(self, found: Mapping[int, int]) -> NDArray[np.int64]:
        return np.array([found.get(unit, 0) for unit in range(len(self.units))], dtype=np.int64)

    def _unit(self, unit: str) -> int:
        if unit not in self.units:
            raise InputError([_not_ranked(unit)])
        return self.units.index(unit)

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


def _not_ranked(unit: str) -> Problem:
    return Problem(
        "unknown_unit",
        msg("%(unit)s is not among the units ranked."),
        msg("Name a unit of the result."),
        {"unit": unit},
    )


def _few(n: int, batches: int) -> Problem:
    return Problem(
        "too_few_replicates",
        msg("%(n)s replicates are too few for %(batches)s batches."),
        msg("Draw 10 or more for each batch."),
        {"n": n, "batches": batches},
    )
