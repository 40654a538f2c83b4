"""The inspector's telephone."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "qualipolis.faces.field"
    label = "field"
