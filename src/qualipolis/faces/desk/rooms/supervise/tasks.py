"""The tasks on site as a list: for the organiser with filters and export, for an inspector the own visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, roles_of
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.field import lists as field_lists
from qualipolis.city.supervise.field import queries as field_queries
from qualipolis.city.supervise.models import SamplingTask
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import listed
from qualipolis.faces.desk.rooms.supervise import after as after


def _columns() -> list[parts.Column]:
    return [
        parts.Column("number", _("Number"), title=True),
        parts.Column("firm", _("Firm")),
        parts.Column("town", _("Town")),
        parts.Column("campaign", _("Campaign")),
        parts.Column("people", _("Inspectors")),
        parts.Column("state", _("State")),
        parts.Column("sampled", _("Sampled on")),
        parts.Column("due", _("Next step due")),
    ]


def _cells(row: SamplingTask) -> Mapping[str, Any]:
    names = [one.person for one in row.assignments.all()]
    return {
        "number": row.number,
        "firm": row.enterprise.name,
        "town": row.unit.name,
        "campaign": row.campaign.number,
        "people": listed(names) or "—",
        "state": after.state_cell(row),
        "sampled": after.day_cell(row.sampled_on) or "—",
        "due": after.due_cell(row) or "—",
        "url": reverse("desk:task", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Tasks on site"),
    gettext_lazy("One firm, two inspectors, and an outcome: a sample, a listed reason, or a refusal."),
    _columns,
    _cells,
    field_lists.SHOWS,
    "sampling_tasks",
    (
        gettext_lazy("No task yet"),
        gettext_lazy("Tasks are made from a published draw. You see those that concern you."),
    ),
    search=True,
)


@page(*INSIDE)
def task_list(request: HttpRequest) -> HttpResponse:
    """The tasks somebody sees, under their filters."""
    rows = field_queries.tasks(request.user, request.GET.dict()).prefetch_related("assignments__person")
    tools = (
        [(_("On the phone"), reverse("field:home"), "device-mobile")] if "inspector" in roles_of(request.user) else []
    )
    return after.list_page(request, LIST, rows, tools=tools)
