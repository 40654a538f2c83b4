"""Addresses of the staff desk. Each room adds its own lines; the frame's pages come first."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk import frame
from qualipolis.faces.desk.rooms import registry

app_name = "desk"

urlpatterns = [
    path("stage/<slug:slug>/", frame.stage, name="stage"),
    path("appearance/", frame.appearance, name="appearance"),
    path("language/", frame.language, name="language"),
    path("components/", frame.components, name="components"),
    path("registry/<slug:kind>/", registry.table_list, name="registry"),
    path("registry/<slug:kind>/import/", registry.import_table, name="registry_import"),
    path("registry/<slug:kind>/imported/", registry.imported, name="registry_imported"),
    path("registry/<slug:kind>/template.xlsx", registry.template, name="registry_template"),
    path("enterprises/<int:pk>/", registry.enterprise, name="enterprise"),
    path("institutions/<int:pk>/", registry.institution, name="institution"),
    path("search/", registry.search, name="search"),
]
