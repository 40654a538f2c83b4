"""The cells of a list of scope lines as they were sent: merged cells filled, rows with their places, nothing judged yet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from qualipolis.lake.cells import BLANKS, Place, letter_of
from qualipolis.lake.encodings import WRONG_KINDS, Limits, decode, kind_of, load
from qualipolis.lake.tables import TEXT_NAMES, sniff
from qualipolis.lake.workbook import Grid, open_workbook, too_large
from qualipolis.methods.problems import InputError, Problem, msg

_DEFAULT = Limits()


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells as trimmed text (empty where blank), the number of each row, the letter of each column."""

    title: str
    rows: list[tuple[str, ...]]
    numbers: list[int]
    letters: tuple[str, ...]
    wide: frozenset[int]
    problems: tuple[Problem, ...] = ()


def sheets(source: Path | bytes, name: str = "", limits: Limits = _DEFAULT) -> list[Sheet]:
    """Return the visible sheets of an .xlsx file, or the one table of a text file.

    A cell merged over several rows stands in each of them, one merged over several columns in each; the rows of
    ``wide`` (places in ``rows``) hold one cell merged across.

    Raises
    ------
    InputError
        The file is not what its name says, too large, unsafe or damaged.
    """
    called = name or (source.name if isinstance(source, Path) else "table")
    data = load(source, called, limits)
    ending, kind = Path(called.lower()).suffix, kind_of(data)
    if ending == ".xlsx" and kind == "zip":
        book = open_workbook(data, called, limits)
        return [_sheet(book.grid(title)) for title in book.sheets]
    if ending in TEXT_NAMES and kind in ("text", "binary"):
        return [_text(data, called, limits)]
    what = WRONG_KINDS.get(kind) if ending == ".xlsx" or ending in TEXT_NAMES else None
    remedy = msg("Send an .xlsx or .csv file.")
    problem = Problem("wrong_type", what or msg("Files of this kind are not read."), remedy, {"ending": ending}, called)
    raise InputError([problem])


def _sheet(grid: Grid) -> Sheet:
    frame, first = grid.frame, grid.first_column
    cells = [list(row) for row in frame.select(pl.all().str.strip_chars(BLANKS).fill_null("")).iter_rows()]
    width = frame.width
    wide = set()
    for top, left, bottom, right in grid.merges:
        low, high = max(left - first, 0), min(right - first, width - 1)
        if not (1 <= top <= len(cells)) or low > high:
            continue
        value = cells[top - 1][low]
        if high - low + 1 >= max(3, width - 2) and value:
            wide.add(top - 1)
        for row in range(top - 1, min(bottom, len(cells))):
            cells[row][low : high + 1] = [value] * (high - low + 1)
    letters = tuple(letter_of(first + at) for at in range(width))
    rows = [tuple(row) for row in cells]
    return Sheet(grid.sheet, rows, list(range(1, len(rows) + 1)), letters, frozenset(wide), grid.problems)


def _text(data: bytes, name: str, limits: Limits) -> Sheet:
    text, _ = decode(data, name)
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=sniff(text), strict=True)
        for row in reader:
            if len(rows) >= limits.rows or len(row) > limits.columns or len(row) * len(rows) > limits.cells:
                raise InputError([too_large(name, "", len(rows), len(row), limits)])
            rows.append([cell.strip(BLANKS) for cell in row])
            numbers.append(len(rows))
    except csv.Error as error:
        what = msg("The table cannot be read after row %(row)s.")
        remedy = msg("Look for a quotation mark that is opened and not closed, and save the file again as CSV UTF-8.")
        raise InputError([Problem("broken_csv", what, remedy, {"row": len(rows)}, Place(name))]) from error
    width = max(map(len, rows), default=0)
    padded = [tuple(row + [""] * (width - len(row))) for row in rows]
    return Sheet("", padded, numbers, tuple(letter_of(at) for at in range(width)), frozenset())
