"""Verbs of enrolments: enrol, admit, waiting list, refuse, withdraw, another sitting."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import advance
from qualipolis.city.talent.models import Course, Enrolment, Learner, Officer, Session
from qualipolis.city.talent.officers.visibility import acts_for
from qualipolis.city.talent.training.results import TRAINABLE, attempts_left
from qualipolis.city.talent.training.visibility import CANDIDATES, TRAINERS, own_enrolment, trains
from qualipolis.law.rules import rule_on
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

TAKEN = ("admitted", "attended", "absent", "passed", "failed")


@verb("talent.enrol", roles=(*CANDIDATES, *TRAINERS))
def enrol(actor: Any, thing: Session, learner: Learner) -> Enrolment:
    """Enrol somebody; an officer who is to be trained is known by the person."""
    session = locked(thing)
    own = learner.enterprise is not None and acts_for(actor, learner.enterprise)
    if not own and not trains(actor) and learner.account_id != (getattr(actor, "pk", None) or 0):
        raise PermissionDenied(_("A firm enrols its own people."))
    office = _office(learner) if session.course.kind in (Course.Kind.OFFICER, Course.Kind.REFRESHER) else None
    today = timezone.localdate()
    refuse(
        [
            None if session.status == "open" else Problem("not_open", msg("The course is not open for enrolment.")),
            None if session.enrol_until is None or today <= session.enrol_until else Problem("too_late", msg("Enrolment has ended.")),
            Problem("enrolled", msg("The person is enrolled already.")) if session.enrolments.filter(learner=learner).exists() else None,
            Problem("no_office", msg("A refresher is for filed officers: no filing of this person was found."))
            if session.course.kind == Course.Kind.REFRESHER and office is None else None,
        ]
    )  # fmt: skip
    made = Enrolment.objects.create(
        number=next_number("BM", today.year), session=session, learner=learner, enterprise=learner.enterprise, officer=office,
        enrolled_by=person_of(actor), due_on=deadline("training.answer", today).due,
    )  # fmt: skip
    record(actor, "talent.enrol", made, {"of": made.number, "session": session.number})
    return made


def _office(learner: Learner) -> Officer | None:
    return learner.offices.filter(status__in=(*TRAINABLE, "nominated")).order_by("-pk").first()


def seats_left(session: Session) -> int:
    """Return how many seats are left."""
    return max(0, (session.seats or 0) - session.enrolments.filter(status__in=TAKEN).count())


def _still_admitting(row: Enrolment) -> None:
    if row.session.status not in ("open", "listed", "running"):
        refuse([Problem("session_over", msg("The course does not take anybody any more."))])


@verb("talent.admit", roles=TRAINERS)
def admit(actor: Any, thing: Enrolment) -> Enrolment:
    """Admit somebody."""
    locked(thing.session)
    row = locked(thing)
    advance(actor, "enrolment", "admit", row.status, seats_left=seats_left(row.session))
    _still_admitting(row)
    move(actor, row, "admit", "talent.admit", facts={"seats_left": seats_left(row.session)})
    return row


@verb("talent.queue", roles=TRAINERS)
def queue(actor: Any, thing: Enrolment) -> Enrolment:
    """Put somebody on the waiting list."""
    row = locked(thing)
    move(actor, row, "queue", "talent.queue")
    return row


@verb("talent.refuse_enrolment", roles=TRAINERS)
def refuse_enrolment(actor: Any, thing: Enrolment, reason: str) -> Enrolment:
    """Refuse the enrolment, with the reason."""
    row, said = locked(thing), reason.strip()[:400]
    move(
        actor,
        row,
        "refuse",
        "talent.refuse_enrolment",
        facts={"reason": said},
        reason=said,
        ended_on=timezone.localdate(),
    )
    return row


@verb("talent.withdraw_enrolment", roles=CANDIDATES)
def withdraw_enrolment(actor: Any, thing: Enrolment) -> Enrolment:
    """Withdraw before the course begins."""
    row = own_enrolment(actor, thing)
    advance(actor, "enrolment", "withdraw", row.status)
    begun = row.session.status not in ("open", "listed", "planned")
    refuse([Problem("begun", msg("The course has begun: ask the trainer.")) if begun else None])
    move(actor, row, "withdraw", "talent.withdraw_enrolment", ended_on=timezone.localdate())
    return row


@verb("talent.allow_resit", roles=TRAINERS)
def allow_resit(actor: Any, thing: Enrolment) -> Enrolment:
    """Allow another sitting after a failed examination."""
    row = locked(thing)
    move(
        actor,
        row,
        "resit",
        "talent.allow_resit",
        facts={"attempts_left": attempts_left(row)},
        for_good=True,
        ended_on=None,
    )
    return row


def most_attempts() -> int:
    """Return how many sittings one enrolment allows today."""
    value = rule_on("exam.attempts", timezone.localdate()).value
    return int(value) if isinstance(value, int) else 1
