"""Public addresses of the one-stop service."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
