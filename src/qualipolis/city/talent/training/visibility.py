"""Who sees courses and their people: courses are open to everybody, people to trainers, to their firm and to themselves."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import roles_of, visibility
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.talent.models import (
    Attendance,
    Course,
    Enrolment,
    Exam,
    Question,
    QuestionBatch,
    Session,
    SessionDay,
    Sitting,
    TrainingCertificate,
)
from qualipolis.city.talent.officers.visibility import EVERYTHING, NOTHING, acts_for, of_firm, of_towns

TRAINERS = ("trainer",)
OVERSEERS = ("planner", "leader", "auditor", "department")
CANDIDATES = ("enterprise", "reviewer", "laboratory", "expert")
SECRET_STATES = ("drawn", "started", "handed_in")


def trains(actor: Any) -> bool:
    """Whether somebody trains for the city."""
    return bool(roles_of(actor) & {*TRAINERS, SYSTEM})


def _mine(actor: Any, path: str = "learner__") -> Q:
    return Q(**{f"{path}account": getattr(actor, "pk", None) or 0})


@visibility(Course)
def seen_courses(actor: Any, rows: QuerySet[Course]) -> QuerySet[Course]:
    """The catalogue is open."""
    return rows


@visibility(Session)
def seen_sessions(actor: Any, rows: QuerySet[Session]) -> QuerySet[Session]:
    """What was announced is open; what is being planned is the trainers'."""
    return rows if trains(actor) or roles_of(actor) & set(OVERSEERS) else rows.exclude(status="planned")


@visibility(SessionDay)
def seen_days(actor: Any, rows: QuerySet[SessionDay]) -> QuerySet[SessionDay]:
    """The days with their codes are the trainers'; everybody else is shown days without codes."""
    return rows if trains(actor) else rows.none()


@visibility(Enrolment)
def seen_enrolments(actor: Any, rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """All for the trainers; a firm its people, offices those of their towns, everybody oneself."""
    if trains(actor):
        return rows
    towns = of_towns(actor) if roles_of(actor) & {"department", "inspector", "town_officer"} else NOTHING
    return rows.filter(towns | of_firm(actor) | _mine(actor))


@visibility(Attendance)
def seen_attendance(actor: Any, rows: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """That of the enrolments somebody sees."""
    return rows.filter(enrolment__in=seen_enrolments(actor, Enrolment.objects.all()).values("pk"))


@visibility(Question)
def seen_questions(actor: Any, rows: QuerySet[Question]) -> QuerySet[Question]:
    """The bank is the trainers'; a candidate reads the questions of the own paper through the sitting."""
    return rows if trains(actor) else rows.none()


@visibility(QuestionBatch)
def seen_batches(actor: Any, rows: QuerySet[QuestionBatch]) -> QuerySet[QuestionBatch]:
    """The trainers'."""
    return rows if trains(actor) else rows.none()


@visibility(Exam)
def seen_exams(actor: Any, rows: QuerySet[Exam]) -> QuerySet[Exam]:
    """All for the trainers; a candidate those of the own sittings. The seed is never shown before the window is over."""
    if trains(actor):
        return rows
    return rows.filter(sittings__enrolment__learner__account=getattr(actor, "pk", None) or 0).distinct()


@visibility(Sitting)
def seen_sittings(actor: Any, rows: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """All for the trainers; the candidate the own one. A firm sees results at its enrolments, never a paper."""
    return rows if trains(actor) else rows.filter(_mine(actor, "enrolment__learner__"))


@visibility(TrainingCertificate)
def seen_certificates(actor: Any, rows: QuerySet[TrainingCertificate]) -> QuerySet[TrainingCertificate]:
    """All for the trainers; offices those of their towns, a firm its people's, everybody the own."""
    if trains(actor):
        return rows
    inside = roles_of(actor) & {"department", "inspector", "town_officer"}
    towns = of_towns(actor, "learner__enterprise__") if inside else NOTHING
    return rows.filter(towns | of_firm(actor, "learner__enterprise__") | _mine(actor))


def own_enrolment(actor: Any, thing: Enrolment) -> Enrolment:
    """Return the row kept for this transaction, for the person, the firm, or a trainer."""
    row = locked(thing)
    firm = row.enterprise is not None and acts_for(actor, row.enterprise)
    if trains(actor) or firm or row.learner.account_id == (getattr(actor, "pk", None) or 0):
        return row
    raise PermissionDenied(_("Only the person, the firm and the trainers may do this."))


def own_sitting(actor: Any, thing: Sitting) -> Sitting:
    """Return the sitting kept for this transaction, for its candidate alone."""
    row = locked(thing)
    if row.enrolment.learner.account_id == (getattr(actor, "pk", None) or 0):
        return row
    raise PermissionDenied(_("Only the candidate may do this, signed in under the candidate's own account."))


__all__ = ["CANDIDATES", "EVERYTHING", "OVERSEERS", "TRAINERS", "own_enrolment", "own_sitting", "trains"]
