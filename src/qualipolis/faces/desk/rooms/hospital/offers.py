"""Offers after a failed sample: the firm says yes or no; the desk sees who was offered and calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, roles_of
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Offer
from qualipolis.city.hospital.reception import queries
from qualipolis.city.hospital.reception.offers import open_offers
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags
from qualipolis.methods.problems import InputError

DESK = ("hospital_desk", "hospital_manager")
KINDS = {"open": "wait", "taken": "ok", "refused": "idle"}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("firm", _("Firm"), title=True),
        parts.Column("product", _("Product")),
        parts.Column("result", _("Inspection result")),
        parts.Column("offered", _("Offered on")),
        parts.Column("answer", _("Answer")),
    ]


def product_of(row: Offer) -> str:
    """Return the product on the label of the failed sample."""
    form = getattr(row.result.sample.task, "form", None)
    return form.product_name if form else ""


def _cells(row: Offer) -> Mapping[str, Any]:
    return {
        "firm": f"{row.enterprise.name}",
        "product": product_of(row),
        "result": row.result.number,
        "offered": after.day_cell(row.offered_on),
        "answer": tags.chip(KINDS[row.answer], row.get_answer_display()),
        "url": reverse("desk:hospital_case", args=[row.case_id]) if row.case_id and row.case.status != "draft" else "",
    }


LIST = after.ListPage(
    gettext_lazy("Offers after failed samples"),
    gettext_lazy("Each final failure offers the maker a place in the hospital. Call those who have not answered."),
    _columns,
    _cells,
    (),
    "hospital-offers",
    (gettext_lazy("No offer yet"), gettext_lazy("An offer is made by itself when a failed result becomes final.")),
)


@page("enterprise", *DESK)
def offers(request: HttpRequest) -> HttpResponse:
    """The offers: a list for the desk, yes or no for the firm."""
    if roles_of(request.user) & set(DESK):
        return after.list_page(
            request, LIST, queries.offers(request.user), stage="diagnose", crumbs=[(str(LIST.heading), "")]
        )
    if request.method == "POST":
        return _answer(request)
    rows = [{"offer": one, "product": product_of(one)} for one in open_offers(request.user)]
    context = {
        "stage": "diagnose",
        "rows": rows,
        "crumbs": [(_("My cases"), reverse("desk:my_cases")), (_("Offers"), "")],
    }
    return render(request, "hospital/offers.html", context)


def _answer(request: HttpRequest) -> HttpResponse:
    pk = request.POST.get("offer", "")
    row = get_object_or_404(open_offers(request.user), pk=int(pk) if pk.isdecimal() and len(pk) < 12 else 0)
    try:
        if request.POST.get("do") == "take":
            return redirect("desk:case_step", service.take_offer(request.user, row).pk, 1)
        service.refuse_offer(request.user, row)
        messages.success(request, _("Noted. You may still register a case at any time."))
    except (InputError, PermissionDenied) as error:
        words = [problem_words(one) for one in error.problems] if isinstance(error, InputError) else [str(error)]
        messages.error(request, " ".join(words))
    return redirect("desk:offers")
