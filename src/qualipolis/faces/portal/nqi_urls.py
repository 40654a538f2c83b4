"""Public addresses of the one-stop service."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.portal import nqi, nqi_certificates, nqi_services

urlpatterns = [
    path("services/", nqi_services.services, name="nqi_services"),
    path("services/stations/", nqi_services.stations, name="nqi_stations"),
    path("institutions/", nqi.institutions, name="nqi_institutions"),
    path("institutions/search/", nqi.scope_search, name="nqi"),
    path("institutions/certificate/", nqi.certificate, name="nqi_certificate"),
    path("institutions/capability/", nqi.capability, name="nqi_capability"),
    path("institutions/of/<str:code>/", nqi.institution, name="nqi_institution"),
    path("institutions/data/<slug:name>.<slug:form>", nqi.dataset, name="nqi_data"),
    path("certificates/", nqi_certificates.certificates, name="nqi_certificates"),
    path("standards/", nqi_certificates.standards, name="nqi_standards"),
    path("standards/measurement/", nqi_certificates.public_standards, name="nqi_public_standards"),
    path("standards/declared/", nqi_certificates.declarations, name="nqi_declarations"),
    path("standards/declared/<str:number>/", nqi_certificates.declaration, name="nqi_declaration"),
    path("standards/<int:pk>/", nqi_certificates.standard, name="nqi_standard"),
]
