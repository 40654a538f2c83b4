"""How a case begins, stands still and is taken back: a final failure opens it, a ceased firm stops it, a reversal cancels."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qualipolis.city.core.days import given_day
from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.aftermath.facts import RELATED
from qualipolis.city.supervise.aftermath.handling import FLOW, case_locked, said, step
from qualipolis.city.supervise.aftermath.models import HandlingCase
from qualipolis.city.supervise.aftermath.scope import (
    campaign_of,
    handler_for,
    handlers_of_case,
    official,
    organiser_of_case,
    stands_against,
)
from qualipolis.city.supervise.results.models import Result
from qualipolis.law.flows.handling import RUNNING
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError, Problem, msg, refuse

FOLLOW = System("follow-up of results")
CEASED = msg("the firm was deregistered")
REVERSED = msg("the result was reversed or voided")
AFTER_ALL = msg("the result is final as a failure after all")
DAYS = ("order_served_on", "correct_by", "review_by", "announced_on", "second_from", "second_until", "passed_on")


@subscriber("supervise.result_final")
def open_cases(actor: Any, result: Result, **_facts: Any) -> list[HandlingCase]:
    """Open a case for each firm of this city against which the failure stands: the sampled one, and the producer.

    A case that an earlier reversal cancelled begins anew: one firm, one result, one case with its whole story.
    """
    row = Result.objects.select_related("sample__task__campaign__rule", "sample__task__form__producer__unit").get(
        pk=result.pk
    )
    if row.verdict != "fail":
        return []
    task = row.sample.task
    form = getattr(task, "form", None)
    firms = {task.enterprise_id: task.enterprise}
    if form is not None and form.producer is not None and not row.producer_elsewhere:
        firms.setdefault(form.producer_id, form.producer)
    known = {case.enterprise_id: case for case in row.handling.select_related(*RELATED)}
    for case in known.values():
        if case.status == "cancelled" and stands_against(row, case.enterprise):
            reopen_handling(FOLLOW, case, official(AFTER_ALL))
    return [_open(row, firm) for pk, firm in firms.items() if pk not in known and stands_against(row, firm)]


def _open(result: Result, firm: Enterprise) -> HandlingCase:
    campaign, begun = campaign_of(result), result.final_on or timezone.localdate()
    unit = result.sample.task.unit if firm.pk == result.sample.task.enterprise_id else firm.unit
    rule = "food.handling" if campaign.food else "supervision.order"
    made = HandlingCase.objects.create(
        result=result,
        enterprise=firm,
        unit=unit,
        handler=handler_for(unit, campaign),
        number=next_number("CL", begun.year),
        serious=result.serious,
        due_on=deadline(rule, begun).due,
    )
    payload = {"of": made.number, "result": result.number, "handler": made.handler.code, "due_on": made.due_on}
    record(FOLLOW, "supervise.open_handling", made, payload)
    return made


@verb("supervise.cease_firm", roles=roles_for(FLOW, "cease"), scope=handlers_of_case)
def cease_firm(actor: Any, thing: HandlingCase, reason: str, ceased_on: date | None = None) -> HandlingCase:
    """Record that the firm was deregistered: the clocks stand still, its other cases and windows are told."""
    row, told = case_locked(thing), said(reason=reason)
    day = ceased_on or timezone.localdate()
    refuse(given_day(day, "ceased_on"))
    step(actor, row, "cease", "supervise.cease_firm", told | {"on": day}, ceased_on=day, reason=told["reason"])
    tell(actor, "supervise.firm_ceased", row.successor or row.enterprise, on=day)
    return row


@subscriber("supervise.firm_ceased")
def cease_other_cases(actor: Any, enterprise: Enterprise, *, on: date, **_facts: Any) -> None:
    """Let the clocks of every running case of a firm stand that has ceased to exist."""
    mine = Q(successor=enterprise) | Q(successor=None, enterprise=enterprise)
    running = HandlingCase.objects.filter(mine, status__in=RUNNING)
    for row in running.filter(result__sample__task__campaign__rule__food=False):
        told = {"reason": official(CEASED), "on": on}
        changes = {"ceased_on": on, "reason": told["reason"]}
        step(FOLLOW, case_locked(row), "cease", "supervise.cease_firm", told, **changes)


@verb("supervise.find_successor", roles=roles_for(FLOW, "find_successor"), scope=handlers_of_case)
def find_successor(actor: Any, thing: HandlingCase, successor: Enterprise, reason: str) -> HandlingCase:
    """Go on with who took the firm over: a new order to the successor starts the clocks anew."""
    row, told = case_locked(thing), said(reason=reason)
    if successor.pk in (row.enterprise_id, row.successor_id) or successor.closed_on:
        what = msg("The successor is another firm that exists.")
        raise InputError([Problem("no_successor", what, place="successor")])
    changes = _anew(row, timezone.localdate()) | {
        "successor": successor,
        "unit": successor.unit,
        "handler": handler_for(successor.unit, campaign_of(row.result)),
        "reason": told["reason"],
    }
    told_more = told | {"successor": successor.name_zh}
    return step(actor, row, "find_successor", "supervise.find_successor", told_more, **changes)


def _anew(row: HandlingCase, begun: date) -> dict[str, Any]:
    """Return what a case is when it begins anew: no order, no report, no days but that by which it is ordered."""
    rule = "food.handling" if row.flow_code == "food_handling" else "supervision.order"
    return dict.fromkeys(DAYS) | {"document_no": "", "report": "", "due_on": deadline(rule, begun).due}


@verb("supervise.reopen_handling", roles=roles_for(FLOW, "reopen"), scope=organiser_of_case)
def reopen_handling(actor: Any, thing: HandlingCase, reason: str) -> HandlingCase:
    """Begin a cancelled case anew whose result is final as a failure after all, by a court or a superior authority."""
    row, told = case_locked(thing), said(reason=reason)
    begun = row.result.final_on or timezone.localdate()
    changes = _anew(row, begun) | {"ceased_on": None, "reason": told["reason"], "serious": row.result.serious}
    return step(actor, row, "reopen", "supervise.reopen_handling", told | {"due_on": changes["due_on"]}, **changes)


@verb("supervise.close_ceased", roles=roles_for(FLOW, "close_ceased"), scope=handlers_of_case)
def close_ceased(actor: Any, thing: HandlingCase, reason: str) -> HandlingCase:
    """Close the case of a firm that nobody took over; the result stays."""
    told = said(reason=reason)
    return step(actor, case_locked(thing), "close_ceased", "supervise.close_ceased", told, **told)


@verb("supervise.cancel_handling", roles=roles_for(FLOW, "cancel"), scope=organiser_of_case)
def cancel_handling(actor: Any, thing: HandlingCase, reason: str) -> HandlingCase:
    """Cancel a case whose result was reversed or voided."""
    told = said(reason=reason)
    return step(actor, case_locked(thing), "cancel", "supervise.cancel_handling", told, **told)


@subscriber("supervise.result_reversed")
@subscriber("supervise.result_voided")
def cancel_cases(actor: Any, result: Result, reason: str = "", sides: Any = (), **_facts: Any) -> None:
    """Cancel every case of a result that no longer stands against its firm; what cannot be undone waits for a person."""
    words = reason.strip() or official(REVERSED)
    for row in HandlingCase.objects.filter(result_id=result.pk).select_related(*RELATED):
        if stands_against(row.result, row.enterprise):
            continue
        if row.flow.find(row.status, "cancel"):
            cancel_handling(FOLLOW, row, words)
        elif row.status != "cancelled":
            record(FOLLOW, "supervise.reversal_noted", row, {"of": row.number, "to": row.status, "reason": words})
