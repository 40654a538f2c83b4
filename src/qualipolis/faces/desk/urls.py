"""Addresses of the staff desk. Each room adds its own lines; the frame's pages come first."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk import frame

app_name = "desk"

urlpatterns = [
    path("stage/<slug:slug>/", frame.stage, name="stage"),
    path("appearance/", frame.appearance, name="appearance"),
    path("language/", frame.language, name="language"),
    path("components/", frame.components, name="components"),
]
