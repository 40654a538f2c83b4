"""Pledges: written by the firm on the phone, read by the secretariat, doubted and heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, own_codes, page, visible
from qualipolis.city.govern import service, shown
from qualipolis.city.govern.bodies import READERS
from qualipolis.city.govern.members import queries
from qualipolis.city.govern.models import Pledge
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.federation.pieces import (
    Act,
    Fields,
    Mark,
    Page,
    Section,
    answer,
    area,
    colleagues,
    crumbs,
    day,
    day_words,
    form_page,
    state_cell,
    texts,
)
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.law.federation.competition import endorsing

SHOW = (("", gettext_lazy("All")), *shown.PLEDGES.items())
WAY = (
    (gettext_lazy("Draft"), ("drafted",), ("federation.hand_in_pledge",)),
    (gettext_lazy("Reading"), ("handed_in",), ("federation.publish_pledge",)),
    (gettext_lazy("Published"), ("published", "doubted"), ("federation.fulfil_pledge", "federation.break_pledge", "federation.lapse_pledge")),
)  # fmt: skip
WAITS = {
    "drafted": gettext_lazy("The firm hands its pledge in."),
    "handed_in": gettext_lazy("The secretariat reads it and publishes plain words."),
    "published": gettext_lazy("Everybody reads this pledge."),
    "doubted": gettext_lazy("The firm is heard before anything is decided."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("pledge", _("Pledge"), title=True),
        parts.Column("firm", _("Firm")),
        parts.Column("state", _("State")),
        parts.Column("until", _("Holds until")),
    ]


def _cells(row: Pledge) -> Mapping[str, Any]:
    said = Truncator(row.words).chars(60)
    return {
        "pledge": format_html('{}<br><span class="muted">{}</span>', said, row.number),
        "firm": row.enterprise.name,
        "state": state_cell(row),
        "until": after.day_cell(row.valid_to),
        "url": reverse("desk:federation_pledge", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Pledges of firms"), gettext_lazy("What firms promise in public, and until when. No pledge is a recommendation."),
    _columns, _cells, SHOW, "federation-pledges",
    (gettext_lazy("No pledge here"), gettext_lazy("A firm writes what it promises and hands it in.")), search=True,
)  # fmt: skip


@page(*READERS)
def pledges(request: HttpRequest) -> HttpResponse:
    """The pledges under a filter."""
    tools = [(_("Write a pledge"), reverse("desk:federation_pledge_new"), "plus")] if can(request.user, "federation.write_pledge") else []  # fmt: skip
    rows = queries.pledges(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="govern", tools=tools, crumbs=crumbs((_("Pledges"), "")))


def _fields(row: Pledge | None = None) -> Fields:
    return {
        "content": area(gettext_lazy("What we pledge"), 2000, 4, initial=row.content if row else "",
                        help_text=gettext_lazy("Something a consumer can check, without praise and without ranks.")),
        "content_en": area(gettext_lazy("In English"), 2000, 3, required=False, initial=row.content_en if row else ""),
        "valid_to": day(gettext_lazy("Holds until"), initial=row.valid_to if row else None),
    }  # fmt: skip


@page("enterprise")
def pledge_new(request: HttpRequest) -> HttpResponse:
    """Write a pledge for one's own firm."""
    firms = Enterprise.objects.filter(credit_code__in=own_codes(request.user)).order_by("credit_code")
    fields: Fields = {**_fields()}
    if firms.count() != 1:
        fields = {"firm": lambda: forms.ModelChoiceField(firms, label=_("Firm")), **fields}

    def act(said: dict[str, Any]) -> str:
        firm = said.pop("firm", None) or get_object_or_404(firms)
        return reverse("desk:federation_pledge", args=[service.write_pledge(request.user, firm, **said).pk])

    return form_page(request, _("Write a pledge"), fields, act, _("Save the draft"),
                     (_("Pledges"), reverse("desk:federation_pledges")), words=_("Saved. Hand it in when it is ready."))  # fmt: skip


@page(*READERS)
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one pledge."""
    row = get_object_or_404(visible(request.user, Pledge.objects.select_related("enterprise")), pk=pk)
    found = endorsing(f"{row.content}\n{row.content_en}")
    facts = {
        "content": row.content, "valid_to": row.valid_to, "endorsement": found, "statement": row.statement, "due_on": row.due_on,
    }  # fmt: skip
    return answer(request, Page(
        row, "desk:federation_pledge", _("Pledge of %(name)s") % {"name": row.enterprise.name}, row.number, WAY,
        _acts(request.user), facts, _sections(row, found), [(_("Pledges"), reverse("desk:federation_pledges")), (row.number, "")],
        _marks(row), waits=WAITS,
    ))  # fmt: skip


def _acts(actor: Any) -> list[Act]:
    return [
        Act("hand_in", "federation.hand_in_pledge", lambda actor, one, said: service.hand_in_pledge(actor, one)),
        Act("publish", "federation.publish_pledge", lambda actor, one, said: service.publish_pledge(actor, one), for_good=True),
        Act("keep", "federation.keep_pledge", lambda actor, one, said: service.keep_pledge(actor, one, said["reason"])),
        Act("fulfil", "federation.fulfil_pledge", lambda actor, one, said: service.fulfil_pledge(actor, one, said["report"]),
            {"report": area(gettext_lazy("How it was fulfilled"), 2000)}),
        Act("break", "federation.break_pledge",
            lambda actor, one, said: service.break_pledge(actor, one, said["reason"], said["second_person"]),
            {"reason": area(gettext_lazy("Reason"), 1000), "second_person": colleagues(actor)}),
        Act("return", "federation.return_pledge", lambda actor, one, said: service.return_pledge(actor, one, said["reason"])),
        Act("doubt", "federation.doubt_pledge", lambda actor, one, said: service.doubt_pledge(actor, one, said["reason"])),
        Act("lapse", "federation.lapse_pledge", lambda actor, one, said: service.lapse_pledge(actor, one)),
        Act("take_back", "federation.take_back_pledge",
            lambda actor, one, said: service.take_back_pledge(actor, one, said["reason"]), for_good=True),
    ]  # fmt: skip


def _marks(row: Pledge) -> list[Mark]:
    return [
        Mark("answer", "federation.answer_doubt", gettext_lazy("Answer the doubt"),
             {"statement": area(gettext_lazy("Our statement"), 2000)},
             lambda actor, one, said: service.answer_doubt(actor, one, said["statement"]),
             when=lambda one: one.status == "doubted"),
        Mark("edit", "federation.edit_pledge", gettext_lazy("Change the draft"), _fields(row),
             lambda actor, one, said: service.edit_pledge(actor, one, **said), when=lambda one: one.status == "drafted"),
    ]  # fmt: skip


def _sections(row: Pledge, found: tuple[str, ...]) -> list[Section]:
    facts = [
        (_("Firm"), row.enterprise.name), (_("Written on"), day_words(row.made_on)),
        (_("Published on"), day_words(row.published_on)), (_("Holds until"), day_words(row.valid_to)),
    ]  # fmt: skip
    if row.reason:
        facts.append((_("Reason"), row.reason))
    if row.report:
        facts.append((_("How it was fulfilled"), row.report))
    asked = _("These words read as a recommendation: %(words)s") % {"words": "、".join(found)} if found else ""
    return [
        *texts(_("What the firm pledges"), row.content, row.content_en),
        Section(_("Facts"), facts=facts, note=asked),
        *([Section(_("Statement of the firm"), text=row.statement, lang="zh-Hans")] if row.statement else []),
    ]
