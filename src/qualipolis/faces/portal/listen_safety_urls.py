"""Addresses of the public pages of product safety: recalls, warnings, how to report a danger."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.portal import listen_safety, listen_safety_data

urlpatterns = [
    path("safety/", listen_safety.safety, name="safety"),
    path("safety/danger/", listen_safety.danger, name="danger"),
    path("safety/recalls/", listen_safety.recalls, name="recalls"),
    path("safety/recalls/<slug:number>/", listen_safety.recall, name="recall"),
    path("safety/recalls/<slug:number>.<slug:lang>.pdf", listen_safety.recall_pdf, name="recall_pdf"),
    path("safety/warnings/", listen_safety.warnings, name="warnings"),
    path("safety/warnings/<slug:number>/", listen_safety.warning, name="warning"),
    path("safety/warnings/<slug:number>.<slug:lang>.pdf", listen_safety.warning_pdf, name="warning_pdf"),
    path("safety/data/<slug:name>.<slug:form>", listen_safety_data.dataset, name="safety_data"),
]
