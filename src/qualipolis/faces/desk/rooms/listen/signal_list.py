"""All signals: by week, by what became of them, with their export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.listen.models import Signal
from qualipolis.city.listen.signals import queries
from qualipolis.city.listen.signals.lists import SHOWS
from qualipolis.city.listen.signals.visibility import READERS
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.listen import signal_words as words
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags

SHOW = (("", gettext_lazy("All")), *SHOWS.items())


def _columns() -> list[parts.Column]:
    return [
        parts.Column("about", _("Signal"), title=True),
        parts.Column("week", _("Week from")),
        parts.Column("count", _("Records in four weeks"), numeric=True),
        parts.Column("expected", _("Expected"), numeric=True),
        parts.Column("share", _("False share at most"), numeric=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
    ]


def _cells(row: Signal) -> Mapping[str, Any]:
    found = words.state_chip(row)
    return {
        "about": format_html('{}<br><span class="muted">{}</span>', words.title(row), row.number),
        "week": f"{row.week:%Y-%m-%d}",
        "count": row.count,
        "expected": None if row.expected is None else words.number(row.expected),
        "share": None if row.q_value is None else words.small(row.q_value),
        "state": tags.chip(found.kind, found.text, found.icon or None),
        "due": after.due_cell(row),
        "url": reverse("desk:listen_signal", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("All signals"),
    gettext_lazy("The latest week first; within a week what is surest first."),
    _columns, _cells, SHOW, "listen-signals",
    (gettext_lazy("No signal yet"), gettext_lazy("Signals appear when a series of records grows beyond chance.")),
    search=True,
)  # fmt: skip


@page(*READERS)
def all_signals(request: HttpRequest) -> HttpResponse:
    """All signals somebody sees."""
    rows = queries.signals(request.user, request.GET.dict())
    crumbs = [(_("Early-warning signals"), reverse("desk:listen_signals")), (_("All signals"), "")]
    more: dict[str, Any] = {"filtered": any(request.GET.get(name) for name in ("show", "q", "week"))}
    return after.list_page(request, LIST, rows, stage="listen", crumbs=crumbs, **more)
