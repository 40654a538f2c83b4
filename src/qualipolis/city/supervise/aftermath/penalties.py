"""Verbs of published penalties (Order 45): within its working days, passed on to other provinces, down on their day."""

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
from qualipolis.city.supervise.aftermath.handling import case_locked, said
from qualipolis.city.supervise.aftermath.marks import HANDLER
from qualipolis.city.supervise.aftermath.models import HandlingCase, PenaltyPublication
from qualipolis.city.supervise.aftermath.opening import FOLLOW, REVERSED
from qualipolis.city.supervise.aftermath.scope import handlers_of_case, official, organiser_of, stands_against
from qualipolis.city.supervise.results.models import Result
from qualipolis.law.supervision.clocks import PenaltyKind, penalty_publish_by, take_down_on
from qualipolis.methods.problems import InputError, Problem, msg, refuse

FLOW = "penalty_publication"
Kind = PenaltyPublication.Kind


def _locked(thing: PenaltyPublication) -> PenaltyPublication:
    return locked(thing, "case__result__sample__task__campaign", "case__enterprise")


def take_down_day(row: PenaltyPublication) -> date | None:
    """Return the first day on which a published penalty is no longer shown."""
    if row.published_on is None or row.kind == Kind.WARNING_ONLY:
        return None
    return take_down_on(row.published_on, _kind(row.kind), row.banned_until)


def _kind(name: str) -> PenaltyKind:
    kinds: dict[str, PenaltyKind] = {"warning_only": "warning_only", "light": "light", "ordinary": "ordinary"}
    return kinds[name]


def penalty_facts(row: PenaltyPublication) -> dict[str, Any]:
    """Return what the guards of a penalty read."""
    return {"kind": row.kind, "take_down_day": take_down_day(row)}


@verb("supervise.decide_penalty", roles=HANDLER, scope=handlers_of_case)
def decide_penalty(
    actor: Any,
    thing: HandlingCase,
    *,
    kind: str,
    document_no: str,
    decided_on: date,
    words: str,
    same_province: bool = True,
    banned_until: date | None = None,
) -> PenaltyPublication:
    """Record the decision of a penalty for a failed result; a mere warning stays unpublished."""
    case = case_locked(thing)
    _check_decision(case, kind, document_no, words, banned_until, decided_on)
    due = penalty_publish_by(decided_on, same_province=same_province, kind=_kind(kind))
    made = PenaltyPublication.objects.create(
        case=case,
        number=next_number("CF", decided_on.year),
        kind=kind,
        document_no=document_no.strip()[:80],
        decided_on=decided_on,
        words=words.strip()[:2000],
        same_province=same_province,
        banned_until=banned_until,
        due_on=due.due if due else None,
    )
    payload = {"of": made.number, "case": case.number, "kind": kind, "on": decided_on, "due_on": made.due_on}
    record(actor, "supervise.decide_penalty", made, payload | {"document_no": made.document_no})
    if kind == Kind.WARNING_ONLY:
        keep_penalty_back(FOLLOW, made)
    return _locked(made)


def _check_decision(
    case: HandlingCase, kind: str, document_no: str, words: str, banned_until: date | None, decided_on: date
) -> None:
    refuse(given_day(decided_on, "decided_on", case.result.final_on))
    wrong = []
    if kind not in Kind.values:
        wrong.append(Problem("kind", msg("Say which kind of penalty it is."), place="kind"))
    if not document_no.strip():
        wrong.append(Problem("document_no", msg("Give the number of the document."), place="document_no"))
    if not words.strip():
        wrong.append(Problem("words", msg("Write the penalty as the public will read it."), place="words"))
    if banned_until is not None and banned_until <= decided_on:
        what = msg("The ban ends after the day of the decision.")
        wrong.append(Problem("banned_until", what, place="banned_until"))
    if not stands_against(case.result, case.enterprise):
        wrong.append(Problem("not_failed", msg("The result no longer stands against this firm.")))
    if wrong:
        raise InputError(wrong)


@verb("supervise.keep_penalty_back", roles=roles_for(FLOW, "keep_back"), scope=organiser_of)
def keep_penalty_back(actor: Any, thing: PenaltyPublication) -> PenaltyPublication:
    """Do not publish a mere warning."""
    return _step(actor, _locked(thing), "keep_back", "supervise.keep_penalty_back", {})


@verb("supervise.publish_penalty", roles=roles_for(FLOW, "publish"), scope=organiser_of)
def publish_penalty(actor: Any, thing: PenaltyPublication) -> PenaltyPublication:
    """Publish the penalty of a firm of this province, from today until its last day."""
    row = _locked(thing)
    if not row.same_province:
        what = msg("The firm is registered in another province.")
        raise InputError([Problem("other_province", what, msg("Pass the penalty on."))])
    return _published(actor, row, "publish", "supervise.publish_penalty", timezone.localdate())


@verb("supervise.push_penalty", roles=roles_for(FLOW, "push"), scope=organiser_of)
def push_penalty(actor: Any, thing: PenaltyPublication, authority: str) -> PenaltyPublication:
    """Pass the penalty on to the authority of the province in which the firm is registered."""
    row, told = _locked(thing), said(authority=authority)
    if row.same_province:
        what = msg("The firm is registered in this province.")
        raise InputError([Problem("this_province", what, msg("Publish the penalty here."))])
    return _step(actor, row, "push", "supervise.push_penalty", told, **told)


@verb("supervise.record_penalty_elsewhere", roles=roles_for(FLOW, "record_elsewhere"), scope=organiser_of)
def record_penalty_elsewhere(actor: Any, thing: PenaltyPublication, published_on: date) -> PenaltyPublication:
    """Record on which day the other province published it."""
    row = _locked(thing)
    refuse(given_day(published_on, "published_on", row.decided_on))
    return _published(actor, row, "record_elsewhere", "supervise.record_penalty_elsewhere", published_on)


def _published(actor: Any, row: PenaltyPublication, step: str, name: str, day: date) -> PenaltyPublication:
    row.published_on = day
    until = take_down_day(row)
    row.published_on = None
    return _step(actor, row, step, name, {"on": day, "until": until}, published_on=day, due_on=until)


@verb("supervise.correct_penalty", roles=roles_for(FLOW, "correct"), scope=organiser_of)
def correct_penalty(actor: Any, thing: PenaltyPublication, reason: str, words: str = "") -> PenaltyPublication:
    """Correct the words of a published penalty, with the reason; how long it is shown does not change."""
    row, told = _locked(thing), said(reason=reason)
    changes = {"words": words.strip()[:2000] or row.words, "due_on": row.due_on, "reason": told["reason"]}
    return _step(actor, row, "correct", "supervise.correct_penalty", told, **changes)


@verb("supervise.annul_penalty", roles=roles_for(FLOW, "annul"), scope=organiser_of)
def annul_penalty(
    actor: Any, thing: PenaltyPublication, reason: str, document_no: str, changed_on: date | None = None
) -> PenaltyPublication:
    """Record that the penalty was changed, revoked or found unlawful; it comes down within its working days."""
    row, told, day = _locked(thing), said(reason=reason, document_no=document_no), changed_on or timezone.localdate()
    refuse(given_day(day, "changed_on", row.decided_on))
    changes = {"reason": told["reason"], "check_since": None}
    return _step(actor, row, "annul", "supervise.annul_penalty", told | {"on": day}, start=day, **changes)


@verb("supervise.withdraw_penalty", roles=roles_for(FLOW, "withdraw"), scope=organiser_of)
def withdraw_penalty(actor: Any, thing: PenaltyPublication, reason: str) -> PenaltyPublication:
    """Take a changed or revoked penalty down and give the reason."""
    told = said(reason=reason)
    return _step(actor, _locked(thing), "withdraw", "supervise.withdraw_penalty", told, **told)


@verb("supervise.take_down_penalty", roles=roles_for(FLOW, "take_down"), scope=organiser_of)
def take_down_penalty(actor: Any, thing: PenaltyPublication) -> PenaltyPublication:
    """Take a penalty down that was shown long enough."""
    told = {"on": timezone.localdate()}
    return _step(actor, _locked(thing), "take_down", "supervise.take_down_penalty", told)


@verb("supervise.uphold_penalty", roles=roles_for(FLOW, "annul"), scope=organiser_of)
def uphold_penalty(actor: Any, thing: PenaltyPublication, reason: str) -> PenaltyPublication:
    """Record why a penalty stands although the result behind it was reversed or voided."""
    row, told = _locked(thing), said(reason=reason)
    if row.check_since is None or not told["reason"]:
        raise InputError([Problem("nothing_to_check", msg("Give the reason why the penalty stands."), place="reason")])
    row.check_since = None
    row.save(update_fields=["check_since"])
    record(actor, "supervise.uphold_penalty", row, {"of": row.number} | told)
    return row


def _step(
    actor: Any, row: PenaltyPublication, step: str, name: str, told: dict[str, Any], **changes: Any
) -> PenaltyPublication:
    move(actor, row, step, name, told, facts=penalty_facts(row), **changes)
    return row


@subscriber("supervise.result_reversed")
@subscriber("supervise.result_voided")
def mark_penalties(actor: Any, result: Result, reason: str = "", **_facts: Any) -> None:
    """Mark the penalties that rest on a reversed or voided result: somebody checks whether they can stand."""
    words = reason.strip() or official(REVERSED)
    waiting = PenaltyPublication.objects.filter(
        case__result_id=result.pk, status__in=("decided", "pushed", "published")
    )
    for row in waiting.select_related("case__result", "case__enterprise"):
        if stands_against(row.case.result, row.case.enterprise):
            continue
        row.check_since = timezone.localdate()
        row.save(update_fields=["check_since"])
        record(FOLLOW, "supervise.mark_penalty", row, {"of": row.number, "reason": words})
