from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "qualipolis.faces.portal"
    label = "portal"
