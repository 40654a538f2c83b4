"""The readings of a kept file and what they say: one way from the file to the findings, for page, table, paper and API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.city.hospital.measurements.kept import keep, kept
from qualipolis.city.hospital.measurements.reading import chosen, open_kept, subgroup_of
from qualipolis.city.hospital.models import MeasurementFile
from qualipolis.lake.factory import Characteristic
from qualipolis.lake.factory.examining import findings_of as examined
from qualipolis.lake.factory.examining import specification_of
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.findings import INSTRUMENTS_HERE, Findings
from qualipolis.methods.spc.findings.material import material
from qualipolis.methods.spc.instrument import Value, facts_of

KINDS = {"variable": "measured", "attribute": "units", "errors": "defects"}
SETTINGS = ("characteristic", "unit", "lower", "upper", "target", "subgroup", "instrument", "rules", "phases", "kind")
MOST_LOOKED_AT = 200_000  # points from which the wizard takes what the file says itself


def _file(row: MeasurementFile) -> dict[str, Any]:
    """Return what the content of a file depends on."""
    return {
        "file": row.attachment.sha256,
        "other": row.companion.sha256 if row.companion else "",
        "name": row.attachment.name,
        "reading": row.summary.get("reading", {}),
    }


def remember(row: MeasurementFile, one: Characteristic) -> None:
    """Keep the readings of a file that has just been read, so that its findings need not read it again."""
    keep("series", _file(row) | {"key": row.characteristic}, one)


def characteristic_of(row: MeasurementFile) -> Characteristic:
    """Return the chosen characteristic of a kept file with its readings, under the limits that the doctors set.

    Raises
    ------
    InputError
        The file can no longer be read as it was, or holds no series of a process.
    """
    if row.kind == "dcc":
        what = msg(
            "This is a calibration certificate: it says how well a gauge measures and holds no series of a process."
        )
        remedy = msg("Keep it as evidence on the gauge, and examine the file of measurements.")
        raise InputError([Problem("certificate", what, remedy, place=row.attachment.name)])
    depends = _file(row) | {"key": row.characteristic}
    own = kept("series", depends, lambda: chosen(open_kept(row), row.characteristic))
    limits = {"lower": row.lower, "upper": row.upper, "target": row.target}
    return replace(own, **limits, nominal=row.target, unit=row.unit or own.unit)


@dataclass(frozen=True, eq=False)
class Series:
    """The readings of a file in their order, NaN where missing or invalid; ``points`` is the first reading of each point."""

    name: str
    unit: str
    kind: str
    value: NDArray[np.float64]
    censored: NDArray[np.int8]
    times: NDArray[np.datetime64] | None
    subgroups: NDArray[np.int32] | None
    inspected: NDArray[np.float64] | None
    size: int | None
    points: NDArray[np.intp]

    def reading_at(self, point: int) -> int:
        """Return the first reading of a point of the chart, both from 0; one past the last point is the end."""
        return int(self.points[point]) if point < len(self.points) else len(self.value)


def series_of(row: MeasurementFile) -> Series:
    """Return the readings of a kept file as they stand on its chart, for whoever compares its phases."""
    one = characteristic_of(row)
    read, size = one.readings, subgroup_of(one)
    own = read.subgroup.codes if read.subgroup is not None and not read.subgroup.empty else None
    value = np.where(read.usable, read.value, np.nan)
    by = _subgroups(row, one)
    grouped = own if by == "own" else by
    held = material(value, subgroups=grouped, times=np.arange(len(value)), sizes=None, censored=None, kind="measured")
    times = None if read.time is None or np.isnat(read.time).all() else read.time
    return Series(
        one.name or one.key, one.unit, KINDS.get(one.kind, "measured"), value, read.censored, times, own,
        read.inspected, size, np.asarray(held.times, dtype=np.intp),
    )  # fmt: skip


def _subgroups(row: MeasurementFile, one: Characteristic) -> Any:
    """Return how the readings form subgroups: ``"own"`` as the file says, else so many at a time, None for single ones."""
    if row.subgroup and row.subgroup > 1 and one.kind == "variable":
        labelled = one.readings.subgroup is not None and not one.readings.subgroup.empty
        return "own" if row.subgroup == subgroup_of(one) and labelled else row.subgroup
    return None


def findings_of(row: MeasurementFile) -> Findings:
    """Return what the chosen characteristic of a kept file says under its settings; computed once for each.

    Raises
    ------
    InputError
        The file can no longer be read, or the settings make no sense for it.
    """
    depends = _file(row) | {name: getattr(row, name) for name in SETTINGS}
    return kept("findings", depends, lambda: _studied(row))


def _studied(row: MeasurementFile) -> Findings:
    one = characteristic_of(row)
    by = _subgroups(row, one)
    further = {} if by == "own" or one.kind != "variable" else {"subgroups": by}
    return examined(
        one,
        instrument=row.instrument if row.instrument in INSTRUMENTS_HERE else "auto",
        rules=row.rules or "nelson",
        phases=tuple((int(phase["start"]) - 1, str(phase["label"])) for phase in row.phases),
        **further,
    )


def known_facts(row: MeasurementFile) -> Mapping[str, Value]:
    """Return what the file says by itself to the questions of the wizard; nothing where it says nothing."""
    one = characteristic_of(row)
    values = one.readings.value[one.readings.usable]
    if one.kind != "variable" or len(values) < 2:
        return {"n": len(values)}
    size = row.subgroup or 1
    table = values[: len(values) // size * size].reshape(-1, size) if size > 1 and len(values) >= 2 * size else values
    limits, _remarks = specification_of(one)
    try:
        return facts_of(np.asarray(table[:MOST_LOOKED_AT]), specification=limits)
    except InputError:
        return {"n": len(values)}
