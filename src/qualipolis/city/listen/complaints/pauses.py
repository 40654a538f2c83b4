"""The clock of mediation stands still for a test that both parties agreed to, and goes on with the days that were left."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.listen.complaints.checks import FLOW, MEDIATED, complaint_for, in_states, optional, party_of, words
from qualipolis.city.listen.complaints.mediation import parties_of
from qualipolis.city.listen.complaints.models import Complaint, MediationPause
from qualipolis.city.listen.complaints.scope import bodies_of
from qualipolis.city.listen.complaints.terms import Stop, Term, left, mediation_term
from qualipolis.methods.problems import Problem, msg, refuse

MEDIATORS = roles_for(FLOW, "pause")
RESUME = ("resume_mediating", "resume_entrusted")


def stops_of(row: Complaint, until: date | None = None) -> list[Stop]:
    """Return the times in which the clock stood still; the open one up to ``until``."""
    pauses = [(one.since, one.until or until) for one in row.pauses.all()]
    return [Stop(since, end) for since, end in pauses if end is not None]


def term_of(row: Complaint, today: date | None = None) -> Term | None:
    """Return the term of mediation of a complaint; while it stands still, as if it went on today."""
    if row.accepted_on is None:
        return None
    return mediation_term(row.accepted_on, row.received_on, stops_of(row, today or timezone.localdate()))


def days_left(row: Complaint, today: date | None = None) -> int | None:
    """Return how many days of the term are left, today counted as one of them, in the days of its order."""
    if row.accepted_on is None:
        return None
    day = today or timezone.localdate()
    return left(row.accepted_on, row.received_on, day, stops_of(row, day))


def open_pause(row: Complaint) -> MediationPause | None:
    """Return the pause that has not ended."""
    return row.pauses.filter(until=None).order_by("-pk").first()


@verb("listen.propose_test", roles=MEDIATORS, scope=bodies_of)
def propose_test(actor: Any, thing: Complaint, laboratory: str, paid_by: str) -> Complaint:
    """Ask both parties whether they agree to a test: at which laboratory, and who pays."""
    row = complaint_for(actor, thing)
    wrong = [in_states(row, MEDIATED), words(laboratory, "laboratory", msg("Name the laboratory."), 160)]
    refuse([*wrong, words(paid_by, "paid_by", msg("Say who pays for the test."), 120)])
    row.test_laboratory, row.test_paid_by = laboratory.strip(), paid_by.strip()
    row.test_asked_on, row.complainant_agrees, row.respondent_agrees = timezone.localdate(), None, None
    fields = ["test_laboratory", "test_paid_by", "test_asked_on", "complainant_agrees", "respondent_agrees"]
    row.save(update_fields=fields)
    record(actor, "listen.propose_test", row, {"of": row.number})
    return row


@verb("listen.answer_test", roles=(*MEDIATORS, "enterprise"), scope=parties_of)
def answer_test(actor: Any, thing: Complaint, party: str, agrees: bool) -> Complaint:
    """Say for a party whether it agrees to the proposed test and its costs; the firm speaks for itself alone."""
    row = complaint_for(actor, thing)
    refuse([in_states(row, MEDIATED), party_of(actor, party)])
    if row.test_asked_on is None:
        refuse([Problem("no_test", msg("No test has been proposed."))])
    setattr(row, f"{party}_agrees", agrees)
    row.save(update_fields=[f"{party}_agrees"])
    record(actor, "listen.answer_test", row, {"of": row.number, "party": party, "agrees": agrees})
    return row


@verb("listen.pause_mediation", roles=MEDIATORS, scope=bodies_of)
def pause(actor: Any, thing: Complaint) -> MediationPause:
    """Stop the clock for the test that both parties agreed to; today is not counted any more."""
    row, today = complaint_for(actor, thing), timezone.localdate()
    rest = days_left(row, today)
    facts = {
        "complainant_agrees": row.complainant_agrees, "respondent_agrees": row.respondent_agrees,
        "laboratory": row.test_laboratory,
    }  # fmt: skip
    told = {"left_days": rest, "from": row.status}
    move(actor, row, "pause", "listen.pause_mediation", told, facts=facts, for_good=True, paused_from=row.status)
    return MediationPause.objects.create(
        complaint=row, laboratory=row.test_laboratory, paid_by=row.test_paid_by, since=today, left_days=rest
    )


@verb("listen.resume_mediation", roles=roles_for(FLOW, *RESUME), scope=bodies_of)
def resume(actor: Any, thing: Complaint, outcome: str = "") -> Complaint:
    """Go on with the mediation once the test is done; today counts again, and the days that were left are left now."""
    row, today = complaint_for(actor, thing), timezone.localdate()
    refuse([in_states(row, ("paused",)), optional(outcome, "outcome", 400)])
    end = term_of(row, today)
    stood = open_pause(row)
    told = {"left_days": stood.left_days if stood else None, "since": stood.since if stood else None}
    move(actor, row, f"resume_{row.paused_from}", "listen.resume_mediation", told,
         facts={"paused_from": row.paused_from}, for_good=True, due_on=end.due if end else None, paused_from="",
         test_asked_on=None, complainant_agrees=None, respondent_agrees=None)  # fmt: skip
    close_pause(row, outcome)
    return row


def close_pause(row: Complaint, outcome: str = "") -> None:
    """End the pause of a complaint whose mediation goes on or is over."""
    MediationPause.objects.filter(complaint=row, until=None).update(until=timezone.localdate(), outcome=outcome.strip())
