"""Late and revised data beside a locked round: noted with source and day, offered to the next year, never inside this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, city_wide, organisations_of, page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, Indicator, Observation, Statistic
from qualipolis.city.registry import queries as registry
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import attempt, crumbs, cycle_law, described
from qualipolis.faces.desk.rooms.measure.pieces import STAGE, NumberField, figure, history

PER_PAGE = 60
STATISTICS = {
    "above_scale_firms": gettext_lazy("above-scale enterprises"),
    "employees": gettext_lazy("people employed"),
    "firms": gettext_lazy("enterprises"),
    "industrial_firms": gettext_lazy("industrial enterprises"),
    "industrial_value_added": gettext_lazy("industrial value added"),
    "population": gettext_lazy("population"),
    "producing_firms": gettext_lazy("producing enterprises"),
    "special_equipment": gettext_lazy("special equipment"),
}


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _unit_field() -> forms.CharField:
    named = forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
    return forms.CharField(label=pgettext("place", "Unit"), max_length=80, widget=named)


def find_unit(form: forms.Form, said: dict[str, Any]) -> None:
    """Put the unit that was named by its name or code into what was said."""
    name = said.get("unit", "").strip()
    units = registry.units(assessed=True)
    found = list(units.filter(code=name) or units.filter(name_zh=name) or units.filter(name_en=name))
    if name and len(found) != 1:
        form.add_error("unit", _("There is no unit called %(name)s.") % {"name": name})
    said["unit"] = found[0] if len(found) == 1 else None


class LateForm(forms.Form):
    """A value that came after the lock, with where it comes from."""

    do = forms.CharField(widget=forms.HiddenInput, initial="late")

    def __init__(self, leaves: list[Indicator], data: Any = None) -> None:
        super().__init__(data, auto_id="id_late_%s")
        self.fields["unit"] = _unit_field()
        choices = [(leaf.code, f"{leaf.code} {leaf.name}") for leaf in leaves]
        self.fields["indicator"] = forms.ChoiceField(label=_("Indicator"), choices=choices)
        for name, label in (("numerator", _("Numerator")), ("denominator", _("Denominator")), ("value", _("Value"))):
            self.fields[name] = NumberField(label=label)
        self.fields["value"].help_text = _("Only for an indicator without numerator and denominator.")
        self.fields["source"] = forms.CharField(label=_("Source"), max_length=200)
        self.fields["received_on"] = _date(_("Received on"))
        self.fields["received_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """The unit is one of those assessed."""
        said = super().clean() or {}
        find_unit(self, said)
        return said


class ReviseForm(forms.Form):
    """A figure that its source has revised."""

    do = forms.CharField(widget=forms.HiddenInput, initial="revise")

    def __init__(self, year: int, data: Any = None) -> None:
        super().__init__(data, auto_id="id_revise_%s")
        self.year = year
        keys = Statistic.objects.filter(year=year).order_by("key").values_list("key", flat=True).distinct()
        self.fields["unit"] = _unit_field()
        choices = [(key, statistic_word(key)) for key in keys]
        self.fields["key"] = forms.ChoiceField(label=_("Statistic"), choices=choices)
        self.fields["value"] = NumberField(label=_("Revised value"), required=True)
        self.fields["source"] = forms.CharField(label=_("Document of the revision"), max_length=200)
        self.fields["revised_on"] = _date(_("Revised on"))
        self.fields["revised_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """The statistic of this unit and year exists."""
        said = super().clean() or {}
        find_unit(self, said)
        if said.get("unit") and said.get("key"):
            said["row"] = Statistic.objects.filter(unit=said["unit"], year=self.year, key=said["key"]).first()
            if said["row"] is None:
                self.add_error("key", _("This unit has no such statistic for the year."))
        return said


def statistic_word(key: str) -> str:
    """Return the name of a statistic; one that nobody has translated keeps its key."""
    return str(STATISTICS.get(key, key))


@page(*INSIDE)
def late(request: HttpRequest, pk: int) -> HttpResponse:
    """What came late for a round and what was revised; nothing here changes the locked year."""
    round_ = get_object_or_404(queries.rounds(request.user), pk=pk)
    note, revise = _forms(request, round_)
    if request.method == "POST" and _posted(request, round_, note, revise):
        return redirect("desk:late", pk)
    found = queries.late_values(request.user, round_)
    paged = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    locked = _locked(round_, paged)
    revisions = list(queries.revisions(request.user, round_.set.year)[:100])
    wrong = any(form is not None and form.errors for form in (note, revise))
    context = {
        "stage": STAGE,
        "round": round_,
        "next_year": round_.set.year + 1,
        "paged": paged,
        "lines": [(one, figure(one.value), figure(locked.get((one.unit_id, one.indicator_id)))) for one in paged],
        "revisions": [(one, statistic_word(one.statistic.key), figure(one.old_value), figure(one.new_value)) for one in revisions],
        "box": _box(round_, note) if note else None,
        "revise": revise,
        "units": registry.units(assessed=True).order_by("code") if note or revise else (),
        "is_locked": round_.status == CollectionRound.Status.LOCKED,
        "history": history(round_, verbs=("measure.lock_round", "measure.reopen_round", "measure.confirm_reopen")),
        "exports": exports("late-values", f"round={pk}", paged.paginator.count),
        "crumbs": crumbs(round_, (_("Late and revised data"), "")),
    }  # fmt: skip
    return render(request, "cycle/late.html", context, status=400 if wrong else 200)


def _forms(request: HttpRequest, round_: CollectionRound) -> tuple[LateForm | None, ReviseForm | None]:
    data, do = (request.POST if request.method == "POST" else None), request.POST.get("do", "")
    note = revise = None
    if round_.status == CollectionRound.Status.LOCKED and can(request.user, "measure.note_late_value"):
        leaves = _leaves(request.user, round_)
        note = LateForm(leaves, data if do == "late" else None) if leaves else None
    if can(request.user, "measure.revise_statistic"):
        revise = ReviseForm(round_.set.year, data if do == "revise" else None)
    return note, revise


def _leaves(user: Any, round_: CollectionRound) -> list[Indicator]:
    """The indicators that this person answers for: a department its own, the office all."""
    rows = round_.set.indicators.order_by("position")
    if city_wide(user, ("planner", "department")):
        return list(rows)
    return list(rows.filter(owner__in=organisations_of(user, ("department",))))


def _posted(request: HttpRequest, round_: CollectionRound, note: LateForm | None, revise: ReviseForm | None) -> bool:
    if note is not None and note.is_bound:
        return attempt(request, note, lambda said: _note(request.user, round_, said), _("The late value is noted."))
    if revise is not None and revise.is_bound:
        words = _("The revision is taken over. See what it would change before anything is reopened.")
        return attempt(request, revise, lambda said: _revise(request.user, said), words)
    return False


def _note(user: Any, round_: CollectionRound, said: dict[str, Any]) -> None:
    cells = Observation.objects.filter(round=round_, unit=said["unit"], indicator__code=said["indicator"])
    figures = {name: said[name] for name in ("numerator", "denominator", "value")}
    service.note_late_value(user, cells.get(), said["received_on"], said["source"], **figures)


def _revise(user: Any, said: dict[str, Any]) -> None:
    service.revise_statistic(user, said["row"], said["value"], said["source"], said["revised_on"])


def _locked(round_: CollectionRound, rows: Any) -> dict[tuple[int, int], float | None]:
    cells = Observation.objects.filter(
        round=round_, unit__in={one.unit_id for one in rows}, indicator__in={one.indicator_id for one in rows}
    )
    return {(unit, leaf): value for unit, leaf, value in cells.values_list("unit_id", "indicator_id", "value")}


def _box(round_: CollectionRound, form: LateForm) -> parts.NextStep:
    year = round_.set.year
    return parts.NextStep(
        _("Note a late value"),
        _("Note it"),
        reverse("desk:late", args=[round_.pk]),
        _("yours"),
        form=form,
        missing=_("No score of %(year)s changes. The sheet of %(next)s shows the value as last year's, with its source.") % {"year": year, "next": year + 1},
        undo=_("A note stays. A newer one for the same value stands before it."),
        law=cycle_law(None),
    )  # fmt: skip


@listing("late-values", gettext_lazy("Late values"), roles=INSIDE, describe=described())
def late_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the late values of a round beside the locked ones."""
    round_ = queries.rounds(actor).filter(pk=whole(params.get("round")) or 0).first()
    rows = list(queries.late_values(actor, round_)) if round_ else []
    locked = _locked(round_, rows) if round_ else {}
    kinds = {
        _("Unit code"): (pl.String, [one.unit.code for one in rows]),
        _("Unit"): (pl.String, [one.unit.name for one in rows]),
        _("Indicator"): (pl.String, [one.indicator.code for one in rows]),
        _("Name"): (pl.String, [one.indicator.name for one in rows]),
        _("Locked value"): (pl.Float64, [locked.get((one.unit_id, one.indicator_id)) for one in rows]),
        _("Late value"): (pl.Float64, [one.value for one in rows]),
        _("Received on"): (pl.Date, [one.received_on for one in rows]),
        _("Source"): (pl.String, [one.source for one in rows]),
        _("Noted by"): (pl.String, [str(one.entered_by or "") or None for one in rows]),
    }
    return table(kinds)
