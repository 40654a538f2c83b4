"""The organiser's side: test reports to accept, each with its items and versions, and how long laboratories take."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page, visible
from qualipolis.city.supervise.laboratory import queries, reports
from qualipolis.city.supervise.laboratory.lists import READERS, by_laboratory
from qualipolis.city.supervise.models import TestReport
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.flow_page import Act, chip, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.laboratory.home import STAGE
from qualipolis.faces.desk.rooms.laboratory.report import PATH, line_of, pdf_response, verdict_chip
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer

PER_PAGE = 50
SHOWS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("", gettext_lazy("To accept"), ("issued",)),
    ("accepted", gettext_lazy("Accepted"), ("accepted",)),
    ("withdrawn", gettext_lazy("Withdrawn"), ("withdrawn",)),
)


def _rows(user: Any) -> Any:
    rows = visible(user, TestReport.objects.all()).select_related("sample__task__campaign__rule", "laboratory")
    return rows.filter(status__in=("issued", "accepted", "withdrawn"))


@page(*READERS)
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Issued reports, those to accept first, and turnaround by laboratory."""
    show = request.GET.get("show", "")
    states = next((found for key, _words, found in SHOWS if key == show), SHOWS[0][2])
    rows = _rows(request.user)
    paged = Paginator(rows.filter(status__in=states).order_by("issued_on", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "stage": STAGE,
        "filters": [
            parts.Segment(
                str(words), f"?show={key}" if key else "?", key == show, rows.filter(status__in=found).count()
            )
            for key, words, found in SHOWS
        ],
        "paged": paged,
        "lines": [(row, verdict_chip(row.verdict), chip(row.flow_code, row.status)) for row in paged],
        "laboratories": by_laboratory(request.user, timezone.localdate()),
        "exports": exports("laboratory-turnaround", "", len(by_laboratory(request.user, timezone.localdate()))),
        "crumbs": [(_("Test reports"), "")],
    }
    return render(request, "laboratory/reports.html", context)


def row_or_404(request: HttpRequest, pk: int) -> TestReport:
    """Return a report that this person sees."""
    found: TestReport = get_object_or_404(_rows(request.user), pk=pk)
    return found


@page("leader", "planner", "department", "auditor")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report for the organiser, with its versions; accept it, or (the leader) withdraw a false one."""
    row = row_or_404(request, pk)
    replaced = hasattr(row, "replaced_by")
    found = [] if replaced else offers(request, row, _acts(), {})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:lab_report_view", pk)
    told = history(row)
    shown = queries.report_seen(row)
    versions = _rows(request.user).filter(sample=row.sample).order_by("-version")
    context = page_of(request, row, found, "desk:lab_report_view") | {
        "stage": STAGE,
        "shown": shown,
        "steps": progress(row, PATH, told, mine=bool(found)) if row.status != "withdrawn" else [],
        "lines": [line_of(value) for value in shown.values],
        "verdict": verdict_chip(row.verdict),
        "versions": [(one, chip(one.flow_code, one.status), one.pk == row.pk) for one in versions],
        "history": told,
        "undo": undo_offer(request.user),
        "due": None,
        "waits": _("A later version replaced this one; it stays as it was.") if replaced else "",
        "crumbs": [(_("Test reports"), reverse("desk:lab_reports")), (str(row), "")],
    }
    return render(request, "laboratory/report_view.html", context, status=400 if request.method == "POST" else 200)


def _acts() -> list[Act]:
    return [
        Act("accept", "supervise.accept_report", lambda actor, row, said: reports.accept(actor, row)),
        Act("withdraw", "supervise.withdraw_report",
            lambda actor, row, said: reports.withdraw(actor, row, reason=said["reason"], document_no=said["document_no"])),
    ]  # fmt: skip


@page(*READERS)
@require_safe
def report_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The report as the laboratory issued it."""
    row = row_or_404(request, pk)
    return pdf_response(queries.sample_seen(row.sample), queries.report_seen(row), lang)
