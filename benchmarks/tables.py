"""Reading and writing a table of 100,000 rows beside openpyxl and the csv module of Python.

Run: .venv/bin/python benchmarks/tables.py [--rows N]
Ours does more when it reads: bounds on size, encoding found, uneven rows and merged heads refused, places kept for
messages. When it writes, text is guarded against being taken for a formula.
"""

from __future__ import annotations

import argparse
import csv
import io
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import openpyxl
import polars as pl

from qualipolis.lake.exports import write_csv, write_xlsx
from qualipolis.lake.tables import read_table

COLUMNS = ("code", "name", "unit", "value", "numerator", "denominator")


def table(rows: int) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    return pl.DataFrame(
        {
            "code": [f"K{n:06d}" for n in range(rows)],
            "name": [f"第{n}号企业" for n in range(rows)],
            "unit": [f"4419{n % 36:05d}" for n in range(rows)],
            "value": rng.normal(90, 5, rows),
            "numerator": rng.integers(0, 500, rows),
            "denominator": rng.integers(500, 1000, rows),
        }
    )


def clock(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return CPU seconds and what came out."""
    begun = time.process_time()
    out = work()
    return time.process_time() - begun, out


def openpyxl_write(frame: pl.DataFrame) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("rows")
    sheet.append(frame.columns)
    for row in frame.iter_rows():
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def openpyxl_read(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


def plain_write(frame: pl.DataFrame) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(frame.columns)
    writer.writerows(frame.iter_rows())
    return out.getvalue().encode("utf-8-sig")


def plain_read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def ours_xlsx(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, {"rows": frame})
    return out.getvalue()


def ours_csv(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    write_csv(out, frame)
    return out.getvalue()


def line(what: str, ours: float, theirs: float, whose: str) -> None:
    print(f"{what:<14} {ours:9.2f} {theirs:9.2f} {theirs / ours:8.1f}x  {whose}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    frame = table(rows)
    print(f"{rows:,} rows x {frame.width} columns, CPU seconds")
    print(f"{'':<14} {'ours':>9} {'theirs':>9} {'ratio':>9}")
    (mine, book), (theirs, _) = clock(lambda: ours_xlsx(frame)), clock(lambda: openpyxl_write(frame))
    line("write xlsx", mine, theirs, "openpyxl, write-only")
    (mine, read), (theirs, _) = (
        clock(lambda: read_table(book, name="rows.xlsx")),
        clock(lambda: openpyxl_read(book)),
    )
    line("read xlsx", mine, theirs, "openpyxl, read-only")
    (mine, text), (theirs, _) = clock(lambda: ours_csv(frame)), clock(lambda: plain_write(frame))
    line("write csv", mine, theirs, "csv.writer")
    (mine, again), (theirs, _) = (
        clock(lambda: read_table(text, name="rows.csv")),
        clock(lambda: plain_read(text)),
    )
    line("read csv", mine, theirs, "csv.reader, nothing checked")
    assert read.frame.height == again.frame.height == rows


if __name__ == "__main__":
    main()
