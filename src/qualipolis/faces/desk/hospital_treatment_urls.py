"""Addresses of the treatment: prescription, items, verification, follow-ups, failure modes, control plan, papers."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.hospital import fmea, follow_up, papers, prescription, treatment, verify

urlpatterns = [
    path("cases/<int:pk>/prescription/", prescription.hospital_prescription, name="hospital_prescription"),
    path("cases/<int:pk>/treatment/", treatment.hospital_treatment, name="hospital_treatment"),
    path("cases/<int:pk>/effect/", verify.hospital_verify, name="hospital_verify"),
    path("cases/<int:pk>/failure-modes/", fmea.hospital_failure_modes, name="hospital_failure_modes"),
    path("cases/<int:pk>/control-plan/", fmea.hospital_control_plan, name="hospital_control_plan"),
    path("cases/<int:pk>/papers/<slug:kind>-<str:lang>.pdf", papers.hospital_paper, name="hospital_paper"),
    path("follow-ups/", follow_up.hospital_follow_ups, name="hospital_follow_ups"),
    path("follow-ups/<int:pk>/", follow_up.hospital_follow_up, name="hospital_follow_up"),
]
