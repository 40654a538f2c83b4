"""What every detector takes and gives: counts in time, missing weeks as missing, and alarms in the shape of the counts.

Counts are arrays whose LAST axis is time: ``(weeks,)`` or ``(series, weeks)``. ``nan`` is a week nobody reported on; it
is never read as zero. A week is judged from the weeks before it alone: no detector here looks ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Alarms:
    """What a detector says of every week.

    All arrays have the shape of the counts; ``nan`` where the detector says nothing (before ``start``, a missing week,
    too few cases). ``upperbound`` (reports a week) is the bound a count
    must exceed to be an alarm, or reach (CUSUM, GLR), ``expected`` the count
    the past leads to, ``score`` how far beyond (1 lies on the bound; for CUSUM the sum itself, for EARS standard
    deviations), ``p_value`` the chance of a count as large or larger where the method states one.
    """

    method: str
    upperbound: Floats
    expected: Floats
    score: Floats
    p_value: Floats
    alarm: Bools
    start: int
    parameters: Mapping[str, object] = field(default_factory=dict)
    detail: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def judged(self) -> Bools:
        """Weeks that have a verdict, alarm or not."""
        return ~np.isnan(self.upperbound)

    @property
    def n_alarms(self) -> int:
        """Number of weeks with an alarm, over all series."""
        return int(self.alarm.sum())

    def to_frame(self) -> Any:
        """One row for each series and judged week, both from 0, as a Polars frame.

        >>> from qualipolis.methods.signal.series import bayes
        >>> bayes([1, 0, 2, 1, 1, 0, 6]).to_frame().columns
        ['series', 'week', 'upperbound', 'expected', 'score', 'p_value', 'alarm']
        """
        import polars as pl

        series, week = np.nonzero(np.atleast_2d(self.judged))
        names = ("upperbound", "expected", "score", "p_value", "alarm")
        columns = {name: np.atleast_2d(getattr(self, name))[series, week] for name in names}
        return pl.DataFrame({"series": series, "week": week, **columns})

    def __str__(self) -> str:
        series = 1 if self.alarm.ndim == 1 else self.alarm.shape[0]
        return f"{self.method}: {self.n_alarms} alarms in {int(self.judged.sum())} judged weeks of {series} series"


def count_matrix(counts: ArrayLike, what: str = "counts") -> tuple[Floats, bool]:
    """Return the counts as ``(series, weeks)`` and whether they came as one series; refuse what is no count."""
    try:
        table = np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError):  # words, or rows of different length
        table = np.empty(0)
    problems: list[Problem | None] = []
    if table.ndim not in (1, 2) or table.size == 0:
        problems.append(
            Problem(
                "no_counts",
                msg("There are no counts in time."),
                msg("Give one row for each series and one column for each week."),
                place=what,
            )
        )
        refuse(problems)
    single = table.ndim == 1
    table = np.atleast_2d(table)
    bad = (table < 0) | np.isinf(table)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        problems.append(
            Problem(
                "bad_count",
                msg("The count %(value)s of series %(series)s in week %(week)s is no number of reports."),
                msg("Give 0 or more; leave a week that was not reported empty."),
                {"value": table[row, column], "series": int(row) + 1, "week": int(column) + 1},
                place=what,
            )
        )
    refuse(problems)
    return table, single


def whole(name: str, value: object, least: int, most: float = np.inf) -> Problem | None:
    """A problem when ``value`` is no whole number in ``[least, most]``."""
    given = float(value) if isinstance(value, int | float | np.number) else np.nan
    if given == np.floor(given):
        return number(name, given, least, most)
    return Problem(
        "no_whole_number",
        msg("%(name)s is %(value)s."),
        msg("Give a whole number."),
        {"name": name, "value": value},
        place=name,
    )


def number(name: str, value: float, least: float, most: float = np.inf) -> Problem | None:
    """A problem when ``value`` does not lie in ``[least, most]``."""
    if np.isfinite(value) and least <= value <= most:
        return None
    return Problem(
        "bad_setting",
        msg("%(name)s is %(value)s."),
        msg("Give a number from %(least)s to %(most)s."),
        {"name": name, "value": value, "least": least, "most": most},
        place=name,
    )


def open_share(name: str, value: float) -> Problem | None:
    """A problem when ``value`` is no probability between 0 and 1, both excluded."""
    if 0 < value < 1:
        return None
    return Problem(
        "bad_probability",
        msg("%(name)s is %(value)s."),
        msg("Give a probability above 0 and below 1."),
        {"name": name, "value": value},
        place=name,
    )


def long_enough(weeks: int, start: int) -> Problem | None:
    """A problem when no week is left to judge."""
    if 0 <= start < weeks:
        return None
    return Problem(
        "too_short",
        msg("The series has %(weeks)s weeks, and the first that could be judged is week %(first)s."),
        msg("Give a longer history, or settings that need less of it."),
        {"weeks": weeks, "first": start + 1},
        place="counts",
    )


def of_shape(values: Floats, single: bool) -> Floats:
    """The result in the shape the counts came in."""
    return values[0] if single else values


def blank(table: Floats) -> Floats:
    """An array of nothing in the shape of the table."""
    return np.full(table.shape, np.nan)


def alarms(
    method: str,
    table: Floats,
    single: bool,
    start: int,
    upperbound: Floats,
    *,
    alarm: Bools | None = None,
    expected: Floats | None = None,
    score: Floats | None = None,
    p_value: Floats | None = None,
    parameters: Mapping[str, object] | None = None,
    detail: Mapping[str, Floats] | None = None,
) -> Alarms:
    """Put a result together; the alarm is a count above the bound unless it is given."""
    with np.errstate(invalid="ignore"):
        above = table > upperbound if alarm is None else alarm
    parts = [expected, score, p_value]
    filled = [of_shape(blank(table) if part is None else part, single) for part in parts]
    return Alarms(
        method,
        of_shape(upperbound, single),
        filled[0],
        filled[1],
        filled[2],
        above[0] if single else above,
        start,
        dict(parameters or {}),
        {name: of_shape(values, single) for name, values in (detail or {}).items()},
    )
