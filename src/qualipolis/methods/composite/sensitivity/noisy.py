"""Replicates whose data differ: noise on the values, missing cells drawn anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.factors import DataNoise, Factor, NoiseSource
from qualipolis.methods.composite.pipeline import start
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.screen import Screen, fixed
from qualipolis.methods.composite.sensitivity.draws import Draws, Indexes
from qualipolis.methods.composite.sensitivity.groups import Group
from qualipolis.methods.composite.sensitivity.imputation import CellSource, Imputation
from qualipolis.methods.composite.sensitivity.levels import Levels
from qualipolis.methods.composite.steps import State, Step


@dataclass(frozen=True, eq=False)
class NoisyData:
    """Noise of the replicates on data and cells.

    Parameters
    ----------
    noise : sources with their streams, and whether the noise is already in the data
    imputation : the factor, its streams and the start of their random numbers
    cells : the predictive distributions found, by the key of the stage they are drawn for
    """

    result: CompositeResult
    noise: tuple[tuple[NoiseSource, Levels, bool], ...]
    imputation: tuple[Imputation, Levels, tuple[int, ...]] | None
    cells: dict[str, CellSource] = field(default_factory=dict)

    @classmethod
    def make(cls, result: CompositeResult, factors: tuple[Factor, ...], draws: Draws, seed: int) -> NoisyData | None:
        """Return the noise of a design, or None when it has none."""
        shape = result.data.values.shape
        noise = tuple(
            (factor.source(shape, (seed, i)), draws.streams[i], factor.observed)
            for i, factor in enumerate(factors)
            if isinstance(factor, DataNoise)
        )
        imputed = [(f, draws.streams[i], (seed, i)) for i, f in enumerate(factors) if isinstance(f, Imputation)]
        return cls(result, noise, imputed[0] if imputed else None) if noise or imputed else None

    def states(self, group: Group, part: Indexes, twin: bool) -> tuple[State, State]:
        """Return the state before the aggregation, and its twin without the noise that is already in the data."""
        state = self._through(group, part, self.noise)
        if not twin:
            return state, state
        return state, self._through(group, part, tuple(source for source in self.noise if not source[2]))

    def _through(self, group: Group, part: Indexes, noise: tuple[tuple[NoiseSource, Levels, bool], ...]) -> State:
        steps = tuple(_fixed_screens(group))
        first, after = (len(steps), len(steps)) if self.imputation is None else self.imputation[0].place(group.pipeline)
        if noise:
            state = start(self.result.framework, self.result.data, self._noisy_values(part, noise))
            for step in steps[:first]:
                state = step.apply(state)
        else:
            state = group.states[first]
        if self.imputation is None:
            return state
        state = self._filled(state, group, first, part)
        for step in steps[after:]:
            state = step.apply(state)
        return state

    def _noisy_values(self, part: Indexes, noise: tuple[tuple[NoiseSource, Levels, bool], ...]) -> Floats:
        """Return the data with noise, (R, units, codes); in memory each column is one piece, as all later steps read it."""
        values = _repeated(self.result.data.values, len(part))
        for source, streams, _observed in noise:
            for row, replicate in enumerate(part):
                values[source.columns, row] += source.draw(int(streams[replicate]))
        return np.moveaxis(values, 0, -1)

    def _filled(self, state: State, group: Group, first: int, part: Indexes) -> State:
        assert self.imputation is not None
        factor, streams, entropy = self.imputation
        plain = group.states[first]
        source = self.cells.get(group.keys[first])
        if source is None:
            source = self.cells.setdefault(group.keys[first], factor.source(plain, entropy))
        if not source.fills.any():
            return state
        columns = (
            np.moveaxis(state.values, -1, 0).copy() if state.values.ndim > 2 else _repeated(state.values, len(part))
        )
        across = source.fills.T
        drawn = np.empty(source.fills.shape)
        for row, replicate in enumerate(part):
            drawn[source.fills] = source.draw(int(streams[replicate]))
            columns[:, row][across] = drawn.T[across]
        return state.becomes(values=np.moveaxis(columns, 0, -1))


def _repeated(values: Floats, times: int) -> Floats:
    """Return (codes, times, units) of values (units, codes)."""
    columns = values.T
    out: Floats = np.empty((len(columns), times, columns.shape[1]))
    out[:] = columns[:, None]
    return out


def _fixed_screens(group: Group) -> Iterator[Step]:
    """Yield the steps with every screen leaving out the units that it leaves out without noise."""
    for step, before, after in zip(group.steps, group.states, group.states[1:], strict=False):
        yield fixed(step, before, after) if isinstance(step, Screen) else step
