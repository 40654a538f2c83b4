"""A complaint taken by its verbs from day to day, as people would."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.city.listen.cast import CONSUMER, PUBLIC, Cast, complaint_in, letter

from qualipolis.city.listen import service
from qualipolis.city.listen.complaints.suggestions import suggested
from qualipolis.city.listen.models import Complaint, Document, Identity
from qualipolis.law.terms import deadline

LAST_OF_20, FIRST_OF_121 = date(2026, 4, 14), date(2026, 4, 15)
WHY = "理由写明"


def go_to(time_machine: Any, day: str) -> date:
    """Let it be nine in the morning of a day."""
    time_machine.move_to(f"{day}T09:00+08:00", tick=False)
    return date.fromisoformat(day)


def received(cast: Cast, day: date, *, proved: bool = True) -> Complaint:
    """Make a complaint received on a day, as the intake leaves it."""
    said = CONSUMER if proved else {key: value for key, value in CONSUMER.items() if not key.startswith("id_")}
    due = deadline("complaint.acceptance", day, in_force=day).due
    return complaint_in(cast, letter=letter(cast, said, received_on=day), due_on=due)


def again(row: Complaint) -> Complaint:
    """Return the complaint as the database has it now."""
    return Complaint.objects.get(pk=row.pk)


def accepted(cast: Cast, row: Complaint) -> Complaint:
    """Note that the respondent is here, and accept."""
    desk = cast["complaint_desk"]
    service.set_competence(desk, row, True)
    return service.accept_complaint(desk, row, *suggested("acceptance", row))


def mediating(cast: Cast, row: Complaint, day: date) -> Complaint:
    """Begin the mediation with a meeting today."""
    desk = cast["complaint_desk"]
    words = suggested("mediation", row, meets_on=day, how="视频")
    return service.mediate(desk, row, day, "视频", *words)


def agree_to_test(cast: Cast, row: Complaint) -> None:
    """Let both parties agree to a test: the sender by its tracking, the firm on its page."""
    service.propose_test(cast["complaint_desk"], row, "甲检测所", "商家先垫付")
    service.answer_test(PUBLIC, row, "complainant", True)
    service.answer_test(cast["enterprise"], row, "respondent", True)


def ended(cast: Cast, row: Complaint, ground: str = "no_agreement") -> Complaint:
    """End the mediation with a ground."""
    words = suggested("ending", row, reason_code=ground, reason=WHY)
    return service.end_mediation(cast["complaint_desk"], row, ground, WHY, *words)


def serve_all(cast: Cast, paper: Document) -> None:
    """Serve a document on both parties by post."""
    for party in ("complainant", "respondent"):
        service.serve_document(cast["complaint_desk"], paper, party, "post", proof="挂号信 XA1")


def prove_identity(row: Complaint) -> None:
    """Put a proof of identity under the seal, as the intake does."""
    Identity.objects.filter(letter=row.letter).update(proved=True)
