"""The page of a demand for the station and the general platform; and writing one down for a firm that calls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Demand, Order
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.candidates import candidates
from qualipolis.city.nqi.services.visibility import OVERSEERS, STATION
from qualipolis.city.nqi.services.work import about
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.nqi import demand_acts
from qualipolis.faces.desk.rooms.nqi import service_words as words
from qualipolis.faces.desk.rooms.nqi.my_demands import NeedForm
from qualipolis.faces.desk.rooms.supervise import after

READERS = (*STATION, *OVERSEERS)
WAITS = {
    "matched": gettext_lazy("The institutions that were asked quote."),
    "quoted": gettext_lazy("The firm compares the quotes and orders."),
    "ordered": gettext_lazy("The institution confirms the order and begins."),
    "in_service": gettext_lazy("The institution works and hands in the report."),
    "delivered": gettext_lazy("The firm evaluates the service."),
    "closed": gettext_lazy("This demand is completed."),
    "rejected": gettext_lazy("This demand was rejected."),
    "withdrawn": gettext_lazy("The firm withdrew this demand."),
}


@page(*READERS)
def demand(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one demand."""
    rows = Demand.objects.select_related(*queries.RELATED, "case", "officer")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    by = request.GET.get("by", "lot")
    found = offers(request, row, demand_acts.acts_of(row, by), demand_acts.facts_of(row))
    more = after.marks(request, row, [_ask_more(row, by)]) if row.status == "matched" else []
    if request.method == "POST" and (take(request, row, found) or after.take_mark(request, row, more)):
        return redirect("desk:nqi_demand", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "nqi/demand.html", _context(request, row, found, by) | {"marks": more}, status=status)


def _ask_more(row: Demand, by: str) -> after.Mark:
    return after.Mark(
        "ask_more", "nqi.invite_institutions", _("Ask another institution"), {"institution": lambda: demand_acts.Chosen(row, by)},
        lambda actor, one, said: service.invite_institutions(actor, one, list(said["institution"])),
    )  # fmt: skip


def _context(request: HttpRequest, row: Demand, found: list[Any], by: str) -> dict[str, Any]:
    shown, told = page_of(request, row, found, "desk:nqi_demand"), history(row)
    may_match = row.status in ("triaged", "unmatched", "escalated") and not row.free
    orders = visible(request.user, Order.objects.filter(demand=row).select_related("institution"))
    return shown | {
        "stage": "build",
        "state": words.state_chip(row),
        "title": about(row),
        "steps": words.demand_way(row, told, mine=bool(shown["box"])),
        "waits": WAITS.get(row.status, ""),
        "lines": list(row.lines.all()),
        "candidates": candidates(row, by=by) if may_match else [],
        "asked": [(one, words.state_chip(one)) for one in row.quotes.select_related("institution")],
        "compare": words.comparison(row, by),
        "orders": [(one, words.state_chip(one)) for one in orders],
        "complaints": [(one, words.state_chip(one)) for one in row.complaints.all()],
        "evaluation": getattr(row, "evaluation", None),
        "papers": _papers(row),
        "history": told,
        "undo": undo_offer(request.user, f"nqi.demand:{row.pk}"),
        "crumbs": [(_("Demands for service"), reverse("desk:nqi_demands")), (row.number, "")],
    }


def _papers(row: Demand) -> list[tuple[str, str]]:
    return [(_("Demand form, PDF"), reverse("desk:nqi_paper", args=["demand", row.pk, words.paper_lang()]))]


class CallForm(NeedForm):
    """A demand as a steward writes it down for a firm that calls or comes by."""

    credit_code = forms.CharField(label=gettext_lazy("Credit code of the firm"), max_length=18)
    field_order = ("credit_code",)

    def clean_credit_code(self) -> Enterprise:
        """Return the firm with that code; an unknown code is named."""
        found = Enterprise.objects.filter(credit_code=self.cleaned_data["credit_code"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("No firm of the register has this code."))
        return found


@page(*STATION)
def demand_new(request: HttpRequest) -> HttpResponse:
    """Write a demand down for a firm."""
    form = CallForm(request.POST or None)
    made: list[Demand] = []
    if request.method == "POST" and attempt(request, form, lambda said: made.append(_filed(request.user, dict(said)))):
        return redirect("desk:nqi_demand", made[0].pk)
    shown = {
        "stage": "build", "heading": _("Write a demand down"), "form": form, "button": _("Take it in"),
        "lead": _("In the words of the firm. The kind of need may be left open."),
        "crumbs": [(_("Demands for service"), reverse("desk:nqi_demands")), (_("Write a demand down"), "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _filed(actor: Any, said: dict[str, Any]) -> Demand:
    return service.file_demand(actor, said.pop("credit_code"), said.pop("text"), **said)
