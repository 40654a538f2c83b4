"""The list of all indicators of a year, by dimension: what, how it is computed, who owns it, how much it weighs."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure.models import Indicator
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import badge, chosen, year_switch


@page(*STAFF)
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator of the set behind a release; before the first release, the sets."""
    release, found = chosen(request)
    if release is None:
        return redirect("desk:sets")
    rows = Indicator.objects.filter(set=release.assessment.round.set_id).select_related("dimension", "owner")
    ordered = sorted(rows, key=lambda one: (one.dimension.position, one.position))
    groups = [
        (dimension, _table(dimension, list(group), request))
        for dimension, group in groupby(ordered, key=lambda one: one.dimension)
    ]
    context = {
        "stage": "measure",
        "count": len(ordered),
        "groups": groups,
        "years": year_switch(request, release, found),
        "badge": badge(release),
    }
    return render(request, "assess/indicators.html", context)


def _table(dimension: Any, rows: list[Indicator], request: HttpRequest) -> parts.Table:
    year = request.GET.get("year", "")
    tail = f"?year={year}" if year.isdigit() else ""
    columns = [
        parts.Column("code", _("Code")),
        parts.Column("name", _("Indicator"), title=True),
        parts.Column("formula", _("Formula")),
        parts.Column("unit", _("Unit of measurement")),
        parts.Column("direction", _("Direction")),
        parts.Column("owner", _("Owner department")),
        parts.Column("weight", _("Weight in the dimension"), numeric=True),
    ]
    total = sum(one.weight for one in rows) or 1.0
    return parts.Table(dimension.name, columns, [_row(one, total, tail) for one in rows], links="url")


def _row(one: Indicator, total: float, tail: str) -> dict[str, Any]:
    first, second = ("zh", "en") if (get_language() or "zh").startswith("zh") else ("en", "zh")
    said = {name: getattr(one, f"{name}_{first}") or getattr(one, f"{name}_{second}") for name in ("formula", "unit")}
    return {
        "code": one.code,
        "name": one.name,
        "direction": one.get_direction_display(),
        "owner": one.owner.name if one.owner else None,
        "weight": f"{one.weight / total:.0%}",
        "url": reverse("desk:indicator", args=[one.code]) + tail,
        **said,
    }
