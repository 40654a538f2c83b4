"""What the reception shows: cases under a filter, what waits at the desk, duty reports, clocks kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case as Case_
from django.db.models import F, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.models import Case, Department, DutyReport, Expert, Offer
from qualipolis.law.flows.hospital import CASE

Params = Mapping[str, str]
REST = ("cured", "improved", "following")
WAITING = ("waiting_firm", "suspended")
RELATED = ("enterprise", "unit", "department", "expert__person", "expert__organisation")


def shown(show: str) -> Q:
    """Return the cases of a filter; an unknown filter shows all."""
    today = timezone.localdate()
    return {
        "triage": Q(status="registered"),
        "assign": Q(status__in=("triaged", "reopened")),
        "proposed": Q(status="proposed"),
        "waiting": Q(status__in=WAITING),
        "duty": Q(duty_report=True, duty_reports=None),
        "late": Q(due_on__lt=today) & ~Q(status__in=(*CASE.finals, "draft")),
        "open": ~Q(status__in=(*CASE.finals, *REST, "draft")),
        "after": Q(status__in=REST),
        "ended": Q(status__in=CASE.finals),
    }.get(show, Q())


def cases(actor: Any, params: Params | None = None) -> QuerySet[Case]:
    """Return the cases that somebody sees under a filter: new ones, then the most urgent, then by day."""
    params = params or {}
    rows = (
        visible(actor, Case.objects.select_related(*RELATED))
        .exclude(status="draft")
        .filter(shown(params.get("show", "")))
    )
    if text := params.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | Q(product_name__icontains=text) | Q(enterprise__name_zh__icontains=text)
                           | Q(enterprise__name_en__icontains=text))  # fmt: skip
    if (code := params.get("department", ""))[:24]:
        rows = rows.filter(department__code=code[:24])
    weight = F("severity") * F("urgency")
    place = Case_(
        When(status__in=CASE.finals, then=3),
        When(status__in=REST, then=2),
        When(status="registered", then=0),
        default=1,
    )
    order = (weight.desc(nulls_last=True), F("severity").desc(nulls_last=True), F("due_on").asc(nulls_last=True), "pk")
    return rows.annotate(place=place).order_by("place", *order)


def own_cases(actor: Any) -> QuerySet[Case]:
    """Return the cases of one's own firm: drafts and what waits for the firm first."""
    from qualipolis.city.hospital.reception.visibility import owned_by

    return owned_by(actor).select_related(*RELATED).order_by("-pk")


def queue(actor: Any) -> QuerySet[Case]:
    """Return what waits at the desk: to triage, to assign, and without an answer of the expert."""
    return cases(actor).filter(shown("triage") | shown("assign") | shown("proposed"))


def duty_reports(actor: Any) -> QuerySet[DutyReport]:
    """Return the reports that law required and that somebody sees."""
    return visible(actor, DutyReport.objects.select_related("enterprise", "unit", "case")).order_by("-made_on", "-pk")


def experts(actor: Any) -> QuerySet[Expert]:
    """Return the experts that somebody sees."""
    rows = visible(actor, Expert.objects.select_related("person", "organisation", "institution"))
    return rows.prefetch_related("departments").order_by("person__username")


def departments(actor: Any) -> QuerySet[Department]:
    """Return the departments."""
    return visible(actor, Department.objects.all()).order_by("code")


def offers(actor: Any) -> QuerySet[Offer]:
    """Return the offers after failed samples that somebody sees."""
    related = ("enterprise__unit", "case", "result__sample__task__form", "result__sample__task__campaign__rule")
    return visible(actor, Offer.objects.select_related(*related)).order_by("answer", "-offered_on", "-pk")
