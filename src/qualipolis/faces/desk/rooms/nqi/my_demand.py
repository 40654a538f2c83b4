"""The firm's page of one demand: compare the quotes, order, read the report, evaluate, complain."""

from __future__ import annotations

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
from qualipolis.city.nqi.models import Demand, DemandLine, Order, Quote
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.reports import current
from qualipolis.city.nqi.services.work import about
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history
from qualipolis.faces.desk.rooms.nqi import service_words as words
from qualipolis.faces.desk.rooms.supervise import after

WAITS = {
    "new": gettext_lazy("Your station answers within one working day."),
    "accepted": gettext_lazy("The steward clarifies what you need."),
    "triaged": gettext_lazy("The steward looks for institutions that are qualified."),
    "matched": gettext_lazy("Qualified institutions are asked for quotes."),
    "unmatched": gettext_lazy("Nobody in the city was found; the general platform takes over."),
    "escalated": gettext_lazy("The general platform looks further."),
    "ordered": gettext_lazy("The institution confirms your order. Bring the sample when it has."),
    "in_service": gettext_lazy("The institution works on it."),
    "evaluated": gettext_lazy("Thank you. The station closes the demand."),
    "closed": gettext_lazy("This demand is completed."),
}
STARS = [(n, n) for n in range(5, 0, -1)]
YES_NO = (("", gettext_lazy("not said")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


@page("enterprise")
def my_demand(request: HttpRequest, pk: int) -> HttpResponse:
    """One demand of the firm, with the one thing it is asked for now."""
    row = get_object_or_404(queries.own_demands(request.user), pk=pk)
    found = offers(request, row, _acts(row), _facts(row))
    marks = [*_of_orders(request, row), *after.marks(request, row, [_complain(row)])]
    if request.method == "POST" and (take(request, row, found) or _took(request, row, marks)):
        return redirect("desk:my_demand", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "nqi/my_demand.html", _context(request, row, found) | {"marks": marks}, status=status)


def _took(request: HttpRequest, row: Demand, marks: list[Any]) -> bool:
    return after.take_mark(request, row, marks)


def _facts(row: Demand) -> dict[str, Any]:
    standing = row.quotes.filter(status="quoted", valid_until__gte=timezone.localdate()).exists()
    return {"valid_until": timezone.localdate() if standing else None, "uncovered": 0, "conflict": False, "stars": 5}


def _acts(row: Demand) -> list[Act]:
    evaluate = {
        "stars": lambda: forms.TypedChoiceField(label=_("Stars"), choices=STARS, coerce=int, widget=forms.RadioSelect),
        "on_time": lambda: forms.ChoiceField(label=_("Was it on time?"), choices=YES_NO, required=False),
        "text": after.area(gettext_lazy("In your words"), 2000, 3, False),
    }
    return [
        Act("order", "nqi.place_order", _order, _order_fields(row), for_good=True,
            help=gettext_lazy("The order is an agreement with the institution at the price and in the days it quoted.")),
        Act("evaluate", "nqi.evaluate_service",
            lambda actor, one, said: service.evaluate_service(
                actor, one, said["stars"], on_time={"yes": True, "no": False}.get(said["on_time"]), text=said["text"]),
            evaluate, for_good=True),
        Act("withdraw", "nqi.withdraw_demand", lambda actor, one, said: service.withdraw_demand(actor, one, said["reason"]),
            for_good=True),
    ]  # fmt: skip


def _order_fields(row: Demand) -> dict[str, Any]:
    """Return a choice for each line; where no institution offers every line they can be ordered from several."""
    _lines, sides = queries.side_by_side(row)
    standing = [side for side in sides if side.open]
    fields: dict[str, Any] = {}
    complete = [side for side in standing if side.complete]
    if (complete and len(_lines) <= 1) or (complete and len(complete) == len(standing)):
        fields["quote"] = lambda: forms.ChoiceField(
            label=_("Order everything from"), widget=forms.RadioSelect, choices=[(str(one.quote.pk), _offer(one)) for one in complete]
        )  # fmt: skip
    else:
        for n, line in enumerate(_lines):
            offered = [side for side in standing if side.prices[n] is not None]
            fields[f"line-{line.pk}"] = _line_choice(line, n, offered)
    if any(any(side.subcontractors) for side in standing):
        fields["subcontracting"] = lambda: forms.BooleanField(
            label=_("We agree that lines marked so are done by the body named there"), required=False
        )
    return fields


def _offer(side: queries.Side) -> str:
    told = {"institution": side.quote.institution.name, "price": words.money(side.total), "days": side.quote.days}
    return _("%(institution)s, %(price)s yuan, %(days)s working days") % told


def _line_choice(line: DemandLine, n: int, offered: list[queries.Side]) -> Any:
    choices = [("", _("not ordered"))]
    for side in offered:
        told = {
            "institution": side.quote.institution.name,
            "price": words.money(side.prices[n]),
            "days": side.quote.days,
        }
        choices.append((str(side.quote.pk), _("%(institution)s, %(price)s yuan, %(days)s working days") % told))
    return lambda: forms.ChoiceField(label=str(line), choices=choices, required=False)


def _order(actor: Any, row: Demand, said: dict[str, Any]) -> Any:
    quotes = {str(one.pk): one for one in row.quotes.select_related("institution")}
    chosen: dict[Quote, list[DemandLine]] = {}
    if "quote" in said:
        chosen[quotes[said["quote"]]] = []
    for line in row.lines.all():
        if key := said.get(f"line-{line.pk}"):
            chosen.setdefault(quotes[key], []).append(line)
    return service.place_order(actor, row, chosen, subcontracting=bool(said.get("subcontracting")))


def _complain(row: Demand) -> after.Mark:
    about_ = [
        ("", _("the station")),
        *((str(one.pk), str(one.institution)) for one in row.orders.select_related("institution")),
    ]
    fields = {
        "order": lambda: forms.ChoiceField(label=_("About"), choices=about_, required=False),
        "facts": after.area(gettext_lazy("What happened"), 4000, 4),
        "claim": after.line(gettext_lazy("What you ask for"), 400, False),
    }
    return after.Mark("complain", "nqi.file_service_complaint", _("Complain about the service"), fields, _complained,
                      help=_("The general platform takes it up; whom it is about answers."))  # fmt: skip


def _complained(actor: Any, row: Demand, said: dict[str, Any]) -> Any:
    order = row.orders.filter(pk=said["order"]).first() if said["order"] else None
    return service.file_service_complaint(actor, row, said["facts"], order=order, claim=said["claim"])


def _of_orders(request: HttpRequest, row: Demand) -> list[Any]:
    """Return what the firm may do with each of its orders: order elsewhere when one is blocked, or cancel."""
    found: list[Any] = []
    for order in row.orders.select_related("institution", "quote").order_by("pk"):
        offered = [_elsewhere(row, order), _cancel(order)]
        found += after.marks(request, row, [one for one in offered if one is not None])
    return found


def _elsewhere(row: Demand, order: Order) -> after.Mark | None:
    if order.status != "blocked":
        return None
    wanted = set(order.lines.values_list("pk", flat=True))
    lines, sides = queries.side_by_side(row)
    able = [
        side for side in sides
        if side.open and all(side.prices[n] is not None for n, line in enumerate(lines) if line.pk in wanted)
    ]  # fmt: skip
    if not able:
        return None
    fields = {
        "quote": lambda: forms.ChoiceField(label=_("Institution"), widget=forms.RadioSelect,
                                           choices=[(str(one.quote.pk), _offer(one)) for one in able]),
        "subcontracting": lambda: forms.BooleanField(label=_("We agree to subcontracting where it is named"), required=False),
    }  # fmt: skip
    return after.Mark(
        f"reassign-{order.pk}", "nqi.reassign_order", _("Order from another institution"), fields,
        lambda actor, one, said: service.reassign_order(
            actor, order, row.quotes.get(pk=said["quote"]), subcontracting=said["subcontracting"]),
        help=_("The other quotes still stand at their prices."),
    )  # fmt: skip


def _cancel(order: Order) -> after.Mark | None:
    if order.status not in ("placed", "confirmed", "blocked"):
        return None
    return after.Mark(
        f"cancel-{order.pk}", "nqi.cancel_order", _("Cancel the order %(number)s") % {"number": order.number},
        {"reason": after.area(gettext_lazy("Reason"), 400, 2)},
        lambda actor, one, said: service.cancel_order(actor, order, said["reason"]),
    )  # fmt: skip


def _context(request: HttpRequest, row: Demand, found: list[Any]) -> dict[str, Any]:
    shown, told = page_of(request, row, found, "desk:my_demand"), history(row)
    return shown | {
        "stage": "build",
        "state": words.state_chip(row),
        "title": about(row),
        "steps": words.demand_way(row, told, mine=bool(shown["box"])),
        "waits": WAITS.get(row.status, ""),
        "lines": list(row.lines.all()),
        "compare": words.comparison(row, request.GET.get("by", "lot")),
        "orders": [_order_card(one) for one in row.orders.select_related("institution").order_by("pk")],
        "complaints": [(one, words.state_chip(one)) for one in row.complaints.all()],
        "evaluation": getattr(row, "evaluation", None),
        "papers": [(_("Demand form, PDF"), reverse("desk:nqi_paper", args=["demand", row.pk, words.paper_lang()]))],
        "history": told,
        "crumbs": [(_("Quality services"), reverse("desk:my_demands")), (row.number, "")],
    }


def _order_card(order: Order) -> dict[str, Any]:
    report = current(order) if order.status == "delivered" else None
    return {
        "row": order, "state": words.state_chip(order), "price": words.money(order.price),
        "report": words.report_card(report) if report else None, "samples": list(order.samples.all()),
    }  # fmt: skip
