"""Days of certificates and instruments: until when one is valid, when renewal ends, when somebody is reminded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from qualipolis.law.calendar import add_months
from qualipolis.law.terms import rule_number

_DAY = dt.timedelta(days=1)


def valid_until(valid_from: dt.date, months: int | None = None) -> dt.date:
    """Return the last day of a certificate that begins on ``valid_from``; a CMA certificate lasts six years.

    >>> valid_until(dt.date(2020, 3, 1)), valid_until(dt.date(2024, 2, 29), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 2, 27))
    """
    return add_months(valid_from, 12 * rule_number("licence.validity") if months is None else months) - _DAY


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day ``months`` earlier, or the last day of that month when it has no such day.

    >>> months_before(dt.date(2026, 5, 31), 3)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = dt.date(year, month + 1, 1)
    return min(add_months(first, 1) - _DAY, dt.date(year, month + 1, 1) + (day.day - 1) * _DAY)


def renewal_until(valid_to: dt.date) -> dt.date:
    """Return the last day on which renewal may be applied for: three months before the end.

    >>> renewal_until(dt.date(2026, 12, 31))
    datetime.date(2026, 9, 30)
    """
    return months_before(valid_to, rule_number("licence.renewal"))


def reminder_days(rules: Iterable[str]) -> tuple[int, ...]:
    """Return how many days before the end somebody is reminded, the longest first.

    >>> reminder_days(("licence.reminder_3", "licence.reminder_1"))
    (180, 30)
    """
    return tuple(sorted((rule_number(code) for code in rules), reverse=True))


def reminder_due(ends_on: dt.date, today: dt.date, days: Iterable[int]) -> int | None:
    """Return the nearest reminder that is due: one late sweep sends the last one only, and none after the end.

    >>> end = dt.date(2026, 12, 31)
    >>> [reminder_due(end, d, (180, 90, 30)) for d in (dt.date(2026, 7, 3), dt.date(2026, 7, 4), dt.date(2026, 12, 1))]
    [None, 180, 30]
    >>> reminder_due(end, dt.date(2027, 1, 1), (180, 90, 30)) is None
    True
    """
    left = (ends_on - today).days
    if left < 0:
        return None
    return min((day for day in days if left <= day), default=None)


def longest_suspension(since: dt.date) -> dt.date:
    """Return the last day that a suspension begun on ``since`` may have.

    >>> longest_suspension(dt.date(2026, 1, 15))
    datetime.date(2026, 7, 15)
    """
    return add_months(since, rule_number("certificate.suspension"))
