"""Terms in calendar and working days, with China's public holidays and make-up workdays (调休).

The day that starts a term is not counted. A term in calendar days that would end on a day off ends on the next working
day. The holidays come from the State Council's yearly notices as the ``chinesecalendar`` package has them; outside its
years only weekends are known, and the date is marked provisional with words to say so.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import chinese_calendar

from qualipolis.methods.problems import msg

DayUnit = Literal["working", "calendar"]
Pause = tuple[dt.date, dt.date]

FIRST_YEAR: int = min(chinese_calendar.constants.holidays).year
LAST_YEAR: int = max(chinese_calendar.constants.holidays).year
PROVISIONAL = msg(
    "The public holidays of that year are not in the table yet: only weekends were counted, and the date is provisional."
)
_MOST = 3_660


@dataclass(frozen=True)
class Deadline:
    """The last day of a term. ``provisional`` when a holiday notice that matters is not known; ``note`` says so."""

    due: dt.date
    provisional: bool = False
    note: str = ""


def is_known(day: dt.date) -> bool:
    """Return whether the holiday notice for the year of ``day`` is in the table."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def is_working_day(day: dt.date) -> bool:
    """Return whether offices work on ``day``; outside the table every Monday to Friday.

    >>> is_working_day(dt.date(2026, 10, 10)), is_working_day(dt.date(2026, 10, 7))  # a make-up Saturday; a holiday
    (True, False)
    """
    return bool(chinese_calendar.is_workday(day)) if is_known(day) else day.weekday() < 5


def add_days(start: dt.date, n: int, unit: DayUnit, paused: Sequence[Pause] = ()) -> Deadline:
    """Return the last day of a term of ``n`` days that begins after ``start``.

    Parameters
    ----------
    start : the day that starts the term; it is not counted
    n : length, 0 to 3,660 days
    unit : "working" or "calendar"
    paused : intervals (first day, last day), both not counted

    >>> add_days(dt.date(2026, 9, 30), 7, "working").due
    datetime.date(2026, 10, 15)
    >>> add_days(dt.date(2026, 9, 16), 15, "calendar").due  # 1 October is a holiday
    datetime.date(2026, 10, 8)
    """
    if unit not in ("working", "calendar") or not 0 <= n <= _MOST:
        raise ValueError(f"a term is 0 to {_MOST} working or calendar days, not {n} {unit}")
    day, left, known = start, n, is_known(start) or n == 0
    while left:
        day += dt.timedelta(days=1)
        known = known and is_known(day)
        stands = any(first <= day <= last for first, last in paused)
        left -= 0 if stands or (unit == "working" and not is_working_day(day)) else 1
    while unit == "calendar" and not is_working_day(day):
        day += dt.timedelta(days=1)
    known = known and is_known(day)
    return Deadline(day, not known, "" if known else PROVISIONAL)


def add_months(start: dt.date, n: int) -> dt.date:
    """Return the same day ``n`` months later, or the last day of that month when it has no such day; it never rolls.

    >>> add_months(dt.date(2026, 8, 31), 6), add_months(dt.date(2024, 2, 29), 12)
    (datetime.date(2027, 2, 28), datetime.date(2025, 2, 28))
    """
    if not 0 <= n <= _MOST // 30:
        raise ValueError(f"a term is 0 to {_MOST // 30} months, not {n}")
    year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last))


def working_days_between(first: dt.date, last: dt.date) -> int:
    """Return how many working days follow ``first`` up to and with ``last``; negative when ``last`` is earlier.

    >>> working_days_between(dt.date(2026, 9, 30), dt.date(2026, 10, 15))
    7
    """
    if last < first:
        return -working_days_between(last, first)
    days = (first + dt.timedelta(days=i) for i in range(1, (last - first).days + 1))
    return sum(1 for day in days if is_working_day(day))
