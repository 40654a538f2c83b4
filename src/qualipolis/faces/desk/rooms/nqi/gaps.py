"""Gaps in capability on the desk: the list for the plan, a new record, one of them with its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.directory import queries
from qualipolis.city.nqi.directory.gaps import able_for
from qualipolis.city.nqi.directory.lists import SHOWS
from qualipolis.city.nqi.directory.visibility import READERS
from qualipolis.city.nqi.models import CapabilityGap, NeedType
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, chip_of, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags.tongues import spoken
from qualipolis.lake.scopes.reading import read
from qualipolis.lake.scopes.terms import terms

NEEDS = (NeedType.TESTING, NeedType.METROLOGY, NeedType.CERTIFICATION)
SHOW = (("", gettext_lazy("All")), *SHOWS.items())


def _columns() -> list[parts.Column]:
    return [
        parts.Column("gap", _("What nobody here can do"), title=True),
        parts.Column("state", _("State")),
        parts.Column("asked", _("Times met"), numeric=True),
        parts.Column("towns", _("Towns"), numeric=True),
        parts.Column("plan", _("Stands in the plan")),
    ]


def _cells(row: Any) -> Mapping[str, Any]:
    said = f"{row.number} {row.standard}".strip()
    return {
        "gap": format_html('{}<br><span class="muted">{}</span>', spoken(title(row)), spoken(said)),
        "state": after.state_cell(row), "asked": row.asked, "towns": row.towns,
        "plan": _("%(year)s, %(who)s") % {"year": row.year, "who": row.builder} if row.year else "",
        "url": reverse("desk:nqi_gap", args=[row.pk]),
    }  # fmt: skip


def title(row: CapabilityGap) -> str:
    """Return a gap in words."""
    return _("%(product)s: %(item)s") % {"product": row.product, "item": row.parameter}


LIST = after.ListPage(
    gettext_lazy("Gaps in capability"),
    gettext_lazy("What was asked for and nobody here may do, the most asked for first: the ground of a plan of what to build."),
    _columns, _cells, SHOW, "nqi-gaps",
    (gettext_lazy("No gap is recorded"), gettext_lazy("A gap is recorded when a demand finds nobody, or after a search that finds nobody.")),
    search=True,
)  # fmt: skip


@page(*READERS)
def gaps(request: HttpRequest) -> HttpResponse:
    """The gaps, the most asked for first."""
    rows = queries.gaps(request.user, request.GET.dict())
    tools = [(_("What the towns can do"), reverse("desk:nqi_capability"), "map-2")]
    if can(request.user, "nqi.record_gap"):
        tools.append((_("Record a gap"), reverse("desk:nqi_gap_new"), "plus"))
    return after.list_page(request, LIST, rows, stage="build", tools=tools, crumbs=[(_("Gaps in capability"), "")])


class GapForm(forms.Form):
    """What nobody here can do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need_type"] = forms.ChoiceField(
            label=_("Kind of need"), choices=[(one.value, one.label) for one in NEEDS]
        )
        self.fields["product"] = after.line(_("Product"), 120)()
        self.fields["parameter"] = after.line(_("Item"), 120)()
        self.fields["standard"] = after.line(_("Standard number"), 60, False)()
        self.fields["unit"] = forms.ModelChoiceField(
            Unit.objects.exclude(kind=Unit.Kind.CITY), label=_("Town it was asked for"), required=False
        )
        self.fields["note"] = after.line(_("Note"), 400, False)()


@page("nqi_desk")
def gap_new(request: HttpRequest) -> HttpResponse:
    """Record a gap; from a search its words are filled in."""
    form = GapForm(request.POST or None, initial=_known(request.GET.get("q", "")))
    made: list[CapabilityGap] = []
    if request.method == "POST" and attempt(request, form, lambda said: made.append(_made(request.user, said))):
        return redirect("desk:nqi_gap", made[0].pk)
    shown = {
        "stage": "build", "heading": _("Record a gap in capability"), "form": form, "button": _("Record the gap"),
        "lead": _("The register is asked first: where somebody has it in a valid scope, nothing is recorded."), "facts": [],
        "crumbs": [(_("Gaps in capability"), reverse("desk:nqi_gaps")), (_("Record a gap in capability"), "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _known(said: str) -> dict[str, str]:
    """Return what a question names, as the fields of a record."""
    if not said.strip():
        return {}
    found, known = read(said[:200]), terms().by_code
    first = {
        kind: next(iter(codes), "") for kind, codes in (("product", found.products), ("parameter", found.parameters))
    }
    named = {kind: known[code].name("zh") for kind, code in first.items() if code}
    return named | {"need_type": NeedType.TESTING, "standard": found.standards[0].text if found.standards else ""}


def _made(actor: Any, said: dict[str, Any]) -> CapabilityGap:
    made: CapabilityGap = service.record_gap(
        actor,
        None,
        said["need_type"],
        said["product"],
        said["parameter"],
        said["standard"],
        unit=said["unit"],
        note=said["note"],
    )
    return made


def _acts() -> list[Act]:
    def year():
        return forms.IntegerField(
            label=_("Year of the plan"), min_value=2000, max_value=2100, initial=timezone.localdate().year + 1
        )

    return [
        Act("plan", "nqi.plan_gap", lambda who, row, said: service.plan_gap(who, row, said["year"], said["builder"]),
            {"year": year, "builder": after.line(_("Who builds the capability"), 160)}),
        Act("build", "nqi.build_gap", lambda who, row, said: service.build_gap(who, row)),
        Act("fill", "nqi.fill_gap", lambda who, row, said: service.fill_gap(who, row)),
        Act("unplan", "nqi.unplan_gap", lambda who, row, said: service.unplan_gap(who, row, said["reason"])),
        Act("drop", "nqi.drop_gap", lambda who, row, said: service.drop_gap(who, row, said["reason"])),
        Act("reopen", "nqi.reopen_gap", lambda who, row, said: service.reopen_gap(who, row, said["reason"])),
        Act("end", "nqi.end_gap", lambda who, row, said: service.end_gap(who, row)),
    ]  # fmt: skip


LEADS = {"open": "plan", "planned": "build", "building": "fill", "filled": "end", "dropped": "end"}


@page(*READERS)
def gap(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one gap."""
    row = get_object_or_404(visible(request.user, CapabilityGap.objects.all()), pk=pk)
    able = able_for(row)
    found = offers(request, row, _acts(), {"able": able, "year": row.year or 1, "builder": row.builder or "…"})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:nqi_gap", pk)
    return render(
        request, "nqi/gap.html", _context(request, row, found, able), status=400 if request.method == "POST" else 200
    )


def _context(request: HttpRequest, row: CapabilityGap, found: list[Any], able: int) -> dict[str, Any]:
    lead = [one for one in found if one.act.step == LEADS.get(row.status)]
    shown = page_of(request, row, lead, "desk:nqi_gap")
    asks = row.asks.select_related("unit", "demand")
    return shown | {
        "stage": "build", "state": chip_of(row), "title": title(row), "able": able, "asks": list(asks),
        "need": NeedType(row.need_type).label,
        "beside": [*shown["beside"], *(one for one in found if one not in lead and not one.blocked)],
        "history": history(row), "undo": undo_offer(request.user, f"nqi.capabilitygap:{row.pk}"),
        "waits": _("The planner decides whether it is built here."),
        "crumbs": [(_("Gaps in capability"), reverse("desk:nqi_gaps")), (row.number, "")],
    }  # fmt: skip
