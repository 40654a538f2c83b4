"""Read a framework and the data of several periods from two tables: a time column makes the data a panel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from qualipolis.lake.frameworks import TwoTables, grids_of, read_two_tables
from qualipolis.lake.grids import Given, Grid
from qualipolis.lake.layouts import data_layout
from qualipolis.lake.reading import Reading
from qualipolis.lake.tables import Limits
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.panel import PanelData
from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class PanelTables:
    """A framework with its panel, ready for :func:`~qualipolis.methods.composite.run_panel`."""

    framework: Framework
    panel: PanelData
    problems: tuple[Problem, ...] = ()


def open_panel(meta: Given, data: Given, limits: Limits | None = None) -> PanelTables:
    """Read both files, the data with one row for each unit and period, and return the framework with its panel.

    The time column is called ``year``, ``period`` or ``time`` (年份, 年度, 时期; ``Time`` in COINr's table). A unit
    without a row in a period is absent then.

    Raises
    ------
    InputError
        with every problem of both files, each once, with its file, sheet, row and column
    """
    first, table = grids_of(meta, data, limits)
    years, problems = {}, {}
    for time, part in parts_of(table).items():
        try:
            years[time] = read_two_tables(first, part)
        except InputError as error:
            problems |= {str(problem): problem for problem in error.problems}
    if problems:
        raise InputError(list(problems.values()))
    noticed = {str(problem): problem for one in years.values() for problem in one.problems}
    return PanelTables(next(iter(years.values())).framework, joined(years), tuple(noticed.values()))


def parts_of(table: Grid) -> dict[int | str, Grid]:
    """Return the rows of each period, in rising order; ``InputError`` when there is no time column or an empty cell."""
    layout = data_layout(table.headers)
    reading = Reading(table, layout) if layout else None
    if reading is None or not reading.has("time"):
        what = msg("The table has no column with the year or period.")
        remedy = msg("Add a column named year, with one row for each unit and year.")
        raise InputError([Problem("no_time", what, remedy, place=table.place())])
    words = [reading.words(row, "time") for row in range(len(table.rows))]
    empty = [table.place(row, layout.fields["time"]) for row, word in enumerate(words) if not word] if layout else []
    if empty or not words:
        what, remedy = msg("The year or period is empty."), msg("Give every row its year.")
        raise InputError([Problem("no_time", what, remedy, place=place) for place in empty or [table.place()]])
    whole = all(word.isdecimal() for word in words)
    times: list[int | str] = [int(word) if whole else word for word in words]
    return {time: _only(table, [row for row, one in enumerate(times) if one == time]) for time in sorted(set(times))}  # type: ignore[type-var]


def _only(table: Grid, rows: list[int]) -> Grid:
    kept = tuple(table.rows[row] for row in rows)
    return replace(table, rows=kept, numbers=tuple(table.numbers[row] for row in rows))


def joined(years: dict[int | str, TwoTables]) -> PanelData:
    """Return the panel of all units that appear in any period."""
    data = [one.data for one in years.values()]
    units = tuple(dict.fromkeys(unit for one in data for unit in one.units))
    at = {unit: position for position, unit in enumerate(units)}
    codes = data[0].codes
    shape = (len(data), len(units))
    values, present = np.full((*shape, len(codes)), np.nan), np.zeros(shape, dtype=bool)
    groups = {name: np.full(shape, None, dtype=object) for name in data[0].groups}
    below = {name: np.full(shape, np.nan) for name in data[0].denominators}
    for year, one in enumerate(data):
        rows = [at[unit] for unit in one.units]
        values[year, rows], present[year, rows] = one.values, True
        for name, cells in groups.items():
            cells[year, rows] = np.array(one.groups[name], dtype=object)
        for name, numbers in below.items():
            numbers[year, rows] = one.denominators[name]
    names = {unit: name for one in data for unit, name in one.names.items()}
    return PanelData(tuple(years), units, codes, values, present, names, groups, below)
