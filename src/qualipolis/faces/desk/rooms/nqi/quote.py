"""The page of one quote for the institution that is asked: a price for each line, days, until when; or decline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Quote
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.scope import coverage
from qualipolis.city.nqi.services.work import about
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history
from qualipolis.faces.desk.rooms.nqi import service_words as words
from qualipolis.faces.desk.rooms.supervise import after

WAITS = {
    "quoted": gettext_lazy("The firm compares the quotes. Until it orders you may change or take back yours."),
    "chosen": gettext_lazy("The firm has chosen this quote: see the order."),
    "declined": gettext_lazy("You declined to quote."),
    "taken_back": gettext_lazy("This quote was taken back."),
    "not_needed": gettext_lazy("No quote is needed any more."),
}


@page("laboratory")
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """One quote of the own institution."""
    row = get_object_or_404(queries.asked_quotes(request.user).select_related("demand__unit"), pk=pk)
    found = offers(
        request,
        row,
        _acts(row),
        {"uncovered": 0, "conflict": False, "price": 0, "days": 1, "valid_until": timezone.localdate()},
    )
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:nqi_quote", pk)
    shown, told = page_of(request, row, found, "desk:nqi_quote"), history(row)
    order = row.orders.exclude(status__in=("cancelled", "reassigned")).first()
    context = shown | {
        "stage": "build", "state": words.state_chip(row), "title": about(row.demand), "waits": WAITS.get(row.status, ""),
        "lines": _lines(row), "demand": row.demand, "order": order, "history": told,
        "total": words.money(sum((one.price for one in row.lines.all()), row.extra)) if row.days else "",
        "papers": [(_("Quotation, PDF"), reverse("desk:nqi_paper", args=["quotation", row.pk, words.paper_lang()]))] if row.days else [],
        "crumbs": [(_("Quotes asked for"), reverse("desk:nqi_quotes")), (row.number, "")],
    }  # fmt: skip
    return render(request, "nqi/quote.html", context, status=400 if request.method == "POST" else 200)


def _lines(row: Quote) -> list[dict[str, Any]]:
    covered = coverage(row.institution, row.demand.need_type, row.demand.lines.all(), timezone.localdate())
    priced = {one.line_id: one for one in row.lines.all()}
    return [
        {"line": one.line, "ok": one.ok, "certificate": one.certificate,
         "price": words.money(priced[one.line.pk].price) if one.line.pk in priced else ""}
        for one in covered
    ]  # fmt: skip


def _acts(row: Quote) -> list[Act]:
    return [
        Act("give", "nqi.give_quote", _give, _fields(row), for_good=True,
            help=gettext_lazy("A line without a price is not offered. Lines outside your valid scope today cannot be.")),
        Act("decline", "nqi.decline_quote", lambda actor, one, said: service.decline_quote(actor, one, said["reason"])),
        Act("withdraw", "nqi.withdraw_quote", lambda actor, one, said: service.withdraw_quote(actor, one, said["reason"])),
    ]  # fmt: skip


def _fields(row: Quote) -> dict[str, Any]:
    priced = {one.line_id: one for one in row.lines.all()}
    fields: dict[str, Any] = {}
    for one in _lines(row):
        if one["ok"]:
            line, known = one["line"], priced.get(one["line"].pk)
            fields[f"price-{line.pk}"] = _price(str(line), known.price if known else None)
    today = timezone.localdate()
    return fields | {
        "days": lambda: forms.IntegerField(label=_("Working days it takes"), min_value=1, max_value=400, initial=row.days),
        "valid_until": after.day(gettext_lazy("Stands until"), initial=row.valid_until or today + timedelta(days=60)),
        "extra": _price(_("Other costs"), row.extra or None),
        "extra_for": after.line(gettext_lazy("What the other costs are for"), 200, False, initial=row.extra_for),
        "note": after.area(gettext_lazy("Conditions"), 2000, 2, False, initial=row.note),
        "subcontractor": after.line(gettext_lazy("Body that does part of it for you"), 160, False,
                                    help_text=gettext_lazy("Only where you pass work on: its name, and below which lines.")),
        "subcontracted": after.line(gettext_lazy("Lines it does"), 60, False, help_text=gettext_lazy("Their numbers, parted by commas.")),
    }  # fmt: skip


def _price(label: str, known: Any) -> Any:
    return lambda: forms.DecimalField(
        label=_("%(what)s, yuan") % {"what": label}, required=False, min_value=0, max_digits=12, decimal_places=2, initial=known
    )  # fmt: skip


def _give(actor: Any, row: Quote, said: dict[str, Any]) -> Any:
    prices = {int(name.removeprefix("price-")): value for name, value in said.items() if name.startswith("price-") and value is not None}  # fmt: skip
    named = {part.strip() for part in said["subcontracted"].replace("，", ",").replace("、", ",").split(",")}
    body = said["subcontractor"]
    by = {line.pk: body for line in row.demand.lines.all() if body and str(line.position) in named}
    return service.give_quote(
        actor, row, prices, said["days"], said["valid_until"], extra=said["extra"], extra_for=said["extra_for"],
        note=said["note"], subcontractors=by,
    )  # fmt: skip
