"""Verbs that end a result otherwise than by time: voided, voided for one side, reopened by order, decided by order."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise.models import Objection, Result, ServedResult, Verdict
from qualipolis.city.supervise.results.clocks import facts, open_objections, running_recheck
from qualipolis.city.supervise.results.steps import go, hold_again, open_when_served, organiser_of, result_locked
from qualipolis.methods.problems import InputError, Problem, msg, refuse

GROUNDS = ("process", "not_theirs", "backup_lost")
SIDES = {ServedResult.Party.FIRM.value: "seller", ServedResult.Party.PRODUCER.value: "producer"}


def sides_of(row: Result) -> list[str]:
    """Return the sides that a result stands for: the seller and, when it is another firm, the producer."""
    named = set(row.services.values_list("party", flat=True))
    return ["seller", "producer"] if ServedResult.Party.PRODUCER in named else ["seller"]


@verb("supervise.void_result", roles=roles_for("result", "void"), scope=organiser_of)
def void(actor: Any, thing: Result, reply: str, ground: str = "process") -> Result:
    """Void a result for everybody: a flaw of process, a sample that is nobody's of them, a lost backup sample."""
    return voided(actor, result_locked(thing), reply, process_flaw=ground in GROUNDS)


def voided(actor: Any, row: Result, reply: str, *, process_flaw: bool) -> Result:
    """Take the step and tell it; what follows elsewhere hears of it in the same transaction."""
    words, sides = reply.strip(), [*sides_of(row)]
    if "producer" not in sides:
        sides.append("producer")
    go(actor, row, "void", "supervise.void_result", {"reply": words}, more={"process_flaw": process_flaw},
       voided_for=sides, reversed_on=timezone.localdate(), reversal_reason=words[:2000])  # fmt: skip
    tell(actor, "supervise.result_voided", row, reason=words, sides=sides)
    return row


@verb("supervise.void_side", roles=roles_for("result", "void_side"), scope=organiser_of)
def void_for(actor: Any, thing: Result, side: str, reply: str) -> Result:
    """Void a result for one side on its open objection (the producer's: a counterfeit); it stays for the other."""
    from qualipolis.city.supervise.results.objections import uphold_flaw

    party = next((party for party, name in SIDES.items() if name == side), "")
    rows = Objection.objects.filter(result=thing, service__party=party, status="studying")
    found = rows.order_by("pk").first()
    if found is None:
        raise InputError([Problem("no_objection", msg("This side has no objection under study."), place="side")])
    uphold_flaw(actor, found, reply, side=side)
    return result_locked(thing)


def voided_for_side(actor: Any, row: Result, side: str, reply: str, *, process_flaw: bool) -> Result:
    """Void a result for one side; it goes on for the other once no objection in time is open."""
    if side not in sides_of(row) or len(sides_of(row)) < 2 or side in row.voided_for:
        what = msg("The result can be voided for one side only when seller and producer are two firms.")
        refuse([Problem("one_side", what, place="side")])
    row.voided_for, row.reversal_reason = [*row.voided_for, side], reply.strip()[:2000]
    row.save(update_fields=["voided_for", "reversal_reason"])
    if not open_objections(row):
        go(actor, row, "void_side", "supervise.void_side", {"reply": reply, "side": side},
           more={"process_flaw": process_flaw})  # fmt: skip
        open_when_served(row)
    tell(actor, "supervise.result_voided", row, reason=reply, sides=[side])
    return row


@verb("supervise.reopen_result", roles=roles_for("result", "reopen"), scope=organiser_of)
def reopen(actor: Any, thing: Result, reason: str, document_no: str) -> Result:
    """Reopen a final result because a superior authority or a court says so; what was published stays until decided."""
    row = result_locked(thing)
    go(actor, row, "reopen", "supervise.reopen_result", {"reason": reason.strip(), "document_no": document_no.strip()},
       final_on=None)  # fmt: skip
    return row


@verb("supervise.conclude_by_order", roles=roles_for("result", "uphold"), scope=organiser_of)
def conclude_by_order(actor: Any, thing: Result, verdict: str, document_no: str, reason: str = "") -> Result:
    """Write down what the superior authority or the court concluded on a reopened result."""
    row, wrong = result_locked(thing), []
    if verdict not in Verdict.values:
        wrong.append(Problem("no_verdict", msg("Say what the conclusion is."), place="verdict"))
    if running_recheck(row) is not None:
        wrong.append(Problem("under_recheck", msg("A recheck is under way; its report concludes it.")))
    refuse(wrong)
    return concluded(actor, row, verdict, document_no.strip(), reason.strip())


def concluded(actor: Any, row: Result, verdict: str, document_no: str, reason: str = "") -> Result:
    """Uphold or reverse a result; a reversal is told at once, so that everything built on it is corrected."""
    told = {"document_no": document_no} | ({"reason": reason} if reason else {})
    if verdict == row.verdict:
        go(actor, row, "uphold", "supervise.uphold_result", told)
    else:
        words = reason or document_no
        told |= {"was": row.verdict, "is": verdict}
        go(actor, row, "reverse", "supervise.reverse_result", told, verdict=verdict,
           reversed_on=timezone.localdate(), reversal_reason=words[:2000])  # fmt: skip
        tell(actor, "supervise.result_reversed", row, reason=words)
    hold_again(row)
    return row


@verb("supervise.admit_objection", roles=roles_for("result", "admit"))
def admit(actor: Any, thing: Objection, reason: str) -> Objection:
    """Admit an objection that had come in time and was registered only after the result was final."""
    row = result_locked(thing)
    more = facts(row, thing) | {"today": thing.received_on}
    go(actor, row, "admit", "supervise.admit_objection", {"reason": reason.strip(), "objection": thing.number},
       more=more, final_on=None)  # fmt: skip
    return thing
