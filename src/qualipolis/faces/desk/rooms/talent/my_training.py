"""Courses for those who take them: the calendar with seats, one's own people, signing in, examinations, certificates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import page, roles_of
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Learner, Session
from qualipolis.city.talent.officers.queries import learners_of_firm
from qualipolis.city.talent.training import queries
from qualipolis.city.talent.training.attendance import hours_needed, hours_of
from qualipolis.city.talent.training.visibility import CANDIDATES
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import training_words
from qualipolis.faces.desk.rooms.talent.my_officers import accounts_of, firm_field
from qualipolis.faces.desk.rooms.talent.officer_acts import choices
from qualipolis.law.talent.conditions import EDUCATION, TITLES

MOST = 40


@page(*CANDIDATES)
def my_training(request: HttpRequest) -> HttpResponse:
    """What is offered, who takes part, what is to be written, which certificates stand."""
    rows = list(queries.enrolments(request.user)[:MOST])
    shown = {
        "stage": "build", "calendar": [_offered(row) for row in queries.calendar()[:MOST]],
        "enrolments": [_line(request.user, row) for row in rows],
        "sittings": [{"row": one, "state": training_words.state_chip(one), "until": training_words.hour(one.exam.closes_at)}
                     for one in queries.own_sittings(request.user)[:MOST]],
        "certificates": queries.certificates(request.user)[:MOST], "firm": "enterprise" in roles_of(request.user),
        "crumbs": [(_("Courses and examinations"), "")],
    }  # fmt: skip
    return render(request, "talent/my_training.html", shown)


def _offered(row: Any) -> dict[str, Any]:
    return {"row": row, "days": training_words.days_of(row), "left": queries.seats_left(row), "open": row.status == "open",
            "state": training_words.state_chip(row)}  # fmt: skip


def _line(actor: Any, row: Any) -> dict[str, Any]:
    mine = row.learner.account_id is not None and row.learner.account_id == actor.pk
    return {
        "row": row, "state": training_words.state_chip(row), "hours": hours_of(row), "needed": hours_needed(row.session),
        "days": training_words.days_of(row.session), "mine": mine,
        "sign_in": mine and row.status == "admitted" and row.session.status == "running",
        "withdraw": row.status in ("applied", "waiting", "admitted") and row.session.status in ("open", "listed"),
    }  # fmt: skip


class EnrolForm(forms.Form):
    """Somebody of the firm who is known, or somebody new."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["learner"] = forms.ModelChoiceField(
            _people(user), label=_("Who takes part"), required=False, empty_label=_("somebody new"))  # fmt: skip
        if "enterprise" in roles_of(user):
            self.fields["enterprise"] = firm_field(user)
        self.fields["name"] = after.line(_("Name"), 80, False)()
        self.fields["id_number"] = after.line(
            _("Number of the identity card or passport"), 24, False,
            help_text=_("Kept as a key only: it shows whether the same person is on file elsewhere."))()  # fmt: skip
        self.fields["education"] = forms.ChoiceField(label=_("Education"), choices=choices(EDUCATION))
        self.fields["title"] = forms.ChoiceField(label=_("Professional title"), choices=choices(TITLES))
        if "enterprise" in roles_of(user):
            self.fields["account"] = forms.ModelChoiceField(accounts_of(user), label=_("Account of the person"), required=False,
                help_text=_("With it the person signs in to the course and the examination."))  # fmt: skip


def _people(user: Any) -> Any:
    if "enterprise" in roles_of(user):
        return learners_of_firm(user)
    return Learner.objects.filter(account=user)


@page(*CANDIDATES)
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol somebody for a session."""
    row = get_object_or_404(Session.objects.select_related("course", "unit"), pk=pk, status="open")
    form = EnrolForm(request.user, request.POST) if request.method == "POST" else EnrolForm(request.user)
    if request.method == "POST" and attempt(
        request, form, lambda said: _enrolled(request.user, row, said), _("Enrolled.")
    ):
        return redirect("desk:my_training")
    shown = {
        "stage": "build", "heading": _("Enrol: %(name)s") % {"name": row.course.name}, "form": form, "button": _("Enrol"),
        "facts": _facts(row), "facts_title": row.number,
        "crumbs": [(_("Courses and examinations"), reverse("desk:my_training")), (row.number, "")],
    }  # fmt: skip
    return render(request, "talent/form.html", shown, status=400 if form.errors else 200)


def _facts(row: Session) -> list[tuple[str, str]]:
    found = [
        (_("Days"), training_words.days_of(row)),
        (_("Hours"), f"{row.course.hours.normalize():f}"),
        (_("Place"), row.place),
    ]
    if row.enrol_until:
        found.append((_("Enrolment until"), f"{row.enrol_until:%Y-%m-%d}"))
    return [*found, (_("Fee"), _("none"))]


def _enrolled(actor: Any, row: Session, said: dict[str, Any]) -> Any:
    who = said["learner"] or service.register_learner(
        actor, said.get("enterprise"), name=said["name"], id_number=said["id_number"], education=said["education"],
        title=said["title"], account=said.get("account"),
    )  # fmt: skip
    return service.enrol(actor, row, who)


@page(*CANDIDATES)
def enrolment(request: HttpRequest, pk: int) -> HttpResponse:
    """One enrolment: sign in with the code, withdraw, what was attended."""
    row = get_object_or_404(queries.enrolments(request.user), pk=pk)
    form = forms.Form(request.POST or None)
    line = _line(request.user, row)
    if line["sign_in"]:
        form.fields["code"] = after.line(_("Code shown in the room"), 8)()
        form.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
    if request.method == "POST" and attempt(request, form, lambda said: _act(request, row, said), _("Done.")):
        return redirect("desk:enrolment", pk)
    shown = {
        "stage": "build", "one": line, "row": row, "form": form, "attendance": row.attendance.select_related("day"),
        "crumbs": [(_("Courses and examinations"), reverse("desk:my_training")), (row.number, "")],
    }  # fmt: skip
    return render(request, "talent/enrolment.html", shown, status=400 if form.errors else 200)


def _act(request: HttpRequest, row: Any, said: dict[str, Any]) -> Any:
    if request.POST.get("do") == "withdraw":
        return service.withdraw_enrolment(request.user, row)
    return service.sign_in(request.user, row, said.get("code", ""))
