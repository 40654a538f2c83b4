"""What is shown of demands, orders and complaints: lists under a filter, what waits first, quotes side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import own_codes, visible
from qualipolis.city.nqi.models import Demand, DemandLine, Order, Quote, ServiceComplaint, ServiceItem
from qualipolis.city.nqi.services.candidates import lot
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.law.flows.nqi.services import SERVICE_COMPLAINT, SERVICE_DEMAND, SERVICE_ORDER

Params = Mapping[str, str]
RELATED = ("enterprise__unit", "unit", "point")
ORDER_RELATED = ("demand__enterprise__unit", "institution", "quote")


def _late() -> Q:
    return Q(due_on__lt=timezone.localdate())


def _demands_shown(show: str) -> Q:
    return {
        "new": Q(status="new"),
        "match": Q(status__in=("accepted", "triaged")),
        "quotes": Q(status__in=("matched", "quoted")),
        "orders": Q(status__in=("ordered", "in_service")),
        "up": Q(status__in=("unmatched", "escalated")),
        "delivered": Q(status__in=("delivered", "evaluated")),
        "late": _late() & ~Q(status__in=SERVICE_DEMAND.finals),
        "over": Q(status__in=SERVICE_DEMAND.finals),
    }.get(show, Q())


def _orders_shown(show: str) -> Q:
    return {
        "placed": Q(status="placed"),
        "running": Q(status__in=("confirmed", "in_service", "reported")),
        "blocked": Q(status="blocked"),
        "late": _late() & ~Q(status__in=SERVICE_ORDER.finals),
        "over": Q(status__in=SERVICE_ORDER.finals),
    }.get(show, Q())


def _by_day(rows: QuerySet[Any], finals: tuple[str, ...]) -> QuerySet[Any]:
    place = Case(When(status__in=finals, then=1), default=0)
    return rows.annotate(place=place).order_by("place", F("due_on").asc(nulls_last=True), "-pk")


def demands(actor: object, params: Params | None = None) -> QuerySet[Demand]:
    """Return the demands that somebody sees under a filter, what is due first."""
    said = params or {}
    rows = visible(actor, Demand.objects.select_related(*RELATED)).filter(_demands_shown(said.get("show", "")))
    if text := said.get("q", "").strip()[:60]:
        names = Q(enterprise__name_zh__icontains=text) | Q(enterprise__name_en__icontains=text)
        rows = rows.filter(
            Q(number__icontains=text) | names | Q(product_name__icontains=text) | Q(text__icontains=text)
        )
    return _by_day(rows, SERVICE_DEMAND.finals)


def own_demands(actor: object) -> QuerySet[Demand]:
    """Return the demands of one's own firm, the running ones first."""
    rows = Demand.objects.select_related(*RELATED).filter(enterprise__credit_code__in=own_codes(actor))
    return rows.annotate(place=Case(When(status__in=SERVICE_DEMAND.finals, then=1), default=0)).order_by("place", "-pk")


def orders(actor: object, params: Params | None = None) -> QuerySet[Order]:
    """Return the orders that somebody sees under a filter, what is due first."""
    said = params or {}
    rows = visible(actor, Order.objects.select_related(*ORDER_RELATED)).filter(_orders_shown(said.get("show", "")))
    if text := said.get("q", "").strip()[:60]:
        firm = Q(demand__enterprise__name_zh__icontains=text) | Q(demand__enterprise__name_en__icontains=text)
        body = Q(institution__name_zh__icontains=text) | Q(institution__name_en__icontains=text)
        rows = rows.filter(Q(number__icontains=text) | firm | body | Q(demand__product_name__icontains=text))
    return _by_day(rows, SERVICE_ORDER.finals)


def asked_quotes(actor: object, params: Params | None = None) -> QuerySet[Quote]:
    """Return the quotes that one's own institution is asked for, the open ones first."""
    rows = Quote.objects.select_related("demand__enterprise", "institution").filter(
        institution__in=own_institutions(actor)
    )
    show = (params or {}).get("show", "")
    rows = rows.filter({"open": Q(status__in=("invited", "lapsed", "expired")), "given": Q(status__in=("quoted", "chosen"))}.get(show, Q()))  # fmt: skip
    return rows.annotate(place=Case(When(status="invited", then=0), default=1)).order_by(
        "place", F("due_on").asc(nulls_last=True), "-pk"
    )


def complaints(actor: object, params: Params | None = None) -> QuerySet[ServiceComplaint]:
    """Return the complaints about services that somebody sees, what is due first."""
    said = params or {}
    rows = visible(actor, ServiceComplaint.objects.select_related("demand__enterprise", "order__institution"))
    ended = Q(status__in=SERVICE_COMPLAINT.finals)
    rows = rows.filter({"open": ~ended, "over": ended, "late": _late() & ~ended}.get(said.get("show", ""), Q()))
    if text := said.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | Q(demand__enterprise__name_zh__icontains=text))
    return _by_day(rows, SERVICE_COMPLAINT.finals)


def catalogue(params: Params | None = None) -> QuerySet[ServiceItem]:
    """Return the services on offer under a search: by kind and name, in no other order."""
    said = params or {}
    rows = ServiceItem.objects.filter(ended_on=None).select_related("institution__unit", "point")
    if kind := said.get("kind", ""):
        rows = rows.filter(kind=kind)
    if text := said.get("q", "").strip()[:60]:
        rows = rows.filter(
            Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(product__icontains=text)
            | Q(parameter__icontains=text) | Q(standard__icontains=text)
            | Q(institution__name_zh__icontains=text) | Q(institution__name_en__icontains=text)
        )  # fmt: skip
    return rows.order_by("kind", "name_zh", "number")


@dataclass(frozen=True)
class Side:
    """One quote beside the others: its price for each line (None where it offers none), total, days, until when."""

    quote: Quote
    prices: tuple[Decimal | None, ...]
    subcontractors: tuple[str, ...]
    total: Decimal | None
    complete: bool
    open: bool


def side_by_side(demand: Demand, *, by: str = "lot") -> tuple[list[DemandLine], list[Side]]:
    """Return the lines and the quotes that were given, in the order of lots or of names; the cheapest has no place of its own."""
    lines, today = list(demand.lines.all()), timezone.localdate()
    rows = demand.quotes.exclude(days=None).select_related("institution").prefetch_related("lines")
    found = [_side(quote, lines, today) for quote in rows]
    if by == "name":
        return lines, sorted(found, key=lambda one: (one.quote.institution.name, one.quote.institution.code))
    return lines, sorted(found, key=lambda one: lot(demand, one.quote.institution))


def _side(quote: Quote, lines: list[DemandLine], today: Any) -> Side:
    of = {one.line_id: one for one in quote.lines.all()}
    prices = tuple(of[line.pk].price if line.pk in of else None for line in lines)
    given = [price for price in prices if price is not None]
    standing = quote.status == "quoted" and quote.valid_until is not None and quote.valid_until >= today
    by = tuple(of[line.pk].subcontractor if line.pk in of else "" for line in lines)
    total = sum(given, quote.extra) if given else None
    return Side(quote, prices, by, total, None not in prices, standing)
