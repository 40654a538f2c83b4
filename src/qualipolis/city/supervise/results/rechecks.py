"""Verbs of a recheck (复检): notice, formalities, another laboratory, the backup sample opened; food on its own clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.laboratory.bench import laboratory_of, locked_sample, sample_of
from qualipolis.city.supervise.models import Custody, Recheck, Sample, Seal
from qualipolis.city.supervise.results.clocks import RUNNING, backup_of, formalities_until, window_until
from qualipolis.city.supervise.results.objections import answered
from qualipolis.city.supervise.results.recheck_laboratories import drawn, fit, items_out_of_scope
from qualipolis.city.supervise.results.steps import (
    RELATED,
    SYSTEM,
    day_given,
    firm_or_organiser,
    go,
    hold_again,
    keep_files,
    on_file,
    organiser_of,
)
from qualipolis.law.supervision.consequences import fee_borne_by
from qualipolis.law.supervision.guards import FOOD_NO_RECHECK
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError, Problem, msg, refuse

ORGANISERS = roles_for("recheck", "designate")
STANDS = msg("The first result stands: %(why)s.")
MISSED = msg("the formalities of the recheck were not done by %(day)s, so it is waived")
SPOILED = msg("the backup sample was hidden, moved, sold or destroyed by the firm: %(why)s")
REFUSED = msg("the recheck was refused (%(why)s)")


@verb("supervise.serve_recheck_notice", roles=ORGANISERS, scope=organiser_of)
def serve_notice(actor: Any, thing: Recheck, served_on: date, proof_words: str = "", proof: Any = None) -> Recheck:
    """Record the receipt of the recheck notice with its proof; the term for the formalities runs from that day."""
    row, words = recheck_locked(thing), proof_words.strip()[:200]
    wrong = not_ahead(served_on, "served_on", row.objection.received_on)
    if row.status != "ordered":
        wrong.append(Problem("wrong_state", msg("This step cannot be taken in the present state.")))
    if row.notice_served_on is not None:
        wrong.append(Problem("served", msg("The recheck notice has been served already.")))
    if not words and not proof:
        wrong.append(Problem("no_proof", msg("Attach the proof of service."), place="proof"))
    refuse(wrong)
    kept = keep_files(actor, row, [proof])
    row.notice_served_on, row.notice_proof_words = served_on, words
    row.notice_proof = kept[0] if kept else None
    row.due_on = deadline("supervision.recheck_formalities", served_on).due
    row.save(update_fields=["notice_served_on", "notice_proof_words", "notice_proof", "due_on"])
    told = {"of": row.number, "served_on": served_on, "proof": words or kept[0].name, "until": row.due_on}
    record(actor, "supervise.serve_recheck_notice", row, told)
    return row


@verb("supervise.recheck_formalities", roles=roles_for("recheck", "formalities"), scope=firm_or_organiser)
def formalities(actor: Any, thing: Recheck, done_on: date | None = None) -> Recheck:
    """Record that the applicant did the formalities (application, fee advanced); the day to designate runs from it."""
    row = recheck_locked(thing)
    day = day_given(actor, row, done_on)
    refuse(not_ahead(day, "done_on", row.notice_served_on))
    known = {"formalities_until": formalities_until(row), "today": day}
    _step(actor, row, "formalities", "supervise.recheck_formalities", {"done_on": day}, known, start=day,
          formalities_on=day)  # fmt: skip
    return row


@verb("supervise.waive_recheck", roles=roles_for("recheck", "waive"), scope=organiser_of)
def waive(actor: Any, thing: Recheck) -> Recheck:
    """Record that the term for the formalities was missed: the recheck is waived and the first result stands."""
    return waived(actor, recheck_locked(thing))


def waived(actor: Any, row: Recheck) -> Recheck:
    """End a recheck whose formalities were missed."""
    until = formalities_until(row)
    why = on_file(MISSED, day=until)
    _end(actor, row, "waive", "supervise.waive_recheck", {}, {"formalities_until": until}, why)
    _stands(row, why)
    return row


@verb("supervise.accept_recheck", roles=ORGANISERS, scope=organiser_of)
def accept(actor: Any, thing: Recheck) -> Recheck:
    """Accept the application for a recheck of food, within its five working days."""
    row = recheck_locked(thing)
    known = {"window_until": window_until(row.objection.service), "today": row.objection.received_on}
    _step(actor, row, "accept", "supervise.accept_recheck", {}, known)
    return row


@verb("supervise.refuse_recheck", roles=ORGANISERS, scope=organiser_of)
def refuse_application(actor: Any, thing: Recheck, reason_code: str, reply: str) -> Recheck:
    """Refuse a recheck of food on one of the grounds of its rules; the first result stands."""
    row = recheck_locked(thing)
    told = {"reason_code": reason_code, "reply": reply.strip()}
    why = on_file(REFUSED, why=on_file(FOOD_NO_RECHECK.get(reason_code, reason_code)))
    _end(actor, row, "refuse", "supervise.refuse_recheck", told, {"no_recheck_ground": reason_code}, reply.strip())
    _stands(row, why)
    return row


@verb("supervise.designate_laboratory", roles=ORGANISERS, scope=organiser_of)
def designate(
    actor: Any,
    thing: Recheck,
    laboratory: Institution | None = None,
    *,
    only_laboratory: bool = False,
    seed: str = "",
    seed_source: str = "",
) -> Recheck:
    """Name the laboratory of the recheck, or draw it among the qualified ones (food: always), and call the backup.

    Parameters
    ----------
    laboratory : chosen by hand; left out, it is drawn with ``seed`` from ``seed_source``
    only_laboratory : it is the first one again, because no other in the province is qualified
    """
    row, fields = recheck_locked(thing), {}
    if laboratory is None and (seed or seed_source or row.flow_code == "food_recheck"):
        laboratory, fields = drawn(row, seed, seed_source)
    refuse(fit(row.result, laboratory, only=only_laboratory))
    known = {
        "first_laboratory": row.result.report.laboratory_id,
        "recheck_laboratory": laboratory.pk if laboratory else None,
        "only_laboratory": only_laboratory,
        "laboratory_drawn": bool(fields),
    }
    told = {"laboratory": laboratory.code if laboratory else ""} | fields
    _step(actor, row, "designate", "supervise.designate_laboratory", told, known, laboratory=laboratory,
          only_laboratory=only_laboratory, **fields)  # fmt: skip
    call_backup(actor, row)
    return row


def call_backup(actor: Any, row: Recheck) -> Sample:
    """Call the backup sample for the laboratory that was named; it may not be opened before it is received there."""
    backup = backup_of(row.result)
    if backup is None:
        raise InputError([Problem("no_backup", msg("There is no usable backup sample to test again."))])
    found = locked(backup)
    move(actor, found, "call", "supervise.call_backup", {}, laboratory=row.laboratory)
    tell(actor, "supervise.recheck_backup_called", found)
    return found


def recheck_of(sample: Sample) -> Recheck | None:
    """Return the running recheck that a backup sample belongs to."""
    rows = Recheck.objects.filter(result__sample__task=sample.task_id, result__sample__attempt=sample.attempt)
    return rows.filter(status__in=RUNNING).order_by("-pk").first()


@verb("supervise.receive_backup", roles=roles_for("recheck", "receive"), scope=laboratory_of)
def receive_backup(
    actor: Any, thing: Any, seals: Mapping[str, str], received_on: date | None = None, appearance: str = ""
) -> Sample:
    """Receive the backup sample with its seals intact and open it for the recheck; the term to report begins.

    ``thing`` is the sample or what its laboratory sees of it (``LabSample``); ``seals`` is the number of each seal to how it was found.
    """
    backup, day = locked_sample(thing), received_on or timezone.localdate()
    recheck = _running(backup)
    refuse([*not_ahead(day, "received_on"), *_seal_problems(backup, seals)])
    intact = bool(seals) and set(seals.values()) == {Seal.Found.INTACT}
    known = {"seal_intact": intact, "items_out_of_scope": items_out_of_scope(recheck.result, recheck.laboratory)}
    move(actor, backup, "use", "supervise.receive_backup", {}, facts=known, received_on=day)
    for number, found in seals.items():
        Seal.objects.filter(sample=backup, number=number).update(found=found, found_at=timezone.now())
    name = backup.laboratory.name_zh if backup.laboratory else ""
    Custody.objects.create(sample=backup, given_by=backup.location or "—", taken_by=name[:120], place=name[:120],
                           words=appearance.strip()[:400], person=actor)  # fmt: skip
    _step(actor, recheck, "receive", "supervise.begin_recheck", {}, known, start=day)
    return backup


def _seal_problems(sample: Sample, seals: Mapping[str, str]) -> list[Problem]:
    known = set(sample.seals.values_list("number", flat=True))
    what = msg("Say how seal %(number)s was found.")
    odd = sorted((known ^ set(seals)) | {n for n, found in seals.items() if found not in Seal.Found.values})
    return [Problem("unseen_seal", what, "", {"number": number}, "seals") for number in odd]


@verb("supervise.spoil_backup", roles=roles_for("recheck", "spoiled"), scope=organiser_of)
def spoil(actor: Any, thing: Recheck, reason: str) -> Recheck:
    """Record that the firm hid, moved, sold or destroyed the backup sample: the recheck ends, the first result stands."""
    return spoiled(actor, recheck_locked(thing), reason.strip())


def spoiled(actor: Any, row: Recheck, reason: str) -> Recheck:
    """End a recheck whose backup sample was spoiled by the firm."""
    _end(actor, row, "spoiled", "supervise.spoil_backup", {"reason": reason}, {}, reason)
    _sample_follows(actor, row, "spoil", reason)
    _stands(row, on_file(SPOILED, why=reason))
    return row


@verb("supervise.lose_backup", roles=ORGANISERS, scope=organiser_of)
def lose(actor: Any, thing: Recheck, reason: str) -> Recheck:
    """Record that the backup sample was lost: no recheck is possible, and the doubt benefits the firm."""
    return lost(actor, recheck_locked(thing), reason.strip())


@verb("supervise.report_lost_backup", roles=("laboratory",), scope=laboratory_of)
def report_lost(actor: Any, thing: Any, reason: str) -> Sample:
    """Report, as the laboratory that holds it, that the backup sample was lost."""
    lost(actor, _running(sample_of(thing)), reason.strip())
    return sample_of(thing)


def lost(actor: Any, row: Recheck, reason: str) -> Recheck:
    """End a recheck whose backup sample was lost; its objection waits to be granted."""
    _end(actor, row, "lost", "supervise.lose_backup", {"reason": reason}, {}, reason)
    _sample_follows(actor, row, "lose", reason)
    if row.result.status == "under_recheck":
        go(SYSTEM, row.result, "backup_lost", "supervise.backup_lost", {"reason": reason})
    return row


def given_up(actor: Any, thing: Recheck, reason: str, why: str) -> Recheck:
    """End a recheck whose objection was withdrawn before a laboratory was named."""
    row = recheck_locked(thing)
    _end(actor, row, "withdraw", "supervise.give_up_recheck", {"reason": reason}, {}, reason)
    _stands(row, why)
    return row


def recheck_locked(thing: Recheck) -> Recheck:
    """Return a recheck with its result, both kept for this transaction."""
    row = locked(thing, "objection__service__enterprise", "laboratory")
    row.result = locked(row.result, *RELATED)
    row.objection.result = row.objection.service.result = row.result
    return row


def _running(sample: Sample) -> Recheck:
    found = recheck_of(sample)
    if found is None:
        raise InputError([Problem("no_recheck", msg("No recheck waits for this sample."))])
    return recheck_locked(found)


def _step(
    actor: Any, row: Recheck, step: str, name: str, told: Mapping[str, Any], known: Mapping[str, Any], **more: Any
) -> None:
    move(actor, row, step, name, told, facts=known, **more)
    tell(actor, "supervise.recheck_moved", row)


def _end(
    actor: Any, row: Recheck, step: str, name: str, told: Mapping[str, Any], known: Mapping[str, Any], reason: str
) -> None:
    target = row.flow.find(row.status, step)
    fee = fee_borne_by(target.target) if target else ""
    _step(actor, row, step, name, told, known, ended_on=timezone.localdate(), fee_by=fee, reason=reason[:2000])


def _stands(row: Recheck, why: str) -> None:
    """The first result stands: the objection is answered, and other parties are heard."""
    words = on_file(STANDS, why=why)
    answered(SYSTEM, row.objection, words)
    if row.result.status == "under_recheck":
        go(SYSTEM, row.result, "stand", "supervise.result_stands", {"reason": words})
        hold_again(row.result)


def _sample_follows(actor: Any, row: Recheck, step: str, reason: str) -> None:
    backup = backup_of(row.result)
    if backup is not None and backup.flow.find(backup.status, step) is not None:
        move(actor, locked(backup), step, "supervise.backup_gone", {"reason": reason}, reason=reason)
