"""Engines: they run the same expressions over a snapshot. DuckDB, inside this process, is the default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from qualipolis.lake.metrics import METRICS, Metric, expression, metric, trace_expression
from qualipolis.lake.snapshot import YEAR_OF, Snapshot
from qualipolis.lake.snapshot_sources import SELECTS, schema_of

if TYPE_CHECKING:
    from ibis.expr import types as ir


@dataclass(frozen=True)
class Trace:
    """The records behind one number, with the sum of what they add."""

    metric: str
    unit: str
    year: int
    table: str
    snapshot: str
    records: tuple[tuple[str, float, float], ...]
    total: int
    numerator: float
    denominator: float

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numbers of the records, in order."""
        return tuple(number for number, _above, _below in self.records)

    @property
    def filter(self) -> dict[str, Any]:
        """What to look for in the table to find the same records."""
        return {"table": self.table, "unit": self.unit, "year": self.year, "metric": self.metric}


class Engine:
    """A connection to a snapshot: its tables as Ibis expressions, and a way to run one."""

    def __init__(self, connection: Any, tables: Mapping[str, ir.Table], source: Snapshot) -> None:
        self.connection, self.tables, self.source = connection, tables, source

    def run(self, table: ir.Table) -> pa.Table:
        """Return the rows of an expression."""
        return self.connection.to_pyarrow(table)

    def compute(self, codes: Iterable[str] = METRICS) -> dict[str, pa.Table]:
        """Return ``unit, year, numerator, denominator, n`` for each metric."""
        return {code: self.run(expression(metric(code), self.tables)) for code in codes}

    def trace(self, code: str, unit: str, year: int, limit: int = 1000) -> Trace:
        """Return the records behind a number: the first ``limit`` of them, and the sums over all of them."""
        found: Metric = metric(code)
        rows = self.run(trace_expression(found, self.tables, unit, year)).to_pydict()
        records = tuple(zip(rows["number"], rows["numerator"], rows["denominator"], strict=True))
        above, below = sum(rows["numerator"]), sum(rows["denominator"])
        return Trace(
            code, unit, year, found.table, self.source.id, records[:limit], len(records), float(above), float(below)
        )

    def close(self) -> None:
        """Give the engine back."""
        self.connection.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class DuckDB(Engine):
    """DuckDB, inside this process. Ibis writes the SQL; each query runs on a cursor of its own, closed when read."""

    def run(self, table: ir.Table) -> pa.Table:
        """Return the rows of an expression."""
        import ibis

        with closing(self.connection.cursor()) as cursor:
            return cursor.execute(str(ibis.to_sql(table, dialect="duckdb"))).to_arrow_table()

    def close(self) -> None:
        """Give the engine back."""
        self.connection.close()


def duckdb_engine(source: Snapshot, threads: int = 2) -> Engine:
    """Open a snapshot in DuckDB: no server, and no extension ever fetched from a network."""
    import duckdb
    import ibis

    settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": threads}
    connection = duckdb.connect(":memory:", config=settings)
    tables = {}
    for name in SELECTS:
        fields = schema_of(name)
        partitioned = name in YEAR_OF
        if partitioned and "year" not in fields.names:
            fields = fields.append(pa.field("year", pa.int64()))
        pattern = str(source.folder / name / ("year=*/*.parquet" if partitioned else "*.parquet")).replace("'", "''")
        with closing(connection.cursor()) as cursor:
            cursor.execute(
                # the name is one of SELECTS and the path is quoted
                f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{pattern}', hive_partitioning={partitioned})"  # noqa: S608
            ).fetchall()
        tables[name] = ibis.table(ibis.Schema.from_pyarrow(fields), name=name)
    return DuckDB(connection, tables, source)
