"""The result of a pipeline: every stage, scores, ranks, contributions; it replays itself with changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending, ranks_as_floats
from qualipolis.methods.composite.steps import State
from qualipolis.methods.problems import Problem

if TYPE_CHECKING:
    import polars as pl

    from qualipolis.methods.composite.factors import Factor
    from qualipolis.methods.composite.intervals import RankIntervals
    from qualipolis.methods.composite.pipeline import Pipeline


@dataclass(frozen=True, eq=False, repr=False)
class Stage:
    """The data after one step: ``id`` (of the step, or ``raw``), kind, content hash ``key``, and the state."""

    id: str
    kind: str
    key: str
    state: State

    @property
    def units(self) -> tuple[str, ...]:
        """Units still in."""
        return self.state.units

    @property
    def codes(self) -> tuple[str, ...]:
        """Columns: the indicators; after the aggregation all nodes."""
        tree = self.state.framework
        return tree.indicators if self.state.scores is None else tree.codes

    @property
    def values(self) -> Floats:
        """(units, codes)."""
        return self.state.values if self.state.scores is None else self.state.scores

    def __repr__(self) -> str:
        return f"Stage({self.id}: {len(self.units)} units x {len(self.codes)} codes, {self.key[:12]})"

    def to_frame(self) -> pl.DataFrame:
        """Return a wide table: unit and one column for each code, missing as null."""
        import polars as pl

        columns: dict[str, Any] = {"unit": self.units}
        columns |= {code: self.values[:, i] for i, code in enumerate(self.codes)}
        return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))


@dataclass(frozen=True, eq=False, repr=False)
class CompositeResult:
    """What :meth:`.Pipeline.run` returns. Scores are on the normalised scale, missing as NaN."""

    pipeline: Pipeline
    framework: Framework
    data: IndicatorData
    runs: tuple[Stage, ...]
    checked: tuple[Problem, ...] = ()

    @cached_property
    def stages(self) -> Mapping[str, Stage]:
        """Step id -> stage, in order, from ``raw`` to the aggregation."""
        return {stage.id: stage for stage in self.runs}

    @property
    def key(self) -> str:
        """Content hash of framework, data and all steps: equal keys, equal numbers."""
        return self.runs[-1].key

    @property
    def units(self) -> tuple[str, ...]:
        """Units scored, in the order of the data."""
        return self.runs[-1].units

    @property
    def nodes(self) -> tuple[str, ...]:
        """All codes, the columns of ``scores``."""
        return self.framework.codes

    @property
    def scores(self) -> Floats:
        """(units, nodes): normalised indicators and aggregates."""
        return self.runs[-1].values

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings from before and during the run."""
        return self.checked + self.runs[-1].state.problems

    @cached_property
    def details(self) -> Mapping[str, pl.DataFrame]:
        """Step id -> its table (treatment, screening, imputed cells), for the steps that have one."""
        import polars as pl

        return {name: pl.DataFrame(dict(table)) for name, table in self.runs[-1].state.tables.items()}

    def score(self, node: str) -> Floats:
        """Return the scores of one node, (units,)."""
        return self.scores[:, self.framework.index(node)]

    def ranks(self, node: str) -> Floats:
        """Return ranks, best first, ties share the lowest rank, NaN where the score is missing, (units,)."""
        return ranks_as_floats(rank_descending(self.score(node), SCORE_TIES))

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each unit and node: unit, node, level, score, rank (null where missing)."""
        import polars as pl

        nodes, count = self.framework.nodes, len(self.units)
        ranks = rank_descending(self.scores.T, SCORE_TIES).T
        frame = pl.DataFrame(
            {
                "unit": np.repeat(np.array(self.units, dtype=object), len(nodes)).tolist(),
                "node": list(self.nodes) * count,
                "level": [node.level for node in nodes] * count,
                "score": np.ascontiguousarray(self.scores).ravel(),
                "rank": np.ascontiguousarray(ranks).ravel(),
            }
        )
        return frame.with_columns(
            pl.col("score").fill_nan(None), pl.when(pl.col("rank") > 0).then("rank").cast(pl.Int64).alias("rank")
        )

    def effective_weights(self, node: str) -> Floats:
        """Return the weight of each indicator in a node's score, (indicators,), summing to 1.

        The product of the normalised weights on the path up, over the indicators that have any value; 0 elsewhere.
        """
        has_data = (~np.isnan(self._indicators)).any(axis=0)
        seen = np.zeros((1, len(self.nodes)), dtype=bool)
        for code, present in zip(self.framework.indicators, has_data, strict=True):
            seen[0, self.framework.index(code)] = present
        for code in self.framework.upward:
            children = [self.framework.index(child) for child in self.framework.children(code)]
            seen[0, self.framework.index(code)] = seen[0, children].any()
        effective: Floats = self._shares(node, seen)[0]
        return effective

    def contribution(self, node: str) -> Floats:
        """Return the part of each indicator in each unit's score of a node, (units, indicators); rows sum to the score.

        Effective weight, renormalised for what the unit misses, times normalised value; 0 for a missing cell, NaN in
        the whole row where the score is missing. Where a mean is not arithmetic the exact split of
        :func:`.comparison.contributions`, measured against each unit's own score.

        Raises
        ------
        InputError
            when a method at or below the node is no mean (an order such as Copeland's): it has no additive parts

        >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Node
        >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X", weight=3), Node("X", level=2, kind="aggregate")))
        >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]])
        >>> DEFAULT_PIPELINE.run(fw, data).contribution("X").tolist()
        [[0.0, 75.0], [12.5, 0.0], [25.0, 37.5]]
        """
        if not self._is_arithmetic(node):
            from qualipolis.methods.composite.comparison.decomposition import contributions

            return contributions(self, node)
        shares = self.shares(node)
        parts = np.where(shares > 0, shares * np.where(shares > 0, self._indicators, 0.0), 0.0)
        return np.where(np.isnan(self.score(node))[:, None], np.nan, parts)

    def shares(self, node: str) -> Floats:
        """Return the effective weight of each indicator for each unit, over what it has, (units, indicators)."""
        return self._shares(node, ~np.isnan(self.scores))

    def replay(self, changes: Mapping[str, Any]) -> CompositeResult:
        """Run again with parameters changed, ``{"treat.winmax": 3}``; stages before the first change are taken over."""
        return self.pipeline.with_changes(changes).run(self.framework, self.data, reuse=self.runs)

    def uncertainty(
        self,
        n: int = 1000,
        seed: int = 0,
        factors: tuple[Factor, ...] | None = None,
        level: float = 0.90,
        nodes: tuple[str, ...] | None = None,
        threads: int | None = None,
    ) -> RankIntervals:
        """Return Monte Carlo rank intervals; see :func:`.uncertainty.rank_intervals`.

        Without ``factors``: ``DEFAULT_FACTORS``, or only the weights where this pipeline does not allow the others; the
        result says which in ``factors``.
        """
        from qualipolis.methods.composite.factors import default_factors
        from qualipolis.methods.composite.uncertainty import rank_intervals

        chosen = default_factors(self.pipeline, self.framework, self.data) if factors is None else factors
        return rank_intervals(self, n=n, seed=seed, factors=chosen, level=level, nodes=nodes, threads=threads)

    @property
    def _indicators(self) -> Floats:
        return self.runs[-1].state.values

    def _shares(self, node: str, present: np.ndarray[Any, np.dtype[np.bool_]]) -> Floats:
        """Return the share of each indicator in ``node``, one row for each row of ``present`` (rows, nodes)."""
        weights = self.runs[-1].state.weights
        share = np.zeros((len(present), len(self.nodes)))
        share[:, self.framework.index(node)] = 1.0
        for code in reversed(self.framework.upward):
            children = [self.framework.index(child) for child in self.framework.children(code)]
            part = weights[children] * present[:, children]
            total = part.sum(axis=1, keepdims=True)
            part = np.divide(part, total, out=np.zeros_like(part), where=total > 0)
            share[:, children] += part * share[:, [self.framework.index(code)]]
        return share[:, [self.framework.index(code) for code in self.framework.indicators]]

    def _is_arithmetic(self, node: str) -> bool:
        rules = self.pipeline.aggregate.rules(self.framework)
        return all(rule.method == "arithmetic" for code, rule in rules.items() if self._is_below(code, node))

    def _is_below(self, code: str | None, node: str) -> bool:
        while code is not None and code != node:
            code = self.framework.node(code).parent
        return code == node

    def __repr__(self) -> str:
        root = self.framework.roots[0]
        ranks, scores = self.ranks(root), self.score(root)
        order = np.argsort(np.where(np.isnan(ranks), np.inf, ranks), kind="stable")[:10]
        lines = [f"{root}: {len(self.units)} units, {len(self.framework.indicators)} indicators"]
        lines += [f"{ranks[i]:>5.0f}  {self.units[i]:<12} {scores[i]:10.4f}" for i in order]
        more = len(self.units) - len(order)
        return "\n".join(lines + ([f"       ... and {more} more"] if more else []))
