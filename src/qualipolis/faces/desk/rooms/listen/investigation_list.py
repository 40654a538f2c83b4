"""The list of investigations: what is open, who owns it, what is still to be settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.listen.investigations import queries
from qualipolis.city.listen.investigations.lists import SHOWS, levels_of
from qualipolis.city.listen.investigations.visibility import READERS, teams_of
from qualipolis.city.listen.models import Investigation
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.listen import investigation_words as words
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags

SHOW = (("", gettext_lazy("All")), *SHOWS.items())


def _columns() -> list[parts.Column]:
    return [
        parts.Column("title", _("Investigation"), title=True),
        parts.Column("owner", _("Owned by")),
        parts.Column("state", _("State")),
        parts.Column("risk", _("Risk")),
        parts.Column("products", _("Products"), numeric=True),
        parts.Column("actions", _("Open actions"), numeric=True),
        parts.Column("next", _("Next step")),
    ]


def _state(row: Investigation) -> SafeString:
    chip = words.state_chip(row)
    found = tags.chip(chip.kind, chip.text, chip.icon or None)
    if not row.restricted:
        return found
    return format_html("<span>{} {}</span>", found, tags.chip("idle", _("restricted"), "lock"))


def _cells(levels: Mapping[int, str]) -> Callable[[Any], Mapping[str, Any]]:
    def cells(row: Any) -> Mapping[str, Any]:
        level = words.level_chip(levels.get(row.pk, ""))
        opened = _("%(number)s, opened on %(day)s") % {"number": row.number, "day": f"{row.opened_on:%Y-%m-%d}"}
        return {
            "title": format_html('<span>{}<br><span class="muted">{}</span></span>', row.title, opened),
            "owner": row.owner.name,
            "state": _state(row),
            "risk": tags.chip(level.kind, level.text, level.icon or None) if level else _("not assessed"),
            "products": row.products_now,
            "actions": row.actions_open,
            "next": words.next_words(queries.next_of(row)),
            "url": reverse("desk:listen_investigation", args=[row.pk]),
        }

    return cells


@page(*READERS)
def investigations(request: HttpRequest) -> HttpResponse:
    """The investigations that somebody may see."""
    rows = queries.investigations(request.user, request.GET.dict())
    keys = list(rows.values_list("pk", flat=True)[:2000])
    shown = after.ListPage(
        gettext_lazy("Investigations"),
        gettext_lazy("What several offices work on at once: products, firms, tests, orders with their proof. Restricted ones are seen by those who work on them."),
        _columns, _cells(levels_of(request.user, keys)), SHOW, "listen-investigations",
        (gettext_lazy("No investigation yet"), gettext_lazy("Open one when a letter, a signal or a test asks for more than one office can settle alone.")),
        search=True,
    )  # fmt: skip
    tools = [(_("Products"), reverse("desk:listen_products"), "barcode")]
    if can(request.user, "listen.open_investigation") and teams_of(request.user):
        tools.append((_("Open an investigation"), reverse("desk:listen_investigation_new"), "plus"))
    return after.list_page(request, shown, rows, stage="listen", tools=tools)
