"""The register entry of a complaint (document 1), and what the parties read of its facts."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.listen.complaints.checks import FLOW, UNDER_WAY, complaint_for, in_states, words
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.scope import desk_of
from qualipolis.city.listen.complaints.suggestions import suggested
from qualipolis.city.listen.intake.identities import without_sender
from qualipolis.city.listen.reports.documents import issue
from qualipolis.city.listen.reports.models import Document
from qualipolis.law.flows.listening.complaint import BEFORE
from qualipolis.methods.problems import msg, refuse


def registered(actor: Any, row: Complaint) -> Document:
    """Return the register entry of a complaint; it is made with the first thing an officer does with it."""
    known = row.documents.filter(code="complaint_register").first()
    return known or issue(actor, "complaint_register", complaint=row, **_words(row))


def _words(row: Complaint) -> dict[str, str]:
    text, text_en = suggested("complaint_register", row)
    return {"text": text, "text_en": text_en}


@verb("listen.write_summary", roles=roles_for(FLOW, "accept"), scope=desk_of)
def write_summary(actor: Any, thing: Complaint, summary: str) -> Complaint:
    """Write what the firm and the entrusted body read of the facts, in place of the words of the letter."""
    row = complaint_for(actor, thing)
    wrong = words(summary, "summary", msg("Write what the parties should know."), 2000)
    refuse([in_states(row, (*BEFORE, *UNDER_WAY)), wrong])
    row.summary = summary.strip()
    row.save(update_fields=["summary"])
    record(actor, "listen.write_summary", row, {"of": row.number})
    return row


def facts_for_parties(row: Complaint) -> str:
    """Return the facts as the firm and an entrusted body read them, empty where nothing may be read.

    The officer's summary, else the words of the letter without its sender. The words of a letter that also reports a
    violation stay with the desk: whoever reads them would know who reported.
    """
    if row.summary:
        return row.summary
    return "" if hasattr(row.letter, "report") else without_sender(row.letter)
