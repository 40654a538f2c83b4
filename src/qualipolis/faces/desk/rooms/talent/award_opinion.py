"""What a regulator was asked about applicants, and objections to a proposal for the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page, visible
from qualipolis.city.talent import service
from qualipolis.city.talent.awards import queries
from qualipolis.city.talent.awards.eligibility import ASKED
from qualipolis.city.talent.awards.parties import READERS
from qualipolis.city.talent.models import AwardObjection, RegulatorOpinion
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import award_words as words
from qualipolis.faces.desk.rooms.talent.award_round import STAGE


class OpinionForm(forms.Form):
    """An opinion on one applicant."""

    def __init__(self, row: RegulatorOpinion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{row.pk}_%s", **kwargs)
        self.fields["opinion"] = forms.CharField(widget=forms.HiddenInput, initial=row.pk)
        self.fields["says"] = forms.ChoiceField(
            choices=RegulatorOpinion.Says.choices, widget=forms.RadioSelect, label=_("Opinion")
        )
        self.fields["words"] = after.area(_("What speaks against it"), 1000, 2, required=False)()


@page(*ASKED, "planner")
def opinions(request: HttpRequest) -> HttpResponse:
    """The applicants that an authority was asked about."""
    rows = list(queries.own_opinions(request.user)[:200])
    posted = whole(request.POST.get("opinion", "")) if request.method == "POST" else None
    shown, said = [], False
    for row in rows:
        open_now = not row.says and row.application.round.status == "eligibility"
        form = OpinionForm(row, request.POST if posted == row.pk else None) if open_now else None
        said = said or (
            form is not None and form.is_bound and attempt(request, form, _give(request.user, row), _("Noted."))
        )
        shown.append({"row": row, "form": form, "due": deadline(row.due_on) if open_now else None})
    if said:
        return redirect("desk:award_opinions")
    waiting = sum(one["form"] is not None for one in shown)
    context = {"stage": STAGE, "rows": shown, "waiting": waiting, "crumbs": [(_("Opinions on applicants"), "")]}
    return render(request, "talent/award_opinions.html", context, status=400 if posted else 200)


def _give(actor: Any, row: RegulatorOpinion) -> Any:
    return lambda said: service.give_opinion(actor, row, said["says"], said["words"])


def _answer(step: str, verb: str, call: Any) -> Act:
    field = {"reason": after.area(gettext_lazy("Answer"), 2000, 4)}
    return Act(step, verb, lambda actor, row, said: call(actor, row, said["reason"]), field, for_good=True)


@page(*READERS)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection to a proposal."""
    rows = AwardObjection.objects.select_related("round", "application__enterprise")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    acts = [
        Act("check", "talent.check_objection", lambda actor, one, said: service.check_objection(actor, one)),
        _answer("reject", "talent.reject_objection", service.reject_objection),
        _answer("uphold", "talent.uphold_objection", service.uphold_objection),
        _answer("withdraw", "talent.withdraw_objection", service.withdraw_objection),
    ]
    found = offers(request, row, acts, {})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:award_objection", pk)
    shown = page_of(request, row, found, "desk:award_objection")
    context = shown | {
        "stage": STAGE, "state": words.chip(row), "history": history(row), "steps": [], "undo": None,
        "crumbs": [(_("Award rounds"), reverse("desk:award_rounds")), (row.round.number, reverse("desk:award_round", args=[row.round_id])), (row.number, "")],
    }  # fmt: skip
    return render(request, "talent/award_objection.html", context, status=400 if request.method == "POST" else 200)
