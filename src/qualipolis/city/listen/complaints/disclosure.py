"""Disclosure of consumer complaints by firm: mediations that are over, and only firms with enough of them to be named.

A single complaint says nothing about a firm and could point to who complained: below the smallest count a firm is not
named, and cells that would show one or two cases are withheld together with what would give them away.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.registry.models import Enterprise
from qualipolis.law.terms import rule_number

OVER = ("agreed", "ended", "closed")


@dataclass(frozen=True)
class FirmLine:
    """One firm: mediations over in the period, those that ended in an agreement (None when withheld)."""

    firm: Enterprise
    mediated: int
    agreed: int | None


@dataclass(frozen=True)
class Disclosure:
    """The named firms of a period, most mediations first; ``least`` is the smallest count that names a firm."""

    since: date
    until: date
    least: int
    lines: tuple[FirmLine, ...]


def period(today: date | None = None) -> tuple[date, date]:
    """Return the first and last day of the twelve whole months before this one.

    >>> period(date(2026, 11, 24))
    (datetime.date(2025, 11, 1), datetime.date(2026, 10, 31))
    """
    first = (today or timezone.localdate()).replace(day=1)
    return first.replace(year=first.year - 1), first - timedelta(days=1)


def disclosure(today: date | None = None) -> Disclosure:
    """Return what is disclosed today."""
    since, until = period(today)
    least = max(rule_number("suppression.min_count"), 1)
    rows = Complaint.objects.filter(
        enterprise__isnull=False, accepted_on__isnull=False, ended_on__range=(since, until), status__in=OVER
    )
    counted: Counter[int] = Counter()
    agreed: Counter[int] = Counter()
    for firm, ground in rows.values_list("enterprise", "reason_code"):
        counted[firm] += 1
        agreed[firm] += not ground  # who agreed needs no ground of an ending
    firms = Enterprise.objects.select_related("unit").in_bulk([key for key, n in counted.items() if n >= least])
    lines = [FirmLine(firm, counted[key], shown(agreed[key], counted[key], least)) for key, firm in firms.items()]
    return Disclosure(since, until, least, tuple(sorted(lines, key=lambda one: (-one.mediated, one.firm.credit_code))))


def shown(part: int, n: int, least: int) -> int | None:
    """Return a part of ``n``, or None when it or its rest would show fewer than ``least`` cases; nought and all are told.

    >>> shown(4, 9, 3), shown(2, 9, 3), shown(8, 9, 3), shown(0, 9, 3), shown(9, 9, 3)
    (4, None, None, 0, 9)
    """
    return part if all(one == 0 or one >= least for one in (part, n - part)) else None
