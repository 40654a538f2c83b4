"""Reports that law requires: the only thing of a case that enforcement reads, and how the desk writes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core import drafts
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, DutyReport
from qualipolis.city.hospital.reception import queries
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import day_field
from qualipolis.faces.desk.rooms.hospital.assign import case_address
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags

DESK = ("hospital_desk", "hospital_manager")
READERS = ("leader", "planner", "auditor", "department", "inspector", "town_officer", *DESK)


class ReportForm(forms.Form):
    """The ground and what is reported, written for it."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Ground in law"), choices=DutyReport.Ground.choices, widget=forms.RadioSelect
    )
    statement = forms.CharField(
        label=gettext_lazy("What is reported, and nothing else"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Product, danger, where it is. Leave out what the firm told in confidence and the danger does not need."),
    )  # fmt: skip


@page(*DESK)
def duty_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a report that law requires from a case."""
    case = get_object_or_404(visible(request.user, Case.objects.select_related("enterprise", "unit")), pk=pk)
    if not can(request.user, "hospital.report_duty", case) or case.status == "draft":
        return redirect("desk:hospital_case", pk)
    form = ReportForm(request.POST or None, auto_id="id_%s")
    key = f"duty-{case.pk}"

    def act(said: dict[str, Any]) -> None:
        service.report_duty(request.user, case, said["ground"], said["statement"])

    if request.method == "POST" and attempt(request, form, act):
        drafts.discard(request.user, key)
        return redirect("desk:hospital_case", pk)
    context = {
        "stage": "diagnose",
        "heading": _("Report what law requires"),
        "lead": _("The bureau, the branch of the town and the town read these words and the name of the firm, and nothing else of the case. The firm is told at once."),
        "form": form,
        "button": _("Report it and tell the firm"),
        "help": _("This cannot be taken back. Danger to life and a defect on the market start the term in which the producer itself reports."),
        "facts": [(_("Firm"), case.enterprise.name), (_("Town"), case.unit.name), (_("Product"), case.product_name),
                  (_("In the firm's own words, in confidence"), case.problem_text)],
        "draft_key": key,
        "crumbs": [(str(case), case_address(case)), (_("Report what law requires"), "")],
    }  # fmt: skip
    return render(request, "hospital/form_page.html", context, status=400 if form.errors else 200)


def _columns() -> list[parts.Column]:
    return [
        parts.Column("made", _("Reported on"), title=True),
        parts.Column("ground", _("Ground")),
        parts.Column("firm", _("Firm")),
        parts.Column("product", _("Product")),
        parts.Column("own", _("Report of the producer")),
    ]


def _own(row: DutyReport) -> Any:
    if row.firm_reported_on:
        late = row.due_on is not None and row.firm_reported_on > row.due_on
        return tags.chip("warn" if late else "ok", after.day_cell(row.firm_reported_on))
    return tags.deadline(deadline(row.due_on)) if row.due_on else ""


def _cells(row: DutyReport) -> Mapping[str, Any]:
    return {
        "made": after.day_cell(row.made_on),
        "ground": row.get_ground_display(),
        "firm": row.enterprise.name,
        "product": row.product_name,
        "own": _own(row),
        "url": reverse("desk:duty_report", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Reports required by law"),
    gettext_lazy("What the product hospital had to report: danger to life, a defect on the market, a crime. Nothing else of a case is shown to enforcement."),
    _columns,
    _cells,
    (),
    "hospital-duty-reports",
    (gettext_lazy("No report"), gettext_lazy("Nothing had to be reported to those who look after your town.")),
)  # fmt: skip


@page(*READERS)
def duty_reports(request: HttpRequest) -> HttpResponse:
    """The reports that somebody sees."""
    crumbs = [(str(LIST.heading), "")]
    return after.list_page(request, LIST, queries.duty_reports(request.user), stage="diagnose", crumbs=crumbs)


class OwnForm(forms.Form):
    """The day on which the producer reported itself."""

    reported_on = day_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        self.fields["reported_on"].label = _("Reported on")


@page("enterprise", *READERS)
def duty_report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report; the firm or the desk notes when the producer has reported itself."""
    row = get_object_or_404(queries.duty_reports(request.user), pk=pk)
    seen = visible(request.user, Case.objects.filter(pk=row.case_id)).exists()
    may = seen and row.firm_reported_on is None and can(request.user, "hospital.note_own_report", row)
    form = OwnForm(request.POST or None) if may else None

    def act(said: dict[str, Any]) -> None:
        service.note_own_report(request.user, row, said["reported_on"])

    if request.method == "POST" and form is not None and attempt(request, form, act):
        return redirect("desk:duty_report", pk)
    context = {
        "stage": "diagnose",
        "row": row,
        "form": form,
        "seen": seen,
        "own": _own(row),
        "crumbs": [(str(LIST.heading), reverse("desk:duty_reports")), (row.product_name, "")],
    }
    return render(request, "hospital/duty_report.html", context)
