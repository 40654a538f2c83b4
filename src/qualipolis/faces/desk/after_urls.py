"""Addresses of what follows a failed result on the staff desk."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.supervise import correction as supervise_correction
from qualipolis.faces.desk.rooms.supervise import handling as supervise_handling
from qualipolis.faces.desk.rooms.supervise import letters as supervise_letters
from qualipolis.faces.desk.rooms.supervise import meetings as supervise_meetings
from qualipolis.faces.desk.rooms.supervise import penalties as supervise_penalties
from qualipolis.faces.desk.rooms.supervise import publications as supervise_publications
from qualipolis.faces.desk.rooms.supervise import transfers as supervise_transfers

urlpatterns = [
    path("handling/", supervise_handling.handling_list, name="handling_list"),
    path("handling/<int:pk>/", supervise_handling.handling_case, name="handling_case"),
    path("handling/<int:pk>/<slug:kind>-<str:lang>.pdf", supervise_letters.handling_pdf, name="handling_pdf"),
    path("corrections/", supervise_correction.corrections, name="corrections"),
    path("corrections/<int:pk>/", supervise_correction.correction, name="correction"),
    path("transfers/", supervise_transfers.transfers, name="transfers"),
    path("transfers/<int:pk>/", supervise_transfers.transfer, name="transfer"),
    path("publications/", supervise_publications.publications, name="publications"),
    path("publications/<int:pk>/", supervise_publications.publication, name="publication"),
    path("penalties/", supervise_penalties.penalties, name="penalties"),
    path("penalties/<int:pk>/", supervise_penalties.penalty, name="penalty"),
    path("meetings/", supervise_meetings.meetings, name="meetings"),
]
