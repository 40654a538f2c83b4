"""The lists of cases: the queue of the desk, the cases of a doctor, and the firm's own with their progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page, roles_of
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.reception import queries
from qualipolis.city.hospital.reception.duty import flagged
from qualipolis.city.hospital.reception.lists import SHOWS
from qualipolis.city.hospital.reception.offers import open_offers
from qualipolis.city.hospital.reception.pauses import open_pause
from qualipolis.city.hospital.reception.triage import priority
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import chip_of
from qualipolis.faces.desk.rooms.hospital.case_way import FIRM_TURN, way
from qualipolis.faces.desk.rooms.hospital.words import title_of
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags

DESK = ("hospital_desk", "hospital_manager")
SHOW = (("", gettext_lazy("All")), *SHOWS.items())
OF_EXPERT = ("", "proposed", "open", "waiting", "late", "after", "ended")
MOST = 60


def _columns() -> list[parts.Column]:
    return [
        parts.Column("case", _("Case"), title=True),
        parts.Column("firm", _("Firm")),
        parts.Column("priority", _("Priority")),
        parts.Column("state", _("State")),
        parts.Column("expert", _("Expert")),
        parts.Column("due", _("Next step due")),
    ]


def priority_cell(row: Case) -> SafeString | str:
    """Return the priority in words, and the flag of what law wants reported; nothing is said before the triage."""
    if not (row.severity and row.urgency) or row.status == "registered":
        return ""
    found = priority(row.severity, row.urgency)
    drawn = tags.chip(found.kind, f"{found.words} · {found.value}")
    flag = tags.chip("bad", _("to report"), "flag") if flagged(row) else ""
    return format_html("<span>{} {}</span>", drawn, flag)


def _cells(row: Case) -> Mapping[str, Any]:
    return {
        "case": format_html('{}<br><span class="muted">{}</span>', row.product_name, row.number),
        "firm": format_html('<span>{}<br><span class="muted">{}</span></span>', row.enterprise.name, row.unit.name),
        "priority": priority_cell(row),
        "state": after.state_cell(row),
        "expert": str(row.expert or ""),
        "due": after.due_cell(row),
        "url": reverse("desk:hospital_case", args=[row.pk]),
    }


def _page(shows: Any, heading: Any, lead: Any) -> after.ListPage:
    none = (gettext_lazy("No case here"), gettext_lazy("Cases appear as soon as a firm registers one."))
    return after.ListPage(heading, lead, _columns, _cells, shows, "hospital-cases", none, search=True)


QUEUE = _page(
    SHOW,
    gettext_lazy("Cases of the product hospital"),
    gettext_lazy("The most urgent first, then what is due first. Each clock runs in working days and stands still while the firm is asked."),
)  # fmt: skip
TREATED = _page(
    tuple((key, words) for key, words in SHOW if key in OF_EXPERT),
    gettext_lazy("My cases"),
    gettext_lazy("Cases that were proposed to you, that you treat, or in whose panel you sit."),
)


@page("expert", *DESK)
def hospital_cases(request: HttpRequest) -> HttpResponse:
    """The cases somebody treats or serves at the desk."""
    at_desk = bool(roles_of(request.user) & set(DESK))
    rows = queries.cases(request.user, request.GET.dict())
    tools = []
    if can(request.user, "hospital.draft_case"):
        tools = [(_("Register for a firm"), reverse("desk:case_new"), "plus")]
    crumbs = [(str((QUEUE if at_desk else TREATED).heading), "")]
    chosen = QUEUE if at_desk else TREATED
    return after.list_page(request, chosen, rows, stage="diagnose", tools=tools, crumbs=crumbs)


@page("enterprise")
def my_cases(request: HttpRequest) -> HttpResponse:
    """The firm's own cases on the phone: what waits for the firm first, each with its progress."""
    rows = list(queries.own_cases(request.user)[:MOST])
    shown = sorted((_own(row) for row in rows), key=lambda one: (not one["mine"], one["case"].ended, -one["case"].pk))
    context = {
        "stage": "diagnose",
        "rows": shown,
        "waiting": sum(one["mine"] for one in shown),
        "offers": list(open_offers(request.user)),
        "crumbs": [(_("My cases"), "")],
    }
    return render(request, "hospital/my_cases.html", context)


def _own(row: Case) -> dict[str, Any]:
    mine = row.status in FIRM_TURN
    pause = open_pause(row) if row.status in queries.WAITING else None
    draft = row.status == "draft"
    return {
        "case": row,
        "title": title_of(row) if row.product_name else _("Draft without a product"),
        "url": reverse("desk:case_step", args=[row.pk, 1]) if draft else reverse("desk:hospital_case", args=[row.pk]),
        "mine": mine,
        "draft": draft,
        "state": chip_of(row),
        "question": pause.question if pause else "",
        "steps": [] if draft or row.ended else way(row, mine=mine),
        "due": None if row.ended else deadline(row.due_on),
        "next": str(NEXT.get(row.status, "")),
    }


NEXT = {
    "draft": gettext_lazy("Go on with the draft"),
    "prescribed": gettext_lazy("Read the prescription and answer"),
    "treating": gettext_lazy("Tell what was done"),
    "improved": gettext_lazy("Hand in more evidence"),
    "waiting_firm": gettext_lazy("Answer the question"),
    "suspended": gettext_lazy("Answer the question"),
}
