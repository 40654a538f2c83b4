"""Two towns and a park with a handful of records, small enough to count by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from qualipolis.lake.snapshot_sources import SELECTS, schema_of

D = date


def _records(*rows: tuple[str, str, str, date, str, str, str]) -> list[tuple[object, ...]]:
    return [(*row, 1.0) for row in rows]


SAMPLES = _records(
    ("S1", "T1", "E1", D(2021, 3, 1), "random", "pass", ""),
    ("S2", "T1", "E1", D(2021, 3, 2), "random", "pass", ""),
    ("S3", "T1", "E2", D(2021, 3, 3), "random", "fail", "order_due order_in_time review_due review_passed"),
    ("S4", "T1", "E2", D(2021, 3, 4), "random", "voided", ""),
    ("S5", "T1", "E2", D(2021, 4, 4), "risk", "fail", "repeat order_due review_due"),
    ("S6", "T1", "E3", D(2021, 4, 5), "random", "refused", ""),
    ("S7", "T1", "E3", D(2021, 4, 6), "random", "not_sampled", ""),
    ("S8", "T2", "E4", D(2020, 5, 1), "random", "pass", ""),
    ("S9", "T2", "E4", D(2021, 5, 1), "risk", "pass", ""),
)
COMPLAINTS = _records(
    ("C1", "T1", "", D(2021, 1, 5), "quality", "agreed", "in_time mediated"),
    ("C2", "T1", "", D(2021, 1, 6), "quality", "ended", "in_time mediated"),
    ("C3", "T1", "", D(2021, 1, 7), "contract", "refused", "in_time"),
    ("C4", "T1", "", D(2021, 1, 8), "price", "pending", ""),
)
ROWS: dict[str, list[tuple[object, ...]]] = {
    "units": [("T1", "town", "a", 1), ("T2", "town", "a", 1), ("P1", "park", "b", 1)],
    "enterprises": [
        ("E1", "T1", "T1", "", "39", 1, 500, None),
        ("E2", "T1", "T1", "", "39", 1, 300, None),
        ("E3", "T1", "T1", "", "39", 0, 10, None),
        ("E4", "T2", "T2", "", "14", 1, 90, D(2021, 6, 1)),
        ("E5", "T2", "T2", "", "14", 1, 80, None),
    ],
    "institutions": [("N1", "national_centre", "T1"), ("L1", "laboratory", "T1"), ("V1", "provincial_station", "T2")],
    "qualifications": [
        ("N1", "cma", "Q1", D(2015, 1, 1), D(2027, 1, 1)),
        ("N1", "cnas", "Q2", D(2015, 1, 1), None),
        ("L1", "cma", "Q3", D(2015, 1, 1), D(2021, 1, 1)),
        ("V1", "metrology", "Q4", D(2021, 2, 1), None),
    ],
    "quality_officers": [
        ("O1", "E1", "T1", D(2020, 2, 1), None),
        ("O2", "E2", "T1", D(2019, 2, 1), D(2021, 3, 1)),
        ("O3", "E1", "T1", D(2021, 2, 1), None),
    ],
    "samples": SAMPLES,
    "complaints": COMPLAINTS,
    "patents": [("P-T1-2021", "T1", "", D(2021, 12, 31), "", "valid", "", 60.0)],
    "statistics": [
        ("T1", 2020, "population", 20000.0),
        ("T1", 2021, "population", 30000.0),
        ("T2", 2021, "population", 10000.0),
        ("P1", 2021, "population", 0.0),
        ("T1", 2021, "industrial_firms", 50.0),
        ("T2", 2021, "industrial_firms", 40.0),
    ],
    "observations": [],
}


def tables(rows: dict[str, list[tuple[object, ...]]] | None = None) -> Iterator[tuple[str, pa.Table]]:
    """The tiny city as the tables of a snapshot."""
    for name in SELECTS:
        schema = schema_of(name)
        columns = list(zip(*(rows or ROWS)[name], strict=True)) or [()] * len(schema)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        yield name, pa.Table.from_arrays(arrays, schema=schema)
