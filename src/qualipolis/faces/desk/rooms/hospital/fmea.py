"""The failure mode analysis and the control plan of a case, each a table with a form that writes or changes a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.consultation.parties import attends
from qualipolis.city.hospital.models import Case, ControlPlanLine, FailureModeRow
from qualipolis.city.hospital.treatment import control_plan, failure_modes
from qualipolis.city.hospital.treatment.rows import WRITABLE
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.hospital.case_thread import ROLES, case_of, crumbs_of
from qualipolis.faces.desk.rooms.hospital.words import title_of

PRIORITY = {"H": "bad", "M": "warn", "L": "idle"}
PRIORITY_WORDS = {"H": gettext_lazy("H high"), "M": gettext_lazy("M medium"), "L": gettext_lazy("L low")}
MODE_LABELS = {
    "step": gettext_lazy("Process step"), "mode": gettext_lazy("How it fails"), "effect": gettext_lazy("What follows"),
    "cause": gettext_lazy("Why it happens"), "prevention": gettext_lazy("Prevention today"),
    "detection_by": gettext_lazy("Detection today"), "action": gettext_lazy("What will be done"),
}  # fmt: skip
RATING_LABELS = {
    "severity": gettext_lazy("Severity, 1 to 10"), "occurrence": gettext_lazy("Occurrence, 1 to 10"),
    "detection": gettext_lazy("Detection, 1 to 10"),
}  # fmt: skip
LINE_LABELS = {
    "step": gettext_lazy("Process step"), "characteristic": gettext_lazy("Characteristic"),
    "specification": gettext_lazy("Specification"), "gauge": gettext_lazy("Measured with"),
    "sample": gettext_lazy("Sample size and frequency"), "method": gettext_lazy("Control method"),
    "reaction": gettext_lazy("What to do when it fails"),
}  # fmt: skip


class RowForm(forms.Form):
    """A row of texts and, for failure modes, three ratings."""

    def __init__(
        self, labels: Mapping[str, Any], lengths: Mapping[str, int], required: Any, *args: Any, **kw: Any
    ) -> None:
        ratings = kw.pop("ratings", {})
        super().__init__(*args, **kw)
        for name, label in labels.items():
            made = forms.CharField(label=label, max_length=lengths[name], required=name in required)
            self.fields[name] = made
        for name, label in ratings.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=1, max_value=10)


@dataclass(frozen=True)
class Kept:
    """One of the two tables: its words, its model, and its verbs."""

    name: str
    heading: Any
    lead: Any
    model: Any
    labels: Mapping[str, Any]
    module: Any
    ratings: Mapping[str, Any]
    write: Callable[..., Any]
    remove: Callable[..., Any]
    verb: str
    listing: str
    paper: str


MODES = Kept(
    "hospital_failure_modes", gettext_lazy("Failure mode analysis"),
    gettext_lazy("What can fail, why, and how urgent it is to act."), FailureModeRow, MODE_LABELS, failure_modes,
    RATING_LABELS, service.write_failure_mode, service.remove_failure_mode, "hospital.write_failure_mode",
    "hospital-failure-modes", "fmea",
)  # fmt: skip
PLAN = Kept(
    "hospital_control_plan", gettext_lazy("Control plan"),
    gettext_lazy("What is watched from now on so that the cure holds (D7)."), ControlPlanLine, LINE_LABELS, control_plan,
    {}, service.write_control_line, service.remove_control_line, "hospital.write_control_line",
    "hospital-control-plan", "control-plan",
)  # fmt: skip


@page(*ROLES)
def hospital_failure_modes(request: HttpRequest, pk: int) -> HttpResponse:
    """The failure mode analysis of a case."""
    return _page(request, pk, MODES)


@page(*ROLES)
def hospital_control_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The control plan of a case."""
    return _page(request, pk, PLAN)


def _page(request: HttpRequest, pk: int, kept: Kept) -> HttpResponse:
    case = case_of(request, pk)
    rows = visible(request.user, kept.model.objects.filter(case=case))
    row = rows.filter(pk=whole(request.GET.get("row", ""))).first()
    may = _may(request, case, kept)
    data = request.POST if request.POST.get("do") == "write" else None
    initial = {name: getattr(row, name) for name in (*kept.labels, *kept.ratings)} if row else None
    form = RowForm(kept.labels, kept.module.LENGTHS, kept.module.REQUIRED, data, initial=initial, ratings=kept.ratings)
    if request.method == "POST" and _posted(request, case, kept, rows, row, form):
        return redirect(f"desk:{kept.name}", pk)
    status = 400 if request.method == "POST" else 200
    shown = {
        "stage": "diagnose",
        "case": case,
        "title": title_of(case),
        "crumbs": crumbs_of(case, str(kept.heading)),
        "kept": kept,
        "lines": _lines(case, rows) if kept is MODES else [{"row": one} for one in rows],
        "form": form if may else None,
        "row": row,
        "caveat": _(failure_modes.CAVEAT) if kept is MODES else "",
        "exports": [
            *exports(kept.listing, f"case={case.pk}", len(rows))[:2],
            *(parts.Export("pdf", reverse("desk:hospital_paper", args=[pk, kept.paper, lang]), lang) for lang in ("zh", "en")),
        ],
    }  # fmt: skip
    return render(
        request, f"hospital/{'failure_modes' if kept is MODES else 'control_plan'}.html", shown, status=status
    )


def _may(request: HttpRequest, case: Case, kept: Kept) -> bool:
    from qualipolis.city.core.policy import roles_of

    mine = attends(request.user, case) or "enterprise" in roles_of(request.user)
    return mine and case.status in WRITABLE and can(request.user, kept.verb, case)


def _lines(case: Case, rows: Any) -> list[dict[str, Any]]:
    seen = {one.pk for one in rows}
    return [
        {
            "row": row,
            "chip": parts.Chip(PRIORITY[found], str(PRIORITY_WORDS[found])),
            "words": _(failure_modes.PRIORITIES[found]),
        }
        for row, found in failure_modes.analysis(case)
        if row.pk in seen
    ]


def _posted(request: HttpRequest, case: Case, kept: Kept, rows: Any, row: Any, form: RowForm) -> bool:
    if request.POST.get("do") == "remove":
        gone = rows.filter(pk=whole(request.POST.get("row", ""))).first()
        empty = forms.Form(request.POST)
        return gone is not None and attempt(
            request, empty, lambda said: kept.remove(request.user, gone), _("Taken out.")
        )
    return attempt(request, form, lambda said: kept.write(request.user, case, said, row), _("Kept."))
