"""Addresses of the core."""

from django.urls import path

from qualipolis.city.core import ledger_pages, people_pages, views

app_name = "core"
urlpatterns = [
    path("ledger/", ledger_pages.event_list, name="ledger"),
    path("ledger/check/", ledger_pages.check, name="ledger_check"),
    path("ledger/<int:seq>/", ledger_pages.event_detail, name="event"),
    path("people/", people_pages.person_list, name="people"),
    path("people/add/", people_pages.person_add, name="person_add"),
    path("people/<int:pk>/", people_pages.person_detail, name="person"),
    path("people/<int:pk>/active/", people_pages.person_active, name="person_active"),
    path("people/<int:pk>/password/", people_pages.person_password, name="person_password"),
    path("people/<int:pk>/second-factor/", people_pages.person_second_factor, name="person_second_factor"),
    path("grants/<int:pk>/end/", people_pages.grant_end, name="grant_end"),
    path("files/<int:pk>/", views.file, name="file"),
    path("drafts/", views.draft, name="drafts"),
    path("jobs/<int:pk>.json", views.job, name="job"),
    path("undo/<int:seq>/", views.take_back, name="undo"),
]
