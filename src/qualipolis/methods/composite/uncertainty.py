"""Monte Carlo rank intervals: thousands of replicates at the cost of a few passes (Handbook step 7).

Replicates that share all discrete choices share every stage up to the weights, computed once; what is left is batched
along the first axis in blocks that fit the cache, on threads. Numbers do not depend on blocks or threads.
Source: Saisana, Saltelli and Tarantola (2005), "Uncertainty and sensitivity analysis techniques as tools for the quality
assessment of composite indicators", JRSS A 168(2).
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.aggregate import not_positive
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import (
    DEFAULT_FACTORS,
    Alternatives,
    DataNoise,
    Factor,
    NoiseSource,
    WeightNoise,
    describe,
    factor_problems,
)
from qualipolis.methods.composite.intervals import Failure, RankIntervals, quantiles_of_ranks, quantiles_of_scores
from qualipolis.methods.composite.pipeline import Pipeline, start
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.screen import Screen, fixed
from qualipolis.methods.composite.steps import State, Step, content_hash
from qualipolis.methods.problems import InputError, Problem, msg

BLOCK_CELLS = 65_536
DATA_BLOCK_CELLS = 600_000
STORE_LIMIT = 700 * 1024**2
Indexes = NDArray[np.intp]
RankStore = NDArray[np.uint32]
Job = Callable[[Floats, RankStore], list[Failure]]


def rank_intervals(
    result: CompositeResult,
    n: int = 1000,
    seed: int = 0,
    factors: tuple[Factor, ...] = DEFAULT_FACTORS,
    level: float = 0.90,
    nodes: tuple[str, ...] | None = None,
    threads: int | None = None,
) -> RankIntervals:
    """Return rank intervals of a result under uncertain weights, methods and data.

    Parameters: ``n`` replicates and ``seed``, each factor draws from a stream of its own; ``factors``, what is uncertain;
    ``level``, the probability of the interval, half of the rest on each side; ``nodes`` to rank, all aggregates by
    default; ``threads``, by default one for each core, at most 8.

    Units screened out of the plain run stay out; a unit that only a replicate screens out is not ranked in it.

    Raises InputError when a factor does not fit the pipeline, a combination of choices cannot work (each named), the
    replicates need more than 700 MiB, or none succeeded.

    >>> from qualipolis.methods.composite.framework import Framework, Node
    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, IndicatorData
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("u", "v", "w"), ("a", "b"), [[3, 5], [2, 3], [1, 1]]))
    >>> rank_intervals(result, n=100).rank_quantiles[:, 0].tolist()
    [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]
    """
    chosen = result.framework.aggregates if nodes is None else tuple(nodes)
    plan = _Plan.make(result, n, seed, factors, chosen, level)
    with ThreadPoolExecutor(threads or min(8, os.cpu_count() or 1)) as pool:
        ranks, scores, failures = _run(plan, n, pool)
        rank_q, score_q = _quantiles(ranks, scores, level, pool)
    nominal = np.stack([result.ranks(node) for node in chosen])
    names = tuple(describe(factor) for factor in factors)
    return RankIntervals(result.units, chosen, n, seed, level, ranks, rank_q, score_q, nominal, failures, names)


def _quantiles(ranks: RankStore, scores: Floats, level: float, pool: ThreadPoolExecutor) -> tuple[Floats, Floats]:
    half = (1 - level) / 2
    points, columns = (half, 0.5, 1 - half), range(ranks.shape[1])
    rank_q = pool.map(lambda k: quantiles_of_ranks(ranks[:, k], points), columns)
    score_q = pool.map(lambda k: quantiles_of_scores(scores[:, k], points), columns)
    return np.stack(list(rank_q), axis=1), np.stack(list(score_q), axis=1)


def _run(plan: _Plan, n: int, pool: ThreadPoolExecutor) -> tuple[RankStore, Floats, tuple[Failure, ...]]:
    scores: Floats = np.empty((n, len(plan.nodes), len(plan.result.units)))
    ranks: RankStore = np.empty(scores.shape, dtype=np.uint32)
    found: list[Failure] = []
    for failed in pool.map(lambda job: job(scores, ranks), plan.jobs()):
        found.extend(failed)
    failures = _merged(found)
    if sum(failure.count for failure in failures) >= n:
        raise InputError([_all_failed(), *(failure.problem for failure in failures)])
    return ranks, scores, failures


@dataclass(frozen=True, eq=False)
class _Plan:
    """All draws, and the pipelines of each distinct combination of choices."""

    result: CompositeResult
    nodes: tuple[str, ...]
    seed: int
    noise: Floats
    groups: tuple[tuple[Pipeline, Indexes], ...]
    data_noise: tuple[NoiseSource, ...]

    @classmethod
    def make(
        cls,
        result: CompositeResult,
        n: int,
        seed: int,
        factors: tuple[Factor, ...],
        nodes: tuple[str, ...],
        level: float,
    ) -> _Plan:
        errors = [*_argument_problems(n, level, len(nodes) * len(result.units))]
        errors += factor_problems(factors, result.pipeline)
        if errors:
            raise InputError(errors)
        for node in nodes:
            result.framework.index(node)
        streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(len(factors))]
        noise = np.ones((n, len(result.framework.nodes)))
        draws: dict[str, Any] = {}
        for factor, rng in zip(factors, streams, strict=True):
            if isinstance(factor, WeightNoise):
                noise *= factor.draw(rng, n, result.framework)
            elif isinstance(factor, Alternatives):
                draws[factor.address] = factor.draw(rng, n)
        values = {f.address: f.values for f in factors if isinstance(f, Alternatives)}
        groups = tuple(_groups(result, n, draws, values))
        shape = result.data.values.shape
        data_noise = tuple(f.source(shape, (seed, i)) for i, f in enumerate(factors) if isinstance(f, DataNoise))
        return cls(result, nodes, seed, noise, groups, data_noise)

    def jobs(self) -> Iterator[Job]:
        """Yield functions of (scores, ranks) that fill in a block of replicates and return what failed."""
        known = {stage.key: stage.state for stage in self.result.runs}
        for pipeline, members in self.groups:
            try:
                steps = list(_heads(pipeline, self.result, known))
            except InputError as error:
                yield partial(_all_fail, members, error)
                continue
            state = steps[-1][1] if steps else start(self.result.framework, self.result.data)
            if self.data_noise:
                fixed = _fixed_screens(steps, start(self.result.framework, self.result.data))
                for part in _blocks(members, max(1, DATA_BLOCK_CELLS // self.result.data.values.size)):
                    yield partial(self._noisy_block, pipeline, fixed, part)
                continue
            for part in _blocks(members, max(1, BLOCK_CELLS // len(self.result.units))):
                yield partial(self._block, pipeline, state, part)

    def _noisy_block(
        self, pipeline: Pipeline, steps: tuple[Step, ...], part: Indexes, scores: Floats, ranks: RankStore
    ) -> list[Failure]:
        state = start(self.result.framework, self.result.data, self._noisy_values(part))
        try:
            for step in steps:
                state = step.apply(state)
        except InputError as error:
            return _all_fail(part, error, scores, ranks)
        return self._block(pipeline, state, part, scores, ranks)

    def _noisy_values(self, part: Indexes) -> Floats:
        """Return the data with noise, (R, units, codes); in memory each column is one piece, as all later steps read it."""
        columns = self.result.data.values.T
        values = np.empty((len(columns), len(part), columns.shape[1]))
        values[:] = columns[:, None]
        for source in self.data_noise:
            for row, replicate in enumerate(part.tolist()):
                values[source.columns, row] += source.draw(replicate)
        return np.moveaxis(values, 0, -1)

    def _block(
        self, pipeline: Pipeline, state: State, part: Indexes, scores: Floats, ranks: RankStore
    ) -> list[Failure]:
        weights = state.weights * self.noise[part]
        tree = pipeline.aggregate.scores(state.becomes(weights=weights), self.nodes)
        bad = np.broadcast_to(tree.bad, len(part))
        final = self.result.runs[-1].state.rows
        here, there = _aligned(state.rows, final)
        for k, node in enumerate(self.nodes):
            block = np.full((len(part), len(final)), np.nan)
            block[:, there] = np.broadcast_to(tree.scores[node], (len(part), len(state.rows)))[:, here]
            block[bad] = np.nan
            scores[part, k] = block
            ranks[part, k] = rank_descending(block, SCORE_TIES)
        if not bad.any():
            return []
        return [Failure(not_positive(", ".join(tree.culprits), pipeline.aggregate.name), int(bad.sum()))]


def _heads(pipeline: Pipeline, result: CompositeResult, known: dict[str, State]) -> Iterator[tuple[Step, State]]:
    """Yield all steps but the aggregation with the state after each, taking over those already known by their key."""
    key = content_hash(result.framework.hash, result.data.hash)
    state = start(result.framework, result.data)
    for step in pipeline.steps[:-1]:
        key = content_hash(key, step.to_dict())
        if key not in known:
            known[key] = step.apply(state)
        state = known[key]
        yield step, state


def _fixed_screens(steps: list[tuple[Step, State]], before: State) -> tuple[Step, ...]:
    """Return the steps with every screen leaving out the units that it leaves out without noise."""
    out: list[Step] = []
    for step, after in steps:
        out.append(fixed(step, before, after) if isinstance(step, Screen) else step)
        before = after
    return tuple(out)


def _aligned(rows: Indexes, final: Indexes) -> tuple[Indexes | slice, Indexes | slice]:
    """Return the positions in both of the units that both have."""
    if np.array_equal(rows, final):
        return slice(None), slice(None)
    _, here, there = np.intersect1d(rows, final, assume_unique=True, return_indices=True)
    return here, there


def _groups(
    result: CompositeResult, n: int, draws: Mapping[str, Any], values: Mapping[str, tuple[Any, ...]]
) -> Iterator[tuple[Pipeline, Indexes]]:
    """Yield each distinct combination of choices as a pipeline with the replicates that drew it.

    Every combination that can be drawn is checked, drawn or not, so that the seed does not decide what is refused.
    """
    addresses = list(values)
    drawn = np.stack([draws[a] for a in addresses], axis=1) if addresses else np.zeros((n, 0), dtype=np.int64)
    combinations, which = np.unique(drawn, axis=0, return_inverse=True)
    which = which.reshape(n)
    possible: Any = itertools.product(*[range(len(values[a])) for a in addresses])
    if np.prod([float(len(values[a])) for a in addresses]) > 4096:
        possible = map(tuple, combinations.tolist())
    errors: dict[str, Problem] = {}
    pipelines: dict[tuple[int, ...], Pipeline] = {}
    for combination in possible:
        changes = {a: values[a][i] for a, i in zip(addresses, combination, strict=True)}
        pipeline = result.pipeline.with_changes(changes)
        pipelines[combination] = pipeline
        for problem in pipeline.problems(result.framework, result.data):
            if problem.severity == "error":
                errors.setdefault(problem.code, problem)
    if errors:
        raise InputError(list(errors.values()))
    for position, combination in enumerate(map(tuple, combinations.tolist())):
        yield pipelines[combination], np.flatnonzero(which == position)


def _blocks(members: Indexes, size: int) -> Iterator[Indexes]:
    for first in range(0, len(members), size):
        yield members[first : first + size]


def _all_fail(part: Indexes, error: InputError, scores: Floats, ranks: RankStore) -> list[Failure]:
    scores[part], ranks[part] = np.nan, 0
    return [Failure(error.problems[0], len(part))]


def _merged(found: list[Failure]) -> tuple[Failure, ...]:
    counts = Counter[str]()
    problems: dict[str, Problem] = {}
    for failure in found:
        counts[str(failure.problem)] += failure.count
        problems[str(failure.problem)] = failure.problem
    return tuple(Failure(problems[text], count) for text, count in counts.most_common())


def _argument_problems(n: int, level: float, cells: int) -> Iterator[Problem]:
    if n < 1:
        yield Problem("bad_replicates", msg("The number of replicates is %(n)s."), msg("Give 1 or more."), {"n": n})
    if not 0 < level < 1:
        yield Problem(
            "bad_level",
            msg("The level of the interval is %(level)s."),
            msg("Give a share between 0 and 1."),
            {"level": level},
        )
    if n * cells * 12 > STORE_LIMIT:
        yield Problem(
            "too_many_replicates",
            msg("%(n)s replicates of %(cells)s scores need too much memory."),
            msg("Ask for fewer nodes or fewer replicates."),
            {"n": n, "cells": cells},
        )


def _all_failed() -> Problem:
    return Problem("all_failed", msg("No replicate succeeded."), msg("Mend the pipeline or the factors."))
