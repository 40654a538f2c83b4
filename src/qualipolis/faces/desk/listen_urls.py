"""Addresses of the room of listening on the desk. Each part adds its own lines."""

from __future__ import annotations

from django.urls import URLPattern

from qualipolis.faces.desk import (
    listen_alert_urls,
    listen_complaint_urls,
    listen_investigation_urls,
    listen_report_urls,
    listen_safety_urls,
    listen_signal_urls,
)

urlpatterns: list[URLPattern] = [
    *listen_alert_urls.urlpatterns,
    *listen_signal_urls.urlpatterns,
    *listen_complaint_urls.urlpatterns,
    *listen_safety_urls.urlpatterns,
    *listen_report_urls.urlpatterns,
    *listen_investigation_urls.urlpatterns,
]
