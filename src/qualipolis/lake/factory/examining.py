"""From what a factory file said to findings: which columns are subgroups, parts and operators, which limits hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qualipolis.lake.factory.measurements import Characteristic, Labels, Measurements, Readings
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.findings import Findings, Overview, Remark, many, study

FULL, WORST = 12, 6  # characteristics examined in full; of more than that the worst, and an overview of all


@dataclass(frozen=True, eq=False)
class Examination:
    """The findings on a file: one for each characteristic examined, and an overview where there are many."""

    found: tuple[Findings, ...]
    overview: Overview | None
    left: int


def examine(
    measured: Measurements,
    *,
    characteristic: str = "",
    specifications: Mapping[str, Specification] | None = None,
    instrument: str = "auto",
    rules: str = "nelson",
    phases: Sequence[tuple[int, str]] = (),
    full: int = FULL,
) -> Examination:
    """Return the findings on what a file said.

    Parameters
    ----------
    measured : of :func:`read_measurements`
    characteristic : name or key of the only one to examine
    specifications : limits by name of the characteristic, ``""`` for all; they replace those of the file
    instrument, rules, phases : as for :func:`study`
    full : most characteristics that are examined in full; of more, the worst six

    Raises
    ------
    InputError
        A certificate, which holds no series of a process; a characteristic that is not there; whatever :func:`study` raises.
    """
    kept = _wanted(measured, characteristic)
    given = dict(specifications or {})
    if unknown := [name for name in given if name and name not in {c.name for c in kept}]:
        raise InputError([_absent(name, kept) for name in unknown])
    overview, left = None, 0
    if len(kept) > full:
        worst = min(full, WORST)
        overview, left = _overview(kept, given, rules), len(kept) - worst
        kept = tuple(kept[i] for i in sorted(overview.order[:worst].tolist()))
    found = tuple(
        findings_of(
            c, specification=given.get(c.name, given.get("")), instrument=instrument, rules=rules, phases=phases
        )
        for c in kept
    )
    return Examination(found, overview, left)


def _wanted(measured: Measurements, characteristic: str) -> tuple[Characteristic, ...]:
    if measured.origin.kind == "dcc":
        what = msg(
            "This is a calibration certificate: it says how well a gauge measures and holds no series of a process."
        )
        remedy = msg("Keep it as evidence on the gauge, and examine the file of measurements.")
        raise InputError([Problem("certificate", what, remedy, place=measured.origin.name)])
    known = measured.characteristics
    if not characteristic:
        return known
    found = tuple(c for c in known if characteristic in (c.name, c.key))
    if not found:
        raise InputError([_absent(characteristic, known)])
    return found[:1]


def _absent(name: str, known: Sequence[Characteristic]) -> Problem:
    what, remedy = msg("The file has no characteristic called %(name)s."), msg("Choose one of: %(known)s.")
    names = ", ".join(c.name for c in known[:20]) + (" …" if len(known) > 20 else "")
    return Problem("no_characteristic", what, remedy, {"name": name, "known": names}, "characteristic")


def findings_of(
    characteristic: Characteristic,
    *,
    specification: Specification | None = None,
    instrument: str = "auto",
    rules: str = "nelson",
    phases: Sequence[tuple[int, str]] = (),
    **further: Any,
) -> Findings:
    """Return the findings on one characteristic of a file; ``specification`` replaces that of the file."""
    read = characteristic.readings
    limits, remarks = (specification, ()) if specification is not None else specification_of(characteristic)
    counted = characteristic.kind != "variable"
    values = values_of(read)
    columns: dict[str, Any] = {"times": read.time, "censored": read.censored if read.censored.any() else None}
    if counted:
        columns |= {"kind": "units" if characteristic.kind == "attribute" else "defects", "sizes": read.inspected}
        limits = None
    else:
        columns |= {"subgroups": subgroups_of(characteristic), **gauge_columns(read)}
    if columns["times"] is not None and np.isnat(columns["times"]).all():
        columns["times"] = None
    found = study(
        values, specification=limits, instrument=instrument, rules=rules, phases=phases, name=characteristic.name,
        unit=characteristic.unit, **(columns | further),
    )  # fmt: skip
    return replace(found, remarks=(*found.remarks, *remarks)) if remarks else found


def values_of(read: Readings) -> np.ndarray:
    """Return the numbers, NaN where one is missing or marked as invalid."""
    return read.value if read.valid.all() else np.where(read.valid, read.value, np.nan)


def specification_of(characteristic: Characteristic) -> tuple[Specification | None, tuple[Remark, ...]]:
    """Return the limits that the file tells; a remark where they contradict each other."""
    lower, upper = characteristic.lower, characteristic.upper
    if lower is None and upper is None:
        return None, ()
    natural = [side for side in ("lower", "upper") if getattr(characteristic, f"{side}_natural")]
    target = characteristic.target if characteristic.target is not None else characteristic.nominal
    inside = target is not None and (lower is None or lower < target) and (upper is None or target < upper)
    try:
        boundary = natural[0] if len(natural) == 1 and getattr(characteristic, natural[0]) is not None else ""
        return Specification(lower, upper, target if inside else None, boundary), ()  # type: ignore[arg-type]
    except InputError as error:
        problem = error.problems[0]
        return None, (Remark("no_limits", problem.what, problem.params, problem.remedy),)


def subgroups_of(characteristic: Characteristic) -> int | np.ndarray | None:
    """Return how values form subgroups: by their labels, else by the size that the file tells."""
    read = characteristic.readings
    if read.subgroup is not None and not read.subgroup.empty:
        return read.subgroup.codes
    size = characteristic.subgroup_size
    return size if size is not None and 1 < size <= 50 else None


def gauge_columns(read: Readings) -> dict[str, Any]:
    """Return parts and operators when the file is a gauge study: each part measured twice or more by each operator."""
    part, operator = read.part, read.operator
    if part is None or operator is None or len(part.names) < 2 or len(operator.names) < 2:
        return {}
    pairs = len(part.names) * len(operator.names)
    if pairs * 2 > len(read) or not _crossed(part, operator, pairs):
        return {}
    return {"parts": part.codes.tolist(), "operators": operator.codes.tolist(), "subgroups": None}


def _crossed(part: Labels, operator: Labels, pairs: int) -> bool:
    codes = part.codes.astype(np.int64) * len(operator.names) + operator.codes
    counts = np.bincount(codes[(part.codes >= 0) & (operator.codes >= 0)], minlength=pairs)
    return bool(counts.min() >= 2)


def _overview(kept: Sequence[Characteristic], given: Mapping[str, Specification], rules: str) -> Overview:
    limits = [given.get(c.name, given.get("")) or specification_of(c)[0] for c in kept]
    sides = {
        side: np.array([np.nan if s is None or getattr(s, side) is None else getattr(s, side) for s in limits])
        for side in ("lower", "upper")
    }
    values = [values_of(c.readings) for c in kept]
    return many(values, names=[c.name for c in kept], rules=rules, **sides)
