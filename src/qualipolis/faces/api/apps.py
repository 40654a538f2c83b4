from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "qualipolis.faces.api"
    label = "api"
