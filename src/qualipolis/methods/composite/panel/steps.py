"""Steps inside a panel: the same step time by time, and the choice of one time before the aggregation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.panel.data import TIME, UNIT
from qualipolis.methods.composite.panel.fill import no_panel
from qualipolis.methods.composite.steps import REGISTRY, State, Step, Table, register, step_from_dict
from qualipolis.methods.problems import InputError, Problem, msg

EACH = "each_time_"
"""Prefix of the registered names of steps that work time by time."""


class EachTime:
    """Lets a step see one time of a stacked panel at a time; mixed into every kind of step by :func:`each_time`."""

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield that the data are no panel, or whatever the step itself finds at any time."""
        if TIME not in data.groups or UNIT not in data.groups:
            yield no_panel(self.name)  # type: ignore[attr-defined]
            return
        seen: list[Problem] = []
        for label, at in _times(data, np.arange(len(data.units))):
            for problem in super().problems(framework, _part(data, at), before):  # type: ignore[misc]
                if problem not in seen:
                    seen.append(problem)
                    yield dataclasses.replace(problem, place=f"{problem.place}, {label}".lstrip(", "))

    def apply(self, state: State) -> State:
        """Return the state after the step has seen each time by itself, under the plain codes of the units."""
        values, rows = np.full_like(state.values, np.nan), np.full(len(state.rows), -1)
        tables: dict[str, list[tuple[str, Table]]] = {}
        problems: list[Problem] = []
        for label, at in _times(state.data, state.rows):
            part = State(
                state.framework,
                _part(state.data, state.rows[at]),
                np.arange(len(at)),
                state.values[..., at, :],
                state.weights,
            )
            after: State = super().apply(part)  # type: ignore[misc]
            where = at[after.rows]
            values[..., where, :], rows[where] = after.values, state.rows[where]
            problems += [dataclasses.replace(one, place=f"{one.place}, {label}".lstrip(", ")) for one in after.problems]
            for name, table in after.tables.items():
                tables.setdefault(name, []).append((label, table))
        keep = rows >= 0
        if not keep.all():
            values, rows = values[..., keep, :], rows[keep]
        joined = {name: _joined(parts) for name, parts in tables.items()}
        return state.becomes(values=values, rows=rows, tables=joined, problems=problems)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the parameters of the kind it was made from: the class itself is made on first use."""
        spec = self.to_dict()  # type: ignore[attr-defined]
        return _restored, (spec | {"step": spec["step"].removeprefix(EACH)},)


def _restored(spec: dict[str, Any]) -> Step:
    return each_time(step_from_dict(spec))


def _times(data: IndicatorData, rows: NDArray[np.intp]) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield each time with the positions of its rows."""
    labels = np.array([str(data.groups[TIME][row]) for row in rows])
    for label in dict.fromkeys(labels.tolist()):
        yield label, np.flatnonzero(labels == label)


def _part(data: IndicatorData, rows: NDArray[np.intp]) -> IndicatorData:
    """Return the data of the rows of one time, units by their plain codes."""
    units = [str(data.groups[UNIT][row]) for row in rows]
    groups = {name: [labels[row] for row in rows] for name, labels in data.groups.items()}
    below = {name: column[rows] for name, column in data.denominators.items()}
    return IndicatorData(units, data.codes, data.values[rows], groups=groups, denominators=below)


def each_time(step: Step) -> Step:
    """Return the step that does the same time by time; its id stays, so that addresses such as ``treat.winmax`` hold.

    The kind is registered as ``each_time_`` + the kind. InputError for a step without an id of its own.

    >>> from qualipolis.methods.composite import Treat
    >>> each_time(Treat(winmax=3)).to_dict()["step"], each_time(Treat()).name
    ('each_time_treat', 'treat')
    """
    kind = each_time_kind(type(step))
    if not hasattr(step, "id"):
        raise InputError([_no_id(step.name)])
    return kind(**{f.name: getattr(step, f.name) for f in dataclasses.fields(step)} | {"id": step.name})


def each_time_kind(cls: type[Step]) -> type[Step]:
    """Return the kind of step that does the same time by time, registered on first use.

    >>> from qualipolis.methods.composite import Normalise
    >>> issubclass(each_time_kind(Normalise), Normalise)
    True
    """
    if issubclass(cls, EachTime):
        return cls
    name = EACH + cls.step
    if name not in REGISTRY:
        made: Any = type(
            f"EachTime{cls.__name__}", (EachTime, cls), {"step": name, "__module__": __name__, "__doc__": cls.__doc__}
        )
        register(dataclass(frozen=True)(made))
    return REGISTRY[name]


@register
@dataclass(frozen=True)
class AtTime(Step):
    """Keep the units of one time, after everything that all times share; ranks are then among them.

    Parameters
    ----------
    time : the time, as text

    >>> AtTime("2024").to_dict()
    {'step': 'at_time', 'time': '2024'}
    """

    time: str = ""
    id: str = ""
    step: ClassVar[str] = "at_time"
    phase: ClassVar[int | None] = 5

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield that the data are no panel or do not have this time."""
        if TIME not in data.groups:
            yield no_panel(self.name)
        elif self.time not in data.groups[TIME]:
            known = {"time": self.time, "known": ", ".join(dict.fromkeys(map(str, data.groups[TIME])))}
            text = msg("The panel has no time %(time)s.")
            yield Problem("unknown_time", text, msg("Use one of: %(known)s."), known, f"PIPELINE {self.name}")

    def apply(self, state: State) -> State:
        """Return the state with the units of that time."""
        keep = np.array([state.data.groups[TIME][row] == self.time for row in state.rows], dtype=bool)
        if not keep.any():
            text = msg("No unit has enough data at %(time)s.")
            remedy = msg("Complete the data or lower the threshold.")
            raise InputError([Problem("nobody_left", text, remedy, {"time": self.time}, f"PIPELINE {self.name}")])
        return state.becomes(rows=state.rows[keep], values=state.values[..., keep, :])


def _joined(parts: list[tuple[str, Table]]) -> Table:
    """Return the tables of all times one under the other, with the time in front."""
    columns = dict.fromkeys(name for _, table in parts for name in table)
    sizes = [len(next(iter(table.values()), [])) for _, table in parts]
    out: dict[str, list[Any]] = {
        TIME: [label for (label, _), size in zip(parts, sizes, strict=True) for _ in range(size)]
    }
    for name in columns:
        out[name] = [x for (_, table), size in zip(parts, sizes, strict=True) for x in table.get(name, [None] * size)]
    return out


def _no_id(step: str) -> Problem:
    return Problem(
        "no_id",
        msg("The step %(step)s has no id and cannot work time by time."),
        msg("Give its class a field id."),
        {"step": step},
        place=f"PIPELINE {step}",
    )
