"""Verbs on samples: taken and sealed under blind codes, left or sent, lost or spoiled; every hand leaves a line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.models import Grant
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import city_wide, organisations_of, person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.field.blind_codes import new_code
from qualipolis.city.supervise.field.facts import attempt_of, day_said, form_of, is_sampler, sampling_open, task_facts
from qualipolis.city.supervise.field.forms import stock_problems
from qualipolis.city.supervise.field.models import Custody, FieldPhoto, Sample, SamplingForm, SamplingTask, Seal
from qualipolis.city.supervise.field.tasks import FLOW, ROOM, give_task_back
from qualipolis.city.supervise.field.visits import moment_said, own_task
from qualipolis.methods.problems import InputError, Problem, msg

OFFICES = ("leader", "planner", "department")
KEEPERS = {"firm": msg("the sampled firm"), "laboratory": msg("the laboratory"), "bureau": msg("the bureau")}


def scope_of(sample: Sample) -> Iterable[int | None]:
    """Return the organisations a sample concerns: the organiser, the laboratory, the branches of its samplers."""
    task = sample.task
    yield task.campaign.organiser_id
    people = list(task.assignments.values_list("person", flat=True))
    yield from Grant.objects.filter(person__in=people, role="inspector").values_list("scope", flat=True)
    if sample.laboratory is not None:
        from qualipolis.city.core.models import Organisation

        yield from Organisation.objects.filter(code=sample.laboratory.code).values_list("pk", flat=True)


def _kept(actor: Any, thing: Sample, *, offices: bool = False) -> Sample:
    """Return the sample, kept for this transaction, for its samplers and, where the step is theirs too, the offices."""
    row = locked(thing, "task__campaign", "laboratory")
    if is_sampler(actor, row.task) or (offices and _office(actor, row)):
        return row
    raise PermissionDenied(_("Only the inspectors named for this task can do this."))


def _office(actor: Any, row: Sample) -> bool:
    own = organisations_of(actor, ("department",))
    return city_wide(actor, OFFICES) or row.task.campaign.organiser_id in own or _of_laboratory(actor, row)


def _of_laboratory(actor: Any, row: Sample) -> bool:
    from qualipolis.city.core.models import Organisation

    own = organisations_of(actor, ("laboratory",))
    return bool(row.laboratory and Organisation.objects.filter(pk__in=own, code=row.laboratory.code).exists())


def hand_over(actor: Any, sample: Sample, given_by: str, taken_by: str, place: str = "", words: str = "") -> Custody:
    """Write one line of the chain of custody inside the caller's verb."""
    return Custody.objects.create(
        sample=sample,
        given_by=given_by[:120],
        taken_by=taken_by[:120],
        place=place[:120],
        words=words[:400],
        person=person_of(actor),
    )


@verb("supervise.take_sample", roles=roles_for(FLOW, "sample"))
def take_sample(
    actor: Any, thing: SamplingTask, at: datetime | None = None, laboratory: Institution | None = None
) -> list[Sample]:
    """Record the sample of a complete form: test and backup sample are made, sealed, each with a blind code.

    ``at`` is when it was taken, where a device was offline; ``laboratory`` is the one of the campaign unless named.
    Returns the samples, the test sample first.
    """
    row = own_task(actor, thing)
    sampling_open(row)
    moment = moment_said(at, "written_at")
    since = timezone.localdate(row.arrived_at) if row.arrived_at else None
    day = day_said(timezone.localdate(moment), "written_at", since=since)
    form, attempt = form_of(row), attempt_of(row)
    told = {"form": form.number if form else ""}
    move(actor, row, "sample", "supervise.take_sample", told, facts=task_facts(row, day), sampled_on=day)
    assert form is not None
    if wrong := [*stock_problems(row, form), *_seal_problems(form)]:
        raise InputError(wrong)
    form.submitted_at = form.submitted_at or timezone.now()
    form.save(update_fields=["submitted_at"])
    body = laboratory or row.campaign.laboratory
    return [_sealed(actor, row, form, part, attempt, body) for part in _parts(form)]


def _parts(form: SamplingForm) -> list[str]:
    return ["test", "backup"] if form.backup_quantity else ["test"]


def _seal_problems(form: SamplingForm) -> list[Problem]:
    numbers = [number for part in _parts(form) for number in form.seal_numbers.get(part, [])]
    used = set(Seal.objects.filter(number__in=numbers).values_list("number", flat=True))
    used |= {number for number in numbers if numbers.count(number) > 1}
    what = msg("The seal %(number)s is on another sample already.")
    return [Problem("seal_used", what, place="seal_numbers", params={"number": one}) for one in sorted(used)]


def _sealed(
    actor: Any, task: SamplingTask, form: SamplingForm, part: str, attempt: int, body: Institution | None
) -> Sample:
    quantity = form.test_quantity if part == Sample.Part.TEST else form.backup_quantity
    made = Sample.objects.create(
        task=task, part=part, attempt=attempt, code=_free_code(), quantity=quantity or 1, laboratory=body
    )
    picture = task.photos.filter(kind=FieldPhoto.Kind.SEAL, attempt=attempt).order_by("-pk").first()
    for number in form.seal_numbers.get(part, []):
        Seal.objects.create(
            sample=made,
            number=number,
            applied_by=person_of(actor),
            photo=picture.attachment if picture else None,
        )
    giver = form.platform if form.platform and not form.signatory else task.enterprise.name_zh
    hand_over(actor, made, giver, str(actor), form.storage)
    return made


def _free_code() -> str:
    code = new_code()
    while Sample.objects.filter(code=code).exists():
        code = new_code()
    return code


@verb("supervise.leave_sample", roles=roles_for("sample", "leave"), scope=scope_of)
def leave_sample(actor: Any, thing: Sample) -> Sample:
    """Leave the sealed test sample with the firm, which must not hide, move, sell or destroy it."""
    row = _kept(actor, thing)
    firm = row.task.enterprise.name_zh
    move(actor, row, "leave", "supervise.leave_sample", location=firm[:120])
    hand_over(actor, row, str(actor), firm)
    return row


@verb("supervise.dispatch_sample", roles=roles_for("sample", "dispatch"), scope=scope_of)
def dispatch_sample(actor: Any, thing: Sample, carrier: str = "", laboratory: Institution | None = None) -> Sample:
    """Send the test sample to the laboratory, carried by oneself or by ``carrier``; the laboratory now sees its code."""
    row = _kept(actor, thing)
    body = laboratory or row.laboratory or row.task.campaign.laboratory
    if body is None:
        raise InputError([Problem("no_laboratory", msg("Name the laboratory."), place="laboratory")])
    came_from = row.location or str(actor)
    move(actor, row, "dispatch", "supervise.dispatch_sample", laboratory=body, location=body.name_zh[:120])
    hand_over(actor, row, came_from, carrier.strip() or str(actor))
    return row


@verb("supervise.keep_backup", roles=roles_for("backup_sample", "keep"), scope=scope_of)
def keep_backup(actor: Any, thing: Sample, keeper: str = "laboratory", place: str = "") -> Sample:
    """Put the backup sample under seal with ``keeper``: the firm, the laboratory or the bureau."""
    row = _kept(actor, thing, offices=True)
    if keeper not in KEEPERS:
        raise InputError([Problem("unknown_keeper", msg("Say who keeps the backup sample."), place="keeper")])
    body = row.laboratory.name_zh if row.laboratory else ""
    where = {"firm": row.task.enterprise.name_zh, "laboratory": body, "bureau": row.task.campaign.organiser.name_zh}
    location = (place.strip() or where[keeper])[:120]
    move(actor, row, "keep", "supervise.keep_backup", {"keeper": keeper}, location=location)
    hand_over(actor, row, str(actor), location)
    return row


@verb("supervise.spoil_sample", roles=roles_for("sample", "spoil") + roles_for("backup_sample", "spoil"),
      scope=scope_of)  # fmt: skip
def spoil_sample(actor: Any, thing: Sample, reason: str) -> Sample:
    """Record that a sample left with the firm was hidden, moved, sold or destroyed."""
    row, said = _kept(actor, thing, offices=True), reason.strip()[:2000]
    move(actor, row, "spoil", "supervise.spoil_sample", {"reason": said}, reason=said)
    tell(actor, "supervise.sample_spoiled", row)
    return row


@verb("supervise.lose_sample", roles=roles_for("sample", "lose") + roles_for("backup_sample", "lose"), scope=scope_of)
def lose_sample(actor: Any, thing: Sample, reason: str) -> Sample:
    """Record that a sample was lost; a test sample lost on the way sends its task back to the organiser."""
    row, said = _kept(actor, thing, offices=True), reason.strip()[:2000]
    move(actor, row, "lose", "supervise.lose_sample", {"reason": said}, reason=said)
    tell(actor, "supervise.sample_lost", row)
    if row.part == Sample.Part.TEST and row.task.status == "sampled":
        give_task_back(ROOM, row.task, said)
    return row
