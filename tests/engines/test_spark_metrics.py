"""The same expressions on Spark give exactly what DuckDB gives."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest
from tests.lake import tiny_city

from qualipolis.lake.engine import duckdb_engine
from qualipolis.lake.metrics import METRICS
from qualipolis.lake.snapshot import snapshot

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java on this machine"),
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="the extra 'spark' is not installed"),
]


@pytest.fixture(scope="module")
def session():
    from qualipolis.lake.engine_spark import spark_session

    opened = spark_session()
    yield opened
    opened.stop()


def test_it_equals_duckdb_exactly_on_every_metric(tmp_path: Path, session) -> None:
    from qualipolis.lake.engine_spark import spark_engine

    taken = snapshot(tmp_path, tiny_city.tables())
    there = spark_engine(taken, session)
    with duckdb_engine(taken) as here:
        expected = here.compute()
        for code in METRICS:
            assert there.compute([code])[code].to_pylist() == expected[code].to_pylist(), code
        assert there.trace("PQ01", "T1", 2021).numbers == here.trace("PQ01", "T1", 2021).numbers
