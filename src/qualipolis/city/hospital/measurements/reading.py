"""A measurement file as it was understood: what it says of itself, its characteristics, and what was assumed or ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qualipolis.city.core.attachments import path_of
from qualipolis.city.hospital.models import MeasurementFile
from qualipolis.lake.factory import Characteristic, Measurements, Note, read_measurements
from qualipolis.lake.factory.bounds import ENCODINGS
from qualipolis.methods.problems import InputError, Problem, msg

LAYOUTS = ("auto", "columns", "across")
DECIMALS = ("", ".", ",")
MOST_LISTED = 500
KEY, UNIT = 120, 20  # as much of a key and of a unit as is kept


@dataclass(frozen=True)
class Reading:
    """How a file is to be read, where a person knows better than the file; empty is recognised."""

    encoding: str = ""
    decimal: str = ""
    sheet: str = ""
    layout: str = "auto"

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Reading:
        """Return what was asked for, in known words only; anything else is recognised instead."""
        encoding, decimal, layout = (str(said.get(key) or "") for key in ("encoding", "decimal", "layout"))
        return cls(
            encoding if encoding in ENCODINGS else "",
            decimal if decimal in DECIMALS else "",
            str(said.get("sheet") or "")[:120],
            layout if layout in LAYOUTS else "auto",
        )


AS_IT_IS = Reading()


@dataclass(frozen=True)
class Listed:
    """One characteristic of the preview, in numbers."""

    key: str
    name: str
    unit: str
    values: int
    missing: int
    below: int
    above: int
    lower: float | None
    upper: float | None
    target: float | None
    subgroup: int | None
    kind: str


def read(path: Path, name: str, reading: Reading = AS_IT_IS, companion: Path | None = None) -> Measurements:
    """Read a file that waits or is kept; its name is told, not taken from the disk.

    Raises
    ------
    InputError
        Everything wrong with it, with place and remedy.
    """
    return read_measurements(
        path,
        name=name,
        companion=companion,
        encoding=reading.encoding,
        decimal=reading.decimal,
        sheet=reading.sheet or None,
        layout=reading.layout,
        languages=("zh", "en"),
    )


def open_kept(row: MeasurementFile) -> Measurements:
    """Read a file that is kept, as it was read when it came."""
    other = path_of(row.companion.sha256) if row.companion else None
    return read(path_of(row.attachment.sha256), row.attachment.name, Reading.of(row.summary.get("reading", {})), other)


def listed(found: Measurements) -> list[Listed]:
    """Return the characteristics in numbers, the first :data:`MOST_LISTED` of them."""
    return [_listed(one) for one in found.characteristics[:MOST_LISTED]]


def _listed(one: Characteristic) -> Listed:
    readings = one.readings
    usable = readings.usable
    return Listed(
        one.key,
        one.name,
        one.unit,
        int(usable.sum()),
        int(len(readings) - usable.sum()),
        int((readings.censored[usable] < 0).sum()),
        int((readings.censored[usable] > 0).sum()),
        one.lower,
        one.upper,
        target_of(one),
        subgroup_of(one),
        one.kind,
    )


def subgroup_of(one: Characteristic) -> int | None:
    """Return how many readings stand in a subgroup: as the file says, or as its labels of subgroups show; else None."""
    if one.subgroup_size and one.subgroup_size > 1:
        return one.subgroup_size
    labels = one.readings.subgroup
    if labels is None or labels.empty:
        return None
    codes = labels.codes[labels.codes >= 0]
    if not len(codes):
        return None
    size = int(np.bincount(codes).max())
    return size if size > 1 else None


def target_of(one: Characteristic) -> float | None:
    """Return the target that the file tells; the nominal value where it tells none."""
    return one.target if one.target is not None else one.nominal


def own_reading(one: Characteristic) -> dict[str, Any]:
    """Return how the file itself says that a characteristic is to be read."""
    limits = {"lower": one.lower, "upper": one.upper, "target": target_of(one)}
    return limits | {"subgroup": subgroup_of(one), "unit": one.unit[:UNIT]}


def chosen(found: Measurements, key: str) -> Characteristic:
    """Return the characteristic of this key, or the one with most readings when none is named.

    Raises
    ------
    InputError
        The file has no readings at all, or no characteristic of that key.
    """
    if key:
        for one in found.characteristics:
            if key in (one.key, one.key[:KEY]):
                return one
        what = msg("The file has no characteristic %(key)s.")
        raise InputError([Problem("no_characteristic", what, msg("Choose one of the list."), {"key": key[:80]})])
    rich = max(found.characteristics, key=lambda one: int(one.readings.usable.sum()), default=None)
    if rich is None or not rich.readings.usable.any():
        what = msg("The file holds no measured values.")
        raise InputError([Problem("no_values", what, msg("Send the file with the readings themselves."))])
    return rich


def summary_of(found: Measurements, reading: Reading) -> dict[str, Any]:
    """Return what was understood as plain data, to be kept beside the file and read in any language."""
    origin = found.origin
    return {
        "reading": asdict(reading),
        "origin": {k: getattr(origin, k) for k in ("kind", "size", "encoding", "sha256", "version", "sheet")},
        "values": found.count,
        "notes": [_note(one) for one in found.understood],
        "warnings": [_note(Note("warning", w.what, w.params, str(w.place))) for w in found.warnings[:100]],
        "characteristics": [asdict(one) for one in listed(found)],
        "total": len(found.characteristics),
    }


def _note(note: Note) -> dict[str, Any]:
    params = {name: v if isinstance(v, int | float | str) else str(v) for name, v in note.params.items()}
    return {"about": note.about, "what": note.what, "params": params, "place": str(note.place)}


def notes_of(summary: Mapping[str, Any]) -> list[Note]:
    """Return the sentences of a kept summary."""
    found = [*summary.get("notes", ()), *summary.get("warnings", ())]
    return [Note(n["about"], n["what"], n["params"], n["place"]) for n in found]
