"""Verbs of the organiser on tasks: name the samplers, skip, replace from the reserve, give back, void, complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from qualipolis.city.core.models import Person
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, roles_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.supervise.draws.drawn_units import next_reserve, task_for
from qualipolis.city.supervise.field.facts import organiser_of, task_facts
from qualipolis.city.supervise.field.models import Assignment, Sample, SamplingForm, SamplingTask
from qualipolis.city.supervise.planning.models import Campaign
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "sampling_task"
ENDED = "supervise.task_ended"
Tickets = Mapping[int, tuple[str, float | None]]


def task_locked(thing: SamplingTask) -> SamplingTask:
    """Return a task as the database has it, kept for this transaction."""
    return locked(thing, "campaign__rule", "enterprise", "product", "unit")


def _unfit(task: SamplingTask, people: Sequence[Person]) -> list[Problem]:
    today, wrong = timezone.localdate(), []
    for person in people:
        said = {"name": str(person)}
        profile = getattr(person, "inspector_profile", None)
        if not person.is_active or "inspector" not in roles_of(person):
            wrong.append(Problem("no_inspector", msg("%(name)s is no inspector."), place="people", params=said))
        elif profile is None or profile.certified_until < today:
            what = msg("%(name)s has no certificate that is valid today.")
            wrong.append(Problem("no_certificate", what, place="people", params=said))
        elif profile.recusals.filter(pk=task.enterprise_id).exists():
            what = msg("%(name)s keeps out of this firm.")
            wrong.append(Problem("recused", what, place="people", params=said))
    return wrong


@verb("supervise.assign_task", roles=roles_for(FLOW, "assign"), scope=organiser_of)
def assign_task(
    actor: Any, thing: SamplingTask, people: Sequence[Person], tickets: Tickets | None = None
) -> SamplingTask:
    """Name who samples, at least two; ``tickets`` holds ticket and probability by person where they were drawn."""
    row, lots = task_locked(thing), dict(tickets or {})
    chosen = list(dict.fromkeys(people))
    if wrong := _unfit(row, chosen):
        raise InputError(wrong)
    names = sorted(person.username for person in chosen)
    told = {"samplers": len(chosen), "names": names, "drawn": bool(lots)}
    move(actor, row, "assign", "supervise.assign_task", told, facts=task_facts(row))
    row.assignments.exclude(person__in=chosen).delete()
    for person in chosen:
        ticket, probability = lots.get(person.pk, ("", None))
        Assignment.objects.update_or_create(
            task=row, person=person, defaults={"ticket": ticket, "probability": probability}
        )
    return row


@verb("supervise.skip_recent", roles=roles_for(FLOW, "skip_recent"), scope=organiser_of)
def skip_recent(actor: Any, thing: SamplingTask, reason: str = "") -> SamplingTask:
    """End a drawn task because the same product was sampled within six months; the reserve takes its place."""
    row, code = task_locked(thing), "recent_check_6m"
    told = {"reason_code": code, "not_sampled_reason": code, "reason": reason.strip()[:2000]}
    move(actor, row, "skip_recent", "supervise.skip_recent", told, reason_code=code, reason=told["reason"])
    tell(actor, ENDED, row)
    return row


@verb("supervise.replace_task", roles=roles_for(FLOW, "replace"), scope=organiser_of)
def replace_task(actor: Any, thing: SamplingTask) -> SamplingTask:
    """Put the next unit of the reserve list of its stratum in the place of a task that gave no sample.

    Returns the new task. The campaign is kept for this transaction: two tasks never take the same unit.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("rule").get(pk=thing.campaign_id)
    row = task_locked(thing)
    reserve = next_reserve(campaign, row.drawn.stratum if row.drawn else None)
    if reserve is None:
        what = msg("The reserve list is used up; close the task without a replacement.")
        raise InputError([Problem("no_reserve", what)])
    made = task_for(reserve, campaign, replaces=row)
    move(actor, row, "replace", "supervise.replace_task", {"by": made.number, "place": reserve.position})
    tell(actor, ENDED, row)
    return made


@verb("supervise.leave_task_open", roles=roles_for(FLOW, "leave_open"), scope=organiser_of)
def leave_task_open(actor: Any, thing: SamplingTask, reason: str) -> SamplingTask:
    """Close a task that gave no sample without a replacement, with the reason."""
    row = task_locked(thing)
    move(actor, row, "leave_open", "supervise.leave_task_open", {"reason": reason.strip()[:2000]})
    tell(actor, ENDED, row)
    return row


@verb("supervise.give_task_back", roles=roles_for(FLOW, "give_back"), scope=organiser_of)
def give_task_back(actor: Any, thing: SamplingTask, reason: str) -> SamplingTask:
    """Take a task back whose sample was refused by the laboratory, lost or spoiled: it is sampled anew or voided."""
    row = task_locked(thing)
    said = reason.strip()[:2000]
    move(actor, row, "give_back", "supervise.give_task_back", {"reason": said}, reason=said, sampled_on=None)
    SamplingForm.objects.filter(task=row).update(
        submitted_at=None, seal_numbers={}, signature="", signatory="", voucher_no="", changed_at=timezone.now()
    )
    return row


@verb("supervise.void_task", roles=roles_for(FLOW, "void"), scope=organiser_of)
def void_task(actor: Any, thing: SamplingTask, reason: str) -> SamplingTask:
    """Void a task that came back; it counts neither as passed nor as failed."""
    row, said = task_locked(thing), reason.strip()[:2000]
    move(actor, row, "void", "supervise.void_task", {"reason": said}, reason=said)
    tell(actor, ENDED, row)
    return row


@verb("supervise.complete_task", roles=roles_for(FLOW, "complete"), scope=organiser_of)
def complete_task(actor: Any, thing: SamplingTask) -> SamplingTask:
    """Complete a task whose sample the laboratory has taken in."""
    row = task_locked(thing)
    under_way = ("sealed", "left_with_firm", "in_transit", "lost", "spoiled", "rejected_at_lab")
    last = row.samples.filter(part="test").order_by("-attempt").first()
    if last is None or last.status in under_way:
        raise InputError([Problem("not_received", msg("The laboratory has not received the sample yet."))])
    move(actor, row, "complete", "supervise.complete_task")
    tell(actor, ENDED, row)
    return row


ROOM = System("supervise")


@subscriber("supervise.sample_rejected")
def _rejected(actor: Any, sample: Sample, reason: str = "", **facts: Any) -> None:
    """A refused test sample sends its task back to the organiser."""
    if sample.part == Sample.Part.TEST and sample.task.status == "sampled":
        give_task_back(ROOM, sample.task, reason or sample.reason or "–")


@subscriber("supervise.sample_received")
@subscriber("supervise.report_issued")
def _received(actor: Any, thing: Any, **facts: Any) -> None:
    """Once the laboratory has the test sample, the work on site is complete."""
    sample = thing if isinstance(thing, Sample) else thing.sample
    if sample.part == Sample.Part.TEST and SamplingTask.objects.get(pk=sample.task_id).status == "sampled":
        complete_task(ROOM, sample.task)
