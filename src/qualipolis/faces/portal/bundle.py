"""The files of a release for everyone: as they are where nothing is held back, else as copies without those cells.

A copy has another hash than the original, and says so. With the originals anyone recomputes the release alone; with
the copies one checks the hashes of the untouched files and everything that is published.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import book
from qualipolis.city.assess.releases import path_of
from qualipolis.faces.portal.published import EXACT_FROM, cells_held_back, held_back
from qualipolis.lake.audit import is_audit, public_copy
from qualipolis.lake.canonical import parse_json
from qualipolis.lake.frames import csv_bytes
from qualipolis.lake.release.format import DOCUMENT, PUBLIC_COPY
from qualipolis.lake.release.verify import inside

ERRORS = re.compile(r"^standard_errors = .*$", re.MULTILINE)
SENSITIVE = (DOCUMENT, "inputs/data.csv", "inputs/pipeline.toml", "observations.csv", "scores.csv")


@dataclass(frozen=True)
class OpenFile:
    """One file: its name, size and hash in the release, and whether what is given is a copy without small cells."""

    name: str
    bytes: int
    sha256: str
    copy: bool


def document(release: Release) -> dict[str, Any]:
    """Return release.json, or nothing when it cannot be read."""
    try:
        read: Any = parse_json((path_of(release) / DOCUMENT).read_bytes())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def open_files(release: Release) -> list[OpenFile]:
    """Return the files of a release that everyone can take."""
    partly = cells_held_back(release) > 0
    listed = document(release).get("files", {})
    return [
        OpenFile(name, entry["bytes"], entry["sha256"], partly and sensitive(name))
        for name, entry in sorted(listed.items())
        if inside(name) and (path_of(release) / name).is_file()
    ]


def content(release: Release, name: str) -> bytes | None:
    """Return what everyone gets of a file, or None when the release names no such file."""
    known = {one.name for one in open_files(release)} | {DOCUMENT}
    path = path_of(release) / name
    if name not in known or not path.is_file():
        return None
    data = path.read_bytes()
    return _without_small_cells(release, name, data) if sensitive(name) and cells_held_back(release) else data


def sensitive(name: str) -> bool:
    """Return whether a file holds single cells, so that everyone gets a copy without the small ones."""
    return name in SENSITIVE or is_audit(name)


def _without_small_cells(release: Release, name: str, data: bytes) -> bytes:
    if name == DOCUMENT:
        told = {**_no_errors(json.loads(data)), PUBLIC_COPY: {"held_back": cells_held_back(release)}}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
    if is_audit(name):
        return public_copy(data, cells_held_back(release))
    if name.endswith(".toml"):
        return ERRORS.sub("# standard_errors: held back, they would give small cells away", data.decode()).encode()
    frame = pl.read_csv(data, infer_schema=False).fill_null("")
    if name == "scores.csv":
        exact = {code for code, fact in book(release).nodes.items() if fact.level >= EXACT_FROM}
        return csv_bytes(frame.filter(pl.col("node").is_in(exact)))
    pairs = held_back(release)
    if name == "observations.csv":
        gone = pl.any_horizontal(
            (pl.col("indicator") == code) & pl.col("unit").is_in(list(units)) for code, units in pairs.items()
        )
        kept = ("numerator", "denominator", "value")
        blank = [pl.when(gone).then(pl.lit("")).otherwise(pl.col(column)).alias(column) for column in kept]
        reason = pl.when(gone).then(pl.lit("held_back")).otherwise(pl.col("missing")).alias("missing")
        return csv_bytes(frame.with_columns(*blank, reason))
    columns = [
        pl.when(pl.col("unit").is_in(list(units))).then(pl.lit("")).otherwise(pl.col(code)).alias(code)
        for code, units in pairs.items()
        if code in frame.columns
    ]
    return csv_bytes(frame.with_columns(columns))


def _no_errors(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: None if key == "standard_errors" else _no_errors(one) for key, one in value.items()}
    return [_no_errors(one) for one in value] if isinstance(value, list) else value


def archive(release: Release) -> BytesIO:
    """Return everything that everyone may have of a release as one zip."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as bundle:
        for name in [*(one.name for one in open_files(release)), DOCUMENT]:
            data = content(release, name)
            if data is not None:
                bundle.writestr(f"{release.number}/{name}", data)
    buffer.seek(0)
    return buffer
