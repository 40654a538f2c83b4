"""What an examination or the attendance makes of an enrolment, and of the officer behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System
from qualipolis.city.talent.models import Course, Enrolment, Sitting
from qualipolis.city.talent.officers.filings import officer_trained
from qualipolis.law.rules import rule_on

ACTOR = System("talent")
FOR_OFFICERS = (Course.Kind.OFFICER, Course.Kind.REFRESHER)
TRAINABLE = ("filed", "trained", "certified", "active", "lapsed")


def passed_without_exam(row: Enrolment) -> Enrolment:
    """A course without an examination is passed by attending."""
    return _pass(row, "pass", {"examined": False})


def exam_result(thing: Enrolment, passed: bool) -> Enrolment:
    """The examination was passed, or not."""
    row = locked(thing)
    if passed:
        return _pass(row, "pass", {"examined": True, "exam_passed": True})
    move(ACTOR, row, "fail", "talent.course_failed", facts={"exam_passed": False}, for_good=True,
         ended_on=timezone.localdate())  # fmt: skip
    return row


def mark_corrected(thing: Enrolment) -> Enrolment:
    """A corrected mark passes the course after all."""
    return _pass(locked(thing), "correct", {"examined": True, "exam_passed": True})


def _pass(row: Enrolment, step: str, facts: dict[str, Any]) -> Enrolment:
    today = timezone.localdate()
    move(ACTOR, row, step, "talent.course_passed", facts=facts, for_good=True, ended_on=today)
    _train_officer(row, today)
    return row


def _train_officer(row: Enrolment, today: date) -> None:
    """An officer whose course it was is trained from this day on; one who has left the office is left alone."""
    if row.officer is None or row.session.course.kind not in FOR_OFFICERS or row.officer.status not in TRAINABLE:
        return
    first = row.session.course.kind == Course.Kind.OFFICER
    if row.officer.status == "filed" and not first:
        return  # a refresher does not stand for the first course
    officer_trained(ACTOR, row.officer, today)


def attempts_left(row: Enrolment) -> int:
    """Return how many sittings are still allowed; one that was voided does not count."""
    most = rule_on("exam.attempts", row.session.starts_on or timezone.localdate()).value
    used = Sitting.objects.filter(enrolment=row).exclude(status="void").count()
    return max(0, int(most) - used) if isinstance(most, int) else 0
