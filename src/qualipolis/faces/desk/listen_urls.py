"""Addresses of the room of listening on the desk. Each part adds its own lines."""

from __future__ import annotations

from django.urls import URLPattern

from qualipolis.faces.desk import listen_complaint_urls

urlpatterns: list[URLPattern] = [
    *listen_complaint_urls.urlpatterns,
]
