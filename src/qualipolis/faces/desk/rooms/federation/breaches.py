"""Breaches of pacts: the secretariat examines and coaches, the member is heard and mends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.govern import service, shown
from qualipolis.city.govern.bodies import MEMBERS, SECRETARY, concerned
from qualipolis.city.govern.members.joining import resolution_about
from qualipolis.city.govern.models import PactBreach, Resolution
from qualipolis.city.govern.pacts import queries
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pieces import (
    Act,
    Page,
    Section,
    answer,
    area,
    colleagues,
    crumbs,
    day_words,
    state_cell,
)
from qualipolis.faces.desk.rooms.federation.words import motion_field
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), *shown.BREACHES.items())
WAY = (
    (gettext_lazy("Reported"), ("raised",), ("federation.examine_breach", "federation.dismiss_breach")),
    (gettext_lazy("Hearing"), ("examining",), ("federation.state_breach", "federation.note_silence")),
    (gettext_lazy("Finding"), ("heard",), ("federation.coach", "federation.dismiss_breach")),
    (gettext_lazy("Coaching"), ("coaching", "mended"), ("federation.accept_mended", "federation.strike")),
)
WAITS = {
    "raised": gettext_lazy("The secretariat examines it."),
    "examining": gettext_lazy("The member gives its statement; nothing is decided before."),
    "heard": gettext_lazy("The secretariat decides."),
    "coaching": gettext_lazy("The member mends it, with coaching."),
    "mended": gettext_lazy("The secretariat looks at what was mended."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("breach", _("Breach"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("pact", _("Pact")),
    ]


def _cells(row: PactBreach) -> Mapping[str, Any]:
    return {
        "breach": format_html('{}<br><span class="muted">{}</span>', row.member.name, row.number),
        "state": state_cell(row),
        "due": after.due_cell(row),
        "pact": row.pact.name,
        "url": reverse("desk:federation_breach", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Breaches of pacts"), gettext_lazy("A member is heard and coached first; only a vote removes it from a pact. Only the parties see this."),
    _columns, _cells, SHOW, "federation-breaches",
    (gettext_lazy("No breach here"), gettext_lazy("A breach is reported from the page of a pact that is monitored.")),
)  # fmt: skip


@page(*SECRETARY, *MEMBERS)
def breaches(request: HttpRequest) -> HttpResponse:
    """The breaches under a filter."""
    rows = queries.breaches(request.user, request.GET.dict())
    trail = crumbs((_("Pacts"), reverse("desk:federation_pacts")), (_("Breaches"), ""))
    return after.list_page(request, LIST, rows, stage="govern", crumbs=trail)


@page(*SECRETARY, *MEMBERS)
def breach(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one breach."""
    rows = PactBreach.objects.select_related("pact", "member__organisation", "member__enterprise", "second_person")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    facts = {
        "concerned": concerned(request.user, row.member.enterprise, row.member), "due_on": row.due_on,
        "resolution_carried": resolution_about(row.member, Resolution.Subject.BREACH).exists(),
    }  # fmt: skip
    return answer(request, Page(
        row, "desk:federation_breach", _("Breach by %(name)s") % {"name": row.member.name},
        _("%(number)s, %(pact)s") % {"number": row.number, "pact": row.pact.name}, WAY, _acts(request.user, row), facts,
        _sections(row), [(_("Breaches"), reverse("desk:federation_breaches")), (row.number, "")], waits=WAITS,
    ))  # fmt: skip


def _acts(actor: Any, row: PactBreach) -> list[Act]:
    plan = area(gettext_lazy("What will be done, by whom and by when"), 4000)
    reason = area(gettext_lazy("Reason"), 2000)
    return [
        Act("state", "federation.state_breach", lambda actor, one, said: service.state_breach(actor, one, said["statement"]),
            {"statement": area(gettext_lazy("Our statement"), 4000)}, for_good=True),
        Act("report", "federation.report_mended", lambda actor, one, said: service.report_mended(actor, one, said["report"]),
            {"report": area(gettext_lazy("What we mended"), 4000)}, for_good=True),
        Act("examine", "federation.examine_breach", lambda actor, one, said: service.examine_breach(actor, one), for_good=True),
        Act("note_silence", "federation.note_silence", lambda actor, one, said: service.note_silence(actor, one), for_good=True),
        Act("coach", "federation.coach", lambda actor, one, said: service.coach(actor, one, said["reason"], said["plan"]),
            {"reason": reason, "plan": plan}, for_good=True),
        Act("accept", "federation.accept_mended", lambda actor, one, said: service.accept_mended(actor, one)),
        Act("return", "federation.coach_on", lambda actor, one, said: service.coach_on(actor, one, said["reason"])),
        Act("dismiss", "federation.dismiss_breach", lambda actor, one, said: service.dismiss_breach(actor, one, said["reason"])),
        Act("strike", "federation.strike",
            lambda actor, one, said: service.strike(
                actor, one, said["reason"], said["document_no"], said["second_person"], said["resolution"]),
            {"second_person": colleagues(actor), "resolution": motion_field(row.member, Resolution.Subject.BREACH)}),
    ]  # fmt: skip


def _sections(row: PactBreach) -> list[Section]:
    said = (
        (_("What happened"), row.facts), (_("Statement of the member"), row.statement), (_("Finding"), row.reason),
        (_("Plan of the coaching"), row.plan), (_("What was mended"), row.report),
    )  # fmt: skip
    facts = [
        (_("Pact"), after.linked(row.pact.name, "desk:federation_pact", row.pact_id)),
        (_("Member"), after.linked(row.member.name, "desk:federation_member", row.member_id)),
        (_("Reported on"), day_words(row.raised_on)), (_("How it was found"), row.get_source_display()),
    ]  # fmt: skip
    if row.ended_on:
        facts.append((_("Ended on"), day_words(row.ended_on)))
    return [
        *(Section(name, text=words, lang="zh-Hans") for name, words in said if words),
        Section(_("Facts"), facts=facts),
    ]
