"""What waits for someone in training: enrolments, courses to hold, marks contested, certificates; examinations to sit."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.talent.models import Enrolment, Session, Sitting, TrainingCertificate
from qualipolis.city.talent.training import queries

STOP, MOST = "build", 20
PAGE = "desk:training_session"


def trainer_work(actor: Any) -> list[WorkItem]:
    """Return what a trainer has to do."""
    today = timezone.localdate()
    found = [_applied(row) for row in queries.sessions(actor, {"show": "answer"}).distinct()[:MOST]]
    found += [
        _session(row, why, verb, getattr(row, day))
        for shown, why, verb, day in (
            (Q(status__in=("open", "listed"), starts_on__lte=today), _("The course begins: open the attendance."), "talent.begin_session", "starts_on"),
            (Q(status="running", ends_on__lte=today), _("The last day is here: complete the attendance and end the course."), "talent.end_session", "ends_on"),
            (Q(status="held"), _("Set the examination, then close with all results."), "talent.settle_session", "due_on"),
        )
        for row in Session.objects.filter(shown).select_related("course")[:MOST]
    ]  # fmt: skip
    for sitting in Sitting.objects.filter(status="contested").select_related("exam__session__course")[:MOST]:
        title = _("Contested mark %(number)s") % {"number": sitting.number}
        found.append(WorkItem(STOP, title, _("Confirm the mark or correct it."), sitting.due_on, "desk:training_sitting",
                              (sitting.pk,), "talent.uphold_mark"))  # fmt: skip
    return found + _certificates()


def _applied(row: Any) -> WorkItem:
    words = ngettext("%(n)s person waits for an answer.", "%(n)s people wait for an answer.", row.waiting) % {
        "n": row.waiting
    }
    due = (
        Enrolment.objects.filter(session=row, status="applied")
        .order_by("due_on")
        .values_list("due_on", flat=True)
        .first()
    )
    return _session(row, words, "talent.admit", due, row.waiting)


def _session(row: Session, why: str, verb: str, due: Any, count: int = 1) -> WorkItem:
    title = _("Course %(number)s: %(name)s") % {"number": row.number, "name": row.course.name}
    return WorkItem(STOP, title, why, due, PAGE, (row.pk,), verb, count)


def _certificates() -> list[WorkItem]:
    have = TrainingCertificate.objects.values("enrolment")
    waiting = Enrolment.objects.filter(status="passed").exclude(pk__in=have)
    rows = Session.objects.filter(enrolments__in=waiting).select_related("course").distinct()[:MOST]
    return [_session(row, _("Issue the certificates."), "talent.issue_certificates", row.due_on) for row in rows]


def candidate_work(actor: Any) -> list[WorkItem]:
    """Return the examinations somebody has to sit."""
    found = []
    for row in queries.own_sittings(actor).filter(status__in=("drawn", "started"))[:MOST]:
        title = _("Examination: %(name)s") % {"name": row.exam.session.course.name}
        until = timezone.localtime(row.exam.closes_at)
        why = _("Begin by %(when)s; you have %(n)s minutes.") % {
            "when": f"{until:%Y-%m-%d %H:%M}",
            "n": row.exam.minutes,
        }
        found.append(WorkItem(STOP, title, why, until.date(), "desk:sitting", (row.pk,), "talent.start_sitting"))
    return found


MAKERS: Makers = (
    ("trainer", trainer_work),
    ("enterprise", candidate_work),
    ("reviewer", candidate_work),
    ("laboratory", candidate_work),
    ("expert", candidate_work),
)
