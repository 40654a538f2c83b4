"""Where the header of a sent table is, and what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import polars as pl

from qualipolis.lake.cells import Place, letter_of
from qualipolis.lake.workbook import Grid
from qualipolis.methods.problems import Problem, msg

LOOKED_AT = 40
_LISTED = 5
_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[+-]?[\d,]*\.?\d+(?:[eE][+-]?\d+)?%?", re.ASCII)


def header_row(rows: Sequence[Sequence[str | None]], skip: frozenset[int] = frozenset()) -> int:
    """Return the index of the first row that looks like a header: most columns filled, mostly words, not merged across.

    Where no row does, the first one is taken for it.

    >>> header_row([["2021", None, None], ["name", "2020", "2021"], ["A", "1", "2.5"]])
    1
    """
    counts = [sum(1 for cell in row if cell) for row in rows]
    usual = max(counts, default=0)
    needed = max(1 if usual <= 1 else 2, math.ceil(0.6 * usual))
    for index, (row, count) in enumerate(zip(rows, counts, strict=True)):
        figures = sum(1 for cell in row if cell and _FIGURE.fullmatch(cell))
        if count >= needed and index not in skip and 2 * figures <= count:
            return index
    return 0


def header_problems(
    frame: pl.DataFrame, rows: pl.Series, letters: Sequence[str], grid: Grid, name: str
) -> tuple[int, list[Problem]]:
    """Return the index of the header in ``frame`` and everything that keeps it from being one."""
    head = frame.head(LOOKED_AT)
    across = _merged_across(head, rows, letters, grid)
    index = header_row(head.rows(), across)
    row = int(rows[index])
    problems = []
    merged = [m for m in grid.merges if m[0] <= row and m[2] >= int(rows[0]) and _holds(m, frame, rows, letters)]
    if merged:
        what = msg("Cells in the header are merged (%(refs)s); row %(row)s looks like the header.")
        remedy = msg("Unmerge them and keep one row with one name in each column; remove the rows above it.")
        params = {"refs": _refs(merged), "row": row}
        problems.append(Problem("merged_header", what, remedy, params, Place(name, grid.sheet, row)))
    elif index > 0:
        what = msg("Row %(row)s looks like the header; the rows above it are a title or notes.")
        remedy = msg("Remove the rows above row %(row)s, so that the table begins with its header.")
        problems.append(Problem("title_rows", what, remedy, {"row": row}, Place(name, grid.sheet, row)))
    below = [m for m in grid.merges if m[0] > row and _holds(m, frame, rows, letters)]
    if below:
        what = msg("Cells are merged (%(refs)s); only the first of them holds the value.")
        remedy = msg("Unmerge them and write the value in every cell.")
        place = Place(name, grid.sheet, below[0][0], letter_of(below[0][1]))
        problems.append(Problem("merged_cells", what, remedy, {"refs": _refs(below)}, place))
    if not problems or index == 0:
        problems += _names(frame.row(index), row, letters, grid.sheet, name)
    return index, problems


def _names(names: Sequence[str | None], row: int, letters: Sequence[str], sheet: str, file: str) -> list[Problem]:
    """Return the problems of blank and repeated column names."""
    problems = []
    seen: dict[str, str] = {}
    for name, letter in zip(names, letters, strict=True):
        place = Place(file, sheet, row, letter)
        if name is None:
            what, remedy = (
                msg("The column has values but no name."),
                msg("Name the column in the header, or delete it."),
            )
            problems.append(Problem("blank_column", what, remedy, place=place))
            continue
        clean = " ".join(name.split())
        if clean in seen:
            what = msg("The column name %(name)s is used twice (columns %(first)s and %(second)s).")
            params = {"name": clean, "first": seen[clean], "second": letter}
            problems.append(Problem("duplicate_column", what, msg("Give each column its own name."), params, place))
        seen.setdefault(clean, letter)
    return problems


def _merged_across(head: pl.DataFrame, rows: pl.Series, letters: Sequence[str], grid: Grid) -> frozenset[int]:
    """Return the rows (indices) that hold a cell merged over several columns."""
    wide = [m for m in grid.merges if m[3] > m[1] and _holds(m, head, rows, letters)]
    return frozenset(i for i, row in enumerate(rows[:LOOKED_AT]) if any(m[0] <= row <= m[2] for m in wide))


def _holds(merge: tuple[int, int, int, int], frame: pl.DataFrame, rows: pl.Series, letters: Sequence[str]) -> bool:
    """Return whether the merged cells carry a value; blank ones say nothing."""
    if letter_of(merge[1]) not in letters:
        return False
    at = rows.search_sorted(merge[0])
    if at >= frame.height or int(rows[at]) != merge[0]:
        return False
    return frame.item(at, letters.index(letter_of(merge[1]))) is not None


def _refs(merges: Sequence[tuple[int, int, int, int]]) -> str:
    found = [f"{letter_of(m[1])}{m[0]}:{letter_of(m[3])}{m[2]}" for m in merges[:_LISTED]]
    return ", ".join(found) + (" …" if len(merges) > _LISTED else "")
