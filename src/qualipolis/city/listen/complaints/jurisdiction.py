"""Who is competent: the place of business or domicile of the respondent; disputes, and letters passed on."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.complaints.checks import FLOW, complaint_for, in_states, words
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.registering import registered
from qualipolis.city.listen.complaints.scope import desk_of
from qualipolis.city.listen.reports.documents import issue
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.law.flows.listening.complaint import BEFORE
from qualipolis.methods.problems import Problem, msg, refuse

OFFICER = roles_for(FLOW, "accept")
OPEN = (*BEFORE, "accepted", "mediating", "entrusted", "paused")
WHY = msg("Give the reason.")


@verb("listen.set_competence", roles=OFFICER, scope=desk_of)
def set_competence(
    actor: Any, thing: Complaint, competent: bool | None, unit: Unit | None = None, enterprise: Enterprise | None = None
) -> Complaint:
    """Note whether the respondent has its place here, in which town, and which firm of the register it is.

    The town moves the complaint to the desk of that town; once accepted, competence is not taken back this way.
    """
    row = complaint_for(actor, thing)
    wrong = [in_states(row, OPEN)]
    if row.status not in BEFORE and competent is not row.competent:
        wrong.append(Problem("accepted", msg("The complaint was accepted; competence does not change any more.")))
    firm = enterprise or row.enterprise
    if row.accepted_on and row.enterprise and firm != row.enterprise:
        wrong.append(Problem("other_firm", msg("The parties of a mediation do not change."), place="enterprise"))
    refuse(wrong)
    row.competent, row.enterprise = competent, firm
    row.unit = unit or (enterprise.unit if enterprise else row.unit)
    row.save(update_fields=["competent", "unit", "enterprise"])
    told = {"of": row.number, "competent": competent, "unit": row.unit.code if row.unit else None}
    record(actor, "listen.set_competence", row, told)
    return row


@verb("listen.dispute_competence", roles=roles_for(FLOW, "dispute"), scope=desk_of)
def dispute(actor: Any, thing: Complaint, authority: str, reason: str) -> Complaint:
    """Ask another authority, then the one above both, who is competent; the term of acceptance waits for the answer."""
    row = complaint_for(actor, thing)
    refuse([words(reason, "reason", WHY), words(authority, "authority", msg("Name the authority."), 120)])
    facts = {"reason": reason, "authority": authority}
    return _moved(actor, row, "dispute", facts, authority=authority.strip(), reason=reason.strip())


@verb("listen.settle_competence", roles=roles_for(FLOW, "settle"), scope=desk_of)
def settle(actor: Any, thing: Complaint, reason: str) -> Complaint:
    """We are competent after all: the complaint goes on here and the term of acceptance begins."""
    row = complaint_for(actor, thing)
    refuse([words(reason, "reason", WHY)])
    return _moved(actor, row, "settle", {"reason": reason}, competent=True, authority="", reason=reason.strip())


def _moved(actor: Any, row: Complaint, step: str, facts: dict[str, Any], **changes: Any) -> Complaint:
    move(actor, row, step, f"listen.{step}_competence", facts=facts, in_force=row.received_on, **changes)
    return row


@verb("listen.transfer_complaint", roles=roles_for(FLOW, "transfer"), scope=desk_of)
def transfer(actor: Any, thing: Complaint, authority: str, reason: str, text: str, text_en: str = "") -> Complaint:
    """Pass a complaint on to the competent authority and say so in document 3."""
    row = complaint_for(actor, thing)
    refuse([words(reason, "reason", WHY), words(authority, "authority", msg("Name the authority."), 120)])
    facts = {"reason": reason, "authority": authority}
    registered(actor, row)
    made = issue(actor, "transfer", complaint=row, text=text, text_en=text_en, facts={"authority": authority.strip()})
    move(actor, row, "transfer", "listen.transfer_complaint", {"document": made.number}, facts=facts, for_good=True,
         in_force=row.received_on, competent=False, authority=authority.strip(), reason=reason.strip())  # fmt: skip
    tell(actor, "listen.complaint_closed", row)
    return row
