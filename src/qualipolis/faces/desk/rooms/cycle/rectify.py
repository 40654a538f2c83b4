"""The rectifications of a year: who has to put what right, by when, how far it is; opened after a release or one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import Rectification, Release
from qualipolis.city.assess.queries import RectificationLine
from qualipolis.city.assess.rectification import term_from
from qualipolis.city.assess.rectify import wanted_of
from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import queries as measure
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.registry import queries as registry
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import STAGE, Ask, attempt, chip_for, crumbs, cycle_law, described
from qualipolis.faces.desk.rooms.measure.pieces import NumberField, deadline

PER_PAGE = 60
MOST_OFFERED = 200
Status = Rectification.Status
SHOWS: tuple[tuple[str, Any], ...] = (
    ("", gettext_lazy("All")),
    ("overdue", gettext_lazy("Overdue")),
    ("town", gettext_lazy("With the unit")),
    ("reported", gettext_lazy("To check")),
    ("returned", gettext_lazy("Returned")),
    ("closed", gettext_lazy("Closed")),
)
WITH_TOWN = (Status.OPEN, Status.PLANNED, Status.RETURNED)


class OpenForm(forms.Form):
    """One rectification that the office chooses, with its first item."""

    do = forms.CharField(widget=forms.HiddenInput, initial="one")
    unit = forms.CharField(
        label=gettext_lazy("Town or park"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
        help_text=gettext_lazy("Its name or its code."),
    )
    indicator = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Indicator"), to_field_name="code", required=False
    )
    problem = forms.CharField(label=gettext_lazy("Problem"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    required = NumberField(
        label=gettext_lazy("Required result"),
        help_text=gettext_lazy("A number in the unit of the indicator; never only “improve”."),
    )
    period = forms.CharField(
        label=gettext_lazy("Period of the result"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("Such as 2023."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, round_: CollectionRound, data: Any = None) -> None:
        super().__init__(data, auto_id="id_one_%s")
        self.fields["indicator"].queryset = round_.set.indicators.order_by("position")
        self.fields["indicator"].label_from_instance = lambda one: f"{one.code} {one.name}"
        self.fields["due_on"].initial = term_from(timezone.localdate())
        self.fields["period"].initial = str(round_.set.year + 1)

    def clean_unit(self) -> Unit:
        """The assessed unit of that code or name."""
        said = self.cleaned_data["unit"].strip()
        match = Q(code=said) | Q(name_zh=said) | Q(name_en__iexact=said)
        found = registry.units(assessed=True).filter(match).first()
        if found is None:
            raise forms.ValidationError(_("No assessed unit has this name or code."))
        return found


def fits(line: RectificationLine, show: str) -> bool:
    """Whether a line belongs under a filter."""
    found = {"overdue": line.overdue, "town": line.row.status in WITH_TOWN}
    return found.get(show, line.row.status == show if show else True)


@page(*STAFF)
def rectifications(request: HttpRequest, pk: int) -> HttpResponse:
    """The rectifications of a year; the planner opens those that a release asks for, or one of the office's choice."""
    round_ = get_object_or_404(measure.rounds(request.user), pk=pk)
    release, wanted = _wanted(request.user, round_)
    bulk, one = _forms(request, round_, wanted)
    if request.method == "POST" and _opened(request, round_, release, bulk, one):
        return redirect("desk:rectifications", pk)
    found = queries.rectifications(request.user, round_)
    only = request.GET.get("show", "")
    paged = Paginator([line for line in found if fits(line, only)], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": STAGE,
        "round": round_,
        "found": len(found),
        "closed": sum(line.row.status == Status.CLOSED for line in found),
        "overdue": sum(line.overdue for line in found),
        "filters": [
            parts.Segment(str(words), f"?show={key}" if key else "?", key == only, sum(fits(x, key) for x in found))
            for key, words in SHOWS
        ],
        "paged": paged,
        "lines": _lines(list(paged)),
        "box": _box(round_, release, bulk, wanted) if bulk and release else None,
        "one": one,
        "units": registry.units(assessed=True).order_by("code")[:MOST_OFFERED] if one else (),
        "exports": exports("rectifications", f"round={pk}&show={only}", sum(fits(x, only) for x in found)),
        "crumbs": crumbs(round_, (_("Rectifications"), "")),
    }
    wrong = request.method == "POST" and (bulk is not None or one is not None)
    return render(request, "cycle/rectify_list.html", context, status=400 if wrong else 200)


def _wanted(user: Any, round_: CollectionRound) -> tuple[Release | None, int]:
    """The release in force of the round, and how many units it asks to put something right."""
    if not can(user, "assess.open_rectifications"):
        return None, 0
    rows = queries.releases(user).filter(assessment__round=round_, assessment__status="published", withdrawn_at=None)
    release = rows.first()
    if release is None:
        return None, 0
    skipped = set(Rectification.objects.filter(round=round_).values_list("unit_id", flat=True))
    return release, len(wanted_of(release, skipped))


def _forms(request: HttpRequest, round_: CollectionRound, wanted: int) -> tuple[Ask | None, OpenForm | None]:
    if not can(request.user, "assess.open_rectification", round_):
        return None, None
    data = request.POST if request.method == "POST" else None
    bulk = None
    if wanted:
        bulk = Ask("bulk", ("due_on",), data)
        bulk.fields["due_on"].initial = term_from(timezone.localdate())
    return bulk, OpenForm(round_, data if data and data.get("do") == "one" else None)


def _opened(
    request: HttpRequest, round_: CollectionRound, release: Release | None, bulk: Ask | None, one: OpenForm | None
) -> bool:
    user = request.user
    if request.POST.get("do") == "one" and one is not None:
        return attempt(request, one, lambda said: _open_one(user, round_, said))
    if bulk is not None and release is not None:
        return attempt(request, bulk, lambda said: service.open_rectifications(user, release, said["due_on"]))
    return False


def _open_one(user: Any, round_: CollectionRound, said: dict[str, Any]) -> None:
    code = said["indicator"].code if said["indicator"] else ""
    item = service.Item(said["problem"], code, said["required"], said["period"])
    service.open_rectification(user, round_, said["unit"], [item], said["due_on"])


def _box(round_: CollectionRound, release: Release, form: Ask, n: int) -> parts.NextStep:
    title = ngettext("Open the rectification of %(n)s unit", "Open the rectifications of %(n)s units", n) % {"n": n}
    return parts.NextStep(
        title,
        _("Open them"),
        reverse("desk:rectifications", args=[round_.pk]),
        _("yours"),
        form=form,
        law=cycle_law(None),
        missing=_("After release %(number)s: grade C or D, a veto, or falsified data. Those opened already stay.")
        % {"number": release.number},
    )


def _lines(found: list[RectificationLine]) -> list[dict[str, Any]]:
    """The lines of a page; a term that many units share is counted once."""
    terms = {day: deadline(day) for day in {line.row.due_on for line in found}}
    return [shown(line, terms[line.row.due_on]) for line in found]


def shown(line: RectificationLine, term: parts.Deadline | None) -> dict[str, Any]:
    """Return one rectification as a list shows it."""
    row = line.row
    return {
        "row": row,
        "chip": chip_for(row, line.overdue),
        "due": term if row.status in WITH_TOWN else None,
        "items": line.items,
        "fulfilled": line.fulfilled,
        "next": next_words(row),
    }


def next_words(row: Rectification) -> str:
    """Return what comes next, and with whom it lies."""
    return {
        Status.OPEN: _("the unit writes its plan"),
        Status.PLANNED: _("the unit reports with evidence"),
        Status.REPORTED: _("the departments check each item"),
        Status.RETURNED: _("the unit answers the return"),
        Status.CLOSED: _("nothing, it is closed"),
    }[Status(row.status)]


@listing("rectifications", gettext_lazy("Rectifications"), roles=STAFF, describe=described(SHOWS))
def rectification_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the rectifications of a round that the person sees, under the filter of the page."""
    round_ = measure.rounds(actor).filter(pk=whole(params.get("round")) or 0).first()
    found = queries.rectifications(actor, round_) if round_ else []
    lines = [line for line in found if fits(line, params.get("show", ""))]
    kinds = {
        _("Unit code"): (pl.String, [one.row.unit.code for one in lines]),
        _("Unit"): (pl.String, [one.row.unit.name for one in lines]),
        _("Cause"): (pl.String, [str(one.row.get_cause_display()) for one in lines]),
        _("State"): (pl.String, [str(one.row.get_status_display()) for one in lines]),
        _("Overdue"): (pl.String, [_("yes") if one.overdue else _("no") for one in lines]),
        _("Opened on"): (pl.Date, [one.row.opened_on for one in lines]),
        _("Last day"): (pl.Date, [one.row.due_on for one in lines]),
        _("Closed on"): (pl.Date, [one.row.closed_on for one in lines]),
        _("Items"): (pl.Int64, [one.items for one in lines]),
        _("Items fulfilled"): (pl.Int64, [one.fulfilled for one in lines]),
        _("Next step"): (pl.String, [next_words(one.row) for one in lines]),
    }
    return table(kinds)
