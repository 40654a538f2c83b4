"""Examinations: the list and the page of the laboratory, which names no firm and no problem; doctors read the same page."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import organisations_of, page, visible
from qualipolis.city.hospital.consultation import examinations, lists
from qualipolis.city.hospital.consultation.parties import attends, laboratory_of
from qualipolis.city.hospital.models import Case, Examination
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, chip_of, offers, page_of, take
from qualipolis.faces.desk.rooms.hospital.case_thread import ROLES, trail
from qualipolis.faces.desk.rooms.hospital.consultation_forms import ReportForm
from qualipolis.faces.desk.rooms.hospital.words import reading_rows
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer

SHOWS = (
    ("", gettext_lazy("To be done")),
    ("reported", gettext_lazy("Reported")),
    ("all", gettext_lazy("All")),
)
PAGE, LIST = 50, "hospital-orders"
BETWEEN = re.compile(r"[\s;；、，]+|,(?=\s)")


@page("laboratory")
def lab_examinations(request: HttpRequest) -> HttpResponse:
    """The orders of the hospital to this laboratory."""
    mine, show = lists.of_laboratory(request.user), request.GET.get("show", "")
    rows = lists.orders(request.user, {"show": show})
    paged = Paginator(rows, PAGE).get_page(whole(request.GET.get("page")) or 1)
    filters = [
        parts.Segment(str(words), f"?show={key}", show == key, count)
        for (key, words), count in zip(SHOWS, _counts(mine), strict=True)
    ]
    lines = [(one, chip_of(one)) for one in paged]
    shown = {"stage": "diagnose", "lines": lines, "paged": paged, "filters": filters, "total": mine.count()}
    shown["exports"] = exports(LIST, f"show={show}" if show in ("reported", "all") else "", paged.paginator.count)
    return render(request, "hospital/lab_examinations.html", shown)


def _counts(mine: Any) -> tuple[int, int, int]:
    return mine.filter(status__in=examinations.OPEN).count(), mine.filter(status="reported").count(), mine.count()


@page("laboratory", *ROLES)
def hospital_examination(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one examination: the laboratory accepts, declines, reports; the doctor may cancel."""
    rows = Examination.objects.select_related("laboratory", "report", "ordered_by__person", "case__enterprise")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    mine = bool(organisations_of(request.user, ("laboratory",)) & set(laboratory_of(row)))
    found = offers(request, row, _acts(request, row, mine), {})
    form = ReportForm(row.items, *_posted(request)) if mine and row.status == "accepted" else None
    if request.method == "POST" and _taken(request, row, found, form):
        return redirect("desk:hospital_examination", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "hospital/examination.html", _context(request, row, found, form, mine), status=status)


def _posted(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.POST.get("do") == "report" else ()


def _acts(request: HttpRequest, row: Examination, mine: bool) -> list[Act]:
    if mine:
        return [
            Act("accept", "hospital.accept_examination", lambda actor, one, said: examinations.accept(actor, one)),
            Act("decline", "hospital.decline_examination",
                lambda actor, one, said: examinations.decline(actor, one, said["reason"]), for_good=True),
        ]  # fmt: skip
    if attends(request.user, row.case) or visible(request.user, Case.objects.filter(pk=row.case_id)).exists():
        return [Act("cancel", "hospital.cancel_examination",
                    lambda actor, one, said: examinations.cancel(actor, one, said["reason"]), for_good=True)]  # fmt: skip
    return []


def _taken(request: HttpRequest, row: Examination, found: list[Offer], form: ReportForm | None) -> bool:
    """Take the step that was posted: the report has a form of its own."""
    if form is None or not form.is_bound:
        return take(request, row, found)

    def hand_in(said: dict[str, Any]) -> None:
        readings = [_reading(said, n) for n in range(form.count)]
        examinations.report(
            request.user, row, said["report_no"], readings, conclusion=said["conclusion"],
            reported_on=said["reported_on"], file=said["file"],
        )  # fmt: skip

    return attempt(request, form, hand_in, _("The report is handed in. The expert is told."))


def _reading(said: dict[str, Any], n: int) -> dict[str, Any]:
    """Return what was typed for an item; single values are numbers with blanks or semicolons between."""
    words = [one for one in BETWEEN.split(said[f"values_{n}"]) if one]
    values = [_number(one) for one in words]
    return {"value": said[f"value_{n}"], "verdict": said[f"verdict_{n}"], "values": values}


def _number(text: str) -> float:
    """Return a number as typed; what is none becomes one that the verb refuses by its place."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("nan")


def _context(
    request: HttpRequest, row: Examination, found: list[Offer], form: ReportForm | None, mine: bool
) -> dict[str, Any]:
    sees_case = visible(request.user, Case.objects.filter(pk=row.case_id)).exists()
    return page_of(request, row, found, "desk:hospital_examination") | {
        "stage": "diagnose",
        "mine": mine,
        "case": row.case if sees_case else None,
        "crumbs": trail(request, row.case, row.number) if sees_case else [(_("Orders of the hospital"), _list())],
        "readings": reading_rows(row),
        "form": form,
        "lines": list(zip(row.items, form.lines(), strict=True)) if form else [],
        "plain": form.plain() if form else [],
        "history": history(row),
        "undo": undo_offer(request.user, f"hospital.examination:{row.pk}"),
        "waits": _("Examine, then hand in the report: its form stands on this page.") if form else "",
    }


def _list() -> str:
    from django.urls import reverse

    return reverse("desk:lab_examinations")
