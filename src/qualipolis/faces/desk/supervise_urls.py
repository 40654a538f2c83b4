"""Addresses of supervision sampling on the staff desk."""

from __future__ import annotations

from django.urls import URLPattern

from qualipolis.faces.desk import after_urls, laboratory_urls, plan_urls, result_urls, supervise_stats_urls, task_urls

urlpatterns: list[URLPattern] = [
    *after_urls.urlpatterns,
    *laboratory_urls.urlpatterns,
    *plan_urls.urlpatterns,
    *supervise_stats_urls.urlpatterns,
    *result_urls.urlpatterns,
    *task_urls.urlpatterns,
]
