"""What a case can be marked with beside its way: a restart, a penalty case, the cause found, a follow-up sample."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import given_day
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.undo import fields_of, reversible
from qualipolis.city.supervise.aftermath.handling import FLOW, case_locked, said
from qualipolis.city.supervise.aftermath.models import HandlingCase, Restart
from qualipolis.city.supervise.aftermath.scope import handlers_of_case
from qualipolis.law.flows.handling import RUNNING
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import InputError, Problem, msg, refuse

HANDLER = roles_for(FLOW, "order")
UNDER_ORDER = tuple(state for state in RUNNING if state not in ("transferred", "ordered"))


def fine_cap(day: date) -> Decimal:
    """Return the highest fine where no other law fits, by the rule in force on ``day``, in CNY."""
    return Decimal(str(rule_on("supervision.fine_cap", day).value))


def _restart_scope(thing: Restart) -> Any:
    return handlers_of_case(thing.case)


def _within_cap(fine: Decimal | None, day: date) -> None:
    if fine is None:
        return
    if not fine.is_finite() or fine <= 0 or fine > fine_cap(day):
        what = msg("The fine lies above 0 and at most at %(cap)s CNY where no other law fits.")
        raise InputError([Problem("fine", what, params={"cap": int(fine_cap(day))}, place="fine")])


@verb("supervise.note_restart", roles=HANDLER, scope=handlers_of_case)
def note_restart(actor: Any, thing: HandlingCase, seen_on: date, words: str, fine: Decimal | None = None) -> Restart:
    """Note that the firm made or sold the product again before it passed: a violation, no change of state."""
    row = case_locked(thing)
    if row.flow_code != FLOW or row.status not in UNDER_ORDER:
        what = msg("A restart is noted between the service of the order and the passed review.")
        raise InputError([Problem("not_under_order", what)])
    if not words.strip():
        raise InputError([Problem("no_words", msg("Write what was seen."), place="words")])
    refuse(given_day(seen_on, "seen_on", row.order_served_on))
    _within_cap(fine, seen_on)
    who = person_of(actor)
    made = Restart.objects.create(case=row, seen_on=seen_on, words=words.strip()[:2000], fine=fine, noted_by=who)
    record(actor, "supervise.note_restart", row, {"of": row.number, "on": seen_on, "fine": fine, "words": made.words})
    return made


@verb("supervise.fine_restart", roles=HANDLER, scope=_restart_scope)
def fine_restart(actor: Any, thing: Restart, fine: Decimal) -> Restart:
    """Set the fine for a restart, once, within the cap of the rules on the day it was seen."""
    row = Restart.objects.select_for_update(of=("self",)).select_related("case").get(pk=thing.pk)
    if row.fine is not None:
        raise InputError([Problem("fined", msg("The fine was set already."))])
    _within_cap(fine, row.seen_on)
    row.fine = fine
    row.save(update_fields=["fine"])
    record(actor, "supervise.fine_restart", row.case, {"of": row.case.number, "on": row.seen_on, "fine": fine})
    return row


@verb("supervise.open_penalty_case", roles=HANDLER, scope=handlers_of_case)
def open_penalty_case(actor: Any, thing: HandlingCase, reason: str) -> HandlingCase:
    """Record a serious quality problem: a penalty case under chapter 5 is opened beside the correction."""
    told = said(reason=reason)
    return _marked(actor, thing, "supervise.open_penalty_case", told, "reason", serious=True)


@verb("supervise.write_cause", roles=HANDLER, scope=handlers_of_case)
def write_cause(actor: Any, thing: HandlingCase, cause: str) -> HandlingCase:
    """Write the cause that was found; it tells later where a trade can be helped."""
    told = said(cause=cause)
    return _marked(actor, thing, "supervise.write_cause", told, "cause", cause=told["cause"])


@verb("supervise.ask_follow_up", roles=HANDLER, scope=handlers_of_case)
def ask_follow_up(actor: Any, thing: HandlingCase, reason: str) -> HandlingCase:
    """Ask for a follow-up sample of the failed product; who plans the campaigns makes the task."""
    told, today = said(reason=reason), timezone.localdate()
    row = _marked(actor, thing, "supervise.ask_follow_up", told, "reason", follow_up_on=today)
    tell(actor, "supervise.follow_up_wanted", row, reason=told["reason"])
    return row


def _marked(
    actor: Any, thing: HandlingCase, name: str, told: dict[str, str], needed: str, **changes: Any
) -> HandlingCase:
    row = case_locked(thing)
    wrong = []
    if not told[needed]:
        wrong.append(Problem("no_words", msg("Write what was found, and why."), place=needed))
    if row.status == "cancelled":
        wrong.append(Problem("cancelled", msg("The case was cancelled; nothing is added to it.")))
    if wrong:
        raise InputError(wrong)
    before = fields_of(row, *changes)
    for field, value in changes.items():
        setattr(row, field, value)
    row.save(update_fields=list(changes))
    event = record(actor, name, row, {"of": row.number} | told)
    if "follow_up_on" not in changes:  # others were told of that
        reversible(event, actor, row, before, *changes)
    return row
