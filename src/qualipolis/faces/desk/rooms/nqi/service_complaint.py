"""Complaints about services: the list of the platform, and the page of one for everybody it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import ServiceComplaint
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.lists import COMPLAINT_SHOWS
from qualipolis.city.nqi.services.visibility import READERS
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history
from qualipolis.faces.desk.rooms.nqi import service_words as words
from qualipolis.faces.desk.rooms.nqi.demand_list import chip_cell
from qualipolis.faces.desk.rooms.supervise import after

WAITS = {
    "filed": gettext_lazy("The general platform takes it up."),
    "accepted": gettext_lazy("Who is complained about answers."),
    "answered": gettext_lazy("The firm says whether the answer settles it; otherwise the platform decides."),
    "settled": gettext_lazy("The answer settled it."),
    "decided": gettext_lazy("The platform has decided."),
    "forwarded": gettext_lazy("The market regulator deals with it."),
    "declined": gettext_lazy("It was not taken up."),
    "withdrawn": gettext_lazy("The firm withdrew it."),
}


def about_whom(row: ServiceComplaint) -> str:
    """Return whom a complaint is about."""
    return (
        row.order.institution.name if row.order else (row.demand.point.name if row.demand.point else _("the station"))
    )


def _columns() -> list[parts.Column]:
    return [
        parts.Column("complaint", _("Complaint"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("about", _("About")),
    ]


def _cells(row: ServiceComplaint) -> Mapping[str, Any]:
    said = _("%(number)s of %(day)s") % {"number": row.number, "day": f"{row.made_on:%Y-%m-%d}"}
    return {
        "complaint": words.two_lines(row.demand.enterprise.name, said),
        "state": chip_cell(words.state_chip(row)),
        "due": after.due_cell(row),
        "about": about_whom(row),
        "url": reverse("desk:nqi_complaint", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Complaints about services"),
    gettext_lazy("A firm complains about an institution or a station; whom it is about answers, the platform decides."),
    _columns, _cells, (("", gettext_lazy("All")), *COMPLAINT_SHOWS.items()), "nqi-complaints",
    (gettext_lazy("No complaint"), gettext_lazy("Firms complain from the page of their demand.")), search=True,
)  # fmt: skip


@page(*READERS)
def complaints(request: HttpRequest) -> HttpResponse:
    """The complaints about services that somebody sees."""
    rows = queries.complaints(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="build", crumbs=[(_("Complaints about services"), "")])


def _acts() -> list[Act]:
    report = {"report": after.area(gettext_lazy("Answer"), 4000, 5)}
    return [
        Act("accept", "nqi.accept_service_complaint", lambda actor, one, said: service.accept_service_complaint(actor, one), for_good=True),
        Act("answer", "nqi.answer_service_complaint",
            lambda actor, one, said: service.answer_service_complaint(actor, one, said["report"]), report, for_good=True),
        Act("settle", "nqi.settle_service_complaint", lambda actor, one, said: service.settle_service_complaint(actor, one)),
        Act("decide", "nqi.decide_service_complaint",
            lambda actor, one, said: service.decide_service_complaint(actor, one, said["report"]),
            {"report": after.area(gettext_lazy("Decision"), 4000, 5)}, for_good=True),
        Act("ask_again", "nqi.object_to_answer", lambda actor, one, said: service.object_to_answer(actor, one, said["reason"]), for_good=True),
        Act("forward", "nqi.forward_service_complaint",
            lambda actor, one, said: service.forward_service_complaint(actor, one, said["authority"], said["reason"])),
        Act("decline", "nqi.decline_service_complaint", lambda actor, one, said: service.decline_service_complaint(actor, one, said["reason"])),
        Act("withdraw", "nqi.withdraw_service_complaint", lambda actor, one, said: service.withdraw_service_complaint(actor, one)),
    ]  # fmt: skip


@page(*READERS)
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint about a service."""
    rows = ServiceComplaint.objects.select_related(
        "demand__enterprise", "demand__unit", "demand__point", "order__institution"
    )
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    found = offers(request, row, _acts(), {})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:nqi_complaint", pk)
    shown, told = page_of(request, row, found, "desk:nqi_complaint"), history(row)
    context = shown | {
        "stage": "build", "state": words.state_chip(row), "title": _("Complaint about %(whom)s") % {"whom": about_whom(row)},
        "steps": words.complaint_way(row, told, mine=bool(shown["box"])), "waits": WAITS.get(row.status, ""), "history": told,
        "crumbs": [(_("Complaints about services"), reverse("desk:nqi_complaints")), (row.number, "")],
    }  # fmt: skip
    return render(request, "nqi/complaint.html", context, status=400 if request.method == "POST" else 200)
