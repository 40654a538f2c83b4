"""Registering a case on the phone in three short steps; what is typed is kept, and nothing is lost on the way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core import drafts
from qualipolis.city.core.attachments import may_read
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import own_codes, page, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.reception.registration import MOST_PHOTOS, drafts_of, photos
from qualipolis.city.registry.models import Enterprise, Product
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.hospital.register_forms import OTHER, Contact, Facts, ForFirm, Problem
from qualipolis.law.terms import rule_number

ENTRY = ("enterprise", "hospital_desk", "hospital_manager")
TITLES = {
    1: gettext_lazy("What is wrong?"),
    2: gettext_lazy("How bad is it?"),
    3: gettext_lazy("Whom may we call?"),
}
LAST = 3
MOST_PRODUCTS = 12


def own_firms(actor: Any) -> list[Enterprise]:
    """Return the firms for which somebody acts."""
    return list(Enterprise.objects.filter(credit_code__in=own_codes(actor)).select_related("unit").order_by("pk"))


@page(*ENTRY)
def case_new(request: HttpRequest) -> HttpResponse:
    """Step 1 of a new case; an officer names the firm first."""
    firms = own_firms(request.user)
    firm = firms[0] if firms else _named(request)
    if firm is None:
        form = ForFirm(request.GET if "firm" in request.GET else None)
        form.is_valid()
        context = {"stage": "diagnose", "form": form, "drafts": drafts_of(request.user), "crumbs": _crumbs()}
        return render(request, "hospital/register/firm.html", context)
    products = list(firm.products.order_by("pk")[:MOST_PRODUCTS])
    form = Problem(request.POST or None, request.FILES or None, products=products)
    key = f"case-new-{firm.pk}"
    if request.method == "POST" and form.is_valid():
        made: list[Case] = []
        if attempt(request, form, lambda said: made.append(_begun(request.user, firm, form)), _("Kept as a draft.")):
            drafts.discard(request.user, key)
            return redirect("desk:case_step", made[0].pk, 2)
    return _shown(request, form, 1, None, firm, key)


def _named(request: HttpRequest) -> Enterprise | None:
    """Return the firm that an officer named in the address."""
    form = ForFirm({"firm": request.GET.get("firm", "")})
    return form.cleaned_data["firm"] if "firm" in request.GET and form.is_valid() else None


def _begun(actor: Any, firm: Enterprise, form: Problem) -> Case:
    case = service.draft_case(actor, firm, **form.said())
    for file in form.pictures():
        service.add_photo(actor, case, file.name, file.chunks())
    return case


def _draft(request: HttpRequest, pk: int) -> Case:
    rows = visible(request.user, Case.objects.select_related("enterprise__unit"))
    return get_object_or_404(rows, pk=pk)


@page(*ENTRY)
def case_step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """One step of a draft; a registered case is shown where it stands."""
    case = _draft(request, pk)
    if case.status != "draft" or not 1 <= step <= LAST:
        return redirect("desk:hospital_case", pk)
    if request.method == "POST" and "drop" in request.POST:
        return _drop(request, case)
    form = _form(request, case, step)
    key = f"case-{case.pk}-{step}"
    if request.method == "POST" and attempt(
        request, form, lambda said: _keep(request.user, case, step, form), _DONE[step]
    ):
        drafts.discard(request.user, key)
        return redirect("desk:case_registered", pk) if step == LAST else redirect("desk:case_step", pk, step + 1)
    return _shown(request, form, step, case, case.enterprise, key)


_DONE = {1: gettext_lazy("Kept as a draft."), 2: gettext_lazy("Kept as a draft."), 3: gettext_lazy("Registered.")}


def _form(request: HttpRequest, case: Case, step: int) -> Any:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if step == 1:
        products = list(case.enterprise.products.order_by("pk")[:MOST_PRODUCTS])
        return Problem(data, files, products=products, initial=_said(case, products))
    if step == 2:
        return Facts(data, initial=Facts.told(case))
    told = {name: getattr(case, name) for name in ("contact_name", "contact_phone", "consent")}
    return Contact(data, initial=told, behalf=case.enterprise not in own_firms(request.user))


def _said(case: Case, products: list[Product]) -> dict[str, Any]:
    known = next((str(one.pk) for one in products if one.name_zh[:120] == case.product_name), None)
    other = {"product": OTHER, "product_name": case.product_name}
    return {"problem_text": case.problem_text} | ({"product": known} if known else other)


def _keep(actor: Any, case: Case, step: int, form: Any) -> None:
    """Keep a step of the draft; the last one hands it in."""
    service.edit_case(actor, case, **form.said())
    for file in form.pictures() if step == 1 else ():
        service.add_photo(actor, case, file.name, file.chunks())
    if step == LAST:
        service.register_case(actor, case, form.cleaned_data["informed"])


def _drop(request: HttpRequest, case: Case) -> HttpResponse:
    """Take a photo off the draft."""
    photo = get_object_or_404(Attachment, pk=whole(request.POST.get("drop", "")))
    if may_read(request.user, photo):
        service.drop_photo(request.user, case, photo)
        messages.success(request, _("The photo is off the draft."))
    return redirect("desk:case_step", case.pk, 1)


def _shown(request: HttpRequest, form: Any, step: int, case: Case | None, firm: Enterprise, key: str) -> HttpResponse:
    context = {
        "stage": "diagnose",
        "form": form,
        "step": step,
        "last": LAST,
        "title": TITLES[step],
        "case": case,
        "firm": firm,
        "behalf": firm not in own_firms(request.user),
        "draft_key": key,
        "photos": photos(case) if case else [],
        "most_photos": MOST_PHOTOS,
        "back": reverse("desk:case_step", args=[case.pk, step - 1]) if case and step > 1 else "",
        "terms": terms(),
        "others": drafts_of(request.user).filter(enterprise=firm) if case is None else [],
        "crumbs": _crumbs(),
    }
    return render(request, "hospital/register/step.html", context, status=400 if form.errors else 200)


def terms() -> list[tuple[str, str]]:
    """Return what happens after a registration, with the terms of the hospital."""
    days = {
        code: rule_number(f"hospital.{code}")
        for code in ("first_response", "answer_of_expert", "diagnosis", "prescription")
    }
    return [
        (_("%(n)s working day") % {"n": days["first_response"]}, _("The desk reads it and sends it to a department.")),
        (_("%(n)s working days") % {"n": days["answer_of_expert"]}, _("An expert of the field answers whether to take it.")),
        (_("%(n)s working days") % {"n": days["diagnosis"]}, _("You get the diagnosis; time for which we wait for you does not count.")),
        (_("%(n)s working days") % {"n": days["prescription"]}, _("You get the treatment in writing and may object.")),
    ]  # fmt: skip


@page(*ENTRY)
def case_registered(request: HttpRequest, pk: int) -> HttpResponse:
    """What happens next, right after the registration."""
    case = _draft(request, pk)
    if case.status == "draft":
        return redirect("desk:case_step", pk, LAST)
    list(messages.get_messages(request))  # the page itself says that it is registered
    context = {"stage": "diagnose", "case": case, "terms": terms(), "crumbs": _crumbs()}
    return render(request, "hospital/register/done.html", context)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("My cases"), reverse("desk:my_cases")), (_("Register a case"), "")]
