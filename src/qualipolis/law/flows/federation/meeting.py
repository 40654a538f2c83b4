"""Meetings, the resolutions they vote on, and the tasks that members take on together."""

from __future__ import annotations

from qualipolis.law.federation import guards
from qualipolis.law.flow import Flow, every
from qualipolis.law.flows.federation.steps import MEMBER, SECRETARY, step
from qualipolis.law.guards import counts_nothing, not_own_report
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

FEDERATION_MEETING = Flow(
    "federation_meeting",
    "planned",
    (
        step("invite", ("planned",), "invited", SECRETARY, msg("Invite to the meeting"),
             guard=every(guards.agenda_set, guards.notice_kept)),
        step("open", ("invited",), "held", SECRETARY, msg("Open the meeting"),
             guard=every(guards.day_has_come, guards.quorum_present), due=due("federation.meeting.minutes")),
        step("adjourn", ("invited",), "inquorate", SECRETARY, msg("Not enough members came: nothing is decided"),
             guard=every(guards.day_has_come, guards.quorum_absent)),
        step("minute", ("held",), "minuted", SECRETARY, msg("Write the notes"), needs=("report",),
             guard=counts_nothing("open_votes", msg("%(count)s votes are still open.")), due=due("federation.meeting.publication")),
        step("return", ("minuted",), "held", MEMBER, msg("Return the notes"), needs=("reason",),
             guard=guards.in_the_chair, due=due("federation.meeting.minutes")),
        step("confirm", ("minuted",), "confirmed", MEMBER, msg("Confirm the notes"),
             guard=every(guards.in_the_chair, guards.notes_of_other), due=due("federation.meeting.publication")),
        step("publish", ("confirmed",), "published", SECRETARY, msg("Publish the notes"), irreversible=True),
        step("cancel", ("planned", "invited"), "cancelled", SECRETARY, msg("Cancel the meeting"), needs=("reason",)),
    ),
    ("published", "inquorate", "cancelled"),
    {
        "planned": msg("being prepared"),
        "invited": msg("invited"),
        "held": msg("meeting held"),
        "inquorate": msg("no quorum, nothing decided"),
        "minuted": msg("notes written"),
        "confirmed": msg("notes confirmed"),
        "published": msg("notes published"),
        "cancelled": msg("meeting cancelled"),
    },
    msg("Meeting"),
)  # fmt: skip
RESOLUTION = Flow(
    "resolution",
    "drafted",
    (
        step("open_vote", ("drafted",), "voting", SECRETARY, msg("Open the vote"), guard=guards.meeting_open,
             due=due("federation.vote.open")),
        step("carry", ("voting",), "carried", SECRETARY, msg("Count: the resolution is carried"), guard=guards.vote_carried),
        step("lose", ("voting",), "lost", SECRETARY, msg("Count: the resolution is not carried"), guard=guards.vote_lost),
        step("recount", ("carried", "lost"), "voting", SECRETARY, msg("Count again without a member concerned"),
             needs=("reason",), guard=guards.concern_found_late, due=due("federation.vote.open")),
        step("withdraw", ("drafted", "voting"), "withdrawn", SECRETARY, msg("Withdraw the motion"), needs=("reason",)),
        step("annul", ("carried",), "annulled", SECRETARY, msg("Annul the resolution"), needs=("reason", "document_no"),
             irreversible=True),
    ),
    ("carried", "lost", "withdrawn", "annulled"),
    {
        "drafted": msg("motion"),
        "voting": msg("vote open"),
        "carried": msg("carried"),
        "lost": msg("not carried"),
        "withdrawn": msg("motion withdrawn"),
        "annulled": msg("annulled"),
    },
    msg("Resolution"),
)  # fmt: skip
JOINT_TASK = Flow(
    "joint_task",
    "proposed",
    (
        step("offer", ("proposed",), "offered", SECRETARY, msg("Ask a member to lead"), guard=guards.task_complete),
        step("decline", ("offered",), "proposed", MEMBER, msg("Do not take the lead"), needs=("reason",)),
        step("begin", ("offered",), "running", MEMBER, msg("Take the lead and begin")),
        step("report", ("running",), "reported", MEMBER, msg("Report the result"), needs=("report",),
             due=due("federation.task.acceptance")),
        step("return", ("reported",), "running", SECRETARY, msg("Return the report"), needs=("reason",)),
        step("accept", ("reported",), "done", SECRETARY, msg("Accept the result and publish it"), guard=not_own_report),
        step("drop", ("proposed", "offered", "running"), "dropped", SECRETARY, msg("Drop the task"), needs=("reason",)),
    ),
    ("done", "dropped"),
    {
        "proposed": msg("proposed"),
        "offered": msg("offered to a leading member"),
        "running": msg("under way"),
        "reported": msg("result reported"),
        "done": msg("done, result published"),
        "dropped": msg("task dropped"),
    },
    msg("Joint task"),
)  # fmt: skip
