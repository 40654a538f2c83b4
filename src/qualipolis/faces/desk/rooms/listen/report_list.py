"""The list of reports for the desk and for the inspectors who check them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.listen.reports import queries
from qualipolis.city.listen.reports.lists import HANDLERS, SHOWS, order_word
from qualipolis.city.listen.reports.models import Report
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), *SHOWS.items())


def _columns() -> list[parts.Column]:
    return [
        parts.Column("report", _("Report"), title=True),
        parts.Column("town", _("Town")),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("order", _("Order in force")),
        parts.Column("who", _("Checked by")),
    ]


def _cells(row: Report) -> Mapping[str, Any]:
    received = _("%(number)s, received on %(day)s") % {"number": row.number, "day": f"{row.received_on:%Y-%m-%d}"}
    return {
        "report": format_html('{}<br><span class="muted">{}</span>', row.respondent_name, received),
        "town": row.unit.name if row.unit else _("town not known"),
        "state": after.state_cell(row),
        "due": after.due_cell(row),
        "order": order_word(row.received_on),
        "who": str(row.inspector or row.officer or "—"),
        "url": reverse("desk:listen_report", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Reports of violations"),
    gettext_lazy("What is due first stands first. Who informed lies under seal; the firm does not learn that there is a report."),
    _columns, _cells, SHOW, "listen-reports",
    (gettext_lazy("No report here"), gettext_lazy("Reports appear as soon as a letter opens one.")), search=True,
)  # fmt: skip


@page(*HANDLERS)
def reports(request: HttpRequest) -> HttpResponse:
    """The reports that somebody handles."""
    rows = queries.reports(request.user, request.GET.dict())
    tools = []
    if can(request.user, "listen.receive_letter"):
        tools = [(_("Enter a letter"), reverse("desk:listen_letter_new"), "plus")]
    return after.list_page(request, LIST, rows, stage="listen", tools=tools, crumbs=[(_("Reports of violations"), "")])
