"""The targets that towns file for a frozen set (目标申报), and later the result beside each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, organisations_of, page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, Indicator, IndicatorSet, TownTarget
from qualipolis.city.registry import queries as registry
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import attempt, cycle_law
from qualipolis.faces.desk.rooms.measure.pieces import STAGE, NumberField, figure, history
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.lake.cells import plain

PER_PAGE = 60


class TargetsForm(forms.Form):
    """One number for each indicator; an empty field takes the target back."""

    def __init__(self, leaves: list[Indicator], filed: Mapping[str, queries.TargetLine], data: Any = None) -> None:
        super().__init__(data, initial={code: plain(line.target) for code, line in filed.items()})
        for leaf in leaves:
            self.fields[leaf.code] = NumberField(label=leaf.name)
        self.fields["note"] = forms.CharField(
            label=gettext_lazy("Explanation"),
            required=False,
            max_length=400,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def changed_values(self) -> dict[str, float | None]:
        """Return only what differs from what is filed."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "note"}


@page(*INSIDE)
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    """The targets of one unit, or the list of the units with how many each has filed and reached."""
    row = get_object_or_404(visible(request.user, IndicatorSet.objects.all()), pk=pk)
    unit = _unit(request)
    if unit is None:
        return _listed(request, row)
    leaves = list(row.indicators.select_related("dimension").order_by("position"))
    filed = {line.indicator.code: line for line in queries.targets(request.user, row, unit)}
    may = row.status == IndicatorSet.Status.FROZEN and can(request.user, "measure.file_targets", unit)
    form = TargetsForm(leaves, filed, request.POST if request.method == "POST" else None) if may else None
    if form is not None and form.is_bound and _filed(request, row, unit, form):
        return redirect(f"{reverse('desk:set_targets', args=[pk])}?unit={unit.code}")
    round_ = CollectionRound.objects.filter(set__year=row.year).order_by("set__version").first()
    known = queries.hints(request.user, round_, unit) if round_ else {}
    lines = [_line(leaf, filed.get(leaf.code), known.get(leaf.code), form) for leaf in leaves]
    context = {
        "stage": STAGE,
        "row": row,
        "unit": unit,
        "form": form,
        "draft_key": f"measure.targets:{row.pk}:{unit.pk}",
        "lines": lines if form else [line for line in lines if line["filed"]],
        "filed": len(filed),
        "reached": sum(line.reached is True for line in filed.values()),
        "known": sum(line.reached is not None for line in filed.values()),
        "law": cycle_law(None),
        "history": history(unit, verbs=("measure.file_targets",)),
        "exports": exports("town-targets", f"set={pk}&unit={unit.code}", len(filed)),
        "crumbs": _crumbs(row, (_("Targets"), reverse("desk:set_targets", args=[pk])), (unit.name, "")),
    }
    return render(request, "cycle/targets_unit.html", context, status=400 if form and form.errors else 200)


def _crumbs(row: IndicatorSet, *more: tuple[str, str]) -> list[tuple[str, str]]:
    above = [(_("Indicator sets"), reverse("desk:sets")), (str(row.year), reverse("desk:set", args=[row.pk]))]
    return [*above, *more]


def _unit(request: HttpRequest) -> Unit | None:
    units = registry.units(assessed=True)
    if code := request.GET.get("unit", ""):
        return get_object_or_404(units, code=code)
    mine = organisations_of(request.user, ("town_officer",))
    return units.filter(government__in=mine).order_by("code").first() if mine else None


def _filed(request: HttpRequest, row: IndicatorSet, unit: Unit, form: TargetsForm) -> bool:
    def act(said: dict[str, Any]) -> None:
        service.file_targets(request.user, unit, row, form.changed_values(), said["note"])

    return attempt(request, form, act, _("The targets are filed."))


def _line(leaf: Indicator, filed: Any, known: queries.Hint | None, form: TargetsForm | None) -> dict[str, Any]:
    reached = filed.reached if filed else None
    chip = parts.Chip("idle", _("no result yet"), "circle-dashed")
    if reached is not None:
        chip = parts.Chip("ok", _("reached")) if reached else parts.Chip("warn", _("not reached"))
    return {
        "leaf": leaf,
        "unit_of": bilingual(leaf, "unit"),
        "goal": goal_words(leaf),
        "last": figure(known.value if known else None),
        "filed": bool(filed),
        "target": figure(filed.target if filed else None),
        "note": filed.note if filed else "",
        "result": figure(filed.result if filed else None),
        "chip": chip if filed else None,
        "field": form[leaf.code] if form else None,
    }


def goal_words(leaf: Indicator) -> str:
    """Return where the full score of an indicator lies."""
    if leaf.direction == Indicator.Direction.TARGET:
        return _("%(low)s to %(high)s") % {"low": figure(leaf.target_low), "high": figure(leaf.target_high)}
    sign = "≤" if leaf.direction == Indicator.Direction.LOWER else "≥"
    return f"{sign} {figure(leaf.target)}" if leaf.target is not None else "—"


def _listed(request: HttpRequest, row: IndicatorSet) -> HttpResponse:
    """How many targets each unit has filed: two queries whatever the size of the city."""
    seen = visible(request.user, TownTarget.objects.filter(indicator__set__year=row.year))
    counts = dict(seen.order_by().values_list("unit").annotate(n=Count("indicator__code", distinct=True)))
    units = registry.units(assessed=True).order_by("code")
    only = request.GET.get("show", "")
    chosen = {"none": units.exclude(pk__in=counts), "filed": units.filter(pk__in=counts)}.get(only, units)
    total = units.count()
    paged = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    words = (
        ("", _("All units"), total),
        ("filed", _("Filed"), len(counts)),
        ("none", _("Nothing filed"), total - len(counts)),
    )
    context = {
        "stage": STAGE,
        "row": row,
        "paged": paged,
        "lines": [(unit, counts.get(unit.pk, 0)) for unit in paged],
        "filed": len(counts),
        "total": total,
        "filters": [parts.Segment(label, f"?show={key}" if key else "?", key == only, n) for key, label, n in words],
        "said": ngettext("%(n)s unit has filed targets", "%(n)s units have filed targets", len(counts))
        % {"n": len(counts)},
        "exports": exports("town-targets", f"set={row.pk}", sum(counts.values())),
        "crumbs": _crumbs(row, (_("Targets"), "")),
    }
    return render(request, "cycle/targets.html", context)


def _in_words(params: Mapping[str, str]) -> list[str]:
    row = IndicatorSet.objects.filter(pk=whole(params.get("set")) or 0).first()
    unit = Unit.objects.filter(code=params.get("unit", "")).first()
    return [*([row.name] if row else []), *([unit.name] if unit else [])]


@listing("town-targets", gettext_lazy("Targets of the units"), roles=INSIDE, describe=_in_words)
def targets_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the targets that the person sees, each with its result."""
    row = visible(actor, IndicatorSet.objects.filter(pk=whole(params.get("set")) or 0)).first()
    unit = Unit.objects.filter(code=params.get("unit", "")).first() if params.get("unit") else None
    lines = queries.targets(actor, row, unit) if row else []
    units = Unit.objects.in_bulk({line.unit for line in lines})
    kinds = {
        _("Unit code"): (pl.String, [units[line.unit].code for line in lines]),
        _("Unit"): (pl.String, [units[line.unit].name for line in lines]),
        _("Indicator"): (pl.String, [line.indicator.code for line in lines]),
        _("Name"): (pl.String, [line.indicator.name for line in lines]),
        _("Target"): (pl.Float64, [line.target for line in lines]),
        _("Result"): (pl.Float64, [line.result for line in lines]),
        _("Measured in"): (pl.String, [bilingual(line.indicator, "unit") for line in lines]),
        _("Reached"): (pl.String, [_reached(line.reached) for line in lines]),
        _("Explanation"): (pl.String, [line.note or None for line in lines]),
    }
    return table(kinds)


def _reached(value: bool | None) -> str | None:
    return None if value is None else _("yes") if value else _("no")
