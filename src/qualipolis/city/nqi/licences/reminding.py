"""Reminders before something ends: 180, 90 and 30 days for certificates, 30 and 7 for instruments; each is sent once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.policy import System
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.nqi.licences.models import IssuedCertificate, Reminder
from qualipolis.city.registry.models import Qualification
from qualipolis.law.nqi.licence_rules import REMINDERS
from qualipolis.law.nqi.validity import reminder_days, reminder_due

SYSTEM = System("nqi.reminders")
Ending = tuple[Any, str, date]


def remind(things: Iterable[Ending], rules: Iterable[str]) -> int:
    """Send the reminder that is due for each (thing, code of the body, last day); one that was sent is not sent again."""
    today, days, count = timezone.localdate(), reminder_days(rules), 0
    for thing, code, ends_on in things:
        due = reminder_due(ends_on, today, days)
        if due is None:
            continue
        known = {"thing": name_of(thing), "days": due, "ends_on": ends_on}
        _row, made = Reminder.objects.get_or_create(**known, defaults={"code": code, "sent_on": today})
        if made:
            record(SYSTEM, "nqi.remind", thing, {"of": str(thing), "days": due, "ends_on": ends_on})
            count += 1
    return count


def window(rules: Iterable[str]) -> tuple[date, date]:
    """Return the days between which something must end to be reminded of today."""
    today = timezone.localdate()
    return today, today + timedelta(days=max(reminder_days(rules)))


@sweep("nqi.reminders")
def sweep_reminders(now: datetime) -> int:
    """Remind bodies of their qualifications and firms of their certificates; what was applied for already is left alone."""
    soon = window(REMINDERS)
    held = Qualification.objects.filter(valid_to__range=soon, ended_on=None).exclude(licence__status="renewal_applied")
    issued = IssuedCertificate.objects.filter(valid_to__range=soon, status__in=("valid", "suspended"))
    things: list[Ending] = [
        (one, one.institution.code, one.valid_to) for one in held.select_related("institution") if one.valid_to
    ]
    things += [
        (one, one.holder.credit_code if one.holder else one.certifier.code, one.valid_to)
        for one in issued.select_related("holder", "certifier")
    ]
    return remind(things, REMINDERS)
