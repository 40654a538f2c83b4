"""Verbs of the two inspectors on site: arrive, take no sample, record a refusal or unlawful facts, report them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise.field.facts import only_samplers, sampling_open, task_facts
from qualipolis.city.supervise.field.models import SamplingTask
from qualipolis.city.supervise.field.tasks import ENDED, FLOW, task_locked
from qualipolis.methods.problems import InputError, Problem, msg


def own_task(actor: Any, thing: SamplingTask) -> SamplingTask:
    """Return the task, kept for this transaction, for somebody who was named for it."""
    row = task_locked(thing)
    only_samplers(actor, row)
    return row


def moment_said(at: datetime | None, place: str = "arrived_at") -> datetime:
    """Return a moment that a device gave, now when none was; clocks of telephones may run ahead by five minutes."""
    now = timezone.now()
    if at is None:
        return now
    if at > now + timedelta(minutes=5):
        raise InputError([Problem("future", msg("This moment lies in the future."), place=place)])
    return min(at, now)


@verb("supervise.arrive", roles=roles_for(FLOW, "arrive"))
def arrive(actor: Any, thing: SamplingTask, at: datetime | None = None) -> SamplingTask:
    """Begin on site: notice and identity were shown. ``at`` is when, where a device was offline."""
    row = own_task(actor, thing)
    sampling_open(row)
    when = moment_said(at)
    facts = task_facts(row, timezone.localdate(when))
    move(actor, row, "arrive", "supervise.arrive", {"at": when}, facts=facts, arrived_at=when)
    return row


@verb("supervise.not_sample", roles=roles_for(FLOW, "not_sample"))
def not_sample(actor: Any, thing: SamplingTask, reason_code: str, reason: str = "") -> SamplingTask:
    """Record which of the reasons of the rules stood against sampling, and what was found."""
    row, said = own_task(actor, thing), reason.strip()[:2000]
    told = {"reason_code": reason_code, "not_sampled_reason": reason_code, "reason": said}
    changes = {"reason_code": str(reason_code)[:20], "reason": said}
    move(actor, row, "not_sample", "supervise.not_sample", told, facts=task_facts(row), **changes)
    tell(actor, ENDED, row)
    return row


@verb("supervise.refuse_sampling", roles=roles_for(FLOW, "refuse"))
def refuse_sampling(actor: Any, thing: SamplingTask, reason: str) -> SamplingTask:
    """Record that the firm refused to be sampled, or asked an absurd price; it is never imputed as a failure."""
    return _ended_on_site(actor, thing, "refuse", "supervise.refuse_sampling", reason)


@verb("supervise.stop_unlawful", roles=roles_for(FLOW, "stop"))
def stop_unlawful(actor: Any, thing: SamplingTask, reason: str) -> SamplingTask:
    """Stop the sampling because of unlawful facts on site, such as a missing licence."""
    return _ended_on_site(actor, thing, "stop", "supervise.stop_unlawful", reason)


def _ended_on_site(actor: Any, thing: SamplingTask, step: str, name: str, reason: str) -> SamplingTask:
    row, said = own_task(actor, thing), reason.strip()[:2000]
    move(actor, row, step, name, {"reason": said}, facts=task_facts(row), reason=said)
    tell(actor, ENDED, row)
    return row


@verb("supervise.report_refusal", roles=roles_for(FLOW, "report_refusal"))
def report_refusal(actor: Any, thing: SamplingTask, authority: str) -> SamplingTask:
    """Report a refusal to the authority that was named."""
    return _reported(actor, thing, "report_refusal", "supervise.report_refusal", authority)


@verb("supervise.report_unlawful", roles=roles_for(FLOW, "report_unlawful"))
def report_unlawful(actor: Any, thing: SamplingTask, authority: str) -> SamplingTask:
    """Report unlawful facts to the organiser and the county authority."""
    return _reported(actor, thing, "report_unlawful", "supervise.report_unlawful", authority)


def _reported(actor: Any, thing: SamplingTask, step: str, name: str, authority: str) -> SamplingTask:
    row, said = own_task(actor, thing), authority.strip()[:120]
    move(actor, row, step, name, {"authority": said}, authority=said)
    return row
