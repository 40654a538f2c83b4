"""Members for the secretariat, for members themselves and for the agencies that guide; and applying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import can, organisations_of, page, visible
from qualipolis.city.govern import service, shown
from qualipolis.city.govern.bodies import AGENCY_KINDS, MEMBERS, READERS, SECRETARY, in_secretariat, own
from qualipolis.city.govern.members import queries
from qualipolis.city.govern.members.joining import MOST_VOTES, resolution_about
from qualipolis.city.govern.members.penalties import open_penalties
from qualipolis.city.govern.models import Member, Resolution
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pieces import (
    Act,
    Page,
    Section,
    answer,
    area,
    choice,
    crumbs,
    day_words,
    form_page,
    line,
    state_cell,
    whole,
)
from qualipolis.faces.desk.rooms.federation.words import motion_field
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), *shown.MEMBERS.items())
WAY = (
    (gettext_lazy("Application"), ("applied",), ("federation.approve_member", "federation.refuse_member")),
    (gettext_lazy("Statutes accepted"), ("approved",), ("federation.join",)),
    (gettext_lazy("Member"), ("active", "suspended"), ("federation.leave", "federation.remove_member")),
)
WAITS = {
    "applied": gettext_lazy("The secretariat decides on the application."),
    "approved": gettext_lazy("The member accepts the statutes."),
    "active": gettext_lazy("This is an active member."),
    "suspended": gettext_lazy("No vote, no new signature and no chair while the suspension lasts."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("name", _("Member"), title=True),
        parts.Column("kind", _("Kind of member")),
        parts.Column("state", _("State")),
        parts.Column("since", _("Member since")),
        parts.Column("votes", _("Votes"), numeric=True),
    ]


def _cells(row: Member) -> Mapping[str, Any]:
    return {
        "name": format_html('{}<br><span class="muted">{}</span>', row.name, row.number),
        "kind": row.get_kind_display(),
        "state": state_cell(row),
        "since": after.day_cell(row.joined_on),
        "votes": row.votes if row.status in ("active", "suspended") else None,
        "url": reverse("desk:federation_member", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Members"), gettext_lazy("Associations, firms and consumer representatives. Agencies are no members: they guide, they do not decide."),
    _columns, _cells, SHOW, "federation-members",
    (gettext_lazy("No member yet"), gettext_lazy("An association, a firm or a consumer body applies for membership.")), search=True,
)  # fmt: skip


@page(*READERS)
def members(request: HttpRequest) -> HttpResponse:
    """The members under a filter."""
    tools = [(_("Committees"), reverse("desk:federation_committees"), "users")]
    if can(request.user, "federation.apply"):
        tools.append((_("Apply for membership"), reverse("desk:federation_apply"), "plus"))
    rows = queries.members(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="govern", tools=tools, crumbs=crumbs((_("Members"), "")))


@page(*SECRETARY, *MEMBERS)
def apply(request: HttpRequest) -> HttpResponse:
    """Apply for one's own organisation; the secretariat writes down an application that came on paper."""
    user = request.user
    mine = Organisation.objects.filter(pk__in=organisations_of(user, MEMBERS)).order_by("code")
    office = in_secretariat(user)
    fields = {
        **({"code": line(gettext_lazy("Credit code or code of the organisation"), 40)} if office else
           {"code": choice(gettext_lazy("Organisation"), [(one.code, one.name) for one in mine])}),
        "kind": choice(gettext_lazy("Kind of member"), Member.Kind.choices,
                       initial="enterprise" if not office and mine.filter(kind="enterprise").exists() else "association"),
        "purpose": area(gettext_lazy("What we want to contribute"), 1000),
    }  # fmt: skip

    def act(said: dict[str, Any]) -> str:
        thing = get_object_or_404(Organisation if office else mine, code=said["code"].strip())
        made = service.apply_for_membership(user, thing, said["kind"], said["purpose"])
        return reverse("desk:federation_member", args=[made.pk])

    note = Section(_("What membership means"), rows=[
        {"words": _("One vote for each vote admitted; who is concerned by a matter stands aside.")},
        {"words": _("Nothing is paid for joining, and everybody may leave at any time.")},
        {"words": _("Membership is no recommendation: it may not be used to advertise.")},
    ])  # fmt: skip
    return form_page(request, _("Apply for membership"), fields, act, _("Send the application"),
                     (_("Members"), reverse("desk:federation_members")), sections=[note])  # fmt: skip


@page(*READERS)
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one member."""
    rows = Member.objects.select_related("organisation", "enterprise__unit", "unit")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    insider = in_secretariat(request.user) or own(request.user, row)
    facts = {
        "agency": row.organisation.kind in AGENCY_KINDS, "open_penalties": open_penalties(row.enterprise),
        "resolution_carried": resolution_about(row, Resolution.Subject.MEMBER).exists(),
    }  # fmt: skip
    return answer(request, Page(
        row, "desk:federation_member", row.name, _("%(number)s, %(kind)s") % {"number": row.number, "kind": row.get_kind_display()},
        WAY, _acts(row), facts, _sections(row, insider), [(_("Members"), reverse("desk:federation_members")), (row.name, "")],
        waits=WAITS,
    ))  # fmt: skip


def _acts(row: Member) -> list[Act]:
    votes = whole(gettext_lazy("Votes"), MOST_VOTES, True, initial=1)
    number = line(gettext_lazy("Number of the decision"), 60)
    statutes = choice(gettext_lazy("Statutes"), [("yes", gettext_lazy("We have read the statutes and accept them."))])
    return [
        Act("approve", "federation.approve_member",
            lambda actor, one, said: service.approve_member(actor, one, said["document_no"], said["votes"]),
            {"document_no": number, "votes": votes}),
        Act("join", "federation.join", lambda actor, one, said: service.join(actor, one, bool(said["statutes"])),
            {"statutes": statutes}),
        Act("resume", "federation.resume_member", lambda actor, one, said: service.resume_member(actor, one, said["reason"])),
        Act("refuse", "federation.refuse_member",
            lambda actor, one, said: service.refuse_member(actor, one, said["reason"], said["document_no"])),
        Act("remove", "federation.remove_member",
            lambda actor, one, said: service.remove_member(actor, one, said["reason"], said["document_no"], said["resolution"]),
            {"resolution": motion_field(row, Resolution.Subject.MEMBER)}),
        Act("suspend", "federation.suspend_member",
            lambda actor, one, said: service.suspend_member(actor, one, said["reason"], said["document_no"]), for_good=True),
        Act("withdraw", "federation.withdraw_application", lambda actor, one, said: service.withdraw_application(actor, one)),
        Act("leave", "federation.leave", lambda actor, one, said: service.leave(actor, one)),
    ]  # fmt: skip


def _sections(row: Member, insider: bool) -> list[Section]:
    facts = [
        (_("Kind of member"), row.get_kind_display()),
        (_("Town"), row.unit.name if row.unit else "—"),
        (_("Applied on"), day_words(row.applied_on)),
        (_("Member since"), day_words(row.joined_on)),
        (_("Votes"), row.votes if row.joined_on else "—"),
    ]
    if row.ended_on:
        facts.append((_("Ended on"), day_words(row.ended_on)))
    if insider and row.enterprise:
        facts.append((_("Penalties not settled"), open_penalties(row.enterprise)))
    if insider and row.reason:
        facts.append((_("Reason"), row.reason))
    seats = [
        {"words": seat.committee.name, "url": reverse("desk:federation_committee", args=[seat.committee_id]),
         "small": _("takes the chair") if seat.chair else ""}
        for seat in row.seats.filter(until=None).select_related("committee")
    ]  # fmt: skip
    signed = [
        {"words": one.pact.name, "url": reverse("desk:federation_pact", args=[one.pact_id]), "small": day_words(one.signed_on)}
        for one in row.signatures.filter(ended_on=None).select_related("pact") if one.pact.status in ("published", "monitored")
    ]  # fmt: skip
    return [
        Section(_("Member"), facts=facts, note=_("Membership is no recommendation of a firm or its products.")),
        *([Section(_("What the member wants to contribute"), text=row.purpose, lang="zh-Hans")] if row.purpose else []),
        Section(_("Committees"), rows=seats, empty="" if seats else _("No seat in a committee.")),
        Section(_("Pacts signed"), rows=signed, empty="" if signed else _("No pact signed.")),
    ]
