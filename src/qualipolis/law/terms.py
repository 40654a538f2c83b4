"""Terms: when one ends, by the version of its rule in force; and how a table of steps names one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from qualipolis.law.calendar import DayUnit, Deadline, Pause, add_days, add_months
from qualipolis.law.flow import Due
from qualipolis.law.rules import Rule, rule_on, versions

Calendar = Callable[[dt.date, int, DayUnit, Sequence[Pause]], Deadline]
_DAYS: dict[str, DayUnit] = {"working days": "working", "calendar days": "calendar"}
_MONTHS = {"months": 1, "years": 12}


def deadline(
    code: str,
    started_on: dt.date,
    *,
    paused: Sequence[Pause] = (),
    calendar: Calendar = add_days,
    in_force: dt.date | None = None,
) -> Deadline:
    """Return the last day of the term ``code`` that began on ``started_on``.

    The version is that of ``in_force``, for cases that keep the rules of an earlier day; of ``started_on`` otherwise.
    A term of 0 days ("at once") ends the same day, holiday or not. Terms in months end on the same day of the month and
    are not moved by holidays; ``paused`` intervals lengthen terms in days only.

    >>> deadline("supervision.objection", dt.date(2026, 9, 16)).due
    datetime.date(2026, 10, 8)
    >>> deadline("penalty.publish", dt.date(2026, 9, 30)).due
    datetime.date(2026, 11, 3)
    >>> accepted, received = dt.date(2026, 4, 20), dt.date(2026, 4, 14)
    >>> deadline("complaint.mediation", accepted, in_force=received).due  # 45 working days instead of 60 days
    datetime.date(2026, 6, 25)
    """
    rule = rule_on(code, in_force or started_on)
    days = length(rule)
    if rule.unit in _MONTHS:
        return Deadline(add_months(started_on, days * _MONTHS[rule.unit]))
    if days == 0:
        return Deadline(started_on)
    return calendar(started_on, days, _DAYS[rule.unit], paused)


def due(code: str) -> Due:
    """Return the term of the newest version of ``code`` for the table of a flow.

    >>> due("supervision.recheck_formalities").days, due("supervision.recheck_formalities").unit
    (7, 'calendar')
    """
    newest = max((rule for rule in versions() if rule.code == code), key=lambda rule: rule.valid_from)
    return Due(length(newest), _DAYS[newest.unit], newest.clause, code)


def length(rule: Rule) -> int:
    """Return how many days, months or years a term lasts; ``TypeError`` when the rule is not a term."""
    if not isinstance(rule.value, int) or rule.unit not in {*_DAYS, *_MONTHS}:
        raise TypeError(f"{rule.code} is not a term")
    return rule.value


def rule_number(code: str) -> int:
    """Return the newest value of a rule that is a whole number: days, cases, people.

    >>> rule_number("hospital.follow_up_2")
    90
    """
    newest = max((rule for rule in versions() if rule.code == code), key=lambda rule: rule.valid_from)
    if not isinstance(newest.value, int):
        raise TypeError(f"{code} is not a whole number")
    return newest.value
