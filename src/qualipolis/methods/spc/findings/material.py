"""The readings put in order: subgroups, missing and censored values, times of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.findings.result import Remark

KINDS = ("measured", "units", "defects", "events")
HUGE, TINY = 1e100, 1e-100  # beyond and below which no number was measured
LARGEST = 50  # values of a subgroup; more at a time are no rational subgroup of a chart


@dataclass(frozen=True, eq=False)
class Material:
    """What there is to judge.

    ``values`` are all readings in order, NaN where missing; ``exact`` the same with NaN where only a limit is known;
    ``points`` is what charts take: the exact values, or (m, n) subgroups; ``times`` one for each point;
    ``firsts`` the first value of each point, None where each value is one.
    """

    values: Floats
    exact: Floats
    censored: NDArray[np.int8]
    points: Floats
    times: NDArray[Any] | None
    sizes: Floats | None
    remarks: tuple[Remark, ...]
    firsts: NDArray[np.intp] | None = None

    @property
    def grouped(self) -> bool:
        """Whether points are subgroups."""
        return self.points.ndim == 2

    @cached_property
    def flat(self) -> Floats:
        """The exact values that were measured."""
        return self.exact if not np.isnan(self.exact.sum()) else self.exact[~np.isnan(self.exact)]

    def since(self, point: int) -> Material:
        """Return what was read from a point on."""
        if point == 0:
            return self
        at = point if self.firsts is None else int(self.firsts[point])
        return replace(
            self, values=self.values[at:], exact=self.exact[at:], censored=self.censored[at:],
            points=self.points[point:], times=None if self.times is None else self.times[point:],
            sizes=None if self.sizes is None else self.sizes[at:],
            firsts=None if self.firsts is None else self.firsts[point:] - at,
        )  # fmt: skip


def material(
    values: ArrayLike,
    *,
    subgroups: int | ArrayLike | None,
    times: ArrayLike | None,
    sizes: ArrayLike | None,
    censored: ArrayLike | None,
    kind: str,
) -> Material:
    """Return the readings in order; what is wrong with the columns is told at once.

    Raises
    ------
    InputError
        Columns of different length, infinite values, an unknown kind, a size of subgroups that is none.
    """
    x = np.asarray(values, dtype=np.float64)
    columns = {"subgroups": subgroups, "times": times, "sizes": sizes, "censored": censored}
    wrong = _problems(x, {k: v for k, v in columns.items() if v is not None and np.ndim(v) > 0}, kind)
    if subgroups is not None and np.ndim(subgroups) == 0:
        wrong += _size_problem(subgroups)
    if wrong:
        raise InputError(wrong)
    if np.any((np.abs(x) < TINY) & (x != 0)):
        x = np.where(np.abs(x) < TINY, 0.0, x)
    marks = np.zeros(len(x), dtype=np.int8) if censored is None else np.asarray(censored, dtype=np.int8)
    exact = np.where(marks == 0, x, np.nan) if marks.any() else x
    when = None if times is None else np.asarray(times)
    units = None if sizes is None else np.broadcast_to(np.asarray(sizes, dtype=np.float64), x.shape)
    if kind != "measured" or subgroups is None:
        return Material(x, exact, marks, exact, when, units, ())
    points, firsts, remarks = _grouped(exact, subgroups)
    when = when if when is None else when[firsts]
    return Material(x, exact, marks, points, when, units, remarks, firsts if points.ndim == 2 else None)


def _problems(x: Floats, columns: dict[str, Any], kind: str) -> list[Problem]:
    if x.ndim != 1:
        what = msg("Give the values as one column, in the order of time.")
        return [Problem("not_a_column", what, place="values")]
    wrong = []
    for name, column in columns.items():
        if len(column) != len(x):
            what = msg("The column %(name)s has %(found)s entries for %(n)s values.")
            wrong.append(Problem("columns", what, "", {"name": name, "found": len(column), "n": len(x)}, name))
    if np.isinf(x).any():
        what, remedy = msg("Value %(n)s is not a number."), msg("Leave it empty when it is missing.")
        wrong.append(Problem("not_finite", what, remedy, {"n": int(np.flatnonzero(np.isinf(x))[0]) + 1}, "values"))
    elif len(x) and max(np.nanmax(x, initial=0.0), -np.nanmin(x, initial=0.0)) > HUGE:
        what = msg("A value is larger than any measurement can be.")
        wrong.append(
            Problem("huge", what, msg("Look for a fault in the file, or choose another unit."), place="values")
        )
    if kind not in KINDS:
        what = msg("%(value)s is no answer here; known are %(known)s.")
        wrong.append(Problem("unknown_kind", what, "", {"value": kind, "known": ", ".join(KINDS)}, "kind"))
    return wrong


def _size_problem(size: Any) -> list[Problem]:
    if int(size) == size and 1 <= size <= LARGEST:
        return []
    what = msg("A subgroup has from 1 to %(most)s values.")
    return [Problem("bad_size", what, "", {"most": LARGEST}, "subgroups")]


def _grouped(x: Floats, subgroups: int | ArrayLike) -> tuple[Floats, NDArray[np.intp], tuple[Remark, ...]]:
    """Return points, the first value of each, and remarks; single values where the ids make no subgroups."""
    if np.ndim(subgroups) == 0:
        n = int(subgroups)  # type: ignore[arg-type]
        whole = len(x) // n
        if n == 1 or whole < 2:
            return x, np.arange(len(x)), ()
        left = len(x) - whole * n
        what = msg("Values at the end that do not fill a subgroup of %(size)s: %(left)s. They stand on no chart.")
        remarks = (Remark("rest", what, {"left": left, "size": n}),) if left else ()
        return x[: whole * n].reshape(whole, n), np.arange(whole) * n, remarks
    return _by_id(x, np.asarray(subgroups))


def _by_id(x: Floats, ids: NDArray[Any]) -> tuple[Floats, NDArray[np.intp], tuple[Remark, ...]]:
    firsts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]])) if len(ids) else np.zeros(0, dtype=np.intp)
    sizes = np.diff(np.concatenate([firsts, [len(x)]]))
    if not len(sizes) or sizes.max() == 1:
        return x, np.arange(len(x)), ()
    if sizes.max() > LARGEST or len(sizes) < 2:
        what = msg("A subgroup in the file has %(size)s values, too many for one point: each value is a point.")
        return x, np.arange(len(x)), (Remark("large_subgroups", what, {"size": int(sizes.max())}),)
    if sizes.min() == sizes.max():
        return x.reshape(len(sizes), -1), firsts, ()
    table = np.full((len(sizes), int(sizes.max())), np.nan)
    row = np.repeat(np.arange(len(sizes)), sizes)
    table[row, np.arange(len(x)) - firsts[row]] = x
    return table, firsts, ()


def phases_of(phases: Sequence[tuple[int, str]], points: int) -> tuple[tuple[int, int, str], ...]:
    """Return (start, stop, label) of every phase over all points; the first begins at point 0.

    >>> phases_of([(20, "after")], 30)
    ((0, 20, ''), (20, 30, 'after'))
    """
    given = sorted((int(start), str(label)) for start, label in phases)
    starts = [start for start, _ in given]
    if any(not 0 <= start < max(points, 1) for start in starts) or len(set(starts)) < len(starts):
        what = msg("Each phase starts at a point of its own, from 0 to %(last)s.")
        raise InputError([Problem("bad_phases", what, "", {"last": max(points - 1, 0)}, "phases")])
    if not starts or starts[0] > 0:
        given = [(0, ""), *given]
    stops = [start for start, _ in given[1:]] + [points]
    return tuple((start, stop, label) for (start, label), stop in zip(given, stops, strict=True))
