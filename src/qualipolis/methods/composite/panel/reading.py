"""Panels from tables: one row for each unit and time, or one for each cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from qualipolis.methods.composite.panel.data import PanelData, Time
from qualipolis.methods.problems import InputError, Problem, msg

Row = Mapping[str, Any]
Names = tuple[str, str, str | None]


def panel_from_rows(
    rows: Sequence[Row], codes: Sequence[str], names: Names, groups: Sequence[str], denominators: Sequence[str]
) -> PanelData:
    """Return the panel; see :meth:`.PanelData.from_rows`.

    >>> panel_from_rows([{"t": "2024", "u": "x", "a": "3"}], ("a",), ("t", "u", None), (), ()).values.tolist()
    [[[3.0]]]
    """
    time, unit, label = names
    errors = list(_row_problems(rows, (*codes, *denominators), names))
    if errors:
        raise InputError(errors)
    times = _times([row[time] for row in rows])
    units = tuple(dict.fromkeys(str(row[unit]) for row in rows))
    order = {str(value): k for k, value in enumerate(times)}
    shape = (len(times), len(units))
    values = np.full((*shape, len(codes)), np.nan)
    present = np.zeros(shape, dtype=bool)
    labels = {name: np.full(shape, None, dtype=object) for name in groups}
    below = {name: np.full(shape, np.nan) for name in denominators}
    where = {name: k for k, name in enumerate(units)}
    for row in rows:
        at = order[_plain(row[time])], where[str(row[unit])]
        present[at] = True
        values[at] = [_number(row[code]) for code in codes]
        for name in groups:
            labels[name][at] = None if _empty(row.get(name)) else str(row[name])
        for name in denominators:
            below[name][at] = _number(row[name])
    known = {str(row[unit]): str(row[label]) for row in rows} if label else {}
    return PanelData(times, units, tuple(codes), values, present, known, labels, below)


def panel_from_long(rows: Sequence[tuple[Time, str, str, float | None]]) -> PanelData:
    """Return the panel; see :meth:`.PanelData.from_long`.

    >>> panel_from_long([(1, "u", "a", 2.0), (1, "v", "b", 3.0)]).codes
    ('a', 'b')
    """
    codes = tuple(dict.fromkeys(code for _, _, code, _ in rows))
    table: dict[tuple[str, str], dict[str, Any]] = {}
    errors: list[Problem] = []
    for time, unit, code, value in rows:
        row = table.setdefault((_plain(time), unit), {"·time": time, "·unit": unit} | dict.fromkeys(codes))
        if row.get(code) is not None:
            errors.append(_twice(unit, f"{time}, {code}"))
        row[code] = value
    if errors:
        raise InputError(errors)
    return panel_from_rows(list(table.values()), codes, ("·time", "·unit", None), (), ())


def _times(found: Sequence[Any]) -> tuple[Time, ...]:
    texts = dict.fromkeys(_plain(value) for value in found)
    try:
        return tuple(sorted(int(text) for text in texts))
    except ValueError:
        return tuple(sorted(texts))


def _plain(value: Any) -> str:
    """Return a time as text, 2024 for 2024.0 too."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip() in ("", "NA", "NaN"))


def _number(value: Any) -> float:
    return math.nan if _empty(value) else float(value)


def _row_problems(rows: Sequence[Row], numbers: Sequence[str], names: Names) -> Iterator[Problem]:
    time, unit, label = names
    seen: set[tuple[str, str]] = set()
    if not rows:
        yield Problem("empty_panel", msg("The table has no rows."), msg("Give at least one."))
        return
    needed = [name for name in (time, unit, label, *numbers) if name is not None]
    for name in needed:
        if name not in rows[0]:
            yield Problem("missing_column", msg("There is no column %(name)s."), msg("Add it."), {"name": name})
    if any(name not in rows[0] for name in needed):
        return
    for row in rows:
        at = (_plain(row[time]), str(row[unit]))
        if at in seen:
            yield _twice(at[1], at[0])
        seen.add(at)
        for name in numbers:
            try:
                _number(row.get(name))
            except (TypeError, ValueError):
                yield Problem(
                    "not_a_number",
                    msg("%(value)s is not a number."),
                    msg("Give a number, or leave the cell empty when it is missing."),
                    {"value": row[name]},
                    place=f"DATA {at[1]}, {at[0]}, {name}",
                )


def _twice(unit: str, where: str) -> Problem:
    return Problem(
        "duplicate_row",
        msg("%(unit)s stands twice at %(where)s."),
        msg("Keep one row for each unit and time."),
        {"unit": unit, "where": where},
        place=f"DATA {unit}",
    )
