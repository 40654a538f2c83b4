"""The quality award for everyone: rounds, the proposal on public notice, holders by year, reviewers by level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import ANYONE, System, page
from qualipolis.city.talent import service
from qualipolis.city.talent.awards.visibility import public_holders, public_proposals, public_rounds
from qualipolis.city.talent.models import AwardApplication, AwardRound
from qualipolis.city.talent.reviewers.visibility import public_reviewers
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.rooms.talent import award_words as words
from qualipolis.faces.portal import frame

PLACE = "talent"
PUBLIC = System("talent.public")


def show(
    request: HttpRequest, template: str, crumbs: list[tuple[str, str]], context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Answer with a page of the award."""
    first = [frame.home_crumb(), (_("Quality award"), reverse("portal:awards") if crumbs else "")]
    return frame.show(
        request, f"talent/{template}", PLACE, {"stage": "build", "crumbs": first + crumbs} | context, status
    )


@frame.open_page
def awards(request: HttpRequest) -> HttpResponse:
    """Rounds and holders; one that was revoked stays with day and reason."""
    rounds = list(public_rounds())
    holders = list(public_holders(whole(request.GET.get("year", ""))))
    context = {
        "rounds": [_round(row) for row in rounds], "holders": [_holder(row) for row in holders],
        "years": sorted({row.round.year for row in public_holders()}, reverse=True), "year": whole(request.GET.get("year", "")),
        "reviewers": public_reviewers().count(),
        "data": [(form, reverse("portal:award_data", args=[form])) for form in ("csv", "json")],
    }  # fmt: skip
    return show(request, "awards", [], context)


def _round(row: AwardRound) -> dict[str, Any]:
    on_notice = row.status == "public_notice"
    open_now = row.status == "announced" and timezone.localdate() <= row.apply_until
    due = row.notice_until if on_notice else row.apply_until if open_now else None
    return {"row": row, "state": words.chip(row), "due": deadline(due), "on_notice": on_notice, "open": open_now}


def _holder(row: AwardApplication) -> dict[str, Any]:
    return {"row": row, "firm": row.enterprise.name, "town": row.enterprise.unit.name, "tier": row.get_tier_display(),
            "revoked": row.status == "revoked"}  # fmt: skip


def round_of(number: str) -> AwardRound:
    """Return a round that was announced; a draft is not there for anybody."""
    return get_object_or_404(public_rounds(), number=number)


@frame.open_page
def award_round(request: HttpRequest, number: str) -> HttpResponse:
    """One round: who may apply, the proposal while it is on notice, what was granted."""
    row = round_of(number)
    shown = _round(row)
    context = shown | {
        "proposals": [_holder(one) for one in public_proposals(row)],
        "holders": [_holder(one) for one in public_holders().filter(round=row)],
        "apply": address("desk:my_awards"), "synthetic": row.synthetic,
    }  # fmt: skip
    return show(request, "award_round", [(row.name, "")], context)


class ObjectionForm(forms.Form):
    """An objection to a proposal."""

    application = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=gettext_lazy("About which firm"),
        empty_label=gettext_lazy("the whole proposal"),
    )
    words = forms.CharField(
        label=gettext_lazy("What you object to, with the facts"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    sender = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    contact = forms.CharField(label=gettext_lazy("How we can answer you"), max_length=120)

    def __init__(self, row: AwardRound, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["application"]
        field.queryset = public_proposals(row)
        field.label_from_instance = lambda one: one.enterprise.name


@page(ANYONE)
def award_objection(request: HttpRequest, number: str) -> HttpResponse:
    """Object to a proposal while the public notice runs."""
    row = round_of(number)
    if row.status != "public_notice" or row.notice_until is None or timezone.localdate() > row.notice_until:
        return redirect("portal:award_round", number)
    form = ObjectionForm(row, request.POST if request.method == "POST" else None)
    made: list[Any] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(service.object_to_award(PUBLIC, row, **said)), _("Received.")
    ):
        context = {"row": row, "made": made[0], "due": None}
        return show(
            request,
            "award_objected",
            [(row.name, reverse("portal:award_round", args=[number])), (_("Received"), "")],
            context,
        )
    crumbs = [(row.name, reverse("portal:award_round", args=[number])), (_("Object"), "")]
    context = {"row": row, "form": form, "due": deadline(row.notice_until)}
    return show(request, "award_objection", crumbs, context, 400 if form.errors else 200)


@frame.open_page
def award_reviewers(request: HttpRequest) -> HttpResponse:
    """The reviewers who agreed to be named, by level."""
    rows = [{"row": row, "level": words.chip(row)} for row in public_reviewers()]
    return show(request, "award_reviewers", [(_("Reviewers"), "")], {"rows": rows})
