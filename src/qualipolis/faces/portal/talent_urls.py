"""Public addresses of officers, training and awards."""

from __future__ import annotations

from django.urls import URLPattern, path

from qualipolis.faces.portal import awards, awards_data

urlpatterns: list[URLPattern] = [
    path("awards/", awards.awards, name="awards"),
    path("awards/data.<slug:form>", awards_data.award_data, name="award_data"),
    path("awards/reviewers/", awards.award_reviewers, name="award_reviewers"),
    path("awards/<slug:number>/", awards.award_round, name="award_round"),
    path("awards/<slug:number>/objection/", awards.award_objection, name="award_objection"),
]
