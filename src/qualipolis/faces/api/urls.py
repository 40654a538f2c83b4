"""Addresses of the API."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.api import field, reference
from qualipolis.faces.api.v1 import api

app_name = "api"

urlpatterns = [
    path("field/tasks/", field.tasks, name="field_tasks"),
    path("field/tasks/<int:pk>/submit/", field.submit, name="field_submit"),
    path("field/tasks/<int:pk>/photos/", field.photo, name="field_photo"),
    path("field/conflicts/<int:pk>/seen/", field.seen, name="field_seen"),
    path("v1/", reference.docs, name="docs"),
    path("v1/openapi.json", reference.openapi, name="openapi"),
    path("v1/", api.urls),
    path("v1/<path:rest>", reference.unknown, name="unknown"),
]
