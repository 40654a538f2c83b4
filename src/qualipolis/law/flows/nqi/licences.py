"""Approvals of laboratories with their changes, and the certificates that certification bodies issue."""

from __future__ import annotations

from typing import Any

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.guards import two_people
from qualipolis.law.nqi import licence_guards as guards
from qualipolis.law.nqi.licence_rules import CERTIFICATION, NOTE, ORDER_163
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

LABORATORY = ("laboratory",)
OFFICE = ("inspector", "planner")
SYSTEM = ("system",)
HELD = ("valid", "renewal_applied", "cancellation_asked", "suspended")


def step(
    name: str, sources: tuple[str, ...], target: str, role: tuple[str, ...], label: str, law: str = NOTE, **more: Any
) -> Step:
    """Return a step; where no clause is given it is a working rule of the city."""
    return Step(name, sources, target, role, law=law, label=label, **more)


CMA_CERTIFICATE = Flow(
    "cma_certificate",
    "valid",
    (
        step("apply_renewal", ("valid",), "renewal_applied", LABORATORY, msg("Apply for renewal"), ORDER_163,
             guard=every(guards.renewal_in_time, guards.document_review_allowed), due=due("licence.renewal_answer")),
        step("withdraw_renewal", ("renewal_applied",), "valid", LABORATORY, msg("Take the application back"),
             needs=("reason",)),
        step("refuse_renewal", ("renewal_applied",), "valid", OFFICE, msg("Renewal was refused"), ORDER_163,
             needs=("document_no", "reason")),
        step("renew", ("renewal_applied", "expired"), "renewed", OFFICE, msg("Renewal was granted"), ORDER_163,
             guard=every(guards.renewal_applied, guards.new_period), needs=("document_no",), irreversible=True),
        step("suspend", ("valid", "renewal_applied"), "suspended", OFFICE, msg("Suspend the certificate"),
             guard=guards.suspension_within_limit, needs=("document_no", "reason"), irreversible=True),
        step("restore", ("suspended",), "valid", OFFICE, msg("Restore the certificate"),
             guard=every(guards.suspension_not_over, guards.fault_mended), needs=("document_no",), irreversible=True),
        step("ask_cancellation", ("valid",), "cancellation_asked", LABORATORY, msg("Ask for cancellation"), ORDER_163,
             due=due("licence.cancellation_answer"), needs=("reason",)),
        step("keep", ("cancellation_asked",), "valid", LABORATORY, msg("Keep the certificate after all"), needs=("reason",)),
        step("cancel", ("cancellation_asked", "expired"), "cancelled", OFFICE, msg("Cancel the certificate"), ORDER_163,
             needs=("document_no", "reason"), irreversible=True),
        step("withdraw", HELD, "withdrawn", OFFICE, msg("Withdraw the certificate: conditions lost"), ORDER_163,
             guard=two_people, needs=("document_no", "reason", "second_person"), irreversible=True),
        step("revoke", (*HELD, "expired"), "revoked", OFFICE, msg("Revoke the certificate: obtained by cheating"),
             ORDER_163, guard=two_people, needs=("document_no", "reason", "second_person"), irreversible=True),
        step("expire", HELD, "expired", SYSTEM, msg("The certificate has expired"), ORDER_163, guard=guards.is_over,
             irreversible=True),
    ),
    ("renewed", "cancelled", "withdrawn", "revoked"),
    {"valid": msg("valid"), "renewal_applied": msg("renewal applied for"), "suspended": msg("suspended"),
     "cancellation_asked": msg("cancellation asked for"), "expired": msg("expired"), "renewed": msg("renewed by a new one"),
     "cancelled": msg("cancelled"), "withdrawn": msg("withdrawn, conditions lost"), "revoked": msg("revoked for cheating")},
    msg("Qualification of a laboratory (CMA)"),
)  # fmt: skip
OWED = ("owed", "ordered")
CHANGE_FILING = Flow(
    "change_filing",
    "owed",
    (
        step("file", (*OWED, "returned"), "filed", LABORATORY, msg("File the change"), ORDER_163,
             guard=guards.filing_complete, due=due("licence.change_answer")),
        step("order", ("owed",), "ordered", OFFICE, msg("Order to file the change"), ORDER_163, guard=guards.filing_late,
             due=due("licence.change_ordered"), needs=("document_no",), irreversible=True),
        step("return", ("filed",), "returned", OFFICE, msg("Return the filing"), due=due("licence.change_return"),
             needs=("reason",)),
        step("accept", ("filed",), "accepted", OFFICE, msg("The change is approved"), ORDER_163,
             guard=guards.parts_decided, needs=("document_no",), irreversible=True),
        step("refuse", ("filed",), "refused", OFFICE, msg("The change is refused"), ORDER_163,
             needs=("document_no", "reason"), irreversible=True),
        step("dismiss", OWED, "dismissed", OFFICE, msg("No filing is needed"), needs=("reason",)),
        step("take_back", ("filed", "returned"), "dismissed", LABORATORY, msg("Take the filing back"), needs=("reason",)),
    ),
    ("accepted", "refused", "dismissed"),
    {"owed": msg("to be filed"), "ordered": msg("ordered to be filed"), "filed": msg("filed"),
     "returned": msg("returned for mending"), "accepted": msg("approved"), "refused": msg("refused"),
     "dismissed": msg("not needed")},
    msg("Filing of a change"),
)  # fmt: skip
CERTIFICATION_CERTIFICATE = Flow(
    "certification_certificate",
    "valid",
    (
        step("suspend", ("valid",), "suspended", LABORATORY, msg("Suspend the certificate"), CERTIFICATION,
             guard=guards.suspension_within_limit, needs=("reason",), irreversible=True),
        step("restore", ("suspended",), "valid", LABORATORY, msg("Restore the certificate"), CERTIFICATION,
             guard=every(guards.suspension_not_over, guards.fault_mended), irreversible=True),
        step("withdraw", ("valid", "suspended"), "withdrawn", LABORATORY, msg("Withdraw the certificate"), CERTIFICATION,
             needs=("reason",), irreversible=True),
        step("ask_cancellation", ("valid",), "cancellation_asked", ("enterprise",), msg("Ask for cancellation"),
             CERTIFICATION, due=due("licence.cancellation_answer"), needs=("reason",)),
        step("keep", ("cancellation_asked",), "valid", ("enterprise",), msg("Keep the certificate after all"),
             needs=("reason",)),
        step("cancel", ("valid", "suspended", "cancellation_asked"), "cancelled", LABORATORY, msg("Cancel the certificate"),
             CERTIFICATION, needs=("reason",), irreversible=True),
        step("expire", ("valid", "suspended", "cancellation_asked"), "expired", SYSTEM, msg("The certificate has expired"),
             guard=guards.is_over, irreversible=True),
    ),
    ("withdrawn", "cancelled", "expired"),
    {"valid": msg("valid"), "suspended": msg("suspended"), "cancellation_asked": msg("cancellation asked for"),
     "withdrawn": msg("withdrawn by the body"), "cancelled": msg("cancelled at the holder's wish"),
     "expired": msg("expired")},
    msg("Certificate of a certification body"),
)  # fmt: skip
