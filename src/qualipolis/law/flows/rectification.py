"""Rectification (整改) after a notice: a plan, a report with evidence, checked item by item, closed or returned.

Whether it is overdue follows from the date and is never a state of its own.
"""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM, Due, Flow, Step, every
from qualipolis.law.guards import has_evidence, items_fulfilled, not_own_report, results_given
from qualipolis.methods.problems import msg

RECTIFICATION = Flow(
    "rectification",
    "open",
    (
        Step(
            "plan",
            ("open", "planned"),
            "planned",
            "town_officer",
            law=CITY_TERM,
            label=msg("Hand in the plan"),
            needs=("plan",),
        ),
        Step(
            "report",
            ("planned", "returned"),
            "reported",
            "town_officer",
            guard=every(results_given, has_evidence),
            law=CITY_TERM,
            label=msg("Hand in the report"),
            needs=("report",),
        ),
        Step(
            "return",
            ("reported",),
            "returned",
            ("department", "planner"),
            due=Due(10, "working"),
            law=CITY_TERM,
            label=msg("Return with a reason"),
            needs=("reason",),
        ),
        Step(
            "close",
            ("reported",),
            "closed",
            ("department", "planner"),
            guard=every(items_fulfilled, not_own_report),
            law=CITY_TERM,
            label=msg("Close the rectification"),
        ),
    ),
    ("closed",),
    {
        "open": msg("waits for its plan"),
        "planned": msg("plan handed in"),
        "reported": msg("reported"),
        "returned": msg("returned"),
        "closed": msg("closed"),
    },
    msg("Rectification"),
)
