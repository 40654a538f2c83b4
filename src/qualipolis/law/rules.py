"""Rules with dates. A case pins the version of its trigger day; what no official text confirmed says so."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

Value = float | int | tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Rule:
    """One version of one rule.

    Parameters
    ----------
    code : stable name, for example ``"complaint.mediation"``
    clause : where it stands, as a message id
    value : number, or the bands of a scale from the highest down
    unit : "working days", "calendar days", "months", "years", "people", "CNY", "points", "cases", "share" or "bands"
    valid_from, valid_to : first and last day, ``valid_to`` None while it is in force
    source : law, order, or the city itself, as a message id
    verified : whether the value was confirmed in an official text
    note : what a user must know, as a message id
    starts : of a term, what starts it (a key of ``qualipolis.law.supervision.rules.EVENTS``)
    bound : "latest" when something must be done by the end of the term, "earliest" when not before it is over
    stands : what makes the term stand still or go on, as a message id; empty when the sources know of nothing
    """

    code: str
    clause: str
    value: Value
    unit: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    verified: bool
    note: str = ""
    starts: str = ""
    bound: str = "latest"
    stands: str = ""

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def version(self) -> str:
        """Return what an event stores: the code and the first day of the version."""
        return f"{self.code}@{self.valid_from.isoformat()}"


class NoRule(LookupError):
    """No version of the rule is known for that day."""


def rule_on(code: str, day: dt.date, rules: Iterable[Rule] | None = None) -> Rule:
    """Return the version of ``code`` in force on ``day``; raises :class:`NoRule` when none is known.

    >>> rule_on("complaint.mediation", dt.date(2026, 4, 14)).value, rule_on("complaint.mediation", dt.date(2026, 4, 15)).value
    (45, 60)
    """
    found = [r for r in (versions() if rules is None else rules) if r.code == code and r.holds_on(day)]
    if len(found) != 1:
        raise NoRule(f"{len(found)} versions of {code} on {day.isoformat()}")
    return found[0]


def versions() -> tuple[Rule, ...]:
    """Return the whole table."""
    from qualipolis.law.rules_table import RULES

    return RULES


def grade_of(score: float | None, day: dt.date) -> str | None:
    """Return the grade of an unrounded score by the half-open bands of ``day``; no score, no grade.

    >>> [grade_of(s, dt.date(2021, 12, 31)) for s in (100, 90, 89.999, 80, 60, 59.99, None)]
    ['A', 'A', 'B', 'B', 'C', 'D', None]
    """
    if score is None or math.isnan(score):
        return None
    bands = rule_on("grade.bands", day).value
    if not isinstance(bands, tuple):
        raise TypeError("grade.bands is not a scale")
    return next((grade for grade, floor in bands if score >= floor), bands[-1][0])
