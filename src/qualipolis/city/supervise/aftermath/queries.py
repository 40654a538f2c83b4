"""What the pages of handling ask: cases with their clocks, transfers, publications with versions, penalties, meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.aftermath.facts import RELATED
from qualipolis.city.supervise.aftermath.models import (
    AreaTransfer,
    HandlingCase,
    PenaltyPublication,
    Publication,
    QualityMeeting,
)
from qualipolis.law.flows.handling import RUNNING

OPEN = (*RUNNING, "running", "passed", "firm_ceased")
WITH_FIRM = ("correcting", "suspended")
SHOWS = ("open", "late", "firm", "review", "escalated", "ceased", "ended")


def cases(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[HandlingCase]:
    """Return the cases somebody sees under the filters of the list: ``show``, ``handler`` (code), ``q``."""
    rows = visible(actor, HandlingCase.objects.all()).select_related(*RELATED, "handler")
    given = params or {}
    rows = rows.filter(_shown(given.get("show", "")))
    if code := given.get("handler", ""):
        rows = rows.filter(handler__code=code)
    if text := given.get("q", "").strip()[:60]:
        names = ("number", "result__number", "enterprise__name_zh", "enterprise__name_en", "enterprise__credit_code")
        found = Q()
        for name in (*names, "successor__name_zh"):
            found |= Q(**{f"{name}__icontains": text})
        rows = rows.filter(found)
    return rows.order_by("-number")


def _shown(show: str) -> Q:
    today = timezone.localdate()
    return {
        "open": Q(status__in=OPEN),
        "late": Q(status__in=OPEN, due_on__lt=today),
        "firm": Q(status__in=WITH_FIRM),
        "review": Q(status__in=("review_requested", "third_review")),
        "escalated": Q(status__in=("failed", "escalated", "announced", "suspended")),
        "ceased": Q(status="firm_ceased"),
        "ended": ~Q(status__in=OPEN),
    }.get(show, Q())


def transfers(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[AreaTransfer]:
    """Return the transfers somebody sees, those that are open first."""
    rows = visible(actor, AreaTransfer.objects.all())
    if (params or {}).get("show") == "open":
        rows = rows.exclude(status__in=("closed", "recalled"))
    return rows.select_related("result__sample__task__campaign__rule", "result__sample__task__form").order_by("-number")


def publications(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[Publication]:
    """Return the publications somebody sees, the newest version of each first."""
    rows = visible(actor, Publication.objects.all()).select_related("campaign__rule", "corrects")
    show = (params or {}).get("show", "")
    if show == "newest":
        rows = rows.filter(corrected_by=None)
    elif show:
        rows = rows.filter(status=show)
    return rows.order_by("-number", "-version")


def penalties(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[PenaltyPublication]:
    """Return the penalties somebody sees."""
    rows = visible(actor, PenaltyPublication.objects.all())
    show = (params or {}).get("show", "")
    if show == "check":
        rows = rows.exclude(check_since=None)
    elif show:
        rows = rows.filter(status=show)
    return rows.select_related("case__enterprise", "case__result__sample__task__campaign").order_by("-number")


def meetings(actor: Any) -> QuerySet[QualityMeeting]:
    """Return the meetings somebody sees, the latest first."""
    return visible(actor, QualityMeeting.objects.all()).select_related("campaign__rule").order_by("-held_on")
