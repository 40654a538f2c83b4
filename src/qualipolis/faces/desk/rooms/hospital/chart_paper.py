"""The findings of a measurement file on paper: the same numbers and drawings as on its page."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.core.queries import city, file_stem
from qualipolis.city.hospital.measurements.filing import open_kept
from qualipolis.city.hospital.measurements.study import findings_of
from qualipolis.city.hospital.models import MeasurementFile
from qualipolis.faces.desk.rooms.hospital.chart import shared
from qualipolis.faces.desk.rooms.hospital.chart_parts import file_or_404
from qualipolis.faces.report.factory_report import FactoryReport, render_factory_report
from qualipolis.lake.factory.examining import Examination
from qualipolis.methods.problems import InputError


@page("enterprise", "expert", "hospital_desk", "hospital_manager")
@require_safe
def hospital_chart_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The findings as PDF, in the language of the page."""
    row = file_or_404(request, pk)
    try:
        paper = _paper(row)
    except InputError as error:
        context = shared(request, row) | {"problems": [problem.text(_) for problem in error.problems]}
        return render(request, "hospital/chart.html", context, status=400)
    response = FileResponse(BytesIO(paper), content_type="application/pdf", as_attachment=True)
    name = file_stem(row.attachment.name.rpartition(".")[0] or row.attachment.name)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.pdf"
    return response


def _paper(row: MeasurementFile) -> bytes:
    found = findings_of(row)
    here = city()
    left = max(0, row.summary.get("total", 1) - 1)
    report = FactoryReport(
        open_kept(row),
        Examination((found,), None, left),
        "zh" if (get_language() or "zh").startswith("zh") else "en",
        _,
        timezone.localtime(),
        here.name if here else "",
        bool(here and here.synthetic),
    )
    return render_factory_report(report)
