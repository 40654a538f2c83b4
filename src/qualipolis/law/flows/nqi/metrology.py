"""Measuring instruments under compulsory verification."""

from __future__ import annotations

from qualipolis.law.flow import Flow, every
from qualipolis.law.flows.nqi.licences import OFFICE, step
from qualipolis.law.nqi import licence_guards as guards
from qualipolis.law.nqi.licence_rules import METROLOGY_LAW
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

FIRM, INSTITUTE = ("enterprise",), ("laboratory",)
MEASURED = every(guards.body_authorised, guards.verification_dated)

MEASURING_INSTRUMENT = Flow(
    "measuring_instrument",
    "in_use",
    (
        step("hand_in", ("in_use", "failed", "sealed"), "at_verification", FIRM, msg("Hand in for verification"),
             METROLOGY_LAW, due=due("instrument.return")),
        step("take_back", ("at_verification",), "sealed", FIRM, msg("Take it back without verification"),
             needs=("reason",)),
        step("pass", ("in_use", "at_verification", "failed", "sealed"), "in_use", INSTITUTE,
             msg("It passed the verification"), METROLOGY_LAW, guard=MEASURED, needs=("document_no",), irreversible=True),
        step("fail", ("in_use", "at_verification", "failed", "sealed"), "failed", INSTITUTE,
             msg("It failed the verification"), METROLOGY_LAW, guard=MEASURED, needs=("document_no", "reason"),
             irreversible=True),
        step("seal", ("in_use", "failed"), "sealed", (*FIRM, *OFFICE), msg("Take it out of use"), needs=("reason",)),
        step("scrap", ("in_use", "failed", "sealed", "at_verification"), "scrapped", FIRM, msg("Scrap it"),
             needs=("reason",)),
    ),
    ("scrapped",),
    {"in_use": msg("in use"), "at_verification": msg("at the verifying body"), "failed": msg("failed, not to be used"),
     "sealed": msg("taken out of use"), "scrapped": msg("scrapped")},
    msg("Measuring instrument under compulsory verification"),
)  # fmt: skip
