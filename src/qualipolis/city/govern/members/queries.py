"""Members and pledges under a filter, and what the public reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.govern.models import Committee, Member, Opinion, Pledge
from qualipolis.law.flows.federation import FEDERATION_MEMBER, PLEDGE

Params = Mapping[str, str]


def members(actor: Any, params: Params | None = None) -> QuerySet[Member]:
    """Return the members that somebody sees under a filter: what waits first, then by kind and name."""
    params = params or {}
    chosen = {
        "waiting": Q(status="applied"), "active": Q(status="active"), "suspended": Q(status="suspended"),
        "over": Q(status__in=FEDERATION_MEMBER.finals), "association": Q(kind="association", status="active"),
        "enterprise": Q(kind="enterprise", status="active"), "consumer": Q(kind="consumer", status="active"),
    }  # fmt: skip
    rows = visible(actor, Member.objects.select_related("organisation", "enterprise", "unit"))
    rows = rows.filter(chosen.get(params.get("show", ""), Q()))
    if text := params.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | Q(organisation__name_zh__icontains=text) | Q(organisation__name_en__icontains=text) | Q(organisation__code__icontains=text))  # fmt: skip
    first = Case(When(status="applied", then=0), When(status__in=FEDERATION_MEMBER.finals, then=2), default=1)
    return rows.annotate(first=first).order_by("first", "kind", "organisation__name_zh", "pk")


def pledges(actor: Any, params: Params | None = None) -> QuerySet[Pledge]:
    """Return the pledges that somebody sees under a filter."""
    params, today = params or {}, timezone.localdate()
    chosen = {
        "read": Q(status="handed_in"), "published": Q(status="published"), "doubted": Q(status="doubted"),
        "ending": Q(status="published", valid_to__lt=today), "over": Q(status__in=PLEDGE.finals),
    }  # fmt: skip
    rows = visible(actor, Pledge.objects.select_related("enterprise__unit"))
    rows = rows.filter(chosen.get(params.get("show", ""), Q()))
    if text := params.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | Q(enterprise__name_zh__icontains=text) | Q(enterprise__name_en__icontains=text))  # fmt: skip
    over = Case(When(status__in=PLEDGE.finals, then=1), default=0)
    return rows.annotate(over=over).order_by("over", F("due_on").asc(nulls_last=True), "-pk")


def public_members() -> QuerySet[Member]:
    """Return the members as everybody reads them: the active ones, and those suspended, which is said."""
    rows = Member.objects.filter(status__in=("active", "suspended")).select_related("organisation", "unit")
    return rows.order_by("kind", "organisation__name_zh", "pk")


def public_pledges() -> QuerySet[Pledge]:
    """Return the pledges as everybody reads them, kept or not; drafts and what was taken back before it are not there."""
    rows = Pledge.objects.exclude(published_on=None).exclude(status__in=("drafted", "handed_in", "taken_back"))
    return rows.select_related("enterprise__unit").order_by("-published_on", "-pk")


def committees() -> QuerySet[Committee]:
    """Return the committees that work, with their seats."""
    return Committee.objects.filter(dissolved_on=None).prefetch_related("seats__member__organisation").order_by("code")


def opinions_of(row: Any) -> QuerySet[Opinion]:
    """Return the opinions on a pact, a task or a meeting."""
    return row.opinions.select_related("person", "answered_by")  # type: ignore[no-any-return]
