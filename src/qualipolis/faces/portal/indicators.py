"""The list of indicators and one indicator: definition, the city's years, how the towns are spread."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from qualipolis.city.assess.indicators import IndicatorPage, UnitValue, YearValue
from qualipolis.city.assess.models import Release
from qualipolis.city.measure.models import Indicator, Observation
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import figure
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.datasets import definitions
from qualipolis.faces.portal.published import open_page


def said(one: Indicator, name: str) -> str:
    """Return a bilingual text of an indicator in the language of the page."""
    pair = (getattr(one, f"{name}_zh"), getattr(one, f"{name}_en"))
    first, second = pair if (get_language() or "zh").startswith("zh") else pair[::-1]
    return str(first or second)


@frame.released("indicators")
def index(request: HttpRequest, release: Release) -> HttpResponse:
    """Every indicator of the set behind a release, by dimension."""
    found = definitions(release)
    groups = [
        {"dimension": dimension, "rows": [_listed(one) for one in rows]}
        for dimension, rows in groupby(found, key=lambda one: one.dimension)
    ]
    context = {
        "badge": frame.badge(release),
        "year": frame.year_of(release),
        "years": frame.years(request, release),
        "groups": groups,
        "count": len(found),
        "exports": [
            parts.Export(form, reverse("portal:dataset", args=["indicators", form]) + f"?year={frame.year_of(release)}")
            for form in ("csv", "json")
        ],
        "crumbs": [frame.home_crumb(), (_("Indicators"), "")],
    }
    return frame.show(request, "indicators", "indicators", context)


def _listed(one: Indicator) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "unit": said(one, "unit"),
        "formula": said(one, "formula"),
        "direction": one.get_direction_display(),
        "url": reverse("portal:indicator", args=[one.code]),
    }


@frame.released("indicators")
def one(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """One indicator: what it is, the city's years, and the towns with small cells held back."""
    found = open_page(release, code)
    if found is None:
        raise Http404
    unit = said(found.indicator, "unit")
    held = sum(1 for row in found.rows if row.held_back)
    context = {
        "badge": frame.badge(release),
        "year": frame.year_of(release),
        "years": frame.years(request, release),
        "found": found,
        "indicator": found.indicator,
        "unit": unit,
        "facts": _facts(found.indicator),
        "key": _key(found.city, unit),
        "trend": _trend(found.trend, unit),
        "series": _series(found.trend, unit),
        "distribution": _distribution(found, unit),
        "held": held,
        "values": _values(found, unit),
        "exports": _exports(release),
        "crumbs": [frame.home_crumb(), (_("Indicators"), reverse("portal:indicators")), (found.indicator.name, "")],
    }
    return frame.show(request, "indicator", "indicators", context)


def _facts(one: Indicator) -> list[tuple[str, str]]:
    goal = _("%(low)s scores 0, %(high)s scores 100") % {"low": figure(one.floor), "high": figure(one.target)}
    every = [
        (_("Formula"), said(one, "formula")),
        (_("Numerator"), said(one, "numerator")),
        (_("Denominator"), said(one, "denominator")),
        (_("Direction"), str(one.get_direction_display())),
        (_("Score"), goal if one.floor is not None and one.target is not None else ""),
        (_("Weight in its dimension"), f"{one.weight:.0%}" if one.weight <= 1 else f"{one.weight:g}"),
        (_("Source"), said(one, "source")),
        (_("Responsible"), str(one.owner) if one.owner else ""),
        (_("Origin"), said(one, "origin")),
    ]
    return [(label, words) for label, words in every if words]


def _key(city: YearValue | None, unit: str) -> dict[str, Any] | None:
    if city is None or city.value is None:
        return None
    return {
        "value": figure(city.value),
        "exact": city.value,
        "unit": unit,
        "low": figure(city.low),
        "high": figure(city.high),
        "n": figure(city.n, 0),
        "units": city.units,
        "year": city.year,
    }


def _trend(points: tuple[YearValue, ...], unit: str) -> Any:
    words = _(", ").join(f"{p.year} {figure(p.value) or '—'}{unit}" for p in points)
    last = next((p for p in reversed(points) if p.value is not None), None)
    banded = any(p.low is not None for p in points)
    return charts.trend(
        [str(p.year) for p in points],
        [p.value for p in points],
        label=_("The whole city by year: %(values)s") % {"values": words},
        low=[p.low for p in points] if banded else None,
        high=[p.high for p in points] if banded else None,
        end_label=f"{figure(last.value, 1)}" if last else "",
    )


def _series(points: tuple[YearValue, ...], unit: str) -> parts.Table:
    columns = [
        parts.Column("year", _("Year"), title=True),
        parts.Column("value", _("Value"), numeric=True, unit=unit),
        parts.Column("low", _("95 % interval from"), numeric=True),
        parts.Column("high", _("to"), numeric=True),
        parts.Column("n", _("n"), numeric=True),
        parts.Column("units", _("Units with a value"), numeric=True),
    ]
    rows = [
        {
            "year": p.year,
            "value": figure(p.value),
            "low": figure(p.low),
            "high": figure(p.high),
            "n": figure(p.n, 0),
            "units": p.units,
        }
        for p in points
    ]
    return parts.Table(_("The whole city by year"), columns, rows, True)


def _distribution(found: IndicatorPage, unit: str) -> Any:
    known = [(row.value, str(row.name)) for row in found.rows if row.value is not None]
    if not known or found.distribution is None:
        return ""
    spread = found.distribution
    words = _("%(n)s towns from %(low)s to %(high)s, median %(median)s") % {
        "n": spread.n,
        "low": figure(spread.low),
        "high": figure(spread.high),
        "median": figure(spread.median),
    }
    values, names = [value for value, _name in known], [name for _value, name in known]
    return charts.distribution([round(v, 2) for v in values], names=names, label=words)


def _values(found: IndicatorPage, unit: str) -> parts.Table:
    columns = [
        parts.Column("name", _("Town"), title=True),
        parts.Column("value", _("Value"), numeric=True, unit=unit),
        parts.Column("low", _("95 % interval from"), numeric=True),
        parts.Column("high", _("to"), numeric=True),
        parts.Column("n", _("n"), numeric=True),
        parts.Column("note", pgettext("portal", "Note")),
    ]
    proportion = found.indicator.is_proportion
    rows = [
        {
            "name": row.name,
            "value": figure(row.value),
            "low": figure(row.low),
            "high": figure(row.high),
            "n": figure(row.denominator, 0) if proportion else None,
            "note": _note(row),
            "url": reverse("portal:town", args=[row.unit]),
        }
        for row in sorted(found.rows, key=lambda row: row.unit)
    ]
    return parts.Table(_("The towns, by code"), columns, rows, links="url")


def _note(row: UnitValue) -> str:
    if row.held_back:
        return _("held back: too few respondents")
    if row.missing:
        return str(dict(Observation.Missing.choices).get(row.missing, row.missing))
    return _("few cases, wide interval") if row.few else ""


def _exports(release: Release) -> list[parts.Export]:
    tail = f"?year={frame.year_of(release)}"
    return [
        parts.Export("csv", reverse("portal:dataset", args=[name, "csv"]) + tail, name)
        for name in ("indicator-values", "city-series")
    ]
