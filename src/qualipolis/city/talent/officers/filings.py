"""Verbs of the authority: file, return, strike, advise to remove; and what training makes of an officer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, person_of, roles_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.registry.models import QualityOfficer
from qualipolis.city.talent.models import Officer, RemovalAdvice
from qualipolis.city.talent.officers.facts import HELD, facts_of
from qualipolis.city.talent.officers.nominations import OPEN, end_filing, successor_on
from qualipolis.city.talent.officers.visibility import FILERS, in_our_town, of_the_firm, serves
from qualipolis.law.talent.officer_guards import training_over
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

TRAINERS = ("trainer",)


@verb("talent.file_officer", roles=FILERS)
def file_officer(actor: Any, thing: Officer) -> Officer:
    """File the appointment; from now on the figures of the city count the firm."""
    row, today = in_our_town(actor, thing), timezone.localdate()
    move(actor, row, "file", "talent.file_officer", facts=facts_of(row), for_good=True, filed_on=today,
         filed_by=person_of(actor), return_reason="")  # fmt: skip
    _new_filing(row, row.appointed_on)
    tell(actor, "talent.officer_filed", row)
    return row


def _new_filing(row: Officer, since: date) -> None:
    number = next_number("BA", timezone.localdate().year)
    row.filing = QualityOfficer.objects.create(enterprise=row.enterprise, number=number, appointed_on=since)
    row.save(update_fields=["filing"])


@verb("talent.return_officer", roles=FILERS)
def return_officer(actor: Any, thing: Officer, reason: str) -> Officer:
    """Return the appointment to the firm with the reason."""
    row, said = in_our_town(actor, thing), reason.strip()[:400]
    move(actor, row, "return", "talent.return_officer", facts={"reason": said}, return_reason=said)
    return row


@verb("talent.remove_officer", roles=FILERS)
def remove_officer(actor: Any, thing: Officer, reason: str, second_person: Any) -> Officer:
    """Strike the filing (a bar found later, forged papers): two people of the office decide, the firm files anew."""
    row, said, today = in_our_town(actor, thing), reason.strip()[:400], timezone.localdate()
    if second_person is not None and not (
        roles_of(second_person) & set(FILERS) and serves(second_person, row.enterprise)
    ):
        what = msg("The second person must work in an office that files.")
        refuse([Problem("wrong_second", what, place="second_person")])
    told = {"second_person": getattr(second_person, "pk", None)}
    move(actor, row, "remove", "talent.remove_officer", told, facts={"reason": said}, ended_on=today, end_reason=said,
         refiled_on=successor_on(row, today))  # fmt: skip
    end_filing(row, today)
    return row


@verb("talent.advise_removal", roles=FILERS)
def advise_removal(actor: Any, thing: Officer, reason: str, document_no: str) -> RemovalAdvice:
    """Advise the firm to remove its officer; the firm decides and answers."""
    row, said, number = in_our_town(actor, thing), reason.strip()[:400], document_no.strip()[:60]
    waiting = row.advices.filter(answered_on=None).exists()
    refuse(
        [
            None if said else Problem("no_reason", msg("Give the reason."), place="reason"),
            None if number else Problem("no_document_no", msg("Give the number of the document."), place="document_no"),
            None if row.status in HELD else Problem("not_in_office", msg("The person does not hold the office.")),
            Problem("advised_already", msg("An earlier advice has not been answered yet.")) if waiting else None,
        ]
    )  # fmt: skip
    until = deadline("officer.advice", timezone.localdate()).due
    made = RemovalAdvice.objects.create(
        officer=row, reason=said, document_no=number, advised_by=person_of(actor), due_on=until
    )
    record(actor, "talent.advise_removal", row, {"of": row.number, "document_no": number, "due_on": until})
    return made


@verb("talent.answer_advice", roles=("enterprise",))
def answer_advice(actor: Any, thing: RemovalAdvice, follows: bool, answer: str) -> RemovalAdvice:
    """Answer the advice: whether the firm follows it, and why."""
    row, said = RemovalAdvice.objects.select_for_update().get(pk=thing.pk), answer.strip()[:1000]
    of_the_firm(actor, row.officer.enterprise)
    refuse(
        [
            None if said else Problem("no_answer", msg("Write the answer."), place="answer"),
            None if row.answered_on is None else Problem("answered", msg("The advice has been answered already.")),
        ]
    )
    row.follows, row.answer, row.answered_on = follows, said, timezone.localdate()
    row.save(update_fields=["follows", "answer", "answered_on"])
    record(actor, "talent.answer_advice", row.officer, {"of": row.officer.number, "follows": follows})
    return row


# --- what training makes of an officer ----------------------------------------------------------------------------------
@verb("talent.officer_trained", roles=TRAINERS)
def officer_trained(actor: Any, thing: Officer, passed_on: date) -> Officer:
    """The officer passed a course: trained for the first time, or trained again."""
    row = locked(thing)
    latest = max(passed_on, row.trained_on or passed_on)
    if row.status == "filed":
        move(actor, row, "train", "talent.officer_trained", {"on": passed_on}, facts={"passed_on": passed_on},
             for_good=True, trained_on=latest)  # fmt: skip
        return row
    if row.status == "lapsed":
        row.trained_on = latest
        facts = facts_of(row)
        move(actor, row, "renew", "talent.officer_renewed", {"on": passed_on}, facts=facts, for_good=True,
             trained_on=latest, active_on=timezone.localdate())  # fmt: skip
        _new_filing(row, timezone.localdate())
        return row
    if row.status not in OPEN:
        refuse([Problem("not_in_office", msg("The person does not hold the office."))])
    row.trained_on = latest
    row.save(update_fields=["trained_on"])
    record(actor, "talent.officer_trained", row, {"of": row.number, "on": passed_on})
    return row


@verb("talent.officer_certified", roles=TRAINERS)
def officer_certified(actor: Any, thing: Officer, certificate: str) -> Officer:
    """The certificate was issued: the officer may take up the post."""
    row = locked(thing)
    move(actor, row, "certify", "talent.officer_certified", {"certificate": certificate}, for_good=True)
    tell(actor, "talent.officer_certified", row)
    return row


@sweep("talent.officers")
def sweep_officers(now: datetime) -> int:
    """Let officers lapse whose training lies two years back, and end those whose firm has been deregistered."""
    today = timezone.localdate(now)
    done = one_by_one(Officer.objects.filter(status__in=("certified", "active")), lambda row: _lapse(row, today))
    closed = Officer.objects.filter(status__in=OPEN, enterprise__closed_on__lte=today)
    return done + one_by_one(closed, _deregister)


def _lapse(thing: Officer, today: date) -> int:
    if training_over({"trained_on": thing.trained_on, "today": today}) is not None:
        return 0
    row = locked(thing)
    move(System("talent"), row, "lapse", "talent.lapse_officer", facts={"trained_on": row.trained_on}, active_on=None)
    end_filing(row, today)
    tell(System("talent"), "talent.officer_lapsed", row)
    return 1


def _deregister(thing: Officer) -> int:
    row = locked(thing)
    day = row.enterprise.closed_on or timezone.localdate()
    move(System("talent"), row, "deregister", "talent.deregister_officer", {"on": day}, ended_on=day)
    end_filing(row, day)
    return 1
