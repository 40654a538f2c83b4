"""The list of complaints for the desk and for a mediator: by their days, with the order in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.listen.complaints import queries
from qualipolis.city.listen.complaints.lists import SHOWS
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.listen import complaint_words as words
from qualipolis.faces.desk.rooms.listen.complaint_document import HANDLING
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags

SHOW = (("", gettext_lazy("All")), *SHOWS.items())


def _columns() -> list[parts.Column]:
    return [
        parts.Column("complaint", _("Complaint"), title=True),
        parts.Column("firm", _("Firm")),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("order", _("Order in force")),
        parts.Column("officer", _("Officer")),
    ]


def _state(row: Complaint) -> SafeString:
    chip = words.state_chip(row)
    return tags.chip(chip.kind, chip.text, chip.icon or None)


def _cells(row: Complaint) -> Mapping[str, Any]:
    about = row.letter.product_name or _("Complaint")
    received = _("%(number)s, received on %(day)s") % {"number": row.number, "day": f"{row.received_on:%Y-%m-%d}"}
    town = row.unit.name if row.unit else _("town not known")
    due = words.deadline(row)
    return {
        "complaint": format_html('{}<br><span class="muted">{}</span>', about, received),
        "firm": format_html('<span>{}<br><span class="muted">{}</span></span>', words.firm_of(row), town),
        "state": _state(row),
        "due": format_html("<span>{}</span>", tags.deadline(due)) if due else "",
        "order": words.short_order(row),
        "officer": str(row.officer or "—"),
        "url": reverse("desk:listen_complaint", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Complaints"),
    gettext_lazy("What is due first stands first. A letter received before 15 April 2026 keeps the terms of Order 20."),
    _columns, _cells, SHOW, "listen-complaints",
    (gettext_lazy("No complaint here"), gettext_lazy("Complaints appear as soon as a letter opens one.")), search=True,
)  # fmt: skip


@page(*HANDLING)
def complaints(request: HttpRequest) -> HttpResponse:
    """The complaints that somebody handles, or that are entrusted to their body."""
    rows = queries.complaints(request.user, request.GET.dict())
    tools = [(_("Enter a letter"), url, "plus")] if (url := address("desk:listen_letter_new")) else []
    return after.list_page(request, LIST, rows, stage="listen", tools=tools, crumbs=[(_("Complaints"), "")])
