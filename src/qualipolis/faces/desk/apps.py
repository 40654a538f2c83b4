from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "qualipolis.faces.desk"
    label = "desk"
