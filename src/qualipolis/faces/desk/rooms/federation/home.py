"""The home of the federation for whoever takes part, and the list of mediation entrusted to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.moves import state_words
from qualipolis.city.core.policy import may_enter, page
from qualipolis.city.govern.bodies import (
    MEMBERS,
    READERS,
    REPRESENTATIVES,
    SECRETARY,
    guides,
    in_secretariat,
    own_member,
)
from qualipolis.city.govern.clues import queries as clues
from qualipolis.city.govern.mediation import entrusted
from qualipolis.city.govern.meetings import queries as meetings
from qualipolis.city.govern.members import queries as members
from qualipolis.city.govern.pacts import queries as pacts
from qualipolis.city.govern.work import work
from qualipolis.city.listen.models import Complaint
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pieces import STAGE, Section, chip_of, crumbs, day_words
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.rooms.supervise import after

FEW = 4


@page(*READERS)
def home(request: HttpRequest) -> HttpResponse:
    """What waits, how many of everything, and the latest pacts, meetings and tasks."""
    user, mine = request.user, own_member(request.user)
    waiting = [(item, reverse(item.url_name, args=item.url_args), deadline(item.due)) for item in work(user)]
    shown = {
        "stage": STAGE, "lead": _lead(user), "work": waiting, "figures": _figures(user), "sections": _sections(user),
        "mine": mine, "mine_state": chip_of(mine) if mine else None,
        "mine_url": reverse("desk:federation_member", args=[mine.pk]) if mine else "", "tools": _tools(user, mine),
        "crumbs": [(_("Co-governance federation"), "")],
    }  # fmt: skip
    return render(request, "federation/home.html", shown)


def _lead(user: Any) -> str:
    if in_secretariat(user):
        return _("The secretariat serves the members; the members decide.")
    if guides(user):
        return _("You guide with opinions and proposals; the federation decides by itself.")
    return _("Associations, firms and consumers govern along: pacts, clues, votes, joint tasks.")


def _tools(user: Any, mine: Any) -> list[tuple[str, str, str]]:
    found = [(_("Public page"), reverse("portal:federation"), "external-link")]
    if may_enter(user, MEMBERS) and mine is None:
        found.append((_("Apply for membership"), reverse("desk:federation_apply"), "plus"))
    return found


def _figures(user: Any) -> list[tuple[str, int, str]]:
    def to(name: str, show: str = "") -> str:
        return reverse(f"desk:federation_{name}") + (f"?show={show}" if show else "")

    found = [
        (_("Active members"), members.members(user, {"show": "active"}).count(), to("members", "active")),
        (_("Pacts in force"), pacts.pacts(user, {"show": "living"}).count(), to("pacts", "living")),
        (_("Joint tasks under way"), meetings.tasks(user, {"show": "running"}).count(), to("tasks", "running")),
        (_("Meetings of the federation"), meetings.meetings(user).count(), to("meetings")),
        (_("Pledges"), members.pledges(user, {"show": "published"}).count(), to("pledges", "published")),
    ]
    if may_enter(user, (*SECRETARY, *REPRESENTATIVES)):
        found.append((_("Clues"), clues.clues(user).count(), to("clues")))
    if entrusted(user).exists() or in_secretariat(user):
        found.append((_("Mediation entrusted"), entrusted(user, "now").count(), to("mediation")))
    return found


def _sections(user: Any) -> list[Section]:
    def lines(rows: Any, name: str) -> list[Mapping[str, Any]]:
        return [{"words": one.name, "url": reverse(f"desk:federation_{name}", args=[one.pk]), "small": one.number, "chip": chip_of(one)}
                for one in rows[:FEW]]  # fmt: skip

    kinds = (
        (_("Pacts"), lines(pacts.pacts(user), "pact"), "pacts", _("No pact here")),
        (_("Meetings of the federation"), lines(meetings.meetings(user), "meeting"), "meetings", _("No meeting here")),
        (_("Joint tasks"), lines(meetings.tasks(user), "task"), "tasks", _("No joint task here")),
    )
    return [
        Section(
            title, rows=rows, empty="" if rows else none, links=[(_("All of them"), reverse(f"desk:federation_{name}"))]
        )
        for title, rows, name, none in kinds
    ]


def _columns() -> list[parts.Column]:
    return [
        parts.Column("number", _("Complaint"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Mediation ends on")),
        parts.Column("town", _("Town")),
        parts.Column("person", _("Mediator")),
    ]


def _cells(row: Complaint) -> Mapping[str, Any]:
    return {
        "number": row.number,
        "state": state_words(row),
        "due": after.due_cell(row) or day_words(row.due_on),
        "town": row.unit.name if row.unit else "",
        "person": str(row.mediator_person) if row.mediator_person else _("not named yet"),
    }


LIST = after.ListPage(
    gettext_lazy("Mediation entrusted to the federation"),
    gettext_lazy("Market regulation entrusted these mediations; the federation acts in its name and passes none on. Numbers and days only: the mediator alone reads the complaint."),
    _columns, _cells, (("", gettext_lazy("All")), ("now", gettext_lazy("under way")), ("over", gettext_lazy("concluded"))), "federation-mediation",
    (gettext_lazy("Nothing is entrusted now"), gettext_lazy("The complaint desk entrusts a mediation to the federation.")),
)  # fmt: skip


@page(*SECRETARY, "mediator")
def mediation(request: HttpRequest) -> HttpResponse:
    """The mediations entrusted to the federation, by number and day."""
    rows = entrusted(request.user, request.GET.get("show", ""))
    trail = crumbs((_("Mediation"), "")) if may_enter(request.user, READERS) else [(_("Mediation"), "")]
    return after.list_page(request, LIST, rows, stage="govern", crumbs=trail)
