"""Verbs of quotes: institutions that are qualified are asked, each answers line by line, none is recommended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.nqi.models import Demand, DemandLine, Quote, QuoteLine
from qualipolis.city.nqi.services.candidates import qualified
from qualipolis.city.nqi.services.demands import at_station
from qualipolis.city.nqi.services.lines import money
from qualipolis.city.nqi.services.scope import conflict, coverage, facts_of
from qualipolis.city.nqi.services.visibility import STATION, own_institutions, parties
from qualipolis.city.registry.models import Institution
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

MOST_ASKED, LONGEST_DAYS = 20, 400
RUN = System("nqi")
STILL_ASKED = ("invited", "quoted")


@verb("nqi.invite_institutions", roles=STATION, scope=parties)
def invite(actor: Any, thing: Demand, institutions: Iterable[Institution]) -> Demand:
    """Ask institutions for quotes; each must be qualified for a line today, all together for every line."""
    row = at_station(actor, thing)
    chosen, lines, today = list(dict.fromkeys(institutions)), list(row.lines.all()), timezone.localdate()
    done = {one.pk: {hit.line.pk for hit in coverage(one, row.need_type, lines, today) if hit.ok} for one in chosen}
    refuse(
        [
            None if chosen else Problem("nobody", msg("Choose at least one institution."), place="institution"),
            None if len(chosen) <= MOST_ASKED else Problem("too_many", msg("Ask at most %(most)s institutions."), "", {"most": MOST_ASKED}, "institution"),
            *(_unqualified(one) for one in chosen if not done[one.pk] and lines),
            *(_in_conflict(one) for one in chosen if conflict(row, one)),
        ]
    )  # fmt: skip
    left = [line for line in lines if not any(line.pk in found for found in done.values())]
    facts = {"free": row.free, "need_type": row.need_type, "lines": lines, "uncovered": len(left), "conflict": False}
    due = {"invited": len(chosen)}
    if row.status == "matched":
        refuse([None if not left else _unanswered(len(left))])
    else:
        move(actor, row, "match", "nqi.invite_institutions", due, facts=facts, for_good=True)
    _ask(actor, row, chosen)
    return row


def _unqualified(one: Institution) -> Problem:
    what = msg("%(institution)s is qualified for none of the lines today.")
    return Problem("out_of_scope", what, "", {"institution": one.name}, "institution")


def _in_conflict(one: Institution) -> Problem:
    what = msg(
        "%(institution)s works in a running campaign on this class of product and may not take paid work for it."
    )
    return Problem("conflict", what, "", {"institution": one.name}, "institution")


def _unanswered(count: int) -> Problem:
    return Problem("out_of_scope", msg("%(count)s items are outside the valid scope of the institution on this day."), "", {"count": count}, "institution")  # fmt: skip


def _ask(actor: Any, demand: Demand, chosen: list[Institution]) -> None:
    today = timezone.localdate()
    known = set(demand.quotes.values_list("institution", flat=True))
    for one in chosen:
        if one.pk not in known:
            Quote.objects.create(
                number=next_number("BJ", today.year), demand=demand, institution=one,
                due_on=deadline("nqi.quote", today).due,
            )  # fmt: skip


@verb("nqi.find_nobody", roles=STATION, scope=parties)
def find_nobody(actor: Any, thing: Demand, reason: str) -> Demand:
    """Say that nobody in the city can do it; refused while a qualified institution has not been asked."""
    row, said = at_station(actor, thing), reason.strip()[:2000]
    facts = {"reason": said, "candidates": len(unasked(row)) + row.quotes.filter(status__in=STILL_ASKED).count()}
    move(actor, row, "find_none", "nqi.find_nobody", facts=facts, reason=said)
    return row


def unasked(demand: Demand) -> list[Institution]:
    """Return the institutions that cover every line today, are free to do it, and have not been asked."""
    lines, today = list(demand.lines.all()), timezone.localdate()
    if not lines:
        return []
    asked = set(demand.quotes.values_list("institution", flat=True))
    found = [one for one in qualified(demand.need_type, lines, today) if one.pk not in asked]
    return [one for one in found if not conflict(demand, one)]


def of_own_institution(actor: Any, thing: Any, *related: str) -> Any:
    """Return the quote or order kept for this transaction, for the institution it is addressed to."""
    row = locked(thing, "institution", "demand__enterprise", *related)
    if SYSTEM in roles_of(actor) or own_institutions(actor).filter(pk=row.institution_id).exists():
        return row
    raise PermissionDenied(_("This belongs to another institution."))


@verb("nqi.give_quote", roles=("laboratory",), scope=parties)
def give(
    actor: Any, thing: Quote, prices: Mapping[int, Any], days: int | None, valid_until: date | None, *,
    extra: Any = None, extra_for: str = "", note: str = "", subcontractors: Mapping[int, str] | None = None,
) -> Quote:  # fmt: skip
    """Quote line by line; a line without a price is not offered. What other work costs is said beside it."""
    row = of_own_institution(actor, thing)
    offered, wrong = _priced(row, prices)
    more, bad = money(extra, "extra")
    wrong += [*bad, *_of_quote(days, valid_until, more, extra_for)]
    refuse(wrong)
    today, lines = timezone.localdate(), [line for line, _price in offered]
    total = sum((price for _line, price in offered), more or Decimal(0)) if offered else None
    facts = {
        "price": total,
        "days": days,
        "valid_until": valid_until,
        **facts_of(row.demand, row.institution, lines, today),
    }
    move(actor, row, "give", "nqi.give_quote", {"lines": len(lines), "days": days}, facts=facts, for_good=True, days=days,
         valid_until=valid_until, quoted_on=today, extra=more or Decimal(0), extra_for=extra_for.strip()[:200],
         note=note.strip()[:2000])  # fmt: skip
    row.lines.all().delete()
    by = subcontractors or {}
    QuoteLine.objects.bulk_create(
        QuoteLine(quote=row, line=line, price=price, subcontractor=str(by.get(line.pk) or "").strip()[:160])
        for line, price in offered
    )
    settle(row.demand)
    return row


def _priced(quote: Quote, prices: Mapping[int, Any]) -> tuple[list[tuple[DemandLine, Decimal]], list[Problem]]:
    offered, wrong = [], []
    for line in quote.demand.lines.all():
        price, bad = money(prices.get(line.pk), f"price-{line.pk}")
        wrong += bad
        if price is not None:
            offered.append((line, price))
    return offered, wrong


def _of_quote(days: int | None, until: date | None, more: Decimal | None, extra_for: str) -> list[Problem]:
    wrong = []
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        wrong.append(Problem("bad_days", msg("Give the working days it takes, from 1 to 400."), place="days"))
    least = deadline("nqi.quote_open", timezone.localdate()).due
    if until is not None and until < least:
        what = msg("A quote stands until %(day)s at least, so that firms can compare in peace.")
        wrong.append(Problem("too_short", what, "", {"day": least}, "valid_until"))
    if more and not extra_for.strip():
        wrong.append(Problem("no_extra", msg("Say what the other costs are for."), place="extra_for"))
    return wrong


@verb("nqi.decline_quote", roles=("laboratory",), scope=parties)
def decline(actor: Any, thing: Quote, reason: str) -> Quote:
    """Decline to quote, with the reason."""
    row, said = of_own_institution(actor, thing), reason.strip()[:400]
    move(actor, row, "decline", "nqi.decline_quote", facts={"reason": said}, for_good=True, reason=said)
    settle(row.demand)
    return row


@verb("nqi.withdraw_quote", roles=("laboratory",), scope=parties)
def withdraw(actor: Any, thing: Quote, reason: str) -> Quote:
    """Take a quote back before it was chosen."""
    row, said = of_own_institution(actor, thing), reason.strip()[:400]
    move(actor, row, "withdraw", "nqi.withdraw_quote", facts={"reason": said}, for_good=True, reason=said)
    settle(row.demand)
    return row


def settle(demand: Demand) -> None:
    """Let the demand follow its quotes: quoted while one stands, waiting for quotes while none does."""
    row = locked(demand)
    standing = row.quotes.filter(status="quoted").exists()
    if row.status == "matched" and standing:
        move(RUN, row, "quote", "nqi.quotes_in", for_good=True)
    elif row.status == "quoted" and not standing:
        move(RUN, row, "quotes_gone", "nqi.quotes_gone", for_good=True)
