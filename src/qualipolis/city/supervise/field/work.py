"""What waits for inspectors on site, and for the organiser around the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.policy import city_wide, organisations_of
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.supervise.field.models import SamplingTask
from qualipolis.city.supervise.field.queries import TO_REPORT, my_tasks
from qualipolis.city.supervise.field.submissions import conflicts_for

WHY = {
    "drawn": gettext_lazy("Drawn; two inspectors are to be named."),
    "not_sampled": gettext_lazy("No sample was taken: replace from the reserve, or close with the reason."),
    "returned": gettext_lazy("The sample cannot be tested: name the inspectors again, or void the task."),
}


def inspector_work(actor: Any) -> list[WorkItem]:
    """Return the visits, reports and conflicts of an inspector."""
    return [*_conflicts(actor), *_visits(actor)]


def _visits(actor: Any) -> Iterator[WorkItem]:
    for row in my_tasks(actor):
        report = row.status in TO_REPORT
        why = _("Report it to the authority at once.") if report else _("%(firm)s, %(town)s")
        yield WorkItem(
            "supervise",
            _("Sampling task %(number)s") % {"number": row.number},
            why % {"firm": row.enterprise.name, "town": row.unit.name} if not report else why,
            row.due_on or row.campaign.ends_on,
            "supervise:task",
            (row.pk,),
            "supervise.report_refusal" if report else "supervise.take_sample",
        )


def _conflicts(actor: Any) -> Iterator[WorkItem]:
    for one in conflicts_for(actor):
        yield WorkItem(
            "supervise",
            _("Two submissions of the task %(number)s") % {"number": one.task.number},
            _("The first one stands; what %(name)s sent later is kept beside it. Look at both.")
            % {"name": str(one.person)},
            None,
            "supervise:task",
            (one.task_id,),
            "supervise.see_conflict",
        )


def organiser_work(actor: Any) -> list[WorkItem]:
    """Return the tasks that wait for a decision of the organiser, one line for each campaign and state."""
    rows = SamplingTask.objects.filter(status__in=WHY)
    if not city_wide(actor, ("planner",)):
        rows = rows.filter(campaign__organiser__in=organisations_of(actor, ("department",)))
    groups = rows.values("campaign__number", "campaign__name_zh", "campaign__name_en", "status")
    return [_group(one) for one in groups.annotate(n=Count("pk"), first=Min("pk"), due=Min("due_on")).order_by()]


def _group(one: dict[str, Any]) -> WorkItem:
    n = one["n"]
    title = ngettext("%(n)s task of %(campaign)s", "%(n)s tasks of %(campaign)s", n)
    return WorkItem(
        "supervise",
        title % {"n": n, "campaign": one["campaign__number"]},
        str(WHY[one["status"]]),
        one["due"],
        "supervise:task",
        (one["first"],),
        {"drawn": "supervise.assign_task", "not_sampled": "supervise.replace_task"}.get(
            one["status"], "supervise.void_task"
        ),
        n,
    )


MAKERS = (
    ("inspector", inspector_work),
    ("planner", organiser_work),
    ("department", organiser_work),
)
