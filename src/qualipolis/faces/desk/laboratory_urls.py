"""Addresses of the laboratory on the staff desk; samples go by their blind code, never by a running number."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.laboratory import home as laboratory_home
from qualipolis.faces.desk.rooms.laboratory import import_results as laboratory_import
from qualipolis.faces.desk.rooms.laboratory import report as laboratory_report
from qualipolis.faces.desk.rooms.laboratory import reports as laboratory_reports
from qualipolis.faces.desk.rooms.laboratory import results as laboratory_results
from qualipolis.faces.desk.rooms.laboratory import sample as laboratory_sample

urlpatterns = [
    path("laboratory/", laboratory_home.home, name="lab"),
    path("laboratory/import/", laboratory_import.import_results, name="lab_import"),
    path("laboratory/results-<slug:layout>.<slug:form>", laboratory_import.template, name="lab_template"),
    path("laboratory/samples/<slug:code>/", laboratory_sample.sample, name="lab_sample"),
    path("laboratory/samples/<slug:code>/results/", laboratory_results.results, name="lab_results"),
    path("laboratory/samples/<slug:code>/report/<int:version>/", laboratory_report.report, name="lab_report"),
    path(
        "laboratory/samples/<slug:code>/report/<int:version>/report-<slug:lang>.pdf",
        laboratory_report.report_pdf,
        name="lab_report_pdf",
    ),
    path("test-reports/", laboratory_reports.report_list, name="lab_reports"),
    path("test-reports/<int:pk>/", laboratory_reports.report, name="lab_report_view"),
    path("test-reports/<int:pk>/report-<slug:lang>.pdf", laboratory_reports.report_pdf, name="lab_report_view_pdf"),
]
