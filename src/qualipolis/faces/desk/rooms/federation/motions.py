"""Motions and resolutions: put before a meeting, voted on by every member on its own phone, counted by kinds of members."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.govern import service
from qualipolis.city.govern.bodies import READERS, SECRETARY, in_secretariat, members_of
from qualipolis.city.govern.meetings.voting import aside, ballots, outcome
from qualipolis.city.govern.models import FederationMeeting, Member, Pact, Resolution
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pieces import (
    Act,
    Fields,
    Mark,
    Page,
    Section,
    answer,
    area,
    choice,
    day_words,
    form_page,
    line,
    member_field,
    texts,
)
from qualipolis.faces.desk.rooms.federation.words import NamedField
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.law.federation.voting import CHOICES, KINDS, MAJORITIES, Outcome

WAY = (
    (gettext_lazy("Motion"), ("drafted",), ("federation.open_vote",)),
    (gettext_lazy("Vote"), ("voting",), ("federation.count_vote",)),
)
WAITS = {
    "drafted": gettext_lazy("The vote is opened in the meeting."),
    "voting": gettext_lazy("Members vote; whoever is concerned stands aside."),
}


@page(*SECRETARY)
def motion_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a motion before a meeting."""
    row = get_object_or_404(visible(request.user, FederationMeeting.objects.all()), pk=pk)
    pacts = Pact.objects.exclude(status__in=("discarded", "stopped"))
    everybody = Member.objects.filter(status__in=("active", "suspended"))
    fields: Fields = {
        "title": line(gettext_lazy("Title"), 160), "title_en": line(gettext_lazy("Title in English"), 160, False),
        "text": area(gettext_lazy("Text of the motion"), 4000, 4), "text_en": area(gettext_lazy("Text in English"), 4000, 3, required=False),
        "subject": choice(gettext_lazy("About"), Resolution.Subject.choices),
        "about": member_field(gettext_lazy("Member concerned"), everybody, False,
                              help_text=gettext_lazy("It stands aside. A removal always names it and needs two thirds.")),
        "pact": lambda: NamedField(pacts, label=_("Pact"), required=False),
        "majority": choice(gettext_lazy("Majority needed"), list(MAJORITIES.items())),
    }  # fmt: skip

    def act(said: dict[str, Any]) -> str:
        return reverse("desk:federation_resolution", args=[service.move_motion(request.user, row, **said).pk])

    return form_page(request, _("Put a motion"), fields, act, _("Put the motion"),
                     (row.name, reverse("desk:federation_meeting", args=[pk])))  # fmt: skip


@page(*READERS)
def resolution(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one motion: its text, the vote, the count."""
    rows = Resolution.objects.select_related("meeting__chair__organisation", "about__organisation", "pact")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    found = outcome(row)
    over = row.due_on is not None and timezone.localdate() > row.due_on
    facts = {"meeting_held": row.meeting.status == "held", "outcome": found, "vote_over": over}
    trail = [(row.meeting.name, reverse("desk:federation_meeting", args=[row.meeting_id])), (row.number, "")]
    return answer(request, Page(
        row, "desk:federation_resolution", row.name, _("%(number)s, %(what)s") % {"number": row.number, "what": row.get_subject_display()},
        WAY, _acts(), facts, _sections(row, found), trail, _marks(request, row), waits=WAITS,
    ))  # fmt: skip


def _acts() -> list[Act]:
    return [
        Act("open_vote", "federation.open_vote", lambda actor, one, said: service.open_vote(actor, one), for_good=True),
        Act("carry", "federation.count_vote", lambda actor, one, said: service.count_vote(actor, one), for_good=True),
        Act("lose", "federation.count_vote", lambda actor, one, said: service.count_vote(actor, one), for_good=True),
        Act("withdraw", "federation.withdraw_motion", lambda actor, one, said: service.withdraw_motion(actor, one, said["reason"]), for_good=True),
        Act("annul", "federation.annul_resolution",
            lambda actor, one, said: service.annul_resolution(actor, one, said["reason"], said["document_no"])),
    ]  # fmt: skip


def _marks(request: HttpRequest, row: Resolution) -> list[Mark]:
    there = Member.objects.filter(attendance__meeting=row.meeting, attendance__present=True)
    open_ = there.exclude(pk__in=row.votes.values("member")).exclude(pk__in=aside(row))
    office = in_secretariat(request.user)
    mine = there if office else there.filter(pk__in=members_of(request.user).values("pk"))
    to_vote = open_ if office else open_.filter(pk__in=members_of(request.user).values("pk"))
    voted = Member.objects.filter(cast_votes__resolution=row, cast_votes__dropped_on=None)
    first = to_vote.first()
    return [
        Mark("vote", "federation.cast_vote", gettext_lazy("Note a vote by show of hands") if office else gettext_lazy("Vote for our organisation"),
             {"member": member_field(gettext_lazy("Member"), to_vote, initial=first.pk if first and not office else None), "choice": choice(gettext_lazy("Vote"), list(CHOICES.items()))},
             lambda actor, one, said: service.cast_vote(actor, one, said["member"], said["choice"]),
             when=lambda one: one.status == "voting" and first is not None,
             help=gettext_lazy("A vote is cast once. Whoever is concerned stands aside instead.")),
        Mark("aside", "federation.stand_aside", gettext_lazy("Stand aside: concerned"),
             {"member": member_field(gettext_lazy("Member"), mine.exclude(pk__in=aside(row))), "reason": line(gettext_lazy("Reason"), 400)},
             lambda actor, one, said: service.stand_aside(actor, one, said["member"], said["reason"]),
             when=lambda one: one.status in ("drafted", "voting") and mine.exists()),
        Mark("recount", "federation.recount", gettext_lazy("Count again without a member concerned"),
             {"member": member_field(gettext_lazy("Member"), voted), "reason": line(gettext_lazy("Reason"), 400)},
             lambda actor, one, said: service.recount(actor, one, said["member"], said["reason"]),
             when=lambda one: one.status in ("carried", "lost") and one.meeting.status != "published"),
    ]  # fmt: skip


def _sections(row: Resolution, found: Outcome) -> list[Section]:
    facts: list[tuple[Any, Any]] = [
        (_("Majority needed"), _(MAJORITIES[row.majority])), (_("Member concerned"), row.about.name if row.about else "—"),
        (_("Pact"), after.linked(row.pact.name, "desk:federation_pact", row.pact_id) if row.pact else "—"),
        (_("Decided on"), day_words(row.decided_on)),
    ]  # fmt: skip
    if row.reason:
        facts.append((_("Reason"), row.reason))
    return [
        *texts(_("Text of the motion"), row.text, row.text_en),
        *([_count_section(row, found)] if row.status != "drafted" else []),
        *([_votes_section(row)] if row.status != "drafted" else []),
        Section(_("Facts"), facts=facts),
    ]


def _count_section(row: Resolution, found: Outcome) -> Section:
    """Return the count, by kinds of members; of a decided one the count that was kept."""
    result = row.result or {}
    kept = row.status in ("carried", "lost", "annulled") and result
    kinds = result["by_kind"] if kept else {kind: vars(one) for kind, one in found.by_kind.items()}
    total = result["all"] if kept else vars(found.all)
    columns = [
        parts.Column("kind", _("Kind of member"), title=True),
        *(parts.Column(code, _(words), numeric=True) for code, words in CHOICES.items()),
    ]
    rows = [{"kind": _(KINDS.get(kind, kind)), **one} for kind, one in kinds.items()]
    rows.append({"kind": _("all together"), **total})
    why = _(result["why"] if kept else found.why)
    entitled, present = (result["entitled"], result["present"]) if kept else (found.entitled, found.present)
    small = _("%(present)s of %(entitled)s votes present") % {"present": present, "entitled": entitled}
    note = why if kept else _("As it stands now: %(why)s") % {"why": why}
    return Section(_("Count"), table=parts.Table(_("Count"), columns, rows), small=small, note=note)


def _votes_section(row: Resolution) -> Section:
    out = aside(row)
    names = {one.member_id: one.member.name for one in row.meeting.attendance.select_related("member__organisation")}
    rows = []
    for one in ballots(row):
        if one.concerned:
            said = _("stands aside: %(reason)s") % {"reason": out.get(one.member) or _("the motion is about it")}
        else:
            said = _(CHOICES[one.choice]) if one.choice else (_("has not voted") if one.present else _("absent"))
        rows.append({"words": names.get(one.member, "—"), "small": said})
    return Section(_("Votes of the members"), rows=rows, note=_("Members see this; the public reads the counts."))
