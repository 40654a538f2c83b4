"""What waits for someone in meetings and tasks: to vote, to count, to write and confirm notes, to lead and report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qualipolis.city.core.policy import visible
from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.govern.bodies import in_secretariat, members_of
from qualipolis.city.govern.meetings import queries
from qualipolis.city.govern.meetings.voting import aside
from qualipolis.city.govern.models import FederationMeeting, JointTask, Resolution

STOP, MOST = "govern", 20
MEETING_WHY = {
    "planned": (gettext_noop("Invite the members in time."), "federation.invite"),
    "held": (gettext_noop("Count the votes and write the notes."), "federation.minute"),
    "confirmed": (gettext_noop("Publish the notes."), "federation.publish_notes"),
}
TASK_WHY = {
    "proposed": (gettext_noop("Ask a member to lead, or drop it with the reason."), "federation.offer_task"),
    "reported": (gettext_noop("Look at the result and publish it."), "federation.accept_task"),
}
LEAD_WHY = {
    "offered": (gettext_noop("Take the lead, or say why not."), "federation.begin_task"),
    "running": (gettext_noop("Report the result in time."), "federation.report_task"),
}


def _meeting(row: FederationMeeting, why: str, verb: str) -> WorkItem:
    title = _("Meeting: %(name)s") % {"name": row.name}
    return WorkItem(STOP, title, _(why), row.due_on or row.meets_on, "desk:federation_meeting", (row.pk,), verb)


def _task(row: JointTask, why: str, verb: str) -> WorkItem:
    title = _("Joint task: %(name)s") % {"name": row.name}
    return WorkItem(STOP, title, _(why), row.due_on or row.until, "desk:federation_task", (row.pk,), verb)


def secretary_work(actor: Any) -> list[WorkItem]:
    """Return what waits in the secretariat."""
    if not in_secretariat(actor):
        return []
    meetings = queries.meetings(actor).filter(status__in=MEETING_WHY)[:MOST]
    tasks = queries.tasks(actor).filter(status__in=TASK_WHY)[:MOST]
    return [
        *(_meeting(row, *MEETING_WHY[row.status]) for row in meetings),
        *(_task(row, *TASK_WHY[row.status]) for row in tasks),
    ]


def member_work(actor: Any) -> list[WorkItem]:
    """Return what waits for who acts for a member: votes, notes to confirm, tasks to lead."""
    mine = list(members_of(actor).filter(status="active"))
    if not mine:
        return []
    notes = queries.meetings(actor).filter(status="minuted", chair__in=mine)[:MOST]
    tasks = queries.tasks(actor).filter(status__in=LEAD_WHY, lead__in=mine)[:MOST]
    why = gettext_noop("You took the chair: confirm the notes or return them.")
    return [
        *_votes(actor, mine),
        *(_meeting(row, why, "federation.confirm_notes") for row in notes),
        *(_task(row, *LEAD_WHY[row.status]) for row in tasks),
    ]


def _votes(actor: Any, mine: list[Any]) -> list[WorkItem]:
    found = []
    rows = visible(actor, Resolution.objects.filter(status="voting")).select_related("meeting")
    for row in rows.filter(meeting__attendance__member__in=mine, meeting__attendance__present=True).distinct()[:MOST]:
        out, cast = aside(row), set(row.votes.values_list("member_id", flat=True))
        if any(one.pk not in out and one.pk not in cast for one in mine):
            title, why = _("Vote: %(name)s") % {"name": row.name}, _("Vote for, against or abstain, or stand aside.")
            found.append(
                WorkItem(STOP, title, why, row.due_on, "desk:federation_resolution", (row.pk,), "federation.cast_vote")
            )
    return found


MAKERS: Makers = (("secretary", secretary_work), ("member", member_work), ("enterprise", member_work))
