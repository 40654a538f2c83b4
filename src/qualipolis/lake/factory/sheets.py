"""The cells of a text file or of a sheet as one frame of texts, read within bounds."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from itertools import islice

import polars as pl

from qualipolis.lake.cells import BLANKS, Place, letter_of
from qualipolis.lake.encodings import Limits
from qualipolis.lake.tables import sniff
from qualipolis.lake.workbook import Grid, Workbook, too_large
from qualipolis.methods.problems import InputError, Problem, msg

HEAD = 60
AT_ONCE = 4 << 20
ROW_BY_ROW = 6_000_000


@dataclass(frozen=True, eq=False)
class Sheet:
    """All cells as text: ``frame`` with the header rows in it, the number of each row, and the first rows as lists."""

    file: str
    title: str
    frame: pl.DataFrame = field(repr=False)
    rows: pl.Series = field(repr=False)
    first_column: int = 0
    merges: tuple[tuple[int, int, int, int], ...] = ()
    delimiter: str = ""

    @property
    def head(self) -> list[list[str]]:
        """The first rows, blanks taken off; what a merged cell says stands in all its cells."""
        cells = [[(c or "").strip(BLANKS) for c in row] for row in self.frame.head(HEAD).rows()]
        at = {int(number): i for i, number in enumerate(self.rows.head(HEAD))}
        width = self.frame.width
        for top, left, bottom, right in self.merges:
            row, column = at.get(top), left - self.first_column
            if row is None or not 0 <= column < width or bottom - top > HEAD:
                continue
            text = cells[row][column]
            for number in range(top, bottom + 1):
                for c in range(column, min(right - self.first_column + 1, width)):
                    if number in at and text:
                        cells[at[number]][c] = text
        return cells

    def place(self, row: int | None = None, column: int | None = None, name: str = "") -> Place:
        """Return the place of a row of ``frame`` and a column."""
        letter = "" if column is None else letter_of(self.first_column + column)
        return Place(self.file, self.title, None if row is None else int(self.rows[row]), letter, name)


def sheet_of_text(text: str, name: str, limits: Limits, data: bytes | None = None) -> Sheet:
    """Return a delimited text; a large and regular one is read at once, any other row by row.

    ``data`` is the same text in UTF-8, where that is at hand.
    """
    delimiter = sniff(text)
    sample = list(islice(csv.reader(io.StringIO(text[: 1 << 16], newline=""), delimiter=delimiter), HEAD))
    width = max((len(row) for row in sample[:-1]), default=0)
    if len(text) > AT_ONCE and width and '"' not in text and "\n\n" not in text and "\n\r\n" not in text:
        if text.count("\n") * width > limits.cells or text.count("\n") > limits.rows:
            raise InputError([too_large(name, "", text.count("\n"), width, limits)])
        frame = (
            _at_once(data or text.encode("utf-8"), delimiter, width, text.count("\n") + (not text.endswith("\n")))
            if all(len(row) == width for row in sample[:-1])
            else None
        )
        if frame is not None:
            rows = pl.int_range(1, frame.height + 1, eager=True, dtype=pl.UInt32)
            return Sheet(name, "", frame, rows, delimiter=delimiter)
    return _row_by_row(text, delimiter, name, limits)


def _at_once(data: bytes, delimiter: str, width: int, expected: int) -> pl.DataFrame | None:
    """Return all columns as text, or None when the rows are not as regular as the first ones."""
    try:
        frame = pl.read_csv(data, has_header=False, separator=delimiter, quote_char=None, infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.width == width and frame.height == expected else None


def _row_by_row(text: str, delimiter: str, name: str, limits: Limits) -> Sheet:
    rows: list[list[str]] = []
    places: list[int] = []
    cells = wide = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            cells, wide = cells + len(row), max(wide, len(row))
            if wide > limits.columns or max(cells, wide * len(rows)) > min(limits.cells, ROW_BY_ROW):
                raise InputError([too_large(name, "", number, wide, limits)])
            if any(cell.strip(BLANKS) for cell in row):
                rows.append(row)
                places.append(number)
    except csv.Error:
        what = msg("The table cannot be read after row %(row)s.")
        remedy = msg("Look for a quotation mark that is opened and not closed, and save the file again as CSV UTF-8.")
        params = {"row": places[-1] if places else 0}
        raise InputError([Problem("broken_csv", what, remedy, params, place=Place(name))]) from None
    wide = max((len(row) for row in rows), default=0)
    columns = [pl.Series(f"c{i}", [r[i] if i < len(r) else None for r in rows], dtype=pl.String) for i in range(wide)]
    return Sheet(name, "", pl.DataFrame(columns), pl.Series("row", places, dtype=pl.UInt32), delimiter=delimiter)


def sheet_of_book(book: Workbook, title: str | None) -> tuple[Sheet, tuple[str, ...]]:
    """Return the sheet that was asked for or the first that holds something, and the titles of the others."""
    if title is not None and title not in book.sheets:
        what = msg("There is no sheet called %(sheet)s; the workbook has: %(sheets)s.")
        params = {"sheet": title, "sheets": ", ".join(book.sheets)}
        raise InputError([Problem("no_sheet", what, msg("Name one of these sheets."), params, place=Place(book.name))])
    for candidate in book.sheets if title is None else (title,):
        grid = book.grid(candidate)
        if not grid.frame.is_empty():
            return _of_grid(grid, book.name), tuple(t for t in book.sheets if t != candidate)
    what, remedy = msg("The file is empty."), msg("Send the file again after saving it with its rows.")
    raise InputError([Problem("empty_file", what, remedy, place=Place(book.name))])


def _of_grid(grid: Grid, name: str) -> Sheet:
    if any(p.severity == "error" for p in grid.problems):
        raise InputError(grid.problems)
    filled = ~grid.frame.select(pl.all_horizontal(pl.all().is_null()).alias("f"))["f"]
    return Sheet(name, grid.sheet, grid.frame.filter(filled), grid.rows.filter(filled), grid.first_column, grid.merges)
