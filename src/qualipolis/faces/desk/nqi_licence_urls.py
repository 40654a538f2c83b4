"""Addresses of qualifications, metrology and standards on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from qualipolis.faces.desk.rooms.nqi import (
    certificate,
    declaration,
    filing,
    instrument,
    instrument_coverage,
    instrument_verification,
    licence,
    list_import,
    standard,
)

urlpatterns: list[URLPattern] = [
    path("nqi/licences/", licence.licences, name="nqi_licences"),
    path("nqi/licences/new/", licence.licence_new, name="nqi_licence_new"),
    path("nqi/licences/<int:pk>/", licence.licence, name="nqi_licence"),
    path("nqi/changes/", filing.filings, name="nqi_filings"),
    path("nqi/changes/new/", filing.filing_new, name="nqi_filing_new"),
    path("nqi/changes/<int:pk>/", filing.filing, name="nqi_filing"),
    path("nqi/certificates/", certificate.certificates, name="nqi_certificates"),
    path("nqi/certificates/new/", certificate.certificate_new, name="nqi_certificate_new"),
    path("nqi/certificates/<int:pk>/", certificate.certificate, name="nqi_certificate"),
    path("nqi/instruments/", instrument.instruments, name="nqi_instruments"),
    path("nqi/instruments/new/", instrument.instrument_new, name="nqi_instrument_new"),
    path("nqi/instruments/coverage/", instrument_coverage.coverage_page, name="nqi_coverage"),
    path("nqi/instruments/<int:pk>/", instrument.instrument, name="nqi_instrument"),
    path("nqi/instruments/<int:pk>/verify/", instrument_verification.verification, name="nqi_verify"),
    path("nqi/public-standards/", instrument_coverage.public_standards_page, name="nqi_public_standards"),
    path("nqi/standards/", standard.standards, name="nqi_standards"),
    path("nqi/standards/<int:pk>/", standard.standard, name="nqi_standard"),
    path("nqi/declarations/", declaration.declarations, name="nqi_declarations"),
    path("nqi/declarations/new/", declaration.declaration_new, name="nqi_declaration_new"),
    path("nqi/declarations/<int:pk>/", declaration.declaration, name="nqi_declaration"),
    path("nqi/lists/<slug:kind>/", list_import.take_list, name="nqi_import"),
]
