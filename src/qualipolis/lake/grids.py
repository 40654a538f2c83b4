"""A table as rows of cells that know where they stand in their file, and which sheet of a workbook is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from qualipolis.lake.cells import Place, safe_cell
from qualipolis.lake.encodings import load
from qualipolis.lake.tables import Limits, Table, read_table, sheet_names
from qualipolis.methods.problems import InputError, Problem, msg

MOST_SHEETS = 30


@dataclass(frozen=True)
class Source:
    """A file that was handed over: its name, its bytes, and the sheet that is meant (``None``: found by its columns)."""

    name: str
    content: bytes = field(repr=False)
    sheet: str | None = None


Given = Source | Path | str
"""What a table may be given as: a path, or a file that was handed over."""


def source_of(given: Given, limits: Limits | None = None, sheet: str | None = None) -> Source:
    """Return what was given as a file with its bytes, its size checked before it is read.

    Raises InputError when it cannot be read, or is empty or too large.
    """
    if isinstance(given, Source):
        return given
    path = Path(given)
    try:
        return Source(path.name, load(path, path.name, limits or Limits()), sheet)
    except OSError as error:
        what, remedy = msg("The file cannot be read: %(why)s."), msg("Check its name and permissions.")
        words = {"why": error.strerror or type(error).__name__}
        raise InputError([Problem("unreadable", what, remedy, words, place=path.name)]) from None


@dataclass(frozen=True)
class Grid:
    """One table: its column names with their letters, its rows, and the number each row has in the file.

    >>> grid = grid_of(read_table(b"code,parent\\na,X\\n'=b,\\n", name="meta.csv"))
    >>> grid.rows, str(grid.place(0, 1)), str(grid.place_of(2)), str(grid.place(column=0))
    ((('a', 'X'), ('=b', '')), 'meta.csv, row 2, column B (parent)', 'meta.csv, row 2', 'meta.csv, column A (code)')
    """

    file: str
    sheet: str
    headers: tuple[str, ...]
    letters: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    def number(self, row: int) -> int:
        """Return the number that ``row`` has in the file."""
        return self.numbers[row]

    def place_of(self, number: int) -> Place:
        """Return the place of the row with this number in the file."""
        return Place(self.file, self.sheet, number)

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Return the place as file, sheet, row and column, as far as they are given."""
        letter, header = ("", "") if column is None else (self.letters[column], self.headers[column])
        return Place(self.file, self.sheet, None if row is None else self.numbers[row], letter, header)


def grid_of(table: Table) -> Grid:
    """Return a table as a grid; the quote that guards an exported text from being a formula is taken off again."""
    rows = tuple(tuple(unguarded(cell or "") for cell in row) for row in table.frame.rows())
    headers = tuple(unguarded(column) for column in table.columns)
    return Grid(table.name, table.sheet, headers, table.letters, rows, tuple(table.rows.to_list()))


def unguarded(text: str) -> str:
    """Return ``text`` as it was before :func:`~qualipolis.lake.cells.safe_cell`.

    >>> unguarded("'=1+1"), unguarded("'t Zand"), unguarded("-3")
    ('=1+1', "'t Zand", '-3')
    """
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def open_grid(
    source: Source, fits: Callable[[tuple[str, ...]], bool], option: str, limits: Limits | None = None
) -> Grid:
    """Return the table of ``source``: the sheet it names, or the one sheet whose columns fit.

    Raises
    ------
    InputError
        the file cannot be read, or several sheets fit; ``option`` is how to name one
    """
    bounds = limits or Limits()
    if source.sheet is not None:
        return grid_of(read_table(source.content, name=source.name, sheet=source.sheet, limits=bounds))
    titles = sheet_names(source.content, name=source.name, limits=bounds)
    if len(titles) < 2:
        return grid_of(read_table(source.content, name=source.name, limits=bounds))
    return fitting(source, titles[:MOST_SHEETS], fits, option, bounds)


def fitting(
    source: Source, titles: tuple[str, ...], fits: Callable[[tuple[str, ...]], bool], option: str, bounds: Limits
) -> Grid:
    """Return the one sheet whose columns fit; a sheet that cannot be read only counts when no other fits."""
    found: list[Grid] = []
    problems: list[Problem] = []
    for title in titles:
        try:
            grid = grid_of(read_table(source.content, name=source.name, sheet=title, limits=bounds))
        except InputError as error:
            problems += error.problems
            continue
        if fits(grid.headers):
            found.append(grid)
    if len(found) == 1:
        return found[0]
    if not found and problems:
        raise InputError(problems)
    words = {"sheets": ", ".join(grid.sheet for grid in found) or ", ".join(titles), "option": option}
    what = (
        msg("More than one sheet could be meant: %(sheets)s.") if found else msg("None of the sheets fits: %(sheets)s.")
    )
    remedy = msg("Name the sheet with %(option)s; see the documentation for the columns.")
    raise InputError([Problem("which_sheet", what, remedy, words, Place(source.name))])
