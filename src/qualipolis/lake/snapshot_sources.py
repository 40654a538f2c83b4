"""Where a snapshot comes from: one SELECT for each table, the same for SQLite and PostgreSQL.

The rows come through the caller's own connection. A second SQLite library in the process (an Arrow driver has one)
would drop the file locks of the first when it closes, so there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pyarrow as pa

_RECORDS = """
SELECT r.number AS number, u.code AS unit, COALESCE(e.credit_code, '') AS enterprise,
       CAST(r.happened_on AS TEXT) AS happened_on, r.purpose AS purpose, r.outcome AS outcome, r.flags AS flags,
       CAST(r.quantity AS DOUBLE PRECISION) AS quantity
FROM measure_sourcerecord r JOIN registry_unit u ON u.id = r.unit_id
LEFT JOIN registry_enterprise e ON e.id = r.enterprise_id
WHERE r.kind = '{kind}' ORDER BY r.number
"""
_RECORD_FIELDS = "number:s unit:s enterprise:s happened_on:d purpose:s outcome:s flags:s quantity:f"

SELECTS: dict[str, tuple[str, str]] = {
    "units": (
        "code:s kind:s peer_group:s assessed:i",
        """
SELECT code AS code, kind AS kind, peer_group AS peer_group, CASE WHEN assessed THEN 1 ELSE 0 END AS assessed
FROM registry_unit ORDER BY code
""",
    ),
    "enterprises": (
        "credit_code:s unit:s production_unit:s cluster:s industry:s above_scale:i employees:i closed_on:d",
        """
SELECT e.credit_code AS credit_code, u.code AS unit, COALESCE(p.code, u.code) AS production_unit,
       COALESCE(c.code, '') AS cluster, e.industry AS industry, CASE WHEN e.above_scale THEN 1 ELSE 0 END AS above_scale,
       COALESCE(e.employees, 0) AS employees, COALESCE(CAST(e.closed_on AS TEXT), '') AS closed_on
FROM registry_enterprise e JOIN registry_unit u ON u.id = e.unit_id
LEFT JOIN registry_unit p ON p.id = e.production_unit_id LEFT JOIN registry_cluster c ON c.id = e.cluster_id
ORDER BY e.credit_code
""",
    ),
    "institutions": (
        "code:s kind:s unit:s",
        """
SELECT i.code AS code, i.kind AS kind, u.code AS unit
FROM registry_institution i JOIN registry_unit u ON u.id = i.unit_id ORDER BY i.code
""",
    ),
    "qualifications": (
        "institution:s kind:s number:s valid_from:d valid_to:d",
        """
SELECT i.code AS institution, q.kind AS kind, q.number AS number, CAST(q.valid_from AS TEXT) AS valid_from,
       COALESCE(CAST(q.valid_to AS TEXT), '') AS valid_to
FROM registry_qualification q JOIN registry_institution i ON i.id = q.institution_id ORDER BY q.number, q.id
""",
    ),
    "quality_officers": (
        "number:s enterprise:s unit:s appointed_on:d ended_on:d",
        """
SELECT o.number AS number, e.credit_code AS enterprise, u.code AS unit, CAST(o.appointed_on AS TEXT) AS appointed_on,
       COALESCE(CAST(o.ended_on AS TEXT), '') AS ended_on
FROM registry_qualityofficer o JOIN registry_enterprise e ON e.id = o.enterprise_id
JOIN registry_unit u ON u.id = e.unit_id ORDER BY o.number
""",
    ),
    "samples": (_RECORD_FIELDS, _RECORDS.format(kind="sample")),
    "complaints": (_RECORD_FIELDS, _RECORDS.format(kind="complaint")),
    "patents": (_RECORD_FIELDS, _RECORDS.format(kind="patent")),
    "statistics": (
        "unit:s year:i key:s value:f",
        """
SELECT u.code AS unit, s.year AS year, s.key AS key, CAST(s.value AS DOUBLE PRECISION) AS value
FROM measure_statistic s JOIN registry_unit u ON u.id = s.unit_id ORDER BY s.year, s.key, u.code
""",
    ),
    "observations": (
        "period:s year:i indicator:s unit:s status:s missing:s value:f has_value:i",
        """
SELECT r.period AS period, t.year AS year, i.code AS indicator, u.code AS unit, o.status AS status,
       o.missing AS missing, CAST(COALESCE(o.value, 0) AS DOUBLE PRECISION) AS value,
       CASE WHEN o.value IS NULL THEN 0 ELSE 1 END AS has_value
FROM measure_observation o JOIN measure_collectionround r ON r.id = o.round_id
JOIN measure_indicatorset t ON t.id = r.set_id JOIN measure_indicator i ON i.id = o.indicator_id
JOIN registry_unit u ON u.id = o.unit_id ORDER BY r.period, t.version, i.code, u.code
""",
    ),
}
PIECE = 50_000
_TYPES = {"s": pa.string(), "i": pa.int64(), "f": pa.float64(), "d": pa.date32()}


def schema_of(table: str) -> pa.Schema:
    """Return the Arrow schema of a table of the lake."""
    pairs = (field.split(":") for field in SELECTS[table][0].split())
    return pa.schema([(name, _TYPES[kind]) for name, kind in pairs])


def tables(cursor: Any) -> Iterator[tuple[str, pa.Table]]:
    """Read every table through a DB-API cursor, in pieces, so that memory holds one table as Arrow and one piece."""
    for table, (_fields, select) in SELECTS.items():
        cursor.execute(select)
        names = [column[0] for column in cursor.description]
        pieces = [shaped(table, _piece(names, rows)) for rows in iter(partial(cursor.fetchmany, PIECE), [])]
        yield table, pa.concat_tables(pieces or [shaped(table, _piece(names, []))]).combine_chunks()


def _piece(names: list[str], rows: list[Any]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.Table.from_arrays([pa.array(column) for column in columns], names=names)


def shaped(table: str, rows: pa.Table) -> pa.Table:
    """Give the rows the schema of the table: dates from ISO text (empty: null), numbers in 64 bits."""
    columns = []
    for field in schema_of(table):
        column = rows.column(field.name)
        if pa.types.is_null(column.type):
            column = pa.nulls(len(column), field.type)
        elif pa.types.is_date32(field.type):
            column = _dates(column)
        columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema_of(table)).combine_chunks()


def _dates(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text).cast(pa.date32())
