"""Verbs of a demand before any order: handed in, accepted, what is needed, answered at the station, passed up, ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import own_codes, person_of, roles_of, verb, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.nqi.models import Demand, DemandLine, NeedType, ServicePoint
from qualipolis.city.nqi.services.lines import cleaned_lines, money, texts
from qualipolis.city.nqi.services.visibility import STATION, oversees, parties, served_units
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"product_name": 120, "product_class": 60, "standard": 60, "contact_name": 80, "contact_phone": 40}
OWN = ("enterprise", *STATION)


def around(thing: Enterprise | None) -> Iterable[int | None]:
    """Return the organisations that may hand in a demand of a firm: the firm itself and its stations."""
    if thing is None:
        return []
    stations = ServicePoint.objects.filter(units=thing.unit_id).values_list("organisation", flat=True)
    return [*Organisation.objects.filter(code=thing.credit_code).values_list("pk", flat=True), *stations]


def station_of(unit: Unit) -> ServicePoint | None:
    """Return the station nearest to a town: its workstation, else its area centre, else the general platform."""
    open_points = ServicePoint.objects.filter(closed_on=None)
    for level in (ServicePoint.Level.WORKSTATION, ServicePoint.Level.CENTRE):
        found = open_points.filter(level=level, units=unit).order_by("code").first()
        if found is not None:
            return found
    return open_points.filter(level=ServicePoint.Level.PLATFORM).order_by("code").first()


def at_station(actor: Any, thing: Demand) -> Demand:
    """Return the demand kept for this transaction, for a steward of its town or the platform."""
    row = locked(thing, "enterprise", "unit", "point")
    if oversees(actor) and roles_of(actor) & {"nqi_desk", "steward", SYSTEM}:
        return row
    if "steward" in roles_of(actor) and served_units(actor).filter(pk=row.unit_id).exists():
        return row
    raise PermissionDenied(_("This demand belongs to another station."))


def of_own_firm(actor: Any, thing: Demand) -> Demand:
    """Return the demand kept for this transaction, for its own firm."""
    row = locked(thing, "enterprise", "unit")
    own = own_codes(actor).filter(code=row.enterprise.credit_code).exists()
    if own or SYSTEM in roles_of(actor):
        return row
    raise PermissionDenied(_("Only the firm itself may do this."))


@verb("nqi.file_demand", roles=OWN, scope=around)
def file_demand(
    actor: Any,
    thing: Enterprise,
    text: str,
    *,
    need_type: str = "",
    free: bool = False,
    urgency: int = Demand.Urgency.MIDDLE,
    budget: Any = None,
    lines: Iterable[Mapping[str, Any]] = (),
    case: Any = None,
    prescribed: Any = None,
    **given: Any,
) -> Demand:
    """Hand in a demand in the firm's own words; everything else may be left to the steward."""
    said, (named, wrong), (sum_, bad) = text.strip()[:4000], cleaned_lines(lines), money(budget, "budget")
    refuse(
        [
            None if said else Problem("no_text", msg("Say in a few words what you need."), place="text"),
            Problem("no_type", msg("Choose the kind of need."), place="need_type") if need_type and need_type not in NeedType.values else None,
            None if urgency in Demand.Urgency.values else Problem("no_urgency", msg("Say how urgent it is."), place="urgency"),
            *wrong, *bad, *_foreign(actor, thing, case, prescribed),
        ]
    )  # fmt: skip
    today = timezone.localdate()
    made = Demand.objects.create(
        number=next_number("XQ", today.year), enterprise=thing, unit=thing.unit, point=station_of(thing.unit), text=said,
        need_type=need_type, free=bool(free), urgency=urgency, budget=sum_, case=case, prescribed=prescribed,
        made_by=person_of(actor), due_on=deadline("nqi.acceptance", today).due, synthetic=thing.synthetic, **texts(given, TEXTS),
    )  # fmt: skip
    write_lines(made, named)
    record(actor, "nqi.file_demand", made, {"of": str(made), "lines": len(named)})
    return made


def _foreign(actor: Any, firm: Enterprise, case: Any, prescribed: Any) -> list[Problem]:
    """Return what is wrong with a case or a prescribed item that a demand names."""
    if case is None and prescribed is None:
        return []
    of = case if case is not None else prescribed.case
    own = of.enterprise_id == firm.pk and (prescribed is None or prescribed.case_id == of.pk)
    if own and visible(actor, type(of).objects.filter(pk=of.pk)).exists():
        return []
    return [Problem("other_case", msg("This case belongs to another firm."), place="case")]


def write_lines(demand: Demand, named: list[dict[str, Any]]) -> None:
    """Put the lines of a demand in the place of those before."""
    demand.lines.all().delete()
    DemandLine.objects.bulk_create(
        DemandLine(demand=demand, position=position, **one) for position, one in enumerate(named, 1)
    )


@verb("nqi.accept_demand", roles=STATION, scope=parties)
def accept(actor: Any, thing: Demand) -> Demand:
    """Accept a demand; who accepts it serves the firm from here on."""
    row = at_station(actor, thing)
    move(actor, row, "accept", "nqi.accept_demand", officer=person_of(actor), accepted_on=timezone.localdate())
    return row


@verb("nqi.reject_demand", roles=STATION, scope=parties)
def reject(actor: Any, thing: Demand, reason_code: str, reason: str) -> Demand:
    """Reject a demand with its reason: a judicial appraisal lies outside the platform."""
    row, said = at_station(actor, thing), reason.strip()[:2000]
    known = reason_code in Demand.Refusal.values
    refuse([None if known else Problem("unknown_ground", msg("Choose the reason."), place="reason_code")])
    move(actor, row, "reject", "nqi.reject_demand", {"reason_code": reason_code}, facts={"reason": said},
         reason_code=reason_code, reason=said, ended_on=timezone.localdate())  # fmt: skip
    return row


@verb("nqi.withdraw_demand", roles=("enterprise",), scope=parties)
def withdraw(actor: Any, thing: Demand, reason: str) -> Demand:
    """Withdraw a demand before anything was ordered; those asked for quotes are told that none is needed."""
    row, said = of_own_firm(actor, thing), reason.strip()[:2000]
    move(actor, row, "withdraw", "nqi.withdraw_demand", facts={"reason": said}, for_good=True, reason=said,
         ended_on=timezone.localdate())  # fmt: skip
    recall_quotes(actor, row)
    return row


def recall_quotes(actor: Any, demand: Demand) -> None:
    """Tell every institution whose quote is open that it is no longer needed."""
    for quote in demand.quotes.filter(status__in=("invited", "quoted", "lapsed", "expired")).order_by("pk"):
        move(actor, locked(quote), "recall", "nqi.recall_quote", for_good=True)


@verb("nqi.triage_demand", roles=STATION, scope=parties)
def triage(
    actor: Any, thing: Demand, need_type: str, *, free: bool = False, product_class: str = "",
    lines: Iterable[Mapping[str, Any]] | None = None,
) -> Demand:  # fmt: skip
    """Say what is needed: the kind, whether it is free, and line by line product, item and standard."""
    row = at_station(actor, thing)
    named, wrong = cleaned_lines(lines or ())
    kind = need_type if need_type in NeedType.values else ""
    refuse(wrong)
    move(actor, row, "triage", "nqi.triage_demand", {"need_type": kind, "lines": len(named)}, for_good=True,
         need_type=kind, free=bool(free), product_class=product_class.strip()[:60] or row.product_class)  # fmt: skip
    if lines is not None:
        write_lines(row, named)
    return row


@verb("nqi.answer_demand", roles=STATION, scope=parties)
def answer(actor: Any, thing: Demand, report: str) -> Demand:
    """Answer at the station: query, advice and printing cost nothing and are never ordered."""
    row, said = at_station(actor, thing), report.strip()[:4000]
    move(actor, row, "answer", "nqi.answer_demand", facts={"report": said, "free": row.free}, answer=said,
         outcome=Demand.Outcome.ANSWERED)  # fmt: skip
    return row


@verb("nqi.escalate_demand", roles=STATION, scope=parties)
def escalate(actor: Any, thing: Demand) -> Demand:
    """Pass a demand that nobody was found for to the general platform."""
    row = at_station(actor, thing)
    platform = ServicePoint.objects.filter(level=ServicePoint.Level.PLATFORM, closed_on=None).order_by("code").first()
    move(actor, row, "escalate", "nqi.escalate_demand", point=platform or row.point)
    return row


@verb("nqi.refer_outside", roles=("nqi_desk",))
def refer_outside(actor: Any, thing: Demand, authority: str, reason: str) -> Demand:
    """Name an institution outside the city; the platform vouches for nothing there."""
    row, name = at_station(actor, thing), authority.strip()[:160]
    told = {"authority": name, "reason": reason.strip()}
    move(actor, row, "refer_outside", "nqi.refer_outside", facts=told, for_good=True, outside=name,
         reason=told["reason"][:2000], outcome=Demand.Outcome.OUTSIDE, ended_on=timezone.localdate())  # fmt: skip
    recall_quotes(actor, row)
    return row


@verb("nqi.close_demand_with_gap", roles=("nqi_desk",))
def close_with_gap(actor: Any, thing: Demand, gap: str, reason: str) -> Demand:
    """End a demand that nobody can serve with the number of the gap recorded for planning."""
    row, number = at_station(actor, thing), gap.strip()[:24]
    facts = {"gap": number, "reason": reason.strip()}
    move(actor, row, "record_gap", "nqi.close_demand_with_gap", {"gap": number}, facts=facts, for_good=True, gap=number,
         reason=facts["reason"][:2000], outcome=Demand.Outcome.GAP, ended_on=timezone.localdate())  # fmt: skip
    recall_quotes(actor, row)
    return row


@verb("nqi.close_demand", roles=STATION, scope=parties)
def close(actor: Any, thing: Demand) -> Demand:
    """Close an evaluated demand."""
    row = at_station(actor, thing)
    move(actor, row, "close", "nqi.close_demand", ended_on=timezone.localdate())
    return row
