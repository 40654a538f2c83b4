"""Standards that an enterprise declares in public."""

from __future__ import annotations

from qualipolis.law.flow import Flow, every
from qualipolis.law.flows.nqi.licences import OFFICE, SYSTEM, step
from qualipolis.law.nqi import licence_guards as guards
from qualipolis.law.nqi.licence_rules import STANDARDS_LAW
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

FIRM = ("enterprise",)
FIT = every(guards.standard_in_force, guards.indicators_given, guards.not_below_floor)

STANDARD_DECLARATION = Flow(
    "standard_declaration",
    "draft",
    (
        step("declare", ("draft",), "declared", FIRM, msg("Declare in public"), STANDARDS_LAW, guard=FIT),
        step("discard", ("draft",), "discarded", FIRM, msg("Discard the draft")),
        step("question", ("declared",), "to_check", (*SYSTEM, *OFFICE), msg("Ask the firm to check its declaration"),
             STANDARDS_LAW, due=due("standard.redeclare"), needs=("reason",)),
        step("confirm", ("to_check",), "declared", FIRM, msg("Confirm the declaration"), STANDARDS_LAW, guard=FIT),
        step("replace", ("declared", "to_check"), "replaced", FIRM, msg("Replace by the new declaration"), STANDARDS_LAW,
             guard=guards.newer_declared, irreversible=True),
        step("withdraw", ("declared", "to_check"), "withdrawn", FIRM, msg("Withdraw the declaration"), STANDARDS_LAW,
             needs=("reason",), irreversible=True),
    ),
    ("discarded", "replaced", "withdrawn"),
    {"draft": msg("draft"), "declared": msg("declared in public"), "to_check": msg("to be checked by the firm"),
     "replaced": msg("replaced by a new declaration"), "withdrawn": msg("withdrawn"), "discarded": msg("discarded")},
    msg("Public declaration of a standard"),
)  # fmt: skip
