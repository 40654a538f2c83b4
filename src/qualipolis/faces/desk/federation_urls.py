"""Addresses of the federation on the desk."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.federation import (
    breaches,
    clues,
    committees,
    home,
    meetings,
    members,
    motions,
    pact_check,
    pacts,
    pledges,
    tasks,
)

urlpatterns = [
    path("federation/", home.home, name="federation"),
    path("federation/members/", members.members, name="federation_members"),
    path("federation/members/apply/", members.apply, name="federation_apply"),
    path("federation/members/<int:pk>/", members.member, name="federation_member"),
    path("federation/committees/", committees.committees, name="federation_committees"),
    path("federation/committees/new/", committees.committee_new, name="federation_committee_new"),
    path("federation/committees/<int:pk>/", committees.committee, name="federation_committee"),
    path("federation/pledges/", pledges.pledges, name="federation_pledges"),
    path("federation/pledges/new/", pledges.pledge_new, name="federation_pledge_new"),
    path("federation/pledges/<int:pk>/", pledges.pledge, name="federation_pledge"),
    path("federation/pacts/", pacts.pacts, name="federation_pacts"),
    path("federation/pacts/new/", pacts.pact_new, name="federation_pact_new"),
    path("federation/pacts/<int:pk>/", pacts.pact, name="federation_pact"),
    path("federation/pacts/<int:pk>/edit/", pacts.pact_edit, name="federation_pact_edit"),
    path("federation/pacts/<int:pk>/check/", pact_check.pact_check, name="federation_pact_check"),
    path("federation/breaches/", breaches.breaches, name="federation_breaches"),
    path("federation/breaches/<int:pk>/", breaches.breach, name="federation_breach"),
    path("federation/clues/", clues.clues, name="federation_clues"),
    path("federation/clues/<int:pk>/", clues.clue, name="federation_clue"),
    path("federation/clues/<int:pk>/sender/", clues.clue_sender, name="federation_clue_sender"),
    path("federation/meetings/", meetings.meetings, name="federation_meetings"),
    path("federation/meetings/new/", meetings.meeting_new, name="federation_meeting_new"),
    path("federation/meetings/<int:pk>/", meetings.meeting, name="federation_meeting"),
    path("federation/meetings/<int:pk>/motion/", motions.motion_new, name="federation_motion_new"),
    path("federation/resolutions/<int:pk>/", motions.resolution, name="federation_resolution"),
    path("federation/tasks/", tasks.tasks, name="federation_tasks"),
    path("federation/tasks/new/", tasks.task_new, name="federation_task_new"),
    path("federation/tasks/<int:pk>/", tasks.task, name="federation_task"),
    path("federation/mediation/", home.mediation, name="federation_mediation"),
]
