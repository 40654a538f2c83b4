"""The yearly plan of supervision sampling (监督抽查年度计划): drafted, approved, filed with the next higher level, public.

What the state or the province samples is not sampled again; an amendment is a numbered document, nothing is overwritten.
"""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import no_higher_repeat, no_open_tasks
from qualipolis.methods.problems import msg

ORGANISER = ("planner", "department")

SUPERVISION_PLAN = Flow(
    "supervision_plan",
    "draft",
    (
        Step(
            "submit",
            ("draft", "returned"),
            "submitted",
            ORGANISER,
            guard=no_higher_repeat,
            law=law.LAW_15,
            label=msg("Submit the plan"),
        ),
        Step(
            "return",
            ("submitted",),
            "returned",
            "leader",
            law=law.PLATFORM,
            label=msg("Return with a reason"),
            needs=("reason",),
        ),
        Step(
            "approve",
            ("submitted",),
            "approved",
            "leader",
            guard=no_higher_repeat,
            law=law.LAW_15,
            label=msg("Approve the plan"),
            needs=("document_no",),
        ),
        Step(
            "file",
            ("approved",),
            "filed",
            ORGANISER,
            law=law.O18_11,
            label=msg("File with the higher level"),
            needs=("authority", "document_no"),
        ),
        Step("publish", ("filed",), "public", ORGANISER, law=law.PLATFORM, label=msg("Publish the plan")),
        Step(
            "amend",
            ("filed", "public"),
            "draft",
            "leader",
            law=law.PLATFORM,
            label=msg("Amend by a numbered document"),
            needs=("reason", "document_no"),
        ),
        Step(
            "close",
            ("public",),
            "closed",
            ORGANISER,
            guard=no_open_tasks,
            law=law.PLATFORM,
            label=msg("Close the plan"),
            irreversible=True,
        ),
    ),
    ("closed",),
    {
        "draft": msg("draft"),
        "submitted": msg("submitted"),
        "returned": msg("returned"),
        "approved": msg("approved"),
        "filed": msg("filed with the higher level"),
        "public": msg("public"),
        "closed": msg("closed"),
    },
    msg("Plan of supervision sampling"),
)
