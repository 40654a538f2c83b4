"""What follows a failed result (后处理): order, correction, review, announcement, second review, suspension, revocation.

Whether the firm restarts before it passed is recorded on its own and changes no state. A firm that ceases to exist stops
the clocks; a new order to its successor starts them anew. A reversed result cancels everything; where a court or a
superior authority then finds that it failed after all, the same case begins anew, with new clocks.
"""

from __future__ import annotations

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.flows.supervision_plan import ORGANISER
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import (
    correction_missed,
    evidence_given,
    failed_result,
    order_was_served,
    reversal_known,
    second_review_open,
)
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

HANDLER = ("inspector", *ORGANISER)
RUNNING = (
    "transferred",
    "ordered",
    "correcting",
    "review_requested",
    "failed",
    "escalated",
    "announced",
    "suspended",
    "third_review",
)

_FIRST = (
    Step("order", ("transferred",), "ordered", HANDLER, guard=failed_result, law=law.LAW_17,
         label=msg("Order to correct"), needs=("document_no",)),
    Step("serve", ("ordered",), "correcting", HANDLER, guard=order_was_served, due=due("supervision.correct"),
         law=law.O18_46, label=msg("Serve the order"), needs=("proof",)),
    Step("request_review", ("correcting",), "review_requested", "enterprise", guard=evidence_given, law=law.O18_47,
         label=msg("Report the correction and ask for a review"), needs=("report",)),
    Step("pass", ("review_requested",), "passed", HANDLER, law=law.O18_47, label=msg("Review passed"),
         needs=("document_no",)),
    Step("fail", ("review_requested",), "failed", HANDLER, due=due("supervision.escalate"), law=law.O18_47,
         label=msg("Review failed"), needs=("document_no",)),
    Step("not_corrected", ("correcting",), "failed", HANDLER, guard=correction_missed,
         due=due("supervision.escalate"), law=law.LAW_17, label=msg("Not corrected in time"), needs=("reason",)),
)  # fmt: skip
_SECOND = (
    Step("escalate", ("failed",), "escalated", ORGANISER, law=law.O18_47, label=msg("Report to the province"),
         needs=("document_no",)),
    Step("announce", ("escalated",), "announced", ("leader", *ORGANISER), law=law.LAW_17,
         label=msg("Record the announcement of the province"), needs=("document_no",), irreversible=True),
    Step("second_pass", ("announced",), "passed", HANDLER, guard=second_review_open, law=law.O18_48,
         label=msg("Second review passed"), needs=("document_no",)),
    Step("second_fail", ("announced",), "suspended", HANDLER, guard=second_review_open, law=law.LAW_17,
         label=msg("Second review failed: stop business and rectify"), needs=("document_no",), irreversible=True),
    Step("request_third", ("suspended",), "third_review", "enterprise", guard=evidence_given, law=law.LAW_17,
         label=msg("Report the rectification and ask for a review"), needs=("report",)),
    Step("third_pass", ("third_review",), "passed", HANDLER, law=law.O18_49, label=msg("Third review passed"),
         needs=("document_no",)),
    Step("revoke", ("third_review",), "licence_revoked", "leader", law=law.LAW_17, label=msg("Revoke the licence"),
         needs=("document_no", "reason"), irreversible=True),
)  # fmt: skip
_ASIDE = (
    Step("cease", RUNNING, "firm_ceased", (*HANDLER, "system"), law=law.PLATFORM,
         label=msg("The firm has ceased to exist"), needs=("reason",), irreversible=True),
    Step("find_successor", ("firm_ceased",), "transferred", HANDLER, law=law.PLATFORM,
         label=msg("Go on with the successor"), needs=("reason",)),
    Step("close_ceased", ("firm_ceased",), "closed_ceased", HANDLER, law=law.PLATFORM,
         label=msg("Close: nobody took over"), needs=("reason",), irreversible=True),
    Step("cancel", (*RUNNING, "firm_ceased", "passed", "closed"), "cancelled", (*ORGANISER, "system"),
         guard=reversal_known, law=law.O18_42, label=msg("Cancel: the result was reversed or voided"),
         needs=("reason",), irreversible=True),
    Step("reopen", ("cancelled",), "transferred", (*ORGANISER, "system"), guard=failed_result, law=law.PLATFORM,
         label=msg("Reopen: the result failed in the end"), needs=("reason",)),
    Step("close", ("passed",), "closed", HANDLER, law=law.PLATFORM, label=msg("Close the handling")),
)  # fmt: skip

HANDLING = Flow(
    "handling",
    "transferred",
    (*_FIRST, *_SECOND, *_ASIDE),
    ("closed", "licence_revoked", "closed_ceased", "cancelled"),
    {
        "transferred": msg("handed over"),
        "ordered": msg("order written"),
        "correcting": msg("correcting"),
        "review_requested": msg("review asked for"),
        "failed": msg("review failed or not corrected"),
        "escalated": msg("reported to the province"),
        "announced": msg("announced"),
        "suspended": msg("business stopped"),
        "third_review": msg("third review asked for"),
        "passed": msg("passed"),
        "licence_revoked": msg("licence revoked"),
        "firm_ceased": msg("the firm has ceased"),
        "closed_ceased": msg("closed without a successor"),
        "cancelled": msg("cancelled"),
        "closed": msg("closed"),
    },
    msg("Handling of a failed result"),
)

FOOD_HANDLING = Flow(
    "food_handling",
    "transferred",
    (
        Step("begin", ("transferred",), "running", HANDLER, guard=every(failed_result), law=law.ORDER_15_UNREAD,
             label=msg("Begin the handling"), needs=("document_no",)),
        Step("finish", ("running",), "closed", HANDLER, guard=evidence_given, law=law.ORDER_15_UNREAD,
             label=msg("Finish the handling"), needs=("report",)),
        Step("cancel", ("transferred", "running", "closed"), "cancelled", (*ORGANISER, "system"),
             guard=reversal_known, law=law.FOOD_88, label=msg("Cancel: the result was reversed or voided"),
             needs=("reason",), irreversible=True),
        Step("reopen", ("cancelled",), "transferred", (*ORGANISER, "system"), guard=failed_result, law=law.PLATFORM,
             label=msg("Reopen: the result failed in the end"), needs=("reason",)),
    ),
    ("closed", "cancelled"),
    {
        "transferred": msg("handed over"),
        "running": msg("under way"),
        "closed": msg("closed"),
        "cancelled": msg("cancelled"),
    },
    msg("Handling of nonconforming food"),
)  # fmt: skip

AREA_TRANSFER = Flow(
    "area_transfer",
    "prepared",
    (
        Step("send", ("prepared",), "sent", ORGANISER, guard=failed_result, law=law.O18_44,
             label=msg("Tell the authority of the producer's area"), needs=("authority", "document_no")),
        Step("acknowledge", ("sent",), "acknowledged", ORGANISER, law=law.PLATFORM,
             label=msg("Record the receipt"), needs=("document_no",)),
        Step("bounce", ("sent",), "prepared", ORGANISER, law=law.PLATFORM, label=msg("Record: not their area"),
             needs=("reason",)),
        Step("recall", ("prepared", "sent", "acknowledged", "closed"), "recalled", (*ORGANISER, "system"), guard=reversal_known,
             law=law.O18_42, label=msg("Take back: the result was reversed or voided"), needs=("reason",),
             irreversible=True),
        Step("close", ("acknowledged",), "closed", ORGANISER, law=law.PLATFORM,
             label=msg("Record what they did")),
    ),
    ("closed", "recalled"),
    {
        "prepared": msg("in preparation"),
        "sent": msg("sent"),
        "acknowledged": msg("receipt recorded"),
        "recalled": msg("taken back"),
        "closed": msg("closed"),
    },
    msg("Transfer to another area"),
)  # fmt: skip
