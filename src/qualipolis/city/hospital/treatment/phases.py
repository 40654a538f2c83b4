"""Where the numbers of a proof come from: two phases of a measurement file, two examinations, pasted values, or counts.

Each source gives the values before and after in the order of time, how many days lie between, and where they stand so that
anybody can look them up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.city.hospital.measurements.study import series_of as readings_of
from qualipolis.city.hospital.models import Case, Examination, MeasurementFile
from qualipolis.methods.problems import InputError, Problem, msg

Floats = NDArray[np.float64]
MOST_VALUES = 2000


@dataclass(frozen=True, eq=False)
class Series:
    """Values before and after, with the specification; ``first_after`` and ``last_before`` are days if the source knows."""

    before: Floats
    after: Floats
    lower: float | None = None
    upper: float | None = None
    unit: str = ""
    last_before: date | None = None
    first_after: date | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    measurements: MeasurementFile | None = None


@dataclass(frozen=True)
class Counts:
    """Events and units before and after: nonconforming pieces among those looked at, or defects on units."""

    before: tuple[float, float]
    after: tuple[float, float]
    first_after: date | None = None
    last_before: date | None = None
    origin: Mapping[str, Any] = field(default_factory=lambda: {"kind": "counts"})
    measurements: MeasurementFile | None = None


@dataclass(frozen=True)
class OfFile:
    """Phases of a measurement file by their number from 0 on."""

    file: MeasurementFile
    before: int = 0
    after: int = 1


@dataclass(frozen=True)
class OfExaminations:
    """The same item in examinations before and after."""

    item: str
    before: Examination
    after: Examination


@dataclass(frozen=True)
class Pasted:
    """Values that the expert pasted, in the order of time; they are kept with the proof."""

    before: tuple[float, ...]
    after: tuple[float, ...]
    lower: float | None = None
    upper: float | None = None


Source = OfFile | OfExaminations | Pasted | Counts


def series_of(case: Case, source: Source) -> Series | Counts:
    """Return the numbers of a source; everything that belongs to another case is refused."""
    if isinstance(source, Counts):
        return source
    if isinstance(source, Pasted):
        return _pasted(source)
    return _of_file(case, source) if isinstance(source, OfFile) else _of_examinations(case, source)


def _problem(code: str, what: str, place: str = "", **params: object) -> InputError:
    return InputError([Problem(code, what, "", params, place)])


def _pasted(source: Pasted) -> Series:
    for place in ("before", "after"):
        values = getattr(source, place)
        if len(values) > MOST_VALUES:
            what = msg("At most %(most)s values can be pasted; hand in a file for more.")
            raise _problem("too_many_values", what, place, most=MOST_VALUES)
    origin = {"kind": "pasted"}
    return Series(np.array(source.before), np.array(source.after), source.lower, source.upper, origin=origin)


def _of_examinations(case: Case, source: OfExaminations) -> Series:
    if source.before.case_id != case.pk or source.after.case_id != case.pk:
        raise _problem("other_case", msg("This examination belongs to another case."))
    days = source.before.reported_on, source.after.reported_on
    if None in days or source.before.pk == source.after.pk:
        raise _problem("not_reported", msg("Choose two examinations that are reported, one before and one after."))
    values = [_reading(one, source.item) for one in (source.before, source.after)]
    unit = next((str(item.get("unit", "")) for item in source.after.items if item.get("name") == source.item), "")
    origin = {"kind": "examinations", "item": source.item, "before": source.before.number, "after": source.after.number}
    return Series(
        values[0], values[1], unit=unit, last_before=days[0], first_after=source.after.ordered_on, origin=origin
    )


def _reading(examination: Examination, item: str) -> Floats:
    for reading in examination.readings:
        if reading.get("item") == item:
            return np.array(reading.get("values") or [], dtype=np.float64)
    raise _problem(
        "no_item", msg("The examination %(number)s has no item %(item)s."), number=str(examination), item=item
    )


def _of_file(case: Case, source: OfFile) -> Series | Counts:
    file = source.file
    if file.case_id != case.pk:
        raise _problem("other_case", msg("This file belongs to another case."))
    if not 0 <= source.before < source.after <= len(file.phases):
        what = msg("The file has %(n)s phases: choose one before and a later one after the treatment.")
        raise _problem("no_phases", what, "after", n=len(file.phases) + 1)
    read = readings_of(file)
    starts = [0, *(read.reading_at(int(one["start"]) - 1) for one in file.phases), len(read.value)]
    (a, b), (c, d) = (slice_of(starts, number) for number in (source.before, source.after))
    origin = {"kind": "file", "file": file.pk, "characteristic": read.name,
              "before": [a + 1, b], "after": [c + 1, d]}  # fmt: skip
    ends = {"last_before": _day(read.times, a, b, last=True), "first_after": _day(read.times, c, d)}
    if read.kind != "measured":
        found = (_counted(read, a, b), _counted(read, c, d))
        return Counts(*found, **ends, origin=origin, measurements=file)
    if (read.censored[a:b] != 0).any() or (read.censored[c:d] != 0).any():
        raise _problem(
            "censored", msg("The phases hold values that are only known to lie beyond a limit (<x): give counts.")
        )
    points = [_points(read, file, *ends_of) for ends_of in ((a, b), (c, d))]
    unit = file.unit or read.unit
    return Series(points[0], points[1], file.lower, file.upper, unit, **ends, origin=origin, measurements=file)


def slice_of(starts: list[int], number: int) -> tuple[int, int]:
    """Return the first reading of a phase and the one after its last.

    >>> slice_of([0, 20, 36], 1)
    (20, 36)
    """
    return starts[number], max(starts[number], starts[number + 1])


def phase_names(file: MeasurementFile) -> Iterator[tuple[int, str]]:
    """Yield the number and name of the phases of a file; the first has no name of its own."""
    yield 0, ""
    for number, one in enumerate(file.phases, 1):
        yield number, str(one.get("label", ""))


def _points(read: Any, file: MeasurementFile, start: int, end: int) -> Floats:
    """Return the readings of a phase in its order: single values, or one row for each subgroup."""
    values: Floats = read.value[start:end]
    size = file.subgroup or 1
    if size == 1:
        return values
    labelled = read.subgroups is not None and read.size == size
    if labelled:
        turns = np.concatenate([[0], np.cumsum(np.diff(read.subgroups[start:end]) != 0)])[: len(values)]
    else:
        turns = np.arange(len(values)) // size
    firsts = np.searchsorted(turns, turns)
    found = np.full((int(turns[-1]) + 1 if len(turns) else 0, size), np.nan)
    inside = np.arange(len(values)) - firsts < size
    found[turns[inside], (np.arange(len(values)) - firsts)[inside]] = values[inside]
    return found


def _counted(read: Any, start: int, end: int) -> tuple[float, float]:
    """Return events and units of a phase of counted data."""
    if read.inspected is None:
        raise _problem("no_units", msg("The file does not say how many units were looked at: give the counts."))
    events, units = read.value[start:end], read.inspected[start:end]
    known = ~np.isnan(events) & ~np.isnan(units)
    return float(events[known].sum()), float(units[known].sum())


def _day(days: Any, start: int, end: int, *, last: bool = False) -> date | None:
    if days is None or end <= start:
        return None
    known = days[start:end]
    known = known[~np.isnat(known)]
    if not len(known):
        return None
    found: date = (known.max() if last else known.min()).astype("datetime64[D]").item()
    return found
