"""Read a framework and its data from two tables, in either layout, and say where every mistake stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qualipolis.lake.grids import Given, Grid, open_grid, source_of
from qualipolis.lake.indicators import read_data
from qualipolis.lake.layouts import DIRECTIONS, KINDS, Layout, data_layout, framework_layout
from qualipolis.lake.places import Places
from qualipolis.lake.reading import Reading
from qualipolis.lake.tables import Limits
from qualipolis.methods.composite.data import IndicatorData, match
from qualipolis.methods.composite.framework import Framework, Node
from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class TwoTables:
    """A framework with its data, ready for a pipeline; what was noticed while reading, and where everything stands."""

    framework: Framework
    data: IndicatorData
    places: Places
    problems: tuple[Problem, ...] = ()


MOST_NODES = 5_000
DEEPEST = 30
DIRECTION_REMEDY = msg("Write + (more is better), - (less is better) or target (best inside a range).")
COIN_DIRECTION_REMEDY = msg("Write 1 (more is better) or -1 (less is better).")
KIND_REMEDY = msg("Write indicator or aggregate.")
COIN_KIND_REMEDY = msg("Write Indicator, Aggregate, Group, Denominator or Other.")


def open_two_tables(meta: Given, data: Given, limits: Limits | None = None) -> TwoTables:
    """Read both files, each a path or its bytes, and return the framework with its data.

    One workbook may hold both sheets.

    Raises
    ------
    InputError
        with every problem of both files
    """
    return read_two_tables(*grids_of(meta, data, limits))


def grids_of(meta: Given, data: Given, limits: Limits | None = None) -> tuple[Grid, Grid]:
    """Return the tables in both files; ``InputError`` with every problem of both."""
    problems: list[Problem] = []
    grids: list[Grid] = []
    for given, fits, option in (
        (meta, lambda heads: framework_layout(heads) is not None, "--framework-sheet"),
        (data, lambda heads: data_layout(heads) is not None and framework_layout(heads) is None, "--data-sheet"),
    ):
        try:
            grids.append(open_grid(source_of(given, limits), fits, option, limits))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return grids[0], grids[1]


def read_two_tables(meta: Grid, table: Grid) -> TwoTables:
    """Return the framework in ``meta`` with the data in ``table``.

    Raises
    ------
    InputError
        with every problem of both tables, each with its file, sheet, row and column
    """
    meta_layout, table_layout = recognise(meta, table)
    reading, columns = Reading(meta, meta_layout), Reading(table, table_layout)
    nodes, marked = read_nodes(reading)
    data = read_data(columns, {node.code for node in nodes if node.kind == "indicator"}, marked)
    codes = {node.code: node.row for node in reversed(nodes)}
    places = Places(meta, table, codes, {unit: row for row, unit in enumerate(data.units)} if data else {})
    found = list(reading.problems)
    framework = None
    try:
        if deep := depth_problem(nodes, meta):
            raise InputError([deep])
        framework = Framework(nodes)
    except InputError as error:
        found += [places.of(problem) for problem in error.problems]
    found += columns.problems
    if framework is not None and data is not None:
        found += [*misfits(framework, data, places), *bad_denominators(framework, data, places)]
    if found or framework is None or data is None:
        raise InputError(found)
    return TwoTables(framework, data, places, tuple(places.of(problem) for problem in framework.problems()))


def recognise(meta: Grid, table: Grid) -> tuple[Layout, Layout]:
    """Return the layouts of both grids; ``InputError`` naming the columns that are looked for."""
    layouts = framework_layout(meta.headers), data_layout(table.headers)
    found = []
    for layout, grid, columns in (
        (layouts[0], meta, "code, parent / 代码, 上级 / iCode, Parent, Type"),
        (layouts[1], table, "unit / 单位代码 / uCode"),
    ):
        if layout is None:
            what = msg("The columns %(columns)s are not in the first row.")
            remedy = msg("Put the column names in one first row, without merged cells or title lines above it.")
            found.append(Problem("unknown_layout", what, remedy, {"columns": columns}, place=grid.place()))
        elif not grid.rows:
            found.append(empty_table(grid))
    if layouts[0] is not None and len(meta.rows) > MOST_NODES:
        what, remedy = msg("The framework has %(count)s rows; at most %(most)s are read."), msg("Take the right table.")
        words = {"count": len(meta.rows), "most": MOST_NODES}
        found.append(Problem("too_many_nodes", what, remedy, words, place=meta.place()))
    if found or layouts[0] is None or layouts[1] is None:
        raise InputError(found)
    return layouts[0], layouts[1]


def empty_table(grid: Grid) -> Problem:
    """Return the problem of a table without rows."""
    remedy = msg("Add one row for each entry.")
    return Problem("empty_table", msg("The table has column names but no rows."), remedy, place=grid.place())


def read_nodes(reading: Reading) -> tuple[tuple[Node, ...], dict[str, str]]:
    """Return the nodes of the tree, and group and denominator columns of the data by code."""
    parents = {parent_of(reading, row) for row in range(len(reading.grid.rows))}
    nodes, marked = [], {}
    for row in range(len(reading.grid.rows)):
        code = reading.words(row, "code")
        kind = kind_of(reading, row, code in parents)
        if kind not in ("indicator", "aggregate"):
            marked[code] = kind
            continue
        nodes.append(read_node(reading, row, code, kind))
    heights = heights_of(nodes)
    return tuple(node if node.level else replace(node, level=heights[node.code]) for node in nodes), marked


def parent_of(reading: Reading, row: int) -> str:
    parent = reading.words(row, "parent")
    return "" if parent in ("-", "—", "——") else parent


def kind_of(reading: Reading, row: int, has_children: bool) -> str:
    coin = reading.layout.name == "coin"
    default = "aggregate" if has_children else "indicator"
    allowed = KINDS if coin else {key: kind for key, kind in KINDS.items() if kind in ("indicator", "aggregate")}
    return reading.choice(row, "kind", allowed, COIN_KIND_REMEDY if coin else KIND_REMEDY, default)


def read_node(reading: Reading, row: int, code: str, kind: str) -> Node:
    coin = reading.layout.name == "coin"
    remedy = COIN_DIRECTION_REMEDY if coin else DIRECTION_REMEDY
    directions = {key: way for key, way in DIRECTIONS.items() if not coin or way}
    return Node(
        code,
        name_en=reading.words(row, "name_en"),
        name_zh=reading.words(row, "name_zh"),
        parent=parent_of(reading, row) or None,
        weight=weight_of(reading, row),
        level=whole(reading, row, "level"),
        kind=kind,
        direction=reading.choice(row, "direction", directions, remedy, 1),
        unit=reading.words(row, "unit"),
        denominator=reading.words(row, "denominator") or None,
        floor=reading.number(row, "floor"),
        target=reading.number(row, "target"),
        target_low=reading.number(row, "target_low"),
        target_high=reading.number(row, "target_high"),
        row=reading.grid.number(row),
    )


def weight_of(reading: Reading, row: int) -> float:
    """Return the weight; 1 at the top and where the table has no weights, a problem where it alone is empty."""
    before = len(reading.problems)
    weight = reading.number(row, "weight")
    if weight is None and reading.has("weight") and parent_of(reading, row) and len(reading.problems) == before:
        what, remedy = msg("The weight is empty."), msg("Write a weight of 0 or more, or leave the whole column away.")
        reading.problems.append(Problem("missing_weight", what, remedy, place=reading.place(row, "weight")))
    return 1.0 if weight is None else weight


def whole(reading: Reading, row: int, field: str) -> int:
    """Return a whole number from 1, or 0 where the cell is empty."""
    value = reading.number(row, field)
    if value is None:
        return 0
    if value < 1 or value != int(value):
        reading.problems.append(
            Problem(
                "bad_level",
                msg("The level is %(level)s."),
                msg("Write 1 for indicators and 2, 3, … upward, or leave the column away."),
                {"level": value},
                reading.place(row, field),
            )
        )
        return 0
    return int(value)


def heights_of(nodes: Sequence[Node]) -> dict[str, int]:
    """Return code -> 1 for a leaf, one more than the highest child otherwise; in a cycle or too deep a tree it stops."""
    heights = {node.code: max(node.level, 1) for node in nodes}
    for _ in range(DEEPEST + 1):
        before = dict(heights)
        for node in nodes:
            if node.parent in heights:
                heights[node.parent] = max(heights[node.parent], heights[node.code] + 1)
        if heights == before:
            break
    return heights


def depth_problem(nodes: Sequence[Node], grid: Grid) -> Problem | None:
    """Return the problem of a tree with more levels than any assessment needs; a cycle is not this one's to find."""
    parents = {node.code: node.parent for node in nodes}
    for node in nodes:
        at, seen = node.parent, {node.code}
        while at in parents and at not in seen and len(seen) <= DEEPEST:
            seen.add(at)
            at = parents[at]
        if len(seen) > DEEPEST:
            what = msg("The tree has more than %(most)s levels.")
            remedy = msg("Look for a parent that is wrong, or merge levels.")
            return Problem("too_deep", what, remedy, {"most": DEEPEST}, place=grid.place_of(node.row))
    return None


def misfits(framework: Framework, data: IndicatorData, places: Places) -> Iterator[Problem]:
    """Yield the indicators without data and the columns without indicator."""
    fit = match(framework, data)
    for code in fit.without_data:
        what = msg("The indicator %(code)s has no column in the data.")
        remedy = msg("Add the column or take the indicator out of the framework.")
        yield places.of(Problem("indicator_without_data", what, remedy, {"code": code}, f"META {code}"))
    for code in fit.without_indicator:
        what = msg("The column %(code)s is no indicator of the framework.")
        remedy = msg("Add it to the framework, mark it with group: or denominator:, or delete the column.")
        yield places.of(Problem("data_without_indicator", what, remedy, {"code": code}, f"DATA , {code}"))


def bad_denominators(framework: Framework, data: IndicatorData, places: Places) -> Iterator[Problem]:
    """Yield the denominators that the data do not have, and those that are zero in a cell."""
    divided = [node for node in framework.nodes if node.denominator and node.kind == "indicator"]
    for node in divided:
        if node.denominator not in data.denominators:
            what = msg("%(node)s is divided by %(name)s, which the data do not have.")
            remedy = msg("Add the column denominator:%(name)s, or take the denominator out of the framework.")
            words = {"node": node.code, "name": node.denominator}
            yield places.of(Problem("missing_denominator", what, remedy, words, f"META {node.code}"))
    for name in {node.denominator: None for node in divided if node.denominator in data.denominators}:
        for row in np.flatnonzero(data.denominators[name] == 0):
            what = msg("The denominator %(name)s of %(unit)s is zero.")
            remedy = msg("Correct it, or leave the cell empty: what is divided by it is then missing.")
            unit = data.units[row]
            words = {"name": name, "unit": unit}
            yield places.of(Problem("zero_denominator", what, remedy, words, f"DATA {unit}, {name}"))
