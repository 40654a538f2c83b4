"""A clue given to the federation: screened, passed to where it belongs, answered within fifteen working days."""

from __future__ import annotations

from qualipolis.law.federation import guards
from qualipolis.law.flow import Flow, every
from qualipolis.law.flows.federation.steps import REPRESENTATIVE, SECRETARY, step
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

SENT = ("forwarded", "referred", "self_discipline", "handled", "dropped")
_ANSWER = due("federation.clue.answer")

FEDERATION_CLUE = Flow(
    "federation_clue",
    "raised",
    (
        step("screen", ("raised",), "screened", SECRETARY, msg("Screen the clue"), guard=every(guards.not_concerned, guards.risk_given),
             due=_ANSWER),
        step("forward", ("screened",), "forwarded", SECRETARY, msg("Forward to market regulation as a report"),
             guard=guards.not_concerned, due=_ANSWER, irreversible=True),
        step("refer", ("screened",), "referred", SECRETARY, msg("Offer the firm the product hospital"),
             guard=every(guards.not_concerned, guards.firm_known), due=_ANSWER, irreversible=True),
        step("assign", ("screened",), "self_discipline", SECRETARY, msg("Give to an association for self-discipline"),
             guard=every(guards.not_concerned, guards.association_free), due=_ANSWER),
        step("drop", ("screened",), "dropped", SECRETARY, msg("Drop the clue"), needs=("reason",),
             guard=guards.not_concerned, due=_ANSWER),
        step("report", ("self_discipline",), "handled", REPRESENTATIVE, msg("Report what the association did"),
             needs=("report",), guard=guards.not_concerned, due=_ANSWER),
        step("give_back", ("self_discipline",), "screened", REPRESENTATIVE, msg("Give the clue back"), needs=("reason",),
             due=_ANSWER),
        step("take_back", ("self_discipline",), "screened", SECRETARY, msg("Take the clue back from the association"),
             needs=("reason",), due=_ANSWER),
        step("answer", SENT, "answered", SECRETARY, msg("Answer the clue"), guard=every(guards.not_concerned, guards.answer_written)),
        step("reopen", ("answered",), "screened", SECRETARY, msg("Screen again on new facts"), needs=("reason",), due=_ANSWER),
        step("close", ("answered",), "closed", SECRETARY, msg("Close the clue")),
    ),
    ("closed",),
    {
        "raised": msg("clue received"),
        "screened": msg("screened"),
        "forwarded": msg("forwarded to market regulation"),
        "referred": msg("product hospital offered"),
        "self_discipline": msg("with an association"),
        "handled": msg("association has reported"),
        "dropped": msg("dropped"),
        "answered": msg("clue answered"),
        "closed": msg("dealt with"),
    },
    msg("Clue to the federation"),
)  # fmt: skip
