from django.apps import AppConfig


class ReportConfig(AppConfig):
    name = "qualipolis.faces.report"
    label = "report"
