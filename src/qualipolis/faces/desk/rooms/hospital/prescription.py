"""The page on which the expert writes the prescription, row by row; a draft is kept until it is given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qualipolis.city.core import drafts
from qualipolis.city.core.policy import page
from qualipolis.city.hospital import service
from qualipolis.city.hospital.consultation.diagnoses import in_force
from qualipolis.city.hospital.consultation.parties import require_attending
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.treatment import prescriptions
from qualipolis.faces.desk.rooms.flow_page import law_of
from qualipolis.faces.desk.rooms.hospital.case_thread import case_of, crumbs_of
from qualipolis.faces.desk.rooms.hospital.prescription_forms import MOST, SPARE, AdviceForm, ItemForm
from qualipolis.faces.desk.rooms.hospital.words import title_of
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.law.flows.hospital import CASE
from qualipolis.methods.problems import InputError, Problem


@page("expert")
def hospital_prescription(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the prescription; keep it, add rows, or give it to the firm."""
    case = case_of(request, pk)
    require_attending(request.user, case)
    if request.method == "POST":
        rows, advice = _posted(request)
        errors = _kept(request, case, rows, advice)
        if not errors:
            drafts.discard(request.user, f"case-prescription-{pk}")
            if request.POST.get("do") == "give":
                return redirect("desk:hospital_case", pk)
            return redirect("desk:hospital_prescription", pk)
        return render(request, "hospital/prescription.html", _shown(case, rows, advice, errors), status=400)
    draft = prescriptions.draft_of(case)
    start = draft or case.prescriptions.filter(status="objected").order_by("-version").first()
    rows = [ItemForm(n, initial=row) for n, row in enumerate(prescriptions.rows_of(start))]
    advice = AdviceForm(initial={"advice": start.advice if start else ""})
    return render(request, "hospital/prescription.html", _shown(case, rows, advice, []))


def _posted(request: HttpRequest) -> tuple[list[ItemForm], AdviceForm]:
    said = request.POST.get("rows", "")
    count = min(int(said), MOST) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    rows = [ItemForm(n, request.POST) for n in range(count)]
    return [row for row in rows if row.filled], AdviceForm(request.POST)


def _kept(request: HttpRequest, case: Case, rows: list[ItemForm], advice: AdviceForm) -> list[tuple[str, str]]:
    """Keep what was posted and, when asked, give it; return what is wrong as (field, words)."""
    if not all([*(row.is_valid() for row in rows), advice.is_valid()]):
        return [one for row in rows for one in _errors_of(row)] + [("", str(e)) for e in advice.errors.values()]
    try:
        service.write_prescription(
            request.user, case, [row.cleaned_data for row in rows], advice.cleaned_data["advice"]
        )
    except InputError as error:
        return [_placed(problem, rows) for problem in error.problems]
    if request.POST.get("do") != "give":
        messages.success(request, _("The draft is kept. The firm does not see it yet."))
        return []
    try:
        service.prescribe(request.user, case)
    except InputError as error:
        return [("", problem_words(problem)) for problem in error.problems]
    except PermissionDenied as error:
        return [("", str(error))]
    messages.success(request, _("The prescription is given. The firm is asked to accept it."))
    return []


def _errors_of(row: ItemForm) -> list[tuple[str, str]]:
    return [
        (row[name].id_for_label, f"{row.number + 1}. {row[name].label}{_(': ')}{words}")
        for name, found in row.errors.items()
        for words in found
    ]


def _placed(problem: Problem, rows: list[ItemForm]) -> tuple[str, str]:
    """Put what a verb found wrong at the row it names."""
    number, _dot, name = problem.place.partition(".")
    words = problem_words(problem)
    if not number.isdigit() or int(number) > len(rows) or name not in rows[int(number) - 1].fields:
        return "", words
    row = rows[int(number) - 1]
    row.add_error(name, words)
    return row[name].id_for_label, f"{number}. {row[name].label}{_(': ')}{words}"


def _shown(case: Case, rows: list[ItemForm], advice: AdviceForm, errors: list[tuple[str, str]]) -> dict[str, Any]:
    for number, row in enumerate(rows):
        row.number = number
    last = max((int(str(row.prefix)[1:]) for row in rows), default=-1) + 1
    spare = [ItemForm(last + n) for n in range(max(0, min(SPARE, MOST - last)))]
    step = CASE.find(case.status, "prescribe")
    problem = step.objection(prescriptions.facts(case)) if step else None
    return {
        "stage": "diagnose",
        "case": case,
        "title": title_of(case),
        "crumbs": crumbs_of(case, _("Prescription")),
        "rows": rows,
        "spare": spare,
        "count": last + len(spare),
        "advice": advice,
        "errors": errors,
        "diagnosis": in_force(case),
        "contained": [
            one for one in case.items.filter(prescription=None, round=case.reopened) if one.status != "dropped"
        ],
        "may_give": step is not None,
        "missing": problem_words(problem) if problem and rows else "",
        "writable": case.status in prescriptions.WRITABLE,
        "law": law_of(step),
    }
