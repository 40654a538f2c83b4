"""The self-evaluation of a town (自评): item by item, signed, handed in, accepted or returned by the office.

Modelled on the yearly practice of other cities, where each area checks itself and hands in a report, its own score and
the evidence. The town's own score never touches the computed one; both stand side by side.
"""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM, Due, Flow, Step, every
from qualipolis.law.guards import items_complete, not_own_report, summary_complete
from qualipolis.methods.problems import msg

SELF_EVALUATION = Flow(
    "self_evaluation",
    "draft",
    (
        Step(
            "submit",
            ("draft", "returned"),
            "submitted",
            "town_officer",
            guard=every(items_complete, summary_complete),
            law=CITY_TERM,
            label=msg("Sign and hand in"),
            needs=("signatory",),
        ),
        Step(
            "return",
            ("submitted",),
            "returned",
            "planner",
            due=Due(5, "working"),
            law=CITY_TERM,
            label=msg("Return with reasons"),
            needs=("reason",),
        ),
        Step(
            "accept",
            ("submitted",),
            "accepted",
            "planner",
            guard=not_own_report,
            law=CITY_TERM,
            label=msg("Accept the self-evaluation"),
        ),
    ),
    ("accepted",),
    {
        "draft": msg("draft"),
        "submitted": msg("submitted"),
        "returned": msg("returned"),
        "accepted": msg("accepted"),
    },
    msg("Self-evaluation"),
)
