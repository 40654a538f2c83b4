"""The demands of the firms: for a station those of its towns, for the general platform all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.nqi.models import Demand, Order, Quote
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.lists import DEMAND_SHOWS, ORDER_SHOWS
from qualipolis.city.nqi.services.visibility import OVERSEERS, STATION
from qualipolis.city.nqi.services.work import about
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.nqi import service_words as words
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags

READERS = (*STATION, *OVERSEERS)
ORDER_READERS = (*READERS, "laboratory")


def chip_cell(chip: parts.Chip) -> Any:
    """Return a chip for a table."""
    return tags.chip(chip.kind, chip.text, chip.icon or None)


def _columns() -> list[parts.Column]:
    return [
        parts.Column("demand", _("Demand"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("firm", _("Firm")),
        parts.Column("kind", _("Kind of need")),
    ]


def _cells(row: Demand) -> Mapping[str, Any]:
    said = _("%(number)s of %(day)s") % {"number": row.number, "day": f"{row.made_on:%Y-%m-%d}"}
    return {
        "demand": words.two_lines(about(row), said),
        "state": chip_cell(words.state_chip(row)),
        "due": after.due_cell(row),
        "firm": words.two_lines(row.enterprise.name, row.unit.name),
        "kind": row.get_need_type_display() or _("not clarified"),
        "url": reverse("desk:nqi_demand", args=[row.pk]),
    }


DEMANDS = after.ListPage(
    gettext_lazy("Demands for service"),
    gettext_lazy("What is due first stands first. Query, advice and printing are free; what is paid goes to an institution."),
    _columns, _cells, (("", gettext_lazy("All")), *DEMAND_SHOWS.items()), "nqi-demands",
    (gettext_lazy("No demand yet"), gettext_lazy("A demand begins with a firm that says what it needs.")), search=True,
)  # fmt: skip


@page(*READERS)
def demands(request: HttpRequest) -> HttpResponse:
    """The demands, what is due first."""
    rows = queries.demands(request.user, request.GET.dict())
    tools = [(_("Figures of the service"), reverse("desk:nqi_service_figures"), "chart-bar")]
    if can(request.user, "nqi.file_demand"):
        tools.append((_("Write a demand down"), reverse("desk:nqi_demand_new"), "plus"))
    return after.list_page(request, DEMANDS, rows, stage="build", tools=tools, crumbs=[(_("Demands for service"), "")])


def _order_columns() -> list[parts.Column]:
    return [
        parts.Column("order", _("Service order"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("who", _("Firm and institution")),
        parts.Column("price", _("Price"), numeric=True, unit=_("CNY")),
    ]


def _order_cells(row: Order) -> Mapping[str, Any]:
    said = _("%(number)s of %(day)s") % {"number": row.number, "day": f"{row.placed_on:%Y-%m-%d}"}
    return {
        "order": words.two_lines(about(row.demand), said),
        "state": chip_cell(words.state_chip(row)),
        "due": after.due_cell(row),
        "who": words.two_lines(row.demand.enterprise.name, row.institution.name),
        "price": words.money(row.price),
        "url": reverse("desk:nqi_order", args=[row.pk]),
    }


ORDERS = after.ListPage(
    gettext_lazy("Orders of services"),
    gettext_lazy("From the order to the delivered report. What is due first stands first."),
    _order_columns, _order_cells, (("", gettext_lazy("All")), *ORDER_SHOWS.items()), "nqi-orders",
    (gettext_lazy("No order yet"), gettext_lazy("An order begins with a firm that chooses a quote.")), search=True,
)  # fmt: skip


@page(*ORDER_READERS)
def orders(request: HttpRequest) -> HttpResponse:
    """The orders, what is due first."""
    rows = queries.orders(request.user, request.GET.dict())
    return after.list_page(request, ORDERS, rows, stage="build", crumbs=[(_("Orders of services"), "")])


def _quote_columns() -> list[parts.Column]:
    return [
        parts.Column("quote", _("Asked for"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Answer due")),
        parts.Column("firm", _("Firm")),
        parts.Column("days", _("Working days"), numeric=True),
    ]


def _quote_cells(row: Quote) -> Mapping[str, Any]:
    said = _("%(number)s of %(day)s") % {"number": row.number, "day": f"{row.invited_on:%Y-%m-%d}"}
    return {
        "quote": words.two_lines(about(row.demand), said),
        "state": chip_cell(words.state_chip(row)),
        "due": after.due_cell(row) if row.status == "invited" else "",
        "firm": row.demand.enterprise.name,
        "days": row.days,
        "url": reverse("desk:nqi_quote", args=[row.pk]),
    }


QUOTES = after.ListPage(
    gettext_lazy("Quotes asked for"),
    gettext_lazy("Firms compare quotes line by line, in the order of lots; the platform recommends nobody."),
    _quote_columns, _quote_cells,
    (("", gettext_lazy("All")), ("open", gettext_lazy("to be answered")), ("given", gettext_lazy("quoted"))), "nqi-quotes",
    (gettext_lazy("Nobody asks for a quote now"), gettext_lazy("Stations ask those whose scope is valid for every item.")),
)  # fmt: skip


@page("laboratory")
def quotes(request: HttpRequest) -> HttpResponse:
    """The quotes that one's own institution is asked for."""
    rows = queries.asked_quotes(request.user, request.GET.dict())
    tools = [(_("Our services"), reverse("desk:nqi_my_services"), "list-check")]
    return after.list_page(request, QUOTES, rows, stage="build", tools=tools, crumbs=[(_("Quotes asked for"), "")])
