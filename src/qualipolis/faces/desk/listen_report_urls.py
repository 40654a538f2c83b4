"""Addresses of letters and reports on the desk."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.listen import letter, letter_list, letter_new, report, report_list

urlpatterns = [
    path("letters/", letter_list.letters, name="listen_letters"),
    path("letters/new/", letter_new.letter_new, name="listen_letter_new"),
    path("letters/<int:pk>/", letter.letter, name="listen_letter"),
    path("violation-reports/", report_list.reports, name="listen_reports"),
    path("violation-reports/<int:pk>/", report.report, name="listen_report"),
    path("complaints/<int:pk>/clue/", report.clue, name="listen_clue"),
]
