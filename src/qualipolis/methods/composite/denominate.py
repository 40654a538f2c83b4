"""Denominate: divide size-dependent indicators by a denominator (Handbook step 2 and 5; COINr ``Denominate``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.steps import State, Step, register
from qualipolis.methods.problems import Problem, msg


@register
@dataclass(frozen=True)
class Denominate(Step):
    """x / (denominator / scale), for each indicator that has a denominator.

    Parameters
    ----------
    by : indicator -> denominator, over what the framework says; ``""`` leaves the indicator undivided
    scale : indicator -> factor on the result (a rate per 1,000 has 1000)

    A cell whose denominator is missing or zero becomes missing, with a warning that names unit and column.

    >>> Denominate(scale={"patents": 10000}).to_dict()
    {'step': 'denominate', 'by': {}, 'scale': {'patents': 10000.0}}
    """

    by: Mapping[str, str] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    id: str = ""
    step: ClassVar[str] = "denominate"
    phase: ClassVar[int | None] = 1

    def chosen(self, framework: Framework) -> dict[int, str]:
        """Return column position -> denominator code."""
        pairs = {code: self.by.get(code, framework.node(code).denominator) for code in framework.indicators}
        return {position: name for position, name in enumerate(pairs.values()) if name}

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield denominators that the data do not have and indicators that the framework does not have."""
        for position, name in self.chosen(framework).items():
            if name not in data.denominators:
                yield Problem(
                    "missing_denominator",
                    msg("The denominator %(name)s of %(code)s is not in the data."),
                    msg("Add the column or take the denominator out of the framework."),
                    {"name": name, "code": framework.indicators[position]},
                    place=f"META {framework.indicators[position]}",
                )
        yield from unknown_indicators(self, framework, {**self.by, **self.scale})

    def apply(self, state: State) -> State:
        """Return the state with divided columns."""
        chosen = self.chosen(state.framework)
        if not chosen:
            return state
        values = state.values.copy(order="K")
        found: list[Problem] = []
        for position, name in chosen.items():
            code = state.framework.indicators[position]
            below = state.data.denominators[name][state.rows]
            values[..., position] = divide(values[..., position], below, self.scale.get(code, 1.0))
            if state.single:
                found.extend(_lost(state, code, name, below))
        return state.becomes(values=values, problems=found)


def divide(values: Floats, denominator: Floats, scale: float = 1.0) -> Floats:
    """Return ``values / (denominator / scale)`` over the last axis; NaN where the denominator is 0 or missing.

    >>> divide(np.array([1.0, 2.0]), np.array([4.0, 0.0]), 100.0).tolist()
    [25.0, nan]
    """
    return values / (np.where(denominator == 0, np.nan, denominator) / scale)


def _lost(state: State, code: str, name: str, below: Floats) -> Iterator[Problem]:
    for unit, value in zip(state.units, below, strict=True):
        if value == 0 or np.isnan(value):
            yield Problem(
                "zero_denominator" if value == 0 else "empty_denominator",
                msg("The denominator %(name)s is zero: the cell counts as missing.")
                if value == 0
                else msg("The denominator %(name)s is missing: the cell counts as missing."),
                msg("Correct the denominator."),
                {"name": name},
                place=f"DATA {unit}, {code}",
                severity="warning",
            )


def unknown_indicators(step: Step, framework: Framework, codes: Mapping[str, object]) -> Iterator[Problem]:
    """Yield one problem for each code that is no indicator of the framework."""
    for code in codes:
        if code not in framework.indicators:
            yield Problem(
                "unknown_indicator",
                msg("The step %(step)s names %(code)s, which is no indicator of the framework."),
                msg("Correct the code."),
                {"step": step.name, "code": code},
                place=f"PIPELINE {step.name}",
            )
