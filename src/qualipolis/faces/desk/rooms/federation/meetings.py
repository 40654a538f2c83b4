"""Meetings: planned, invited to, opened with a quorum, written down, confirmed, published; with their motions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.govern import service, shown
from qualipolis.city.govern.bodies import READERS, SECRETARY, own
from qualipolis.city.govern.meetings import queries
from qualipolis.city.govern.meetings.holding import quorum
from qualipolis.city.govern.models import FederationMeeting, Member
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pieces import (
    Act,
    Fields,
    Mark,
    Page,
    Section,
    answer,
    area,
    chip_of,
    crumbs,
    day,
    day_words,
    form_page,
    line,
    member_field,
    members_field,
    state_cell,
    texts,
)
from qualipolis.faces.desk.rooms.federation.words import committee_field, opinion_marks, opinion_section
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.law.terms import deadline

SHOW = (("", gettext_lazy("All")), *shown.MEETINGS.items())
WAY = (
    (gettext_lazy("Invitation"), ("planned",), ("federation.invite",)),
    (gettext_lazy("Meeting and votes"), ("invited",), ("federation.open_meeting", "federation.adjourn")),
    (gettext_lazy("Notes of the meeting"), ("held",), ("federation.minute",)),
    (gettext_lazy("Confirmed by the chair"), ("minuted",), ("federation.confirm_notes",)),
    (gettext_lazy("Published"), ("confirmed",), ("federation.publish_notes",)),
)
WAITS = {
    "invited": gettext_lazy("The members come together on the day."),
    "held": gettext_lazy("The secretariat counts the votes and writes the notes."),
    "minuted": gettext_lazy("The member in the chair confirms the notes."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("meeting", _("Meeting"), title=True),
        parts.Column("on", _("Day of the meeting")),
        parts.Column("state", _("State")),
        parts.Column("body", _("Who meets")),
        parts.Column("due", _("Next step due")),
    ]


def _cells(row: FederationMeeting) -> Mapping[str, Any]:
    return {
        "meeting": format_html('{}<br><span class="muted">{}</span>', row.name, row.number),
        "on": after.day_cell(row.meets_on),
        "state": state_cell(row),
        "body": row.committee.name if row.committee else _("all members"),
        "due": after.due_cell(row),
        "url": reverse("desk:federation_meeting", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Meetings of the federation"), gettext_lazy("Members are invited in time, vote with a quorum, and everybody reads the notes."),
    _columns, _cells, SHOW, "federation-meetings",
    (gettext_lazy("No meeting here"), gettext_lazy("The secretariat plans a meeting and invites the members.")),
)  # fmt: skip


@page(*READERS)
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings under a filter."""
    tools = [(_("Plan a meeting"), reverse("desk:federation_meeting_new"), "plus")] if can(request.user, "federation.plan_meeting") else []  # fmt: skip
    rows = queries.meetings(request.user, request.GET.dict())
    return after.list_page(
        request, LIST, rows, stage="govern", tools=tools, crumbs=crumbs((_("Meetings of the federation"), ""))
    )


def _fields(row: FederationMeeting | None = None) -> Fields:
    return {
        "title": line(gettext_lazy("Title"), 160, initial=row.title if row else ""),
        "title_en": line(gettext_lazy("Title in English"), 160, False, initial=row.title_en if row else ""),
        "meets_on": day(gettext_lazy("Day of the meeting"), initial=row.meets_on if row else None,
                        help_text=gettext_lazy("Members are invited at least five working days before.")),
        "place": line(gettext_lazy("Where or how"), 160, initial=row.place if row else ""),
        "committee": committee_field(False, row.committee_id if row else None),
        "chair": member_field(gettext_lazy("In the chair"), initial=row.chair_id if row else None),
        "agenda": area(gettext_lazy("Agenda"), 4000, 5, initial=row.agenda if row else ""),
        "agenda_en": area(gettext_lazy("Agenda in English"), 4000, 4, required=False, initial=row.agenda_en if row else ""),
    }  # fmt: skip


@page(*SECRETARY)
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""

    def act(said: dict[str, Any]) -> str:
        return reverse("desk:federation_meeting", args=[service.plan_meeting(request.user, **said).pk])

    return form_page(request, _("Plan a meeting"), _fields(), act, _("Save the plan"),
                     (_("Meetings of the federation"), reverse("desk:federation_meetings")))  # fmt: skip


@page(*READERS)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one meeting."""
    rows = FederationMeeting.objects.select_related("committee", "chair__organisation")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    enough, entitled, present = quorum(row)
    facts = {
        "agenda": row.agenda, "meets_on": row.meets_on, "earliest": deadline("federation.meeting.notice", timezone.localdate()).due,
        "quorum": enough, "open_votes": row.resolutions.filter(status__in=("drafted", "voting")).count(),
        "in_the_chair": row.chair is not None and own(request.user, row.chair), "minuted_by": row.minuted_by_id,
    }  # fmt: skip
    links = []
    if row.status in ("planned", "invited", "held") and can(request.user, "federation.move_motion", row):
        links.append((_("Put a motion"), reverse("desk:federation_motion_new", args=[pk])))
    return answer(request, Page(
        row, "desk:federation_meeting", row.name, _("%(number)s, %(day)s") % {"number": row.number, "day": day_words(row.meets_on)},
        WAY, _acts(row), facts, _sections(request, row, entitled, present),
        [(_("Meetings of the federation"), reverse("desk:federation_meetings")), (row.number, "")], [*_marks(row), *opinion_marks(row)],
        opinion_section(row, request), links, WAITS,
    ))  # fmt: skip


def _acts(row: FederationMeeting) -> list[Act]:
    notes: Fields = {
        "report": area(gettext_lazy("Notes of the meeting"), 8000, 8, initial=row.notes),
        "notes_en": area(gettext_lazy("Notes in English"), 8000, 5, required=False, initial=row.notes_en),
    }
    return [
        Act("invite", "federation.invite", lambda actor, one, said: service.invite(actor, one), for_good=True),
        Act("open", "federation.open_meeting", lambda actor, one, said: service.open_meeting(actor, one), for_good=True),
        Act("adjourn", "federation.adjourn", lambda actor, one, said: service.adjourn(actor, one)),
        Act("minute", "federation.minute",
            lambda actor, one, said: service.minute(actor, one, said["report"], said["notes_en"]), notes, for_good=True),
        Act("confirm", "federation.confirm_notes", lambda actor, one, said: service.confirm_notes(actor, one), for_good=True),
        Act("publish", "federation.publish_notes", lambda actor, one, said: service.publish_notes(actor, one),
            help=gettext_lazy("Everybody reads the notes and the counts, not who voted how.")),
        Act("return", "federation.return_notes", lambda actor, one, said: service.return_notes(actor, one, said["reason"]), for_good=True),
        Act("cancel", "federation.cancel_meeting", lambda actor, one, said: service.cancel_meeting(actor, one, said["reason"]), for_good=True),
    ]  # fmt: skip


def _marks(row: FederationMeeting) -> list[Mark]:
    asked = Member.objects.filter(attendance__meeting=row)
    there = Member.objects.filter(attendance__meeting=row, attendance__present=True)
    came = [one.pk for one in there]
    return [
        Mark("attendance", "federation.note_attendance", gettext_lazy("Note who came"),
             {"present": members_field(gettext_lazy("Members"), asked, initial=came)},
             lambda actor, one, said: service.note_attendance(actor, one, list(said["present"])),
             when=lambda one: one.status == "invited"),
        Mark("chair", "federation.change_chair", gettext_lazy("Give the chair to another member"),
             {"chair": member_field(gettext_lazy("In the chair"), there)},
             lambda actor, one, said: service.change_chair(actor, one, said["chair"]),
             when=lambda one: one.status in ("invited", "held") and bool(came)),
        Mark("plan", "federation.plan_meeting", gettext_lazy("Change the plan"), _fields(row),
             lambda actor, one, said: service.plan_meeting(actor, one, **said), when=lambda one: one.status == "planned"),
    ]  # fmt: skip


def _sections(request: HttpRequest, row: FederationMeeting, entitled: int, present: int) -> list[Section]:
    motions = [
        {"words": one.name, "url": reverse("desk:federation_resolution", args=[one.pk]), "small": one.number, "chip": chip_of(one)}
        for one in row.resolutions.all()
    ]  # fmt: skip
    facts = [
        (_("Day of the meeting"), day_words(row.meets_on)), (_("Where or how"), row.place),
        (_("Who meets"), row.committee.name if row.committee else _("all members")), (_("In the chair"), row.chair.name if row.chair else "—"),
    ]  # fmt: skip
    if row.reason:
        facts.append((_("Reason"), row.reason))
    came = [
        {"words": one.member.name, "small": _("%(n)s votes, was there") % {"n": one.votes} if one.present else _("%(n)s votes, absent") % {"n": one.votes}}
        for one in row.attendance.select_related("member__organisation")
    ]  # fmt: skip
    count = _("%(present)s of %(entitled)s votes present") % {"present": present, "entitled": entitled}
    return [
        *texts(_("Notes of the meeting"), row.notes, row.notes_en),
        Section(_("Motions and resolutions"), rows=motions, empty="" if motions else _("No motion yet.")),
        *texts(_("Agenda"), row.agenda, row.agenda_en),
        Section(_("Facts"), facts=facts),
        *([Section(_("Members invited"), rows=came, small=count)] if came else []),
    ]
