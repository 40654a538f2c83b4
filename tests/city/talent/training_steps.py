"""A course taken from its plan to the certificate, as people would."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.city.talent.cast import Cast, enrolment_in, learner, questions, session_in

from qualipolis.city.talent import service
from qualipolis.city.talent.models import Enrolment, Exam, Learner, Sitting
from qualipolis.city.talent.training.marks import versions_on

RIGHT = {"true_false": "true", "number": "12.5"}


def candidate(cast: Cast, **more: Any) -> Learner:
    """Make a person of ``cast.firm`` with an account."""
    return learner(cast, account=cast["candidate"], **more)


def attended(cast: Cast, who: Learner | None = None, **more: Any) -> Enrolment:
    """Make an enrolment of somebody who attended a course that has ended."""
    session = more.pop("session", None) or session_in(cast, "held", due_on=timezone.localdate())
    return enrolment_in(cast, "attended", session=session, learner=who or candidate(cast), **more)


def exam_of(cast: Cast, enrolment: Enrolment) -> Exam:
    """Set an examination that can be sat now."""
    if not questions_there():
        questions()
    now = timezone.now()
    return service.set_exam(cast["trainer"], enrolment.session, now - timedelta(minutes=1), now + timedelta(hours=2))


def questions_there() -> bool:
    """Whether the bank has questions."""
    from qualipolis.city.talent.models import Question

    return Question.objects.exists()


def sitting_of(cast: Cast, enrolment: Enrolment | None = None) -> Sitting:
    """Draw the paper of somebody who attended."""
    row = enrolment or attended(cast)
    exam_of(cast, row)
    return row.sittings.latest("pk")


def right_answers(row: Sitting) -> dict[str, Any]:
    """Return the right answers by the places of the paper."""
    found: dict[str, Any] = {}
    bank = versions_on(row)
    for asked in row.paper:
        question = bank[str(asked["place"])]
        place = str(asked["place"])
        found[place] = [asked["order"].index(question.answer[0])] if question.kind == "single" else RIGHT[question.kind]
    return found


def passed(cast: Cast, enrolment: Enrolment | None = None) -> Enrolment:
    """Let somebody pass the examination."""
    row = sitting_of(cast, enrolment)
    who = row.enrolment.learner.account
    row = service.start_sitting(who, row)
    service.hand_in_sitting(who, row, right_answers(row))
    return Enrolment.objects.get(pk=row.enrolment_id)
