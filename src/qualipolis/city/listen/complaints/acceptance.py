"""Identity asked for and given, a complaint accepted, refused with its ground, and taken up again after a review."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.complaints.checks import FLOW, complaint_for, identity_facts, in_states, words
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.registering import registered
from qualipolis.city.listen.complaints.scope import desk_of
from qualipolis.city.listen.complaints.terms import mediation_term
from qualipolis.city.listen.reports.documents import issue
from qualipolis.law.flows.listening.complaint import BEFORE
from qualipolis.law.listening.guards import identity_given
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import msg, refuse

WHY = msg("Give the reason.")


@verb("listen.take_complaint", roles=roles_for(FLOW, "accept"), scope=desk_of)
def take(actor: Any, thing: Complaint) -> Complaint:
    """Take a complaint as its officer; whoever takes it later follows."""
    row = complaint_for(actor, thing)
    refuse([in_states(row, (*BEFORE, "accepted", "mediating", "entrusted", "paused", "agreed", "ended"))])
    row.officer = person_of(actor)
    row.save(update_fields=["officer"])
    paper = registered(actor, row)
    record(actor, "listen.take_complaint", row, {"of": row.number, "document": paper.number})
    return row


@verb("listen.request_identity", roles=roles_for(FLOW, "request_identity"), scope=desk_of)
def request_identity(actor: Any, thing: Complaint, reason: str, text: str, text_en: str = "") -> Complaint:
    """Ask with document 4 for what is missing of the identity; the term to give it begins."""
    row = complaint_for(actor, thing)
    refuse([words(reason, "reason", msg("Say what is missing."))])
    registered(actor, row)
    until = deadline("complaint.identity", timezone.localdate(), in_force=row.received_on).due
    made = issue(actor, "identity", complaint=row, text=text, text_en=text_en, facts={"until": until})
    facts = identity_facts(row) | {"reason": reason}
    move(actor, row, "request_identity", "listen.request_identity", {"document": made.number}, facts=facts,
         for_good=True, in_force=row.received_on, officer=row.officer or person_of(actor))  # fmt: skip
    return row


@verb("listen.give_identity", roles=roles_for(FLOW, "request_identity"), scope=desk_of)
def give_identity(actor: Any, thing: Complaint) -> Complaint:
    """Note that the missing identity was given (it lies under seal already); the term of acceptance begins anew."""
    row = complaint_for(actor, thing)
    refuse([in_states(row, ("identity_requested",)) or identity_given(identity_facts(row))])
    move(actor, row, "give_identity", "listen.give_identity", for_good=True, in_force=row.received_on)
    return row


@verb("listen.accept_complaint", roles=roles_for(FLOW, "accept"), scope=desk_of)
def accept(actor: Any, thing: Complaint, text: str, text_en: str = "") -> Complaint:
    """Accept a complaint with document 5; the term of mediation under the order of the day of receipt begins."""
    row, today = complaint_for(actor, thing), timezone.localdate()
    term = mediation_term(today, row.received_on)
    registered(actor, row)
    facts = {"accepted_on": today, "until": term.due, "provisional": term.provisional}
    made = issue(actor, "acceptance", complaint=row, text=text, text_en=text_en, facts=facts)
    known = identity_facts(row) | {"competent": row.competent}
    move(actor, row, "accept", "listen.accept_complaint", {"document": made.number}, facts=known, for_good=True,
         in_force=row.received_on, accepted_on=today, officer=row.officer or person_of(actor))  # fmt: skip
    tell(actor, "listen.complaint_accepted", row)
    return row


@verb("listen.refuse_complaint", roles=roles_for(FLOW, "refuse"), scope=desk_of)
def turn_away(actor: Any, thing: Complaint, reason_code: str, reason: str, text: str, text_en: str = "") -> Complaint:
    """Refuse a complaint with a ground of the order in force on its day and document 6, which names the other ways."""
    row = complaint_for(actor, thing)
    refuse([words(reason, "reason", WHY)])
    registered(actor, row)
    made = issue(actor, "refusal", complaint=row, text=text, text_en=text_en, facts={"ground": reason_code})
    facts = {
        "reason": reason, "received_on": row.received_on, "status": row.status, "due_on": row.due_on,
    }  # fmt: skip
    told = {"reason_code": reason_code, "document": made.number}
    move(actor, row, "refuse", "listen.refuse_complaint", told, facts=facts, for_good=True, in_force=row.received_on,
         reason_code=reason_code, reason=reason.strip(), ended_on=timezone.localdate())  # fmt: skip
    tell(actor, "listen.complaint_closed", row)
    return row


@verb("listen.reopen_complaint", roles=roles_for(FLOW, "reopen"), scope=desk_of)
def reopen(actor: Any, thing: Complaint, document_no: str, reason: str) -> Complaint:
    """Take a refused complaint up again because a review or a court said so; the term of acceptance begins anew."""
    row = complaint_for(actor, thing)
    what = msg("Give the number of the document.")
    refuse([words(reason, "reason", WHY), words(document_no, "document_no", what, 80)])
    told = {"document_no": document_no.strip()}
    move(actor, row, "reopen", "listen.reopen_complaint", told, facts={"reason": reason}, in_force=row.received_on,
         reason_code="", reason=reason.strip(), ended_on=None)  # fmt: skip
    return row
