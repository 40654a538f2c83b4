"""Public addresses of officers, training and awards."""

from __future__ import annotations

from django.urls import URLPattern, path

from qualipolis.faces.portal import awards, awards_data, talent_training

urlpatterns: list[URLPattern] = [
    path("talent/", talent_training.talent, name="talent"),
    path("talent/calendar/", talent_training.calendar, name="training_calendar"),
    path("talent/certificates/", talent_training.certificate_check, name="certificate_check"),
    path("talent/certificates/register.json", talent_training.certificate_register, name="certificate_register"),
    path("talent/certificates/key.pub", talent_training.certificate_key, name="certificate_key"),
    path("awards/", awards.awards, name="awards"),
    path("awards/data.<slug:form>", awards_data.award_data, name="award_data"),
    path("awards/reviewers/", awards.award_reviewers, name="award_reviewers"),
    path("awards/<slug:number>/", awards.award_round, name="award_round"),
    path("awards/<slug:number>/objection/", awards.award_objection, name="award_objection"),
]
