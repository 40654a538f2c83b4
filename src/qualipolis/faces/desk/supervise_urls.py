"""Addresses of supervision sampling on the staff desk."""

from __future__ import annotations

from django.urls import URLPattern

from qualipolis.faces.desk import laboratory_urls

urlpatterns: list[URLPattern] = [
    *laboratory_urls.urlpatterns,
]
