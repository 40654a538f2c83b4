"""The table of units: codes, names, groups, denominators and the values of the indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from qualipolis.lake.layouts import namespace, words_of
from qualipolis.lake.reading import Reading
from qualipolis.methods.composite.data import IndicatorData
from qualipolis.methods.problems import InputError, Problem, msg


def read_data(reading: Reading, indicators: set[str], marked: Mapping[str, str]) -> IndicatorData | None:
    """Return the data in a grid, or ``None`` when its units or columns cannot be told apart.

    ``indicators`` are the codes of the framework; ``marked`` says which other columns are groups or denominators.
    """
    one = one_period(reading)
    units = read_units(reading) if one else ()
    columns = read_columns(reading, indicators, marked)
    values = {name: numbers(reading, position) for name, position in columns[""].items()}
    denominators = {name: numbers(reading, position) for name, position in columns["denominator"].items()}
    groups = {
        name: tuple(words_of(cells[position]) or None for cells in reading.grid.rows)
        for name, position in columns["group"].items()
    }
    if reading.problems:
        return None
    names = {unit: name for row, unit in enumerate(units) if (name := reading.words(row, "name"))}
    table = np.column_stack(list(values.values())) if values else np.empty((len(units), 0))
    try:
        return IndicatorData(units, tuple(values), table, names, groups, denominators)
    except InputError as error:
        reading.problems += [replace(problem, place=reading.grid.place()) for problem in error.problems]
        return None


def read_units(reading: Reading) -> tuple[str, ...]:
    """Return the unit codes; one that is missing or stands twice becomes a problem."""
    seen: dict[str, int] = {}
    for row in range(len(reading.grid.rows)):
        unit = (reading.cell(row, "unit") or "").strip()
        place = reading.place(row, "unit")
        if not unit:
            what, remedy = msg("The code of the unit is empty."), msg("Give every row a code.")
            reading.problems.append(Problem("missing_unit", what, remedy, place=place))
        elif unit in seen:
            what = msg("The unit %(unit)s stands here again; it is already in row %(row)s.")
            words = {"unit": unit, "row": reading.grid.number(seen[unit])}
            reading.problems.append(Problem("duplicate_unit", what, msg("Keep one row for each unit."), words, place))
        seen.setdefault(unit, row)
    return tuple(seen)


def read_columns(reading: Reading, indicators: set[str], marked: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Return name -> position for indicators (``""``), groups and denominators."""
    found: dict[str, dict[str, int]] = {"": {}, "group": {}, "denominator": {}, "other": {}}
    taken = set(reading.layout.fields.values())
    for at, header in enumerate(reading.grid.headers):
        kind, name = namespace(header)
        kind = kind or ("" if name in indicators else marked.get(name, ""))
        if at in taken and name not in indicators:
            continue
        if problem := column_problem(reading, at, name, found[kind]):
            reading.problems.append(problem)
        if name:
            found[kind].setdefault(name, at)
    return found


def column_problem(reading: Reading, at: int, name: str, before: Mapping[str, int]) -> Problem | None:
    place = reading.grid.place(column=at)
    if not name:
        if all(row[at] in (None, "") for row in reading.grid.rows):
            return None
        what, remedy = msg("The column has numbers but no name."), msg("Name the column in the first row or delete it.")
        return Problem("unnamed_column", what, remedy, place=place)
    if name in before:
        what = msg("The indicator %(name)s has more than one column.")
        return Problem("duplicate_indicator", what, msg("Keep one column for each indicator."), {"name": name}, place)
    return None


def numbers(reading: Reading, position: int) -> np.ndarray:
    """Return one column as floats, missing as NaN; cells that are no numbers become problems."""
    values = np.full(len(reading.grid.rows), np.nan)
    for row in range(len(values)):
        value = reading.number_at(row, position)
        if value is not None:
            values[row] = value
    return values


def one_period(reading: Reading) -> bool:
    """Return whether the data are of one period; several are a problem, which hides that units then repeat."""
    if not reading.has("time"):
        return True
    periods = sorted({reading.words(row, "time") for row in range(len(reading.grid.rows))})
    if len(periods) > 1:
        what = msg("The table holds several periods: %(periods)s.")
        remedy = msg("Keep the rows of one period and assess each period by itself.")
        place = reading.grid.place(column=reading.layout.fields["time"])
        reading.problems.append(Problem("several_periods", what, remedy, {"periods": ", ".join(periods[:5])}, place))
    return len(periods) <= 1
