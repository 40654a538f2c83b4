"""The consultation of a case on a page of its own, what is said in it, and the firm's request for a second opinion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qualipolis.city.core import drafts
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, roles_of, visible
from qualipolis.city.hospital.consultation import second_opinions, thread
from qualipolis.city.hospital.models import Case, MeasurementFile
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.hospital.consultation_forms import SayForm, SecondOpinionForm
from qualipolis.faces.desk.rooms.hospital.who import treats
from qualipolis.faces.desk.rooms.hospital.words import lines_of, title_of

ROLES = ("enterprise", "expert", "hospital_desk", "hospital_manager")


def case_of(request: HttpRequest, pk: int) -> Case:
    """Return a case that this person sees."""
    rows = visible(request.user, Case.objects.select_related("enterprise", "unit", "expert__person"))
    return get_object_or_404(rows, pk=pk)


def trail(request: HttpRequest, case: Case, *more: str) -> list[tuple[str, str]]:
    """Return the way here: the list of cases that this person has, the case, then what is said."""
    firm = "enterprise" in roles_of(request.user)
    home = (
        (_("Our cases"), address("desk:my_cases")) if firm else (_("Product hospital"), address("desk:hospital_cases"))
    )
    return [home, *crumbs_of(case, *more)]


def crumbs_of(case: Case, *more: str) -> list[tuple[str, str]]:
    """Return the way here from the case."""
    return [(str(case), reverse("desk:hospital_case", args=[case.pk])), *((words, "") for words in more)]


@page(*ROLES)
def case_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole consultation; something said comes back to where it was said."""
    case = case_of(request, pk)
    form = SayForm(request.POST or None, request.FILES or None, inside=treats(request, case))
    if request.method == "POST" and attempt(request, form, lambda said: _say(request, case, said), _("Sent.")):
        drafts.discard(request.user, f"case-thread-{pk}")
        back = reverse("desk:case_thread" if request.POST.get("here") else "desk:hospital_case", args=[pk])
        return redirect(f"{back}#thread")
    lines = lines_of(case, thread.read_by(request.user, case))
    may_say = case.status != "draft" and can(request.user, "hospital.say", case)
    shown = {
        "stage": "diagnose",
        "case": case,
        "title": title_of(case),
        "lines": lines,
        "form": form if may_say else None,
    }
    shown["shared"], shown["view"] = _shared(case, request.GET if request.method == "GET" else request.POST)
    shown["crumbs"] = trail(request, case, _("Consultation"))
    return render(request, "hospital/thread.html", shown, status=400 if form.errors else 200)


def _shared(case: Case, params: Mapping[str, str]) -> tuple[MeasurementFile | None, dict[str, int]]:
    """Return the measurements whose chart is shared, and the points of it that are looked at."""
    key = whole(params.get("measurements"))
    row = case.measurement_files.select_related("attachment").filter(pk=key).first() if key else None
    view = {name: number for name in ("from", "to") if (number := whole(params.get(name)))}
    return row, view if row else {}


def _say(request: HttpRequest, case: Case, said: dict[str, Any]) -> None:
    shared, view = _shared(case, request.POST)
    thread.say(
        request.user, case, said["words"], doctors_only=bool(said.get("doctors_only")), files=said["files"],
        measurements=shared, view=view,
    )  # fmt: skip


@page("enterprise")
@require_POST
def ask_second_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The firm disputes the diagnosis."""
    case = case_of(request, pk)
    form = SecondOpinionForm(request.POST)
    words = _("Asked. The hospital names an expert of another organisation.")
    if not attempt(request, form, lambda said: second_opinions.ask(request.user, case, said["ground"]), words):
        for problem in _errors(form):
            messages.error(request, problem)
    return redirect("desk:hospital_case", pk)


def _errors(form: forms.Form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]
