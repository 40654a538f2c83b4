"""Bonus, veto and falsified data of a round: who, why, and the document that carries it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import service
from qualipolis.city.assess.models import Adjustment
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.registry import queries as registry
from qualipolis.faces.desk import parts
from qualipolis.law.flow import Refused
from qualipolis.methods.problems import InputError


class AdjustmentForm(forms.Form):
    """One adjustment. What each kind needs is checked by the verb, with its words."""

    unit = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Town or park"), to_field_name="code")
    kind = forms.ChoiceField(label=gettext_lazy("Kind of adjustment"), choices=Adjustment.Kind.choices)
    points = forms.FloatField(
        label=gettext_lazy("Bonus points"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("For a bonus only; all bonuses of a unit together are capped by rule."),
    )
    indicator = forms.CharField(
        label=gettext_lazy("Code of the indicator"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("For falsified data only, for example PQ01; the indicator then scores 0."),
    )
    document = forms.CharField(label=gettext_lazy("Document number"), max_length=80)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = registry.units(assessed=True)


@page(*STAFF)
def adjustments(request: HttpRequest, pk: int) -> HttpResponse:
    """The adjustments of a round; the planner enters a new one, and it is in force with the next run."""
    row = get_object_or_404(visible(request.user, CollectionRound.objects.select_related("set")), pk=pk)
    allowed = can(request.user, "assess.adjust", row)
    form = AdjustmentForm(request.POST or None) if allowed else None
    if form is not None and request.method == "POST" and form.is_valid() and _enter(request, row, form):
        return redirect("desk:adjustments", pk)
    found = visible(request.user, Adjustment.objects.filter(round=row)).select_related("unit")
    context = {
        "stage": "assess",
        "row": row,
        "form": form,
        "table": _table(found) if found else None,
        "crumbs": [(_("Releases"), reverse("desk:releases")), (row.name, "")],
    }
    return render(request, "assess/adjustments.html", context)


def _enter(request: HttpRequest, row: CollectionRound, form: AdjustmentForm) -> bool:
    said = form.cleaned_data
    try:
        service.adjust(
            request.user,
            row,
            said["unit"],
            said["kind"],
            said["document"],
            said["reason"],
            points=said["points"] or 0.0,
            indicator=said["indicator"].strip().upper(),
        )
    except InputError as error:
        for problem in error.problems:
            form.add_error(problem.place if problem.place in form.fields else None, problem.text(_))
        return False
    except Refused as error:
        form.add_error(None, error.problem.text(_))
        return False
    messages.success(request, _("Entered. It is in force with the next run."))
    return True


def _table(found: Any) -> parts.Table:
    columns = [
        parts.Column("unit", _("Town or park"), title=True),
        parts.Column("kind", _("Kind of adjustment")),
        parts.Column("points", _("Bonus points"), numeric=True),
        parts.Column("indicator_code", _("Code of the indicator")),
        parts.Column("document", _("Document number")),
        parts.Column("reason", _("Reason")),
    ]
    rows = [
        {
            "unit": one.unit.name,
            "kind": one.get_kind_display(),
            "points": f"{one.points:g}" if one.kind == Adjustment.Kind.BONUS else None,
            "indicator_code": one.indicator_code,
            "document": one.document,
            "reason": one.reason,
        }
        for one in found
    ]
    return parts.Table(_("Adjustments of the round"), columns, rows)
