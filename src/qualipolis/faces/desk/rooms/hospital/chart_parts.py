"""The drawing of a measurement file with its words, on its own page and on the page of its case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.measurements.lists import RELATED
from qualipolis.city.hospital.models import MeasurementFile
from qualipolis.faces.desk.charts.control import Legal, control_chart, written
from qualipolis.methods.spc.findings import Chart, Findings
from qualipolis.methods.spc.findings.words import decimals

TALL, LOW = 250.0, 110.0


@dataclass(frozen=True)
class Figure:
    """One drawing: its name, the picture, how many points and where they are cut into phases."""

    name: str
    picture: Any
    points: int
    code: str


def file_or_404(request: HttpRequest, pk: int) -> MeasurementFile:
    """Return a measurement file that this person may see."""
    return get_object_or_404(visible(request.user, MeasurementFile.objects.select_related(*RELATED)), pk=pk)


def heading_of(row: MeasurementFile, found: Findings) -> str:
    """Return what is measured, with its unit."""
    unit = _(" (%(words)s)") % {"words": found.unit} if found.unit else ""
    return f"{found.name or row.attachment.name}{unit}"


def legal_of(row: MeasurementFile) -> list[Legal]:
    """Return the limits of the drawing or the standard."""
    named = ((row.lower, _("required at least")), (row.upper, _("required at most")))
    return [Legal(value, name) for value, name in named if value is not None]


def figure_of(
    row: MeasurementFile, found: Findings, number: int, window: tuple[int, int] | None = None, tall: float = TALL
) -> Figure:
    """Return a chart of the findings as a drawing; the first is the location, with limits and discs."""
    chart = found.charts[number]
    main = number == 0
    single = main and chart.code == "I"
    picture = control_chart(
        chart,
        label=spoken(row, found, chart),
        unit=found.unit if main else "",
        legal=legal_of(row) if single or (main and chart.code == "xbar") else (),
        window=_clipped(window, chart),
        height=tall if main else LOW,
        places=decimals(found),
        told=main,
    )
    return Figure(_(chart.label), picture, len(chart), chart.code)


def _clipped(window: tuple[int, int] | None, chart: Chart) -> tuple[int, int] | None:
    if window is None:
        return None
    first, last = window
    return (first, min(last, len(chart) - 1)) if first < len(chart) - 1 else None


def spoken(row: MeasurementFile, found: Findings, chart: Chart) -> str:
    """Return the sentence a screen reader speaks in place of the drawing."""
    last = chart.phases[-1]
    words = _("%(chart)s of %(name)s: %(n)s points, %(signals)s signalled.") % {
        "chart": _(chart.label), "name": heading_of(row, found), "n": f"{len(chart):,}",
        "signals": f"{int(chart.flagged.sum()):,}",
    }  # fmt: skip
    if last.center is None or last.lower is None or last.upper is None:
        return words
    limits = _("Centre %(centre)s, limits %(low)s to %(high)s.") % {
        name: written(value, decimals(found))
        for name, value in (("centre", last.center), ("low", last.lower), ("high", last.upper))
    }  # fmt: skip
    return f"{words} {limits}"
