"""The addresses of things to take along."""

from django.urls import path

from qualipolis.faces.report import downloads

app_name = "report"
urlpatterns = [path("<slug:name>.<slug:form>", downloads.download, name="list")]
