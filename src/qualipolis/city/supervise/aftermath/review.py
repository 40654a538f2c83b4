"""Verbs of a case whose review failed: to the province, announced, second review, stop, third review, licence."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import given_day
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.supervise.aftermath.handling import FLOW, case_locked, said, step
from qualipolis.city.supervise.aftermath.models import HandlingCase
from qualipolis.city.supervise.aftermath.scope import handlers_of_case, organiser_of_case
from qualipolis.law.supervision.clocks import second_review_window
from qualipolis.methods.problems import refuse


@verb("supervise.escalate_handling", roles=roles_for(FLOW, "escalate"), scope=organiser_of_case)
def escalate_handling(actor: Any, thing: HandlingCase, document_no: str) -> HandlingCase:
    """Report the failed review to the province, which announces it."""
    told = said(document_no=document_no)
    return step(actor, case_locked(thing), "escalate", "supervise.escalate_handling", told)


@verb("supervise.announce_failure", roles=roles_for(FLOW, "announce"), scope=organiser_of_case)
def announce_failure(
    actor: Any, thing: HandlingCase, document_no: str, announced_on: date | None = None
) -> HandlingCase:
    """Record the announcement (公告) of the province; the second review lies between two days of the law."""
    row, told = case_locked(thing), said(document_no=document_no)
    day = announced_on or timezone.localdate()
    refuse(given_day(day, "announced_on", row.order_served_on))
    first, last = second_review_window(day)
    changes = {"announced_on": day, "second_from": first, "second_until": last, "due_on": last}
    told_more = told | {"on": day, "from": first, "until": last}
    return step(actor, row, "announce", "supervise.announce_failure", told_more, **changes)


@verb("supervise.pass_second_review", roles=roles_for(FLOW, "second_pass"), scope=handlers_of_case)
def pass_second_review(actor: Any, thing: HandlingCase, document_no: str) -> HandlingCase:
    """The second review, not before its first day, found the correction done."""
    told, today = said(document_no=document_no), timezone.localdate()
    return step(actor, case_locked(thing), "second_pass", "supervise.pass_second_review", told, passed_on=today)


@verb("supervise.fail_second_review", roles=roles_for(FLOW, "second_fail"), scope=handlers_of_case)
def fail_second_review(actor: Any, thing: HandlingCase, document_no: str, words: str = "") -> HandlingCase:
    """The second review failed: the firm stops business and rectifies (停业整顿)."""
    told = said(document_no=document_no, words=words)
    row = case_locked(thing)
    return step(actor, row, "second_fail", "supervise.fail_second_review", told, reason=told["words"])


@verb("supervise.pass_third_review", roles=roles_for(FLOW, "third_pass"), scope=handlers_of_case)
def pass_third_review(actor: Any, thing: HandlingCase, document_no: str) -> HandlingCase:
    """The third review found the rectification done; business may go on."""
    told, today = said(document_no=document_no), timezone.localdate()
    return step(actor, case_locked(thing), "third_pass", "supervise.pass_third_review", told, passed_on=today)


@verb("supervise.revoke_licence", roles=roles_for(FLOW, "revoke"), scope=organiser_of_case)
def revoke_licence(actor: Any, thing: HandlingCase, document_no: str, reason: str) -> HandlingCase:
    """Revoke the licence after the third review failed."""
    told = said(document_no=document_no, reason=reason)
    row = case_locked(thing)
    return step(actor, row, "revoke", "supervise.revoke_licence", told, reason=told["reason"])
