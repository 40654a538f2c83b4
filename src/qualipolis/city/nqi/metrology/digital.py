"""Digital calibration certificates: read with bounds, checked against the instrument, their signature never called genuine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualipolis.city.nqi.metrology.models import Instrument
from qualipolis.lake.factory.bounds import Bounds
from qualipolis.lake.factory.dcc import PRESENT
from qualipolis.lake.factory.measurements import Certificate, Characteristic, Measurements
from qualipolis.lake.factory.reading import read_measurements
from qualipolis.methods.problems import InputError, Problem, msg

LIMIT = 4 << 20
MOST_ROWS = 200
BOUNDS = Bounds(values=200_000, characteristics=2_000, markup_bytes=LIMIT, markup_elements=200_000)
SIGNED = {True: msg("signed, the signature was not verified"), False: msg("not signed")}


@dataclass(frozen=True)
class Read:
    """What a certificate said, kept with the verification, and what does not fit the instrument."""

    digital: dict[str, Any]
    performed_on: date | None
    identifier: str
    problems: tuple[Problem, ...]


def read(data: bytes, name: str, instrument: Instrument, languages: tuple[str, ...] = ("zh", "en")) -> Read:
    """Read a digital calibration certificate for an instrument.

    Raises
    ------
    InputError
        The file is too large, is no digital calibration certificate, or cannot be read.
    """
    if len(data) > LIMIT:
        what = msg("The file %(name)s is larger than %(limit)s MB.")
        raise InputError([Problem("too_large", what, "", {"name": name, "limit": LIMIT >> 20})])
    found = read_measurements(data, name=name, languages=languages, bounds=BOUNDS)
    if found.certificate is None:
        raise InputError([Problem("no_dcc", msg("This is no digital calibration certificate."))])
    said = found.certificate
    return Read(
        _kept(found, said), _day(said.end or said.begin), said.identifier[:80], tuple(_doubts(found, said, instrument))
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _kept(found: Measurements, said: Certificate) -> dict[str, Any]:
    """Return what is kept of a certificate, bounded; the file itself is kept too."""
    parts = [
        {"number": one.number[:80], "name": one.name[:120], "maker": one.manufacturer[:120]} for one in found.parts[:20]
    ]
    rows = [row for one in found.characteristics for row in _rows(one)]
    return {
        "identifier": said.identifier[:80], "laboratory": said.laboratory[:160], "schema": said.schema[:20],
        "begin": said.begin[:10], "end": said.end[:10], "signed": said.signature == PRESENT,
        "sha256": found.origin.sha256, "methods": [one[:160] for one in said.methods[:10]],
        "statements": [one[:300] for one in said.statements[:10]], "parts": parts, "rows": rows[:MOST_ROWS], "all_rows": len(rows),
    }  # fmt: skip


def _rows(one: Characteristic) -> list[dict[str, Any]]:
    read = one.readings
    return [
        {
            "name": one.name[:120], "unit": one.unit[:40], "value": _number(read.value[i]),
            "uncertainty": _number(read.uncertainty[i]) if read.uncertainty is not None else None,
            "k": _number(read.coverage[i]) if read.coverage is not None else None,
            "inside": _inside(one, i),
        }
        for i in range(min(len(read.value), MOST_ROWS))
    ]  # fmt: skip


def _number(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None


def _inside(one: Characteristic, i: int) -> bool | None:
    """Whether a value lies within the acceptance limits of the certificate; None where it gives none."""
    read = one.readings
    low = read.lower[i] if read.lower is not None else one.lower
    high = read.upper[i] if read.upper is not None else one.upper
    value = float(read.value[i])
    if (low is None and high is None) or not math.isfinite(value):
        return None
    return (low is None or value >= low) and (high is None or value <= high)


def _doubts(found: Measurements, said: Certificate, instrument: Instrument) -> list[Problem]:
    """Return what a person must look at: another serial number, no identifier, no day, a value outside its limits."""
    numbers = {_plain(one.number) for one in found.parts if one.number}
    doubts = []
    if not numbers or _plain(instrument.serial_no) not in numbers:
        what = msg("The certificate names the serial number %(theirs)s, the ledger %(ours)s.")
        told = {"theirs": "、".join(sorted(numbers))[:120] or "—", "ours": instrument.serial_no}
        doubts.append(Problem("other_serial", what, "", told, "file"))
    if not said.identifier:
        doubts.append(Problem("no_identifier", msg("The certificate has no number of its own."), "", {}, "file"))
    if _day(said.end or said.begin) is None:
        doubts.append(Problem("no_day", msg("The certificate does not say on which day it was made."), "", {}, "file"))
    return doubts


def _plain(text: str) -> str:
    return "".join(text.upper().split())
