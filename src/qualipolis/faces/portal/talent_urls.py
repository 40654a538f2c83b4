"""Public addresses of officers, training and awards."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
