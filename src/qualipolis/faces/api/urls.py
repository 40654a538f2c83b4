"""Addresses of the API."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.api import reference
from qualipolis.faces.api.v1 import api

app_name = "api"

urlpatterns = [
    path("v1/", reference.docs, name="docs"),
    path("v1/openapi.json", reference.openapi, name="openapi"),
    path("v1/", api.urls),
    path("v1/<path:rest>", reference.unknown, name="unknown"),
]
