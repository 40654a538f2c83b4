"""Phases of a chart as fields that work without a script, and with one are moved on the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page
from qualipolis.city.hospital.measurements import filing
from qualipolis.city.hospital.measurements.study import findings_of
from qualipolis.faces.desk.rooms.hospital.chart_parts import file_or_404
from qualipolis.faces.desk.rooms.measure.pieces import words_of
from qualipolis.methods.problems import InputError, Problem, msg

EMPTY_ROWS = 1


def phase_rows(phases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the form: the phases that are set, and an empty one."""
    rows = [{"start": one["start"], "label": one["label"]} for one in phases]
    rows += [{"start": "", "label": ""}] * EMPTY_ROWS
    return [row | {"n": n} for n, row in enumerate(rows)]


@page("expert", "hospital_desk", "hospital_manager")
@require_POST
def hospital_chart_phases(request: HttpRequest, pk: int) -> HttpResponse:
    """Set where phases begin; a row without a point is no phase."""
    row = file_or_404(request, pk)
    try:
        asked = _posted(request)
        _within(row, asked)
        filing.set_phases(request.user, row, asked)
    except (InputError, PermissionDenied) as error:
        from qualipolis.faces.desk.rooms.hospital.chart import shared

        context = shared(request, row) | {"problems": words_of(error), "phases": _as_posted(request)}
        return render(request, "hospital/chart.html", context, status=400)
    messages.success(request, _("The phases are set; each has limits of its own."))
    return redirect("desk:hospital_chart", pk)


def _posted(request: HttpRequest) -> list[tuple[int, str]]:
    starts, labels = request.POST.getlist("start"), request.POST.getlist("label")
    found, wrong = [], []
    for text, label in zip(starts, labels, strict=False):
        if not text.strip():
            continue
        start = whole(text.strip())
        if start is None:
            what = msg("%(text)s is not the number of a point.")
            wrong.append(Problem("phase", what, params={"text": text[:20]}, place="phases"))
        else:
            found.append((start, label))
    if wrong:
        raise InputError(wrong)
    return found


def _within(row: Any, asked: Sequence[tuple[int, str]]) -> None:
    """Refuse a phase that begins after the last point, or has fewer than two points."""
    charts = findings_of(row).charts
    if not charts or not asked:
        return
    points = len(charts[0])
    last = max(start for start, _label in asked)
    if last > points - 1:
        what, remedy = msg("Point %(point)s leaves no phase of two points."), msg("There are %(points)s points.")
        raise InputError([Problem("phase_beyond", what, remedy, {"point": last, "points": points}, "phases")])


def _as_posted(request: HttpRequest) -> list[dict[str, Any]]:
    starts, labels = request.POST.getlist("start"), request.POST.getlist("label")
    rows = zip(starts, labels, strict=False)
    return [{"n": n, "start": start[:20], "label": label[:80]} for n, (start, label) in enumerate(rows)]
