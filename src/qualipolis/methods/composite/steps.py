"""Step specifications: frozen, typed, JSON-serialisable, registered by name; and the state that flows through them."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.problems import InputError, Problem, msg

Table = Mapping[str, list[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class State:
    """What one step hands to the next. ``values`` may carry a leading batch axis: (R, units, indicators).

    ``rows`` are the positions in ``data.units`` of the units still in; ``columns`` always are ``framework.indicators``.
    """

    framework: Framework
    data: IndicatorData
    rows: NDArray[np.intp]
    values: Floats
    weights: Floats
    scores: Floats | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """Codes of the units still in."""
        return tuple(self.data.units[row] for row in self.rows)

    @property
    def single(self) -> bool:
        """Whether this is one run, not a batch; only then tables and warnings are written."""
        return self.values.ndim == 2

    def becomes(self, **changes: Any) -> State:
        """Return a copy with changes; ``problems`` and ``tables`` are added to what is there."""
        changes["problems"] = self.problems + tuple(changes.get("problems", ()))
        changes["tables"] = {**self.tables, **changes.get("tables", {})}
        return dataclasses.replace(self, **changes)


@dataclass(frozen=True)
class Step:
    """Base of all step specifications.

    ``step`` is the registered name, ``phase`` the earliest place in the order (a step may not stand before one of a
    lower phase; None: anywhere before the aggregation). ``id`` names the step inside a pipeline when its kind occurs
    twice; left empty it is the kind. None may only be a parameter's default, since TOML has no word for it.
    """

    step: ClassVar[str] = ""
    phase: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        """Bring every parameter to its type (an int where a float is meant, a list for a tuple), then check it."""
        errors: list[Problem] = []
        for name, hint in _hints(type(self)).items():
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, _coerce(value, hint))
            except TypeError:
                errors.append(
                    _wrong_type({"step": self.step, "parameter": name, "value": value}, f"PIPELINE {self.step}")
                )
        if not errors:
            errors.extend(self.faults())
        if errors:
            raise InputError(errors)

    @property
    def name(self) -> str:
        """The id, or the kind when no id is given."""
        own: str = getattr(self, "id", "")
        return own or self.step

    def faults(self) -> Iterator[Problem]:
        """Yield what is wrong with the parameters by themselves."""
        yield from ()

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield what is known to go wrong with this framework, these data and the steps before, without running."""
        yield from ()

    def apply(self, state: State) -> State:
        """Return the state after this step."""
        raise TypeError(f"{type(self).__name__} does not say what it does.")

    def to_dict(self) -> dict[str, Any]:
        """Return ``{"step": name, parameter: value, ...}``; parameters without a value (None) are left out."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {"step": self.step} | {k: _plain(v) for k, v in values.items() if v is not None and (k, v) != ("id", "")}

    def with_parameter(self, parameter: str, value: object) -> Self:
        """Return a copy with one parameter changed; InputError when it is unknown or of the wrong kind."""
        changed = step_from_dict({**self.to_dict(), parameter: value})
        assert isinstance(changed, type(self))
        return changed


REGISTRY: dict[str, type[Step]] = {}
LATE_KINDS = ("each_time_", "at_time", "impute_panel")
"""Kinds (or how they begin) of the panel package, which registers them when it is first needed."""


def register[S: type[Step]](cls: S) -> S:
    """Add a kind of step under its ``step`` name; a class decorator.

    >>> sorted(REGISTRY) if REGISTRY else []  # doctest: +ELLIPSIS
    [...]
    """
    REGISTRY[cls.step] = cls
    return cls


def step_from_dict(spec: Mapping[str, Any], place: str = "PIPELINE") -> Step:
    """Build a step from its dictionary.

    Raises
    ------
    InputError
        the kind or a parameter is unknown, or a value has the wrong type, each named

    >>> import qualipolis.methods.composite
    >>> step_from_dict({"step": "screen", "available": 0.8}).available
    0.8
    """
    kind = spec.get("step")
    cls = _kind(kind) if isinstance(kind, str) else None
    if cls is None:
        known = ", ".join(sorted(REGISTRY))
        raise InputError(
            [
                Problem(
                    "unknown_step",
                    msg("There is no step %(step)s."),
                    msg("Use one of: %(known)s."),
                    {"step": kind, "known": known},
                    place,
                )
            ]
        )
    known_fields = list(_hints(cls))
    errors = [
        _unknown_parameter({"step": kind, "parameter": key, "known": ", ".join(known_fields)}, place)
        for key in spec
        if key != "step" and key not in known_fields
    ]
    try:
        step = cls(**{key: value for key, value in spec.items() if key in known_fields})
    except InputError as error:
        errors.extend(error.problems)
    if errors:
        raise InputError(errors)
    return step


def _kind(name: str) -> type[Step] | None:
    if name not in REGISTRY and name.startswith(LATE_KINDS):
        import_module("qualipolis.methods.composite.panel")
    return REGISTRY.get(name)


_HINTS: dict[type[Step], dict[str, Any]] = {}


def _hints(cls: type[Step]) -> dict[str, Any]:
    if cls not in _HINTS:
        hints = get_type_hints(cls)
        _HINTS[cls] = {f.name: hints[f.name] for f in dataclasses.fields(cls)}
    return _HINTS[cls]


def _unknown_parameter(who: Mapping[str, object], place: str) -> Problem:
    return Problem(
        "unknown_parameter",
        msg("The step %(step)s has no parameter %(parameter)s."),
        msg("Use one of: %(known)s."),
        who,
        place,
    )


def _wrong_type(who: Mapping[str, object], place: str) -> Problem:
    return Problem(
        "wrong_type",
        msg("The parameter %(parameter)s of the step %(step)s cannot be %(value)s."),
        msg("See the documentation of the step for its kind of value."),
        who,
        place,
    )


def _coerce(value: Any, hint: Any) -> Any:
    """Return value as the annotated type says (int to float, list to tuple); TypeError when it does not fit."""
    origin = get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None and type(None) in get_args(hint):
            return None
        return _first_fit(value, [arg for arg in get_args(hint) if arg is not type(None)])
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise TypeError
        return tuple(_coerce(item, get_args(hint)[0]) for item in value)
    if hint is Any:
        return value
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise TypeError
        return {str(k): _coerce(v, get_args(hint)[1]) for k, v in value.items()}
    return _scalar(value, hint)


def _first_fit(value: Any, hints: list[Any]) -> Any:
    for hint in hints[:-1]:
        with contextlib.suppress(TypeError):
            return _coerce(value, hint)
    return _coerce(value, hints[-1])


def _scalar(value: Any, hint: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, hint) and not (hint is int and isinstance(value, bool)):
        return value
    raise TypeError


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def content_hash(*parts: object) -> str:
    """Return the SHA-256 of the canonical JSON of parts.

    >>> content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def choice_problem(step: str, parameter: str, value: object, choices: tuple[str, ...]) -> Problem:
    """Return the problem of a parameter that is none of its choices."""
    return Problem(
        "unknown_choice",
        msg("The parameter %(parameter)s of the step %(step)s cannot be %(value)s."),
        msg("Use one of: %(known)s."),
        {"step": step, "parameter": parameter, "value": value, "known": ", ".join(choices)},
        place=f"PIPELINE {step}",
    )


def range_problem(step: str, parameter: str, value: object, wanted: str) -> Problem:
    """Return the problem of a parameter outside its range."""
    return Problem(
        "out_of_range",
        msg("The parameter %(parameter)s of the step %(step)s is %(value)s."),
        msg("It must be %(wanted)s."),
        {"step": step, "parameter": parameter, "value": value, "wanted": wanted},
        place=f"PIPELINE {step}",
    )
