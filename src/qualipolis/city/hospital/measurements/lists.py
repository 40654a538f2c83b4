"""The points of a chart to be taken along: the same numbers as on the page and in the drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import Params, listing
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.measurements.study import findings_of
from qualipolis.city.hospital.models import MeasurementFile
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.findings import Chart

ROLES = ("enterprise", "expert", "hospital_desk", "hospital_manager")
RELATED = ("case__enterprise", "case__unit", "attachment", "companion")


def seen_file(actor: Any, key: object) -> MeasurementFile | None:
    """Return a measurement file that somebody may see."""
    return visible(actor, MeasurementFile.objects.select_related(*RELATED)).filter(pk=whole(key) or 0).first()


def describe(params: Params) -> list[str]:
    """Return the chart in words; the file is named by its number alone."""
    return [_("measurement file %(n)s, chart %(chart)s") % {"n": params.get("file", ""), "chart": _number(params) + 1}]


def _number(params: Params) -> int:
    return whole(params.get("chart")) or 0


@listing("hospital_points", gettext_lazy("Points of a control chart"), roles=ROLES, describe=describe)
def points(actor: Any, params: Params) -> pl.DataFrame:
    """Every point of a chart with its limits, the phase and what signals there."""
    row = seen_file(actor, params.get("file"))
    charts = findings_of(row).charts if row else ()
    if not _number(params) < len(charts):
        raise InputError([Problem("no_chart", msg("There is no such chart."), msg("Open the page of the file."))])
    return frame_of(charts[_number(params)])


def frame_of(chart: Chart) -> pl.DataFrame:
    """Return the points of a chart as a table, in the words of the reader."""
    m = len(chart)
    phases = np.repeat([phase.label for phase in chart.phases], [phase.stop - phase.start for phase in chart.phases])
    columns: dict[str, Any] = {_("Point"): np.arange(1, m + 1)}
    if chart.times is not None:
        columns[_("Time")] = pl.Series(chart.times.astype("datetime64[us]"))
    columns |= {
        _("Value"): chart.values,
        _("Centre line"): np.broadcast_to(chart.center, m),
        _("Lower control limit"): np.broadcast_to(chart.lower, m),
        _("Upper control limit"): np.broadcast_to(chart.upper, m),
        _("Phase"): phases.astype(str),
        _("Signals"): _numbers(chart),
    }
    return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))


def _numbers(chart: Chart) -> list[str]:
    """Return the numbers of the discs at each point; a signalled point beyond the last disc has a bullet."""
    found = ["" for _point in range(len(chart))]
    for point in np.flatnonzero(chart.flagged).tolist():
        found[point] = "•"
    for signal in chart.signals:
        for point in signal.points:
            found[point] = f"{found[point]} {signal.number}".replace("•", "").strip()
    return found
