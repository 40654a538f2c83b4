"""The legal life of a result (检验结果): served party by party, objected to or not, final when every window is over.

Food runs through the same states on its own clocks. A final result moves again only when a superior authority or a
court says so, or when an objection turns out to have come in time; what was published then is corrected, never
rewritten.
"""

from __future__ import annotations

from qualipolis.law.flow import Due, Flow, Step, every
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import (
    backup_usable,
    conclusion_objected,
    no_open_objections,
    no_recheck_yet,
    objection_in_time,
    reply_is_process,
    unserved,
    windows_over,
)
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

SYSTEM_TOO = (*ORGANISER, "system")


def _served(window: Due, basis: str, notice: str) -> tuple[Step, ...]:
    return (
        Step("serve", ("reported", "notified"), "notified", ORGANISER, due=window, law=notice,
             label=msg("Serve the result on a party"), needs=("proof",)),
        Step("cease", ("reported", "notified"), "notified", SYSTEM_TOO, law=law.PLATFORM, needs=("reason",),
             irreversible=True, label=msg("Record: a party ceased to exist without a successor")),
        Step("open_window", ("notified",), "objection_window", SYSTEM_TOO, guard=unserved, law=law.PLATFORM,
             label=msg("Every party is served")),
        Step("object", ("notified", "objection_window", "under_objection", "upheld", "reversed"), "under_objection",
             ("enterprise", *ORGANISER), guard=objection_in_time, due=due("supervision.objection_answer"), law=basis,
             label=msg("Object in writing"), needs=("reason",), irreversible=True),
        Step("admit", ("final",), "under_objection", "leader", guard=objection_in_time,
             due=due("supervision.objection_answer"), law=basis, irreversible=True,
             label=msg("Admit an objection that came in time and was registered late"), needs=("reason",)),
        Step("amend", ("reported", "notified", "objection_window"), "reported", "system",
             due=due("supervision.result_notice"), law=law.PLATFORM, irreversible=True,
             label=msg("Follow an amended report: serve it anew"), needs=("reason",)),
        Step("finalise", ("objection_window", "upheld", "reversed"), "final", SYSTEM_TOO,
             guard=every(unserved, no_open_objections, windows_over), law=basis,
             label=msg("Make the result final"), irreversible=True),
    )  # fmt: skip


def _decided(basis: str) -> tuple[Step, ...]:
    return (
        Step("dismiss", ("under_objection",), "notified", ORGANISER, guard=no_open_objections, law=law.O18_37,
             label=msg("Dismiss the objection with a reply"), needs=("reply",), irreversible=True),
        Step("void_side", ("under_objection",), "notified", ORGANISER, guard=every(reply_is_process, no_open_objections),
             law=law.PLATFORM, label=msg("Void it for one side; it stays for the other"), needs=("reply",),
             irreversible=True),
        Step("void", ("under_objection", "under_recheck"), "voided", ("leader", *ORGANISER), guard=reply_is_process,
             law=law.O18_37, label=msg("Void the result"), needs=("reply",), irreversible=True),
        Step(
            "annul",
            ("reported", "notified", "objection_window", "under_objection", "under_recheck", "upheld", "reversed"),
            "voided",
            ("leader", "system"),
            law=law.O18_14,
            label=msg("Annul it: the report was withdrawn as false"),
            needs=("reason",),
            irreversible=True,
        ),
        Step("order_recheck", ("under_objection",), "under_recheck", ORGANISER,
             guard=every(conclusion_objected, no_recheck_yet, backup_usable), law=basis, label=msg("Order a recheck"),
             needs=("document_no",), irreversible=True),
        Step("stand", ("under_recheck",), "upheld", SYSTEM_TOO, law=law.O18_38,
             label=msg("The first result stands without a recheck"), needs=("reason",), irreversible=True),
        Step("backup_lost", ("under_recheck",), "under_objection", SYSTEM_TOO, law=law.PLATFORM,
             label=msg("The laboratory lost the backup sample"), needs=("reason",), irreversible=True),
        Step("uphold", ("under_recheck",), "upheld", SYSTEM_TOO, law=law.O18_42, label=msg("The recheck agrees"),
             needs=("document_no",), irreversible=True),
        Step("reverse", ("under_recheck",), "reversed", SYSTEM_TOO, law=law.O18_42,
             label=msg("The recheck reverses the result"), needs=("document_no",), irreversible=True),
        Step("reopen", ("final",), "under_recheck", "leader", law=basis,
             label=msg("Reopen by order of a superior authority or a court"), needs=("reason", "document_no"),
             irreversible=True),
    )  # fmt: skip


_LABELS = {
    "reported": msg("reported by the laboratory"),
    "notified": msg("served on some of the parties"),
    "objection_window": msg("window for objections"),
    "under_objection": msg("objected to"),
    "under_recheck": msg("under recheck"),
    "upheld": msg("upheld"),
    "reversed": msg("reversed"),
    "voided": msg("voided"),
    "final": msg("final"),
}

RESULT = Flow(
    "result",
    "reported",
    (*_served(due("supervision.objection"), law.LAW_15, law.O18_35), *_decided(law.LAW_15)),
    ("final", "voided"),
    _LABELS,
    msg("Sampling result"),
)
FOOD_RESULT = Flow(
    "food_result",
    "reported",
    (*_served(due("food.recheck_apply"), law.FOOD_88, law.ORDER_15_UNREAD), *_decided(law.FOOD_88)),
    ("final", "voided"),
    _LABELS,
    msg("Food sampling result"),
)
