"""The recheck (复检) of a product, and that of food on other clocks: another laboratory, and its conclusion is final."""

from __future__ import annotations

from qualipolis.law.flow import Flow, Guard, Step, every
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import (
    drawn_at_random,
    food_ground,
    food_laboratory_differs,
    formalities_in_time,
    formalities_missed,
    items_reported,
    objection_in_time,
    recheck_laboratory_differs,
    scope_valid,
    seal_intact,
)
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg


def _test(report: str, basis: str) -> tuple[Step, ...]:
    return (
        Step("receive", ("designated",), "testing", "laboratory", guard=every(seal_intact, scope_valid),
             due=due(report), law=basis, label=msg("Receive the backup sample"), irreversible=True),
        Step("uphold", ("testing",), "upheld", "laboratory", guard=items_reported, law=basis,
             label=msg("Report: the same conclusion"), needs=("document_no",), irreversible=True),
        Step("reverse", ("testing",), "reversed", "laboratory", guard=items_reported, law=basis,
             label=msg("Report: another conclusion"), needs=("document_no",), irreversible=True),
    )  # fmt: skip


def _broken(basis: str) -> tuple[Step, ...]:
    return (
        Step("spoiled", ("ordered", "ready", "designated"), "ended_spoiled", ORGANISER, law=basis,
             label=msg("End it: the firm spoiled the backup sample"), needs=("reason",), irreversible=True),
        Step("lost", ("ordered", "ready", "designated", "testing"), "backup_lost", (*ORGANISER, "laboratory"),
             law=law.PLATFORM, label=msg("Record: the backup sample is lost"), needs=("reason",), irreversible=True),
    )  # fmt: skip


def _designate(source: str, guard: Guard, basis: str) -> Step:
    return Step("designate", (source,), "designated", ORGANISER, guard=guard, law=basis,
                label=msg("Designate the recheck laboratory"), needs=("laboratory",), irreversible=True)  # fmt: skip


def _withdraw(*sources: str) -> Step:
    return Step("withdraw", sources, "withdrawn", ("enterprise", *ORGANISER), law=law.PLATFORM,
                label=msg("Give up the recheck: the objection is withdrawn"), needs=("reason",),
                irreversible=True)  # fmt: skip


_LABELS = {
    "designated": msg("laboratory designated"),
    "testing": msg("under test"),
    "upheld": msg("upheld"),
    "reversed": msg("reversed"),
    "ended_spoiled": msg("ended: the first result is final"),
    "withdrawn": msg("withdrawn"),
    "backup_lost": msg("impossible: the backup sample is lost"),
}

RECHECK = Flow(
    "recheck",
    "ordered",
    (
        Step("formalities", ("ordered",), "ready", ("enterprise", *ORGANISER), guard=formalities_in_time,
             due=due("supervision.recheck_designate"), law=law.O18_38, label=msg("Do the formalities")),
        Step("waive", ("ordered",), "waived", ("planner", "department", "system"), guard=formalities_missed,
             law=law.O18_38, label=msg("Record the waiver: term missed"), irreversible=True),
        _designate("ready", recheck_laboratory_differs, law.O18_39),
        *_test("supervision.recheck_report", law.O18_42),
        *_broken(law.O18_40),
        _withdraw("ordered", "ready"),
    ),
    ("waived", "withdrawn", "ended_spoiled", "backup_lost", "upheld", "reversed"),
    {
        "ordered": msg("ordered"),
        "ready": msg("formalities done"),
        "waived": msg("waived"),
        **_LABELS,
    },
    msg("Recheck"),
)  # fmt: skip

FOOD_RECHECK = Flow(
    "food_recheck",
    "applied",
    (
        Step("accept", ("applied",), "ready", ORGANISER, guard=objection_in_time, law=law.ORDER_15_UNREAD,
             label=msg("Accept the application")),
        Step("refuse", ("applied",), "refused", ORGANISER, guard=food_ground, law=law.ORDER_15_UNREAD,
             label=msg("Refuse the application with its ground"), needs=("reason_code", "reply"), irreversible=True),
        _designate("ready", every(food_laboratory_differs, drawn_at_random), law.FOOD_88),
        *_test("food.recheck_report", law.FOOD_88),
        Step("spoiled", ("ready", "designated"), "ended_spoiled", ORGANISER, law=law.ORDER_15_UNREAD,
             label=msg("End it: the firm spoiled the backup sample"), needs=("reason",), irreversible=True),
        Step("lost", ("ready", "designated", "testing"), "backup_lost", (*ORGANISER, "laboratory"), law=law.PLATFORM,
             label=msg("Record: the backup sample is lost"), needs=("reason",), irreversible=True),
        _withdraw("applied", "ready"),
    ),
    ("refused", "withdrawn", "ended_spoiled", "backup_lost", "upheld", "reversed"),
    {
        "applied": msg("applied for"),
        "ready": msg("application accepted"),
        "refused": msg("application refused"),
        **_LABELS,
    },
    msg("Food recheck"),
)  # fmt: skip
