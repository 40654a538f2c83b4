"""The people of one session: answers to enrolments, attendance, the examination, certificates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.parameters import whole
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Enrolment, Session, SessionDay
from qualipolis.city.talent.training.attendance import hours_of
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.faces.desk.rooms.supervise.after import Mark
from qualipolis.faces.desk.rooms.talent import training_words
from qualipolis.methods.problems import InputError

SETTABLE = ("listed", "running", "held")
ANSWERS = {
    "admit": lambda actor, row: service.admit(actor, row),
    "queue": lambda actor, row: service.queue(actor, row),
    "refuse": lambda actor, row: service.refuse_enrolment(actor, row, _("The seats are taken.")),
    "resit": lambda actor, row: service.allow_resit(actor, row),
}


def lines(row: Session) -> list[dict[str, Any]]:
    """Return everybody on the list with what is possible now."""
    found = []
    rows = row.enrolments.select_related("learner", "enterprise").prefetch_related(
        "attendance", "sittings", "certificates"
    )
    for one in rows.order_by("status", "pk"):
        buttons = {
            "applied": [("admit", _("Admit")), ("queue", _("Waiting list")), ("refuse", _("Refuse"))],
            "waiting": [("admit", _("Admit"))],
            "failed": [("resit", _("Allow another sitting"))],
        }.get(one.status, [])
        sitting = max(one.sittings.all(), key=lambda held: held.pk, default=None)
        found.append(
            {
                "row": one, "state": training_words.state_chip(one), "hours": hours_of(one), "buttons": buttons,
                "sitting": sitting, "certificate": next((c for c in one.certificates.all() if c.status == "issued"), None),
                "marked": {held.day_id: held for held in one.attendance.all()},
            }
        )  # fmt: skip
    return found


def exam_lines(row: Session) -> list[dict[str, Any]]:
    """Return the examinations of a session with how far they are."""
    found = []
    for exam in row.exams.order_by("-pk"):
        states = list(exam.sittings.values_list("status", flat=True))
        done = sum(state in ("marked", "upheld", "remarked", "contested") for state in states)
        found.append({"row": exam, "seated": len(states), "done": done, "opens": training_words.hour(exam.opens_at),
                      "closes": training_words.hour(exam.closes_at)})  # fmt: skip
    return found


def _moment(label: Any, hours: int) -> Any:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    first = timezone.localtime() + timedelta(hours=hours)
    return lambda: forms.DateTimeField(
        label=label, widget=widget, initial=first.replace(minute=0, second=0, microsecond=0)
    )


def marks_of(row: Session) -> list[Mark]:
    """Return what a trainer does beside the way: set the examination, seat candidates, issue certificates."""
    return [
        Mark("exam", "talent.set_exam", gettext_lazy("Set the examination"),
             {"opens_at": _moment(gettext_lazy("Opens at"), 1), "closes_at": _moment(gettext_lazy("Can be begun until"), 3)},
             lambda actor, one, said: service.set_exam(actor, one, said["opens_at"], said["closes_at"]),
             lambda one: one.status in SETTABLE and one.course.examined,
             help=gettext_lazy("The questions and a seed are fixed; the hash of the seed is shown now, the seed when it is over.")),
        Mark("seat", "talent.seat_candidates", gettext_lazy("Draw papers for those who came since"),
             {}, lambda actor, one, said: service.seat_candidates(actor, one.exams.latest("pk")),
             lambda one: one.exams.exists() and one.enrolments.filter(status="attended").exists()),
        Mark("certificates", "talent.issue_certificates", gettext_lazy("Issue the certificates"),
             {}, lambda actor, one, said: service.issue_certificates(actor, one),
             lambda one: one.enrolments.filter(status="passed", certificates=None).exists()),
    ]  # fmt: skip


def take(request: HttpRequest, row: Session) -> bool:
    """Answer an enrolment, or note the attendance of a day; False when nothing of it was posted or the law refuses."""
    try:
        return _answer(request, row) or _attendance(request, row)
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem_words(problem))
    except PermissionDenied as error:
        messages.error(request, str(error))
    return False


def _answer(request: HttpRequest, row: Session) -> bool:
    act = ANSWERS.get(request.POST.get("answer", ""))
    one = Enrolment.objects.filter(session=row, pk=whole(request.POST.get("pk")) or 0).first()
    if act is None or one is None:
        return False
    act(request.user, one)
    return True


def _attendance(request: HttpRequest, row: Session) -> bool:
    day = SessionDay.objects.filter(session=row, pk=whole(request.POST.get("day")) or 0).first()
    if day is None:
        return False
    hours: dict[int, float] = {}
    for one in row.enrolments.filter(status="admitted"):
        said = request.POST.get(f"hours-{one.pk}", "").strip()[:8]
        if said:
            try:
                hours[one.pk] = float(said)
            except ValueError:
                messages.error(request, _("%(name)s: give the hours as a number.") % {"name": one.learner.name})
                return False
    n = service.note_attendance(request.user, day, hours)
    messages.success(
        request, ngettext("Attendance of %(n)s person noted.", "Attendance of %(n)s people noted.", n) % {"n": n}
    )
    return True
