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
    weights : node -> weight, over the method's and the set's; what a function of weights returns is put in here
    sets : name -> (node -> weight): several sets of weights, of which ``use`` names one
    use : name of the set that counts, over the method's; empty for none

    Only the proportions among siblings count. Weights that look meant to sum to 1 or 100 and do not give a warning.

    >>> Weigh(weights={"QDL": 0.6, "NII": 0.4}).to_dict()["weights"]
    {'QDL': 0.6, 'NII': 0.4}
    >>> Weigh(sets={"experts": {"QDL": 0.7}, "public": {"QDL": 0.5}}, use="public").use
    'public'
    """

    method: str = "meta"
    weights: Mapping[str, float] = field(default_factory=dict)
    sets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    use: str = ""
    id: str = ""
    step: ClassVar[str] = "weigh"
    phase: ClassVar[int | None] = 5

    def faults(self) -> Iterator[Problem]:
        """Yield an unknown method or a weight that is negative or no number."""
        if self.method not in METHODS:
            yield choice_problem(self.name, "method", self.method, METHODS)
        named = {f"sets.{name}.{code}": w for name, chosen in self.sets.items() for code, w in chosen.items()}
        own = {f"weights.{code}": w for code, w in self.weights.items()}
        for address, weight in (own | named).items():
            if not (math.isfinite(weight) and weight >= 0):
                yield range_problem(self.name, address, weight, ">= 0")
        if self.use and self.use not in self.sets:
            yield choice_problem(self.name, "use", self.use, tuple(self.sets))

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield unknown nodes, families whose weights are all zero, and sums that are nearly 1 or 100."""
        named = dict.fromkeys([*self.weights, *(code for chosen in self.sets.values() for code in chosen)])
        unknown = [code for code in named if code not in framework.codes]
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
        yield from sum_warnings(framework, weights, self.name)

    def vector(self, framework: Framework) -> Floats:
        """Return the weight of every node, in the order of the framework."""
        base = [node.weight if self.method == "meta" else 1.0 for node in framework.nodes]
        pairs = zip(framework.codes, base, strict=True)
        chosen = {**self.sets.get(self.use, {}), **self.weights}
        return np.array([chosen.get(code, weight) for code, weight in pairs], dtype=np.float64)

    def apply(self, state: State) -> State:
        """Return the state with weights."""
        return state.becomes(weights=self.vector(state.framework))


def sum_warnings(framework: Framework, weights: Floats, step: str) -> Iterator[Problem]:
    """Yield a warning for each family whose weights look meant to sum to 1 or 100 and do not.

    Meant so: two or more children, not all alike, none above the sum meant, and within a tenth of it. Off it: by more
    than the rounding of the weights as written.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> [problem.params["total"] for problem in sum_warnings(fw, np.array([0.5, 0.45, 1.0]), "weigh")]
    [0.95]
    """
    for code in framework.aggregates:
        family = [float(weights[framework.index(child)]) for child in framework.children(code)]
        total = math.fsum(family)
        for meant in (1, 100):
            near = abs(total - meant) <= 0.1 * meant + 1e-9 and max(family) <= meant and len(set(family)) > 1
            if near and abs(total - meant) > _rounding(family, 2 if meant == 1 else 0):
                yield Problem(
                    "weights_off",
                    msg("The weights under %(node)s sum to %(total)s, not %(meant)s; only their proportions count."),
                    msg("Correct the weights if one is wrong or missing."),
                    {"node": code, "total": round(total, 10), "meant": meant},
                    place=f"PIPELINE {step}",
                    severity="warning",
                )


def _rounding(family: list[float], digits: int) -> float:
    """Return how far the sum may be off when each weight was rounded to the decimals it has, ``digits`` at least."""
    from decimal import Decimal

    decimals = max(digits, *(-int(Decimal(repr(weight)).normalize().as_tuple().exponent) for weight in family))
    return len(family) * 0.5 * 10.0**-decimals + 1e-9
