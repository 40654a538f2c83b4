"""The test sample and the backup sample (检验样品、备用样品) from the seal to their end, hand by hand.

The laboratory opens nothing with a broken seal; what cannot be tested is proved and stays out of the rate.
"""

from __future__ import annotations

from qualipolis.law.flow import Due, Flow, Step, every
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import licence_seen, report_issued, scope_valid, seal_intact, windows_over
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg


def _chain(report: Due, basis: str) -> tuple[Step, ...]:
    return (
        Step("leave", ("sealed",), "left_with_firm", "inspector", law=law.O18_24, label=msg("Leave sealed with the firm")),
        Step("dispatch", ("sealed", "left_with_firm"), "in_transit", "inspector", law=law.O18_24,
             label=msg("Send to the laboratory")),
        Step("spoil", ("left_with_firm",), "spoiled", "inspector", law=law.O18_24,
             label=msg("Record: hidden, moved, sold or destroyed"), needs=("reason",), irreversible=True),
        Step("lose", ("in_transit",), "lost", ("inspector", "department", "planner"), law=law.PLATFORM,
             label=msg("Record the loss on the way"), needs=("reason",), irreversible=True),
        Step("receive", ("in_transit",), "received", "laboratory", guard=seal_intact, due=report, law=basis,
             label=msg("Receive the sample")),
        Step("reject", ("in_transit",), "rejected_at_lab", "laboratory", due=due("supervision.report_at_laboratory"),
             law=law.O18_29, label=msg("Refuse the sample in writing"), needs=("reason",), irreversible=True),
    )  # fmt: skip


def _bench() -> tuple[Step, ...]:
    return (
        Step("begin", ("received",), "testing", "laboratory", guard=every(licence_seen, scope_valid), law=law.O18_30,
             label=msg("Begin the test")),
        Step("stop", ("received",), "stopped", "laboratory", due=due("supervision.report_at_laboratory"),
             law=law.O18_30, label=msg("Stop: no licence or certificate"), needs=("reason",), irreversible=True),
        Step("give_up", ("testing",), "untestable", "laboratory", law=law.O18_31,
             label=msg("Record that the test is impossible"), needs=("reason",), irreversible=True),
        Step("report", ("testing",), "reported", "laboratory", guard=report_issued,
             due=due("supervision.result_notice"), law=law.PLATFORM, label=msg("Report to the organiser"),
             irreversible=True),
        Step("give_back", ("reported",), "returned", ("laboratory", *ORGANISER), guard=windows_over, law=law.O18_34,
             label=msg("Give the sample back")),
        Step("dispose", ("reported",), "disposed", ("laboratory", *ORGANISER), guard=windows_over, law=law.PLATFORM,
             label=msg("Dispose of the sample"), irreversible=True),
    )  # fmt: skip


_LABELS = {
    "sealed": msg("sealed"),
    "left_with_firm": msg("left sealed with the firm"),
    "in_transit": msg("on its way"),
    "received": msg("received by the laboratory"),
    "rejected_at_lab": msg("refused by the laboratory"),
    "spoiled": msg("spoiled by the firm"),
    "lost": msg("lost"),
    "testing": msg("under test"),
    "stopped": msg("stopped for unlawful facts"),
    "untestable": msg("test impossible"),
    "reported": msg("reported"),
    "returned": msg("given back"),
    "disposed": msg("disposed of"),
}
_ENDS = ("rejected_at_lab", "spoiled", "lost", "stopped", "untestable", "returned", "disposed")

SAMPLE = Flow(
    "sample",
    "sealed",
    (*_chain(due("supervision.laboratory_report"), law.O18_29), *_bench()),
    _ENDS,
    _LABELS,
    msg("Test sample"),
)
FOOD_SAMPLE = Flow(
    "food_sample",
    "sealed",
    (*_chain(due("food.report"), law.ORDER_15_UNREAD), *_bench()),
    _ENDS,
    _LABELS,
    msg("Food sample"),
)

BACKUP_SAMPLE = Flow(
    "backup_sample",
    "sealed",
    (
        Step("keep", ("sealed",), "kept", ("inspector", "laboratory"), law=law.O18_23,
             label=msg("Put the backup sample under seal")),
        Step("call", ("kept",), "called", ORGANISER, law=law.O18_37, label=msg("Call for the recheck")),
        Step("use", ("called",), "used", "laboratory", guard=seal_intact, law=law.O18_39,
             label=msg("Open for the recheck"), irreversible=True),
        Step("spoil", ("kept", "called"), "spoiled", (*ORGANISER, "inspector"), law=law.O18_40,
             label=msg("Record: hidden, moved, sold or destroyed"), needs=("reason",), irreversible=True),
        Step("lose", ("kept", "called"), "lost", (*ORGANISER, "inspector", "laboratory"), law=law.PLATFORM,
             label=msg("Record the loss by the laboratory"), needs=("reason",), irreversible=True),
        Step("give_back", ("kept",), "returned", (*ORGANISER, "laboratory"), guard=windows_over, law=law.O18_34,
             label=msg("Give the sample back")),
        Step("dispose", ("kept",), "disposed", (*ORGANISER, "laboratory"), guard=windows_over, law=law.PLATFORM,
             label=msg("Dispose of the sample"), irreversible=True),
    ),
    ("used", "spoiled", "lost", "returned", "disposed"),
    {
        "sealed": msg("sealed"),
        "kept": msg("kept under seal"),
        "called": msg("called for the recheck"),
        "used": msg("used in the recheck"),
        "spoiled": msg("spoiled by the firm"),
        "lost": msg("lost"),
        "returned": msg("given back"),
        "disposed": msg("disposed of"),
    },
    msg("Backup sample"),
)  # fmt: skip
