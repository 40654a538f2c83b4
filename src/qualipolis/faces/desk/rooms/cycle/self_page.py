"""The self-evaluation of one unit: own score, words and evidence item by item, beside what was computed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import service
from qualipolis.city.assess.models import SelfEvaluation
from qualipolis.city.core import drafts
from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.self import OWED
from qualipolis.faces.desk.rooms.cycle.self_sheet import (
    SUMMARY,
    Entry,
    Sheet,
    draft_key,
    form_errors,
    row_for,
    sheet_of,
)
from qualipolis.faces.desk.rooms.cycle.town import (
    STAGE,
    Ask,
    attempt,
    chip_for,
    crumbs,
    cycle_law,
    gap_words,
    line_of_steps,
    score,
    told_of,
)
from qualipolis.faces.desk.rooms.measure.pieces import (
    deadline,
    history,
    problem_words,
    undo_offer,
    words_of,
)
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError

FLOW = "self_evaluation"
STEPS = (
    (gettext_lazy("Call for it"), ("assess.call_self_evaluations",)),
    (gettext_lazy("Score, sign, hand in"), ("assess.submit_self_evaluation",)),
    (gettext_lazy("Check by the office"), ("assess.accept_self_evaluation",)),
)
AT = {"draft": 1, "returned": 1, "submitted": 2, "accepted": 3}
Status = SelfEvaluation.Status


@page(*STAFF)
def self_evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one self-evaluation: the unit writes and signs, the office returns or accepts, others read."""
    row = row_for(request.user, pk)
    post = request.method == "POST"
    sheet = sheet_of(request.user, row, request.POST if post else None, request.FILES if post else None)
    office = _office_form(request, row)
    sign = _sign_form(request, row) if sheet.writable else None
    errors: list[tuple[str, str]] = []
    if post:
        done, errors = _post(request, sheet, office, sign)
        if done:
            return redirect("desk:self_evaluation", pk)
        if errors and not form_errors(sheet):  # what was typed is kept; only the signature was refused
            sheet = sheet_of(request.user, row_for(request.user, pk))
    context = _context(request, sheet, office, sign) | {"errors": errors}
    wrong = bool(errors) or bool(office is not None and office.errors)
    return render(request, "cycle/self_page.html", context, status=400 if wrong else 200)


def _office_form(request: HttpRequest, row: SelfEvaluation) -> Ask | None:
    if row.status != Status.SUBMITTED or not can(request.user, "assess.accept_self_evaluation", row):
        return None
    data = request.POST if request.method == "POST" else None
    form = Ask("office", ("reason",), data, {"": (), "accept": (), "return": ("reason",)})
    form.fields["reason"].help_text = _("Needed when you return it; name the items.")
    return form


def _sign_form(request: HttpRequest, row: SelfEvaluation) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    form = Ask("sign", ("signatory",), data)
    form.fields["signatory"].initial = row.signatory
    form.fields["signatory"].widget.attrs["form"] = "self"
    return form


def _post(
    request: HttpRequest, sheet: Sheet, office: Ask | None, sign: forms.Form | None
) -> tuple[bool, list[tuple[str, str]]]:
    do = request.POST.get("do", "")
    if do == "office" and office is not None:
        return attempt(request, office, lambda said: _decide(request.user, sheet.row, office.chosen, said)), []
    if not sheet.writable or sign is None:
        return False, [("", _("Nothing here is open for you."))]
    errors = _save(request, sheet)
    if errors:
        return False, errors
    if do != "sign":
        drafts.discard(request.user, draft_key(sheet.row))
        messages.success(request, _("Saved."))
        return True, []
    return _hand_in(request, sheet)


def _decide(user: Any, row: SelfEvaluation, choice: str, said: dict[str, Any]) -> None:
    if choice == "accept":
        service.accept_self_evaluation(user, row)
    else:
        service.return_self_evaluation(user, row, said["reason"])


def _save(request: HttpRequest, sheet: Sheet) -> list[tuple[str, str]]:
    """Keep what was typed and the files; return (anchor, words) of what is wrong."""
    valid = [entry.form.is_valid() for entry in sheet.entries] + [sheet.summary.is_valid()]
    if not all(valid):
        return form_errors(sheet)
    items, files = {}, []
    for entry in sheet.entries:
        said, node = entry.form.cleaned_data, entry.line.item.node
        items[node] = (said["score"], said["words"])
        if said["file"]:
            files.append((entry, said["file"]))
    try:
        with transaction.atomic():
            service.save_self_evaluation(request.user, sheet.row, items, **sheet.summary.cleaned_data)
            for entry, file in files:
                _attach(request.user, sheet.row, entry, file)
    except (InputError, PermissionDenied):
        return form_errors(sheet) or [("", _("It has been handed in and can no longer be changed."))]
    return []


def _attach(user: Any, row: SelfEvaluation, entry: Entry, file: Any) -> None:
    try:
        service.attach_self_evidence(user, row, entry.line.item.node, file.name, file.chunks())
    except InputError as error:
        for problem in error.problems:
            entry.form.add_error("file", problem_words(problem))
        raise


def _hand_in(request: HttpRequest, sheet: Sheet) -> tuple[bool, list[tuple[str, str]]]:
    row = SelfEvaluation.objects.get(pk=sheet.row.pk)
    signatory = request.POST.get("signatory", "")
    fresh = sheet_of(request.user, row_for(request.user, row.pk))
    errors = [(entry.lacking_field, f"{entry.name}{_(': ')}{entry.lacks}") for entry in fresh.entries if entry.lacks]
    empty = [name for name in SUMMARY if not getattr(row, name).strip()]
    errors += [(f"id_{name}", f"{SUMMARY[name]}{_(': ')}{_('still empty')}") for name in empty]
    if not signatory.strip():
        errors.append(("id_sign_signatory", _("Name who signs for the unit.")))
    if errors:
        return False, errors
    try:
        service.submit_self_evaluation(request.user, row, signatory)
    except (InputError, PermissionDenied) as error:
        return False, [("", words) for words in words_of(error)]
    drafts.discard(request.user, draft_key(row))
    messages.success(request, _("Signed and handed in. The office checks it now."))
    return True, []


def _context(request: HttpRequest, sheet: Sheet, office: Ask | None, sign: forms.Form | None) -> dict[str, Any]:
    row, total = sheet.row, sheet.found.total
    called = history(row.round, verbs=("assess.call_self_evaluations",))
    told = told_of(row, row.unit, *called)
    owed = row.status in OWED
    mine = sheet.writable or office is not None
    due = row.due_on if owed else None
    return {
        "stage": STAGE,
        "row": row,
        "sheet": sheet,
        "state": chip_for(row, row.overdue),
        "due": deadline(due),
        "steps": line_of_steps(STEPS, AT[row.status], told, mine=mine, due=due),
        "total": {"own": score(total.own), "computed": score(total.computed), "gap": gap_words(total.gap)},
        "box": _office_box(row, office) if office else None,
        "sign": sign,
        "draft_key": draft_key(row),
        "law": cycle_law(ALL[FLOW].find("submitted", "return") if row.status == Status.RETURNED else None),
        "history": told,
        "undo": undo_offer(request.user),
        "crumbs": crumbs(
            row.round,
            (_("Self-evaluations"), reverse("desk:self_evaluations", args=[row.round_id])),
            (row.unit.name, ""),
        ),
    }


def _office_box(row: SelfEvaluation, form: Ask) -> parts.NextStep:
    choices = (
        ("accept", _("Accept"), _("The own scores stay beside the computed ones; they never replace them.")),
        ("return", _("Return"), _("With the reasons; the unit has 5 working days to answer.")),
    )
    return parts.NextStep(
        _("Does the evidence carry the scores?"),
        _("Hand in the review"),
        reverse("desk:self_evaluation", args=[row.pk]),
        _("yours"),
        choices=choices,
        chosen=form.chosen,
        form=form,
        undo=_("You can take this back for 10 minutes."),
        law=cycle_law(ALL[FLOW].find("submitted", "return")),
    )


@page(*STAFF)
def self_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a self-evaluation on A4: what the unit signs."""
    row = row_for(request.user, pk)
    sheet = sheet_of(request.user, row)
    total = sheet.found.total
    context = {
        "stage": STAGE,
        "row": row,
        "sheet": sheet,
        "state": chip_for(row),
        "total": {"own": score(total.own), "computed": score(total.computed), "gap": gap_words(total.gap)},
        "summary": [(str(label), getattr(row, name)) for name, label in SUMMARY.items()],
        "crumbs": crumbs(
            row.round,
            (_("Self-evaluations"), reverse("desk:self_evaluations", args=[row.round_id])),
            (row.unit.name, reverse("desk:self_evaluation", args=[row.pk])),
            (_("Report"), ""),
        ),
    }
    return render(request, "cycle/self_report.html", context)
