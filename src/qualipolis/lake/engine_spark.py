"""The same expressions on Spark, for a province or a nation that already has a cluster (extra ``spark``)."""

from __future__ import annotations

from typing import Any

from qualipolis.lake.engine import Engine
from qualipolis.lake.snapshot import Snapshot
from qualipolis.lake.snapshot_sources import SELECTS


def spark_session(master: str = "local[2]") -> Any:
    """Return a Spark session that listens on this machine only and shows no web page."""
    from pyspark.sql import SparkSession

    return (
        SparkSession.builder.master(master)
        .appName("qualipolis")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )


def spark_engine(source: Snapshot, session: Any) -> Engine:
    """Open a snapshot in a Spark session; every worker must see the snapshot's folder under the same path."""
    import ibis

    connection = ibis.pyspark.connect(session)
    tables = {}
    for name in SELECTS:
        session.read.parquet(str(source.folder / name)).createOrReplaceTempView(f"lake_{name}")
        tables[name] = connection.table(f"lake_{name}")
    return Engine(connection, tables, source)
