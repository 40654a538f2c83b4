"""The room of the laboratory: its samples by term under their blind codes, and nothing of where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.supervise.laboratory import queries
from qualipolis.city.supervise.laboratory.queries import LabReport, LabSample
from qualipolis.city.supervise.laboratory.work import step_of
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.flow_page import chip
from qualipolis.faces.desk.rooms.measure.pieces import deadline

PER_PAGE = 60
STAGE = "supervise"
SHOWS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("", gettext_lazy("To do"), ("in_transit", "designated", "received", "testing")),
    ("arriving", gettext_lazy("On the way"), ("in_transit", "designated")),
    ("received", gettext_lazy("To begin"), ("received",)),
    ("testing", gettext_lazy("Under test"), ("testing",)),
    ("reported", gettext_lazy("Reported"), ("reported", "upheld", "reversed")),
    ("ended", gettext_lazy("Ended"), ("rejected_at_lab", "stopped", "untestable", "returned", "disposed", "backup_lost")),
)  # fmt: skip
STEPS = {
    "receive_sample": gettext_lazy("Receive or refuse"),
    "begin_test": gettext_lazy("Begin the test"),
    "enter_items": gettext_lazy("Enter results"),
    "sign_report": gettext_lazy("Sign the report"),
    "issue_report": gettext_lazy("Issue the report"),
}


@dataclass(frozen=True)
class Line:
    """One sample in the list."""

    sample: LabSample
    chip: parts.Chip
    due: parts.Deadline | None
    report: LabReport | None
    report_words: str
    next: str
    url: str


@page("laboratory")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The samples of one's laboratory, the nearest term first."""
    samples = queries.lab_samples(request.user)
    show = request.GET.get("show", "")
    chosen = next((states for key, _words, states in SHOWS if key == show), SHOWS[0][2])
    wanted = request.GET.get("code", "").strip().upper()[:20]
    found = [one for one in samples if (wanted in one.code if wanted else one.status in chosen)]
    paged = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    reports = queries.lab_reports(request.user, [one.code for one in paged])
    context = {
        "stage": STAGE,
        "filters": [
            parts.Segment(str(words), f"?show={key}" if key else "?", key == show and not wanted,
                          sum(one.status in states for one in samples))
            for key, words, states in SHOWS
        ],
        "paged": paged,
        "wanted": wanted,
        "total": len(samples),
        "late": sum(queries.overdue(one) for one in samples),
        "open": sum(one.status in SHOWS[0][2] for one in samples),
        "lines": [_line(request.user, one, next(iter(reports.get(one.code, [])), None)) for one in paged],
        "exports": exports("laboratory-samples", "", len(samples)),
        "testing": any(one.under_test for one in samples),
        "crumbs": [(_("Laboratory"), "")],
    }  # fmt: skip
    return render(request, "laboratory/home.html", context)


def _line(user: Any, sample: LabSample, report: LabReport | None) -> Line:
    step = step_of(user, sample, report)
    name = "desk:lab_results" if step == "enter_items" else "desk:lab_sample"
    url = reverse(name, args=[sample.code])
    if report and step in ("sign_report", "issue_report"):
        url = reverse("desk:lab_report", args=[sample.code, report.version])
    due = None if sample.ended or sample.status == "reported" else deadline(sample.due_on)
    words = chip("test_report", report.status).text if report else ""
    return Line(sample, chip(sample.flow_code, sample.status), due, report, words, str(STEPS.get(step, "")), url)


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the way here from the laboratory's list."""
    return [(_("Laboratory"), reverse("desk:lab")), *more]
