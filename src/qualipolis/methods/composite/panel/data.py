"""Panel data: time is an axis, beside units and indicators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.problems import InputError, Problem, msg

Time = int | str
TIME, UNIT = "time", "unit"
"""Names of the two groupings that the stacked data carry."""


@dataclass(frozen=True, eq=False, repr=False)
class PanelData:
    """Values of units on indicators over time.

    Parameters
    ----------
    times : in rising order, unique: all years as int, or all periods as text (then only their order counts)
    units, codes : unique
    values : (times, units, codes), missing as NaN
    present : (times, units) whether the unit is in the panel at that time; None: where it has any value
    names : unit -> name
    groups : grouping -> (times, units) or (units,) group of each unit
    denominators : denominator -> (times, units) or (units,)

    Raises InputError with every problem: a shape, times out of order, a time with nobody in it, what a year's data refuse.

    >>> panel = PanelData((2023, 2024), ("u", "v"), ("a",), [[[1], [2]], [[3], [np.nan]]])
    >>> panel, panel.year(2024).units
    (PanelData(2 times, 2 units, 1 indicators, 3 unit-times), ('u',))
    """

    times: tuple[Time, ...]
    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: Floats
    present: NDArray[np.bool_]
    names: Mapping[str, str]
    groups: Mapping[str, NDArray[np.object_]]
    denominators: Mapping[str, Floats]

    def __init__(
        self,
        times: Sequence[Time],
        units: Sequence[str],
        codes: Sequence[str],
        values: ArrayLike,
        present: ArrayLike | None = None,
        names: Mapping[str, str] | None = None,
        groups: Mapping[str, ArrayLike] | None = None,
        denominators: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        table = np.array(values, dtype=np.float64)
        shape = (len(times), len(units))
        errors = list(_problems(tuple(times), tuple(units), tuple(codes), table))
        errors += list(_part_problems(shape, {**(groups or {}), **(denominators or {})}))
        if errors:
            raise InputError(errors)
        here = ~np.isnan(table).all(axis=2) if present is None else np.array(present, dtype=bool)
        below = {k: _wide(np.asarray(v, dtype=np.float64), shape) for k, v in (denominators or {}).items()}
        found = {k: _wide(np.asarray(v, dtype=object), shape) for k, v in (groups or {}).items()}
        errors = list(_presence_problems(tuple(times), here, shape))
        if errors:
            raise InputError(errors)
        parts = (
            tuple(times),
            tuple(units),
            tuple(codes),
            _sealed(table),
            _sealed(here),
            dict(names or {}),
            found,
            below,
        )
        for name, value in zip(self.__dataclass_fields__, parts, strict=True):
            object.__setattr__(self, name, value)
        _ = self.stacked

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, Any]],
        codes: Sequence[str],
        time: str = "time",
        unit: str = "unit",
        name: str | None = None,
        groups: Sequence[str] = (),
        denominators: Sequence[str] = (),
    ) -> PanelData:
        """Build a panel from one row for each unit and time; units and times that have no row are absent.

        A cell that is None, empty or NaN is missing. Times are sorted: as numbers when all are whole numbers, else as
        text. Raises InputError for a unit that stands twice at a time, or a cell that is no number.

        >>> rows = [{"time": 2024, "unit": "u", "a": 1.0}, {"time": 2023, "unit": "u", "a": None}]
        >>> PanelData.from_rows(rows, ("a",)).times
        (2023, 2024)
        """
        from qualipolis.methods.composite.panel.reading import panel_from_rows

        return panel_from_rows(list(rows), codes, (time, unit, name), groups, denominators)

    @classmethod
    def from_long(cls, rows: Iterable[tuple[Time, str, str, float | None]]) -> PanelData:
        """Build a panel from (time, unit, indicator, value), one for each cell.

        Raises InputError for a cell that stands twice.

        >>> PanelData.from_long([(2023, "u", "a", 1.0), (2024, "u", "a", 2.0)]).values.ravel().tolist()
        [1.0, 2.0]
        """
        from qualipolis.methods.composite.panel.reading import panel_from_long

        return panel_from_long(list(rows))

    def year(self, time: Time) -> IndicatorData:
        """Return the data of the units present at one time; InputError for an unknown time."""
        t = self.position(time)
        at = np.flatnonzero(self.present[t])
        return IndicatorData(
            [self.units[k] for k in at],
            self.codes,
            self.values[t, at],
            self.names,
            {name: labels[t, at].tolist() for name, labels in self.groups.items()},
            {name: column[t, at] for name, column in self.denominators.items()},
        )

    @cached_property
    def stacked(self) -> IndicatorData:
        """All unit-times as rows, ``unit@time``, time by time, with the groupings ``time`` and ``unit``."""
        rows = self.rows
        codes = [key(self.units[u], self.times[t]) for t, u in rows]
        at = rows.T[0], rows.T[1]
        groups = {name: labels[at].tolist() for name, labels in self.groups.items()}
        groups |= {TIME: [str(self.times[t]) for t, _ in rows], UNIT: [self.units[u] for _, u in rows]}
        names = {
            code: self.names[self.units[u]]
            for code, (_, u) in zip(codes, rows, strict=True)
            if self.units[u] in self.names
        }
        below = {name: column[at] for name, column in self.denominators.items()}
        return IndicatorData(codes, self.codes, self.values[at], names, groups, below)

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """(rows of ``stacked``, 2): positions in times and units."""
        return np.argwhere(self.present)

    @cached_property
    def moments(self) -> Floats:
        """The times as numbers, for slopes and straight lines: the years themselves, or 0, 1, 2 ... for text."""
        if all(isinstance(time, int) for time in self.times):
            return np.array(self.times, dtype=np.float64)
        return np.arange(len(self.times), dtype=np.float64)

    def position(self, time: Time) -> int:
        """Return the place of a time; InputError for an unknown one."""
        if time not in self.times:
            raise InputError([_unknown_time(time, self.times)])
        return self.times.index(time)

    def unit_position(self, unit: str) -> int:
        """Return the place of a unit; InputError for an unknown one."""
        if unit not in self.units:
            text = msg("The panel has no unit %(name)s.")
            raise InputError([Problem("unknown_unit", text, msg("Use one that is there."), {"name": unit})])
        return self.units.index(unit)

    def with_values(self, values: Floats) -> PanelData:
        """Return the panel with other values and the same presence."""
        return PanelData(
            self.times, self.units, self.codes, values, self.present, self.names, self.groups, self.denominators
        )

    def movements(self) -> tuple[Problem, ...]:
        """Return, as warnings, which units enter, leave or skip a time, and that one time alone has no change."""
        return tuple(_movements(self))

    def __repr__(self) -> str:
        sizes = f"{len(self.times)} times, {len(self.units)} units, {len(self.codes)} indicators"
        return f"PanelData({sizes}, {int(self.present.sum())} unit-times)"


def key(unit: str, time: Time) -> str:
    """Return the code of a unit at a time in stacked data.

    >>> key("u", 2024)
    'u@2024'
    """
    return f"{unit}@{time}"


def _wide(array: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
    out = np.broadcast_to(array, shape).copy()
    out.setflags(write=False)
    return out


def _sealed(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array


def _problems(
    times: tuple[Time, ...], units: tuple[str, ...], codes: tuple[str, ...], values: Floats
) -> Iterator[Problem]:
    expected = (len(times), len(units), len(codes))
    if not all(expected):
        yield Problem(
            "empty_panel", msg("The panel has no times, units or indicators."), msg("Give at least one of each.")
        )
    if values.shape != expected:
        yield _shape("values", values.shape, expected)
    whole = all(isinstance(time, int) for time in times)
    mixed = not whole and any(isinstance(time, int) for time in times)
    if mixed or (not mixed and any(a >= b for a, b in pairwise(times))):  # type: ignore[operator]
        yield Problem(
            "bad_times",
            msg("The times %(times)s are not in rising order, or mix numbers and text."),
            msg("Give each time once, from the earliest to the latest, all as years or all as text."),
            {"times": ", ".join(map(str, times))},
        )
    for what, names in (("unit", units), ("indicator", codes)):
        for name, count in Counter(names).items():
            if count > 1:
                text = msg("The unit %(name)s appears %(count)s times.")
                other = msg("The indicator %(name)s appears %(count)s times.")
                params = {"name": name, "count": count}
                yield Problem(f"duplicate_{what}", text if what == "unit" else other, msg("Keep one of them."), params)


def _part_problems(shape: tuple[int, int], parts: Mapping[str, ArrayLike]) -> Iterator[Problem]:
    for name, part in parts.items():
        found = np.asarray(part, dtype=object).shape
        if found not in (shape, shape[1:]):
            yield _shape(name, found, shape)


def _presence_problems(
    times: tuple[Time, ...], present: NDArray[np.bool_], shape: tuple[int, int]
) -> Iterator[Problem]:
    if present.shape != shape:
        yield _shape("present", present.shape, shape)
        return
    for time, here in zip(times, present, strict=True):
        if not here.any():
            yield Problem(
                "empty_time",
                msg("There is no unit with data at %(time)s."),
                msg("Leave that time out or complete its data."),
                {"time": time},
                place=f"DATA {time}",
            )


def _movements(panel: PanelData) -> Iterator[Problem]:
    if len(panel.times) == 1:
        text, remedy = msg("The panel has one time only: there is no change to speak of."), msg("Add another time.")
        yield Problem("one_time", text, remedy, severity="warning")
    words = {
        "enters": msg("%(unit)s enters at %(time)s: before that it has no rank."),
        "leaves": msg("%(unit)s is last in the panel at %(time)s."),
        "skips": msg("%(unit)s has no data at %(time)s, between times at which it has."),
    }
    remedy = msg("Ranks of different times are among different units: compare scores.")
    for u, unit in enumerate(panel.units):
        here: list[int] = np.flatnonzero(panel.present[:, u]).tolist()
        if not here:
            continue
        found = [("enters", here[0])] if here[0] > 0 else []
        found += [("leaves", here[-1])] if here[-1] < len(panel.times) - 1 else []
        found += [("skips", t) for t in range(here[0], here[-1]) if t not in here]
        for what, t in found:
            params = {"unit": unit, "time": panel.times[t]}
            yield Problem(f"unit_{what}", words[what], remedy, params, place=f"DATA {unit}", severity="warning")


def _shape(name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> Problem:
    text = msg("%(name)s has shape %(shape)s where %(wanted)s is expected.")
    remedy = msg("Give one value for each time and unit.")
    return Problem("wrong_shape", text, remedy, {"name": name, "shape": shape, "wanted": wanted}, place=f"DATA {name}")


def _unknown_time(time: Time, times: tuple[Time, ...]) -> Problem:
    known = {"time": time, "known": ", ".join(map(str, times))}
    return Problem("unknown_time", msg("The panel has no time %(time)s."), msg("Use one of: %(known)s."), known)
