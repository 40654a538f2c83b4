"""Addresses of the directory of institutions on the desk."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.nqi import directory, gaps, scope_import

urlpatterns = [
    path("institutions/", directory.institutions, name="nqi_institutions"),
    path("institutions/search/", directory.scope_search, name="nqi_scope_search"),
    path("institutions/capability/", directory.capability, name="nqi_capability"),
    path("institutions/gaps/", gaps.gaps, name="nqi_gaps"),
    path("institutions/gaps/new/", gaps.gap_new, name="nqi_gap_new"),
    path("institutions/gaps/<int:pk>/", gaps.gap, name="nqi_gap"),
    path("institutions/of/<str:code>/", directory.institution, name="nqi_institution"),
    path("institutions/of/<str:code>/scope/", scope_import.scope_import, name="nqi_scope_import"),
    path("institutions/of/<str:code>/scope/<int:pk>/", scope_import.scope_job, name="nqi_scope_job"),
]
