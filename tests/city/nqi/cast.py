"""The cast of the one-stop service: stations, firms, institutions with their scopes, and demands and orders in any state."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.city.supervise.cast import CATEGORY, STANDARD, SYSTEM, make_cast
from tests.city.supervise.cast import Cast as City
from tests.city.supervise.cast import person as with_role

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.nqi.models import Demand, DemandLine, Order, Quote, QuoteLine, ServicePoint, ServiceSample
from qualipolis.city.registry.models import Enterprise, Institution, Qualification, ScopeItem, Unit

__all__ = ["CATEGORY", "ITEMS", "STANDARD", "SYSTEM", "Cast", "demand_in", "found", "order_in", "quote_in"]
ITEMS = ("甲醛含量", "pH值")
FROM, TO = date(2020, 1, 1), date(2099, 12, 31)
_serial = itertools.count(1)
AFTER_TRIAGE = (
    "triaged",
    "matched",
    "quoted",
    "ordered",
    "in_service",
    "delivered",
    "evaluated",
    "closed",
    "unmatched",
    "escalated",
)
ASKED = ("matched", "quoted", "ordered", "in_service", "delivered", "evaluated", "closed")


@dataclass
class Cast:
    """People by role and the bodies they act for; ``city`` is the cast of supervision sampling around them.

    ``cast["steward"]`` serves the workstation of the town of ``firm``, ``cast["steward_elsewhere"]`` that of the other
    town, ``cast["steward_of_centre"]`` the area centre over both; ``cast["nqi_desk"]`` dispatches for the whole city.
    ``cast["enterprise"]`` acts for ``firm``, ``cast["other_enterprise"]`` for ``other_firm`` (of the other town).
    ``cast["laboratory"]`` acts for ``laboratory`` (LAB1), ``cast["other_laboratory"]`` for ``other_laboratory`` (LAB2),
    ``cast["metrology"]`` for ``metrology`` (MET1), ``cast["certifier"]`` for ``certifier`` (CER1). ``LAB3`` has no scope.
    planner, department, leader, inspector, auditor, admin, expert, hospital_desk, hospital_manager are there too.
    """

    city: City
    people: dict[str, Person]
    firm: Enterprise
    other_firm: Enterprise
    platform: ServicePoint
    centre: ServicePoint
    station: ServicePoint
    other_station: ServicePoint
    metrology: Institution
    certifier: Institution
    bare: Institution

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    @property
    def unit(self) -> Unit:
        """The town of ``firm``."""
        return self.firm.unit

    @property
    def laboratory(self) -> Institution:
        return self.city.laboratory

    @property
    def other_laboratory(self) -> Institution:
        return self.city.other_laboratory


def found() -> Cast:
    """Found the city of supervision sampling with its service network and two more institutions."""
    city = make_cast()
    firm, other_firm = city.firms[0], city.firms[1]
    platform, centre, station, other_station = _network(city)
    metrology = institution("MET1", "metrology_centre", firm.unit, "metrology", [("温度计", "校准", "JJF 1366-2012")])
    certifier = institution("CER1", "certifier", firm.unit, "cnca", [("质量管理体系", "认证", "GB/T 19001-2016")])
    bare = Institution.objects.create(code="LAB3", kind="laboratory", name_zh="丙检测所", unit=firm.unit)
    people = dict(city.people)
    for name, role, scope in (
        ("nqi_desk", "nqi_desk", None),
        ("steward", "steward", station.organisation),
        ("steward_elsewhere", "steward", other_station.organisation),
        ("steward_of_centre", "steward", centre.organisation),
        ("metrology", "laboratory", _body("MET1", "institution", metrology.name_zh)),
        ("certifier", "laboratory", _body("CER1", "institution", certifier.name_zh)),
        ("hospital_desk", "hospital_desk", None),
        ("hospital_manager", "hospital_manager", None),
        ("other_enterprise", "enterprise", _body(other_firm.credit_code, "enterprise", other_firm.name_zh)),
    ):
        people[name] = with_role(f"n-{name}", role, scope)
    return Cast(city, people, firm, other_firm, platform, centre, station, other_station, metrology, certifier, bare)


def _body(code: str, kind: str, name: str) -> Organisation:
    return Organisation.objects.get_or_create(code=code, defaults={"kind": kind, "name_zh": name})[0]


def _network(city: City) -> tuple[ServicePoint, ServicePoint, ServicePoint, ServicePoint]:
    def point(code: str, level: str, name: str, parent: ServicePoint | None, units: list[Unit]) -> ServicePoint:
        body = _body(code, "institution", name)
        made = ServicePoint.objects.create(code=code, level=level, name_zh=name, parent=parent, organisation=body)
        made.units.set(units)
        return made

    platform = point("NQI", "platform", "质量服务总平台", None, [])
    centre = point("NQI-C1", "centre", "片区服务中心", platform, city.units)
    stations = [
        point(f"NQI-{unit.code}", "workstation", f"{unit.name_zh}质量服务工作站", centre, [unit]) for unit in city.units
    ]
    by_unit = dict(zip((unit.pk for unit in city.units), stations, strict=True))
    return platform, centre, by_unit[city.firms[0].unit_id], by_unit[city.firms[1].unit_id]


def institution(code: str, kind: str, unit: Unit, qualification: str, lines: list[tuple[str, str, str]]) -> Institution:
    """Make an institution with one qualification and the lines of its scope."""
    made = Institution.objects.create(code=code, kind=kind, name_zh=f"{code}机构", name_en=f"Body {code}", unit=unit)
    held = Qualification.objects.create(
        institution=made, kind=qualification, number=f"{qualification.upper()}-{code}", valid_from=FROM, valid_to=TO
    )
    for product, parameter, standard in lines:
        ScopeItem.objects.create(qualification=held, product=product, parameter=parameter, standard=standard)
    return made


def demand_in(cast: Cast, state: str = "new", **more: Any) -> Demand:
    """Make a demand of ``cast.firm`` for the test of children's wear in any state, with the rows of that state.

    From ``matched`` on LAB1 and LAB2 are asked, from ``quoted`` on both have quoted, from ``ordered`` on LAB1 has an order.
    Rows only: the ledger says nothing of it. ``lines=()`` makes none.
    """
    today, firm, with_order = timezone.localdate(), more.pop("enterprise", cast.firm), more.pop("with_order", True)
    lines = more.pop("lines", [(CATEGORY, item, STANDARD) for item in ITEMS])
    values: dict[str, Any] = {
        "number": f"XQ{next(_serial)}", "status": state, "enterprise": firm, "unit": firm.unit, "point": cast.station,
        "text": "出口订单要求检测童装的甲醛和pH值。", "product_name": "针织童装", "product_class": CATEGORY,
        "due_on": None if state in ("closed", "rejected", "withdrawn") else today + timedelta(days=3),
    }  # fmt: skip
    if state != "new":
        values |= {"officer": cast["steward"], "accepted_on": today}
    if state in AFTER_TRIAGE:
        values |= {"need_type": "testing"}
    made = Demand.objects.create(**values | more)
    if state in AFTER_TRIAGE:
        for position, (product, parameter, standard) in enumerate(lines, 1):
            DemandLine.objects.create(
                demand=made, position=position, product=product, parameter=parameter, standard=standard
            )
    if state in ASKED:
        _asked(cast, made, state if with_order else "quoted")
    return made


def _asked(cast: Cast, demand: Demand, state: str) -> None:
    first = quote_in(cast, demand, cast.laboratory, "invited" if state == "matched" else "quoted")
    quote_in(cast, demand, cast.other_laboratory, "invited" if state == "matched" else "quoted", price=150)
    orders = {"ordered": "placed", "in_service": "in_service", "delivered": "delivered"}
    if state in orders:
        order_in(cast, orders[state], demand=demand, quote=first)


def quote_in(
    cast: Cast, demand: Demand, of: Institution, state: str = "quoted", *, price: int = 100, **more: Any
) -> Quote:
    """Make a quote of an institution in any state; priced for every line unless it is only invited."""
    today = timezone.localdate()
    values: dict[str, Any] = {"number": f"BJ{next(_serial)}", "demand": demand, "institution": of, "status": state}
    if state not in ("invited", "declined", "lapsed"):
        values |= {"quoted_on": today, "days": 5, "valid_until": today + timedelta(days=30)}
    made = Quote.objects.create(**values | more)
    if made.days is not None:
        for line in demand.lines.all():
            QuoteLine.objects.create(quote=made, line=line, price=price)
    return made


def order_in(
    cast: Cast, state: str = "placed", *, demand: Demand | None = None, quote: Quote | None = None, **more: Any
) -> Order:
    """Make an order at LAB1 in any state; from ``in_service`` on its sample is there."""
    today = timezone.localdate()
    if demand is None:
        demand = demand_in(cast, "in_service" if state in ("in_service", "reported") else "ordered", with_order=False)
    quote = quote or demand.quotes.get(institution=cast.laboratory)
    Quote.objects.filter(pk=quote.pk).update(status="chosen")
    values: dict[str, Any] = {
        "number": f"WT{next(_serial)}", "demand": demand, "quote": quote, "institution": quote.institution,
        "status": state, "price": 200, "days": 5, "due_on": today + timedelta(days=2),
    }  # fmt: skip
    if state not in ("placed", "cancelled"):
        values |= {"confirmed_on": today}
    if state in ("in_service", "reported", "delivered"):
        values |= {"begun_on": today, "promised_on": today + timedelta(days=7)}
    if state == "delivered":
        values |= {"delivered_on": today, "due_on": None}
    made = Order.objects.create(**values | more)
    made.lines.set(demand.lines.all())
    if state in ("in_service", "reported", "delivered"):
        ServiceSample.objects.create(
            order=made, number=f"YP{next(_serial)}", name="童装", quantity="3件", condition="完好"
        )
    return made
