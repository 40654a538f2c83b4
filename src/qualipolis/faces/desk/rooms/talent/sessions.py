"""Courses for the trainers: the list, a new session, one session with its people, days, examination and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.registry.models import Unit
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Course, Session
from qualipolis.city.talent.training import queries
from qualipolis.city.talent.training.attendance import hours_needed, unmarked
from qualipolis.city.talent.training.lists import SESSION_SHOWS
from qualipolis.city.talent.training.sessions import UNSETTLED
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import session_people, training_words
from qualipolis.faces.desk.templatetags import desk as tags

WAITS = {
    "settled": gettext_lazy("All results are known; the course is closed."),
    "cancelled": gettext_lazy("The course was cancelled."),
}
MOST_DAYS = 10


def _columns() -> list[parts.Column]:
    return [
        parts.Column("course", _("Course"), title=True),
        parts.Column("state", _("State")),
        parts.Column("days", _("Days")),
        parts.Column("place", _("Place")),
        parts.Column("taken", _("Seats taken"), numeric=True),
        parts.Column("waiting", _("To answer"), numeric=True),
    ]


def _cells(row: Any) -> Mapping[str, Any]:
    found = training_words.state_chip(row)
    return {
        "course": format_html('{}<br><span class="muted">{}</span>', row.course.name, row.number),
        "state": tags.chip(found.kind, found.text, None),
        "days": training_words.days_of(row),
        "place": row.place,
        "taken": f"{row.taken} / {row.seats or 0}",
        "waiting": str(row.waiting),
        "url": reverse("desk:training_session", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Courses and sessions"),
    gettext_lazy("What is announced stands in the public calendar."),
    _columns, _cells, (("", gettext_lazy("All")), *SESSION_SHOWS.items()), "talent-sessions",
    (gettext_lazy("No course has been planned yet"), gettext_lazy("Plan one from the catalogue.")), search=True,
)  # fmt: skip


@page("trainer")
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions, the latest first."""
    rows = queries.sessions(request.user, request.GET.dict()).distinct()
    tools = [
        (_("Question bank"), reverse("desk:training_bank"), "list-check"),
        (_("Certificates"), reverse("desk:talent_certificates"), "file-text"),
        (_("New course"), reverse("desk:training_course_new"), "plus"),
        (_("Plan a session"), reverse("desk:training_session_new"), "plus"),
    ]
    return after.list_page(request, LIST, rows, stage="build", tools=tools, crumbs=[(_("Courses and sessions"), "")])


class CourseForm(forms.Form):
    """A course of the catalogue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = after.line(_("Code"), 24)()
        self.fields["kind"] = forms.ChoiceField(label=_("Whom it trains"), choices=Course.Kind.choices)
        self.fields["name_zh"] = after.line(_("Name in Chinese"), 200)()
        self.fields["name_en"] = after.line(_("Name in English"), 200, False)()
        self.fields["hours"] = forms.DecimalField(label=_("Hours"), min_value=0.5, max_value=400, decimal_places=1)
        self.fields["content"] = after.area(_("Content"), 2000, required=False)()
        self.fields["examined"] = forms.BooleanField(label=_("Ends with an examination"), required=False, initial=True)
        self.fields["minutes"] = forms.IntegerField(
            label=_("Minutes of the examination"), min_value=5, max_value=300, initial=60
        )
        self.fields["paper"] = after.area(
            _("Composition of the paper"), 2000, 4, required=False,
            help_text=_("One section on each line: topic, questions, points for each. For example: law 10 2"))()  # fmt: skip

    def clean_paper(self) -> list[dict[str, Any]]:
        """Return the sections; a line that cannot be read is named."""
        found: list[dict[str, Any]] = []
        for place, text in enumerate(self.cleaned_data["paper"].splitlines(), 1):
            words = text.replace("，", " ").replace(",", " ").split()
            if not words:
                continue
            try:
                topic, count, points = " ".join(words[:-2]), int(words[-2]), float(words[-1])
            except (ValueError, IndexError):
                raise forms.ValidationError(_("Line %(n)s cannot be read.") % {"n": place}) from None
            found.append({"name": topic, "count": count, "points": points, "topics": [topic]})
        return found


@page("trainer")
def course_new(request: HttpRequest) -> HttpResponse:
    """Put a course into the catalogue."""
    form = CourseForm(request.POST or None)
    if request.method == "POST" and attempt(request, form, lambda said: _course(request.user, said), _("Kept.")):
        return redirect("desk:training_session_new")
    shown = {
        "stage": "build", "heading": _("New course"), "form": form, "button": _("Put into the catalogue"),
        "crumbs": [(_("Courses and sessions"), reverse("desk:training_sessions")), (_("New course"), "")],
    }  # fmt: skip
    return render(request, "talent/form.html", shown, status=400 if form.errors else 200)


def _course(actor: Any, said: dict[str, Any]) -> Course:
    paper = said.pop("paper")
    return service.add_course(actor, None, **said | {"hours": float(said["hours"]), "blueprint": paper})


class SessionForm(forms.Form):
    """A session: course, first day, how many days, place, seats."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"] = forms.ModelChoiceField(queries.courses(), label=_("Course"), empty_label=None)
        self.fields["starts_on"] = after.day(_("First day"))()
        self.fields["days"] = forms.IntegerField(
            label=_("Number of days"), min_value=1, max_value=MOST_DAYS, initial=1,
            help_text=_("One after the other; the hours of the course are shared among them."))  # fmt: skip
        self.fields["place"] = after.line(_("Place"), 160)()
        self.fields["unit"] = forms.ModelChoiceField(Unit.objects.order_by("code"), label=_("Town"), required=False)
        self.fields["teacher"] = after.line(_("Teacher"), 120, False)()
        self.fields["seats"] = forms.IntegerField(label=_("Seats"), min_value=1, max_value=5000)
        self.fields["enrol_until"] = after.day(_("Enrolment until"), required=False)()


@page("trainer")
def session_new(request: HttpRequest) -> HttpResponse:
    """Plan a session."""
    form = SessionForm(request.POST or None)
    made: list[Session] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(_planned(request.user, said)), _("Planned.")
    ):
        return redirect("desk:training_session", made[0].pk)
    shown = {
        "stage": "build", "heading": _("Plan a session"), "form": form, "button": _("Plan the session"),
        "lead": _("It stands in the public calendar once it is announced."),
        "crumbs": [(_("Courses and sessions"), reverse("desk:training_sessions")), (_("Plan a session"), "")],
    }  # fmt: skip
    return render(request, "talent/form.html", shown, status=400 if form.errors else 200)


def _planned(actor: Any, said: dict[str, Any]) -> Session:
    course, first, n = said["course"], said["starts_on"], said["days"]
    more = {name: said[name] for name in ("place", "unit", "teacher", "seats", "enrol_until")}
    return service.plan_session(actor, course, days=shared(first, n, float(course.hours)), **more)


def shared(first: date, days: int, hours: float) -> list[tuple[date, str, float]]:
    """Return days one after the other, the hours shared in tenths, the last day takes what is left.

    >>> [hours for _day, _label, hours in shared(date(2026, 5, 6), 3, 16)]
    [5.3, 5.3, 5.4]
    """
    each = int(hours * 10) // days / 10
    parts_ = [each] * (days - 1) + [round(hours - each * (days - 1), 1)]
    return [(first + timedelta(days=n), "", part) for n, part in enumerate(parts_)]


def _acts() -> list[Act]:
    return [
        Act("announce", "talent.announce_session", lambda actor, one, said: service.announce_session(actor, one)),
        Act("close_list", "talent.close_list", lambda actor, one, said: service.close_list(actor, one)),
        Act("begin", "talent.begin_session", lambda actor, one, said: service.begin_session(actor, one), for_good=True),
        Act("end", "talent.end_session", lambda actor, one, said: service.end_session(actor, one), for_good=True,
            help=gettext_lazy("Who attended enough goes on to the examination; who did not is absent.")),
        Act("settle", "talent.settle_session", lambda actor, one, said: service.settle_session(actor, one)),
        Act("open_again", "talent.open_list", lambda actor, one, said: service.open_list(actor, one)),
        Act("cancel", "talent.cancel_session", lambda actor, one, said: service.cancel_session(actor, one, said["reason"])),
    ]  # fmt: skip


def _facts(row: Session) -> dict[str, Any]:
    return {
        "course": row.course_id, "days": row.days.count(), "place": row.place, "seats": row.seats, "starts_on": row.starts_on,
        "ends_on": row.ends_on, "unmarked": unmarked(row), "open_enrolments": row.enrolments.filter(status__in=UNSETTLED).count(),
    }  # fmt: skip


@page("trainer")
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: its people, days and codes, attendance, examination, certificates."""
    row = get_object_or_404(visible(request.user, Session.objects.select_related("course", "unit")), pk=pk)
    found = offers(request, row, _acts(), _facts(row))
    asked = after.marks(request, row, session_people.marks_of(row))
    if request.method == "POST" and (
        take(request, row, found) or after.take_mark(request, row, asked) or session_people.take(request, row)
    ):
        return redirect("desk:training_session", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "talent/session.html", _context(request, row, found, asked), status=status)


def _context(request: HttpRequest, row: Session, found: list[Any], asked: list[Any]) -> dict[str, Any]:
    shown, told = page_of(request, row, found, "desk:training_session"), history(row)
    return shown | {
        "stage": "build",
        "state": training_words.state_chip(row),
        "asked": asked,
        "waits": str(WAITS.get(row.status, "")),
        "days": list(row.days.all()),
        "today": timezone.localdate(),
        "needed": hours_needed(row),
        "people": session_people.lines(row),
        "exams": session_people.exam_lines(row),
        "history": told,
        "undo": undo_offer(request.user, f"talent.session:{row.pk}"),
        "crumbs": [(_("Courses and sessions"), reverse("desk:training_sessions")), (row.number, "")],
    }
