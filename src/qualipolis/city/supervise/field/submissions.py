"""What devices send: the same one sent twice is one, the first complete one wins, another hand's is kept as a conflict.

Everything happens under the lock of the task's row, so that two inspectors who send at the same moment, from a
telephone and from a desk, are taken one after the other, on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.supervise.field.facts import attempt_of, only_samplers
from qualipolis.city.supervise.field.forms import read_moment, save_form
from qualipolis.city.supervise.field.models import FieldPhoto, Sample, SamplingTask, Submission
from qualipolis.city.supervise.field.samples import dispatch_sample, keep_backup, leave_sample, take_sample
from qualipolis.city.supervise.field.visits import arrive, not_sample, own_task, refuse_sampling, stop_unlawful
from qualipolis.methods.problems import InputError, Problem, msg

LARGEST = 64 * 1024
OUTCOMES = ("sample", "not_sample", "refuse", "stop")
Outcome = Submission.Outcome


@dataclass(frozen=True)
class Answer:
    """What a device is told: how it went, what is wrong, and whose entry stands."""

    client_id: UUID
    outcome: str
    first_outcome: str
    problems: tuple[Problem, ...]
    task: SamplingTask
    standing: Submission | None


@verb("supervise.receive_submission", roles=("inspector",))
def receive(
    actor: Any, thing: SamplingTask, client_id: UUID, revision: int, written_at: datetime | None, payload: Any
) -> Answer:
    """Take in one sending of a task from a device.

    ``payload`` holds ``outcome`` (sample, not_sample, refuse or stop), ``form`` with the fields, ``photos`` (the
    numbers of the pictures sent before), ``arrived_at``, ``attempt``, ``reason`` and ``reason_code``, ``test_goes``
    (dispatch or leave) and ``backup_keeper``. Nothing that is sent by an inspector of the task is ever lost: what
    cannot be accepted is kept with the reason, what comes second is kept as a conflict.
    """
    row = own_task(actor, thing)
    known = Submission.objects.filter(client_id=client_id).first()
    if known is not None:
        return _again(actor, row, known)
    said = _bounded(payload)
    kept = Submission(
        client_id=client_id, task=row, person=actor, revision=revision, written_at=written_at, payload=said
    )
    problems: tuple[Problem, ...] = ()
    if _is_second(row, said):
        kept.outcome = Outcome.CONFLICT
    else:
        problems = _tried(actor, row, said, written_at)
        kept.outcome = Outcome.REFUSED if problems else Outcome.ACCEPTED
    kept.problems = [problem_kept(one) for one in problems]
    kept.save()
    told = {"of": str(row), "outcome": kept.outcome, "device": str(client_id)}
    record(actor, "supervise.receive_submission", row, told)
    row.refresh_from_db()
    return Answer(client_id, kept.outcome, kept.outcome, problems, row, standing_of(row))


def _again(actor: Any, row: SamplingTask, known: Submission) -> Answer:
    """Answer what was answered before; a number of another task or person is refused and tells nothing."""
    if known.task_id != row.pk or known.person_id != getattr(actor, "pk", None):
        raise InputError([Problem("other_task", msg("This number of a device belongs to another task."))])
    problems = tuple(
        Problem(one["code"], one["what"], one["remedy"], one["params"], one["place"]) for one in known.problems
    )
    return Answer(known.client_id, Outcome.REPEATED, known.outcome, problems, row, standing_of(row))


def problem_kept(problem: Problem) -> dict[str, Any]:
    """Return a problem as it is kept, its parameters as text."""
    params = {name: str(value) for name, value in (problem.params or {}).items()}
    return {"code": problem.code, "what": problem.what, "remedy": problem.remedy, "params": params,
            "place": problem.place}  # fmt: skip


def _bounded(payload: Any) -> dict[str, Any]:
    if not isinstance(payload, Mapping) or not _storable(payload):
        raise InputError([Problem("bad_payload", msg("What the device sent cannot be read."))])
    return dict(payload)


def _storable(payload: Mapping[str, Any]) -> bool:
    """Whether every database can hold it: no character 0, no half of a pair, no number that is none."""
    try:
        text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
        return len(text.encode()) <= LARGEST and "\\u0000" not in text
    except ValueError:
        return False


def _is_second(row: SamplingTask, said: Mapping[str, Any]) -> bool:
    """Whether the task has its outcome already, or has gone on to another sample than the device wrote about."""
    attempt = said.get("attempt")
    return row.status not in ("assigned", "on_site") or (attempt is not None and attempt != attempt_of(row))


def _tried(actor: Any, row: SamplingTask, said: dict[str, Any], written_at: datetime | None) -> tuple[Problem, ...]:
    """Take the steps that were sent, all of them or none; return why not."""
    try:
        with transaction.atomic():
            _take(actor, row, said, written_at)
    except InputError as error:
        return tuple(error.problems)
    return ()


def _take(actor: Any, row: SamplingTask, said: dict[str, Any], written_at: datetime | None) -> None:
    outcome = said.get("outcome")
    if outcome not in OUTCOMES:
        raise InputError([Problem("no_outcome", msg("Say how the visit ended."), place="outcome")])
    if wrong := _photos_missing(row, said):
        raise InputError(wrong)
    if row.status == "assigned" and outcome != "not_sample":
        arrive(actor, row, _moment(said.get("arrived_at")) or written_at)
    if isinstance(said.get("form"), Mapping):
        save_form(actor, row, said["form"])
    reason = str(said.get("reason") or "")
    ends: dict[str, Callable[[], Any]] = {
        "sample": lambda: _sent_on(actor, take_sample(actor, row, written_at), said),
        "not_sample": lambda: not_sample(actor, row, str(said.get("reason_code") or ""), reason),
        "refuse": lambda: refuse_sampling(actor, row, reason),
        "stop": lambda: stop_unlawful(actor, row, reason),
    }
    ends[outcome]()


def _sent_on(actor: Any, samples: list[Sample], said: Mapping[str, Any]) -> None:
    for sample in samples:
        if sample.part == Sample.Part.BACKUP and said.get("backup_keeper"):
            keep_backup(actor, sample, str(said["backup_keeper"]))
        elif sample.part == Sample.Part.TEST and said.get("test_goes") in ("dispatch", "leave"):
            (dispatch_sample if said["test_goes"] == "dispatch" else leave_sample)(actor, sample)


def _photos_missing(row: SamplingTask, said: Mapping[str, Any]) -> list[Problem]:
    """Return the problem that pictures the form speaks of have not arrived yet."""
    named = said.get("photos") or []
    try:
        if not isinstance(named, list):
            raise ValueError
        numbers = {UUID(str(one)) for one in named}
    except ValueError:
        return [Problem("bad_photo", msg("What the device sent cannot be read."), place="photos")]
    missing = len(numbers) - FieldPhoto.objects.filter(task=row, client_id__in=numbers).count()
    what = msg("%(count)s pictures of this form have not arrived yet.")
    return [Problem("photos_missing", what, place="photos", params={"count": missing})] if missing else []


def _moment(value: Any) -> datetime | None:
    try:
        return read_moment(value)
    except ValueError:
        raise InputError([Problem("unreadable_time", msg("What the device sent cannot be read."))]) from None


def standing_of(task: SamplingTask) -> Submission | None:
    """Return the submission that was accepted last, if the outcome came from a device."""
    rows = task.submissions.filter(outcome=Outcome.ACCEPTED).select_related("person")
    return rows.order_by("-received_at").first()


def conflicts_for(person: Any) -> QuerySet[Submission]:
    """Return the conflicts that ``person`` has not seen: of every task they were named for or sent something for."""
    rows = Submission.objects.filter(outcome=Outcome.CONFLICT, task__assignments__person=person)
    return rows.exclude(seen_by=person).select_related("task__enterprise", "person").distinct()


@verb("supervise.see_conflict", roles=("inspector",))
def see_conflict(actor: Any, thing: Submission) -> Submission:
    """Note that one of the two has seen a conflict; once all samplers have, it no longer waits for anybody."""
    row = Submission.objects.select_for_update(of=("self",)).select_related("task").get(pk=thing.pk)
    only_samplers(actor, row.task)
    row.seen_by.add(actor)
    waiting = row.task.assignments.exclude(person__in=row.seen_by.all()).exists()
    if not waiting and row.seen_at is None:
        row.seen_at = timezone.now()
        row.save(update_fields=["seen_at"])
    record(actor, "supervise.see_conflict", row.task, {"of": str(row.task), "device": str(row.client_id)})
    return row
