"""Penalties after failed results: the list, and the page of one with the days on which it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath import queries
from qualipolis.city.supervise.aftermath.lists import PENALTY_SHOWS
from qualipolis.city.supervise.aftermath.penalties import penalty_facts, take_down_day
from qualipolis.city.supervise.models import PenaltyPublication
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after as after

HERE = Act("publish", "supervise.publish_penalty", lambda actor, row, said: service.publish_penalty(actor, row))
ELSEWHERE = Act(
    "push", "supervise.push_penalty", lambda actor, row, said: service.push_penalty(actor, row, said["authority"])
)
ACTS = (
    Act("record_elsewhere", "supervise.record_penalty_elsewhere",
        lambda actor, row, said: service.record_penalty_elsewhere(actor, row, said["published_on"]),
        {"published_on": after.day(gettext_lazy("Published there on"), initial=timezone.localdate)}),
    Act("withdraw", "supervise.withdraw_penalty",
        lambda actor, row, said: service.withdraw_penalty(actor, row, said["reason"])),
    Act("take_down", "supervise.take_down_penalty", lambda actor, row, said: service.take_down_penalty(actor, row)),
)  # fmt: skip
ASIDE = (
    Act("annul", "supervise.annul_penalty",
        lambda actor, row, said: service.annul_penalty(
            actor, row, said["reason"], said["document_no"], said["changed_on"]),
        {"changed_on": after.day(gettext_lazy("Changed or revoked on"), initial=timezone.localdate)}),
    Act("correct", "supervise.correct_penalty",
        lambda actor, row, said: service.correct_penalty(actor, row, said["reason"], said["words"]),
        {"words": after.area(gettext_lazy("The corrected words; empty leaves them as they are"), required=False)}),
)  # fmt: skip
MARKS = (
    after.Mark("uphold", "supervise.uphold_penalty", gettext_lazy("Let the penalty stand after the check"),
               {"reason": after.area(gettext_lazy("Why it stands"))},
               lambda actor, row, said: service.uphold_penalty(actor, row, said["reason"]),
               lambda row: row.check_since is not None),
)  # fmt: skip


def _columns() -> list[parts.Column]:
    return [
        parts.Column("number", _("Number"), title=True),
        parts.Column("firm", _("Firm")),
        parts.Column("kind", _("Kind")),
        parts.Column("decided", _("Decided on")),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
    ]


def _cells(row: PenaltyPublication) -> Mapping[str, Any]:
    return {
        "number": row.number,
        "firm": row.case.enterprise.name,
        "kind": str(row.get_kind_display()),
        "decided": after.day_cell(row.decided_on),
        "state": after.state_cell(row),
        "due": _("until %(day)s") % {"day": row.due_on} if row.status == "published" else after.due_cell(row),
        "url": reverse("desk:penalty", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Penalties"),
    gettext_lazy("Published within their working days, taken down on their day; a mere warning is not published."),
    _columns,
    _cells,
    PENALTY_SHOWS,
    "penalties",
    (gettext_lazy("No penalty yet"), gettext_lazy("A penalty is recorded on the page of a case.")),
)


@page(*INSIDE)
def penalties(request: HttpRequest) -> HttpResponse:
    """The penalties somebody sees."""
    return after.list_page(request, LIST, queries.penalties(request.user, request.GET.dict()))


@page(*INSIDE)
def penalty(request: HttpRequest, pk: int) -> HttpResponse:
    """One penalty: what the public reads, since when and until when."""
    row = get_object_or_404(queries.penalties(request.user), pk=pk)
    known = penalty_facts(row)
    found = offers(request, row, (HERE if row.same_province else ELSEWHERE, *ACTS), known)
    aside, beside = offers(request, row, ASIDE, known), after.marks(request, row, MARKS)
    posted = request.method == "POST"
    if posted and (take(request, row, [*found, *aside]) or after.take_mark(request, row, beside)):
        return redirect("desk:penalty", pk)
    context = page_of(request, row, found, "desk:penalty")
    context["beside"] += [one for one in aside if not one.blocked]
    context["blocked"] = [one for one in context["blocked"] if one.act.step != "take_down"]
    context |= {
        "marks": beside,
        "down": take_down_day(row),
        "history": history(row),
        "undo": undo_offer(request.user),
        "crumbs": [after.handling_crumb(), (str(LIST.heading), reverse("desk:penalties")), (row.number, "")],
    }
    return render(request, "supervise/penalty.html", context)
