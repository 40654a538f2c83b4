"""How many instruments are verified on a day, by town and kind; computed from the rows, never stored.

An instrument counts when it is in use on the day: those taken out of use, failed or scrapped are not covered and not
asked for. One at the verifying body keeps the date of its last verification.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.nqi.metrology.models import Instrument, PublicStandard
from qualipolis.law.nqi.licence_rules import INSTRUMENT_REMINDERS
from qualipolis.law.nqi.validity import reminder_days

USED = ("in_use", "at_verification")


@dataclass(frozen=True)
class Coverage:
    """Instruments in use, of these verified on the day, due soon, overdue, and never verified."""

    key: Any
    used: int
    covered: int
    soon: int
    overdue: int
    unknown: int

    @property
    def share(self) -> float | None:
        """Share that is verified on the day; nothing in use has no share."""
        return self.covered / self.used if self.used else None


def in_use(rows: QuerySet[Instrument]) -> QuerySet[Instrument]:
    """Return the instruments that count."""
    return rows.filter(status__in=USED)


def due_state(row: Instrument, today: date) -> str:
    """Return where an instrument stands on the day: ``out``, ``unknown``, ``overdue``, ``soon`` or ``covered``."""
    if row.status not in USED:
        return "out"
    if row.next_due is None:
        return "unknown"
    if row.next_due < today:
        return "overdue"
    return "soon" if (row.next_due - today).days <= max(reminder_days(INSTRUMENT_REMINDERS)) else "covered"


def _counted(key: Any, dues: Iterable[date | None], today: date) -> Coverage:
    near = today + timedelta(days=max(reminder_days(INSTRUMENT_REMINDERS)))
    found = Counter(
        "unknown" if due is None else "overdue" if due < today else "soon" if due <= near else "covered" for due in dues
    )
    return Coverage(
        key, sum(found.values()), found["covered"] + found["soon"], found["soon"], found["overdue"], found["unknown"]
    )


def coverage(actor: Any, by: str = "", today: date | None = None) -> list[Coverage]:
    """Return the coverage of what somebody sees, in all or by ``unit`` or ``kind``, in the order of the keys."""
    day = today or timezone.localdate()
    rows = in_use(visible(actor, Instrument.objects.all()))
    if not by:
        return [_counted("", rows.values_list("next_due", flat=True), day)]
    dues: dict[Any, list[date | None]] = {}
    for key, due in rows.order_by(by).values_list(by, "next_due"):
        dues.setdefault(key, []).append(due)
    return [_counted(key, found, day) for key, found in dues.items()]


def public_standards(today: date | None = None) -> QuerySet[PublicStandard]:
    """Return the public measurement standards that stand on the day."""
    day = today or timezone.localdate()
    over = Q(valid_to__lt=day) | Q(ended_on__lte=day)
    return PublicStandard.objects.filter(issued_on__lte=day).exclude(over).select_related("institution")
