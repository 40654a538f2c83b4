"""Pages on which the expert orders an examination, gives the diagnosis and calls a panel."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core import drafts
from qualipolis.city.core.policy import page, visible
from qualipolis.city.hospital.consultation import diagnoses, examinations, panels, scopes
from qualipolis.city.hospital.consultation.parties import require_attending
from qualipolis.city.hospital.consultation.ties import ties_of
from qualipolis.city.hospital.models import Case, Expert
from qualipolis.city.registry.models import Qualification, ScopeItem
from qualipolis.city.registry.validity import lines_on
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import law_of
from qualipolis.faces.desk.rooms.hospital.case_thread import case_of, trail
from qualipolis.faces.desk.rooms.hospital.consultation_forms import COLUMNS, DiagnosisForm, OrderForm, PanelForm
from qualipolis.faces.desk.rooms.hospital.words import reading_rows, title_of
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.law.flows.hospital import CASE

MOST_KNOWN = 200


@page("expert")
def case_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Order an examination from a laboratory whose scope fits."""
    case = case_of(request, pk)
    require_attending(request.user, case)
    laboratories = scopes.fitting(case)
    form = OrderForm(laboratories, request.POST or None)

    def order(said: dict[str, Any]) -> None:
        examinations.order(
            request.user, case, said["laboratory"], form.items(), question=said["question"],
            sample_mark=said["sample_mark"], for_proof=said["for_proof"],
        )  # fmt: skip

    if request.method == "POST" and attempt(request, form, order, _("Ordered. The laboratory is told.")):
        drafts.discard(request.user, f"case-order-{pk}")
        return redirect("desk:hospital_case", pk)
    shown = _shown(request, case, _("Order an examination")) | {
        "form": form,
        "rows": form.rows(),
        "columns": COLUMNS.values(),
        "laboratories": laboratories,
        "known": _known_items(case),
        "plain": [form[name] for name in ("question", "sample_mark", "for_proof")],
    }
    return render(request, "hospital/order.html", shown, status=400 if form.errors else 200)


def _known_items(case: Case) -> list[str]:
    """Return the parameters that valid scopes name for this class of product."""
    today = timezone.localdate()
    rows = ScopeItem.objects.filter(product=case.product_class or case.product_name)
    rows = lines_on(today, rows.filter(qualification__kind=Qualification.Kind.CMA))
    return sorted(set(rows.values_list("parameter", flat=True)))[:MOST_KNOWN]


def _shown(request: HttpRequest, case: Case, title: str) -> dict[str, Any]:
    return {"stage": "diagnose", "case": case, "title": title_of(case), "crumbs": trail(request, case, title)}


@page("expert")
def case_diagnose(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the diagnosis with the examinations beside it."""
    case = case_of(request, pk)
    require_attending(request.user, case)
    form = DiagnosisForm(case, request.POST or None)

    def give(said: dict[str, Any]) -> None:
        more = {"confidence": said["confidence"], "measurements": said.get("measurements")}
        told = (said["root_cause"], said["statement"], said["evidence"], said["escape_point"])
        diagnoses.diagnose(request.user, case, *told, **more)

    if request.method == "POST" and attempt(request, form, give, _("The diagnosis is given. The firm is told.")):
        drafts.discard(request.user, f"case-diagnose-{pk}")
        return redirect("desk:hospital_case", pk)
    done = [one for one in case.examinations.select_related("laboratory") if one.status == "reported"]
    step = CASE.find(case.status, "diagnose")
    filled = dict.fromkeys(("root_cause", "statement", "evidence", "escape_point"), "-")
    problem = step.objection(diagnoses.facts(case) | filled) if step else None
    shown = _shown(request, case, _("Diagnosis")) | {
        "form": form,
        "done": [(one, reading_rows(one)) for one in done],
        "blocked": problem_words(problem) if problem else "" if step else _("The case is not under examination now."),
        "law": law_of(step),
    }
    return render(request, "hospital/diagnose.html", shown, status=400 if form.errors else 200)


@page("expert", "hospital_manager")
def case_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a panel: why, when, who."""
    case = case_of(request, pk)
    require_attending(request.user, case, "hospital_manager")
    rows = visible(request.user, Expert.objects.select_related("person", "organisation")).exclude(pk=case.expert_id)
    free = [one.pk for one in rows if not ties_of(one, case)]
    form = PanelForm(rows.filter(pk__in=free), request.POST or None)
    made = []

    def call(said: dict[str, Any]) -> None:
        made.append(panels.call(request.user, case, list(said["experts"]), said["reason"], said["meets_on"]))

    if request.method == "POST" and attempt(request, form, call, _("The panel is called. Its members are told.")):
        return redirect("desk:hospital_panel", made[0].pk)
    step = CASE.find(case.status, "call_panel")
    shown = _shown(request, case, _("Call a panel")) | {
        "form": form,
        "law": law_of(step),
        "tied": len(rows) - len(free),
    }
    shown["back"] = reverse("desk:hospital_case", args=[pk])
    return render(request, "hospital/panel_new.html", shown, status=400 if form.errors else 200)
