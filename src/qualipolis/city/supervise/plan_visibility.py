"""Who sees plans, rules, campaigns, draws and inspectors."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import roles_of, visibility
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import (
    Campaign,
    DrawnUnit,
    DrawRun,
    HigherLevelTask,
    InspectorProfile,
    PlanLine,
    RuleItem,
    SamplingPlan,
    SamplingRule,
)

PUBLIC_PLAN = ("public", "closed")
PUBLIC_CAMPAIGN = ("rules_public", "sampling", "testing", "settled", "archived")
PUBLIC_DRAW = ("committed", "drawn", "published", "superseded")


RUNNING = {"planner", "leader", "department", "auditor", "admin", "system"}


def runs_draws(actor: Any) -> bool:
    """Whether the actor plans, approves or oversees draws; nobody else learns who was drawn before it is public."""
    return bool(roles_of(actor) & RUNNING)


def inside(actor: Any) -> bool:
    """Whether the actor works inside the administration: no firm, no laboratory, not the public."""
    return bool(roles_of(actor) & {*INSIDE, "system"})


@visibility(SamplingPlan)
def _plans(actor: Any, rows: QuerySet[SamplingPlan]) -> QuerySet[SamplingPlan]:
    """The public sees what was published; a version in work is for those inside."""
    return rows if inside(actor) else rows.filter(status__in=PUBLIC_PLAN)


@visibility(PlanLine)
def _lines(actor: Any, rows: QuerySet[PlanLine]) -> QuerySet[PlanLine]:
    return rows if inside(actor) else rows.filter(plan__status__in=PUBLIC_PLAN)


@visibility(HigherLevelTask)
def _tasks(actor: Any, rows: QuerySet[HigherLevelTask]) -> QuerySet[HigherLevelTask]:
    """What the state and the province sample they publish themselves."""
    return rows


@visibility(SamplingRule)
def _rules(actor: Any, rows: QuerySet[SamplingRule]) -> QuerySet[SamplingRule]:
    return rows if inside(actor) else rows.filter(published_on__lte=timezone.localdate())


@visibility(RuleItem)
def _items(actor: Any, rows: QuerySet[RuleItem]) -> QuerySet[RuleItem]:
    return rows if inside(actor) else rows.filter(rule__published_on__lte=timezone.localdate())


@visibility(Campaign)
def _campaigns(actor: Any, rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """A campaign is public from the day its scheme and rules are."""
    return rows if inside(actor) else rows.filter(status__in=PUBLIC_CAMPAIGN)


@visibility(DrawRun)
def _draws(actor: Any, rows: QuerySet[DrawRun]) -> QuerySet[DrawRun]:
    """From the commitment on a draw is in public view, superseded ones too; its frame and units once published."""
    if inside(actor):
        return rows
    return rows.filter(status__in=PUBLIC_DRAW, committed_at__isnull=False)


@visibility(DrawnUnit)
def _units(actor: Any, rows: QuerySet[DrawnUnit]) -> QuerySet[DrawnUnit]:
    """Who was drawn is public with the draw, but never shown to a laboratory: its samples have no names."""
    if runs_draws(actor):
        return rows
    if "laboratory" in roles_of(actor):
        return rows.none()
    return rows.filter(draw__published_at__isnull=False)


@visibility(InspectorProfile)
def _inspectors(actor: Any, rows: QuerySet[InspectorProfile]) -> QuerySet[InspectorProfile]:
    """Those who run and oversee sampling see the roster; an inspector sees themselves."""
    if runs_draws(actor):
        return rows
    return rows.filter(Q(person_id=getattr(actor, "pk", None)))


@reader("supervise.drawrun")
def _files(actor: Any, pk: str) -> bool:
    """The files of a draw are read by those who run it, and by everyone but laboratories once it is published."""
    if runs_draws(actor):
        return True
    if "laboratory" in roles_of(actor):
        return False
    return DrawRun.objects.filter(pk=whole(pk), published_at__isnull=False).exists()
