"""Pacts: the list, the page of one from the draft to its signatures, a draft, and the fair-competition check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.govern import service, shown
from qualipolis.city.govern.bodies import READERS, SECRETARY, own_member
from qualipolis.city.govern.models import Member, Pact
from qualipolis.city.govern.pacts import queries
from qualipolis.city.govern.pacts.writing import LIVING, check_facts
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pact_check import check_section
from qualipolis.faces.desk.rooms.federation.pieces import (
    Act,
    Fields,
    Mark,
    Page,
    Section,
    answer,
    area,
    crumbs,
    day_words,
    form_page,
    line,
    member_field,
    state_cell,
    texts,
)
from qualipolis.faces.desk.rooms.federation.words import committee_field, opinion_marks, opinion_section
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), *shown.PACTS.items())
WAY = (
    (gettext_lazy("Draft"), ("draft",), ("federation.hand_in_pact",)),
    (gettext_lazy("Fair-competition check"), ("checking",), ("federation.clear_pact", "federation.stop_pact")),
    (gettext_lazy("Publication of the pact"), ("cleared",), ("federation.publish_pact",)),
    (gettext_lazy("Signing"), ("published",), ("federation.monitor_pact",)),
    (gettext_lazy("In force"), ("monitored",), ("federation.end_pact", "federation.replace_pact")),
)
WAITS = {
    "checking": gettext_lazy("Two people other than the author check it; nothing is published before."),
    "published": gettext_lazy("Members sign for themselves."),
    "monitored": gettext_lazy("The pact is in force."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("pact", _("Pact"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Next step due")),
        parts.Column("committee", _("Committee")),
        parts.Column("signed", _("Signatures"), numeric=True),
    ]


def _cells(row: Pact) -> Mapping[str, Any]:
    return {
        "pact": format_html('{}<br><span class="muted">{}</span>', row.name, row.number),
        "state": state_cell(row),
        "due": after.due_cell(row),
        "committee": row.committee.name if row.committee else "",
        "signed": row.signed if row.published_on else None,  # type: ignore[attr-defined]
        "url": reverse("desk:federation_pact", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Pacts"), gettext_lazy("Rules that members give themselves. None is published before two people found that it does not restrict competition."),
    _columns, _cells, SHOW, "federation-pacts",
    (gettext_lazy("No pact here"), gettext_lazy("The secretariat drafts a pact for a committee.")), search=True,
)  # fmt: skip


@page(*READERS)
def pacts(request: HttpRequest) -> HttpResponse:
    """The pacts under a filter."""
    tools = [(_("Breaches"), reverse("desk:federation_breaches"), "alert-triangle")]
    if can(request.user, "federation.draft_pact"):
        tools.append((_("Draft a pact"), reverse("desk:federation_pact_new"), "plus"))
    rows = queries.pacts(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="govern", tools=tools, crumbs=crumbs((_("Pacts"), "")))


def _fields(row: Pact | None) -> Fields:
    return {
        "title": line(gettext_lazy("Title"), 160, initial=row.title if row else ""),
        "title_en": line(gettext_lazy("Title in English"), 160, False, initial=row.title_en if row else ""),
        "committee": committee_field(initial=row.committee_id if row else None),
        "text": area(gettext_lazy("Text of the pact"), 12000, 12, initial=row.text if row else "",
                     help_text=gettext_lazy("What members promise about quality. Nothing about prices, customers, quantities or who may be dealt with.")),
        "text_en": area(gettext_lazy("Text in English"), 12000, 8, required=False, initial=row.text_en if row else ""),
    }  # fmt: skip


@page(*SECRETARY)
def pact_new(request: HttpRequest) -> HttpResponse:
    """Draft a pact, or the newer version of one."""
    old = visible(request.user, Pact.objects.filter(pk=int(key))).first() if (key := request.GET.get("replaces", "")).isdigit() and len(key) < 10 else None  # fmt: skip

    def act(said: dict[str, Any]) -> str:
        return reverse("desk:federation_pact", args=[service.draft_pact(request.user, old, **said).pk])

    note = [Section(_("It replaces"), rows=[{"words": old.name, "small": old.number}])] if old else []
    return form_page(request, _("Draft a pact"), _fields(old), act, _("Save the draft"),
                     (_("Pacts"), reverse("desk:federation_pacts")), sections=note)  # fmt: skip


@page(*SECRETARY)
def pact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    row = get_object_or_404(visible(request.user, Pact.objects.all()), pk=pk, status="draft")
    url = reverse("desk:federation_pact", args=[pk])

    def act(said: dict[str, Any]) -> str:
        service.edit_pact(request.user, row, **said)
        return url

    return form_page(request, _("Change the draft"), _fields(row), act, _("Save the draft"), (row.name, url))


@page(*READERS)
def pact(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one pact."""
    row = get_object_or_404(
        visible(request.user, Pact.objects.select_related("committee", "written_by", "replaces")), pk=pk
    )
    facts = check_facts(row) | {
        "title": row.title, "text": row.text, "committee": row.committee_id,
        "signatures": row.signatures.filter(ended_on=None).count(),
    }  # fmt: skip
    links = []
    if row.status == "draft" and can(request.user, "federation.edit_pact", row):
        links.append((_("Change the draft"), reverse("desk:federation_pact_edit", args=[pk])))
    if row.status in LIVING and can(request.user, "federation.draft_pact"):
        links.append((_("Draft a newer version"), f"{reverse('desk:federation_pact_new')}?replaces={pk}"))
    return answer(request, Page(
        row, "desk:federation_pact", row.name, row.number, WAY, _acts(), facts, _sections(request, row),
        [(_("Pacts"), reverse("desk:federation_pacts")), (row.number, "")], [*_marks(request, row), *opinion_marks(row)],
        opinion_section(row, request), links, WAITS,
    ))  # fmt: skip


def _acts() -> list[Act]:
    return [
        Act("hand_in", "federation.hand_in_pact", lambda actor, one, said: service.hand_in_pact(actor, one)),
        Act("clear", "federation.clear_pact", lambda actor, one, said: service.clear_pact(actor, one), for_good=True),
        Act("publish", "federation.publish_pact", lambda actor, one, said: service.publish_pact(actor, one),
            help=gettext_lazy("From now on no word of it changes; members may sign.")),
        Act("monitor", "federation.monitor_pact", lambda actor, one, said: service.monitor_pact(actor, one)),
        Act("return", "federation.return_pact", lambda actor, one, said: service.return_pact(actor, one, said["reason"]), for_good=True),
        Act("stop", "federation.stop_pact", lambda actor, one, said: service.stop_pact(actor, one, said["reason"])),
        Act("discard", "federation.discard_pact", lambda actor, one, said: service.discard_pact(actor, one, said["reason"])),
        Act("check_again", "federation.check_pact_again",
            lambda actor, one, said: service.check_pact_again(actor, one, said["reason"]), for_good=True),
        Act("end", "federation.end_pact",
            lambda actor, one, said: service.end_pact(actor, one, said["reason"], said["document_no"])),
    ]  # fmt: skip


def _marks(request: HttpRequest, row: Pact) -> list[Mark]:
    mine = own_member(request.user)
    active = mine is not None and mine.status == "active"
    signed = mine is not None and row.signatures.filter(member=mine, ended_on=None).exists()
    signers = row.signatures.filter(ended_on=None).values("member")
    return [
        Mark("sign", "federation.sign_pact", gettext_lazy("Sign for our organisation"), {},
             lambda actor, one, said: service.sign_pact(actor, one, mine),
             when=lambda one: active and not signed and one.status in LIVING,
             help=gettext_lazy("We keep to it from today on, and may leave it at any time.")),
        Mark("unsign", "federation.end_signature", gettext_lazy("Leave the pact"), {},
             lambda actor, one, said: service.end_signature(actor, one, mine),
             when=lambda one: signed and one.status in LIVING),
        Mark("breach", "federation.raise_breach", gettext_lazy("Report a breach"),
             {"member": member_field(gettext_lazy("Member"), _members(signers)), "facts": area(gettext_lazy("What happened"), 4000)},
             lambda actor, one, said: service.raise_breach(actor, one, said["member"], said["facts"]),
             when=lambda one: one.status == "monitored"),
    ]  # fmt: skip


def _members(keys: Any) -> Any:
    return Member.objects.filter(pk__in=keys)


def _sections(request: HttpRequest, row: Pact) -> list[Section]:
    facts = [
        (_("Committee"), row.committee.name if row.committee else "—"), (_("Written on"), day_words(row.written_on)),
        (_("Check passed on"), day_words(row.cleared_on)), (_("Published on"), day_words(row.published_on)),
    ]  # fmt: skip
    if row.ended_on:
        facts.append((_("Ended on"), day_words(row.ended_on)))
    if row.replaces:
        facts.append((_("Replaces"), after.linked(row.replaces.number, "desk:federation_pact", row.replaces_id)))
    if row.reason:
        facts.append((_("Reason"), row.reason))
    signed = [
        {"words": one.member.name, "url": reverse("desk:federation_member", args=[one.member_id]), "small": day_words(one.signed_on)}
        for one in row.signatures.filter(ended_on=None).select_related("member__organisation")
    ]  # fmt: skip
    return [
        *texts(_("Text of the pact"), row.text, row.text_en),
        *([check_section(request, row)] if row.turn else []),
        *([Section(_("Signed by"), rows=signed, small=len(signed), empty="" if signed else _("Nobody has signed yet."))] if row.published_on else []),
        Section(_("Facts"), facts=facts),
    ]  # fmt: skip
