"""The handling of failed results: the list of a branch, and the page of one case with its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.aftermath import queries
from qualipolis.city.supervise.aftermath.facts import evidence, facts, proofs
from qualipolis.city.supervise.aftermath.lists import CASE_SHOWS
from qualipolis.city.supervise.aftermath.publication_rows import row_of
from qualipolis.city.supervise.aftermath.scope import responsible
from qualipolis.city.supervise.models import HandlingCase
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after as after
from qualipolis.faces.desk.rooms.supervise.handling_acts import ASIDE, MAIN, MARKS
from qualipolis.faces.desk.rooms.supervise.items import item_lines, shown
from qualipolis.law.supervision.consequences import FOLLOWS

FIRST = (
    (gettext_lazy("Order to correct"), ("transferred", "ordered"), ("supervise.serve_order",)),
    (gettext_lazy("Correction"), ("correcting",), ("supervise.report_correction",)),
    (gettext_lazy("Review"), ("review_requested",), ("supervise.pass_review", "supervise.fail_review")),
)
SECOND = (
    (gettext_lazy("Announcement"), ("failed", "escalated"), ("supervise.announce_failure",)),
    (gettext_lazy("Second review"), ("announced",), ("supervise.pass_second_review", "supervise.fail_second_review")),
)
THIRD = ((gettext_lazy("Stop and third review"), ("suspended", "third_review"), ("supervise.pass_third_review",)),)
LAST = ((gettext_lazy("Closing"), ("passed",), ("supervise.close_handling",)),)
FOOD = (
    (gettext_lazy("Beginning"), ("transferred",), ("supervise.begin_food_handling",)),
    (gettext_lazy("Handling"), ("running",), ("supervise.finish_food_handling",)),
)
WAITS = {
    "correcting": gettext_lazy("The firm corrects and reports with evidence."),
    "suspended": gettext_lazy("The firm has stopped business and rectifies; it reports with evidence."),
    "announced": gettext_lazy("The second review may begin on its first day."),
    "closed": gettext_lazy("It is closed; nothing is left to do."),
    "cancelled": gettext_lazy("It was cancelled: the result no longer stands."),
    "licence_revoked": gettext_lazy("The licence was revoked; nothing is left to do here."),
    "closed_ceased": gettext_lazy("The firm has ceased and nobody took it over."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("number", _("Number"), title=True),
        parts.Column("firm", _("Firm")),
        parts.Column("handler", _("Handled by")),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
    ]


def _cells(row: HandlingCase) -> Mapping[str, Any]:
    return {
        "number": row.number,
        "firm": responsible(row).name,
        "handler": row.handler.name,
        "state": after.state_cell(row),
        "due": after.due_cell(row),
        "url": reverse("desk:handling_case", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Handling of failed results"),
    gettext_lazy("Order, correction, review: each with its last day by the law of the day on which it began."),
    _columns,
    _cells,
    CASE_SHOWS,
    "handling",
    (
        gettext_lazy("No case yet"),
        gettext_lazy("A case opens by itself when a failure becomes final. You see those that concern you."),
    ),
    search=True,
)


@page(*INSIDE)
def handling_list(request: HttpRequest) -> HttpResponse:
    """The cases somebody sees, with their clocks."""
    rows = queries.cases(request.user, request.GET.dict())
    seen = queries.cases(request.user).order_by("handler__code").values_list("handler__code", "handler__name_zh")
    handlers = list(dict.fromkeys(seen))
    tools = [
        (_("Transfers"), reverse("desk:transfers"), "arrow-right"),
        (_("Publications"), reverse("desk:publications"), "world"),
        (_("Penalties"), reverse("desk:penalties"), "scale"),
        (_("Meetings"), reverse("desk:meetings"), "users"),
    ]
    return after.list_page(request, LIST, rows, handlers=handlers if len(handlers) > 1 else [], tools=tools)


@page(*INSIDE)
def handling_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: its clocks, the failed items, the next step and what can be recorded beside it."""
    row = get_object_or_404(queries.cases(request.user), pk=pk)
    known = facts(row)
    found, aside = offers(request, row, MAIN, known), offers(request, row, ASIDE, known)
    beside = after.marks(request, row, MARKS)
    if request.method == "POST" and (take(request, row, [*found, *aside]) or after.take_mark(request, row, beside)):
        return redirect("desk:handling_case", pk)
    context = page_of(request, row, found, "desk:handling_case")
    context["beside"] += [one for one in aside if not one.blocked]
    told = history(row)
    mine = context["box"] is not None
    published = row_of(row.result)
    context |= {
        "firm": responsible(row),
        "marks": beside,
        "steps": progress(row, path_of(row), told, mine=mine) if path_of(row) else [],
        "told": published,
        "said": shown(published),
        "items": item_lines(published["items"]),
        "proofs": list(proofs(row)),
        "files": list(evidence(row)),
        "restarts": list(row.restarts.all()),
        "penalties": [(one, after.state_cell(one)) for one in row.penalties.all()],
        "duties": _duties(row),
        "follow_ups": visible(request.user, row.result.follow_ups.select_related("campaign")),
        "waits": after.with_whom(WAITS, row),
        "history": told,
        "undo": undo_offer(request.user),
        "crumbs": [(str(LIST.heading), reverse("desk:handling_list")), (row.number, "")],
    }
    return render(request, "supervise/handling_case.html", context)


def path_of(row: HandlingCase) -> tuple[Any, ...]:
    """Return the way of a case as far as it can be seen; one that stands still or was cancelled has none."""
    if row.status in ("firm_ceased", "closed_ceased", "cancelled"):
        return ()
    if row.flow_code == "food_handling":
        return FOOD
    beyond = row.announced_on is not None or row.status in ("failed", "escalated")
    third = row.status in ("suspended", "third_review", "licence_revoked")
    return (*FIRST, *(SECOND if beyond else ()), *(THIRD if third else ()), *LAST)


def _duties(row: HandlingCase) -> list[str]:
    """Return what the law or the platform asks for beside the steps, in words."""
    events = [
        name
        for name, holds in (
            ("firm_ceased", row.status == "firm_ceased"),
            ("serious_problem", row.serious),
            ("restarted", row.restarts.exists()),
        )
        if holds
    ]
    return [_(one.words) for name in events for one in FOLLOWS[name] if not one.step]
