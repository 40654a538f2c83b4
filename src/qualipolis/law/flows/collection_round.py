"""A collection round (指标采集): entry by the towns, checking by the departments, year close."""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM, Flow, Step, every
from qualipolis.law.guards import nothing_open, two_people, windows_closed
from qualipolis.methods.problems import msg

COLLECTION_ROUND = Flow(
    "collection_round",
    "planned",
    (
        Step("open", ("planned",), "open", "planner", law=CITY_TERM, label=msg("Open for entry")),
        Step("check", ("open",), "checking", "planner", law=CITY_TERM, label=msg("End entry and start checking")),
        Step(
            "extend",
            ("checking",),
            "open",
            "planner",
            law=CITY_TERM,
            label=msg("Open for entry again"),
            needs=("reason",),
        ),
        Step(
            "lock",
            ("checking", "reopened"),
            "locked",
            "planner",
            guard=every(nothing_open, windows_closed),
            law=CITY_TERM,
            label=msg("Lock the round"),
        ),
        Step(
            "reopen",
            ("locked",),
            "reopened",
            "leader",
            guard=two_people,
            law=CITY_TERM,
            label=msg("Reopen the round"),
            needs=("reason", "second_person"),
        ),
    ),
    ("locked",),
    {
        "planned": msg("planned"),
        "open": msg("open for entry"),
        "checking": msg("checking"),
        "locked": msg("locked"),
        "reopened": msg("reopened"),
    },
    msg("Collection round"),
)
