"""The page on which the effect is judged: proofs item by item, and a judgement that only the numbers allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.hospital import service
from qualipolis.city.hospital.consultation.parties import require_attending
from qualipolis.city.hospital.models import Case, PrescriptionItem
from qualipolis.city.hospital.treatment import proofs
from qualipolis.city.hospital.treatment.proof_words import criterion_of
from qualipolis.city.hospital.treatment.scope import current_items, measured_items
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import law_of
from qualipolis.faces.desk.rooms.hospital.case_thread import case_of, crumbs_of
from qualipolis.faces.desk.rooms.hospital.proof_words import View, view_of
from qualipolis.faces.desk.rooms.hospital.verify_forms import JudgeForm, SourceForm, sources_for
from qualipolis.faces.desk.rooms.hospital.who import attends
from qualipolis.faces.desk.rooms.hospital.words import title_of
from qualipolis.faces.desk.rooms.measure.pieces import deadline, problem_words
from qualipolis.law.flows.hospital import CASE

CHOICES = {
    "cure": (gettext_lazy("Cured"), gettext_lazy("Every criterion is met and proven.")),
    "improve": (
        gettext_lazy("Improved"),
        gettext_lazy("It works, but the evidence is not enough yet; the firm adds more."),
    ),
    "no_effect": (
        gettext_lazy("Without effect"),
        gettext_lazy("Items go back to the firm; after two such treatments a panel meets."),
    ),
    "refer": (gettext_lazy("Before a panel"), gettext_lazy("Two treatments had no effect: experts confer.")),
}


@dataclass(frozen=True)
class Judged:
    """A measured item with its latest proof and the ways to compare."""

    item: PrescriptionItem
    criterion: str
    view: View | None
    sources: list[SourceForm]
    open: bool


@dataclass(frozen=True)
class Choice:
    """A judgement, and why it is not possible now."""

    step: str
    title: Any
    text: Any
    blocked: str


@page("expert", "hospital_manager")
def hospital_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare before and after, then judge."""
    case = case_of(request, pk)
    require_attending(request.user, case, "hospital_manager")
    compared = _compared(request, case)
    form = JudgeForm(case, current_items(case), request.POST if request.POST.get("do") == "judge" else None)
    if request.method == "POST":
        if request.POST.get("do") == "prove" and _prove(request, case, compared):
            return redirect(f"{reverse('desk:hospital_verify', args=[pk])}#item-{request.POST.get('item', '')}")
        if request.POST.get("do") == "judge" and _judge(request, case, form):
            return redirect("desk:hospital_case", pk)
    failed = request.method == "POST"
    return render(request, "hospital/verify.html", _shown(request, case, compared, form), status=400 if failed else 200)


def _compared(request: HttpRequest, case: Case) -> list[Judged]:
    latest, mine = proofs.current(case), attends(request, case) and case.status in proofs.PROVING
    found = []
    for item in measured_items(case):
        asked = request.POST.get("do") == "prove" and request.POST.get("item") == str(item.pk)
        kind = request.POST.get("source", "") if asked else ""
        sources = sources_for(item, request.POST if asked else None, kind) if mine else []
        proof = latest.get(item.pk)
        view = view_of(proof) if proof else None
        found.append(Judged(item, criterion_of(item), view, sources, asked or view is None))
    return found


def _prove(request: HttpRequest, case: Case, compared: list[Judged]) -> bool:
    one = next((one for one in compared if str(one.item.pk) == request.POST.get("item")), None)
    form = next((f for f in one.sources if f.kind == request.POST.get("source")), None) if one else None
    if one is None or form is None:
        messages.error(request, _("This step cannot be taken in the present state of the case."))
        return True
    item = one.item

    def compare(said: Mapping[str, Any]) -> None:
        service.prove(request.user, item, form.source(), said.get("effect_on"))

    return attempt(request, form, compare, _("Compared. What the numbers say stands below."))


def _judge(request: HttpRequest, case: Case, form: JudgeForm) -> bool:
    choice, user = request.POST.get("choice", ""), request.user
    acts = {
        "cure": lambda said: service.cure(user, case),
        "improve": lambda said: service.improve(user, case, said["reason"]),
        "no_effect": lambda said: service.no_effect(user, case, said["reason"], said["items"]),
        "refer": lambda said: service.refer(user, case, said["reason"]),
    }
    if choice not in acts:
        form.full_clean()
        form.add_error(None, _("Choose a judgement."))
        return False
    return attempt(request, form, acts[choice], _("Judged. The firm is told."))


def _shown(request: HttpRequest, case: Case, compared: list[Judged], form: JudgeForm) -> dict[str, Any]:
    known = proofs.facts(case)
    choices = [_choice(case, step, known, attends(request, case)) for step in CHOICES]
    items = list(current_items(case))
    return {
        "stage": "diagnose",
        "case": case,
        "title": title_of(case),
        "crumbs": crumbs_of(case, _("Judge the effect")),
        "compared": compared,
        "choices": [one for one in choices if one is not None],
        "chosen": request.POST.get("choice", ""),
        "form": form,
        "words": [item for item in items if item.measure == "words"],
        "unaccepted": [item for item in items if item.status != "accepted"],
        "verifying": case.status == "verifying",
        "due": deadline(case.due_on),
        "law": law_of(CASE.find("verifying", "cure")),
    }


def _choice(case: Case, step: str, known: Mapping[str, Any], attending: bool) -> Choice | None:
    found = CASE.find(case.status, step)
    if found is None or not (attending or step == "refer"):
        return None
    problem = found.objection(known)
    if step == "refer" and problem is not None:
        return None
    title, text = CHOICES[step]
    return Choice(step, title, text, problem_words(problem) if problem else "")
