"""The addresses of the inspector's telephone; the worker lies here so that it reaches these pages and no others."""

from django.urls import path

from qualipolis.faces.field import views

app_name = "field"
urlpatterns = [
    path("", views.shell, name="home"),
    path("sw.js", views.worker, name="worker"),
]
