"""The catalogue of standards: what is current, what replaced what, who declared it, what it asks at least."""

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

from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.nqi import service
from qualipolis.city.nqi.standards import queries
from qualipolis.city.nqi.standards.lists import STANDARD_SHOWS
from qualipolis.city.nqi.standards.models import Side, StandardChange
from qualipolis.city.registry.models import Standard
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.licence_page import Field, Section, day
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import line
from qualipolis.law.nqi.floors import mandatory

CHIPS = {"current": "ok", "superseded": "warn", "withdrawn": "idle"}
MOST = 100


def chip_of(row: Standard) -> Any:
    """Return the state of a standard as a chip for a table."""
    return pages.chip_cell(CHIPS[row.status], row.get_status_display())


def _columns() -> list[parts.Column]:
    return [
        parts.Column("number", _("Standard"), title=True),
        parts.Column("name", _("Title")),
        parts.Column("state", _("State")),
        parts.Column("in_force", _("In force on")),
        parts.Column("replaced", _("Replaced by")),
    ]


def _cells(row: Standard) -> Mapping[str, Any]:
    return {
        "number": row.number, "name": row.name, "state": chip_of(row), "in_force": day(row.in_force_on),
        "replaced": row.replaced_by or "—", "url": reverse("desk:nqi_standard", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Catalogue of standards"),
    gettext_lazy("Search by number or title. When a standard changes, everyone who declared it is asked to check."),
    _columns, _cells, (("", gettext_lazy("All")), *STANDARD_SHOWS.items()), "nqi-standards",
    (gettext_lazy("No standard here"), gettext_lazy("Take a list over, or import the table of standards into the registry.")), search=True,
)  # fmt: skip


@page(*STAFF)
def standards(request: HttpRequest) -> HttpResponse:
    """The catalogue."""
    tools = [(_("Declared standards"), reverse("desk:nqi_declarations"), "certificate")]
    if can(request.user, "nqi.take_standards"):
        tools.append((_("Take a list over"), reverse("desk:nqi_import", args=["standards"]), "upload"))
    rows = queries.standards(request.GET.dict())
    return after.list_page(
        request, LIST, rows, stage=pages.STAGE, tools=tools, crumbs=[(_("Catalogue of standards"), "")]
    )


@page(*STAFF)
def standard(request: HttpRequest, pk: int) -> HttpResponse:
    """One standard: its days, what became of it, its mandatory limits, who declared it."""
    row = get_object_or_404(Standard, pk=pk)
    marks = after.marks(request, row, _marks(row))
    if request.method == "POST" and after.take_mark(request, row, marks):
        return redirect("desk:nqi_standard", pk)
    crumbs = [pages.crumb(_("Catalogue of standards"), "nqi_standards"), (row.number, "")]
    public = address("portal:nqi_standard", row.pk)
    tools = [(_("Public page"), public, "external-link")] if public else []
    state = parts.Chip(CHIPS[row.status], str(row.get_status_display()))
    shown = {"crumbs": crumbs, "marks": marks, "tools": tools, "state": state}
    return pages.sections_page(request, row.number, row.name, sections_of(row, link=True), **shown)


def sections_of(row: Standard, *, link: bool) -> list[Section]:
    """Return what a page tells of a standard; ``link`` leads to pages of the desk."""
    facts = [
        (_("Published on"), day(row.published_on)),
        (_("In force on"), day(row.in_force_on)),
        (_("No longer in force on"), day(row.ended_on)),
        (_("Replaced by"), row.replaced_by or "—"),
        (_("Mandatory"), _("yes") if mandatory(row.number) else _("no")),
    ]
    found = [Section(_("The standard"), facts=facts)]
    changes = [_change(one) for one in row.changes.all()]
    found += [Section(_("What became of it"), rows=changes)] if changes else []
    floors = [
        _("%(category)s, %(parameter)s: %(side)s %(limit)s %(unit)s %(clause)s")
        % {
            "category": one.category, "parameter": one.parameter, "side": one.get_side_display(), "limit": f"{one.limit:g}",
            "unit": one.unit, "clause": one.clause,
        }
        for one in queries.floors(row)
    ]  # fmt: skip
    note = _("A declared standard may not be below these (Standardisation Law, article 21).")
    found += [Section(_("Mandatory limits"), rows=floors, note=note)] if floors else []
    declared = list(queries.declared_now(row)[:MOST])
    words = "" if declared else _("No firm has declared this standard here.")
    rows = [
        after.linked(f"{one.enterprise.name} · {one.product_name}", "desk:nqi_declaration", one.pk) if link
        else f"{one.enterprise.name} · {one.product_name}"
        for one in declared
    ]  # fmt: skip
    return [*found, Section(_("Declared by"), rows=rows, words=words)]


def _change(one: StandardChange) -> str:
    said = _("%(day)s: %(kind)s %(new)s") % {
        "day": day(one.effective_on),
        "kind": one.get_kind_display(),
        "new": one.new_number,
    }
    told = _("%(declarations)s declarations and %(bodies)s laboratories were told") % {
        "declarations": one.declarations, "bodies": one.laboratories,
    }  # fmt: skip
    return " · ".join(part for part in (said.strip(), told, one.note) if part)


def _marks(row: Standard) -> list[after.Mark]:
    change: dict[str, Field] = {
        "kind": lambda: forms.ChoiceField(label=_("What became of it"), choices=StandardChange.Kind.choices),
        "new_number": line(gettext_lazy("New standard"), 60, False, help_text=gettext_lazy("With its year.")),
        "new_title": line(gettext_lazy("Title of the new standard"), 200, False),
        "effective_on": after.day(gettext_lazy("In effect on"), initial=timezone.localdate),
        "note": line(gettext_lazy("Note"), 400, False),
    }
    floor: dict[str, Field] = {
        "category": line(gettext_lazy("Class of product"), 60),
        "parameter": line(gettext_lazy("Parameter"), 120),
        "side": lambda: forms.ChoiceField(label=_("Kind of limit"), choices=Side.choices),
        "limit": lambda: forms.FloatField(label=_("Limit"), min_value=-1e12, max_value=1e12),
        "unit": line(gettext_lazy("Unit"), 20, False),
        "clause": line(gettext_lazy("Clause"), 40, False),
    }
    current = row.status == Standard.Status.CURRENT
    return [
        after.Mark("change", "nqi.change_standard", gettext_lazy("Note a change of the standard"), change,
                   lambda actor, one, said: service.change_standard(actor, one, said.pop("kind"), said.pop("effective_on"), **said),
                   when=lambda one: current,
                   help=gettext_lazy("Everyone who declared it is asked to check; laboratories that list it owe a filing.")),
        after.Mark("floor", "nqi.set_floor", gettext_lazy("Note a mandatory limit"), floor,
                   lambda actor, one, said: service.set_floor(actor, one, **said), when=lambda one: mandatory(one.number)),
    ]  # fmt: skip
