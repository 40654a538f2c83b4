"""What the core can tell; reads only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.models import Attachment, City, Event, Grant, Organisation, Person
from qualipolis.city.core.policy import city_wide, roles_of, visibility, visible
from qualipolis.city.core.roles import STAFF

LEDGER_READERS = ("auditor", "admin", "leader")


def city() -> City | None:
    """Return the city this installation serves, or None before ``qualipolis init``."""
    return City.objects.first()


def file_stem(stem: str) -> str:
    """Return the name of a file that leaves: that of a synthetic city says so, as a csv has no other place for it."""
    here = city()
    return f"{stem}-{_('synthetic')}" if here and here.synthetic else stem


@visibility(Event)
def _events(actor: Any, rows: QuerySet[Event]) -> QuerySet[Event]:
    """Overseers see the whole ledger, everyone else what they did themselves."""
    if city_wide(actor, LEDGER_READERS):
        return rows
    return rows.filter(actor=getattr(actor, "username", "")) if roles_of(actor) & set(STAFF) else rows.none()


@visibility(Person)
def _people(actor: Any, rows: QuerySet[Person]) -> QuerySet[Person]:
    return rows if city_wide(actor, ("admin", "auditor")) else rows.filter(pk=getattr(actor, "pk", None))


@visibility(Organisation)
def _organisations(actor: Any, rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    return rows


@visibility(Attachment)
def _attachments(actor: Any, rows: QuerySet[Attachment]) -> QuerySet[Attachment]:
    return rows if city_wide(actor, ("auditor", "admin")) else rows.filter(uploaded_by_id=getattr(actor, "pk", None))


def ledger(actor: Any, filters: Mapping[str, str]) -> QuerySet[Event]:
    """Return the events ``actor`` may see, the latest first, narrowed by who, verb and thing."""
    rows = visible(actor, Event.objects.all()).order_by("-seq")
    if who := filters.get("who"):
        rows = rows.filter(actor=who)
    if verb := filters.get("verb"):
        rows = rows.filter(verb=verb)
    if thing := filters.get("thing"):
        rows = rows.filter(thing=thing) if ":" in thing else rows.filter(thing__startswith=thing)
    return rows


def people(actor: Any) -> QuerySet[Person]:
    """Return the people ``actor`` may see with their organisations and grants."""
    grants = Prefetch("grants", Grant.objects.select_related("scope").order_by("valid_from", "pk"))
    rows = visible(actor, Person.objects.all()).select_related("organisation")
    return rows.prefetch_related(grants).order_by("username")
