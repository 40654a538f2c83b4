"""Joint tasks: proposed by anybody here, led by a member, reported and published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.govern import service, shown
from qualipolis.city.govern.bodies import READERS
from qualipolis.city.govern.meetings import queries
from qualipolis.city.govern.meetings.tasks import MOST
from qualipolis.city.govern.models import JointTask
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pieces import (
    Act,
    Fields,
    Page,
    Section,
    answer,
    area,
    crumbs,
    day,
    day_words,
    form_page,
    line,
    member_field,
    members_field,
    state_cell,
    texts,
    whole,
)
from qualipolis.faces.desk.rooms.federation.words import committee_field, opinion_marks, opinion_section
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), *shown.TASKS.items())
WAY = (
    (gettext_lazy("Proposal"), ("proposed",), ("federation.offer_task",)),
    (gettext_lazy("A member takes the lead"), ("offered",), ("federation.begin_task",)),
    (gettext_lazy("Work"), ("running",), ("federation.report_task",)),
    (gettext_lazy("Result"), ("reported",), ("federation.accept_task",)),
)
WAITS = {
    "proposed": gettext_lazy("The secretariat asks a member to lead."),
    "offered": gettext_lazy("The member takes the lead, or says why not."),
    "running": gettext_lazy("The leading member reports the result."),
    "reported": gettext_lazy("The secretariat looks at the result and publishes it."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("task", _("Joint task"), title=True),
        parts.Column("state", _("State")),
        parts.Column("lead", _("Led by")),
        parts.Column("until", _("Until")),
    ]


def _cells(row: JointTask) -> Mapping[str, Any]:
    return {
        "task": format_html('{}<br><span class="muted">{}</span>', row.name, row.number),
        "state": state_cell(row),
        "lead": row.lead.name if row.lead else "",
        "until": after.day_cell(row.until),
        "url": reverse("desk:federation_task", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Joint tasks"), gettext_lazy("Anybody here may propose one, agencies too. A member takes the lead by its own will."),
    _columns, _cells, SHOW, "federation-tasks",
    (gettext_lazy("No joint task here"), gettext_lazy("Propose one: a topic, and what it is to reach.")), search=True,
)  # fmt: skip


@page(*READERS)
def tasks(request: HttpRequest) -> HttpResponse:
    """The joint tasks under a filter."""
    tools = [(_("Propose a task"), reverse("desk:federation_task_new"), "plus")]
    rows = queries.tasks(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="govern", tools=tools, crumbs=crumbs((_("Joint tasks"), "")))


@page(*READERS)
def task_new(request: HttpRequest) -> HttpResponse:
    """Propose a joint task."""
    fields: Fields = {
        "topic": line(gettext_lazy("Topic"), 160), "topic_en": line(gettext_lazy("Topic in English"), 160, False),
        "goal": area(gettext_lazy("What it is to reach"), 2000), "goal_en": area(gettext_lazy("In English"), 2000, required=False),
    }  # fmt: skip

    def act(said: dict[str, Any]) -> str:
        made = service.propose_task(request.user, **said)
        seen = visible(request.user, JointTask.objects.filter(pk=made.pk)).exists()
        return reverse("desk:federation_task", args=[made.pk]) if seen else reverse("desk:federation_tasks")

    return form_page(request, _("Propose a joint task"), fields, act, _("Propose the task"),
                     (_("Joint tasks"), reverse("desk:federation_tasks")))  # fmt: skip


@page(*READERS)
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one joint task."""
    rows = JointTask.objects.select_related("lead__organisation", "committee", "reported_by")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    facts = {"reported_by": row.reported_by_id, "goal": row.goal}
    return answer(request, Page(
        row, "desk:federation_task", row.name, _("%(number)s, %(what)s") % {"number": row.number, "what": row.get_origin_display()},
        WAY, _acts(row), facts, _sections(row), [(_("Joint tasks"), reverse("desk:federation_tasks")), (row.number, "")],
        opinion_marks(row), opinion_section(row, request), waits=WAITS,
    ))  # fmt: skip


def _acts(row: JointTask) -> list[Act]:
    offer: Fields = {
        "lead": member_field(gettext_lazy("Led by")), "until": day(gettext_lazy("Until")),
        "partners": members_field(gettext_lazy("Partners")), "committee": committee_field(False, row.committee_id),
    }  # fmt: skip
    report: Fields = {
        "report": area(gettext_lazy("Result"), 4000, 5), "report_en": area(gettext_lazy("Result in English"), 4000, 4, required=False),
        "firms_reached": whole(gettext_lazy("Firms reached"), MOST - 1, help_text=gettext_lazy("Leave it empty when it was not counted.")),
        "products_checked": whole(gettext_lazy("Products checked"), MOST - 1),
    }  # fmt: skip
    return [
        Act("offer", "federation.offer_task",
            lambda actor, one, said: service.offer_task(actor, one, said["lead"], said["until"], said["partners"], said["committee"]),
            offer, for_good=True),
        Act("begin", "federation.begin_task", lambda actor, one, said: service.begin_task(actor, one)),
        Act("report", "federation.report_task", lambda actor, one, said: service.report_task(actor, one, **said), report, for_good=True),
        Act("accept", "federation.accept_task", lambda actor, one, said: service.accept_task(actor, one), for_good=True),
        Act("decline", "federation.decline_task", lambda actor, one, said: service.decline_task(actor, one, said["reason"]), for_good=True),
        Act("return", "federation.return_task", lambda actor, one, said: service.return_task(actor, one, said["reason"]), for_good=True),
        Act("drop", "federation.drop_task", lambda actor, one, said: service.drop_task(actor, one, said["reason"]), for_good=True),
    ]  # fmt: skip


def _sections(row: JointTask) -> list[Section]:
    facts = [
        (_("Proposed by"), row.get_origin_display()), (_("Proposed on"), day_words(row.proposed_on)),
        (_("Led by"), row.lead.name if row.lead else "—"),
        (_("Partners"), "、".join(one.name for one in row.partners.select_related("organisation")) or "—"),
        (_("Committee"), row.committee.name if row.committee else "—"), (_("Until"), day_words(row.until)),
    ]  # fmt: skip
    if row.reason:
        facts.append((_("Reason"), row.reason))
    counted = [
        (_("Firms reached"), row.firms_reached if row.firms_reached is not None else _("not counted")),
        (_("Products checked"), row.products_checked if row.products_checked is not None else _("not counted")),
    ]
    result = texts(_("Result"), row.report, row.report_en)
    return [
        *result,
        *([Section(_("Counted"), facts=counted)] if result else []),
        *texts(_("What it is to reach"), row.goal, row.goal_en),
        Section(_("Facts"), facts=facts),
    ]
