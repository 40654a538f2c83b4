"""Public addresses of the federation."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.portal import federation, federation_clue, federation_data, federation_papers

urlpatterns = [
    path("federation/", federation.start, name="federation"),
    path("federation/members/", federation.member_list, name="federation_members"),
    path("federation/pacts/", federation.pact_list, name="federation_pacts"),
    path("federation/pacts/<slug:number>/", federation.pact, name="federation_pact"),
    path("federation/pacts/<slug:number>.<slug:lang>.pdf", federation_papers.pact_pdf, name="federation_pact_pdf"),
    path("federation/meetings/", federation.meeting_list, name="federation_meetings"),
    path("federation/meetings/<slug:number>/", federation.meeting, name="federation_meeting"),
    path(
        "federation/meetings/<slug:number>.<slug:lang>.pdf",
        federation_papers.meeting_pdf,
        name="federation_meeting_pdf",
    ),
    path("federation/tasks/", federation.task_list, name="federation_tasks"),
    path("federation/pledges/", federation.pledge_list, name="federation_pledges"),
    path("federation/clue/", federation_clue.clue, name="federation_clue"),
    path("federation/received/<str:token>/", federation_clue.received, name="federation_received"),
    path("federation/track/", federation_clue.track, name="federation_track"),
    path("federation/track/clue/", federation_clue.tracked, name="federation_tracked"),
    path("federation/data/<slug:name>.<slug:form>", federation_data.dataset, name="federation_data"),
]
