"""Addresses of reviewers and awards on the desk."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.talent import (
    award_application,
    award_opinion,
    award_reviewer,
    award_round,
    award_severity,
    award_sheet,
    my_award,
)

urlpatterns = [
    path("awards/", award_round.rounds, name="award_rounds"),
    path("awards/new/", award_round.round_new, name="award_round_new"),
    path("awards/<int:pk>/", award_round.round_page, name="award_round"),
    path("awards/<int:pk>/severity/", award_severity.severity, name="award_severity"),
    path("awards/applicants/", award_application.applications, name="award_applications"),
    path("awards/applicants/<int:pk>/", award_application.application, name="award_application"),
    path("awards/applicants/<int:pk>.<slug:lang>.pdf", award_application.feedback, name="award_feedback"),
    path("awards/opinions/", award_opinion.opinions, name="award_opinions"),
    path("awards/objections/<int:pk>/", award_opinion.objection, name="award_objection"),
    path("awards/reviews/", award_sheet.my_reviews, name="my_reviews"),
    path("awards/sheets/<int:pk>/", award_sheet.sheet, name="award_sheet"),
    path("awards/reviewers/", award_reviewer.reviewers, name="award_reviewers"),
    path("awards/reviewers/new/", award_reviewer.reviewer_new, name="award_reviewer_new"),
    path("awards/reviewers/<int:pk>/", award_reviewer.reviewer, name="award_reviewer"),
    path("awards/mine/", my_award.my_awards, name="my_awards"),
    path("awards/mine/<int:pk>/", my_award.my_award, name="my_award"),
]
