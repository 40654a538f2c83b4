"""Verbs of a transfer (移送): a failed result is told to the authority of the labelled producer's area."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import given_day
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.supervise.aftermath.handling import said
from qualipolis.city.supervise.aftermath.models import AreaTransfer
from qualipolis.city.supervise.aftermath.opening import FOLLOW, REVERSED
from qualipolis.city.supervise.aftermath.scope import official, organiser_of
from qualipolis.city.supervise.results.models import Result
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import refuse

FLOW = "area_transfer"


def _locked(thing: AreaTransfer) -> AreaTransfer:
    return locked(thing, "result__sample__task__campaign__rule", "result__sample__task__form")


def stands_against_producer(result: Result) -> bool:
    """Whether the failure stands against the labelled producer."""
    return result.verdict == "fail" and result.status != "voided" and "producer" not in result.voided_for


def transfer_facts(row: AreaTransfer) -> dict[str, Any]:
    """Return what the guards of a transfer read."""
    stands = stands_against_producer(row.result)
    return {"failed": stands and row.result.status == "final", "reversed": not stands}


@subscriber("supervise.result_final")
def prepare_transfer(actor: Any, result: Result, **_facts: Any) -> AreaTransfer | None:
    """Prepare the transfer of a final failure whose labelled producer is in another area, once."""
    row = Result.objects.get(pk=result.pk)
    if not row.producer_elsewhere or not stands_against_producer(row) or row.transfers.exists():
        return None
    begun = row.final_on or timezone.localdate()
    due = deadline("supervision.area_transfer", begun).due
    made = AreaTransfer.objects.create(result=row, number=next_number("YS", begun.year), due_on=due)
    record(FOLLOW, "supervise.prepare_transfer", made, {"of": made.number, "result": row.number, "due_on": due})
    return made


@verb("supervise.send_transfer", roles=roles_for(FLOW, "send"), scope=organiser_of)
def send_transfer(
    actor: Any, thing: AreaTransfer, authority: str, document_no: str, sent_on: date | None = None
) -> AreaTransfer:
    """Tell the authority of the producer's area."""
    row, told, day = _locked(thing), said(authority=authority, document_no=document_no), sent_on or timezone.localdate()
    refuse(given_day(day, "sent_on", row.result.final_on))
    _step(actor, row, "send", "supervise.send_transfer", told | {"on": day}, sent_on=day, **told)
    return row


@verb("supervise.acknowledge_transfer", roles=roles_for(FLOW, "acknowledge"), scope=organiser_of)
def acknowledge_transfer(actor: Any, thing: AreaTransfer, document_no: str) -> AreaTransfer:
    """Record their receipt."""
    told = said(document_no=document_no)
    return _step(actor, _locked(thing), "acknowledge", "supervise.acknowledge_transfer", told,
                 received_no=told["document_no"])  # fmt: skip


@verb("supervise.bounce_transfer", roles=roles_for(FLOW, "bounce"), scope=organiser_of)
def bounce_transfer(actor: Any, thing: AreaTransfer, reason: str) -> AreaTransfer:
    """Record that it is not their area; another authority is looked for within the term."""
    told = said(reason=reason)
    due = deadline("supervision.area_transfer", timezone.localdate()).due
    return _step(actor, _locked(thing), "bounce", "supervise.bounce_transfer", told, due_on=due, **told)


@verb("supervise.recall_transfer", roles=roles_for(FLOW, "recall"), scope=organiser_of)
def recall_transfer(actor: Any, thing: AreaTransfer, reason: str) -> AreaTransfer:
    """Take the transfer back: the result no longer stands against the producer."""
    told = said(reason=reason)
    return _step(actor, _locked(thing), "recall", "supervise.recall_transfer", told, **told)


@verb("supervise.close_transfer", roles=roles_for(FLOW, "close"), scope=organiser_of)
def close_transfer(actor: Any, thing: AreaTransfer, answer: str = "") -> AreaTransfer:
    """Record what they did; without an answer it says so."""
    answer = answer.strip()[:4000]
    return _step(actor, _locked(thing), "close", "supervise.close_transfer", {"answer": answer}, answer=answer)


def _step(
    actor: Any, row: AreaTransfer, name: str, verb_name: str, told: dict[str, Any], **changes: Any
) -> AreaTransfer:
    move(actor, row, name, verb_name, told, facts=transfer_facts(row), **changes)
    return row


@subscriber("supervise.result_reversed")
@subscriber("supervise.result_voided")
def recall_transfers(actor: Any, result: Result, reason: str = "", **_facts: Any) -> None:
    """Take back what was told to another area; one that is not sent yet can no longer be sent."""
    words = reason.strip() or official(REVERSED)
    for row in AreaTransfer.objects.filter(result_id=result.pk).select_related("result__sample__task__campaign"):
        if stands_against_producer(row.result):
            continue
        if row.flow.find(row.status, "recall"):
            recall_transfer(FOLLOW, row, words)
