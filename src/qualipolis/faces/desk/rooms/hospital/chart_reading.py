"""How a kept file is read, changed from its chart page; and its findings on paper."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qualipolis.city.core.policy import page
from qualipolis.city.hospital.measurements import filing
from qualipolis.faces.desk.rooms.hospital.chart import shared
from qualipolis.faces.desk.rooms.hospital.chart_parts import file_or_404
from qualipolis.faces.desk.rooms.hospital.measurement_forms import How
from qualipolis.faces.desk.rooms.measure.pieces import words_of
from qualipolis.methods.problems import InputError


@page("enterprise", "expert", "hospital_desk", "hospital_manager")
@require_POST
def hospital_chart_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Change characteristic, limits, subgroup or rules; another characteristic brings its own limits along."""
    row = file_or_404(request, pk)
    listed = row.summary.get("characteristics", [])
    form = How(request.POST, choices=[(one["key"], one["name"] or one["key"]) for one in listed])
    problems: list[str] = []
    if form.is_valid():
        said = form.reading()
        if said["characteristic"] != row.characteristic:
            said = {"characteristic": said["characteristic"], "rules": said["rules"]}
        try:
            filing.set_reading(request.user, row, **said)
        except (InputError, PermissionDenied) as error:
            problems = words_of(error)
        else:
            messages.success(request, _("The file is read anew."))
            return redirect("desk:hospital_chart", pk)
    context = shared(request, row) | {"problems": problems, "how": form, "open_reading": True}
    return render(request, "hospital/chart.html", context, status=400)
