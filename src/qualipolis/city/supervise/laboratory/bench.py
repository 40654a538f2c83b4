"""What the laboratory does with a sample: receive, refuse, begin, stop, give up, give back, dispose.

A thing is a :class:`~qualipolis.city.supervise.models.Sample` or what the laboratory sees of one (``LabSample``); both
are found by their blind code, and no message here names anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise.laboratory.report_items import items_of_rule
from qualipolis.city.supervise.laboratory.scope_check import out_of_scope, wanted_of
from qualipolis.city.supervise.models import Custody, Result, Sample, SampleReceipt, Seal
from qualipolis.methods.problems import InputError, Problem, msg

Photos = Sequence[tuple[str, Iterable[bytes]]]
MOST_PHOTOS = 12


def laboratory_of(thing: Any) -> list[int]:
    """Return the organisation whose people act for the laboratory of a sample or report."""
    code = getattr(thing, "laboratory_code", None)
    if code is None:
        code = thing.laboratory.code if thing.laboratory_id else ""
    return list(Organisation.objects.filter(code=code).values_list("pk", flat=True)) if code else []


def laboratory_or_organiser(thing: Any) -> list[int]:
    """Return the organisations of the laboratory and of the organiser of the campaign."""
    return [*laboratory_of(thing), sample_of(thing).task.campaign.organiser_id]


def sample_of(thing: Any) -> Sample:
    """Return the row of a sample as it stands, with its campaign and rule."""
    return Sample.objects.select_related(*_RELATED).get(code=thing.code)


_RELATED = ("task__campaign__rule", "laboratory")


def locked_sample(thing: Any) -> Sample:
    """Return the row of a sample, kept for this transaction."""
    return locked(sample_of(thing), *_RELATED)


@verb("supervise.receive_sample", roles=roles_for("sample", "receive"), scope=laboratory_of)
def receive(
    actor: Any,
    thing: Any,
    *,
    received_on: date,
    appearance: str,
    quantity: int,
    seals: Mapping[str, str],
    photos: Photos = (),
) -> Sample:
    """Receive a sample that arrived as its form says: appearance, quantity, every seal intact; the test term starts.

    Parameters
    ----------
    seals : number of each seal to how it was found ("intact", "broken", "mismatch")
    photos : (name, chunks) of pictures of the appearance and the seals

    Raises
    ------
    InputError
        a seal is not intact, the quantity differs, or a part of the check is missing: then the sample is refused
    """
    row = locked_sample(thing)
    check_arrival(row, received_on, appearance, quantity, seals, photos)
    facts = {"seal_intact": bool(seals) and set(seals.values()) == {Seal.Found.INTACT}}
    told = {"received_on": received_on}
    move(actor, row, "receive", "supervise.receive_sample", told, facts=facts, start=received_on, for_good=True,
         received_on=received_on, location=row.laboratory.name_zh[:120] if row.laboratory else "")  # fmt: skip
    keep_receipt(actor, row, received_on, appearance, quantity, seals, photos)
    _note_hand(actor, row)
    tell(actor, "supervise.sample_received", row)
    return row


@verb("supervise.reject_sample", roles=roles_for("sample", "reject"), scope=laboratory_of)
def reject(
    actor: Any,
    thing: Any,
    *,
    reason: str,
    received_on: date | None = None,
    appearance: str = "",
    quantity: int | None = None,
    seals: Mapping[str, str] | None = None,
    photos: Photos = (),
) -> Sample:
    """Refuse an irregular sample in writing; the task goes back to the organiser the same day."""
    row, day = locked_sample(thing), received_on or timezone.localdate()
    found = dict(seals or {})
    wrong = [*_arrival_problems(row, day), *_seal_problems(row, found, complete=False), *_too_many(photos)]
    if wrong:
        raise InputError(wrong)
    said = {"reason": reason.strip()[:2000]}
    move(actor, row, "reject", "supervise.reject_sample", said, received_on=day, reason=said["reason"])
    keep_receipt(actor, row, day, appearance, quantity, found, photos, refused=True)
    tell(actor, "supervise.sample_rejected", row, reason=said["reason"])
    return row


def check_arrival(
    row: Sample, day: date, appearance: str, quantity: int, seals: Mapping[str, str], photos: Photos
) -> None:
    """Refuse a receipt check that is incomplete or does not match the form, with everything wrong at once."""
    wrong = [*_check_problems(row, day, appearance, seals, photos), *_quantity_problems(row, quantity)]
    if wrong:
        raise InputError(wrong)


def _arrival_problems(row: Sample, day: date) -> Iterable[Problem]:
    """Return what is wrong with the day of arrival; the day of sampling itself is not told to a laboratory."""
    yield from not_ahead(day, "received_on")
    if row.task.sampled_on is not None and day < row.task.sampled_on:
        yield Problem("received_early", msg("A sample does not come before it was taken."), place="received_on")


def _check_problems(
    row: Sample, day: date, appearance: str, seals: Mapping[str, str], photos: Photos
) -> Iterable[Problem]:
    yield from _arrival_problems(row, day)
    if not appearance.strip():
        yield Problem("no_appearance", msg("Describe the appearance of the sample."), place="appearance")
    yield from _seal_problems(row, seals, complete=True)
    yield from _too_many(photos)


def _seal_problems(row: Sample, seals: Mapping[str, str], *, complete: bool) -> Iterable[Problem]:
    known = set(row.seals.values_list("number", flat=True))
    for number, found in seals.items():
        if number not in known:
            what = msg("There is no seal %(number)s on this sample.")
            yield Problem("unknown_seal", what, "", {"number": number}, "seals")
        elif found not in Seal.Found.values:
            yield Problem("bad_seal", msg("Say how seal %(number)s was found."), "", {"number": number}, "seals")
    missing = sorted(known - set(seals)) if complete else []
    for number in missing:
        yield Problem("unseen_seal", msg("Say how seal %(number)s was found."), "", {"number": number}, "seals")


def _quantity_problems(row: Sample, quantity: int) -> Iterable[Problem]:
    if quantity != row.quantity:
        what = msg("%(arrived)s arrived, the form says %(said)s.")
        remedy = msg("Refuse the sample in writing when the quantity does not match.")
        yield Problem("quantity_differs", what, remedy, {"arrived": quantity, "said": row.quantity}, "quantity")


def _too_many(photos: Photos) -> list[Problem]:
    if len(photos) <= MOST_PHOTOS:
        return []
    what = msg("At most %(most)s pictures are kept with one step.")
    return [Problem("many_photos", what, "", {"most": MOST_PHOTOS}, "photos")]


def keep_receipt(
    actor: Any,
    row: Sample,
    day: date,
    appearance: str,
    quantity: int | None,
    seals: Mapping[str, str],
    photos: Photos,
    refused: bool = False,
) -> None:
    """Keep what was seen on receipt with its pictures, and how each seal was found."""
    person = person_of(actor)
    values = {"laboratory": row.laboratory, "on": day, "appearance": appearance.strip()[:400], "quantity": quantity}
    values |= {"refused": refused, "person": person}
    receipt, _new = SampleReceipt.objects.update_or_create(sample=row, defaults=values)
    for number, found in seals.items():
        row.seals.filter(number=number).update(found=found, found_at=timezone.now())
    keep_files(actor, receipt, photos)


def _note_hand(actor: Any, row: Sample) -> None:
    """Add the line of custody: from the last hand to the laboratory."""
    name = row.laboratory.name_zh if row.laboratory else ""
    before = row.custody.last()
    given_by = before.taken_by if before else "—"
    person = person_of(actor)
    Custody.objects.create(sample=row, given_by=given_by, taken_by=name[:120], place=name[:120], person=person)


def keep_files(actor: Any, thing: Any, files: Photos) -> None:
    """Keep files with a thing; a file that cannot be kept stops the step."""
    for name, chunks in files:
        store(actor, thing, name, chunks)


@verb("supervise.begin_test", roles=roles_for("sample", "begin"), scope=laboratory_of)
def begin(actor: Any, thing: Any, *, licence: str) -> Sample:
    """Begin the test: the licence was seen (or none is needed), every item is in the scope valid today."""
    row = locked_sample(thing)
    facts = {"licence_checked": licence in SampleReceipt.Licence.values, "items_out_of_scope": beyond_scope(row)}
    move(actor, row, "begin", "supervise.begin_test", {"licence": licence}, facts=facts, licence_seen=licence,
         due_on=row.due_on)  # fmt: skip  # the term to report runs on
    from qualipolis.city.supervise.laboratory.reports import draft_for

    draft_for(actor, row)
    return row


def beyond_scope(row: Sample, on: date | None = None) -> int:
    """Return how many items of a sample its laboratory may not test on a day, today unless given."""
    rule = row.task.campaign.rule
    wanted = wanted_of(rule.category, rule.standard, [(one.name_zh, one.method) for one in items_of_rule(row)])
    return out_of_scope(row.laboratory_id, wanted, on or timezone.localdate())


@verb("supervise.stop_test", roles=roles_for("sample", "stop"), scope=laboratory_of)
def stop(actor: Any, thing: Any, *, reason: str) -> Sample:
    """Stop before the test: the product lacks its licence or certificate; reported the same day."""
    row = locked_sample(thing)
    said = {"reason": reason.strip()[:2000]}
    move(actor, row, "stop", "supervise.stop_test", said, reason=said["reason"])
    tell(actor, "supervise.sample_stopped", row)
    return row


@verb("supervise.give_up_test", roles=roles_for("sample", "give_up"), scope=laboratory_of)
def give_up(actor: Any, thing: Any, *, reason: str, proof: Photos) -> Sample:
    """Record with proof that the test is impossible; the sample stays out of the rate."""
    row = locked_sample(thing)
    wrong = [] if proof else [Problem("no_proof", msg("Attach the proof that the test is impossible."), place="proof")]
    if wrong or _too_many(proof):
        raise InputError([*wrong, *_too_many(proof)])
    said = {"reason": reason.strip()[:2000]}
    move(actor, row, "give_up", "supervise.give_up_test", said, reason=said["reason"])
    receipt, _new = SampleReceipt.objects.get_or_create(sample=row, defaults={"laboratory": row.laboratory})
    keep_files(actor, receipt, proof)
    tell(actor, "supervise.sample_untestable", row)
    return row


@verb("supervise.give_back_sample", roles=roles_for("sample", "give_back"), scope=laboratory_or_organiser)
def give_back(actor: Any, thing: Any) -> Sample:
    """Give what is left of a sample back, once the windows of all parties are over."""
    return _end(actor, thing, "give_back", "supervise.give_back_sample")


@verb("supervise.dispose_sample", roles=roles_for("sample", "dispose"), scope=laboratory_or_organiser)
def dispose(actor: Any, thing: Any) -> Sample:
    """Dispose of what is left of a sample, once the windows of all parties are over."""
    return _end(actor, thing, "dispose", "supervise.dispose_sample")


def _end(actor: Any, thing: Any, step: str, name: str) -> Sample:
    row = locked_sample(thing)
    move(actor, row, step, name, facts={"final_from": windows_over_from(row)})
    return row


def windows_over_from(row: Sample) -> date | None:
    """Return the first day after the windows of all parties: that of the task's final or voided result, None before."""
    found = Result.objects.filter(sample__task_id=row.task_id).order_by("-pk").first()
    if found is None:
        return None
    if found.status == "final":
        return found.final_on
    return (found.reversed_on or timezone.localdate()) if found.status == "voided" else None
