"""Reports under a filter, for the desk and the inspector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.listen.reports.models import Report
from qualipolis.law.flows.listening import REPORT

Params = Mapping[str, str]
RELATED = ("letter", "unit", "enterprise", "officer", "inspector", "complaint", "merged_into")
IN_CHECK, DECIDED = ("checking", "extended"), ("filed", "not_filed")


def shown(show: str) -> Q:
    """Return the reports of a filter; an unknown filter shows all."""
    today = timezone.localdate()
    return {
        "new": Q(status="received"),
        "checking": Q(status__in=IN_CHECK),
        "tell": Q(status__in=DECIDED),
        "late": Q(due_on__lt=today) & ~Q(status__in=REPORT.finals),
        "open": ~Q(status__in=REPORT.finals),
        "ended": Q(status__in=REPORT.finals),
    }.get(show, Q())


def reports(actor: Any, params: Params | None = None) -> QuerySet[Report]:
    """Return the reports that somebody sees under a filter: open ones first, then by their day."""
    params = params or {}
    rows = visible(actor, Report.objects.select_related(*RELATED)).filter(shown(params.get("show", "")))
    if text := params.get("q", "").strip()[:60]:
        rows = rows.filter(
            Q(number__icontains=text) | Q(respondent_name__icontains=text) | Q(enterprise__name_en__icontains=text)
        )
    over = Case(When(status__in=REPORT.finals, then=1), default=0)
    return rows.annotate(over=over).order_by("over", F("due_on").asc(nulls_last=True), "-pk")


def earlier(actor: Any, row: Report) -> QuerySet[Report]:
    """Return the earlier reports about the same firm (or the same name) that a report may be joined with."""
    same = Q(respondent_name=row.respondent_name)
    if row.enterprise_id:
        same |= Q(enterprise=row.enterprise_id)
    rows = visible(actor, Report.objects.filter(same, received_on__lte=row.received_on, merged_into=None))
    return rows.exclude(pk=row.pk).exclude(status="transferred").filter(pk__lt=row.pk).order_by("-pk")
