"""The term of mediation: by the order of the day of receipt, with the days taken out that a test lasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qualipolis.law.calendar import Pause, add_days, is_known, is_working_day
from qualipolis.law.rules import Rule, rule_on
from qualipolis.law.terms import deadline, length

ONE_DAY = timedelta(days=1)
MEDIATION = "complaint.mediation"


@dataclass(frozen=True)
class Stop:
    """A time in which the clock stood still, from the day of the pause to the day on which mediation went on."""

    since: date
    until: date

    @property
    def days(self) -> Pause | None:
        """The days that are not counted: the first of the pause up to the one before mediation went on."""
        return (self.since, self.until - ONE_DAY) if self.until > self.since else None


@dataclass(frozen=True)
class Term:
    """The term of one mediation: its last day, its rule, and whether a holiday notice is still missing."""

    due: date
    rule: Rule
    provisional: bool = False

    @property
    def days(self) -> int:
        """How many days the term lasts."""
        return length(self.rule)


def mediation_rule(received_on: date) -> Rule:
    """Return the rule of the term for a letter received on that day.

    >>> mediation_rule(date(2026, 4, 14)).value, mediation_rule(date(2026, 4, 15)).unit
    (45, 'calendar days')
    """
    return rule_on(MEDIATION, received_on)


def mediation_term(accepted_on: date, received_on: date, stops: Sequence[Stop] = ()) -> Term:
    """Return the term of a mediation; a pause that begins in time never lets it end before mediation goes on.

    >>> mediation_term(date(2026, 4, 20), date(2026, 4, 15)).due  # day 60 is 19 June, the Dragon Boat holiday
    datetime.date(2026, 6, 22)
    >>> mediation_term(date(2026, 4, 20), date(2026, 4, 14), [Stop(date(2026, 4, 29), date(2026, 5, 6))]).due
    datetime.date(2026, 6, 29)
    """
    rule = mediation_rule(received_on)
    end = deadline(MEDIATION, accepted_on, in_force=received_on)
    due, provisional, counted = end.due, end.provisional, list[Pause]()
    for stop in stops:
        if stop.days is None or stop.since > due:
            continue
        counted.append(stop.days)
        end = deadline(MEDIATION, accepted_on, paused=tuple(counted), in_force=received_on)
        due, provisional = max(end.due, _working(stop.until)), end.provisional
    return Term(due, rule, provisional or not is_known(due))


def _working(day: date) -> date:
    return add_days(day, 0, "calendar").due


def left(accepted_on: date, received_on: date, today: date, stops: Sequence[Stop] = ()) -> int:
    """Return how many days of the term are left, ``today`` counted as one of them; negative when it is over.

    Days are those of the rule: working days under Order 20, calendar days under Order 121.

    >>> left(date(2026, 4, 20), date(2026, 4, 14), date(2026, 4, 21)), left(
    ...     date(2026, 4, 20), date(2026, 4, 15), date(2026, 5, 6))
    (45, 45)
    """
    rule = mediation_rule(received_on)
    working = rule.unit == "working days"
    out = [stop.days for stop in stops if stop.days]
    used, day = 0, accepted_on + ONE_DAY
    while day < today:
        stands = any(first <= day <= last for first, last in out)
        used += not stands and (not working or is_working_day(day))
        day += ONE_DAY
    return length(rule) - used
