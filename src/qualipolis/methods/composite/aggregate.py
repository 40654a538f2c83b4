"""Aggregate: from normalised indicators up the tree to the index (Handbook step 6; COINr ``Aggregate``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from qualipolis.methods.composite.aggregate_checks import (
    COMPAT,
    aggregate_faults,
    method_problems,
    not_positive,
    scale_problems,
    tied_warnings,
)
from qualipolis.methods.composite.data import IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.means import TreeScores, tree_scores
from qualipolis.methods.composite.more_means import Rule
from qualipolis.methods.composite.steps import State, Step, register
from qualipolis.methods.composite.weigh import Weigh, sum_warnings
from qualipolis.methods.problems import InputError, Problem

__all__ = ["Aggregate", "not_positive"]


@register
@dataclass(frozen=True)
class Aggregate(Step):
    """Weighted means up the tree; see :func:`.means.tree_scores` for the formulas.

    Parameters
    ----------
    method : ``arithmetic``, ``geometric``, ``harmonic``, ``generalised`` (mean with ``power``), ``median`` (weighted),
        ``minimum`` (the worst child), ``copeland`` (by pairs of units, :func:`.outranking.copeland`),
        ``mazziotta_pareto`` (mean with a penalty, :func:`.mazziotta_pareto.mazziotta_pareto`), or the name of a function
        given to :func:`.more_means.register_mean`
    levels : level of the node (as text) -> method, over ``method``
    nodes : node -> method, over both: methods can differ inside one level
    min_share : lowest share of children present, below which the node is missing; one for all, or level (as text) or
        node -> share, 0 where it says nothing
    power : p of ``generalised``; 1 is the arithmetic mean, 0 the geometric, -1 the harmonic
    powers : level (as text) or node -> power, over ``power``
    sign : of ``mazziotta_pareto``: -1 where more is better, +1 where the index measures an evil
    compat : ``"coinr-1.1.14"``: a generalised mean is missing as soon as one child is

    Children that are missing are left out and the weights renormalised, in every method.

    >>> Aggregate(levels={"4": "geometric"}).to_dict()["levels"]
    {'4': 'geometric'}
    >>> Aggregate(min_share={"2": 0.8, "Index": 1.0}).min_share
    {'2': 0.8, 'Index': 1.0}
    """

    method: str = "arithmetic"
    levels: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, str] = field(default_factory=dict)
    min_share: float | Mapping[str, float] = 0.0
    power: float = 2.0
    powers: Mapping[str, float] = field(default_factory=dict)
    sign: int = -1
    compat: str = ""
    id: str = ""
    step: ClassVar[str] = "aggregate"
    phase: ClassVar[int | None] = 6

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown method, a share outside 0 .. 1, a power or sign that is none."""
        yield from aggregate_faults(self)

    def methods(self, framework: Framework) -> dict[str, str]:
        """Return the method of every aggregate."""
        return {
            code: self.nodes.get(code, self.levels.get(str(framework.node(code).level), self.method))
            for code in framework.aggregates
        }

    def rules(self, framework: Framework) -> dict[str, Rule]:
        """Return the method of every aggregate with its power, sign and lowest share of children."""
        found = {}
        for code, method in self.methods(framework).items():
            level = str(framework.node(code).level)
            power = self.powers.get(code, self.powers.get(level, self.power))
            if isinstance(self.min_share, Mapping):
                share = self.min_share.get(code, self.min_share.get(level, 0.0))
            else:
                share = self.min_share
            if method == "generalised" and power == 1 and not self.compat:
                method = "arithmetic"
            found[code] = Rule(method, power, self.sign, share, self.compat == COMPAT)
        return found

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield unknown nodes and levels, and means that need values above 0 where the scale is sure to go below."""
        yield from method_problems(self, framework)
        yield from scale_problems(self, framework, before)
        if not any(isinstance(step, Weigh) for step in before):
            yield from sum_warnings(framework, np.array([node.weight for node in framework.nodes]), self.name)

    def scores(self, state: State, wanted: tuple[str, ...] | None = None) -> TreeScores:
        """Return the scores of a state, single or batch."""
        return tree_scores(state.framework, state.values, state.weights, self.rules(state.framework), wanted=wanted)

    def apply(self, state: State) -> State:
        """Return the state with the scores of all nodes, (units, nodes) in the order of the framework.

        Raises InputError when a mean meets a value that it cannot take: not above 0 in a geometric one, for example.
        """
        tree = self.scores(state)
        if bool(np.any(tree.bad)):
            methods = self.methods(state.framework)
            above = {code: methods.get(state.framework.node(code).parent or "", "") for code in tree.culprits}
            raise InputError([not_positive(code, self.name, method) for code, method in above.items()])
        arrays = np.broadcast_arrays(*[tree.scores[code] for code in state.framework.codes])
        scores = np.stack(arrays, axis=-1)
        return state.becomes(scores=scores, problems=tied_warnings(state.framework, scores) if state.single else [])
