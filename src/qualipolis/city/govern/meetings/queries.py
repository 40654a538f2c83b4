"""Meetings, resolutions and joint tasks under a filter, and what the public reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from qualipolis.city.core.policy import visible
from qualipolis.city.govern.models import FederationMeeting, JointTask, Resolution
from qualipolis.law.flows.federation import FEDERATION_MEETING, JOINT_TASK

Params = Mapping[str, str]
TO_COME = ("planned", "invited")


def meetings(actor: Any, params: Params | None = None) -> QuerySet[FederationMeeting]:
    """Return the meetings that somebody sees under a filter."""
    params = params or {}
    chosen = {
        "coming": Q(status__in=TO_COME), "notes": Q(status__in=("held", "minuted", "confirmed")),
        "published": Q(status="published"), "over": Q(status__in=FEDERATION_MEETING.finals),
    }  # fmt: skip
    rows = visible(actor, FederationMeeting.objects.select_related("committee", "chair__organisation"))
    over = Case(When(status__in=FEDERATION_MEETING.finals, then=1), default=0)
    return rows.filter(chosen.get(params.get("show", ""), Q())).annotate(over=over).order_by("over", "-meets_on", "-pk")


def tasks(actor: Any, params: Params | None = None) -> QuerySet[JointTask]:
    """Return the joint tasks that somebody sees under a filter."""
    params = params or {}
    chosen = {
        "proposed": Q(status="proposed"), "running": Q(status__in=("offered", "running")), "reported": Q(status="reported"),
        "done": Q(status="done"), "over": Q(status__in=JOINT_TASK.finals),
    }  # fmt: skip
    rows = visible(actor, JointTask.objects.select_related("committee", "lead__organisation"))
    rows = rows.filter(chosen.get(params.get("show", ""), Q()))
    if text := params.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | Q(topic__icontains=text) | Q(topic_en__icontains=text))
    over = Case(When(status__in=JOINT_TASK.finals, then=1), default=0)
    return rows.annotate(over=over).order_by("over", F("due_on").asc(nulls_last=True), "-pk")


def public_meetings() -> QuerySet[FederationMeeting]:
    """Return the meetings whose notes are published."""
    rows = FederationMeeting.objects.filter(status="published").select_related("committee", "chair__organisation")
    return rows.prefetch_related("resolutions").order_by("-meets_on", "-pk")


def public_resolutions(row: FederationMeeting) -> list[Resolution]:
    """Return the resolutions of a published meeting with their counts; who voted how is for the members."""
    return list(row.resolutions.filter(status__in=("carried", "lost", "annulled")).order_by("pk"))


def public_tasks() -> QuerySet[JointTask]:
    """Return the joint tasks whose result is published."""
    return (
        JointTask.objects.filter(status="done")
        .select_related("lead__organisation", "committee")
        .order_by("-ended_on", "-pk")
    )
