"""Long and plain tables read piece by piece: one column of values, alone or beside the name of the characteristic.

A plant's file of ten million values has a dull layout. Its head is understood as that of any table; then the rows go
straight into one array of numbers, a few megabytes at a time, and the hash is taken beside it. Whatever is not plain (a
quotation mark, a word among the numbers, a blank line, a decimal mark that could be either) is left to the reader that
knows everything and reports every cell: nothing is read differently here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qualipolis.lake.cells import BLANKS
from qualipolis.lake.factory.bounds import Asked, Bounds
from qualipolis.lake.factory.layout import Layout, layout_of
from qualipolis.lake.factory.measurements import Characteristic, Measurements, Origin, Readings, read_note
from qualipolis.lake.factory.sheets import Sheet, sheet_of_text
from qualipolis.lake.factory.table import Work
from qualipolis.lake.factory.table_notes import notes
from qualipolis.methods.problems import InputError, msg

LARGE = 8 << 20  # bytes from which reading piece by piece pays
SAMPLE, BLOCK = 256 << 10, 4 << 20
MISSING = ["", "*", "NA", "N/A", "n/a", "nan", "NaN", "null"]


@dataclass(frozen=True)
class Plain:
    """A layout that can be streamed: where values and names stand, and the decimal mark."""

    sheet: Sheet
    layout: Layout
    value: int
    name: int | None
    decimal: str

    @property
    def width(self) -> int:
        """How many columns there are."""
        return 1 if self.name is None else 2


def read_streamed(
    source: Path | bytes, called: str, asked: Asked, bounds: Bounds, large: int = LARGE
) -> Measurements | None:
    """Return what a long plain table says, or None when it is not one: then the usual reader takes it."""
    if not isinstance(source, Path) or not source.is_file() or asked.encoding or asked.sheet is not None:
        return None
    size = source.stat().st_size
    plain = _plain(source, called, asked, bounds) if large <= size <= bounds.table.bytes else None
    if plain is None:
        return None
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(_hash, source)
        read = _columns(source, plain, size, bounds)
        sha256 = digest.result()
    if read is None:
        return None
    origin = Origin(called, "table", size, "utf-8", sha256)
    found = _characteristics(plain, called, *read)
    body = pl.DataFrame({"": pl.Series("", [None], dtype=pl.Null).new_from_index(0, len(read[0]))})
    work = Work(plain.sheet, plain.layout, body, np.zeros(0, dtype=np.intp), asked, plain.decimal)
    told = notes(work, found, ())
    encoding = read_note(msg("The encoding of the text is %(encoding)s."), encoding="utf-8")
    return Measurements(origin, found, (), (*told[:1], encoding, *told[1:]), ())


def _plain(source: Path, called: str, asked: Asked, bounds: Bounds) -> Plain | None:
    """Return the layout of the head when it is a plain one in UTF-8."""
    with source.open("rb") as file:
        head = file.read(SAMPLE)
    head = head[: head.rfind(b"\n") + 1]
    if (
        not head
        or b'"' in head
        or b"\x00" in head
        or head.startswith((b"PK", b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    ):
        return None
    try:
        text = head.decode("utf-8")
        sheet = sheet_of_text(text, called, bounds.table)
        layout = layout_of(sheet, asked.layout)
    except (UnicodeDecodeError, InputError):
        return None
    roles = set(layout.roles) - {"characteristic"}
    first = 0 if layout.header is None else layout.header + 1
    odd = roles or layout.said or layout.said_columns or layout.left_rows or layout.others or layout.left_columns
    if odd or layout.start != first or first > 1 or len(layout.series) != 1 or len(layout.series[0].columns) != 1:
        return None
    name, value = layout.roles.get("characteristic"), layout.series[0].columns[0]
    if (
        sheet.frame.width != (1 if name is None else 2)
        or int(sheet.rows[0]) != 1
        or sheet.frame.height != text.count("\n")
    ):
        return None
    decimal = _decimal(sheet, layout.start, value, asked.decimal)
    return None if decimal is None else Plain(sheet, layout, value, name, decimal)


def _decimal(sheet: Sheet, start: int, column: int, asked: str) -> str | None:
    """Return the decimal mark where the sample leaves no doubt."""
    cells = sheet.frame.to_series(column)[start:].drop_nulls()
    commas, points = (bool(cells.str.contains(mark, literal=True).any()) for mark in (",", "."))
    if commas and points:
        return None
    if commas:
        return "," if asked == "," or (not asked and sheet.delimiter == ";") else None
    return "." if asked in ("", ".") else None


def _hash(source: Path) -> str:
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _columns(
    source: Path, plain: Plain, size: int, bounds: Bounds
) -> tuple[NDArray[np.float64], NDArray[np.int32] | None, list[str]] | None:
    """Return all values, the number of the name of each, and the names; None when a cell is not plain."""
    import pyarrow as pa

    lines = max(1, plain.sheet.frame.height)
    room = int(1.2 * size * lines / min(SAMPLE, size)) + 1024
    value = np.empty(min(room, bounds.table.rows + 1))
    codes = np.empty(len(value), dtype=np.int32) if plain.name is not None else None
    known: dict[str, int] = {}
    n = 0
    try:
        for batch in _batches(source, plain):
            numbers = batch.column(plain.value)
            if n + len(numbers) > bounds.table.rows or (plain.name is None and numbers.null_count):
                return None
            if n + len(numbers) > len(value):
                value = np.concatenate([value, np.empty(len(value))])
                codes = None if codes is None else np.concatenate([codes, np.empty(len(codes), dtype=np.int32)])
            value[n : n + len(numbers)] = numbers.to_numpy(zero_copy_only=False)
            if codes is not None and not _named(batch.column(plain.name or 0), codes[n : n + len(numbers)], known):
                return None
            n += len(numbers)
    except pa.ArrowInvalid:
        return None
    if not n or len(known) > bounds.characteristics or np.isinf(value[:n]).any():
        return None
    return value[:n], None if codes is None else codes[:n], list(known)


def _batches(source: Path, plain: Plain) -> Iterator:
    """Yield the rows below the head in pieces of a few megabytes."""
    import pyarrow as pa
    import pyarrow.csv as reader

    names = [f"c{i}" for i in range(plain.width)]
    kinds = {f"c{plain.value}": pa.float64()}
    if plain.name is not None:
        kinds[f"c{plain.name}"] = pa.dictionary(pa.int32(), pa.string())
    return reader.open_csv(
        source,
        reader.ReadOptions(use_threads=True, block_size=BLOCK, skip_rows=plain.layout.start, column_names=names),
        reader.ParseOptions(delimiter=plain.sheet.delimiter, quote_char=False, ignore_empty_lines=False),
        reader.ConvertOptions(
            column_types=kinds, null_values=MISSING, strings_can_be_null=False, decimal_point=plain.decimal
        ),
    )


def _named(column: object, into: NDArray[np.int32], known: dict[str, int]) -> bool:
    """Write the number of each name; False where a row has none."""
    texts = [text.strip(BLANKS) for text in column.dictionary.to_pylist()]  # type: ignore[attr-defined]
    if column.null_count or not all(texts):  # type: ignore[attr-defined]
        return False
    numbers = np.array([known.setdefault(text, len(known)) for text in texts], dtype=np.int32)
    into[:] = numbers[column.indices.to_numpy()]  # type: ignore[attr-defined]
    return True


def _characteristics(
    plain: Plain, called: str, value: NDArray[np.float64], codes: NDArray[np.int32] | None, names: list[str]
) -> tuple[Characteristic, ...]:
    series, first = plain.layout.series[0], plain.layout.start + 1
    rows = np.arange(first, first + len(value), dtype=np.int32)
    if codes is None:
        return (
            Characteristic("1", series.name or PurePath(called).stem, series.unit, readings=_readings(value, rows)),
        )
    if np.any(
        codes[1:] < codes[:-1]
    ):  # names come in turn: bring each characteristic together, in the order of the file
        order = np.argsort(codes, kind="stable").astype(np.int32)
        value, rows, codes = value[order], rows[order], codes[order]
    ends = np.searchsorted(codes, np.arange(len(names) + 1, dtype=np.int32))
    return tuple(
        Characteristic(str(i + 1), name, series.unit, readings=_readings(value[ends[i] : ends[i + 1]], rows[ends[i] : ends[i + 1]]))
        for i, name in enumerate(names)
    )  # fmt: skip


def _readings(value: NDArray[np.float64], rows: NDArray[np.int32]) -> Readings:
    whole = not np.isnan(value.sum())
    valid = np.broadcast_to(np.True_, value.shape) if whole else ~np.isnan(value)
    return Readings(value, np.broadcast_to(np.int8(0), value.shape), valid, rows)
