"""Who sees a demand: the firm its own, a station those of its towns, an institution those it was asked for; the public none.

What an institution sees of another's quote is nothing. Experts of the product hospital see what they prescribed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import readable
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import city_wide, organisations_of, own_codes, roles_of, visibility, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.hospital.models import Case
from qualipolis.city.nqi.models import (
    Demand,
    DemandLine,
    Evaluation,
    Order,
    Quote,
    QuoteLine,
    ServiceComplaint,
    ServiceItem,
    ServicePoint,
    ServiceReport,
    ServiceSample,
)
from qualipolis.city.registry.models import Institution, Unit

STATION = ("steward", "nqi_desk")
OVERSEERS = ("planner", "auditor")
READERS = (*STATION, *OVERSEERS, "laboratory", "enterprise")
NOTHING = Q(pk__in=())
ASKED_NO_MORE = ("declined", "not_needed", "lapsed")


def own_institutions(actor: Any) -> QuerySet[Institution]:
    """Return the institutions for which somebody acts: the organisation carries the code of the institution."""
    bodies = organisations_of(actor, ("laboratory",))
    return Institution.objects.filter(code__in=Organisation.objects.filter(pk__in=bodies).values("code"))


def served_units(actor: Any) -> QuerySet[Unit]:
    """Return the towns of the stations for which somebody is a steward."""
    points = ServicePoint.objects.filter(organisation__in=organisations_of(actor, ("steward",)))
    return Unit.objects.filter(service_points__in=points)


def oversees(actor: Any) -> bool:
    """Whether somebody sees every demand: the dispatcher of the platform, who plans, who audits."""
    return bool(roles_of(actor) & {"nqi_desk", *OVERSEERS, SYSTEM}) or city_wide(actor, ("steward",))


def of_station(actor: Any) -> Q:
    """The demands of the towns that a steward serves."""
    return Q(unit__in=served_units(actor)) if "steward" in roles_of(actor) else NOTHING


@visibility(Demand)
def seen_demands(actor: Any, rows: QuerySet[Demand]) -> QuerySet[Demand]:
    """The firm its own, the station its towns', the institution those it is asked for, the expert those prescribed."""
    if oversees(actor):
        return rows
    asked = Quote.objects.filter(institution__in=own_institutions(actor)).exclude(status__in=ASKED_NO_MORE)
    own = Q(enterprise__credit_code__in=own_codes(actor))
    found = own | of_station(actor) | Q(pk__in=asked.values("demand"))
    if roles_of(actor) & {"expert", "hospital_desk", "hospital_manager"}:
        found |= Q(case__in=visible(actor, Case.objects.all()).values("pk"))
    return rows.filter(found)


@visibility(DemandLine)
def seen_lines(actor: Any, rows: QuerySet[DemandLine]) -> QuerySet[DemandLine]:
    """Those of the demands somebody sees."""
    return rows.filter(demand__in=seen_demands(actor, Demand.objects.all()).values("pk"))


@visibility(Quote)
def seen_quotes(actor: Any, rows: QuerySet[Quote]) -> QuerySet[Quote]:
    """An institution its own; the firm and its station those of the demand."""
    if oversees(actor):
        return rows
    asked = Demand.objects.filter(Q(enterprise__credit_code__in=own_codes(actor)) | of_station(actor))
    return rows.filter(Q(institution__in=own_institutions(actor)) | Q(demand__in=asked.values("pk")))


@visibility(QuoteLine)
def seen_quote_lines(actor: Any, rows: QuerySet[QuoteLine]) -> QuerySet[QuoteLine]:
    """Those of the quotes somebody sees."""
    return rows.filter(quote__in=seen_quotes(actor, Quote.objects.all()).values("pk"))


@visibility(Order)
def seen_orders(actor: Any, rows: QuerySet[Order]) -> QuerySet[Order]:
    """An institution its own; the firm and its station those of the demand; the expert those prescribed."""
    if oversees(actor):
        return rows
    asked = Demand.objects.filter(Q(enterprise__credit_code__in=own_codes(actor)) | of_station(actor))
    found = Q(institution__in=own_institutions(actor)) | Q(demand__in=asked.values("pk"))
    if roles_of(actor) & {"expert", "hospital_desk", "hospital_manager"}:
        found |= Q(demand__case__in=visible(actor, Case.objects.all()).values("pk"))
    return rows.filter(found)


@visibility(ServiceSample)
def seen_samples(actor: Any, rows: QuerySet[ServiceSample]) -> QuerySet[ServiceSample]:
    """Those of the orders somebody sees."""
    return rows.filter(order__in=seen_orders(actor, Order.objects.all()).values("pk"))


@visibility(ServiceReport)
def seen_reports(actor: Any, rows: QuerySet[ServiceReport]) -> QuerySet[ServiceReport]:
    """Those of the orders somebody sees; before delivery only the institution and the platform read a report."""
    mine = seen_orders(actor, Order.objects.all())
    if oversees(actor):
        return rows
    found = Q(order__status="delivered") | Q(order__institution__in=own_institutions(actor))
    return rows.filter(found, order__in=mine.values("pk"))


@visibility(Evaluation)
def seen_evaluations(actor: Any, rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """Those of the demands somebody sees."""
    return rows.filter(demand__in=seen_demands(actor, Demand.objects.all()).values("pk"))


@visibility(ServiceComplaint)
def seen_complaints(actor: Any, rows: QuerySet[ServiceComplaint]) -> QuerySet[ServiceComplaint]:
    """The firm its own, the platform all, an institution those about it once taken up, a steward those about the station."""
    if oversees(actor):
        return rows
    taken_up = ~Q(status__in=("filed", "declined"))
    about = Q(order__institution__in=own_institutions(actor)) & taken_up
    station = (
        Q(order=None, demand__unit__in=served_units(actor)) & taken_up if "steward" in roles_of(actor) else NOTHING
    )
    return rows.filter(Q(demand__enterprise__credit_code__in=own_codes(actor)) | about | station)


@visibility(ServicePoint)
def seen_points(actor: Any, rows: QuerySet[ServicePoint]) -> QuerySet[ServicePoint]:
    """The network is public."""
    return rows


@visibility(ServiceItem)
def seen_items(actor: Any, rows: QuerySet[ServiceItem]) -> QuerySet[ServiceItem]:
    """The catalogue is public; what was taken out is seen by its institution and the platform."""
    own = Q(institution__in=own_institutions(actor))
    return rows if oversees(actor) else rows.filter(Q(ended_on=None) | own)


def parties(thing: Any) -> Iterable[int | None]:
    """Return the organisations that may act on a demand or a row under it: the firm, its stations, the institutions."""
    if thing is None:
        return []
    demand = thing if isinstance(thing, Demand) else thing.demand
    codes = [demand.enterprise.credit_code]
    institution = getattr(thing, "institution", None) or getattr(getattr(thing, "order", None), "institution", None)
    codes += [institution.code] if institution is not None else []
    stations = ServicePoint.objects.filter(units=demand.unit_id).values("organisation")
    return list(Organisation.objects.filter(Q(code__in=codes) | Q(pk__in=stations)).values_list("pk", flat=True))


readable(Demand, Order, ServiceReport, ServiceComplaint)
