"""From reports with a day to counts by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.series.counts import Floats

Days = NDArray[np.datetime64]
THURSDAY = 4  # 1970-01-01 was a Thursday: Monday lies four days after


@dataclass(frozen=True)
class WeeklyCounts:
    """Distinct reports by series and week: ``counts`` (series, weeks), ``weeks`` the Monday of each week."""

    names: tuple[str, ...]
    weeks: Days
    counts: Floats

    def of(self, name: str) -> Floats:
        """The counts of one series."""
        return np.asarray(self.counts[self.names.index(name)])

    def week_of(self, day: str) -> int:
        """The column of the week that holds ``day``."""
        return int((mondays(np.array([day], dtype="datetime64[D]"))[0] - self.weeks[0]).astype(int)) // 7


def mondays(days: Days) -> Days:
    """The Monday of the week of each day.

    >>> mondays(np.array(["2020-10-18", "2020-10-19"], dtype="datetime64[D]"))
    array(['2020-10-12', '2020-10-19'], dtype='datetime64[D]')
    """
    number = days.astype("datetime64[D]").astype(np.int64)
    return np.asarray((number - (number - THURSDAY) % 7).astype("datetime64[D]"))


def weekly_counts(
    days: Sequence[str] | Days,
    reports: Sequence[str],
    names: Sequence[str],
    first: str | None = None,
    last: str | None = None,
    missing: Sequence[str] = (),
) -> WeeklyCounts:
    """Count distinct reports of each name in each week, from the first week to the last.

    ``days``, ``reports`` and ``names`` go together, one entry for each thing a report names: a report with two hazards
    has two entries and counts once for each. ``missing`` are days of weeks in which nobody could report: ``nan``.

    Raises
    ------
    InputError : lists of different lengths, or none

    >>> table = weekly_counts(["2024-01-02", "2024-01-03", "2024-01-09"], ["a", "a", "b"], ["lead", "lead", "lead"])
    >>> table.counts
    array([[1., 1.]])
    """
    same = len(days) == len(reports) == len(names) and len(days) > 0
    refuse([None if same else _uneven(len(days), len(reports), len(names))])
    day = np.asarray(days, dtype="datetime64[D]")
    monday = mondays(day)
    edge = mondays(np.array([first or str(day.min()), last or str(day.max())], dtype="datetime64[D]"))
    weeks = np.arange(edge[0], edge[1] + np.timedelta64(1, "D"), np.timedelta64(7, "D"))
    labels, series = np.unique(np.asarray(names), return_inverse=True)
    _, report = np.unique(np.asarray(reports), return_inverse=True)
    column = (monday - weeks[0]).astype(np.int64) // 7
    inside = (column >= 0) & (column < len(weeks))
    pairs = np.unique(np.stack([series, column, report])[:, inside], axis=1)
    counts = np.zeros((len(labels), len(weeks)))
    np.add.at(counts, (pairs[0], pairs[1]), 1.0)
    if len(missing):
        counts[:, np.isin(weeks, mondays(np.asarray(missing, dtype="datetime64[D]")))] = np.nan
    return WeeklyCounts(tuple(str(label) for label in labels), weeks, counts)


def _uneven(days: int, reports: int, names: int) -> Problem:
    return Problem(
        "uneven_columns",
        msg("There are %(days)s days, %(reports)s reports and %(names)s names."),
        msg("Give one of each for every thing a report names."),
        {"days": days, "reports": reports, "names": names},
        place="reports",
    )
