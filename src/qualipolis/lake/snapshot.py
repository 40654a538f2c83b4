"""Snapshots: the city's facts as partitioned Parquet that nobody writes again.

    HOME/lake/<snapshot>/<table>/year=YYYY/part-0.parquet     tables with a date or a year
    HOME/lake/<snapshot>/<table>/part-0.parquet               the others
    HOME/lake/<snapshot>/manifest.json                        rows, and the SHA-256 of every file
    HOME/lake/current                                         the name of the snapshot to read

A snapshot is named after its content, so taking it twice writes it once. It is written beside its place, flushed and
renamed; ``current`` is replaced last. Whatever a killed process leaves behind is swept by the next one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qualipolis.lake.canonical import canonical_json, parse_json, sha256

LAYOUT = 1
KEEP = 3
YEAR_OF = {
    "samples": "happened_on",
    "complaints": "happened_on",
    "patents": "happened_on",
    "statistics": "year",
    "observations": "year",
}
_TEMPORARY = ".writing-"


@dataclass(frozen=True)
class Snapshot:
    """A snapshot on disk: its name, its folder and what lies in it."""

    id: str
    folder: Path
    rows: dict[str, int]
    files: dict[str, str]

    def __str__(self) -> str:
        return f"snapshot {self.id}: {sum(self.rows.values())} rows in {len(self.rows)} tables"


def snapshot(home: Path, tables: Iterable[tuple[str, pa.Table]]) -> Snapshot:
    """Write ``(name, rows)`` as a snapshot under ``home``/lake, make it the current one and return it."""
    lake = home / "lake"
    lake.mkdir(parents=True, exist_ok=True)
    _sweep(lake)
    folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=lake))
    try:
        rows: dict[str, int] = {}
        files: dict[str, str] = {}
        for name, table in tables:
            rows[name] = table.num_rows
            files |= _write_table(folder, name, table)
        manifest = {"layout": LAYOUT, "rows": rows, "files": files}
        name = sha256(canonical_json(manifest))[:16]
        _write(folder / "manifest.json", canonical_json(manifest | {"id": name}))
        _move(folder, lake / name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _point(lake, name)
    _forget_old(lake, name)
    return Snapshot(name, lake / name, rows, files)


def latest(home: Path) -> Snapshot | None:
    """Return the current snapshot, or None before the first."""
    pointer = home / "lake" / "current"
    if not pointer.exists():
        return None
    return read(pointer.parent / pointer.read_text(encoding="ascii").strip())


def read(folder: Path) -> Snapshot:
    """Return the snapshot that lies in ``folder``."""
    manifest: Any = parse_json((folder / "manifest.json").read_bytes())
    return Snapshot(manifest["id"], folder, manifest["rows"], manifest["files"])


def changed_files(found: Snapshot) -> list[str]:
    """Return the files of a snapshot that are gone or no longer what the manifest says."""
    return [
        name
        for name, digest in sorted(found.files.items())
        if not (found.folder / name).is_file() or sha256((found.folder / name).read_bytes()) != digest
    ]


def _write_table(folder: Path, name: str, table: pa.Table) -> dict[str, str]:
    (folder / name).mkdir()
    source = YEAR_OF.get(name)
    if source is None:
        return _write_part(folder, f"{name}/part-0.parquet", table)
    column = table.column(source)
    years = column if source == "year" else pc.year(column)
    body = table.drop_columns(["year"]) if source == "year" else table
    written: dict[str, str] = {}
    for year in sorted(set(pc.unique(years).to_pylist())):
        part = body.filter(pc.equal(years, year))
        written |= _write_part(folder, f"{name}/year={year}/part-0.parquet", part)
    if not written:
        written |= _write_part(folder, f"{name}/year=0/part-0.parquet", body)
    return written


def _write_part(folder: Path, name: str, table: pa.Table) -> dict[str, str]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pq.write_table(table, file, compression="zstd", store_schema=False)
        file.flush()
        os.fsync(file.fileno())
    return {name: sha256(path.read_bytes())}


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move(folder: Path, place: Path) -> None:
    if not place.exists():
        folder.chmod(0o755)
        folder.rename(place)


def _point(lake: Path, name: str) -> None:
    beside = lake / f"current.{os.getpid()}"
    _write(beside, name.encode("ascii"))
    beside.replace(lake / "current")
    (lake / name).touch()


def _sweep(lake: Path, older_than: float = 3600.0) -> None:
    """Remove what a killed process left; a folder being written now is younger than an hour."""
    newest = max((path.stat().st_mtime for path in lake.iterdir()), default=0.0)
    for path in lake.glob(f"{_TEMPORARY}*"):
        if newest - path.stat().st_mtime > older_than:
            shutil.rmtree(path, ignore_errors=True)


def _forget_old(lake: Path, current: str) -> None:
    folders = [path for path in lake.iterdir() if (path / "manifest.json").is_file() and path.name != current]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in folders[KEEP - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
