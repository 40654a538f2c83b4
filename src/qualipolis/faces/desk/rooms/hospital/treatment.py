"""The items of a treatment one by one: the firm reports with photos on the phone, the expert accepts or sends back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can, page, roles_of, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.consultation.parties import attends
from qualipolis.city.hospital.models import Case, PrescriptionItem
from qualipolis.city.hospital.treatment.items import BEFORE_TREATMENT, DOING, JUDGING
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.hospital.cards_treatment import lines_of, shown_items
from qualipolis.faces.desk.rooms.hospital.case_thread import ROLES, case_of, crumbs_of
from qualipolis.faces.desk.rooms.hospital.prescription_forms import ContainmentForm, FinishForm, RemarkForm
from qualipolis.faces.desk.rooms.hospital.words import title_of

ACTS: dict[str, Callable[[Any, PrescriptionItem, str], Any]] = {
    "accept": service.accept_item,
    "return": service.return_item,
    "drop": service.drop_item,
}


@page(*ROLES)
def hospital_treatment(request: HttpRequest, pk: int) -> HttpResponse:
    """Each item with what can be done about it now."""
    case = case_of(request, pk)
    items = list(visible(request.user, shown_items(case)))
    asked = ContainmentForm(request.POST if request.POST.get("do") == "contain" else None)
    forms_of = {item.pk: form for item in items if (form := _form(request, case, item)) is not None}
    if request.method == "POST" and _posted(request, case, items, forms_of, asked):
        return redirect(f"{reverse('desk:hospital_treatment', args=[pk])}#item-{request.POST.get('item', '')}")
    failed = asked.errors or any(form.errors for form in forms_of.values())
    shown = {
        "stage": "diagnose",
        "case": case,
        "title": title_of(case),
        "crumbs": crumbs_of(case, _("Treatment")),
        "lines": _opened([line | _with(line["item"], forms_of, case) for line in lines_of(case, items)]),
        "asked": asked if _may_contain(request, case) else None,
        "left": sum(item.status in ("open", "returned") for item in items),
        "firm": "enterprise" in roles_of(request.user),
    }
    return render(request, "hospital/treatment.html", shown, status=400 if failed else 200)


def _may_contain(request: HttpRequest, case: Case) -> bool:
    return can(request.user, "hospital.add_containment", case) and case.status in BEFORE_TREATMENT


def _form(request: HttpRequest, case: Case, item: PrescriptionItem) -> forms.Form | None:
    """Return the form of an item for this person now, if there is one."""
    mine = request.method == "POST" and request.POST.get("item") == str(item.pk)
    data, files = (request.POST, request.FILES) if mine else (None, None)
    given = item.prescription is None or item.prescription.status == "accepted"
    if not given:
        return None
    if "enterprise" in roles_of(request.user) and item.status in ("open", "returned") and case.status in DOING:
        return FinishForm(item.pk, data, files)
    judged = item.status in ("done", "open", "returned") and case.status in JUDGING
    if attends(request.user, case) and (judged or (item.status == "accepted" and case.status in DOING)):
        return RemarkForm(item.pk, data)
    return None


def _with(item: PrescriptionItem, forms_of: dict[int, forms.Form], case: Case) -> dict[str, Any]:
    form = forms_of.get(item.pk)
    judging = isinstance(form, RemarkForm)
    return {
        "form": form,
        "report": isinstance(form, FinishForm),
        "accept": judging and item.status == "done",
        "back": judging and item.status in ("done", "accepted") and case.status in DOING,
        "drop": judging and item.status in ("done", "open", "returned") and item.measure == "words",
    }


def _opened(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Open the first item that somebody can go on with, and no other, so that the page stays short on the phone."""
    first = next((line for line in lines if line["report"] or line["accept"]), None)
    return [line | {"open": line is first} for line in lines]


def _posted(
    request: HttpRequest,
    case: Case,
    items: list[PrescriptionItem],
    forms_of: dict[int, forms.Form],
    asked: ContainmentForm,
) -> bool:
    do = request.POST.get("do", "")
    if do == "contain":
        words = _("Asked for. The firm sees it at once.")
        return attempt(request, asked, lambda said: service.add_containment(request.user, case, **said), words)
    item = next((one for one in items if str(one.pk) == request.POST.get("item")), None)
    form = forms_of.get(item.pk) if item else None
    if item is None or form is None:
        messages.error(request, _("This step cannot be taken in the present state of the case."))
        return True
    if isinstance(form, FinishForm):
        return attempt(
            request, form, lambda said: service.finish_item(request.user, item, **said), _("Reported. Thank you.")
        )
    if do not in ACTS:
        raise PermissionDenied
    return attempt(request, form, lambda said: ACTS[do](request.user, item, said["reason"]))
