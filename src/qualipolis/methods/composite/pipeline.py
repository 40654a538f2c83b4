"""The pipeline: steps in order, checked before running, each stage keyed by the hash of all that went into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from qualipolis.methods.composite.aggregate import Aggregate
from qualipolis.methods.composite.data import Floats, IndicatorData, match
from qualipolis.methods.composite.denominate import Denominate
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.normalise import Normalise
from qualipolis.methods.composite.result import CompositeResult, Stage
from qualipolis.methods.composite.screen import Screen
from qualipolis.methods.composite.steps import State, Step, content_hash, step_from_dict
from qualipolis.methods.composite.treat import Treat
from qualipolis.methods.composite.weigh import Weigh
from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class Pipeline:
    """Steps in the order they run. The last one aggregates.

    Raises
    ------
    InputError
        no step, two steps of the same id, an aggregation missing or not last, steps in an order that makes no sense

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]])
    >>> Pipeline((Normalise(), Weigh(), Aggregate())).run(fw, data).ranks("X").tolist()
    [2.0, 3.0, 1.0]
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        errors = list(_order_problems(self.steps))
        if errors:
            raise InputError(errors)

    @property
    def hash(self) -> str:
        """SHA-256 of the serialised steps."""
        return content_hash(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return ``{"steps": [{"step": ...}, ...]}``, the shape of the TOML file and ready for JSON."""
        return {"steps": [step.to_dict() for step in self.steps]}

    @classmethod
    def from_dict(cls, spec: Mapping[str, Any]) -> Self:
        """Build a pipeline from its dictionary; InputError names every unknown step and parameter.

        >>> Pipeline.from_dict(DEFAULT_PIPELINE.to_dict()) == DEFAULT_PIPELINE
        True
        """
        rows = spec.get("steps") if isinstance(spec, Mapping) else None
        if not isinstance(rows, list | tuple) or not rows or not all(isinstance(row, Mapping) for row in rows):
            raise InputError([_no_steps()])
        steps: list[Step] = []
        errors: list[Problem] = []
        for number, row in enumerate(rows, start=1):
            try:
                steps.append(step_from_dict(row, place=f"PIPELINE step {number}"))
            except InputError as error:
                errors.extend(error.problems)
        if errors:
            raise InputError(errors)
        return cls(tuple(steps))

    def step(self, name: str) -> Step:
        """Return the step of this id; InputError when there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise InputError([_unknown_id(name, self)])

    def with_changes(self, changes: Mapping[str, Any]) -> Pipeline:
        """Return a pipeline with parameters (``"treat.winmax": 3``) or whole steps (``"treat": Treat(3)``) changed.

        >>> DEFAULT_PIPELINE.with_changes({"treat.winmax": 3}).step("treat").winmax
        3
        """
        steps = {step.name: step for step in self.steps}
        errors: list[Problem] = []
        for address, value in changes.items():
            name, _, parameter = address.partition(".")
            if name not in steps:
                errors.append(_unknown_id(name, self))
                continue
            try:
                steps[name] = _changed(steps[name], parameter, value)
            except InputError as error:
                errors.extend(error.problems)
        if errors:
            raise InputError(errors)
        return Pipeline(tuple(steps.values()))

    def problems(self, framework: Framework, data: IndicatorData) -> tuple[Problem, ...]:
        """Return everything known to be wrong, or worth a warning, before running."""
        found = [*framework.problems(), *match(framework, data).problems, *_empty_columns(framework, data)]
        for position, step in enumerate(self.steps):
            found.extend(step.problems(framework, data, self.steps[:position]))
        return tuple(found)

    def run(self, framework: Framework, data: IndicatorData, reuse: tuple[Stage, ...] = ()) -> CompositeResult:
        """Run all steps and return every stage.

        Parameters
        ----------
        framework, data : what to assess
        reuse : stages of an earlier run; those with the same key are taken over, not computed

        Raises
        ------
        InputError
            with every problem found before running, or what a step met on the way
        """
        if not (isinstance(framework, Framework) and isinstance(data, IndicatorData)):
            raise InputError([_wrong_input()])
        found = self.problems(framework, data)
        if any(problem.severity == "error" for problem in found):
            raise InputError([problem for problem in found if problem.severity == "error"])
        known = {stage.key: stage for stage in reuse}
        key = content_hash(framework.hash, data.hash)
        stages = [known.get(key) or Stage("raw", "raw", key, start(framework, data))]
        for step in self.steps:
            key = content_hash(key, step.to_dict())
            stage = known.get(key)
            stages.append(stage or Stage(step.name, step.step, key, sealed(step.apply(stages[-1].state))))
        return CompositeResult(self, framework, data, tuple(stages), found)

    @cached_property
    def aggregate(self) -> Aggregate:
        """The last step."""
        last = self.steps[-1]
        assert isinstance(last, Aggregate)
        return last


def start(framework: Framework, data: IndicatorData, values: Floats | None = None) -> State:
    """Return the state before the first step; ``values`` (R, units, data columns) stands in for the data's own.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> start(fw, IndicatorData(("u",), ("a", "b"), [[1, 2]])).values.tolist()
    [[2.0]]
    """
    columns = [data.codes.index(code) for code in framework.indicators]
    weights = np.array([node.weight for node in framework.nodes], dtype=np.float64)
    raw = data.values if values is None else values
    if columns != list(range(raw.shape[-1])):
        raw = np.moveaxis(np.moveaxis(raw, -1, 0)[columns], 0, -1) if raw.ndim > 2 else raw[:, columns]
    return sealed(State(framework, data, np.arange(len(data.units)), raw, weights))


def sealed(state: State) -> State:
    """Return the state with its arrays read-only: a stage that is reused must not change.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> sealed(start(fw, IndicatorData(("u",), ("a",), [[1]]))).values.flags.writeable
    False
    """
    for array in (state.values, state.weights, state.scores):
        if array is not None:
            array.setflags(write=False)
    return state


def _changed(step: Step, parameter: str, value: Any) -> Step:
    if parameter:
        return step.with_parameter(parameter, value)
    replacement = value if isinstance(value, Step) else step_from_dict(value)
    if replacement.name != step.name and hasattr(replacement, "id"):
        return replace(replacement, id=step.name)  # type: ignore[call-arg]
    return replacement


def _order_problems(steps: tuple[Step, ...]) -> Iterator[Problem]:
    if not steps:
        yield _no_steps()
        return
    for name, count in Counter(step.name for step in steps).items():
        if count > 1:
            yield Problem(
                "duplicate_step",
                msg("The step %(step)s stands %(count)s times in the pipeline."),
                msg("Give each its own id."),
                {"step": name, "count": count},
                place="PIPELINE",
            )
    kinds = [isinstance(step, Aggregate) for step in steps]
    if not kinds[-1] or sum(kinds) != 1:
        yield Problem(
            "aggregate_last",
            msg("The pipeline does not end with its one aggregation."),
            msg("Put one aggregate step at the end."),
            place="PIPELINE",
        )
    reached = 0
    for step in steps:
        if step.phase is not None and step.phase < reached:
            yield Problem(
                "step_order",
                msg("The step %(step)s stands too late in the pipeline."),
                msg(
                    "The order is denominate, screen, treat, normalise, weigh, aggregate; impute may stand anywhere before."
                ),
                {"step": step.name},
                place="PIPELINE",
            )
        reached = max(reached, step.phase or 0)


def _empty_columns(framework: Framework, data: IndicatorData) -> Iterator[Problem]:
    for code in framework.indicators:
        if code in data.codes and bool(np.isnan(data.column(code)).all()):
            yield Problem(
                "empty_column",
                msg("The indicator %(code)s has no value at all."),
                msg("Fill the column or take the indicator out of the framework."),
                {"code": code},
                place=f"DATA {code}",
            )


def _wrong_input() -> Problem:
    return Problem(
        "wrong_input",
        msg("A pipeline runs on a framework and on data, in this order."),
        msg("Make a Framework of the indicator table and IndicatorData of the data table first."),
        place="PIPELINE",
    )


def _no_steps() -> Problem:
    return Problem("no_steps", msg("The pipeline has no steps."), msg("List its steps under steps."), place="PIPELINE")


def _unknown_id(name: str, pipeline: Pipeline) -> Problem:
    known = ", ".join(step.name for step in pipeline.steps)
    return Problem(
        "unknown_step",
        msg("The pipeline has no step %(step)s."),
        msg("Use one of: %(known)s."),
        {"step": name, "known": known},
        place="PIPELINE",
    )


DEFAULT_PIPELINE = Pipeline(
    (Denominate(), Screen(0.66), Treat(), Normalise("minmax", 0.0, 100.0), Weigh(), Aggregate())
)
"""Divide by the framework's denominators, no imputation, keep units with two thirds of the data, winsorise up to 5 then
log, min-max to 0-100, the framework's weights, arithmetic mean."""

CITY_PIPELINE = Pipeline((Denominate(), Normalise("goalposts", 0.0, 100.0, clamp=True), Weigh(), Aggregate()))
"""Goalposts to 0-100 (target interval for direction 0), the framework's weights renormalised over what is present,
arithmetic mean."""
