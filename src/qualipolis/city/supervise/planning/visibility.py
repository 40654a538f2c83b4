"""Who sees plans, rules, campaigns, draws and inspectors."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import inside, roles_of, visibility
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
SAMPLED = ("testing", "settled", "archived")
NAMES_OPEN = Q(published_at__isnull=False, campaign__status__in=SAMPLED)


RUNNING = {"planner", "leader", "department", "auditor", "admin", "system"}


def runs_draws(actor: Any) -> bool:
    """Whether the actor plans, approves or oversees draws; nobody else learns who was drawn before it is public."""
    return bool(roles_of(actor) & RUNNING)


def names_open(draw: DrawRun) -> bool:
    """Whether frame and list of a draw are public: it was published and sampling on site has ended.

    Until then a firm that knows it is on the list could prepare its goods; the hashes are public before.
    """
    return draw.published_at is not None and draw.campaign.status in SAMPLED


def learns_names(actor: Any, draw: DrawRun) -> bool:
    """Whether the actor may know who was drawn and have the files: who runs draws, later all but laboratories."""
    return runs_draws(actor) or (names_open(draw) and "laboratory" not in roles_of(actor))


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
    """From the commitment on a draw is in public view, superseded ones too; its frame and units once sampling has ended."""
    if inside(actor):
        return rows
    return rows.filter(status__in=PUBLIC_DRAW, committed_at__isnull=False)


@visibility(DrawnUnit)
def _units(actor: Any, rows: QuerySet[DrawnUnit]) -> QuerySet[DrawnUnit]:
    """Who was drawn is public once sampling has ended, but never shown to a laboratory: its samples have no names."""
    if runs_draws(actor):
        return rows
    if "laboratory" in roles_of(actor):
        return rows.none()
    return rows.filter(draw__in=DrawRun.objects.filter(NAMES_OPEN).values("pk"))


@visibility(InspectorProfile)
def _inspectors(actor: Any, rows: QuerySet[InspectorProfile]) -> QuerySet[InspectorProfile]:
    """Those who run and oversee sampling see the roster; an inspector sees themselves."""
    if runs_draws(actor):
        return rows
    return rows.filter(Q(person_id=getattr(actor, "pk", None)))


@reader("supervise.drawrun")
def _files(actor: Any, pk: str) -> bool:
    """The files of a draw are read by those who run it, and by everyone but laboratories once sampling has ended."""
    row = DrawRun.objects.select_related("campaign").filter(pk=whole(pk)).first()
    return row is not None and learns_names(actor, row)
