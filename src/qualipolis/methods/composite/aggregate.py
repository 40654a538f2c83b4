"""Aggregate: from normalised indicators up the tree to the index (Handbook step 6; COINr ``Aggregate``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from qualipolis.methods.composite.data import IndicatorData
from qualipolis.methods.composite.framework import Framework, unknown_code
from qualipolis.methods.composite.means import METHODS, TreeScores, tree_scores
from qualipolis.methods.composite.normalise import Normalise
from qualipolis.methods.composite.steps import State, Step, choice_problem, range_problem, register
from qualipolis.methods.problems import InputError, Problem, msg


@register
@dataclass(frozen=True)
class Aggregate(Step):
    """Weighted means up the tree; see :func:`.means.tree_scores` for the formulas.

    Parameters
    ----------
    method : ``arithmetic``, ``geometric`` or ``harmonic``
    levels : level of the node (as text) -> method, over ``method``
    nodes : node -> method, over both: methods can differ inside one level
    min_share : lowest share of children present; below it the node is missing

    >>> Aggregate(levels={"4": "geometric"}).to_dict()["levels"]
    {'4': 'geometric'}
    """

    method: str = "arithmetic"
    levels: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, str] = field(default_factory=dict)
    min_share: float = 0.0
    id: str = ""
    step: ClassVar[str] = "aggregate"
    phase: ClassVar[int | None] = 6

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown method or a share outside 0 .. 1."""
        chosen = [("method", self.method)]
        chosen += [(f"levels.{k}", v) for k, v in self.levels.items()]
        chosen += [(f"nodes.{k}", v) for k, v in self.nodes.items()]
        for parameter, method in chosen:
            if method not in METHODS:
                yield choice_problem(self.name, parameter, method, METHODS)
        if not 0 <= self.min_share <= 1:
            yield range_problem(self.name, "min_share", self.min_share, "0 .. 1")

    def methods(self, framework: Framework) -> dict[str, str]:
        """Return the method of every aggregate."""
        return {
            code: self.nodes.get(code, self.levels.get(str(framework.node(code).level), self.method))
            for code in framework.aggregates
        }

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield means that need values above 0 after a scale that is sure to reach 0 or below."""
        unknown = [code for code in self.nodes if code not in framework.aggregates]
        yield from (unknown_code(code) for code in unknown)
        scales = [step for step in before if isinstance(step, Normalise)]
        for code, method in self.methods(framework).items():
            if method == "arithmetic" or not scales:
                continue
            for child in framework.children(code):
                if framework.node(child).kind == "indicator":
                    yield from _scale_problem(scales[-1].of(child), child, method, self.name)

    def scores(self, state: State, wanted: tuple[str, ...] | None = None) -> TreeScores:
        """Return the scores of a state, single or batch."""
        methods = self.methods(state.framework)
        return tree_scores(state.framework, state.values, state.weights, methods, self.min_share, wanted)

    def apply(self, state: State) -> State:
        """Return the state with the scores of all nodes, (units, nodes) in the order of the framework.

        Raises InputError when a geometric or harmonic mean meets a value that is not above 0.
        """
        tree = self.scores(state)
        if bool(np.any(tree.bad)):
            raise InputError([not_positive(code, self.name) for code in tree.culprits])
        arrays = np.broadcast_arrays(*[tree.scores[code] for code in state.framework.codes])
        return state.becomes(scores=np.stack(arrays, axis=-1))


def _scale_problem(scale: Normalise, code: str, method: str, place: str) -> Iterator[Problem]:
    who = {"code": code, "method": method, "low": scale.low, "mean": scale.mean}
    if scale.method == "zscore" and scale.mean <= 0:
        yield Problem(
            "zscore_geometric",
            msg("%(code)s is normalised to z-scores around %(mean)s, but its %(method)s mean needs values above 0."),
            msg(
                "Use minmax or goalposts with low above 0, z-scores around a mean well above 0, or the arithmetic mean."
            ),
            who,
            place=f"PIPELINE {place}",
        )
    elif scale.method in ("minmax", "goalposts", "percentile") and scale.low <= 0:
        yield Problem(
            "zero_geometric",
            msg("%(code)s is normalised from %(low)s, but its %(method)s mean needs values above 0."),
            msg("Normalise to a range that starts above 0, for example 1 to 100, or use the arithmetic mean."),
            who,
            place=f"PIPELINE {place}",
        )


def not_positive(code: str, place: str) -> Problem:
    """Return the problem of values not above 0 under a mean that needs them.

    >>> not_positive("a", "aggregate").code
    'not_positive'
    """
    return Problem(
        "not_positive",
        msg("%(code)s has values that are not above 0, which a geometric or harmonic mean needs."),
        msg("Normalise to a range that starts above 0, for example 1 to 100, or use the arithmetic mean."),
        {"code": code},
        place=f"PIPELINE {place}",
    )
