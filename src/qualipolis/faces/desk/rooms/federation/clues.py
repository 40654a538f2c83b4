"""Clues for the secretariat and for the association one was given to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.govern import service, shown
from qualipolis.city.govern.bodies import REPRESENTATIVES, SECRETARY, association_concerned, concerned, in_secretariat
from qualipolis.city.govern.clues import queries
from qualipolis.city.govern.clues.flags import flags
from qualipolis.city.govern.models import Clue, Member
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.federation.pieces import (
    Act,
    Fields,
    Mark,
    Page,
    Section,
    answer,
    area,
    choice,
    crumbs,
    day_words,
    line,
    member_field,
    state_cell,
)
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), *shown.CLUES.items())
OUT = ("forwarded", "referred", "self_discipline", "handled", "dropped")
WAY = (
    (gettext_lazy("Received"), ("raised",), ("federation.screen_clue",)),
    (gettext_lazy("Screened"), ("screened",), ("federation.forward_clue", "federation.refer_clue", "federation.assign_clue", "federation.drop_clue")),
    (gettext_lazy("Passed on"), OUT, ("federation.answer_clue",)),
    (gettext_lazy("Answered"), ("answered",), ("federation.close_clue",)),
)  # fmt: skip
WAITS = {
    "raised": gettext_lazy("The secretariat screens it."),
    "self_discipline": gettext_lazy("The association looks into it; the answer is due all the same."),
    "answered": gettext_lazy("The sender reads the answer by number and code."),
}
RISKS = {"low": "idle", "medium": "warn", "high": "bad"}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("clue", _("About whom"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("Answer due on")),
        parts.Column("risk", _("Risk")),
        parts.Column("came", _("Received on")),
    ]


def _cells(row: Clue) -> Mapping[str, Any]:
    return {
        "clue": format_html('{}<br><span class="muted">{}</span>', row.respondent_name, row.reference),
        "state": state_cell(row),
        "due": "" if row.status in queries.ENDED else after.due_cell(row),
        "risk": after.tags.chip(RISKS[row.risk], row.get_risk_display()) if row.risk else "",
        "came": after.day_cell(row.raised_on),
        "url": reverse("desk:federation_clue", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Clues"), gettext_lazy("Every clue is answered within fifteen working days. Who gave one is sealed; who is concerned does not see it."),
    _columns, _cells, SHOW, "federation-clues",
    (gettext_lazy("No clue here"), gettext_lazy("The public and members give clues on the public page, with a name or without.")), search=True,
)  # fmt: skip


@page(*SECRETARY, *REPRESENTATIVES)
def clues(request: HttpRequest) -> HttpResponse:
    """The clues under a filter."""
    tools = [(_("Give a clue"), reverse("portal:federation_clue"), "external-link")]
    rows = queries.clues(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="govern", tools=tools, crumbs=crumbs((_("Clues"), "")))


@page(*SECRETARY, *REPRESENTATIVES)
def clue(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one clue."""
    rows = Clue.objects.select_related(
        "enterprise__unit", "unit", "association__organisation", "screened_by", "report", "case"
    )
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    facts = {
        "concerned": concerned(request.user, row.enterprise),
        "enterprise": row.enterprise_id,
        "association_concerned": False,
    }
    office = in_secretariat(request.user)
    links = []
    if office and row.named and row.screened_by_id == request.user.pk:
        links.append((_("Open the seal over the sender"), reverse("desk:federation_clue_sender", args=[pk])))
    asides = [Section(_("To know"), rows=[{"words": one.words} for one in flags(row)],
                      note=_("Flags never decide: the facts do."))] if office and flags(row) else []  # fmt: skip
    return answer(request, Page(
        row, "desk:federation_clue", _("Clue about %(about)s") % {"about": row.respondent_name}, row.reference, WAY,
        _acts(row), facts, _sections(row), [(_("Clues"), reverse("desk:federation_clues")), (row.reference, "")],
        _marks(), asides, links, WAITS,
    ))  # fmt: skip


def _acts(row: Clue) -> list[Act]:
    risk = choice(gettext_lazy("Risk"), Clue.Risk.choices)
    return [
        Act("report", "federation.report_clue", lambda actor, one, said: service.report_clue(actor, one, said["report"]),
            {"report": area(gettext_lazy("What we did"), 4000)}, for_good=True),
        Act("screen", "federation.screen_clue", lambda actor, one, said: service.screen_clue(actor, one, said["risk"], said["note"]),
            {"risk": risk, "note": area(gettext_lazy("Note of the screening"), 2000, required=False)}),
        *([_answer_act()] if row.status != "self_discipline" else []),
        Act("close", "federation.close_clue", lambda actor, one, said: service.close_clue(actor, one)),
        Act("forward", "federation.forward_clue", lambda actor, one, said: service.forward_clue(actor, one),
            help=gettext_lazy("It becomes a report there. The name goes along, sealed, only when the sender agreed.")),
        _assign(row),
        Act("refer", "federation.refer_clue",
            lambda actor, one, said: service.refer_clue(actor, one, said["product_name"], said["problem_text"]),
            {"product_name": line(gettext_lazy("Product"), 120, initial=row.product_name),
             "problem_text": area(gettext_lazy("The problem in your own words"), 2000)},
            help=gettext_lazy("The firm reads these words as a draft and registers, or not. It does not learn of the clue.")),
        Act("drop", "federation.drop_clue", lambda actor, one, said: service.drop_clue(actor, one, said["reason"])),
        *([_answer_act()] if row.status == "self_discipline" else []),
        Act("give_back", "federation.give_back_clue", lambda actor, one, said: service.give_back_clue(actor, one, said["reason"]), for_good=True),
        Act("take_back", "federation.take_back_clue", lambda actor, one, said: service.take_back_clue(actor, one, said["reason"]), for_good=True),
        Act("reopen", "federation.reopen_clue", lambda actor, one, said: service.reopen_clue(actor, one, said["reason"]), for_good=True),
    ]  # fmt: skip


def _answer_act() -> Act:
    return Act("answer", "federation.answer_clue", lambda actor, one, said: service.answer_clue(actor, one, said["answer"]),
               {"answer": area(gettext_lazy("Answer to the sender"), 4000)}, for_good=True,
               help=gettext_lazy("Whoever has the number and the code reads it, also when no name was given."))  # fmt: skip


def _assign(row: Clue) -> Act:
    free = [one.pk for one in Member.objects.filter(kind="association", status="active").select_related("organisation")
            if not association_concerned(one, row.enterprise)]  # fmt: skip
    fields: Fields = {"association": member_field(gettext_lazy("Association"), Member.objects.filter(pk__in=free))}
    return Act("assign", "federation.assign_clue", lambda actor, one, said: service.assign_clue(actor, one, said["association"]),
               fields, for_good=True, help=gettext_lazy("Associations under the chair of this firm are not offered."))  # fmt: skip


def _marks() -> list[Mark]:
    towns = Unit.objects.all().order_by("code")
    return [
        Mark("place", "federation.place_clue", gettext_lazy("Say which firm or town"),
             {"code": line(gettext_lazy("Credit code of the firm"), 18, False),
              "unit": lambda: forms.ModelChoiceField(towns, label=_("Town"), required=False)},
             _place, when=lambda one: one.status in ("raised", "screened")),
    ]  # fmt: skip


def _place(actor: Any, row: Clue, said: dict[str, Any]) -> Any:
    code = said["code"].strip().upper()
    firm = Enterprise.objects.filter(credit_code=code).first() if code else None
    return service.place_clue(actor, row, firm, said["unit"])


def _sections(row: Clue) -> list[Section]:
    facts: list[tuple[Any, Any]] = [
        (_("Number"), row.reference), (_("Received on"), day_words(row.raised_on)), (_("Given by"), row.get_source_display()),
        (_("Name"), _("given, sealed") if row.named else _("anonymous")), (_("Firm"), row.enterprise.name if row.enterprise else _("not in the register")),
        (_("Town"), row.unit.name if row.unit else "—"), (_("Product"), row.product_name or "—"),
    ]  # fmt: skip
    if row.association:
        facts.append((_("Association"), row.association.name))
    if row.report:
        facts.append((_("Forwarded as report"), row.report.number))
    if row.case:
        facts.append((_("Product hospital"), _("offered to the firm")))
    said = (
        (_("What happened"), row.facts, row.language), (_("Note of the screening"), row.note, "zh-Hans"),
        (_("What the association did"), row.done, "zh-Hans"), (_("Reason"), row.reason, "zh-Hans"), (_("Answer"), row.answer, "zh-Hans"),
    )  # fmt: skip
    return [
        *(Section(name, text=words, lang=lang) for name, words, lang in said if words),
        Section(_("Facts"), facts=facts),
    ]


class SealForm(forms.Form):
    """Why the seal is opened."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400)


@page(*SECRETARY)
def clue_sender(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the seal over the sender, for a reason and on record; what is under it is shown once."""
    row = get_object_or_404(visible(request.user, Clue.objects.all()), pk=pk)
    url, found = reverse("desk:federation_clue", args=[pk]), []
    if row.screened_by_id != request.user.pk:
        messages.error(request, _("Only who screens this clue may open the seal."))
        return redirect(url)
    form = SealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        attempt(
            request,
            form,
            lambda said: found.append(service.open_sender(request.user, row, said["reason"])),
            _("Recorded."),
        )
    sections = (
        [Section(_("Sender"), facts=[(_("Name"), found[0]["name"] or "—"), (_("Telephone"), found[0]["phone"] or "—")])]
        if found
        else []
    )
    shown_ = {
        "stage": "govern", "heading": _("Sender of a clue"), "form": form, "button": _("Open the seal"), "sections": sections,
        "lead": _("The ledger says who opened it. Nothing of it may reach whom the clue is about."),
        "crumbs": crumbs((row.reference, url), (_("Sender of a clue"), "")),
    }  # fmt: skip
    reply = render(request, "federation/form.html", shown_, status=400 if form.errors else 200)
    reply.headers["Cache-Control"] = "no-store"
    return reply
