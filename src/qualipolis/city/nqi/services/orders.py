"""Verbs of orders: placed within a valid scope, confirmed, begun on a sample, blocked when a certificate lapses, moved on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.nqi.models import Demand, DemandLine, NeedType, Order, Quote, ServiceSample
from qualipolis.city.nqi.services.demands import of_own_firm
from qualipolis.city.nqi.services.following import follow
from qualipolis.city.nqi.services.quotes import RUN, of_own_institution
from qualipolis.city.nqi.services.scope import coverage, facts_of, uncovered
from qualipolis.city.nqi.services.visibility import own_institutions, parties
from qualipolis.law.calendar import add_days
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

ON_SAMPLES = (NeedType.TESTING, NeedType.METROLOGY)
RUNNING = ("placed", "confirmed", "in_service", "reported", "blocked")


@verb("nqi.place_order", roles=("enterprise",), scope=parties)
def place(
    actor: Any, thing: Demand, quotes: Mapping[Quote, list[DemandLine]], *, subcontracting: bool = False
) -> list[Order]:
    """Order lines from quotes: one order for each institution, each within its valid scope today.

    ``quotes`` maps a quote to the lines wanted from it; an empty list stands for all that it offers.
    """
    row = of_own_firm(actor, thing)
    chosen = {quote: _wanted(quote, lines) for quote, lines in quotes.items()}
    refuse([*_choice(row, chosen), *_subcontracting(chosen, subcontracting)])
    today = timezone.localdate()
    for quote, lines in chosen.items():
        _choose(actor, row, quote, lines)
    facts = {"uncovered": 0, "conflict": False, "valid_until": today}  # each was held against its own facts just now
    move(actor, row, "order", "nqi.place_order", {"orders": len(chosen)}, facts=facts, for_good=True)
    made = [_order(actor, row, quote, lines, subcontracting) for quote, lines in chosen.items()]
    for order in made:
        tell(actor, "nqi.demand_ordered", order)
    return made


def _wanted(quote: Quote, lines: list[DemandLine]) -> list[DemandLine]:
    offered = [one.line for one in quote.lines.select_related("line")]
    return lines or offered


def _choice(demand: Demand, chosen: Mapping[Quote, list[DemandLine]]) -> list[Problem]:
    """Return what is wrong with a choice of quotes: of another demand, lines not offered, a line ordered twice."""
    if not chosen:
        return [Problem("no_quote", msg("Choose a quote."), place="quote")]
    wrong, seen = [], set()
    for quote, lines in chosen.items():
        offered = set(quote.lines.values_list("line", flat=True))
        if quote.demand_id != demand.pk or not lines or any(line.pk not in offered for line in lines):
            wrong.append(
                Problem(
                    "not_offered", msg("A line is ordered from an institution that does not offer it."), place="quote"
                )
            )
        if seen & {line.pk for line in lines}:
            wrong.append(Problem("twice", msg("A line is ordered twice."), place="quote"))
        seen |= {line.pk for line in lines}
    return wrong


def _subcontracting(chosen: Mapping[Quote, list[DemandLine]], agreed: bool) -> list[Problem]:
    passed_on = any(
        quote.lines.filter(line__in=lines).exclude(subcontractor="").exists() for quote, lines in chosen.items()
    )
    if not passed_on or agreed:
        return []
    what = msg("Part of the work is done by another body: say that you agree, or order it elsewhere.")
    return [Problem("no_consent", what, place="subcontracting")]


def _choose(actor: Any, demand: Demand, quote: Quote, lines: list[DemandLine]) -> None:
    row = locked(quote, "institution")
    facts = facts_of(demand, row.institution, lines, timezone.localdate()) | {"valid_until": row.valid_until}
    move(actor, row, "choose", "nqi.choose_quote", facts=facts, for_good=True)


def _order(
    actor: Any,
    demand: Demand,
    quote: Quote,
    lines: list[DemandLine],
    subcontracting: bool,
    replaces: Order | None = None,
) -> Order:
    today, priced = timezone.localdate(), quote.lines.filter(line__in=lines)
    covered = coverage(quote.institution, demand.need_type, lines, today)
    made = Order.objects.create(
        number=next_number("WT", today.year), demand=demand, quote=quote, institution=quote.institution, placed_by=person_of(actor),
        price=sum((one.price for one in priced), quote.extra or Decimal(0)), days=quote.days or 1, subcontracting=subcontracting,
        certificates={str(one.line.position): one.certificate for one in covered if one.certificate},
        needs_sample=demand.need_type in ON_SAMPLES, due_on=deadline("nqi.confirmation", today).due, replaces=replaces,
    )  # fmt: skip
    made.lines.set(lines)
    record(actor, "nqi.open_order", made, {"of": str(demand), "lines": len(lines), "price": str(made.price)})
    return made


def facts_today(order: Order) -> dict[str, Any]:
    """Return what the guards read of an order today: lines no longer covered, a campaign that forbids it, its sample."""
    found = facts_of(order.demand, order.institution, order.lines.all(), timezone.localdate())
    return found | {
        "needs_sample": order.needs_sample, "samples": order.samples.count(), "begun": order.begun_on is not None,
    }  # fmt: skip


@verb("nqi.confirm_order", roles=("laboratory",), scope=parties)
def confirm(actor: Any, thing: Order) -> Order:
    """Confirm an order: from here on the agreement binds both."""
    row = of_own_institution(actor, thing)
    move(
        actor,
        row,
        "confirm",
        "nqi.confirm_order",
        facts=facts_today(row),
        for_good=True,
        confirmed_on=timezone.localdate(),
    )
    return row


@verb("nqi.refuse_order", roles=("laboratory",), scope=parties)
def turn_down(actor: Any, thing: Order, reason: str) -> Order:
    """Refuse an order, with the reason; the firm chooses again among the quotes that stand."""
    row, said = of_own_institution(actor, thing), reason.strip()[:400]
    move(actor, row, "refuse", "nqi.refuse_order", facts={"reason": said}, for_good=True, reason=said,
         ended_on=timezone.localdate())  # fmt: skip
    move(RUN, locked(row.quote), "drop", "nqi.drop_quote", for_good=True)
    follow(row.demand)
    return row


@verb("nqi.cancel_order", roles=("enterprise",), scope=parties)
def cancel(actor: Any, thing: Order, reason: str) -> Order:
    """Cancel an order before the work begins, or one that is blocked; the quote stands again while it is open."""
    row, said, blocked = _of_firm(actor, thing), reason.strip()[:400], thing.status == "blocked"
    move(actor, row, "cancel", "nqi.cancel_order", facts={"reason": said}, for_good=True, reason=said,
         ended_on=timezone.localdate())  # fmt: skip
    step, name = ("drop", "nqi.drop_quote") if blocked else ("release", "nqi.release_quote")
    move(RUN, locked(row.quote), step, name, for_good=True)
    follow(row.demand)
    return row


def _of_firm(actor: Any, thing: Order) -> Order:
    row = locked(thing, "institution", "demand__enterprise", "quote")
    of_own_firm(actor, row.demand)
    return row


@verb("nqi.receive_sample", roles=("laboratory",), scope=parties)
def receive_sample(
    actor: Any, thing: Order, name: str, quantity: str, condition: str, *, mark: str = "", afterwards: str = "return"
) -> ServiceSample:
    """Record a sample that was handed over; its receipt can be printed."""
    row = of_own_institution(actor, thing)
    values = {"name": name.strip()[:120], "quantity": quantity.strip()[:60], "condition": condition.strip()[:200]}
    words = {"name": msg("Name the sample."), "quantity": msg("Say how much was handed over."), "condition": msg("Say in what condition it came.")}  # fmt: skip
    in_time = row.status in ("confirmed", "in_service")
    refuse(
        [
            None if in_time else Problem("wrong_state", msg("Samples are received after the order was confirmed.")),
            *(Problem(f"no_{key}", words[key], place=key) for key, said in values.items() if not said),
            None if afterwards in ServiceSample.Afterwards.values else Problem("bad_choice", msg("Say what becomes of the sample."), place="afterwards"),
        ]
    )  # fmt: skip
    made = ServiceSample.objects.create(
        order=row, number=next_number("YP", timezone.localdate().year), mark=mark.strip()[:160], afterwards=afterwards,
        received_by=person_of(actor), **values,
    )  # fmt: skip
    record(actor, "nqi.receive_sample", made, {"of": str(row), "number": made.number})
    return made


@verb("nqi.begin_order", roles=("laboratory",), scope=parties)
def begin(actor: Any, thing: Order) -> Order:
    """Begin the work; the days that were promised count from here."""
    row, today = of_own_institution(actor, thing), timezone.localdate()
    promised = add_days(today, row.days, "working").due
    move(
        actor,
        row,
        "begin",
        "nqi.begin_order",
        facts=facts_today(row),
        for_good=True,
        begun_on=today,
        promised_on=promised,
    )
    row.due_on = promised
    row.save(update_fields=["due_on"])
    follow(row.demand)
    return row


@verb("nqi.block_order", roles=("laboratory", "nqi_desk"), scope=parties)
def block(actor: Any, thing: Order) -> Order:
    """Block an order whose certificate no longer covers a line: nothing is issued, and the firm may order elsewhere."""
    row = locked(thing, "institution", "demand__enterprise")
    mine = own_institutions(actor).filter(pk=row.institution_id).exists()
    if not mine and not roles_of(actor) & {"nqi_desk", SYSTEM}:
        raise PermissionDenied(_("This belongs to another institution."))
    today = timezone.localdate()
    lost = [line.position for line in uncovered(row.institution, row.demand.need_type, row.lines.all(), today)]
    move(actor, row, "block", "nqi.block_order", {"lines": len(lost)}, facts={"uncovered": len(lost)}, for_good=True,
         blocked_on=today, blocked_for=lost)  # fmt: skip
    tell(actor, "nqi.order_blocked", row)
    return row


@verb("nqi.resume_order", roles=("laboratory",), scope=parties)
def resume(actor: Any, thing: Order) -> Order:
    """Go on with a blocked order when the certificate covers every line again."""
    row = of_own_institution(actor, thing)
    facts = facts_today(row)
    step = "resume" if row.begun_on else "resume_early"
    move(actor, row, step, "nqi.resume_order", facts=facts, for_good=True, blocked_for=[])
    return row


@verb("nqi.reassign_order", roles=("enterprise",), scope=parties)
def reassign(actor: Any, thing: Order, quote: Quote, *, subcontracting: bool = False) -> Order:
    """Order the lines of a blocked order from another institution whose quote still stands."""
    row = _of_firm(actor, thing)
    lines, other = list(row.lines.all()), locked(quote, "institution")
    chosen = {other: lines}
    refuse([*_choice(row.demand, chosen), *_subcontracting(chosen, subcontracting)])
    facts = facts_of(row.demand, other.institution, lines, timezone.localdate()) | {"valid_until": other.valid_until}
    move(actor, row, "reassign", "nqi.reassign_order", {"to": str(other)}, facts=facts, for_good=True,
         ended_on=timezone.localdate())  # fmt: skip
    move(RUN, locked(row.quote), "drop", "nqi.drop_quote", for_good=True)
    _choose(actor, row.demand, other, lines)
    made = _order(actor, row.demand, other, lines, subcontracting, row)
    tell(actor, "nqi.demand_ordered", made)
    return made
