"""What is shown of instruments: lists under a filter, the nearest day first; what an institute may verify."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.policy import own_codes, visible
from qualipolis.city.nqi.metrology.coverage import USED
from qualipolis.city.nqi.metrology.models import Instrument, Verification
from qualipolis.law.nqi.instruments import BY_CODE
from qualipolis.law.nqi.licence_rules import INSTRUMENT_REMINDERS
from qualipolis.law.nqi.validity import reminder_days

Params = Mapping[str, str]
SOON = timedelta(days=max(reminder_days(INSTRUMENT_REMINDERS)))


def _shown(show: str, today: date) -> Q:
    return {
        "soon": Q(status__in=USED, next_due__range=(today, today + SOON)),
        "overdue": Q(status__in=USED, next_due__lt=today),
        "unknown": Q(status__in=USED, next_due=None),
        "handed_in": Q(status="at_verification"),
        "failed": Q(status="failed"),
        "out": Q(status__in=("sealed", "scrapped")),
    }.get(show, Q())


def instruments(actor: object, params: Params | None = None) -> QuerySet[Instrument]:
    """Return the instruments somebody sees under a filter: show, kind, town, and words."""
    said = params or {}
    rows = visible(actor, Instrument.objects.select_related("enterprise", "unit"))
    rows = rows.filter(_shown(said.get("show", ""), timezone.localdate()))
    if (kind := said.get("kind", "")) in BY_CODE:
        rows = rows.filter(kind=kind)
    if unit := said.get("unit", "")[:12]:
        rows = rows.filter(unit__code=unit)
    if text := said.get("q", "").strip()[:60]:
        own = (
            Q(number__icontains=text)
            | Q(serial_no__icontains=text)
            | Q(name__icontains=text)
            | Q(model__icontains=text)
        )
        rows = rows.filter(own | Q(enterprise__name_zh__icontains=text))
    return rows.order_by(F("next_due").asc(nulls_first=True), "pk")


def own_instruments(actor: object, params: Params | None = None) -> QuerySet[Instrument]:
    """Return the instruments of one's own firm."""
    return instruments(actor, params).filter(enterprise__credit_code__in=own_codes(actor))


def verifications(actor: object, row: Instrument) -> QuerySet[Verification]:
    """Return the verifications of an instrument somebody sees, the latest first."""
    rows = Verification.objects.filter(instrument=row).select_related("institution", "recorded_by")
    return visible(actor, rows)
