"""The measurement files of a case on its page: the chart of the latest, what it says, and the way to hand in another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can, visible
from qualipolis.city.hospital.measurements.lists import RELATED
from qualipolis.city.hospital.measurements.study import findings_of
from qualipolis.city.hospital.models import Case, MeasurementFile
from qualipolis.faces.desk.rooms.hospital.cards import Made, card
from qualipolis.faces.desk.rooms.hospital.chart_parts import figure_of, heading_of
from qualipolis.faces.desk.rooms.hospital.chart_words import told
from qualipolis.methods.problems import InputError

MOST_ON_CARD = 1_000_000  # readings of a file that is drawn on the page of its case; larger ones are one click away
TALL = 210.0


@card("main", 10)
def measurements(request: HttpRequest, case: Case) -> Made:
    """The chart of the latest file, and the others by name."""
    rows = visible(request.user, MeasurementFile.objects.select_related(*RELATED))
    files = list(rows.filter(case=case).order_by("-pk"))
    may_add = can(request.user, "hospital.upload_measurements", case) and not case.ended
    if not files and not may_add:
        return None
    context: dict[str, Any] = {
        "files": files[1:],
        "add": reverse("desk:hospital_measurements", args=[case.pk]) if may_add else "",
        "latest": files[0] if files else None,
    }
    if files and files[0].summary.get("values", 0) <= MOST_ON_CARD:
        context |= _drawn(files[0])
    return "hospital/cards/measurements.html", context


def _drawn(row: MeasurementFile) -> dict[str, Any]:
    try:
        found = findings_of(row)
    except InputError as error:
        return {"wrong": " ".join(problem.text(_) for problem in error.problems)}
    figure = figure_of(row, found, 0, tall=TALL) if found.charts else None
    return {"title": heading_of(row, found), "n": found.n, "figure": figure, "spoken": told(found)}
