"""What waits for those who plan, approve and draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import organisations_of, roles_of
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.supervise.models import Campaign, DrawRun, SamplingPlan
from qualipolis.city.supervise.planning.campaigns import sampled_out

PLAN_STEPS = {
    "draft": ("supervise.submit_plan", gettext_lazy("Write its lines and submit it.")),
    "returned": ("supervise.submit_plan", gettext_lazy("The leader returned it; correct it and submit it again.")),
    "approved": ("supervise.file_plan", gettext_lazy("Approved; file it with the next higher level.")),
    "filed": ("supervise.publish_plan", gettext_lazy("Filed; publish it.")),
}
CAMPAIGN_STEPS = {
    "draft": ("supervise.contract_campaign", gettext_lazy("Write the scheme and conclude the agreements.")),
    "approved": ("supervise.publish_campaign_rules", gettext_lazy("Approved; make scheme and rules public.")),
    "rules_public": ("supervise.begin_campaign", gettext_lazy("Draw the firms and begin the sampling.")),
}
DRAW_STEPS = {
    "prepared": ("supervise.freeze_draw", gettext_lazy("Freeze the frame.")),
    "frozen": ("supervise.commit_draw", gettext_lazy("Commit rule and source of randomness.")),
    "committed": ("supervise.draw", gettext_lazy("The randomness is there: reveal it and draw.")),
    "drawn": ("supervise.publish_draw", gettext_lazy("Drawn; publish it.")),
}


def office_work(actor: Any) -> list[WorkItem]:
    """Return the next steps of plans, campaigns and draws for the planner, or for a department its own ones."""
    return [*_plans(actor), *_campaigns(actor), *_draws(actor)]


def leader_work(actor: Any) -> list[WorkItem]:
    """Return the plans and campaigns that wait for approval."""
    found = [
        WorkItem("supervise", _("Plan %(name)s") % {"name": row.name}, _("Handed in; approve it or return it."),
                 row.due_on, "supervise:sampling_plan", (row.pk,), "supervise.approve_plan")
        for row in SamplingPlan.objects.filter(status="submitted").order_by("pk")
    ]  # fmt: skip
    why = _("The agreements are concluded; approve scheme and rules.")
    return found + [
        WorkItem("supervise", row.name, why, row.due_on, "supervise:campaign", (row.pk,), "supervise.approve_campaign")
        for row in Campaign.objects.filter(status="contracted").order_by("pk")
    ]


def _mine[Row: (SamplingPlan, Campaign, DrawRun)](actor: Any, rows: QuerySet[Row], path: str) -> QuerySet[Row]:
    if "planner" in roles_of(actor):
        return rows
    return rows.filter(**{f"{path}__in": organisations_of(actor, ("department",))})


def _plans(actor: Any) -> Iterator[WorkItem]:
    rows = _mine(actor, SamplingPlan.objects.filter(status__in=PLAN_STEPS), "organiser")
    for row in rows.order_by("pk"):
        verb, why = PLAN_STEPS[row.status]
        title = _("Plan %(name)s") % {"name": row.name}
        yield WorkItem("supervise", title, str(why), row.due_on, "supervise:sampling_plan", (row.pk,), verb)


def _campaigns(actor: Any) -> Iterator[WorkItem]:
    for row in _mine(actor, Campaign.objects.filter(status__in=CAMPAIGN_STEPS), "organiser").order_by("pk"):
        verb, words = CAMPAIGN_STEPS[row.status]
        yield _campaign(row, verb, str(words))
    why = _("Every task has ended or has its sample; end the sampling.")
    for row in _mine(actor, sampled_out(), "organiser").order_by("pk"):
        yield _campaign(row, "supervise.end_sampling", why)


def _campaign(row: Campaign, verb: str, why: str) -> WorkItem:
    return WorkItem("supervise", row.name, why, row.begins_on, "supervise:campaign", (row.pk,), verb)


def _draws(actor: Any) -> Iterator[WorkItem]:
    rows = _mine(actor, DrawRun.objects.filter(status__in=DRAW_STEPS), "campaign__organiser")
    for row in rows.select_related("campaign").order_by("pk"):
        if row.status == "committed" and row.source_at and row.source_at > timezone.now():
            continue  # nothing to do until the randomness is there
        verb, why = DRAW_STEPS[row.status]
        title = _("Draw of %(name)s") % {"name": row.campaign.name}
        yield WorkItem("supervise", title, str(why), None, "supervise:draw", (row.pk,), verb)


MAKERS = (("planner", office_work), ("department", office_work), ("leader", leader_work))
