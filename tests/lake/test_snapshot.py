"""Snapshots: named after their content, whole or absent."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.lake import tiny_city

from qualipolis.lake.snapshot import changed_files, latest, snapshot
from qualipolis.lake.snapshot_sources import shaped


def test_it_writes_a_partition_for_each_year(tmp_path: Path) -> None:
    written = snapshot(tmp_path, tiny_city.tables())
    years = sorted(path.name for path in (written.folder / "samples").iterdir())
    assert years == ["year=2020", "year=2021"]
    assert pq.read_table(written.folder / "samples" / "year=2020", partitioning=None).num_rows == 1
    assert written.rows["samples"] == 9


def test_it_has_the_same_name_for_the_same_content(tmp_path: Path) -> None:
    first, again = snapshot(tmp_path, tiny_city.tables()), snapshot(tmp_path, tiny_city.tables())
    fewer = {**tiny_city.ROWS, "samples": tiny_city.SAMPLES[:-1]}
    assert first.id == again.id != snapshot(tmp_path, tiny_city.tables(fewer)).id


def test_it_reads_back_what_it_wrote(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    written = snapshot(tmp_path, tiny_city.tables())
    assert latest(tmp_path) == written
    assert changed_files(written) == []


def test_it_names_the_file_that_was_changed(tmp_path: Path) -> None:
    written = snapshot(tmp_path, tiny_city.tables())
    file = written.folder / "units" / "part-0.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    assert changed_files(written) == ["units/part-0.parquet"]


def test_it_leaves_the_current_snapshot_when_reading_fails(tmp_path: Path) -> None:
    before = snapshot(tmp_path, tiny_city.tables())

    def broken():
        yield next(tiny_city.tables())
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        snapshot(tmp_path, broken())
    assert latest(tmp_path) == before
    assert sorted(path.name for path in (tmp_path / "lake").iterdir()) == sorted([before.id, "current"])


def test_it_keeps_an_empty_date_empty() -> None:
    rows = pa.table(
        {"number": ["O1"], "enterprise": ["E1"], "unit": ["T1"], "appointed_on": ["2020-02-01"], "ended_on": [""]}
    )
    row = shaped("quality_officers", rows).to_pylist()[0]
    assert (str(row["appointed_on"]), row["ended_on"]) == ("2020-02-01", None)
