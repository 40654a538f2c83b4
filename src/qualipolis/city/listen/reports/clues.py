"""A clue that is found while a complaint is mediated: a report of its own, checked apart from the mediation."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.listen.complaints.checks import complaint_for
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.scope import bodies_of
from qualipolis.city.listen.intake.identities import without_sender
from qualipolis.city.listen.reports.checks import at_desk, written
from qualipolis.city.listen.reports.models import Report
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

FROM = ("accepted", "mediating", "entrusted", "paused", "agreed", "ended", "closed")


@verb("listen.note_clue", roles=("complaint_desk", "mediator"), scope=bodies_of)
def note_clue(actor: Any, thing: Complaint, facts: str) -> Report:
    """Note a clue about a violation found in a mediation; the term of its check runs from today."""
    complaint = complaint_for(actor, thing)
    what = msg("A clue is noted once a complaint was accepted.")
    refuse([
        written(facts, "facts", msg("Say what happened."), 4000),
        None if complaint.status in FROM else Problem("not_accepted", what),
    ])  # fmt: skip
    today = timezone.localdate()
    row = Report.objects.create(
        number=next_number("JB", today.year), complaint=complaint, received_on=today, unit=complaint.unit,
        enterprise=complaint.enterprise, respondent_name=complaint.letter.respondent_name, named=False,
        facts=without_sender(complaint.letter, facts.strip()), due_on=deadline("complaint.clue_check", today).due,
        officer=person_of(actor) if at_desk(actor) else complaint.officer,
    )  # fmt: skip
    record(actor, "listen.note_clue", row, {"of": complaint.number, "number": row.number})
    return row
