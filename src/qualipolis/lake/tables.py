"""Tables that offices and factories send, read with bounds, and tables that leave.

A file is taken for what its bytes are. Cells stay text: what a number or a date is, the reader of the table decides
and can say where it stands (``Table.place``). Everything wrong with a file is reported at once in an ``InputError``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path

import polars as pl

from qualipolis.lake.cells import BLANKS, MISSING, Place, index_of, letter_of, number, safe_cell
from qualipolis.lake.encodings import WRONG_KINDS, Limits, decode, kind_of, load
from qualipolis.lake.exports import write_csv, write_xlsx
from qualipolis.lake.headers import LOOKED_AT, header_problems, header_row
from qualipolis.lake.workbook import Grid, Workbook, open_workbook, too_large
from qualipolis.methods.problems import InputError, Problem, msg

__all__ = [
    "MISSING",
    "Limits",
    "Place",
    "Table",
    "index_of",
    "letter_of",
    "number",
    "numbers",
    "read_sheets",
    "read_table",
    "safe_cell",
    "sheet_names",
    "write_csv",
    "write_xlsx",
]

TEXT_NAMES = (".csv", ".tsv", ".txt")
DELIMITERS = (",", ";", "\t")
LISTED = 200
_DEFAULT = Limits()


@dataclass(frozen=True)
class Table:
    """One table as it was sent: every cell trimmed text or null, and the place of each in its file.

    Parameters
    ----------
    name : file name, as the sender knows it
    sheet : sheet title, empty for csv
    columns : column names in order
    frame : one string column for each name; rows that were blank are left out
    header_row : row number of the header, as a spreadsheet program shows it
    rows : row number of each row of ``frame``
    letters : spreadsheet letter of each column
    """

    name: str
    sheet: str
    columns: tuple[str, ...]
    frame: pl.DataFrame
    header_row: int
    rows: pl.Series = field(repr=False)
    letters: tuple[str, ...] = field(repr=False)

    def place(self, row_index: int | None = None, column: str = "") -> Place:
        """Return where a row or cell stands, for example ``towns.xlsx, sheet 企业, row 7, column C (信用代码)``."""
        row = None if row_index is None else int(self.rows[row_index])
        letter = self.letters[self.columns.index(column)] if column in self.columns else ""
        return Place(self.name, self.sheet, row, letter, column if letter else "")

    def head(self, column: str) -> Place:
        """Return where the name of ``column`` stands."""
        return Place(self.name, self.sheet, self.header_row, self.letters[self.columns.index(column)], column)

    def __len__(self) -> int:
        return self.frame.height


def read_table(source: Path | bytes, *, name: str = "", sheet: str | None = None, limits: Limits = _DEFAULT) -> Table:
    """Read one table from csv (UTF-8, GB18030, UTF-16 with mark) or xlsx; ``sheet`` is the first one unless named.

    >>> table = read_table("代码,名称\\nA,甲镇\\nB,　乙镇 \\n".encode("gb18030"), name="towns.csv")
    >>> table.columns, table.frame["名称"].to_list(), str(table.place(1, "名称"))
    (('代码', '名称'), ['甲镇', '乙镇'], 'towns.csv, row 3, column B (名称)')
    """
    opened = _open(source, name, limits)
    if isinstance(opened, Grid):
        return _table(opened, _called(source, name), limits)
    if sheet is None:
        sheet = next(iter(opened.sheets), "")
    return _table(_sheet(opened, sheet), opened.name, limits)


def read_sheets(
    source: Path | bytes, *, name: str = "", sheets: Sequence[str] | None = None, limits: Limits = _DEFAULT
) -> dict[str, Table]:
    """Read the visible sheets that hold something, or those named; a csv is one sheet with an empty title."""
    opened = _open(source, name, limits)
    if isinstance(opened, Grid):
        return {"": _table(opened, _called(source, name), limits)}
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for title in opened.sheets if sheets is None else sheets:
        try:
            grid = _sheet(opened, title)
            if sheets is not None or not grid.frame.is_empty():
                tables[title] = _table(grid, opened.name, limits)
        except InputError as error:
            problems += error.problems
    if not tables and not problems:
        problems.append(_empty(opened.name))
    if problems:
        raise InputError(problems)
    return tables


def sheet_names(source: Path | bytes, *, name: str = "", limits: Limits = _DEFAULT) -> tuple[str, ...]:
    """Return the titles of the visible sheets; a csv has one, empty."""
    opened = _open(source, name, limits)
    return ("",) if isinstance(opened, Grid) else tuple(opened.sheets)


def numbers(table: Table, column: str, *, percent: bool = False) -> tuple[pl.Series, list[Problem]]:
    """Return ``column`` as numbers (missing is null) and a problem with its place for every cell that is none.

    >>> table = read_table(b"code,value\\nA,1\\nB,12a\\nC,\\n", name="x.csv")
    >>> values, problems = numbers(table, "value")
    >>> values.to_list(), str(problems[0].place)
    ([1.0, None, None], 'x.csv, row 3, column B (value)')
    """
    values: list[float | None] = []
    problems: list[Problem] = []
    for index, text in enumerate(table.frame[column].to_list()):
        try:
            values.append(number(text, percent=percent))
        except InputError as error:
            values.append(None)
            first = error.problems[0]
            where = table.place(index, column)
            problems.append(Problem(first.code, first.what, first.remedy, first.params, where))
    return pl.Series(column, values, dtype=pl.Float64), problems


def _called(source: Path | bytes, name: str) -> str:
    return name or (source.name if isinstance(source, Path) else "table")


def _open(source: Path | bytes, name: str, limits: Limits) -> Grid | Workbook:
    """Return the grid of a text file or a checked workbook; a file that is not what its name says is refused."""
    name = _called(source, name)
    data = load(source, name, limits)
    kind = kind_of(data)
    ending = Path(name.lower()).suffix
    if ending == ".xlsx" and kind == "zip":
        return open_workbook(data, name, limits)
    if ending in TEXT_NAMES and kind in ("text", "binary"):
        return _text_grid(data, name, limits)
    if ending == ".xlsx" or ending in TEXT_NAMES:
        remedy = msg("Open it in a spreadsheet program and save it as .xlsx or as CSV UTF-8.")
        raise InputError([Problem("wrong_type", WRONG_KINDS[kind], remedy, {"ending": ending}, place=Place(name))])
    what, remedy = msg("Files of this kind are not read."), msg("Send an .xlsx or .csv file.")
    raise InputError([Problem("unknown_type", what, remedy, place=Place(name))])


def _sheet(book: Workbook, title: str) -> Grid:
    if title in book.sheets:
        return book.grid(title)
    if not book.sheets:
        raise InputError([_empty(book.name)])
    what = msg("There is no sheet called %(sheet)s; the workbook has: %(sheets)s.")
    params = {"sheet": title, "sheets": ", ".join(book.sheets)}
    raise InputError([Problem("no_sheet", what, msg("Name one of these sheets."), params, place=Place(book.name))])


def _empty(name: str) -> Problem:
    what, remedy = msg("The file is empty."), msg("Send the file again after saving it with its rows.")
    return Problem("empty_file", what, remedy, place=Place(name))


def _text_grid(data: bytes, name: str, limits: Limits) -> Grid:
    """Read delimited text into a grid; rows shorter or longer than the header are reported, never shifted."""
    text, _ = decode(data, name)
    rows: list[list[str]] = []
    places: list[int] = []
    cells = wide = 0
    try:
        for index, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=sniff(text), strict=True), start=1
        ):
            cells, wide = cells + len(row), max(wide, len(row))
            if len(rows) > limits.rows or wide > limits.columns or cells > limits.cells:
                raise InputError([too_large(name, "", index, wide, limits)])
            if any(cell.strip(BLANKS) for cell in row):
                rows.append(row)
                places.append(index)
    except csv.Error as error:
        what = msg("The table cannot be read after row %(row)s.")
        remedy = msg("Look for a quotation mark that is opened and not closed, and save the file again as CSV UTF-8.")
        params = {"row": places[-1] if places else 0, "reason": str(error)}
        raise InputError([Problem("broken_csv", what, remedy, params, place=Place(name))]) from error
    start, width = _shape(rows)
    columns = [pl.Series(f"c{i}", c, dtype=pl.String) for i, c in enumerate(islice(zip_longest(*rows), width))]
    problems = tuple(_uneven(rows[start:], places[start:], width, name))
    return Grid("", pl.DataFrame(columns), 0, pl.Series("row", places, dtype=pl.UInt32), (), problems)


def _shape(rows: list[list[str]]) -> tuple[int, int]:
    """Return the index of the header and the number of cells that it, or most rows below it, have."""
    start = header_row([[c.strip(BLANKS) for c in row] for row in rows[:LOOKED_AT]])
    counts = Counter(len(row) for row in rows[start + 1 :])
    usual = counts.most_common(1)[0][0] if len(counts) == 1 else 0
    return start, max(len(rows[start]) if rows else 0, usual)


def sniff(text: str) -> str:
    """Return the delimiter that splits the first rows most evenly.

    >>> sniff("a;b;c\\n1,5;2;3\\n"), sniff("a\\tb\\n1\\t2\\n"), sniff("one column\\n")
    (';', '\\t', ',')
    """
    sample = text[:20_000].splitlines(keepends=True)[:50]
    best, score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        found = (widths.count(usual) / max(len(widths), 1), usual) if usual > 1 else (0.0, 0)
        if found > score:
            best, score = delimiter, found
    return best


def _uneven(rows: list[list[str]], places: list[int], width: int, name: str) -> list[Problem]:
    """Return a problem for each row below the header that has not ``width`` cells."""
    what = msg("The row has %(count)s cells, the header has %(expected)s.")
    remedy = msg("Put a text that holds the separator between quotation marks, or complete the row.")
    found = []
    for row, place in zip(rows[1:], places[1:], strict=True):
        if len(row) < width or any(cell.strip(BLANKS) for cell in row[width:]):
            params = {"count": len(row), "expected": width}
            found.append(Problem("uneven_row", what, remedy, params, Place(name, "", place)))
    if len(found) <= LISTED:
        return found
    more = {"count": len(found) - LISTED}
    return [*found[:LISTED], Problem("more", msg("%(count)s more rows have the same problem."), "", more, Place(name))]


def _table(grid: Grid, name: str, limits: Limits) -> Table:
    """Find the header, check it, and return the rows below it."""
    if grid.frame.is_empty():
        raise InputError([_empty(name)])
    frame = grid.frame.select(pl.all().str.strip_chars(BLANKS).replace("", None))
    filled = ~pl.all_horizontal(pl.all().is_null())
    rows = grid.rows.filter(frame.select(filled.alias("f"))["f"])
    frame = frame.filter(filled)
    if frame.is_empty():
        raise InputError([_empty(name)])
    used = [i for i, c in enumerate(frame.columns) if frame[c].null_count() < frame.height]
    frame = frame.select(frame.columns[i] for i in used)
    letters = tuple(letter_of(grid.first_column + i) for i in used)
    head, problems = header_problems(frame, rows, letters, grid, name)
    problems += grid.problems
    if frame.height == head + 1:
        what, remedy = msg("There is a header but no row below it."), msg("Add the rows and send the file again.")
        problems.append(Problem("no_rows", what, remedy, place=Place(name, grid.sheet)))
    if any(p.severity == "error" for p in problems):
        raise InputError(problems)
    columns = tuple(" ".join(str(v).split()) for v in frame.row(head))
    body = frame[head + 1 :]
    body.columns = list(columns)
    return Table(name, grid.sheet, columns, body, int(rows[head]), rows[head + 1 :], letters)
