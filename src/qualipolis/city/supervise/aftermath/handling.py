"""Verbs of handling (后处理) up to the first review, and what a case can be asked beside its way: order, service, report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import given_day
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise.aftermath.facts import RELATED, File, facts, keep_proof
from qualipolis.city.supervise.aftermath.models import HandlingCase
from qualipolis.city.supervise.aftermath.scope import firm_of_case, handlers_of_case
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError, Problem, msg, refuse

FLOW, FOOD = "handling", "food_handling"
REPORTING = ("correcting", "suspended")


def case_locked(thing: HandlingCase) -> HandlingCase:
    """Return the case as it is now, kept for this transaction."""
    return locked(thing, *RELATED)


def step(actor: Any, row: HandlingCase, name: str, verb_name: str, told: dict[str, Any], **more: Any) -> HandlingCase:
    """Take a step of a case with its facts; ``more`` are what :func:`move` takes and fields of the case."""
    known = facts(row) | more.pop("facts", {})
    move(actor, row, name, verb_name, told, facts=known, **more)
    tell(actor, "supervise.handling_moved", row)
    return row


def said(**words: str) -> dict[str, str]:
    """Return what a person wrote, trimmed to what the fields hold."""
    most = {"document_no": 80, "report": 8000, "authority": 120}
    return {name: text.strip()[: most.get(name, 2000)] for name, text in words.items()}


@verb("supervise.order_correction", roles=roles_for(FLOW, "order"), scope=handlers_of_case)
def order_correction(actor: Any, thing: HandlingCase, document_no: str) -> HandlingCase:
    """Write the order to correct (责令整改通知书); it works from its service on."""
    row, told = case_locked(thing), said(document_no=document_no)
    return step(actor, row, "order", "supervise.order_correction", told, **told)


@verb("supervise.serve_order", roles=roles_for(FLOW, "serve"), scope=handlers_of_case)
def serve_order(
    actor: Any, thing: HandlingCase, served_on: date, file: File | None = None, words: str = ""
) -> HandlingCase:
    """Record the proved receipt of the order: correction and review are due by the law of that day."""
    row = case_locked(thing)
    refuse(given_day(served_on, "served_on", row.result.final_on))
    told = {"proof": words.strip()[:200] or (file[0] if file else ""), "served_on": served_on}
    correct, review = (deadline(f"supervision.{what}", served_on).due for what in ("correct", "review"))
    changes = {"order_served_on": served_on, "correct_by": correct, "review_by": review}
    known = {"order_proved": bool(told["proof"])}
    step(actor, row, "serve", "supervise.serve_order", told, facts=known, start=served_on, **changes)
    keep_proof(actor, row, file)
    return row


@verb("supervise.attach_correction", roles=("enterprise",), scope=firm_of_case)
def attach_correction(actor: Any, thing: HandlingCase, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a file of evidence of the firm while its report is not handed in."""
    row = case_locked(thing)
    if row.status not in REPORTING:
        what = msg("Evidence is handed in while the correction runs.")
        raise InputError([Problem("not_correcting", what)])
    return store(actor, row, name, chunks)


@verb("supervise.report_correction", roles=roles_for(FLOW, "request_review"), scope=firm_of_case)
def report_correction(actor: Any, thing: HandlingCase, report: str) -> HandlingCase:
    """Report what was corrected, with evidence, and ask for the review; after a stop, for the third review."""
    row, told = case_locked(thing), said(report=report)
    name = "request_third" if row.status == "suspended" else "request_review"
    due_on = row.review_by if name == "request_review" else None
    who = person_of(actor)
    changes = {"report": told["report"], "reported_by": who, "due_on": due_on}
    return step(actor, row, name, "supervise.report_correction", told, **changes)


@verb("supervise.pass_review", roles=roles_for(FLOW, "pass"), scope=handlers_of_case)
def pass_review(actor: Any, thing: HandlingCase, document_no: str, passed_on: date | None = None) -> HandlingCase:
    """The review found the correction done."""
    row, told = case_locked(thing), said(document_no=document_no)
    day = passed_on or timezone.localdate()
    refuse(given_day(day, "passed_on", row.order_served_on))
    return step(actor, row, "pass", "supervise.pass_review", told | {"on": day}, passed_on=day)


@verb("supervise.fail_review", roles=roles_for(FLOW, "fail"), scope=handlers_of_case)
def fail_review(actor: Any, thing: HandlingCase, document_no: str, words: str = "") -> HandlingCase:
    """The review found the correction not done; the province is told within its term."""
    row, told = case_locked(thing), said(document_no=document_no, words=words)
    return step(actor, row, "fail", "supervise.fail_review", told, reason=told["words"])


@verb("supervise.note_not_corrected", roles=roles_for(FLOW, "not_corrected"), scope=handlers_of_case)
def note_not_corrected(actor: Any, thing: HandlingCase, reason: str) -> HandlingCase:
    """Record that the term to correct is over and nothing was reported."""
    row, told = case_locked(thing), said(reason=reason)
    return step(actor, row, "not_corrected", "supervise.note_not_corrected", told, **told)


@verb("supervise.close_handling", roles=roles_for(FLOW, "close"), scope=handlers_of_case)
def close_handling(actor: Any, thing: HandlingCase) -> HandlingCase:
    """Close a case that passed its review."""
    return step(actor, case_locked(thing), "close", "supervise.close_handling", {})


@verb("supervise.begin_food_handling", roles=roles_for(FOOD, "begin"), scope=handlers_of_case)
def begin_food_handling(actor: Any, thing: HandlingCase, document_no: str) -> HandlingCase:
    """Begin the handling of nonconforming food; its term runs from the hand-over."""
    row, told = case_locked(thing), said(document_no=document_no)
    return step(actor, row, "begin", "supervise.begin_food_handling", told, due_on=row.due_on, **told)


@verb("supervise.attach_food_handling", roles=roles_for(FOOD, "finish"), scope=handlers_of_case)
def attach_food_handling(actor: Any, thing: HandlingCase, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a file behind the handling of food while it runs."""
    row = case_locked(thing)
    if row.flow_code != FOOD or row.status != "running":
        raise InputError([Problem("not_running", msg("Files are kept while the handling runs."))])
    return store(actor, row, name, chunks)


@verb("supervise.finish_food_handling", roles=roles_for(FOOD, "finish"), scope=handlers_of_case)
def finish_food_handling(actor: Any, thing: HandlingCase, report: str) -> HandlingCase:
    """Finish the handling of nonconforming food with a report and its evidence."""
    row, told = case_locked(thing), said(report=report)
    who = person_of(actor)
    return step(actor, row, "finish", "supervise.finish_food_handling", told, reported_by=who, **told)
