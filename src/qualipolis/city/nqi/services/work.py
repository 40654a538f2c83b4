"""What waits for someone in the one-stop service."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.nqi.models import Demand, Order, Quote, ServiceComplaint
from qualipolis.city.nqi.services import queries

STOP, MOST = "build", 20
STATION = {
    "new": (gettext_lazy("Accept it, or say why not."), "nqi.accept_demand"),
    "accepted": (gettext_lazy("Say what is needed, line by line."), "nqi.triage_demand"),
    "triaged": (gettext_lazy("Ask qualified institutions, or answer at the station."), "nqi.invite_institutions"),
    "unmatched": (gettext_lazy("Pass it to the general platform."), "nqi.escalate_demand"),
    "evaluated": (gettext_lazy("Close it."), "nqi.close_demand"),
}
FIRM = {
    "quoted": (gettext_lazy("Compare the quotes and order."), "nqi.place_order"),
    "delivered": (gettext_lazy("Evaluate the service."), "nqi.evaluate_service"),
}
PROVIDER = {
    "placed": (gettext_lazy("Confirm the order, or refuse it."), "nqi.confirm_order"),
    "confirmed": (gettext_lazy("Record the sample and begin."), "nqi.begin_order"),
    "in_service": (gettext_lazy("Hand in the report of the service."), "nqi.hand_in_report"),
    "reported": (gettext_lazy("Issue and deliver the report."), "nqi.deliver_report"),
    "blocked": (gettext_lazy("Blocked: the certificate does not cover it."), "nqi.resume_order"),
}


def about(row: Demand) -> str:
    """Return what a demand is about, in few words."""
    return row.product_name or row.text.strip().split("\n")[0][:30]


def _demand(row: Demand, why: Any, verb: str, page: str) -> WorkItem:
    title = _("Demand %(number)s: %(about)s") % {"number": row.number, "about": about(row)}
    return WorkItem(STOP, title, str(why), row.due_on, page, (row.pk,), verb)


def station_work(actor: Any) -> list[WorkItem]:
    """Return the demands in which the station takes the next step, and matched ones that wait too long."""
    rows = queries.demands(actor).filter(status__in=STATION)[:MOST]
    found = [_demand(row, *STATION[row.status], "desk:nqi_demand") for row in rows]
    silent = queries.demands(actor).filter(status="matched", due_on__lt=timezone.localdate())[:MOST]
    why = _("No quote has come: ask others, or say that nobody can.")
    return [*found, *(_demand(row, why, "nqi.invite_institutions", "desk:nqi_demand") for row in silent)]


def desk_work(actor: Any) -> list[WorkItem]:
    """Return what waits for the general platform: what stations passed up, complaints, and what a station left too long."""
    up = queries.demands(actor).filter(status="escalated")[:MOST]
    found = [
        _demand(row, _("Find an institution, or record the gap."), "nqi.close_demand_with_gap", "desk:nqi_demand")
        for row in up
    ]
    late = queries.demands(actor).filter(status__in=STATION, due_on__lt=timezone.localdate())[:MOST]
    found += [_demand(row, _("The station is late."), STATION[row.status][1], "desk:nqi_demand") for row in late]
    told = queries.complaints(actor).filter(status__in=("filed", "answered"))[:MOST]
    return found + [_complaint(row, _("Take it up, or decide."), "nqi.decide_service_complaint") for row in told]


def _complaint(row: ServiceComplaint, why: str, verb: str) -> WorkItem:
    title = _("Complaint about a service %(number)s") % {"number": row.number}
    return WorkItem(STOP, title, why, row.due_on, "desk:nqi_complaint", (row.pk,), verb)


def _answers(actor: Any) -> list[WorkItem]:
    rows = queries.complaints(actor).filter(status="accepted")[:MOST]
    return [_complaint(row, _("Answer it."), "nqi.answer_service_complaint") for row in rows]


def steward_work(actor: Any) -> list[WorkItem]:
    """Return what waits for a steward: the demands of the towns, complaints about the station."""
    return [*station_work(actor), *_answers(actor)]


def provider_work(actor: Any) -> list[WorkItem]:
    """Return what waits for an institution: quotes it is asked for, orders, complaints."""
    asked = queries.asked_quotes(actor).filter(status="invited")[:MOST]
    return [*(_quote(row) for row in asked), *(_order(row) for row in _running(actor)), *_answers(actor)]


def _quote(row: Quote) -> WorkItem:
    title = _("Quote for %(about)s") % {"about": about(row.demand)}
    return WorkItem(STOP, title, _("Quote, or decline."), row.due_on, "desk:nqi_quote", (row.pk,), "nqi.give_quote")


def _running(actor: Any) -> Any:
    return queries.orders(actor).filter(status__in=PROVIDER)[:MOST]


def _order(row: Order) -> WorkItem:
    title = _("Order %(number)s: %(about)s") % {"number": row.number, "about": about(row.demand)}
    why, verb = PROVIDER[row.status]
    return WorkItem(STOP, title, str(why), row.due_on, "desk:nqi_order", (row.pk,), verb)


def firm_work(actor: Any) -> list[WorkItem]:
    """Return what waits for a firm: quotes to compare, an order that is blocked, a service to evaluate, an answer."""
    rows = queries.own_demands(actor).filter(status__in=FIRM)[:MOST]
    found = [_demand(row, *FIRM[row.status], "desk:my_demand") for row in rows]
    for order in Order.objects.filter(demand__in=queries.own_demands(actor).values("pk"), status="blocked")[:MOST]:
        why = _("The certificate no longer covers the order: choose another institution.")
        found.append(_demand(order.demand, why, "nqi.reassign_order", "desk:my_demand"))
    told = queries.complaints(actor).filter(status="answered", demand__in=queries.own_demands(actor).values("pk"))
    return found + [
        _complaint(row, _("Say whether the answer settles it."), "nqi.settle_service_complaint") for row in told[:MOST]
    ]


MAKERS: Makers = (
    ("steward", steward_work),
    ("nqi_desk", desk_work),
    ("laboratory", provider_work),
    ("enterprise", firm_work),
)
