"""What the parties agree: written down, signed by both or performed at once, recorded as document 9, performed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.listen.complaints.checks import FLOW, MEDIATED, complaint_for, in_states, party_of, words
from qualipolis.city.listen.complaints.mediation import parties_of
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.scope import bodies_of
from qualipolis.city.listen.reports.documents import issue
from qualipolis.methods.problems import Problem, msg, refuse

MEDIATORS = roles_for(FLOW, "agree")
MOST_AMOUNT = Decimal("9999999999.99")


@verb("listen.write_agreement", roles=MEDIATORS, scope=bodies_of)
def write(
    actor: Any, thing: Complaint, terms: str, amount: Decimal | None = None, perform_by: date | None = None,
    no_paper: bool = False,
) -> Complaint:  # fmt: skip
    """Write what the parties agreed for both to sign; what was signed before is void when the words change."""
    row = complaint_for(actor, thing)
    wrong = [in_states(row, MEDIATED), words(terms, "terms", msg("Write what the parties agreed."), 2000)]
    if amount is not None and not (amount.is_finite() and 0 <= amount <= MOST_AMOUNT):
        wrong.append(Problem("bad_amount", msg("Give an amount from 0 on."), place="amount"))
    if perform_by is not None and perform_by < timezone.localdate():
        wrong.append(Problem("past_day", msg("Give a day from today on."), place="perform_by"))
    refuse(wrong)
    changed = (terms.strip(), amount, perform_by) != (row.terms, row.amount, row.perform_by)
    row.terms, row.amount, row.perform_by, row.no_paper = terms.strip(), amount, perform_by, no_paper
    if changed:
        row.complainant_signed_on = row.respondent_signed_on = None
    fields = ["terms", "amount", "perform_by", "no_paper", "complainant_signed_on", "respondent_signed_on"]
    row.save(update_fields=fields)
    record(actor, "listen.write_agreement", row, {"of": row.number, "no_paper": no_paper})
    return row


@verb("listen.sign_agreement", roles=(*MEDIATORS, "enterprise"), scope=parties_of)
def sign(actor: Any, thing: Complaint, party: str, signed_on: date | None = None) -> Complaint:
    """Sign the agreement as a party, or note the signature on paper; the firm signs for itself alone, and today."""
    row, day = complaint_for(actor, thing), signed_on or timezone.localdate()
    wrong = [in_states(row, MEDIATED), party_of(actor, party), *not_ahead(day, "signed_on", row.accepted_on)]
    if not row.terms:
        wrong.append(Problem("no_terms", msg("Write what the parties agreed."), place="terms"))
    refuse(wrong)
    if getattr(row, f"{party}_signed_on"):
        refuse([Problem("signed", msg("This party has signed already."), place="party")])
    setattr(row, f"{party}_signed_on", day)
    row.save(update_fields=[f"{party}_signed_on"])
    record(actor, "listen.sign_agreement", row, {"of": row.number, "party": party, "signed_on": day})
    return row


@verb("listen.agree", roles=MEDIATORS, scope=bodies_of)
def agree(actor: Any, thing: Complaint, text: str = "", text_en: str = "") -> Complaint:
    """Record the agreement: signed by both as document 9, or without a paper where none is needed."""
    row, today = complaint_for(actor, thing), timezone.localdate()
    facts = {
        "terms": row.terms, "no_paper": row.no_paper, "complainant_signed": row.complainant_signed_on,
        "respondent_signed": row.respondent_signed_on,
    }  # fmt: skip
    told = {}
    if not row.no_paper:
        told = {"document": _paper(actor, row, text, text_en)}
    move(
        actor, row, "agree", "listen.agree", told, facts=facts, for_good=True, in_force=row.received_on, ended_on=today
    )
    return row


def _paper(actor: Any, row: Complaint, text: str, text_en: str) -> str:
    signed = row.complainant_signed_on and row.respondent_signed_on
    if signed and text.strip() and "".join(row.terms.split()) not in "".join(text.split()):
        what = msg("The document must say in full what both parties signed.")
        refuse([Problem("other_terms", what, place="text")])
    facts = {
        "amount": str(row.amount) if row.amount is not None else None, "perform_by": row.perform_by,
        "complainant_signed_on": row.complainant_signed_on, "respondent_signed_on": row.respondent_signed_on,
    }  # fmt: skip
    return str(issue(actor, "agreement", complaint=row, text=text, text_en=text_en, facts=facts).number)


@verb("listen.note_performance", roles=MEDIATORS, scope=bodies_of)
def note_performance(actor: Any, thing: Complaint, performed_on: date) -> Complaint:
    """Note the day on which the agreement was performed."""
    row = complaint_for(actor, thing)
    refuse([in_states(row, ("agreed", "closed")), *not_ahead(performed_on, "performed_on", row.accepted_on)])
    if not row.terms:
        refuse([Problem("no_terms", msg("Write what the parties agreed."), place="terms")])
    row.performed_on = performed_on
    row.save(update_fields=["performed_on"])
    record(actor, "listen.note_performance", row, {"of": row.number, "performed_on": performed_on})
    return row
