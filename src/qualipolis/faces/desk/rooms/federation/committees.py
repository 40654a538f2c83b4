"""Committees: the list, one with its seats, a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.govern import service
from qualipolis.city.govern.bodies import READERS, SECRETARY
from qualipolis.city.govern.members import queries
from qualipolis.city.govern.models import Committee, Seat
from qualipolis.faces.desk.rooms.federation.pieces import (
    STAGE,
    Mark,
    Section,
    crumbs,
    day_words,
    form_page,
    line,
    member_field,
)
from qualipolis.faces.desk.rooms.supervise.after import marks, take_mark


@page(*READERS)
def committees(request: HttpRequest) -> HttpResponse:
    """The committees with their chairs."""
    rows = []
    for one in queries.committees():
        seats = [seat for seat in one.seats.all() if seat.until is None]
        chair = next((seat.member.name for seat in seats if seat.chair), _("no chair"))
        said = _("%(n)s members, chair: %(chair)s") % {"n": len(seats), "chair": chair}
        rows.append({"words": one.name, "url": reverse("desk:federation_committee", args=[one.pk]), "small": said})
    links = []
    if can(request.user, "federation.found_committee"):
        links.append((_("Found a committee"), reverse("desk:federation_committee_new")))
    section = Section(_("Committees"), rows=rows, empty="" if rows else _("No committee yet."), links=links)
    shown = {
        "stage": STAGE, "heading": _("Committees"), "sections": [section],
        "crumbs": crumbs((_("Members"), reverse("desk:federation_members")), (_("Committees"), "")),
    }  # fmt: skip
    return render(request, "federation/plain.html", shown)


@page(*SECRETARY)
def committee_new(request: HttpRequest) -> HttpResponse:
    """Found a committee."""
    fields = {
        "name_zh": line(gettext_lazy("Name in Chinese"), 200), "name_en": line(gettext_lazy("Name in English"), 200, False),
        "purpose": line(gettext_lazy("What it looks after"), 400, False),
        "purpose_en": line(gettext_lazy("What it looks after, in English"), 400, False),
    }  # fmt: skip

    def act(said: dict[str, Any]) -> str:
        return reverse("desk:federation_committee", args=[service.found_committee(request.user, **said).pk])

    return form_page(request, _("Found a committee"), fields, act, _("Found the committee"),
                     (_("Committees"), reverse("desk:federation_committees")))  # fmt: skip


class SeatField(forms.ModelChoiceField):
    """A seat to choose, by its member."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name of the member."""
        return str(obj.member.name)


def _marks(row: Committee) -> list[Mark]:
    seats = Seat.objects.filter(committee=row, until=None).select_related("member__organisation")
    return [
        Mark("seat", "federation.seat_member", gettext_lazy("Give a member a seat"),
             {"member": member_field(gettext_lazy("Member")),
              "chair": lambda: forms.BooleanField(label=_("takes the chair"), required=False)},
             lambda actor, one, said: service.seat_member(actor, one, said["member"], said["chair"])),
        Mark("end_seat", "federation.end_seat", gettext_lazy("End a seat"),
             {"seat": lambda: SeatField(seats, label=_("Member"))},
             lambda actor, one, said: service.end_seat(actor, one, said["seat"])),
    ]  # fmt: skip


@page(*READERS)
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """One committee: who sits in it, its pacts, meetings and tasks."""
    row = get_object_or_404(Committee, pk=pk)
    noted = marks(request, row, _marks(row))
    if request.method == "POST" and take_mark(request, row, noted):
        return redirect("desk:federation_committee", pk)
    seats = row.seats.filter(until=None).select_related("member__organisation").order_by("-chair", "pk")
    sat = [{"words": one.member.name, "url": reverse("desk:federation_member", args=[one.member_id]),
            "small": _("takes the chair") if one.chair else day_words(one.since)} for one in seats]  # fmt: skip
    pacts = [{"words": one.name, "url": reverse("desk:federation_pact", args=[one.pk])}
             for one in row.pacts.filter(status__in=("published", "monitored"))]  # fmt: skip
    shown = {
        "stage": STAGE, "heading": row.name, "lead": row.aim, "marks": noted,
        "sections": [
            Section(_("Members"), rows=sat, empty="" if sat else _("No member yet")),
            Section(_("Pacts it looks after"), rows=pacts, empty="" if pacts else _("No pact in force.")),
        ],
        "crumbs": crumbs((_("Committees"), reverse("desk:federation_committees")), (row.name, "")),
    }  # fmt: skip
    return render(request, "federation/plain.html", shown, status=400 if request.method == "POST" else 200)
