"""Verbs of complaints about a service: filed by the firm, answered by the institution or the station, decided by the platform."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.nqi.models import Demand, Order, ServiceComplaint
from qualipolis.city.nqi.services.demands import of_own_firm
from qualipolis.city.nqi.services.visibility import own_institutions, parties, served_units
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse


@verb("nqi.file_service_complaint", roles=("enterprise",), scope=parties)
def file(actor: Any, thing: Demand, facts: str, *, order: Order | None = None, claim: str = "") -> ServiceComplaint:
    """Complain about the institution of an order, or about the station when no order is named."""
    row, said, today = of_own_firm(actor, thing), facts.strip()[:4000], timezone.localdate()
    foreign = order is not None and order.demand_id != row.pk
    running = row.complaints.filter(order=order).exclude(status__in=ServiceComplaint(demand=row).flow.finals).exists()
    refuse(
        [
            None if said else Problem("no_facts", msg("Say what happened."), place="facts"),
            Problem("other_order", msg("This order belongs to another demand."), place="order") if foreign else None,
            Problem("running", msg("A complaint about this is already being dealt with.")) if running else None,
        ]
    )  # fmt: skip
    made = ServiceComplaint.objects.create(
        number=next_number("FT", today.year), demand=row, order=order, facts=said, claim=claim.strip()[:400],
        made_by=person_of(actor), due_on=deadline("nqi.complaint_acceptance", today).due,
    )  # fmt: skip
    record(actor, "nqi.file_service_complaint", made, {"of": str(row)})
    return made


def _kept(thing: ServiceComplaint) -> ServiceComplaint:
    return locked(thing, "demand__enterprise", "order__institution")


@verb("nqi.accept_service_complaint", roles=("nqi_desk",))
def accept(actor: Any, thing: ServiceComplaint) -> ServiceComplaint:
    """Take a complaint up: whom it is about sees it from here on."""
    row = _kept(thing)
    move(actor, row, "accept", "nqi.accept_service_complaint", for_good=True)
    return row


@verb("nqi.decline_service_complaint", roles=("nqi_desk",))
def decline(actor: Any, thing: ServiceComplaint, reason: str) -> ServiceComplaint:
    """Do not take a complaint up, with the reason that the firm reads."""
    row, said = _kept(thing), reason.strip()[:4000]
    move(actor, row, "decline", "nqi.decline_service_complaint", facts={"reason": said}, decision=said,
         ended_on=timezone.localdate())  # fmt: skip
    return row


@verb("nqi.answer_service_complaint", roles=("laboratory", "steward"), scope=parties)
def answer(actor: Any, thing: ServiceComplaint, report: str) -> ServiceComplaint:
    """Answer a complaint about one's own service."""
    row, said = _kept(thing), report.strip()[:4000]
    if row.order is not None:
        mine = own_institutions(actor).filter(pk=row.order.institution_id).exists()
    else:
        mine = served_units(actor).filter(pk=row.demand.unit_id).exists()
    if not mine and SYSTEM not in roles_of(actor):
        raise PermissionDenied(_("Who is complained about answers."))
    move(actor, row, "answer", "nqi.answer_service_complaint", facts={"report": said}, for_good=True, answer=said)
    return row


def _of_firm(actor: Any, thing: ServiceComplaint) -> ServiceComplaint:
    row = _kept(thing)
    of_own_firm(actor, row.demand)
    return row


@verb("nqi.object_to_answer", roles=("enterprise",), scope=parties)
def ask_again(actor: Any, thing: ServiceComplaint, reason: str) -> ServiceComplaint:
    """Say why the answer does not settle it."""
    row, said = _of_firm(actor, thing), reason.strip()[:2000]
    move(actor, row, "ask_again", "nqi.object_to_answer", facts={"reason": said}, for_good=True, objection=said)
    return row


@verb("nqi.settle_service_complaint", roles=("enterprise",), scope=parties)
def settle(actor: Any, thing: ServiceComplaint) -> ServiceComplaint:
    """Say that the answer settles it."""
    row = _of_firm(actor, thing)
    move(actor, row, "settle", "nqi.settle_service_complaint", ended_on=timezone.localdate())
    return row


@verb("nqi.withdraw_service_complaint", roles=("enterprise",), scope=parties)
def withdraw(actor: Any, thing: ServiceComplaint) -> ServiceComplaint:
    """Withdraw a complaint."""
    row = _of_firm(actor, thing)
    move(actor, row, "withdraw", "nqi.withdraw_service_complaint", ended_on=timezone.localdate())
    return row


@verb("nqi.decide_service_complaint", roles=("nqi_desk",))
def decide(actor: Any, thing: ServiceComplaint, report: str) -> ServiceComplaint:
    """Decide on a complaint, in words that both sides read."""
    row, said = _kept(thing), report.strip()[:4000]
    move(actor, row, "decide", "nqi.decide_service_complaint", facts={"report": said}, for_good=True, decision=said,
         ended_on=timezone.localdate())  # fmt: skip
    return row


@verb("nqi.forward_service_complaint", roles=("nqi_desk",))
def forward(actor: Any, thing: ServiceComplaint, authority: str, reason: str) -> ServiceComplaint:
    """Pass a complaint on to the market regulator where it shows a violation."""
    row, name, said = _kept(thing), authority.strip()[:120], reason.strip()[:4000]
    move(actor, row, "forward", "nqi.forward_service_complaint", {"authority": name}, facts={"reason": said},
         authority=name, decision=said, ended_on=timezone.localdate())  # fmt: skip
    return row
