"""Gaps in capability: what nobody here can test, certify or calibrate, until somebody can."""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step
from qualipolis.law.nqi import directory_guards as guards
from qualipolis.law.nqi.service_rules import NOTE
from qualipolis.methods.problems import msg

PLANNER, BOTH = ("planner",), ("planner", "nqi_desk")
OPEN = ("open", "planned", "building")

CAPABILITY_GAP = Flow(
    "capability_gap",
    "open",
    (
        Step("plan", ("open", "planned"), "planned", PLANNER, guard=guards.planned, law=NOTE, label=msg("Put it into the plan")),
        Step("build", ("planned",), "building", PLANNER, law=NOTE, label=msg("The capability is being built")),
        Step("unplan", ("planned", "building"), "open", PLANNER, law=NOTE, label=msg("Take it out of the plan"),
             needs=("reason",)),
        Step("fill", OPEN, "filled", BOTH, guard=guards.somebody_can, law=NOTE, label=msg("Somebody can do it now")),
        Step("drop", OPEN, "dropped", PLANNER, law=NOTE, label=msg("It will not be built here"), needs=("reason",)),
        Step("reopen", ("filled", "dropped"), "open", BOTH, guard=guards.nobody_can, law=NOTE,
             label=msg("Open it again"), needs=("reason",)),
        Step("end", ("filled", "dropped"), "ended", PLANNER, law=NOTE, label=msg("Close it for good"), irreversible=True),
    ),
    ("ended",),
    {"open": msg("gap open"), "planned": msg("in the plan"), "building": msg("being built"), "filled": msg("gap filled"),
     "dropped": msg("not to be built here"), "ended": msg("gap closed")},
    msg("Gap in capability"),
)  # fmt: skip
