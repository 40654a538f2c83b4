"""Tables leave as csv and xlsx: numbers as numbers, text never as a formula, the same bytes for the same rows."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import polars as pl
import xlsxwriter

from qualipolis.lake.cells import SUSPICIOUS, safe_cell
from qualipolis.methods.problems import InputError, Problem, msg

XLSX_ROWS = 1_048_575
XLSX_COLUMNS = 16_384
CELL_CHARS = 32_767
_CREATED = dt.datetime(2000, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SAMPLE = 200
_WIDEST = 60


def write_csv(target: Path | str | IO[bytes], frame: pl.DataFrame, *, bom: bool = True) -> None:
    """Write ``frame`` as UTF-8 csv, with the byte order mark that Excel needs for Chinese unless ``bom`` is False.

    >>> buffer = __import__("io").BytesIO()
    >>> write_csv(buffer, pl.DataFrame({"name": ["=1+1", "质城"], "value": [-3.2, None]}), bom=False)
    >>> buffer.getvalue().decode().splitlines()
    ['name,value', "'=1+1,-3.2", '质城,']
    """
    texts = [name for name, dtype in frame.schema.items() if not _plain(dtype)]
    safe = frame.with_columns(_as_text(name, frame.schema[name]) for name in texts)
    safe = safe.with_columns(_neutral(name) for name in texts)
    safe = safe.rename({name: safe_cell(name) for name in frame.columns if safe_cell(name) != name})
    if isinstance(target, str | Path):
        with Path(target).open("wb") as file:
            safe.write_csv(file, include_bom=bom)
    else:
        safe.write_csv(target, include_bom=bom)


def _plain(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or dtype.is_temporal() or dtype == pl.Boolean


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return column if dtype == pl.String else column.map_elements(str, return_dtype=pl.String)


def _neutral(name: str) -> pl.Expr:
    """Return ``safe_cell`` for a whole column: only the few suspicious cells are looked at one by one."""
    column = pl.col(name)
    safe = column.map_elements(safe_cell, return_dtype=pl.String)
    return pl.when(column.str.contains(SUSPICIOUS).any()).then(safe).otherwise(column).alias(name)


def write_xlsx(
    target: Path | str | IO[bytes],
    sheets: Mapping[str, pl.DataFrame],
    notes: Sequence[str] = (),
    *,
    notes_sheet: str = "说明 Notes",
) -> None:
    """Write one sheet for each frame, then ``notes`` as a sheet of their own, row by row in constant memory.

    Text is always written as text, so a cell that begins with ``=`` stays words. Missing and NaN are blank cells.

    >>> buffer = __import__("io").BytesIO()
    >>> write_xlsx(buffer, {"scores": pl.DataFrame({"unit": ["A"], "score": [93.25]})}, ["90 % intervals"])
    >>> buffer.getvalue()[:2]
    b'PK'
    """
    _check(sheets)
    tables = dict(sheets)
    if notes:
        tables[notes_sheet] = pl.DataFrame({notes_sheet: list(notes)})
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, _OPTIONS)
    book.set_properties({"created": _CREATED})
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for name, frame in zip(sheet_titles(list(tables)), tables.values(), strict=True):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for index, width in enumerate(widths(frame)):
            sheet.set_column(index, index, width)
        for index, title in enumerate(frame.columns):
            sheet.write_string(0, index, clip(title), bold)
        _rows(sheet, frame, [day if dtype == pl.Date else stamp for dtype in frame.dtypes])
    book.close()


def _rows(sheet: Any, frame: pl.DataFrame, formats: Sequence[Any]) -> None:
    """Stream the rows of ``frame`` below the header."""
    columns = zip(frame.get_columns(), formats, strict=True)
    writers = [sheet.write_number if _finite(one) else _writer(sheet, one.dtype, style) for one, style in columns]
    for number, row in enumerate(_iterate(frame), start=1):
        for column, value in enumerate(row):
            if value is not None:
                writers[column](number, column, value)


def _finite(column: pl.Series) -> bool:
    """Tell whether all that stands in a column is floats that a workbook can hold as they are."""
    return column.dtype.is_float() and bool(column.is_finite().all())


def _iterate(frame: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    for part in frame.iter_slices(10_000):
        yield from part.rows()


def _writer(sheet: Any, dtype: pl.DataType, style: Any) -> Callable[[int, int, Any], object]:
    """Return the function that writes one value of ``dtype``."""
    if dtype == pl.Boolean:
        return lambda row, column, value: sheet.write_boolean(row, column, value)
    if dtype.is_integer() or dtype.is_float() or dtype.is_decimal():
        return lambda row, column, value: _number(sheet, row, column, value)
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        return lambda row, column, value: sheet.write_datetime(row, column, _naive(value), style)
    return lambda row, column, value: sheet.write_string(row, column, clip(str(value)))


def _number(sheet: Any, row: int, column: int, value: Any) -> object:
    """Write a number; NaN is blank, and what a spreadsheet cannot hold exactly is written as text."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if math.isinf(value):
            return sheet.write_string(row, column, str(value))
    elif isinstance(value, int) and abs(value) > 2**53:
        return sheet.write_string(row, column, str(value))
    return sheet.write_number(row, column, value)


def _naive(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def clip(text: str) -> str:
    """Return ``text`` at the length a cell can hold, its cut shown."""
    return text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…"


def widths(frame: pl.DataFrame) -> list[float]:
    """Return a width for each column; an East Asian character counts twice.

    >>> widths(pl.DataFrame({"镇街": ["清溪镇"], "n": [1]}))
    [8, 6]
    """
    head = frame.head(_SAMPLE)
    result = []
    for name in frame.columns:
        longest = max((_display(_short(v)) for v in head[name].to_list() if v is not None), default=0)
        result.append(float(min(max(longest, _display(name) + 1, 4) + 2, _WIDEST)))
    return [int(w) if w.is_integer() else w for w in result]


def _short(value: object) -> str:
    return format(value, ".6g") if isinstance(value, float) else str(value)[:_WIDEST]


def _display(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def sheet_titles(names: Sequence[str]) -> list[str]:
    """Return names that a workbook accepts: no forbidden sign, at most 31 characters, no two alike.

    >>> sheet_titles(["a/b", "A:B", ""])
    ['a_b', 'A_B (2)', 'Sheet']
    """
    taken: set[str] = set()
    titles = []
    for name in names:
        base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name).strip("' ")[:31] or "Sheet"
        title, number = base, 1
        while title.casefold() in taken or title.casefold() == "history":
            number += 1
            title = f"{base[:26]} ({number})"
        taken.add(title.casefold())
        titles.append(title)
    return titles


def _check(sheets: Mapping[str, pl.DataFrame]) -> None:
    problems = [
        Problem(
            "sheet_too_large",
            msg("The sheet has %(rows)s rows and %(columns)s columns, more than a workbook can hold."),
            msg("Export it as csv."),
            {"rows": frame.height, "columns": frame.width},
            place=name,
        )
        for name, frame in sheets.items()
        if frame.height > XLSX_ROWS or frame.width > XLSX_COLUMNS
    ]
    if problems:
        raise InputError(problems)
