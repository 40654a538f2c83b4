"""An observation: the value of one indicator for one town in one round, through its whole life.

The terms (5 working days after a return, 7 working days for an objection) are the city's own, not law. The term for an
objection starts when the preview is served to the town, not when the value is verified.
"""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM, Due, Flow, Step, every
from qualipolis.law.guards import has_evidence, has_value_or_reason, not_own_work, two_people, within_dispute_window
from qualipolis.methods.problems import msg

OBSERVATION = Flow(
    "observation",
    "empty",
    (
        Step(
            "start",
            ("empty",),
            "draft",
            ("town_officer", "department", "system"),
            law=CITY_TERM,
            label=msg("Start to fill in"),
        ),
        Step(
            "submit",
            ("draft", "returned"),
            "submitted",
            ("town_officer", "system"),
            guard=every(has_value_or_reason, has_evidence),
            law=CITY_TERM,
            label=msg("Submit"),
        ),
        Step(
            "return",
            ("submitted",),
            "returned",
            "department",
            due=Due(5, "working"),
            law=CITY_TERM,
            label=msg("Return with a reason"),
            needs=("reason",),
        ),
        Step(
            "verify",
            ("submitted",),
            "verified",
            "department",
            guard=not_own_work,
            law=CITY_TERM,
            label=msg("Verify"),
        ),
        Step(
            "dispute",
            ("verified",),
            "disputed",
            "town_officer",
            guard=within_dispute_window,
            due=Due(7, "working"),
            law=CITY_TERM,
            label=msg("Object"),
            needs=("reason",),
        ),
        Step(
            "question",
            ("verified", "corrected"),
            "disputed",
            "planner",
            due=Due(7, "working"),
            law=CITY_TERM,
            label=msg("Question the value after a check on site"),
            needs=("reason",),
        ),
        Step(
            "uphold",
            ("disputed", "reopened"),
            "verified",
            "planner",
            law=CITY_TERM,
            label=msg("Keep the value, with a reply"),
            needs=("reply",),
        ),
        Step(
            "correct",
            ("disputed", "reopened"),
            "corrected",
            "planner",
            guard=has_value_or_reason,
            law=CITY_TERM,
            label=msg("Correct the value, with a reply"),
            needs=("reply",),
        ),
        Step("lock", ("verified", "corrected"), "locked", "planner", law=CITY_TERM, label=msg("Lock")),
        Step(
            "reopen",
            ("locked",),
            "reopened",
            "leader",
            guard=two_people,
            law=CITY_TERM,
            label=msg("Reopen with a second person"),
            needs=("reason", "second_person"),
        ),
    ),
    ("locked",),
    {
        "empty": msg("empty"),
        "draft": msg("draft"),
        "submitted": msg("submitted"),
        "returned": msg("returned"),
        "verified": msg("verified"),
        "disputed": msg("disputed"),
        "corrected": msg("corrected"),
        "locked": msg("locked"),
        "reopened": msg("reopened"),
    },
    msg("Observation"),
)
