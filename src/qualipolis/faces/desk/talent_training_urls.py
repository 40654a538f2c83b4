"""Addresses of quality officers and training on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from qualipolis.faces.desk.rooms.talent import bank, certificates, my_officers, my_training, officers, sessions, sitting

urlpatterns: list[URLPattern] = [
    path("officers/", officers.officers, name="talent_officers"),
    path("officers/mine/", my_officers.my_officers, name="my_officers"),
    path("officers/mine/new/", my_officers.my_officer_new, name="my_officer_new"),
    path("officers/acts/", officers.acts, name="talent_acts"),
    path("officers/coverage/", officers.coverage_page, name="talent_coverage"),
    path("officers/<int:pk>/", officers.officer, name="talent_officer"),
    path("training/", sessions.sessions, name="training_sessions"),
    path("training/new/", sessions.session_new, name="training_session_new"),
    path("training/courses/new/", sessions.course_new, name="training_course_new"),
    path("training/<int:pk>/", sessions.session, name="training_session"),
    path("training/sittings/<int:pk>/", certificates.training_sitting, name="training_sitting"),
    path("training/bank/", bank.bank, name="training_bank"),
    path("training/bank/import/", bank.questions_import, name="training_import"),
    path("training/bank/figures/", bank.figures, name="training_figures"),
    path("training/bank/<int:pk>/", bank.question, name="training_question"),
    path("training/certificates/", certificates.certificates, name="talent_certificates"),
    path("training/certificates/<int:pk>/", certificates.certificate, name="talent_certificate"),
    path("training/mine/", my_training.my_training, name="my_training"),
    path("training/mine/enrol/<int:pk>/", my_training.enrol, name="enrol"),
    path("training/mine/enrolments/<int:pk>/", my_training.enrolment, name="enrolment"),
    path("training/mine/sittings/<int:pk>/", sitting.sitting, name="sitting"),
]
