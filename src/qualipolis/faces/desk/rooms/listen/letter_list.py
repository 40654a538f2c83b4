"""The list of letters for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.listen.intake import queries
from qualipolis.city.listen.intake.lists import SHOWS, TRACKS, track_of
from qualipolis.city.listen.intake.models import Letter
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), *SHOWS.items())


def _columns() -> list[parts.Column]:
    return [
        parts.Column("letter", _("Letter"), title=True),
        parts.Column("product", _("Product")),
        parts.Column("track", _("What it opened")),
        parts.Column("town", _("Town")),
        parts.Column("how", _("How it came")),
    ]


def _cells(row: Letter) -> Mapping[str, Any]:
    received = _("%(number)s, received on %(day)s") % {"number": row.reference, "day": f"{row.received_on:%Y-%m-%d}"}
    return {
        "letter": format_html('{}<br><span class="muted">{}</span>', row.respondent_name, received),
        "product": row.product_name or "—",
        "track": str(TRACKS[track_of(row)]),
        "town": row.unit.name if row.unit else _("town not known"),
        "how": row.get_channel_display(),
        "url": reverse("desk:listen_letter", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Letters received"),
    gettext_lazy("One letter opens a complaint, a report, or both. Who wrote lies under seal."),
    _columns, _cells, SHOW, "listen-letters",
    (gettext_lazy("No letter here"), gettext_lazy("Letters come from the public page, or an officer enters them.")), search=True,
)  # fmt: skip


@page("complaint_desk")
def letters(request: HttpRequest) -> HttpResponse:
    """The letters of the towns that somebody serves."""
    rows = queries.letters(request.user, request.GET.dict())
    tools = [(_("Enter a letter"), reverse("desk:listen_letter_new"), "plus")]
    return after.list_page(request, LIST, rows, stage="listen", tools=tools, crumbs=[(_("Letters received"), "")])
