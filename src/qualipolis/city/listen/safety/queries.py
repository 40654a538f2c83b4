"""What is shown of incidents, recalls and warnings: lists under a filter, what waits, in the order of their days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import own_codes, visible
from qualipolis.city.listen.models import Incident, PublicWarning, Recall
from qualipolis.city.listen.safety.visibility import public_recalls, public_warnings
from qualipolis.law.flows.listening import INCIDENT, RECALL, WARNING

Params = Mapping[str, str]
CORRECTING = ("plan_filed", "announced", "executing")
TO_PLAN = ("defect_found", "ordered", "ordered_again")
RELATED = ("product", "enterprise__unit", "investigation")
NEW = timedelta(days=30)


def _late() -> Q:
    return Q(due_on__lt=timezone.localdate())


def _incidents_shown(show: str) -> Q:
    return {
        "new": Q(status="reported"),
        "upward": Q(status="verified", harm__gte=Incident.Harm.SERIOUS),
        "serious": Q(harm__gte=Incident.Harm.SERIOUS),
        "unknown": Q(harm=None),
        "firm_late": Q(firm_due_on__lt=F("firm_reported_on"))
        | Q(firm_reported_on=None, firm_due_on__lt=timezone.localdate()),
        "late": _late() & ~Q(status__in=INCIDENT.finals),
        "over": Q(status__in=INCIDENT.finals),
    }.get(show, Q())


def _recalls_shown(show: str) -> Q:
    return {
        "assessing": Q(status__in=("clue", "assessing")),
        "plan": Q(status__in=TO_PLAN),
        "running": Q(status__in=CORRECTING),
        "effect": Q(status__in=("completed", "evaluated")),
        "ordered": Q(ordered=True),
        "late": _late() & ~Q(status__in=RECALL.finals),
        "over": Q(status__in=RECALL.finals),
    }.get(show, Q())


def _warnings_shown(show: str) -> Q:
    return {
        "draft": Q(status="drafted"),
        "review": Q(status="reviewing"),
        "published": Q(status="published"),
        "over": Q(status__in=WARNING.finals),
    }.get(show, Q())


def _by_day(rows: QuerySet[Any], finals: tuple[str, ...]) -> QuerySet[Any]:
    place = Case(When(status__in=finals, then=1), default=0)
    return rows.annotate(place=place).order_by("place", F("due_on").asc(nulls_last=True), "-pk")


def incidents(actor: object, params: Params | None = None) -> QuerySet[Incident]:
    """Return the incidents that somebody sees under a filter."""
    said = params or {}
    rows = visible(actor, Incident.objects.select_related(*RELATED, "unit")).filter(
        _incidents_shown(said.get("show", ""))
    )
    if text := said.get("q", "").strip()[:60]:
        rows = rows.filter(_found(text) | Q(product_class__icontains=text) | Q(hazard__icontains=text))
    return _by_day(rows, INCIDENT.finals)


def recalls(actor: object, params: Params | None = None) -> QuerySet[Recall]:
    """Return the recalls that somebody sees under a filter."""
    said = params or {}
    rows = visible(actor, Recall.objects.select_related(*RELATED)).filter(_recalls_shown(said.get("show", "")))
    if text := said.get("q", "").strip()[:60]:
        rows = rows.filter(_found(text) | Q(producer_name__icontains=text) | Q(batches__icontains=text))
    return _by_day(rows, RECALL.finals)


def warnings(actor: object, params: Params | None = None) -> QuerySet[PublicWarning]:
    """Return the warnings that somebody sees under a filter: those under way first."""
    said = params or {}
    rows = PublicWarning.objects.select_related("recall", "replaces", "replaced_by", "written_by", "investigation")
    rows = visible(actor, rows).filter(_warnings_shown(said.get("show", "")))
    if text := said.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | _said(text))
    place = Case(
        When(status="reviewing", then=0), When(status="drafted", then=1), When(status="published", then=2), default=3
    )
    return rows.annotate(place=place).order_by("place", "-pk")


def _found(text: str) -> Q:
    names = Q(enterprise__name_zh__icontains=text) | Q(enterprise__name_en__icontains=text)
    product = Q(product__name__icontains=text) | Q(product__brand__icontains=text) | Q(product__model__icontains=text)
    return Q(number__icontains=text) | names | product


def _said(text: str) -> Q:
    return Q(title_zh__icontains=text) | Q(title_en__icontains=text) | Q(products__icontains=text)


def of_own_firm[Row: (Incident, Recall)](actor: object, model: type[Row]) -> QuerySet[Row]:
    """Return the incidents that one's own firm reported, or its recalls."""
    rows = visible(actor, model._default_manager.select_related(*RELATED))
    return rows.filter(enterprise__credit_code__in=own_codes(actor)).order_by("-pk")


def shown_recalls(params: Params | None = None) -> QuerySet[Recall]:
    """Return the announced recalls for everyone, under a search."""
    text = (params or {}).get("q", "").strip()[:60]
    rows = public_recalls().select_related(*RELATED)
    found = _found(text) | Q(producer_name__icontains=text) | Q(batches__icontains=text)
    return rows.filter(found) if text else rows


def shown_warnings(params: Params | None = None, *, ended: bool = False) -> QuerySet[PublicWarning]:
    """Return the warnings that stand (or have ended) for everyone, under a search."""
    text = (params or {}).get("q", "").strip()[:60]
    rows = public_warnings(ended=ended).select_related("recall", "replaces", "replaced_by")
    return rows.filter(Q(number__icontains=text) | _said(text)) if text else rows


def published_warning(number: str) -> PublicWarning | None:
    """Return a warning that stands or has stood; a draft is not there for anybody."""
    rows = PublicWarning.objects.exclude(published_on=None).select_related("recall", "replaces", "replaced_by")
    return rows.filter(number=number).first()


def versions_of(row: PublicWarning) -> list[PublicWarning]:
    """Return the published versions of a warning, the first one first."""
    found, at = [row], row
    while at.replaces is not None:
        at = at.replaces
        found.insert(0, at)
    while (later := getattr(found[-1], "replaced_by", None)) is not None and later.published_on is not None:
        found.append(later)
    return [one for one in found if one.published_on is not None]


def is_new(day: date | None) -> bool:
    """Whether a day lies within the last month."""
    return day is not None and timezone.localdate() - day <= NEW


def is_late(row: Any) -> bool:
    """Whether the term of a row is over."""
    return row.due_on is not None and row.due_on < timezone.localdate()
