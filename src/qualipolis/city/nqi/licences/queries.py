"""What is shown of certificates and filings: lists under a filter, what ends soon, the public look-up by number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.policy import own_codes, visible
from qualipolis.city.nqi.licences.certificates import stood_on
from qualipolis.city.nqi.licences.holding import blemishes
from qualipolis.city.nqi.licences.models import (
    ChangeFiling,
    IssuedCertificate,
    Licence,
    Reminder,
    Signatory,
    YearlyReport,
)
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import Institution, Qualification, ScopeItem, Standard
from qualipolis.city.registry.validity import valid_on
from qualipolis.law.flows.nqi import CERTIFICATION_CERTIFICATE, CHANGE_FILING, CMA_CERTIFICATE
from qualipolis.law.nqi.licence_rules import REMINDERS
from qualipolis.law.nqi.validity import longest_suspension, reminder_days, renewal_until

Params = Mapping[str, str]
LICENCE_FINALS, FILING_FINALS, CERTIFICATE_FINALS = (
    CMA_CERTIFICATE.finals, CHANGE_FILING.finals, CERTIFICATION_CERTIFICATE.finals,
)  # fmt: skip
SOON = timedelta(days=max(reminder_days(REMINDERS)))
WHOLE = ("qualification__institution__unit",)


def _licences_shown(show: str, today: date) -> Q:
    return {
        "soon": Q(status="valid", qualification__valid_to__range=(today, today + SOON)),
        "applied": Q(status="renewal_applied"),
        "asked": Q(status="cancellation_asked"),
        "suspended": Q(status="suspended"),
        "expired": Q(status="expired"),
        "over": Q(status__in=LICENCE_FINALS),
        "held": Q(status__in=("valid", "renewal_applied", "cancellation_asked")),
    }.get(show, Q())


def licences(actor: object, params: Params | None = None) -> QuerySet[Licence]:
    """Return the CMA certificates somebody sees under a filter: what ends first stands first."""
    said = params or {}
    rows = visible(actor, Licence.objects.select_related(*WHOLE))
    rows = rows.filter(_licences_shown(said.get("show", ""), timezone.localdate()))
    if text := said.get("q", "").strip()[:60]:
        names = Q(qualification__institution__name_zh__icontains=text) | Q(
            qualification__institution__name_en__icontains=text
        )
        rows = rows.filter(Q(qualification__number__icontains=text) | names)
    return rows.order_by(F("qualification__valid_to").asc(nulls_last=True), "pk")


def _filings_shown(show: str, today: date) -> Q:
    return {
        "owed": Q(status__in=("owed", "ordered", "returned")),
        "filed": Q(status="filed"),
        "late": Q(due_on__lt=today) & ~Q(status__in=FILING_FINALS),
        "over": Q(status__in=FILING_FINALS),
    }.get(show, Q())


def filings(actor: object, params: Params | None = None) -> QuerySet[ChangeFiling]:
    """Return the change filings somebody sees under a filter, the nearest day first."""
    said = params or {}
    rows = visible(actor, ChangeFiling.objects.select_related("licence__qualification__institution__unit", "signatory"))
    rows = rows.filter(_filings_shown(said.get("show", ""), timezone.localdate()))
    if text := said.get("q", "").strip()[:60]:
        body = Q(licence__qualification__institution__name_zh__icontains=text)
        rows = rows.filter(Q(number__icontains=text) | body | Q(old_standard__icontains=text))
    return rows.order_by(F("due_on").asc(nulls_last=True), "-pk")


def _certificates_shown(show: str, today: date) -> Q:
    return {
        "soon": Q(status="valid", valid_to__range=(today, today + SOON)),
        "suspended": Q(status="suspended"),
        "asked": Q(status="cancellation_asked"),
        "follow_up": Q(status="valid", follow_up_on__lt=today),
        "over": Q(status__in=CERTIFICATE_FINALS),
        "valid": Q(status="valid"),
    }.get(show, Q())


def certificates(actor: object, params: Params | None = None) -> QuerySet[IssuedCertificate]:
    """Return the certificates of certification bodies somebody sees under a filter."""
    said = params or {}
    rows = visible(actor, IssuedCertificate.objects.select_related("certifier__unit", "holder__unit"))
    rows = rows.filter(_certificates_shown(said.get("show", ""), timezone.localdate()))
    if text := said.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | Q(holder_name__icontains=text) | Q(scheme__icontains=text))
    return rows.order_by("valid_to", "pk")


def signatories(actor: object, institution: Institution) -> QuerySet[Signatory]:
    """Return the signatories of a body somebody sees."""
    return visible(actor, Signatory.objects.filter(institution=institution))


def fields_signed(institution: Institution, day: date | None = None) -> list[str]:
    """Return the fields in which a body has a signatory on the day; public, without names."""
    on = day or timezone.localdate()
    rows = Signatory.objects.filter(institution=institution)
    return sorted({field for one in rows if one.valid_on(on) for field in one.field_list})


def older_editions(institution: Institution, today: date | None = None) -> list[tuple[str, Standard, int]]:
    """Return the standards in a scope that are over, with what replaced them and how many lines list them."""
    day = today or timezone.localdate()
    lines = ScopeItem.objects.filter(
        qualification__institution=institution, qualification__in=valid_on(day), valid_to=None
    )
    counts: dict[str, int] = {}
    for number in lines.values_list("standard", flat=True):
        counts[number] = counts.get(number, 0) + 1
    over = Standard.objects.filter(number__in=counts).exclude(status=Standard.Status.CURRENT)
    return [(one.number, one, counts[one.number]) for one in over.order_by("number")]


def reminders(actor: object, most: int = 20) -> QuerySet[Reminder]:
    """Return the latest reminders somebody was sent."""
    return visible(actor, Reminder.objects.all())[:most]


def own_licences(actor: object) -> QuerySet[Licence]:
    """Return the certificates of the bodies for which somebody acts."""
    rows = Licence.objects.filter(qualification__institution__in=own_institutions(actor)).select_related(*WHOLE)
    return rows.order_by("-qualification__valid_to", "-pk")


def own_certificates(actor: object) -> QuerySet[IssuedCertificate]:
    """Return the certificates that one's own firm holds."""
    rows = IssuedCertificate.objects.filter(holder__credit_code__in=own_codes(actor)).select_related(
        "certifier", "holder"
    )
    return rows.order_by("valid_to", "pk")


def yearly_reports(institution: Institution) -> QuerySet[YearlyReport]:
    """Return the yearly reports of a body; they are public."""
    return YearlyReport.objects.filter(institution=institution)


def days_of(row: Licence) -> dict[str, Any]:
    """Return the days that matter for a certificate: end, last day for renewal, longest suspension, blemishes."""
    until = row.qualification.valid_to
    return {
        "valid_to": until,
        "renewal_until": renewal_until(until) if until else None,
        "longest": longest_suspension(row.suspended_on or timezone.localdate()),
        "blemishes": blemishes(row),
        "left": (until - timezone.localdate()).days if until else None,
    }


@dataclass(frozen=True)
class Found:
    """A certificate that somebody looked up: whose, of which kind, its state on the day and why."""

    number: str
    kind: str
    holder: Any
    body: Any
    valid_from: date | None
    valid_to: date | None
    state: str
    stands: bool
    covers: str = ""
    lines: int | None = None


def look_up(number: str, day: date | None = None) -> list[Found]:
    """Return every certificate with exactly this number: of bodies and of firms; the state on the day.

    Case and spaces do not matter; nothing is listed by parts of a number, so that no holder can be fished out.
    """
    said, on = "".join(number.split()).upper()[:60], day or timezone.localdate()
    if len(said) < 4:
        return []
    held = Qualification.objects.filter(number__iexact=said) | Qualification.objects.filter(
        number__iexact=number.strip()[:60]
    )
    issued = IssuedCertificate.objects.filter(Q(number__iexact=said) | Q(number__iexact=number.strip()[:60]))
    found = [_held(one, on) for one in held.select_related("institution").order_by("pk")]
    return found + [_issued(one, on) for one in issued.select_related("certifier", "holder").prefetch_related("pauses")]


def _held(row: Qualification, day: date) -> Found:
    stands = valid_on(day, Qualification.objects.filter(pk=row.pk)).exists()
    return Found(row.number, row.get_kind_display(), row.institution, None, row.valid_from, row.valid_to,
                 state_of(row, day, stands), stands, lines=row.scope_items.count())  # fmt: skip


def state_of(row: Qualification, day: date, stands: bool) -> str:
    """Return the state of a qualification on a day, as a key: valid, not_begun, suspended, expired, or how it ended."""
    if stands:
        return "valid"
    if day < row.valid_from:
        return "not_begun"
    if row.ended_on is not None and day >= row.ended_on:
        return row.ended_how or "cancelled"
    return "expired" if row.valid_to is not None and day > row.valid_to else "suspended"


def _issued(row: IssuedCertificate, day: date) -> Found:
    stands = stood_on(row, day)
    if stands:
        state = "valid"
    elif day < row.issued_on:
        state = "not_begun"
    elif row.ended_on is not None and day >= row.ended_on and row.status in CERTIFICATE_FINALS:
        state = row.status
    else:
        state = "expired" if day > row.valid_to else "suspended"
    holder = row.holder or row.holder_name
    return Found(
        row.number,
        row.get_kind_display(),
        holder,
        row.certifier,
        row.issued_on,
        row.valid_to,
        state,
        stands,
        row.covers,
    )
