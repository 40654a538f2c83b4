"""Verbs of an objection (异议): made by a party or registered from its letter, always answered, in time or late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Event
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise.models import Objection, Recheck, Result, ServedResult
from qualipolis.city.supervise.results.clocks import (
    OPEN,
    answer_by,
    facts,
    open_objections,
    running_recheck,
    window_until,
)
from qualipolis.city.supervise.results.ends import voided, voided_for_side
from qualipolis.city.supervise.results.steps import (
    RELATED,
    day_given,
    firm_or_organiser,
    go,
    keep_files,
    on_file,
    organiser_of,
    result_locked,
    resume,
)
from qualipolis.methods.problems import Problem, msg, refuse

FLOW, SERIES = "objection", "YY"
ORGANISERS = roles_for(FLOW, "accept")
MOVES_RESULT = ("notified", "objection_window", "under_objection", "upheld", "reversed")
MOST_FILES = 8
REMEDIES = msg(
    "Whoever does not accept this may apply for administrative reconsideration or bring an action before the people's "
    "court within the terms of law."
)
GIVEN_UP = msg("the objection %(number)s was withdrawn")


@verb("supervise.object", roles=("enterprise", *ORGANISERS), scope=firm_or_organiser)
def object_to(
    actor: Any,
    thing: ServedResult,
    words: str,
    kind: str = "",
    received_on: date | None = None,
    files: Iterable[Any] = (),
    document_no: str = "",
) -> Objection:
    """Object in writing, as the party itself today, or register its letter with the day on which it was received.

    In time, the result stands still until it is answered. A late one is registered all the same and holds nothing up.
    """
    row = result_locked(thing)
    party = ServedResult.objects.select_related("enterprise", "result").get(pk=thing.pk)
    party.result = row
    day = day_given(actor, row, received_on)
    kept = [file for file in files if file]
    refuse(_wrong(row, party, words, kind, day, len(kept)))
    late = day > window_until(party) if window_until(party) else False
    if not late and row.status in MOVES_RESULT:
        more = {"window_until": window_until(party), "today": day}
        told = {"reason": words.strip()[:400], "party": party.party, "received_on": day}
        go(actor, row, "object", "supervise.object_to_result", told, more=more, start=day)
    made = Objection.objects.create(
        result=row,
        service=party,
        number=next_number(SERIES, day.year),
        kind=kind,
        words=words.strip(),
        received_on=day,
        document_no=document_no.strip()[:80],
        due_on=answer_by(kind, row, day),
        made_by=person_of(actor),
    )
    names = [one.name for one in keep_files(actor, made, kept)]
    said = {"of": made.number, "result": row.number, "party": party.party, "kind": kind, "late": bool(late)}
    record(actor, "supervise.object", made, said | {"received_on": day, "files": names})
    return made


def _wrong(row: Result, party: ServedResult, words: str, kind: str, day: date, files: int) -> list[Problem]:
    found = not_ahead(day, "received_on", party.served_on)
    if not words.strip() or len(words.strip()) > 4000:
        found.append(Problem("no_words", msg("Write the objection, in at most 4000 characters."), place="words"))
    if kind and kind not in Objection.Kind.values:
        what = msg("Say whether the process or the conclusion is objected to.")
        found.append(Problem("bad_kind", what, place="kind"))
    if files > MOST_FILES:
        what = msg("Hand in at most %(n)s files.")
        found.append(Problem("too_many_files", what, params={"n": MOST_FILES}, place="files"))
    if row.status == "voided":
        found.append(Problem("voided", msg("This result was voided; there is nothing left to object to.")))
    if window_until(party) is None:
        found.append(Problem("not_served", msg("The result has not been served with proof yet.")))
    if Objection.objects.filter(service=party, status__in=OPEN).exists():
        what = msg("This party has an open objection already; it is answered first.")
        found.append(Problem("open_objection", what))
    return found


@verb("supervise.accept_objection", roles=ORGANISERS, scope=organiser_of)
def accept(actor: Any, thing: Objection, kind: str = "") -> Objection:
    """Accept an objection in time, and say what it is about: the process, or the conclusion of the test."""
    row = objection_locked(thing)
    chosen = kind or row.kind
    known = _facts(row) | {"objection_kind": chosen, "today": row.received_on}
    move(actor, row, "accept", "supervise.accept_objection", {"kind": chosen}, facts=known, start=row.received_on,
         kind=chosen)  # fmt: skip
    row.due_on = answer_by(chosen, row.result, row.received_on)
    row.save(update_fields=["due_on"])
    return row


@verb("supervise.reject_late_objection", roles=ORGANISERS, scope=organiser_of)
def reject_late(actor: Any, thing: Objection, reply: str) -> Objection:
    """Refuse an objection that came late; the reply always names the remedies that are left."""
    row = objection_locked(thing)
    words = reply.strip()
    told = {"reply": f"{words}\n{on_file(REMEDIES)}" if words else ""}
    _close(actor, row, "reject_late", "supervise.reject_late_objection", told, {"today": row.received_on})
    return row


@verb("supervise.dismiss_objection", roles=ORGANISERS, scope=organiser_of)
def dismiss(actor: Any, thing: Objection, reply: str) -> Objection:
    """Dismiss an objection after study, with its reply; the result goes on."""
    row = objection_locked(thing)
    _close(actor, row, "dismiss", "supervise.dismiss_objection", {"reply": reply.strip()})
    resume(actor, row.result, "supervise.go_on", "dismiss", reply)
    return row


@verb("supervise.uphold_flaw", roles=roles_for(FLOW, "uphold_flaw"), scope=organiser_of)
def uphold_flaw(actor: Any, thing: Objection, reply: str, side: str = "") -> Objection:
    """Grant an objection: the process was flawed, the sample is not theirs, or the backup sample was lost.

    With ``side`` ("producer" for a counterfeit) the result is voided for that side only and stays for the other.
    """
    row = objection_locked(thing)
    known = _facts(row)
    _close(
        actor, row, "uphold_flaw", "supervise.uphold_flaw", {"reply": reply.strip()} | ({"side": side} if side else {})
    )
    result = row.result
    if result.status not in ("under_objection", "under_recheck"):
        return row
    if side:
        voided_for_side(actor, result, side, reply, process_flaw=bool(known["process_flaw"]))
    else:
        voided(actor, result, reply, process_flaw=bool(known["process_flaw"]))
    return row


@verb("supervise.order_recheck", roles=ORGANISERS, scope=organiser_of)
def order_recheck(actor: Any, thing: Objection, document_no: str) -> Recheck:
    """Order a recheck on the backup sample by another laboratory; for food this registers the application."""
    row = objection_locked(thing)
    result, said = row.result, {"document_no": document_no.strip()[:80]}
    if running_recheck(result) is not None:
        what = msg("A recheck is under way already; its conclusion answers this objection too.")
        refuse([Problem("recheck_running", what)])
    known = _facts(row)
    move(actor, row, "order_recheck", "supervise.order_recheck", said, facts=known)
    go(actor, result, "order_recheck", "supervise.put_under_recheck", said, more=known)
    food = result.flow_code == "food_result"
    made = Recheck.objects.create(
        result=result,
        objection=row,
        number=next_number("FJ", timezone.localdate().year),
        status="applied" if food else "ordered",
        document_no=said["document_no"],
        due_on=answer_by("conclusion", result, row.received_on) if food else None,
    )
    record(actor, "supervise.open_recheck", made, {"of": made.number, "result": result.number} | said)
    tell(actor, "supervise.recheck_moved", made)
    return made


@verb("supervise.answer_objection", roles=roles_for(FLOW, "answer"), scope=organiser_of)
def answer(actor: Any, thing: Objection, reply: str) -> Objection:
    """Answer with the outcome of the recheck, where that was not said by itself."""
    row = objection_locked(thing)
    _close(actor, row, "answer", "supervise.answer_objection", {"reply": reply.strip()})
    return row


@verb("supervise.withdraw_objection", roles=roles_for(FLOW, "withdraw"), scope=firm_or_organiser)
def withdraw(actor: Any, thing: Objection, reason: str) -> Objection:
    """Withdraw an objection in writing; a recheck that no laboratory has been named for ends with it."""
    from qualipolis.city.supervise.results.rechecks import given_up

    row = objection_locked(thing)
    told = {"reason": reason.strip()[:2000]}
    recheck = Recheck.objects.filter(objection=row, status__in=("ordered", "applied", "ready")).first()
    if recheck is None and running_recheck(row.result) is not None and row.status == "recheck_ordered":
        what = msg("The backup sample is with the laboratory; the recheck is brought to its end.")
        refuse([Problem("recheck_running", what)])
    move(actor, row, "withdraw", "supervise.withdraw_objection", told, facts=_facts(row))
    row.due_on = None
    row.save(update_fields=["due_on"])
    words = on_file(GIVEN_UP, number=row.number)
    if recheck is not None:
        given_up(actor, recheck, told["reason"], words)
    else:
        _without(row, words)
    return row


def _without(row: Objection, words: str) -> None:
    """A withdrawn objection leaves the result to the others; that is nobody's decision."""
    from qualipolis.city.supervise.results.steps import SYSTEM

    resume(SYSTEM, row.result, "supervise.go_on", "dismiss", words)


def objection_locked(thing: Objection) -> Objection:
    """Return an objection with its result, both kept for this transaction."""
    row = locked(thing, "service__enterprise")
    row.result = locked(row.result, *RELATED)
    row.service.result = row.result
    return row


def _facts(row: Objection) -> dict[str, Any]:
    return facts(row.result, row)


def _close(
    actor: Any,
    row: Objection,
    step: str,
    name: str,
    told: Mapping[str, Any],
    more: Mapping[str, Any] | None = None,
) -> Event:
    """Take the step that answers an objection, with its reply and its day."""
    today = timezone.localdate()
    known = _facts(row) | dict(more or {})
    return move(actor, row, step, name, told, facts=known, reply=str(told.get("reply", ""))[:4000], replied_on=today)


def answered(actor: Any, row: Objection, reply: str) -> None:
    """Answer the objection behind a recheck with its outcome, where it still waits for it."""
    found = objection_locked(row)
    if found.status == "recheck_ordered":
        _close(actor, found, "answer", "supervise.answer_objection", {"reply": reply})


__all__ = ["accept", "answer", "dismiss", "object_to", "open_objections", "order_recheck", "reject_late",
           "uphold_flaw", "withdraw"]  # fmt: skip
