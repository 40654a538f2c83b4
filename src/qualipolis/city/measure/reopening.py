"""What a reopened round leaves behind: the day it was opened again, and the service that no longer counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.measure.models import CollectionRound, Served

VERB = "measure.confirm_reopen"


def reopened_on(round_: CollectionRound, after: datetime | None = None) -> date | None:
    """Return the day on which a round was first reopened after a moment, nothing when it was not."""
    rows = Event.objects.filter(thing=name_of(round_), verb=VERB)
    rows = rows if after is None else rows.filter(at__gte=after)
    first = rows.order_by("seq").values_list("at", flat=True).first()
    return None if first is None else timezone.localtime(first).date()


@dataclass(frozen=True)
class EndedService:
    """A service that counts no longer: when it was served, when it ended, and on how many units."""

    served_on: date
    ended_on: date
    units: int


def ended_service(actor: Any, round_: CollectionRound, kind: str = Served.Kind.PREVIEW) -> EndedService | None:
    """Return the last service of a round that ended, as far as ``actor`` may see it."""
    rows = visible(actor, Served.objects.filter(round=round_, kind=kind, ended_on__isnull=False))
    last = rows.order_by("-ended_on", "-pk").first()
    if last is None or last.ended_on is None:
        return None
    count = rows.filter(ended_on=last.ended_on, thing=last.thing).count()
    return EndedService(last.served_on, last.ended_on, count)
