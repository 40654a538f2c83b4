"""Addresses of the public pages of the product hospital."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.portal import hospital, hospital_data

urlpatterns = [
    path("hospital/", hospital.overview, name="hospital"),
    path("hospital/experts/", hospital.experts, name="hospital_experts"),
    path("hospital/cases/", hospital.cases, name="hospital_cases"),
    path("hospital/cases/<slug:number>/", hospital.case, name="hospital_case"),
    path("hospital/numbers/", hospital.numbers, name="hospital_numbers"),
    path("hospital/data/<slug:name>.<slug:form>", hospital_data.dataset, name="hospital_data"),
]
