"""Addresses of what the hospital learns: knowledge, group diseases, outcomes, check-up, rating."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.hospital import check_up, groups, knowledge, outcomes, rating

urlpatterns = [
    path("knowledge/", knowledge.hospital_knowledge, name="hospital_knowledge"),
    path("knowledge/<int:pk>/", knowledge.hospital_knowledge_case, name="hospital_knowledge_case"),
    path("cases/<int:pk>/knowledge/", knowledge.hospital_knowledge_write, name="hospital_knowledge_write"),
    path("cases/<int:pk>/rating/", rating.hospital_rate, name="hospital_rate"),
    path("groups/", groups.hospital_groups, name="hospital_groups"),
    path("groups/<int:pk>/", groups.hospital_group, name="hospital_group"),
    path("outcomes/", outcomes.hospital_outcomes, name="hospital_outcomes"),
    path("check-ups/", check_up.hospital_check_ups, name="hospital_check_ups"),
    path("check-ups/new/", check_up.hospital_check_up_new, name="hospital_check_up_new"),
    path("check-ups/<int:pk>/", check_up.hospital_check_up, name="hospital_check_up"),
    path("check-ups/<int:pk>/<str:lang>.pdf", check_up.hospital_check_up_pdf, name="hospital_check_up_pdf"),
]
