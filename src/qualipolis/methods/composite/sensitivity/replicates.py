"""Many replicates at the cost of a few passes.

Replicates that share the choices of steps and parameters share every stage up to the weights, computed once; weights,
sets of weights and noise are batched along the first axis in blocks that fit the cache, on threads. Replicates that are
equal in everything are computed once. Numbers do not depend on blocks or threads.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.aggregate import not_positive
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import DataNoise, Factor, factor_problems
from qualipolis.methods.composite.intervals import Failure
from qualipolis.methods.composite.pipeline import Pipeline
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity.draws import Draws, Indexes
from qualipolis.methods.composite.sensitivity.groups import Group, pipelines
from qualipolis.methods.composite.sensitivity.noisy import NoisyData
from qualipolis.methods.composite.sensitivity.observed import shrunk
from qualipolis.methods.composite.sensitivity.weight_sets import WeightSets
from qualipolis.methods.composite.steps import State
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

BLOCK_CELLS = 65_536
DATA_BLOCK_CELLS = 600_000
STORE_LIMIT = 700 * 1024**2
RankStore = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Replicates:
    """Scores and ranks of every replicate, and what failed.

    Parameters
    ----------
    nodes : what was scored
    scores : (n, nodes, units of the plain run), NaN where a unit is not scored or the replicate failed
    ranks : the same shape, 0 where not ranked
    failed : (n,) which replicates failed
    failures : why, with their number
    """

    nodes: tuple[str, ...]
    scores: Floats
    ranks: RankStore
    failed: NDArray[np.bool_]
    failures: tuple[Failure, ...]


def evaluate(
    result: CompositeResult,
    factors: tuple[Factor, ...],
    draws: Draws,
    nodes: tuple[str, ...],
    seed: int = 0,
    pool: ThreadPoolExecutor | None = None,
) -> Replicates:
    """Run all replicates of a design.

    Parameters
    ----------
    result : the plain run; units that it leaves out stay out
    factors, draws : what is uncertain, and what each replicate drew of it
    nodes : what to score
    seed : of the noise on data and cells
    pool : threads; by default one for each core, at most 8

    Raises InputError when a factor does not fit, a possible combination of choices cannot work, or memory is short.
    """
    check(result, factors, draws.n, nodes)
    few, which = draws.distinct()
    engine = _Engine.make(result, factors, few, nodes, seed)
    with nullcontext(pool) if pool else threads() as workers:
        found = engine.run(workers)
        engine.finish(workers)
    times = np.bincount(which, minlength=few.n)
    failures = merged((problem, int(times[members].sum())) for problem, members in found)
    failed = np.zeros(few.n, dtype=bool)
    for _problem, members in found:
        failed[members] = True
    scores, ranks = engine.scores, engine.ranks
    if few is not draws:
        scores, ranks, failed = scores[which], ranks[which], failed[which]
    return Replicates(nodes, scores, ranks, failed, failures)


def threads(count: int | None = None) -> ThreadPoolExecutor:
    """Return a pool of threads, by default one for each core, at most 8.

    >>> with threads(1) as pool:
    ...     list(pool.map(abs, [-1]))
    [1]
    """
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(count or min(8, os.cpu_count() or 1))


def check(
    result: CompositeResult,
    factors: tuple[Factor, ...],
    n: int,
    nodes: tuple[str, ...],
    found: Sequence[Problem] = (),
) -> None:
    """Raise InputError with all that is wrong with factors, nodes and size, and was found, before anything runs."""
    errors = list(found) + list(factor_problems(factors, result.pipeline, result.framework, result.data))
    cells = len(nodes) * len(result.units)
    if n * cells * 12 > STORE_LIMIT:
        errors.append(_too_many(n, cells))
    if errors:
        raise InputError(errors)
    for node in nodes:
        result.framework.index(node)


@dataclass(frozen=True, eq=False)
class _Engine:
    """Everything a block needs, and the arrays it writes into."""

    result: CompositeResult
    nodes: tuple[str, ...]
    seed: int
    groups: tuple[Group, ...]
    noise: Floats | None
    sets: tuple[Floats, NDArray[np.int64]] | None
    noisy: NoisyData | None
    scores: Floats
    ranks: RankStore
    twins: Floats | None

    @classmethod
    def make(
        cls, result: CompositeResult, factors: tuple[Factor, ...], draws: Draws, nodes: tuple[str, ...], seed: int
    ) -> _Engine:
        noise: Floats | None = None
        for factor in draws.noise.values():
            noise = factor if noise is None else noise * factor
        sets = [
            (f.matrix(result.framework), draws.levels[i]) for i, f in enumerate(factors) if isinstance(f, WeightSets)
        ]
        observed = any(isinstance(f, DataNoise) and f.observed for f in factors)
        scores: Floats = np.empty((draws.n, len(nodes), len(result.units)))
        return cls(
            result,
            nodes,
            seed,
            tuple(pipelines(result, factors, draws)),
            noise,
            sets[0] if sets else None,
            NoisyData.make(result, factors, draws, seed),
            scores,
            np.empty(scores.shape, dtype=np.uint32),
            np.empty(scores.shape) if observed else None,
        )

    def run(self, pool: ThreadPoolExecutor) -> list[tuple[Problem, Indexes]]:
        """Fill the arrays; return what failed, with the replicates."""
        return [failed for block in pool.map(self._block, *zip(*self._parts(), strict=True)) for failed in block]

    def finish(self, pool: ThreadPoolExecutor) -> None:
        """Correct scores and ranks where the noise is already in the data."""
        if self.twins is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # a replicate or unit without any score has no mean
                list(pool.map(self._correct, range(len(self.nodes))))

    def _correct(self, k: int) -> None:
        assert self.twins is not None
        rng = np.random.default_rng((self.seed, 2**31, k))
        self.scores[:, k] = shrunk(self.scores[:, k], self.twins[:, k], rng)
        self.ranks[:, k] = rank_descending(self.scores[:, k], SCORE_TIES)

    def _parts(self) -> Iterator[tuple[Group, State | InputError, Indexes]]:
        """Yield the blocks with the state of the plain data, or why the group cannot run."""
        known = {stage.key: stage.state for stage in self.result.runs}
        size = len(self.result.units) if self.noisy is None else self.result.data.values.size
        limit = BLOCK_CELLS if self.noisy is None else DATA_BLOCK_CELLS
        for group in self.groups:
            state: State | InputError
            try:
                state = group.prepare(self.result, known)
            except InputError as error:
                yield group, error, group.members
                continue
            for part in _blocks(group.members, max(1, limit // size)):
                yield group, state, part

    def _block(self, group: Group, state: State | InputError, part: Indexes) -> list[tuple[Problem, Indexes]]:
        if isinstance(state, InputError):
            return self._all_fail(part, state)
        twin = state
        try:
            if self.noisy is not None:
                state, twin = self.noisy.states(group, part, twin=self.twins is not None)
        except InputError as error:
            return self._all_fail(part, error)
        block, failed = self._scored(group.pipeline, state, part)
        self.scores[part] = block
        if self.twins is None:
            self.ranks[part] = rank_descending(block, SCORE_TIES)
        else:
            self.twins[part], _ = self._scored(group.pipeline, twin, part)
        return failed

    def _scored(self, pipeline: Pipeline, state: State, part: Indexes) -> tuple[Floats, list[tuple[Problem, Indexes]]]:
        tree = pipeline.aggregate.scores(state.becomes(weights=self._weights(state.weights, part)), self.nodes)
        bad = np.broadcast_to(tree.bad, len(part))
        final = self.result.runs[-1].state.rows
        here, there = _aligned(state.rows, final)
        block = np.full((len(part), len(self.nodes), len(final)), np.nan)
        for k, node in enumerate(self.nodes):
            block[:, k, there] = np.broadcast_to(tree.scores[node], (len(part), len(state.rows)))[:, here]
        if not bad.any():
            return block, []
        block[bad] = np.nan
        return block, [(not_positive(", ".join(tree.culprits), pipeline.aggregate.name), part[bad])]

    def _weights(self, weights: Floats, part: Indexes) -> Floats:
        if self.sets is not None:
            drawn = self.sets[0][self.sets[1][part]]
            weights = np.where(np.isnan(drawn), weights, drawn)
        if self.noise is not None:
            weights = weights * self.noise[part]
        return np.broadcast_to(weights, (len(part), weights.shape[-1]))

    def _all_fail(self, part: Indexes, error: InputError) -> list[tuple[Problem, Indexes]]:
        self.scores[part], self.ranks[part] = np.nan, 0
        if self.twins is not None:
            self.twins[part] = np.nan
        return [(error.problems[0], part)]


def _aligned(rows: Indexes, final: Indexes) -> tuple[Indexes | slice, Indexes | slice]:
    """Return the positions in both of the units that both have."""
    if np.array_equal(rows, final):
        return slice(None), slice(None)
    _, here, there = np.intersect1d(rows, final, assume_unique=True, return_indices=True)
    return here, there


def _blocks(members: Indexes, size: int) -> Iterator[Indexes]:
    for first in range(0, len(members), size):
        yield members[first : first + size]


def merged(found: Iterator[tuple[Problem, int]]) -> tuple[Failure, ...]:
    """Return one failure for each reason, the most frequent first.

    >>> merged(iter([(Problem("a", "x"), 1), (Problem("a", "x"), 2)]))[0].count
    3
    """
    counts = Counter[str]()
    problems: dict[str, Problem] = {}
    for problem, count in found:
        counts[str(problem)] += count
        problems[str(problem)] = problem
    return tuple(Failure(problems[text], count) for text, count in counts.most_common())


def _too_many(n: int, cells: int) -> Problem:
    return Problem(
        "too_many_replicates",
        msg("%(n)s replicates of %(cells)s scores need too much memory."),
        msg("Ask for fewer nodes or fewer replicates."),
        {"n": n, "cells": cells},
    )
