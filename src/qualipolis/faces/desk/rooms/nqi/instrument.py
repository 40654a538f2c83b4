"""Instruments under compulsory verification: the ledger, a new one, and the page of one with its verifications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import own_codes, page, roles_of, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.metrology import queries
from qualipolis.city.nqi.metrology.coverage import due_state
from qualipolis.city.nqi.metrology.lists import DUE_WORDS, SHOWS
from qualipolis.city.nqi.metrology.models import Instrument
from qualipolis.city.nqi.metrology.visibility import INSIDE, verifiers
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.instrument_verification import sections_of
from qualipolis.faces.desk.rooms.nqi.licence_page import Section, day
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import area, line
from qualipolis.law.nqi.instruments import KINDS

SEERS = (*INSIDE, "enterprise", "laboratory")
DUE_CHIPS = {"covered": "ok", "soon": "warn", "overdue": "bad", "unknown": "bad", "out": "idle"}
PATH = (
    (gettext_lazy("In use"), ("in_use",), ("nqi.register_instrument", "nqi.hand_in_instrument")),
    (gettext_lazy("Handed in"), ("at_verification",), ("nqi.verify_instrument",)),
)
WAITS = {
    "in_use": gettext_lazy("The firm hands it in before the day of its verification."),
    "at_verification": gettext_lazy("The metrology institute verifies it."),
    "failed": gettext_lazy("It failed and must not be used."),
    "sealed": gettext_lazy("It is out of use; it is verified before it is used again."),
}


def due_cell(row: Instrument) -> Any:
    """Return where an instrument stands today: verified, due soon, overdue, unknown, not in use."""
    found = due_state(row, timezone.localdate())
    return pages.chip_cell(DUE_CHIPS[found], DUE_WORDS[found])


def _columns() -> list[parts.Column]:
    return [
        parts.Column("instrument", _("Instrument"), title=True),
        parts.Column("due", _("On this day")),
        parts.Column("next", _("Verification due by")),
        parts.Column("firm", _("Firm")),
        parts.Column("state", _("State")),
    ]


def _cells(row: Instrument) -> Mapping[str, Any]:
    return {
        "instrument": f"{row.name} {row.serial_no}", "due": due_cell(row), "next": day(row.next_due),
        "firm": row.enterprise.name, "state": pages.state_cell(row), "url": reverse("desk:nqi_instrument", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Measuring instruments"),
    gettext_lazy("Instruments under compulsory verification. What is due first stands first; notices go out 30 and 7 days before."),
    _columns, _cells, (("", gettext_lazy("All")), *SHOWS.items()), "nqi-instruments",
    (gettext_lazy("No instrument here"), gettext_lazy("Firms register their instruments, one by one or from a list.")), search=True,
)  # fmt: skip


@page(*SEERS)
def instruments(request: HttpRequest) -> HttpResponse:
    """The ledger of instruments: a firm's own, an institute's, or all of them."""
    tools = [(_("Coverage"), reverse("desk:nqi_coverage"), "chart-bar")] if roles_of(request.user) & set(INSIDE) else []
    if "enterprise" in roles_of(request.user):
        tools.append((_("Take a list over"), reverse("desk:nqi_import", args=["instruments"]), "upload"))
        tools.append((_("Register an instrument"), reverse("desk:nqi_instrument_new"), "plus"))
    rows = queries.instruments(request.user, request.GET.dict())
    return after.list_page(
        request, LIST, rows, stage=pages.STAGE, tools=tools, crumbs=[(_("Measuring instruments"), "")]
    )


def firm_field(user: Any) -> forms.Field:
    """Return the field for one's own firm; hidden where there is only one."""
    firms = Enterprise.objects.filter(credit_code__in=own_codes(user)).order_by("credit_code")
    field = forms.ModelChoiceField(firms, label=_("Firm"), initial=firms.first(), empty_label=None)
    if firms.count() == 1:
        field.widget = forms.HiddenInput()
    return field


class InstrumentForm(forms.Form):
    """An instrument of one's own firm."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"] = firm_field(user)
        choices = [
            (one.code, _("%(kind)s (every %(n)s months)") % {"kind": _(one.words), "n": one.months}) for one in KINDS
        ]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind of instrument"), choices=choices)
        self.fields["name"] = line(_("Name"), 120)()
        self.fields["serial_no"] = line(_("Serial number"), 80, help_text=_("As on the plate of the instrument."))()
        self.fields["model"] = line(_("Model"), 80, False)()
        self.fields["maker"] = line(_("Manufacturer"), 120, False)()
        self.fields["accuracy"] = line(_("Range and accuracy"), 120, False)()
        self.fields["place"] = line(_("Where it is used"), 160, False)()
        self.fields["last_on"] = after.day(_("Last verified on"), required=False)()
        self.fields["months"] = forms.IntegerField(
            label=_("Months between verifications"), required=False, min_value=1, max_value=120,
            help_text=_("Left empty, the longest time of its kind; those times were not checked against the regulations."),
        )  # fmt: skip


@page("enterprise")
def instrument_new(request: HttpRequest) -> HttpResponse:
    """Register an instrument."""
    form, made = InstrumentForm(request.user, request.POST or None), []

    def act(said: dict[str, Any]) -> None:
        made.append(service.register_instrument(request.user, said.pop("enterprise"), said.pop("kind"), **said))

    if request.method == "POST" and attempt(request, form, act, _("Registered.")):
        return redirect("desk:nqi_instrument", made[0].pk)
    lead = _("For trade, medical care, safety and the environment. You are reminded 30 and 7 days before it is due.")
    crumbs = [pages.crumb(_("Measuring instruments"), "nqi_instruments")]
    return pages.form_page(request, _("Register an instrument"), lead, form, _("Register"), crumbs)


@page(*SEERS)
def instrument(request: HttpRequest, pk: int) -> HttpResponse:
    """One instrument: until when it is verified, and what comes next."""
    row = get_object_or_404(visible(request.user, Instrument.objects.select_related("enterprise", "unit")), pk=pk)
    facts = {"authorised": True, "verified_on": timezone.localdate(), "next_due": None, "result": "fail"}
    crumbs = [pages.crumb(_("Measuring instruments"), "nqi_instruments"), (row.number, "")]
    page_ = pages.RowPage(
        "desk:nqi_instrument", row.name, f"{row.kind_words} {row.number}", _acts(request.user), facts,
        [_facts(row), *sections_of(request.user, row)], PATH if row.status in ("in_use", "at_verification") else (),
        crumbs, str(WAITS.get(row.status, "")), links=_links(request.user, row), leading=_lead(row),
    )  # fmt: skip
    return pages.row_page(request, row, page_)


def _lead(row: Instrument) -> tuple[str, ...]:
    """Return which step leads on: an instrument that is verified for long stays in use."""
    return () if due_state(row, timezone.localdate()) == "covered" else ("hand_in",)


def _links(user: Any, row: Instrument) -> list[tuple[Any, str]]:
    if row.ended or not verifiers(user).exists():
        return []
    return [(_("Note a verification"), reverse("desk:nqi_verify", args=[row.pk]))]


def _acts(user: Any) -> list[Act]:
    why = {"reason": area(gettext_lazy("Reason"), 400, 2)}
    return [
        Act("hand_in", "nqi.hand_in_instrument", lambda actor, one, said: service.hand_in_instrument(actor, one)),
        Act("take_back", "nqi.take_instrument_back",
            lambda actor, one, said: service.take_instrument_back(actor, one, said["reason"]), why),
        Act("seal", "nqi.seal_instrument", lambda actor, one, said: service.seal_instrument(actor, one, said["reason"]), why),
        Act("scrap", "nqi.scrap_instrument", lambda actor, one, said: service.scrap_instrument(actor, one, said["reason"]), why),
    ]  # fmt: skip


def _facts(row: Instrument) -> Section:
    facts = [
        (_("On this day"), due_cell(row)),
        (_("Verification due by"), day(row.next_due)),
        (_("Last verified on"), day(row.last_on)),
        (_("Months between verifications"), row.months),
        (_("Serial number"), row.serial_no),
        (_("Model"), row.model or "—"),
        (_("Manufacturer"), row.maker or "—"),
        (_("Range and accuracy"), row.accuracy or "—"),
        (_("Where it is used"), row.place or "—"),
        (_("Firm"), row.enterprise.name),
        (_("Town"), row.unit.name),
    ]
    if row.source:
        facts.append(
            (_("Taken from"), _("%(file)s, line %(line)s") % {"file": row.source.file, "line": row.source_line})
        )
    return Section(_("The instrument"), facts=facts)
