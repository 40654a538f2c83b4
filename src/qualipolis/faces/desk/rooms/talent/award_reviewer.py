"""Reviewers: the list, one of them with standing, ties, hours and ratings, and the application of a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Reviewer, ReviewerTie
from qualipolis.city.talent.reviewers import lists
from qualipolis.city.talent.reviewers.models import LEVELS
from qualipolis.city.talent.reviewers.standing import standing_of
from qualipolis.city.talent.reviewers.visibility import READERS
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import award_words as words
from qualipolis.faces.desk.rooms.talent.award_round import STAGE, chip_cell
from qualipolis.law.terms import rule_number

LEAD = (
    "train",
    "pass_exam",
    "appoint",
    *(f"promote_{level}" for level in LEVELS[1:]),
    *(f"resume_{level}" for level in LEVELS),
)


def _columns() -> list[parts.Column]:
    return [
        parts.Column("name", _("Reviewer"), title=True),
        parts.Column("state", _("Level")),
        parts.Column("fields", _("Fields")),
        parts.Column("reviews", _("Reviews"), numeric=True),
        parts.Column("rating", _("Rating"), numeric=True),
    ]


def _cells(row: Any) -> Mapping[str, Any]:
    return {
        "name": str(row.person), "state": chip_cell(row), "fields": row.fields, "reviews": row.reviews,
        "rating": None if row.rating is None else f"{row.rating:.1f}", "url": reverse("desk:award_reviewer", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Reviewers of performance excellence"),
    gettext_lazy("Levels follow what was done: reviews, ratings, hours of training."),
    _columns, _cells, (("", gettext_lazy("All")), *lists.SHOWS.items()), "talent-reviewers",
    (gettext_lazy("No reviewer here"), gettext_lazy("Reviewers apply on their own page.")), search=True,
)  # fmt: skip


@page(*READERS)
def reviewers(request: HttpRequest) -> HttpResponse:
    """The reviewers."""
    rows = lists.reviewers(request.user, request.GET.dict())
    tools = [(_("Public list"), url, "external-link")] if (url := address("portal:award_reviewers")) else []
    return after.list_page(request, LIST, rows, stage=STAGE, tools=tools, crumbs=[(str(LIST.heading), "")])


class ApplyForm(forms.Form):
    """What somebody says who wants to review."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"] = after.line(_("Employer"), 160)()
        self.fields["employer_code"] = after.line(_("Credit code of the employer"), 18, False)()
        self.fields["fields"] = after.line(_("Fields"), 400)()
        self.fields["experience"] = after.area(_("Experience in quality"), 2000, required=False)()
        self.fields["agreed"] = forms.BooleanField(
            label=_("I keep secret what I read, score alone, and tell of every tie to an applicant.")
        )
        self.fields["public"] = forms.BooleanField(required=False, label=_("My name may stand on the public list."))


@page("reviewer")
def reviewer_new(request: HttpRequest) -> HttpResponse:
    """Apply to become a reviewer."""
    form = ApplyForm(request.POST or None)
    made: list[Reviewer] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(service.apply_reviewer(request.user, None, **said)), _("Applied.")
    ):
        return redirect("desk:award_reviewer", made[0].pk)
    shown = {
        "stage": STAGE, "heading": _("Become a reviewer"), "form": form, "button": _("Apply"),
        "lead": _("Training and examination follow; then you review as a trainee."),
        "crumbs": [(_("My reviews"), reverse("desk:my_reviews")), (_("Become a reviewer"), "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


@page(*READERS, "reviewer")
def reviewer(request: HttpRequest, pk: int) -> HttpResponse:
    """One reviewer."""
    row = get_object_or_404(visible(request.user, Reviewer.objects.select_related("person")), pk=pk)
    standing = standing_of(row)
    facts = standing.facts() | {
        "fields": row.fields,
        "organisation": row.employer,
        "consent": row.agreed,
        "held_from": row.held_from,
    }
    found = [
        one
        for one in offers(request, row, _acts(), facts)
        if one.act.step != "leave" or row.person_id == request.user.pk
    ]
    marks = after.marks(request, row, _marks(row, row.person_id == request.user.pk))
    if request.method == "POST" and (take(request, row, found) or after.take_mark(request, row, marks)):
        return redirect("desk:award_reviewer", pk)
    status = 400 if request.method == "POST" else 200
    lead = [one for one in found if one.act.step in LEAD]
    shown, told = page_of(request, row, lead, "desk:award_reviewer"), history(row)
    context = shown | {
        "stage": STAGE, "state": words.chip(row), "marks": marks, "links": [], "standing": standing, "history": told,
        "needs": rule_number("reviewer.hours"), "ties": row.ties.select_related("enterprise"), "hours": row.hours.all()[:20],
        "ratings": row.ratings.select_related("sheet__application", "given_by")[:20],
        "beside": [*shown["beside"], *(one for one in found if one not in lead and not one.blocked)],
        "undo": undo_offer(request.user, f"talent.reviewer:{row.pk}"), "crumbs": _crumbs(request, row),
    }  # fmt: skip
    return render(request, "talent/award_reviewer.html", context, status=status)


def _crumbs(request: HttpRequest, row: Reviewer) -> list[tuple[str, str]]:
    if row.person_id == request.user.pk:
        return [(_("My reviews"), reverse("desk:my_reviews")), (row.number, "")]
    return [(str(LIST.heading), reverse("desk:award_reviewers")), (row.number, "")]


def _act(step: str, verb: str, call: Any, *names: str, **more: Any) -> Act:
    return Act(step, verb, lambda actor, row, said: call(actor, row, *(said[name] for name in names)), **more)


def _acts() -> list[Act]:
    exam = {
        "score": lambda: forms.IntegerField(min_value=0, max_value=100, label=_("Score of the examination")),
        "on": after.day(_("Examined on"), initial=timezone.localdate),
    }
    return [
        _act("train", "talent.train_reviewer", service.train_reviewer),
        _act("pass_exam", "talent.examine_reviewer", service.examine_reviewer, "score", "on", fields=exam),
        _act("appoint", "talent.appoint_reviewer", service.appoint_reviewer, "document_no"),
        *(_act(f"promote_{level}", "talent.promote_reviewer", service.promote_reviewer) for level in LEVELS[1:]),
        *(_act(f"resume_{level}", "talent.resume_reviewer", service.resume_reviewer, "reason") for level in LEVELS),
        *(_act(f"demote_{level}", "talent.demote_reviewer", service.demote_reviewer, "reason") for level in LEVELS[1:3]),
        _act("suspend", "talent.suspend_reviewer", service.suspend_reviewer, "reason"),
        _act("refuse", "talent.refuse_reviewer", service.refuse_reviewer, "reason"),
        _act("remove", "talent.remove_reviewer", service.remove_reviewer, "reason", "document_no"),
        _act("leave", "talent.leave_reviewers", service.leave_reviewers, "reason"),
    ]  # fmt: skip


def _firm(code: str) -> Enterprise | None:
    return Enterprise.objects.filter(credit_code=code.strip().upper()).first()


def _marks(row: Reviewer, mine: bool) -> list[after.Mark]:
    tie = {
        "credit_code": after.line(_("Credit code of the firm"), 18),
        "kind": lambda: forms.ChoiceField(
            choices=ReviewerTie.Kind.choices, label=_("What ties you") if mine else _("Kind of tie")
        ),
        "until": after.day(_("Ended on"), required=False),
        "note": after.line(_("Note"), 400, False),
    }
    hours = {
        "on": after.day(_("Day"), initial=timezone.localdate),
        "hours": lambda: forms.DecimalField(max_digits=4, decimal_places=1, label=_("Hours")),
        "what": after.line(_("What"), 200),
    }
    public = {
        "public": lambda: forms.BooleanField(
            required=False, initial=row.public, label=_("My name may stand on the public list.")
        )
    }
    return [
        after.Mark("tie", "talent.tell_tie", _("Tell of a tie to a firm"), tie,
                   lambda actor, one, said: service.tell_tie(actor, one, _firm(said["credit_code"]), said["kind"], until=said["until"], note=said["note"])),
        after.Mark("hours", "talent.record_reviewer_hours", _("Record hours of training"), hours,
                   lambda actor, one, said: service.record_reviewer_hours(actor, one, said["on"], said["hours"], said["what"])),
        after.Mark("public", "talent.list_reviewer", _("Public list"), public,
                   lambda actor, one, said: service.list_reviewer(actor, one, said["public"]), lambda one: mine),
    ]  # fmt: skip
