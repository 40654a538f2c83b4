"""Weigh: the weight of every node among its siblings (Handbook step 6)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework, unknown_code
from qualipolis.methods.composite.steps import State, Step, choice_problem, range_problem, register
from qualipolis.methods.problems import Problem, msg

METHODS = ("meta", "equal")


@register
@dataclass(frozen=True)
class Weigh(Step):
    """Set the weights that the aggregation uses.

    Parameters
    ----------
    method : ``meta`` takes the framework's weights, ``equal`` gives every sibling the same
    weights : node -> weight, over the method's

    >>> Weigh(weights={"QDL": 0.6, "NII": 0.4}).to_dict()["weights"]
    {'QDL': 0.6, 'NII': 0.4}
    """

    method: str = "meta"
    weights: Mapping[str, float] = field(default_factory=dict)
    id: str = ""
    step: ClassVar[str] = "weigh"
    phase: ClassVar[int | None] = 5

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown method or a weight that is negative or no number."""
        if self.method not in METHODS:
            yield choice_problem(self.name, "method", self.method, METHODS)
        for code, weight in self.weights.items():
            if not (math.isfinite(weight) and weight >= 0):
                yield range_problem(self.name, f"weights.{code}", weight, ">= 0")

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield unknown nodes and families whose weights are all zero."""
        unknown = [code for code in self.weights if code not in framework.codes]
        yield from (unknown_code(code) for code in unknown)
        if unknown:
            return
        weights = self.vector(framework)
        for code in framework.aggregates:
            if all(weights[framework.index(child)] == 0 for child in framework.children(code)):
                yield Problem(
                    "zero_weights",
                    msg("The weights under %(node)s are all zero."),
                    msg("Give one child a weight above 0."),
                    {"node": code},
                    place=f"PIPELINE {self.name}",
                )

    def vector(self, framework: Framework) -> Floats:
        """Return the weight of every node, in the order of the framework."""
        base = [node.weight if self.method == "meta" else 1.0 for node in framework.nodes]
        pairs = zip(framework.codes, base, strict=True)
        return np.array([self.weights.get(code, weight) for code, weight in pairs], dtype=np.float64)

    def apply(self, state: State) -> State:
        """Return the state with weights."""
        return state.becomes(weights=self.vector(state.framework))
