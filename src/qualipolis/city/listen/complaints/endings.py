"""How a complaint ends: mediation ended with its ground, withdrawn, closed once both parties were told; and the rating."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.complaints.answers import take_questions_back
from qualipolis.city.listen.complaints.checks import FLOW, complaint_for, in_states, words
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.pauses import close_pause, term_of
from qualipolis.city.listen.complaints.scope import desk_of
from qualipolis.city.listen.reports.documents import issue, unserved
from qualipolis.methods.problems import Problem, msg, refuse

TELLING = ("ending", "agreement")
WHY = msg("Give the reason.")


@verb("listen.end_mediation", roles=roles_for(FLOW, "end"), scope=desk_of)
def end(actor: Any, thing: Complaint, reason_code: str, reason: str, text: str, text_en: str = "") -> Complaint:
    """End the mediation with its ground and document 8, which names the other ways; the parties are told within the term."""
    row, today = complaint_for(actor, thing), timezone.localdate()
    refuse([words(reason, "reason", WHY), _too_early(row, reason_code)])
    made = issue(actor, "ending", complaint=row, text=text, text_en=text_en, facts={"ground": reason_code})
    told = {"reason_code": reason_code, "document": made.number}
    facts = {"reason": reason, "received_on": row.received_on}
    move(actor, row, "end", "listen.end_mediation", told, facts=facts, for_good=True, in_force=row.received_on,
         reason_code=reason_code, reason=reason.strip(), ended_on=today)  # fmt: skip
    _rest(actor, row)
    return row


def _too_early(row: Complaint, reason_code: str) -> Problem | None:
    """The term is a ground only once it is over; while the clock stands still it is not."""
    term = term_of(row)
    if reason_code != "out_of_time" or term is None or timezone.localdate() > term.due:
        return None
    what = msg("The term of mediation runs until %(due)s: it is no ground before.")
    return Problem("term_running", what, "", {"due": term.due}, "reason_code")


def _rest(actor: Any, row: Complaint) -> None:
    """End what still waits: the pause for a test and the questions to the firm."""
    close_pause(row)
    take_questions_back(row)


@verb("listen.withdraw_complaint", roles=roles_for(FLOW, "end"), scope=desk_of)
def withdraw(actor: Any, thing: Complaint, reason: str) -> Complaint:
    """Withdraw the complaint: the sender by its tracking, or the desk that was told so."""
    row = complaint_for(actor, thing)
    refuse([words(reason, "reason", msg("Say in a few words why."))])
    move(actor, row, "withdraw", "listen.withdraw_complaint", facts={"reason": reason}, for_good=True,
         reason=reason.strip(), ended_on=timezone.localdate())  # fmt: skip
    _rest(actor, row)
    tell(actor, "listen.complaint_closed", row)
    return row


def untold(row: Complaint) -> list[str]:
    """Return the parties that have not received how the mediation ended, each once."""
    papers = row.documents.filter(code__in=TELLING).prefetch_related("services")
    return list(dict.fromkeys(party for paper in papers for party in unserved(paper)))


@verb("listen.close_complaint", roles=roles_for(FLOW, "close"), scope=desk_of)
def close(actor: Any, thing: Complaint) -> Complaint:
    """Close a complaint once both parties were told how it ended."""
    row = complaint_for(actor, thing)
    move(actor, row, "close", "listen.close_complaint", facts={"untold_parties": len(untold(row))}, for_good=True)
    tell(actor, "listen.complaint_closed", row)
    return row


@verb("listen.rate_complaint", roles=())
def rate(actor: Any, thing: Complaint, satisfaction: int) -> Complaint:
    """Say, as the sender by its tracking, how satisfied one is (1 to 5) once the mediation is over; once."""
    row = complaint_for(actor, thing)
    wrong = [in_states(row, ("agreed", "ended", "closed"))]
    if satisfaction not in range(1, 6):
        wrong.append(Problem("bad_satisfaction", msg("Choose from 1 to 5."), place="satisfaction"))
    if row.satisfaction is not None:
        wrong.append(Problem("rated", msg("You have said so already.")))
    refuse(wrong)
    row.satisfaction = satisfaction
    row.save(update_fields=["satisfaction"])
    record(actor, "listen.rate_complaint", row, {"of": row.number})
    return row
