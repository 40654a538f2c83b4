"""What each replicate drew of each factor, as arrays; mixed and joined to designs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import Alternatives, DataNoise, Factor, WeightNoise
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.sensitivity.imputation import Imputation
from qualipolis.methods.composite.sensitivity.levels import Levels, levels_of
from qualipolis.methods.composite.sensitivity.weight_sets import WeightSets

Indexes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of ``n`` replicates, each under the position of its factor.

    Parameters
    ----------
    levels : of ``Alternatives`` and ``WeightSets``: which value, (n,)
    noise : of ``WeightNoise``: factors on the weights, (n, nodes)
    streams : of ``DataNoise`` and ``Imputation``: number of the random stream, (n,)
    """

    n: int
    levels: Mapping[int, Levels]
    noise: Mapping[int, Floats]
    streams: Mapping[int, Levels]

    def take(self, rows: Indexes) -> Draws:
        """Return these replicates only."""
        parts = [{k: v[rows] for k, v in part.items()} for part in (self.levels, self.noise, self.streams)]
        return Draws(len(rows), *parts)  # type: ignore[arg-type]

    def with_factor(self, factor: int, other: Draws) -> Draws:
        """Return these draws with one factor as another design drew it."""
        if factor in self.levels:
            return replace(self, levels={**self.levels, factor: other.levels[factor]})
        if factor in self.noise:
            return replace(self, noise={**self.noise, factor: other.noise[factor]})
        return replace(self, streams={**self.streams, factor: other.streams[factor]})

    def with_streams(self, factor: int, streams: Levels) -> Draws:
        """Return these draws with other random streams of one factor."""
        return replace(self, streams={**self.streams, factor: streams})

    def distinct(self) -> tuple[Draws, Indexes]:
        """Return the draws without repetitions, and which of them each replicate is."""
        if self.noise or self.streams or not self.levels:
            return self, np.arange(self.n)
        rows = np.stack(list(self.levels.values()), axis=1)
        sizes = tuple(int(column.max(initial=0)) + 1 for column in rows.T)
        if np.prod([float(size) for size in sizes]) < 2**62:
            rows = np.ravel_multi_index(tuple(rows.T), sizes)[:, None]
        _, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        order = np.argsort(first)  # in the order of their first appearance
        position = np.empty_like(order)
        position[order] = np.arange(len(order))
        return self.take(first[order]), position[which.reshape(-1)]


def joined(parts: Sequence[Draws]) -> Draws:
    """Return the replicates of all parts, one after the other.

    >>> one = Draws(1, {0: np.array([2])}, {}, {})
    >>> joined([one, one]).levels[0].tolist()
    [2, 2]
    """
    first = parts[0]
    levels = {k: np.concatenate([part.levels[k] for part in parts]) for k in first.levels}
    noise = {k: np.concatenate([part.noise[k] for part in parts]) for k in first.noise}
    streams = {k: np.concatenate([part.streams[k] for part in parts]) for k in first.streams}
    return Draws(sum(part.n for part in parts), levels, noise, streams)


def random_draws(factors: tuple[Factor, ...], n: int, seed: int, framework: Framework) -> Draws:
    """Return ``n`` independent draws; each factor has a stream of its own.

    >>> random_draws((Alternatives("treat.winmax", (3,)),), 2, 0, Framework.__new__(Framework)).levels[0].tolist()
    [0, 0]
    """
    levels: dict[int, Levels] = {}
    noise: dict[int, Floats] = {}
    streams: dict[int, Levels] = {}
    sources = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(len(factors))]
    for position, (factor, rng) in enumerate(zip(factors, sources, strict=True)):
        if isinstance(factor, WeightNoise):
            noise[position] = factor.draw(rng, n, framework)
        elif isinstance(factor, Alternatives | WeightSets):
            levels[position] = factor.draw(rng, n)
        else:
            streams[position] = np.arange(n)
    return Draws(n, levels, noise, streams)


def dimensions(factor: Factor, framework: Framework) -> int:
    """Return how many numbers between 0 and 1 say what a factor is; noise on data and cells has streams instead.

    >>> dimensions(Alternatives("treat.winmax", (1, 2)), Framework.__new__(Framework))
    1
    """
    if isinstance(factor, DataNoise | Imputation):
        return 0
    return int(factor.moves(framework).sum()) if isinstance(factor, WeightNoise) else 1


def draws_at(factors: tuple[Factor, ...], u: Floats, framework: Framework, first_stream: int = 0) -> Draws:
    """Return the draws that rows of numbers between 0 and 1 stand for, (n, sum of the dimensions).

    >>> draws_at((Alternatives("treat.winmax", (1, 2)),), np.array([[0.2], [0.7]]), None).levels[0].tolist()
    [0, 1]
    """
    levels: dict[int, Levels] = {}
    noise: dict[int, Floats] = {}
    streams: dict[int, Levels] = {}
    at = 0
    for position, factor in enumerate(factors):
        width = dimensions(factor, framework)
        block, at = u[:, at : at + width], at + width
        if isinstance(factor, WeightNoise):
            noise[position] = factor.at(block, framework)
        elif isinstance(factor, Alternatives | WeightSets):
            levels[position] = levels_of(block[:, 0], factor.count, factor.probabilities)
        else:
            streams[position] = first_stream + np.arange(len(u))
    return Draws(len(u), levels, noise, streams)
