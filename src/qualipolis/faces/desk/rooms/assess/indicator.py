"""The page of an indicator: what it is, how it is spread, every unit with n and interval, and the trace to its records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from qualipolis.city.assess import lists, page_queries
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import Book, IndicatorPage, UnitValue, book, indicator_page
from qualipolis.city.core.policy import city_wide, organisations_of, page, roles_of
from qualipolis.city.core.roles import INSIDE, STAFF
from qualipolis.city.measure.facts import trace
from qualipolis.city.measure.figures import figure as figure_of
from qualipolis.city.measure.models import Indicator
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import (
    address,
    badge,
    chosen,
    figure,
    nothing_published,
    written,
    year_switch,
)
from qualipolis.faces.desk.rooms.assess.words import kept_back, missing_word, told
from qualipolis.faces.desk.templatetags.desk import span
from qualipolis.lake.metrics import METRICS
from qualipolis.methods.problems import InputError

PER_PAGE = 50
ROWS_PER_PAGE = 200
MOST_RECORDS = 200_000
READERS = ("leader", "planner", "auditor", "inspector")
CLOSE = 1e-9


@page(*STAFF)
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator in one release; with ``?unit=CODE`` the records behind that unit's figure."""
    release, found = chosen(request)
    if release is None:
        return render(request, "assess/nothing.html", nothing_published())
    shown = indicator_page(release, code, public=not roles_of(request.user) & set(INSIDE))
    if shown is None:
        raise Http404
    year = page_queries.year_of(release)
    read = book(release)
    unit = next((row for row in shown.rows if row.unit == request.GET.get("unit", "")), None)
    on_page = Paginator(shown.rows, ROWS_PER_PAGE).get_page(request.GET.get("page") if unit is None else 1)
    context = {
        "stage": "assess",
        "release": release,
        "badge": badge(release),
        "year": year,
        "years": year_switch(request, release, found),
        "shown": shown,
        "indicator": shown.indicator,
        "unit": unit,
        "trace": _trace(request, release, shown.indicator, unit) if unit else None,
        "facts": _facts(shown.indicator, read),
        "city_value": _with_unit(figure(shown.city.value) if shown.city else None, told(shown.indicator, "unit")),
        "distribution": _distribution(shown, unit),
        "page": on_page,
        "table": _table(shown, list(on_page), request),
        **_trend(shown),
    }
    return render(request, "assess/indicator.html", context)


def _with_unit(value: str | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value}{unit}" if unit == "%" else f"{value} {unit}".strip()


def _facts(one: Indicator, read: Book) -> list[tuple[str, str]]:
    goal = _("0 points at %(floor)s, 100 points at %(target)s") % {
        "floor": figure(one.floor) or "—",
        "target": figure(one.target) or "—",
    }
    if one.direction == Indicator.Direction.TARGET:
        goal = _("best from %(low)s to %(high)s; 0 points at %(floor)s and %(ceiling)s") % {
            "low": figure(one.target_low), "high": figure(one.target_high),
            "floor": figure(one.floor), "ceiling": figure(one.ceiling),
        }  # fmt: skip
    return [
        (_("Formula"), told(one, "formula")),
        (_("Numerator"), told(one, "numerator") or "—"),
        (_("Denominator"), told(one, "denominator") or "—"),
        (_("Unit of measurement"), told(one, "unit") or "—"),
        (_("Direction"), one.get_direction_display()),
        (_("Goalposts"), goal),
        (_("Weight in its dimension"), f"{one.weight:.0%}"),
        (_("Weight in the whole index"), f"{_effective(read, one.code):.2%}"),
        (_("Source"), told(one, "source")),
        (_("Owner"), one.owner.name if one.owner else "—"),
        (_("Origin"), told(one, "origin") or "—"),
        (_("Evidence"), told(one, "evidence") or "—"),
    ]


def _effective(read: Book, code: str) -> float:
    """The share of the whole index: the product of the shares on the path up."""
    share = 1.0
    node = read.nodes.get(code)
    while node is not None and node.parent:
        brothers = [one for one in read.nodes.values() if one.parent == node.parent]
        share *= node.weight / (sum(one.weight for one in brothers) or 1.0)
        node = read.nodes.get(node.parent)
    return share


def _distribution(shown: IndicatorPage, unit: UnitValue | None) -> Any:
    known = [row for row in shown.rows if row.value is not None]
    mine = unit.value if unit else None
    label = _("Values of %(n)s units; %(missing)s have none") % {
        "n": len(known),
        "missing": len(shown.rows) - len(known),
    }
    return charts.distribution(
        [round(row.value, 3) for row in known if row.value is not None],
        label=label,
        mine=None if mine is None else round(mine, 3),
        mine_name=str(unit.name) if unit else "",
        names=[str(row.name) for row in known],
    )


def _trend(shown: IndicatorPage) -> dict[str, Any]:
    points = shown.trend
    banded = any(one.low is not None for one in points)

    def near(values: list[float | None]) -> list[float | None]:
        return [None if value is None else round(value, 3) for value in values]

    label = _("The whole city by year; last %(value)s") % {"value": figure(points[-1].value) or "—" if points else "—"}
    drawing = charts.trend(
        [str(one.year) for one in points],
        near([one.value for one in points]),
        low=near([one.low for one in points]) if banded else None,
        high=near([one.high for one in points]) if banded else None,
        end_label=figure(points[-1].value) or "" if points else "",
        label=label,
    )
    columns = [
        parts.Column("year", _("Year"), title=True),
        parts.Column("value", _("Whole city"), numeric=True),
        parts.Column("interval", _("95 % interval")),
        parts.Column("n", _("Denominator"), numeric=True),
        parts.Column("units", _("Units with a value"), numeric=True),
    ]
    rows = [
        {
            "year": one.year, "value": figure(one.value), "n": figure(one.n, 0), "units": one.units,
            "interval": span(figure(one.low), figure(one.high)) if one.low is not None else None,
        }
        for one in points
    ]  # fmt: skip
    return {"trend": drawing, "banded": banded, "trend_table": parts.Table(_("The whole city by year"), columns, rows)}


def _table(shown: IndicatorPage, rows: list[UnitValue], request: HttpRequest) -> parts.Table:
    columns = [
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("peer_group", _("Peer group")),
        parts.Column("value", _("Value"), numeric=True, unit=told(shown.indicator, "unit")),
        parts.Column("numerator", _("Numerator"), numeric=True),
        parts.Column("denominator", _("Denominator"), numeric=True),
        parts.Column("interval", _("95 % interval")),
        parts.Column("score", _("Score"), numeric=True),
        parts.Column("note", _("Remark")),
    ]
    cells = [
        {
            "rank": row.rank, "name": row.name, "peer_group": lists.peer_word(row.peer_group), "value": figure(row.value),
            "url": address(request, unit=row.unit, page=None) + "#trace",
            "numerator": figure(row.numerator), "denominator": figure(row.denominator),
            "interval": span(figure(row.low), figure(row.high)) if row.low is not None else None,
            "score": written(row.score, 1), "note": _note(shown.indicator, row),
        }
        for row in rows
    ]  # fmt: skip
    return parts.Table(_("All units"), columns, cells, links="url")


def _note(one: Indicator, row: UnitValue) -> str:
    if row.missing:
        return missing_word(row.missing)
    if kept_back(one, row.value, row.denominator):
        return _("fewer than 3 cases: held back for the public")
    return _("few cases") if row.few else ""


@dataclass(frozen=True)
class Trace:
    """What stands behind one figure: the records, and the figure computed from them again."""

    value: str
    again: str
    same: bool
    total: int
    numerator: str
    denominator: str
    records: Page | None
    snapshot: str
    may_read: bool
    document: str = ""
    refused: str = ""


def _trace(request: HttpRequest, release: Release, one: Indicator, unit: UnitValue) -> Trace:
    """Read the records behind a figure and compute it once more."""
    shown = figure(unit.value) or "—"
    if one.metric not in METRICS:
        return Trace(shown, "", True, 0, "", "", None, "", True, refused=_("handed in"))
    try:
        found = trace(release.assessment.round, one, unit.unit, limit=MOST_RECORDS)
    except (InputError, OSError) as error:
        return Trace(shown, "", False, 0, "", "", None, "", True, refused=str(error))
    metric = METRICS[one.metric]
    below = unit.denominator if metric.per else None if metric.count else found.denominator
    again = figure_of(one.kind, one.factor, found.numerator, below).value
    same = again == unit.value or (
        again is not None and unit.value is not None and abs(again - unit.value) <= CLOSE * max(1.0, abs(again))
    )
    may_read = _may_read(request.user, one, unit.unit)
    records = Paginator(found.records, PER_PAGE).get_page(request.GET.get("page")) if may_read else None
    return Trace(
        shown, figure(again) or "—", same, found.total, figure(found.numerator) or "—", figure(below) or "—",
        records, found.snapshot, may_read,
    )  # fmt: skip


def _may_read(actor: Any, one: Indicator, code: str) -> bool:
    """Records name firms: the overseers and inspectors see them, a town its own, a department those it owns."""
    if city_wide(actor, READERS) or one.owner_id in organisations_of(actor, ("department",)):
        return True
    towns = organisations_of(actor, ("town_officer",))
    return bool(towns) and Unit.objects.filter(code=code, government__in=towns).exists()
