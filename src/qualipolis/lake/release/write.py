"""Write a release: the whole folder, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import numpy as np

from qualipolis import __version__
from qualipolis.lake.canonical import canonical_json, parse_json, sha256
from qualipolis.lake.release.compute import Assessment
from qualipolis.lake.release.factors import factor_to_dict
from qualipolis.lake.release.format import (
    COMPARED,
    DOCUMENT,
    FORMAT,
    About,
    libraries,
    plain,
    problem_to_dict,
    release_hash,
)
from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class Release:
    """A release on disk: where, its hash, and its document."""

    directory: Path
    release_hash: str
    document: Mapping[str, object]


def write_release(
    directory: Path,
    about: About,
    assessment: Assessment,
    extra: Mapping[str, bytes] | None = None,
    *,
    force: bool = False,
) -> Release:
    """Write scores, intervals, inputs and ``extra`` files with a ``release.json`` that holds all their hashes.

    Parameters
    ----------
    directory : where; it appears whole, by one rename, or not at all
    extra : further files by name, for example ``report.pdf``
    force : replace an earlier release that stands there, and nothing else

    Raises
    ------
    InputError
        the directory is not empty, or with ``force`` is not a release
    """
    refuse_occupied(directory, force)
    files = bundle_files(assessment, extra or {})
    document = describe(about, assessment, files)
    with replaced(directory) as folder:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            keep(path, content)
        keep(folder / DOCUMENT, canonical_json(document))
    return Release(directory, str(document["release_hash"]), document)


def keep(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush_names(folder: Path) -> None:
    """Wait until the names in ``folder`` are on the disk, where the system can say so."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def bundle_files(assessment: Assessment, extra: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return every file of the bundle but its document, by name."""
    inputs = {file: source.content for file, source in assessment.inputs.stored().values()}
    return {**assessment.outputs(), **extra, **inputs}


def describe(about: About, assessment: Assessment, files: Mapping[str, bytes]) -> dict[str, object]:
    """Return the document of a release, with its hash."""
    document: dict[str, object] = {
        **further(assessment),
        "format": FORMAT,
        "title": about.title,
        "number": about.number,
        "created_at": about.created_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "synthetic": about.synthetic,
        "language": about.language,
        "code_version": __version__,
        "method": {"version": assessment.method, "pipeline": assessment.result.pipeline.to_dict()},
        "content_hash": assessment.content_hash,
        "libraries": libraries(),
        "uncertainty": uncertainty_of(assessment),
        "inputs": inputs_in(assessment),
        "files": {name: {"sha256": sha256(content), "bytes": len(content)} for name, content in files.items()},
        "counts": counts(assessment),
        "problems": [problem_to_dict(problem) for problem in assessment.problems],
    }
    return {**document, "release_hash": release_hash(document)}


def inputs_in(assessment: Assessment) -> dict[str, dict[str, object]]:
    """Return role -> stored file, the name it came with, and the sheet that was read."""
    places = assessment.tables.places
    sheets = {"framework": places.meta.sheet, "data": places.table.sheet}
    return {
        role: {"file": file, "name": source.name, "sheet": sheets.get(role) or None}
        for role, (file, source) in assessment.inputs.stored().items()
        if not role.startswith(COMPARED)
    }


def further(assessment: Assessment) -> dict[str, object]:
    """Return what was asked for beyond scores and intervals; a release without it says nothing of it."""
    found: dict[str, object] = {}
    if assessment.robustness is not None:
        found["sensitivity"] = assessment.robustness.to_dict()
    if assessment.comparison is not None:
        found["comparison"] = assessment.comparison.to_dict()
    return found


def uncertainty_of(assessment: Assessment) -> dict[str, object] | None:
    """Return how the intervals were drawn, or ``None`` where there are none."""
    if assessment.intervals is None:
        return None
    return {
        "replicates": assessment.replicates,
        "seed": assessment.seed,
        "failed": plain(assessment.intervals.failed),
        "factors": [factor_to_dict(factor) for factor in assessment.factors],
    }


def counts(assessment: Assessment) -> dict[str, int]:
    """Return how much went in and how much came out."""
    framework, data, result = assessment.tables.framework, assessment.tables.data, assessment.result
    return {
        "units": len(data.units),
        "units_scored": len(result.units),
        "indicators": len(framework.indicators),
        "aggregates": len(framework.aggregates),
        "cells": int(data.values.size),
        "cells_missing": int(np.isnan(data.values).sum()),
        "warnings": len(assessment.problems),
    }


def refuse_occupied(directory: Path, force: bool) -> None:
    """Raise ``InputError`` when something stands at ``directory`` that must not be lost."""
    if not directory.exists() and not directory.is_symlink():
        return
    remedy = msg("Choose another directory.")
    if directory.is_symlink() or not directory.is_dir():
        raise InputError([Problem("not_a_directory", msg("It is not a directory."), remedy, place=str(directory))])
    if not any(directory.iterdir()):
        return
    if not force:
        again = msg("Choose another directory, or add --force to replace the release in it.")
        raise InputError([Problem("occupied", msg("The directory is not empty."), again, place=str(directory))])
    if (foreign := not_of_a_release(directory)) is not None:
        what = msg("The directory holds %(file)s, which is no part of a release; nothing is replaced.")
        raise InputError([Problem("not_a_release", what, remedy, {"file": foreign}, place=str(directory))])


def not_of_a_release(directory: Path) -> str | None:
    """Return the name of a file that no release wrote, or ``None`` when all of them belong to one."""
    try:
        document = parse_json((directory / DOCUMENT).read_bytes())
        listed = {*document["files"], DOCUMENT} if document["format"] == FORMAT else set()  # type: ignore[index,call-overload]
    except (OSError, ValueError, KeyError, TypeError):
        listed = set()
    return next((name for name in names_below(directory) if name not in listed), None)


def names_below(directory: Path) -> list[str]:
    """Return the names of all that is below ``directory`` but folders, relative and sorted; links are not followed."""
    found = []
    for folder, folders, files in os.walk(directory):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        found += [(Path(folder) / name).relative_to(directory).as_posix() for name in (*files, *links)]
    return sorted(found)


@contextmanager
def replaced(directory: Path) -> Iterator[Path]:
    """Give a new folder beside ``directory`` that takes its place when all went well, and vanishes when not."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", suffix=".partial", dir=directory.parent))
    try:
        yield folder
        folder.chmod(0o755)
        for inner in (folder / "inputs", folder):
            flush_names(inner)
        before = folder.with_suffix(".before")
        if directory.exists():
            directory.rename(before)
        try:
            folder.rename(directory)
        except OSError:
            if before.exists():
                before.rename(directory)
            raise
        flush_names(directory.parent)
        shutil.rmtree(before, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
