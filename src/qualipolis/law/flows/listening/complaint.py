"""A complaint (投诉): accepted or refused in seven working days, mediated within the term of the order in force."""

from __future__ import annotations

from qualipolis.law.flow import Flow, every
from qualipolis.law.flows.listening.steps import FIRM, MEDIATOR, OFFICER, PUBLIC, step
from qualipolis.law.listening import guards
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

CONSUMER = (*PUBLIC, *OFFICER)
BEFORE = ("received", "identity_requested", "jurisdiction")
UNDER_WAY = ("accepted", "mediating", "entrusted", "paused")
_ACCEPT = msg("Orders 20 and 121 on complaints and reports: acceptance")
_REFUSE = msg("Order 20, article 15; Order 121, article 16")
_END = msg("Order 20, article 21; Order 121, article 23")
_JURISDICTION = msg("Orders 20 and 121: place of business or domicile of the respondent")
_MEDIATION = msg("Orders 20 and 121 on complaints and reports: mediation")
_RESUME = tuple(
    step(
        f"resume_{state}",
        ("paused",),
        state,
        MEDIATOR,
        msg("Go on with the mediation"),
        _MEDIATION,
        guard=guards.paused_from(state),
    )
    for state in ("mediating", "entrusted")
)

COMPLAINT = Flow(
    "complaint",
    "received",
    (
        step("request_identity", ("received",), "identity_requested", OFFICER, msg("Ask for proof of identity"), _ACCEPT,
             guard=guards.identity_missing, due=due("complaint.identity"), needs=("reason",)),
        step("give_identity", ("identity_requested",), "received", CONSUMER, msg("Give proof of identity"), _ACCEPT,
             due=due("complaint.acceptance")),
        step("dispute", ("received",), "jurisdiction", OFFICER, msg("Ask who is competent"), _JURISDICTION,
             due=due("complaint.jurisdiction"), needs=("reason", "authority")),
        step("settle", ("jurisdiction",), "received", OFFICER, msg("We are competent"), _JURISDICTION,
             due=due("complaint.acceptance"), needs=("reason",)),
        step("transfer", ("received", "jurisdiction"), "transferred", OFFICER, msg("Pass on to the competent authority"),
             _JURISDICTION, needs=("reason", "authority"), irreversible=True),
        step("accept", ("received",), "accepted", OFFICER, msg("Accept the complaint"), _ACCEPT,
             guard=every(guards.competent, guards.identity_given), due=due("complaint.mediation")),
        step("refuse", ("received", "identity_requested"), "refused", OFFICER, msg("Refuse the complaint, with the ground"),
             _REFUSE, guard=every(guards.refusal_ground, guards.identity_term_over), needs=("reason_code", "reason"),
             irreversible=True),
        step("reopen", ("refused",), "received", OFFICER, msg("Take up again after a review"), _ACCEPT,
             due=due("complaint.acceptance"), needs=("reason", "document_no")),
        step("mediate", ("accepted",), "mediating", MEDIATOR, msg("Call the parties to mediation"), _MEDIATION),
        step("entrust", ("accepted", "mediating"), "entrusted", OFFICER, msg("Entrust the mediation"), _MEDIATION,
             guard=guards.mediator_named, needs=("reason",)),
        step("hand_back", ("entrusted",), "mediating", MEDIATOR, msg("Give the mediation back"), _MEDIATION,
             needs=("reason",)),
        step("pause", ("mediating", "entrusted"), "paused", MEDIATOR, msg("Stop the clock for a test"), _MEDIATION,
             guard=guards.test_agreed, needs=("laboratory",)),
        *_RESUME,
        step("agree", ("mediating", "entrusted"), "agreed", MEDIATOR, msg("Record the agreement"), _MEDIATION,
             guard=guards.agreement_concluded, due=due("complaint.end_notice")),
        step("end", UNDER_WAY, "ended", OFFICER, msg("End the mediation, with the ground"), _END,
             guard=guards.ending_ground, due=due("complaint.end_notice"), needs=("reason_code", "reason")),
        step("withdraw", (*BEFORE, *UNDER_WAY), "withdrawn", CONSUMER, msg("Withdraw the complaint"), _END,
             needs=("reason",)),
        step("close", ("agreed", "ended"), "closed", OFFICER, msg("Close the complaint"), _MEDIATION,
             guard=guards.parties_told),
    ),
    ("transferred", "refused", "withdrawn", "closed"),
    {
        "received": msg("received"),
        "identity_requested": msg("proof of identity asked for"),
        "jurisdiction": msg("competence in dispute"),
        "transferred": msg("passed to another authority"),
        "refused": msg("complaint refused"),
        "accepted": msg("complaint accepted"),
        "mediating": msg("in mediation"),
        "entrusted": msg("entrusted to a mediator"),
        "paused": msg("waiting for a test"),
        "agreed": msg("agreed"),
        "ended": msg("mediation ended"),
        "withdrawn": msg("withdrawn"),
        "closed": msg("dealt with"),
    },
    msg("Complaint"),
)  # fmt: skip
COMPLAINT_ANSWER = Flow(
    "complaint_answer",
    "asked",
    (
        step("answer", ("asked",), "answered", FIRM, msg("Answer the complaint")),
        step("lapse", ("asked",), "silent", MEDIATOR, msg("Note that the firm did not answer")),
        step("answer_late", ("silent",), "answered", FIRM, msg("Answer the complaint after the term")),
        step("withdraw", ("asked",), "withdrawn", MEDIATOR, msg("Take the question back"), needs=("reason",)),
    ),
    ("answered", "silent", "withdrawn"),
    {
        "asked": msg("asked"),
        "answered": msg("answered"),
        "silent": msg("not answered in time"),
        "withdrawn": msg("taken back"),
    },
    msg("Answer of the firm"),
)
