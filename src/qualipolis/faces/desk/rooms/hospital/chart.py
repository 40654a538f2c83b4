"""The doctor's chart page of a measurement file: drawing, what rules found in words, phases, limits, the same as a table."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page
from qualipolis.city.hospital.consultation.parties import treats
from qualipolis.city.hospital.measurements.study import findings_of
from qualipolis.city.hospital.models import MeasurementFile
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.charts.control import LEFT, RIGHT, written
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.hospital.chart_parts import Figure, figure_of, file_or_404, heading_of
from qualipolis.faces.desk.rooms.hospital.chart_words import card_lines, causes, told
from qualipolis.faces.desk.rooms.hospital.instrument import instrument_name
from qualipolis.faces.desk.rooms.hospital.measurement_forms import How
from qualipolis.faces.desk.rooms.hospital.phase_forms import phase_rows
from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.findings import Chart, Findings

PER_PAGE = 100


@page("enterprise", "expert", "hospital_desk", "hospital_manager")
@require_safe
def hospital_chart(request: HttpRequest, pk: int) -> HttpResponse:
    """The chart of a measurement file."""
    row = file_or_404(request, pk)
    context = shared(request, row)
    try:
        found = findings_of(row)
    except InputError as error:
        context["problems"] = [problem.text(_) for problem in error.problems]
        return render(request, "hospital/chart.html", context, status=400)
    context |= _found(request, row, found)
    return render(request, "hospital/chart.html", context)


def shared(request: HttpRequest, row: MeasurementFile) -> dict[str, Any]:
    """Return what every answer of this page shows, whatever was found."""
    here = reverse("desk:hospital_chart", args=[row.pk])
    crumbs = [(str(row.case), reverse("desk:hospital_case", args=[row.case_id])), (_("Control chart"), "")]
    listed = row.summary.get("characteristics", [])
    return {
        "stage": "diagnose",
        "row": row,
        "here": here,
        "crumbs": crumbs,
        "may_phase": can(request.user, "hospital.set_phases", row) and not row.case.ended,
        "may_read": can(request.user, "hospital.set_reading", row)
        and not row.case.ended
        and (not row.phases or treats(request.user, row.case)),
        "how": How(initial=reading_of(row), choices=[(one["key"], one["name"] or one["key"]) for one in listed]),
        "phases": phase_rows(row.phases),
        "instrument": instrument_name(row.instrument),
    }


def reading_of(row: MeasurementFile) -> dict[str, Any]:
    """Return how a file is read, as the form shows it."""
    numbers = {key: getattr(row, key) for key in ("lower", "upper", "target")}
    shown = {key: "" if value is None else f"{value:.12g}" for key, value in numbers.items()}
    return shown | {
        "characteristic": row.characteristic, "was": row.characteristic, "unit": row.unit,
        "subgroup": row.subgroup or "", "rules": row.rules,
    }  # fmt: skip


def _found(request: HttpRequest, row: MeasurementFile, found: Findings) -> dict[str, Any]:
    window = _window(request, found.charts[0]) if found.charts else None
    figures = [figure_of(row, found, k, window) for k in range(len(found.charts))]
    number = min(whole(request.GET.get("chart")) or 0, max(0, len(figures) - 1))
    spoken = told(found)
    return {
        "found": found,
        "title": heading_of(row, found),
        "figures": figures,
        "twin": _twin(request, found.charts[number]) if figures else None,
        "twin_number": number,
        "twin_charts": [figure.name for figure in figures],
        "spoken": spoken,
        "causes": causes(found),
        "checked": _checked(found),
        "card": card_lines(found.card),
        "window": _shown(window, figures),
        "edges": (int(LEFT), int(RIGHT)),
        "exports": _exports(row, found, number),
    }


def _window(request: HttpRequest, chart: Chart) -> tuple[int, int] | None:
    """Return the points that are asked for, from 0; None for all of them."""
    first, last = whole(request.GET.get("from")), whole(request.GET.get("to"))
    if first is None and last is None:
        return None
    begin = min(max(1, first or 1), len(chart) - 1)
    end = max(begin + 1, min(last or len(chart), len(chart)))
    return (begin - 1, end - 1) if (begin, end) != (1, len(chart)) else None


def _shown(window: tuple[int, int] | None, figures: list[Figure]) -> dict[str, Any] | None:
    if not figures:
        return None
    points = figures[0].points
    first, last = (window[0] + 1, window[1] + 1) if window else (1, points)
    return {"first": first, "last": last, "points": points, "whole": window is None}


def _checked(found: Findings) -> str:
    """Return how many rules were checked and how many of them found something."""
    if not found.charts:
        return ""
    chart = found.charts[0]
    words = ngettext(
        "%(n)s rule was checked on every point, in each phase by its own limits; %(hits)s found something.",
        "%(n)s rules were checked on every point, in each phase by its own limits; %(hits)s found something.",
        len(chart.rules),
    )
    text = words % {"n": len(chart.rules), "hits": sum(1 for count in chart.counts.values() if count)}
    numbered = {point for signal in chart.signals for point in signal.points}
    more = int(chart.flagged.sum()) - int(chart.flagged[list(numbered)].sum())
    if more:
        text += " " + _("%(n)s further points are marked, not numbered.") % {"n": f"{more:,}"}
    return text


def _twin(request: HttpRequest, chart: Chart) -> dict[str, Any]:
    """Return one page of the points as a table."""
    page_: Page[Any] = Paginator(range(len(chart)), PER_PAGE).get_page(request.GET.get("page"))
    start = (page_.number - 1) * PER_PAGE
    rows = [_row(one) for one in chart.rows(start, start + PER_PAGE)]
    columns = [parts.Column("point", _("Point"), numeric=True, title=True)]
    columns += [parts.Column("time", _("Time"))] if chart.times is not None else []
    columns += [
        parts.Column("value", _("Value"), numeric=True),
        parts.Column("center", _("Centre line"), numeric=True),
        parts.Column("lower", _("Lower control limit"), numeric=True),
        parts.Column("upper", _("Upper control limit"), numeric=True),
        parts.Column("phase", _("Phase")),
        parts.Column("signals", _("Signals")),
    ]
    return {"table": parts.Table(_("Points of the chart"), columns, rows, zebra=True), "page": page_}


def _row(one: dict[str, Any]) -> dict[str, Any]:
    numbers = {key: None if one[key] is None else written(one[key]) for key in ("value", "center", "lower", "upper")}
    signals = " ".join(map(str, one["signals"])) or ("•" if one["flagged"] else "")
    time = str(one["time"]).replace("T", " ") if one["time"] else None
    return numbers | {"point": one["point"], "time": time, "phase": one["phase"], "signals": signals}


def _exports(row: MeasurementFile, found: Findings, number: int) -> list[parts.Export]:
    paper = [parts.Export("pdf", reverse("desk:hospital_chart_paper", args=[row.pk]), _("findings on paper"))]
    if not found.charts:
        return paper
    tables = exports("hospital_points", f"file={row.pk}&chart={number}", len(found.charts[number]))
    return [one for one in tables if one.kind != "pdf"] + paper
