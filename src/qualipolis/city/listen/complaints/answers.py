"""Questions to the firm about a complaint and its answers, each with a term of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb, visible
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.listen.complaints.checks import (
    MEDIATED,
    SYSTEM,
    UNDER_WAY,
    complaint_for,
    in_states,
    of_system,
    optional,
    words,
)
from qualipolis.city.listen.complaints.models import Complaint, ComplaintAnswer
from qualipolis.city.listen.complaints.scope import bodies_of, firm_of
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "complaint_answer"
MEDIATORS = roles_for(FLOW, "lapse")


def _mediators_of(thing: ComplaintAnswer) -> list[int | None]:
    return bodies_of(thing.complaint)


def _firm_of(thing: ComplaintAnswer) -> list[int | None]:
    return firm_of(thing.complaint)


def _kept(actor: Any, thing: ComplaintAnswer) -> ComplaintAnswer:
    """Return the question kept for this transaction, together with its complaint."""
    if not of_system(actor) and not visible(actor, ComplaintAnswer.objects.filter(pk=thing.pk)).exists():
        raise PermissionDenied(_("Only those who handle this matter may do this."))
    return locked(thing, "complaint", "complaint__enterprise", "complaint__unit")


@verb("listen.ask_respondent", roles=MEDIATORS, scope=bodies_of)
def ask(actor: Any, thing: Complaint, question: str) -> ComplaintAnswer:
    """Ask the firm what it says to the complaint and what it offers; it answers within the term."""
    row = complaint_for(actor, thing)
    refuse([in_states(row, ("accepted", *MEDIATED)), words(question, "question", msg("Write the question."), 2000)])
    if row.enterprise_id is None:
        refuse([Problem("no_firm", msg("Say first which firm of the register this is."), place="enterprise")])
    today = timezone.localdate()
    due = deadline("complaint.firm_answer", today, in_force=row.received_on).due
    made = ComplaintAnswer.objects.create(
        complaint=row, question=question.strip(), asked_on=today, asked_by=person_of(actor), due_on=due
    )
    record(actor, "listen.ask_respondent", row, {"of": row.number, "due_on": due})
    return made


@verb("listen.answer_complaint", roles=roles_for(FLOW, "answer"), scope=_firm_of)
def answer(
    actor: Any, thing: ComplaintAnswer, words_said: str, offer: str = "", agrees_to_test: bool | None = None
) -> ComplaintAnswer:
    """Answer a question as the firm, also after the term; what it offers goes to the mediator."""
    row = _kept(actor, thing)
    wrong = [words(words_said, "words", msg("Write the answer."), 4000), optional(offer, "offer")]
    refuse([*wrong, in_states(row.complaint, UNDER_WAY)])
    step = "answer_late" if row.status == "silent" else "answer"
    move(actor, row, step, "listen.answer_complaint", {"late": step == "answer_late"}, for_good=True,
         words=words_said.strip(), offer=offer.strip(), agrees_to_test=agrees_to_test,
         answered_on=timezone.localdate())  # fmt: skip
    return row


@verb("listen.note_silence", roles=MEDIATORS, scope=_mediators_of)
def lapse(actor: Any, thing: ComplaintAnswer) -> ComplaintAnswer:
    """Note that the firm did not answer within the term."""
    row = _kept(actor, thing)
    if row.status == "asked" and row.due_on and timezone.localdate() <= row.due_on:
        what = msg("The firm may answer until %(due)s.")
        refuse([Problem("term_running", what, "", {"due": row.due_on})])
    move(actor, row, "lapse", "listen.note_silence", for_good=True)
    return row


@verb("listen.withdraw_question", roles=MEDIATORS, scope=_mediators_of)
def withdraw_question(actor: Any, thing: ComplaintAnswer, reason: str) -> ComplaintAnswer:
    """Take a question to the firm back."""
    row = _kept(actor, thing)
    refuse([words(reason, "reason", msg("Give the reason."))])
    move(actor, row, "withdraw", "listen.withdraw_question", facts={"reason": reason}, for_good=True)
    return row


def take_questions_back(complaint: Complaint) -> None:
    """Take open questions back when the mediation is over: nobody has to answer any more."""
    for one in complaint.answers.filter(status="asked").order_by("pk"):
        withdraw_question(SYSTEM, one, "over")


@sweep("listen.silence")
def sweep_silence(now: datetime) -> int:
    """Note the silence of firms whose term is over; safe to run at any time, and twice."""
    over = ComplaintAnswer.objects.filter(status="asked", due_on__lt=timezone.localdate())
    return one_by_one(over.order_by("pk"), _lapsed)


def _lapsed(row: ComplaintAnswer) -> int:
    lapse(SYSTEM, row)
    return 1
