"""Replicates that share all choices of steps and parameters, and the stages they share."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qualipolis.methods.composite.factors import Alternatives, Factor
from qualipolis.methods.composite.pipeline import Pipeline, start
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.sensitivity.draws import Draws, Indexes
from qualipolis.methods.composite.steps import State, Step, content_hash
from qualipolis.methods.problems import InputError, Problem

COMBINATIONS_CHECKED = 4096


@dataclass(eq=False)
class Group:
    """A pipeline with the replicates that drew it; ``states`` are those of the plain data, once prepared."""

    pipeline: Pipeline
    members: Indexes
    steps: tuple[Step, ...] = ()
    states: tuple[State, ...] = field(default=())
    keys: tuple[str, ...] = ()

    def prepare(self, result: CompositeResult, known: dict[str, State]) -> State:
        """Run the plain data through all steps but the aggregation, taking over stages known by their key."""
        key = content_hash(result.framework.hash, result.data.hash)
        states, keys = [known.get(key) or start(result.framework, result.data)], [key]
        for step in self.pipeline.steps[:-1]:
            key = content_hash(key, step.to_dict())
            if key not in known:
                known[key] = step.apply(states[-1])
            states.append(known[key])
            keys.append(key)
        self.steps, self.states, self.keys = self.pipeline.steps[:-1], tuple(states), tuple(keys)
        return states[-1]


def pipelines(result: CompositeResult, factors: tuple[Factor, ...], draws: Draws) -> Iterator[Group]:
    """Yield each distinct combination of choices with the replicates that drew it.

    Every combination that can be drawn is checked, drawn or not, so that the seed does not decide what is refused.
    """
    chosen = {i: f for i, f in enumerate(factors) if isinstance(f, Alternatives)}
    drawn = np.stack([draws.levels[i] for i in chosen], axis=1) if chosen else np.zeros((draws.n, 0), dtype=np.int64)
    combinations, which = np.unique(drawn, axis=0, return_inverse=True)
    which = which.reshape(draws.n)
    taken = [tuple(row) for row in combinations.tolist()]
    built = _checked(result, tuple(chosen.values()), taken)
    for position, combination in enumerate(taken):
        yield Group(built[combination], np.flatnonzero(which == position))


def _checked(
    result: CompositeResult, chosen: tuple[Alternatives, ...], taken: list[tuple[int, ...]]
) -> dict[tuple[int, ...], Pipeline]:
    possible: Any = itertools.product(*[_possible(factor) for factor in chosen])
    if np.prod([float(factor.count) for factor in chosen]) > COMBINATIONS_CHECKED:
        possible = taken
    errors: dict[str, Problem] = {}
    built: dict[tuple[int, ...], Pipeline] = {}
    for combination in dict.fromkeys([*possible, *taken]):
        changes = {f.address: f.values[i] for f, i in zip(chosen, combination, strict=True)}
        pipeline = result.pipeline.with_changes(changes)
        built[combination] = pipeline
        for problem in pipeline.problems(result.framework, result.data):
            if problem.severity == "error":
                errors.setdefault(problem.code, problem)
    if errors:
        raise InputError(list(errors.values()))
    return built


def _possible(factor: Alternatives) -> list[int]:
    """Values of probability 0 are never drawn, and need not work."""
    if factor.probabilities is None:
        return list(range(factor.count))
    return [i for i, p in enumerate(factor.probabilities) if p > 0]
