"""Verbs of a measurement file: kept with what was understood, and how the doctors read it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qualipolis.city.core.attachments import store
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.hospital.consultation.parties import parties, require_seen, treats
from qualipolis.city.hospital.measurements.arrivals import LIMIT, Arrived, discard
from qualipolis.city.hospital.measurements.reading import (
    AS_IT_IS,
    KEY,
    Reading,
    chosen,
    open_kept,
    own_reading,
    read,
    summary_of,
)
from qualipolis.city.hospital.measurements.study import remember
from qualipolis.city.hospital.models import Case, MeasurementFile
from qualipolis.lake.factory import Measurements
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.decisions import INSTRUMENTS
from qualipolis.methods.spc.instrument import checked
from qualipolis.methods.spc.rules import PROFILES

DOCTORS = ("expert", "hospital_desk", "hospital_manager")
EVERYBODY = ("enterprise", *DOCTORS)
MOST_SUBGROUP, MOST_PHASES = 50, 20
ENDINGS = {"aqdef": ("dfq", "dfd", "dfx"), "qif": ("qif", "xml"), "dcc": ("xml",), "table": ("csv", "txt", "tsv")}
XLSX = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


@verb("hospital.upload_measurements", roles=EVERYBODY, scope=parties)
def upload(
    actor: Any,
    thing: Case,
    files: Sequence[Arrived],
    reading: Reading = AS_IT_IS,
    *,
    understood: Measurements | None = None,
    **how: Any,
) -> MeasurementFile:
    """Keep a measurement file (a Q-DAS pair: both halves) with what was understood, and how it is to be read.

    ``how`` are the fields of :func:`set_reading`; what is not named is the file's own, a limit of None is no limit.

    Raises
    ------
    InputError
        The file cannot be read, the case has ended, or what was given makes no sense.
    """
    case = _seen(actor, thing)
    found = understood or open_arrived(files, reading)
    wrong = _ended(case) + _wrong_reading(how)
    if wrong:
        raise InputError(wrong)
    one = chosen(found, how.get("characteristic", ""))
    values = own_reading(one) | how
    kept = [_kept(actor, case, file, found.origin.kind) for file in files]
    made = MeasurementFile.objects.create(
        case=case,
        attachment=kept[0],
        companion=kept[1] if len(kept) > 1 else None,
        uploaded_by=person_of(actor),
        kind=found.origin.kind,
        summary=summary_of(found, reading),
        **values | {"characteristic": one.key[:KEY]},
    )
    remember(made, one)
    record(actor, "hospital.upload_measurements", made, {"of": str(case), "values": found.count, "kind": made.kind})
    discard(files)
    return made


def open_arrived(files: Sequence[Arrived], reading: Reading = AS_IT_IS) -> Measurements:
    """Read files that wait, one or the two halves of a pair."""
    if not 1 <= len(files) <= 2:
        what = msg("Send one file, or the two halves of a Q-DAS pair (.dfd and .dfx).")
        raise InputError([Problem("number_of_files", what)])
    return read(files[0].path, files[0].name, reading, files[1].path if len(files) > 1 else None)


def _kept(actor: Any, case: Case, file: Arrived, kind: str) -> Attachment:
    def typed(path: Path, name: str) -> tuple[str, str]:
        """The file has been read, so its kind is known; text of any kind is served as text."""
        with path.open("rb") as opened:
            if opened.read(4) == b"PK\x03\x04":
                return XLSX
        ending = name.rpartition(".")[2].lower()
        known = ENDINGS.get(kind, ("txt",))
        return "text/csv" if kind == "table" else "text/plain", ending if ending in known else known[0]

    return store(actor, case, file.name, file.pieces(), limit=LIMIT, typed=typed)


def _seen(actor: Any, thing: Case) -> Case:
    """Return the case as the database has it; who does not see it is refused."""
    require_seen(actor, thing)
    return locked(thing)


def _ended(case: Case) -> list[Problem]:
    if not case.ended:
        return []
    return [Problem("ended", msg("The case has ended; nothing is added to it."), msg("Register a new case."))]


@verb("hospital.set_reading", roles=EVERYBODY, scope=parties)
def set_reading(actor: Any, thing: MeasurementFile, **how: Any) -> MeasurementFile:
    """Say how a kept file is read: characteristic, unit, limits, target, subgroup, rules.

    A limit of None is no limit; what is not named stays. Another characteristic takes its own limits from the file,
    and loses the phases of the one before.
    """
    row = _file_seen(actor, thing)
    wrong = _ended(row.case) + _of_doctors(actor, row) + _wrong_reading({**_now(row), **how})
    if wrong:
        raise InputError(wrong)
    other = how.get("characteristic", row.characteristic) != row.characteristic
    if other:
        one = chosen(open_kept(row), how["characteristic"])
        how = own_reading(one) | how | {"characteristic": one.key[:KEY]}
    if other or how.get("subgroup", row.subgroup) != row.subgroup:
        how["phases"] = []
    return _changed(actor, row, "hospital.set_reading", how)


def _of_doctors(actor: Any, row: MeasurementFile) -> list[Problem]:
    """Once a doctor has set phases the effect is judged by them: the firm no longer moves the limits."""
    if not row.phases or treats(actor, row.case):
        return []
    what, remedy = msg("The doctors judge by this file now."), msg("Write in the consultation what is to be changed.")
    return [Problem("of_doctors", what, remedy)]


def _now(row: MeasurementFile) -> dict[str, Any]:
    return {key: getattr(row, key) for key in ("lower", "upper", "target", "subgroup", "rules")}


def _changed(actor: Any, row: MeasurementFile, name: str, changes: Mapping[str, Any]) -> MeasurementFile:
    for key, value in changes.items():
        setattr(row, key, value)
    row.save(update_fields=list(changes))
    numbers = {key: value for key, value in changes.items() if key in ("lower", "upper", "target", "subgroup", "rules")}
    record(actor, name, row, {"of": str(row.case)} | numbers)
    return row


def _file_seen(actor: Any, thing: MeasurementFile) -> MeasurementFile:
    row = MeasurementFile.objects.select_for_update(of=("self",)).select_related("attachment", "companion", "case")
    found = row.get(pk=thing.pk)
    _seen(actor, found.case)
    return found


def _wrong_reading(how: Mapping[str, Any]) -> list[Problem]:
    """Return what makes no sense in how a file is to be read."""
    unknown = set(how) - {"characteristic", "unit", "lower", "upper", "target", "subgroup", "rules"}
    if unknown:
        raise TypeError(f"not known: {sorted(unknown)}")
    found = []
    numbers = {key: how.get(key) for key in ("lower", "upper", "target")}
    for key, value in numbers.items():
        if value is not None and not math.isfinite(value):
            found.append(Problem("not_finite", msg("This is not a number."), place=key))
    low, high = numbers["lower"], numbers["upper"]
    if low is not None and high is not None and not low < high:
        found.append(Problem("limits", msg("The lower limit lies below the upper one."), place="lower"))
    size = how.get("subgroup")
    if size is not None and not 1 <= size <= MOST_SUBGROUP:
        what = msg("A subgroup has 1 to %(most)s readings.")
        found.append(Problem("subgroup", what, params={"most": MOST_SUBGROUP}, place="subgroup"))
    if how.get("rules") not in (None, "", *PROFILES):
        found.append(Problem("rules", msg("These rules are not known."), place="rules"))
    return found


@verb("hospital.set_phases", roles=DOCTORS, scope=parties)
def set_phases(actor: Any, thing: MeasurementFile, phases: Sequence[tuple[int, str]]) -> MeasurementFile:
    """Say where a new phase begins: the first point of each (counted from 1, not 1 itself) and what happened there.

    Each phase has limits of its own; nothing else changes.
    """
    row = _file_seen(actor, thing)
    wrong = _ended(row.case)
    starts = [start for start, _label in phases]
    if len(starts) > MOST_PHASES:
        what = msg("At most %(most)s phases can be told apart.")
        wrong.append(Problem("too_many_phases", what, params={"most": MOST_PHASES}, place="phases"))
    if any(start < 2 for start in starts) or len(set(starts)) < len(starts):
        what = msg("A phase begins after the first point, each at a point of its own.")
        wrong.append(Problem("phases", what, place="phases"))
    if wrong:
        raise InputError(wrong)
    row.phases = [{"start": start, "label": label.strip()[:80]} for start, label in sorted(phases)]
    row.save(update_fields=["phases"])
    record(actor, "hospital.set_phases", row, {"of": str(row.case), "starts": sorted(starts)})
    return row


@verb("hospital.choose_instrument", roles=DOCTORS, scope=parties)
def choose_instrument(
    actor: Any, thing: MeasurementFile, facts: Mapping[str, Any], instrument: str = "auto"
) -> MeasurementFile:
    """Keep what the doctor answered to the questions of the wizard, and the instrument that was chosen with them."""
    row = _file_seen(actor, thing)
    wrong = _ended(row.case)
    if instrument != "auto" and instrument not in INSTRUMENTS:
        wrong.append(Problem("instrument", msg("This instrument is not known."), place="instrument"))
    if wrong:
        raise InputError(wrong)
    row.facts, row.instrument = checked(facts), instrument
    row.save(update_fields=["facts", "instrument"])
    record(actor, "hospital.choose_instrument", row, {"of": str(row.case), "instrument": instrument})
    return row
