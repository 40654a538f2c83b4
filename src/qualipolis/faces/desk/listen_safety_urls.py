"""Addresses of product safety: incidents, recalls, warnings; the firm's own pages."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.listen import incident, my_safety, recall, warning

urlpatterns = [
    path("incidents/", incident.incidents, name="listen_incidents"),
    path("incidents/new/", incident.incident_new, name="listen_incident_new"),
    path("incidents/<int:pk>/", incident.incident, name="listen_incident"),
    path("recalls/", recall.recalls, name="listen_recalls"),
    path("recalls/new/", recall.recall_new, name="listen_recall_new"),
    path("recalls/<int:pk>/", recall.recall, name="listen_recall"),
    path("warnings/", warning.warnings, name="listen_warnings"),
    path("warnings/new/", warning.warning_new, name="listen_warning_new"),
    path("warnings/<int:pk>/", warning.warning, name="listen_warning"),
    path("warnings/<int:pk>/edit/", warning.warning_edit, name="listen_warning_edit"),
    path("warnings/<int:pk>.<slug:lang>.pdf", warning.warning_pdf, name="listen_warning_pdf"),
    path("safety/mine/", my_safety.my_safety, name="my_safety"),
    path("safety/mine/incidents/new/", my_safety.my_incident_new, name="my_incident_new"),
    path("safety/mine/incidents/<int:pk>/", my_safety.my_incident, name="my_incident"),
    path("safety/mine/recalls/new/", my_safety.my_recall_new, name="my_recall_new"),
    path("safety/mine/recalls/<int:pk>/", my_safety.my_recall, name="my_recall"),
]
