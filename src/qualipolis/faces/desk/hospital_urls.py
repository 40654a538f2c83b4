"""Addresses of the product hospital on the desk. Each part adds its own lines."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.hospital import case as hospital_case

urlpatterns = [
    path("cases/<int:pk>/", hospital_case.hospital_case, name="hospital_case"),
]
