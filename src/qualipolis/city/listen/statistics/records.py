"""One source record for each complaint, kept in step with it: from these the indicators of the assessment are computed.

Whatever saves a complaint writes its record anew in the same transaction, so a page and an indicator count the same.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.core.undo import TAKEN_BACK
from qualipolis.city.listen.models import Complaint, Letter
from qualipolis.city.measure.models import SourceRecord
from qualipolis.law.terms import deadline

# kinds of problem that concern the quality of a product; prices, contracts, service and privacy do not
QUALITY = frozenset(
    ("fire_explosion", "electric_shock", "injury", "poisoning_allergy", "spoiled", "foreign_matter", "defect",
     "counterfeit", "short_weight", "label")
)  # fmt: skip
OUTCOMES = {
    "agreed": "agreed",
    "ended": "ended",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "transferred": "transferred",
}
MEDIATED = ("mediating", "entrusted", "paused", "agreed")


def outcome_of(complaint: Complaint) -> str:
    """Return how a complaint ended in the words of the lake; a closed one as its mediation did."""
    if complaint.status == "closed":
        return "ended" if complaint.reason_code else "agreed"
    return OUTCOMES.get(complaint.status, "pending")


def decided_in_time(complaint: Complaint) -> bool:
    """Whether it was accepted or refused within the term of the order of its day of receipt."""
    decided = complaint.accepted_on or (complaint.ended_on if complaint.status == "refused" else None)
    return decided is not None and decided <= deadline("complaint.acceptance", complaint.received_on).due


def marks_of(complaint: Complaint) -> str:
    """Return the marks of the record."""
    mediated = complaint.status in MEDIATED or (complaint.status in ("ended", "closed") and complaint.accepted_on)
    return " ".join(name for name, holds in (("in_time", decided_in_time(complaint)), ("mediated", mediated)) if holds)


def write_record(complaint: Complaint) -> None:
    """Write the record of a complaint anew; one without a town, or passed on to another authority, has none."""
    rows = SourceRecord.objects.filter(kind=SourceRecord.Kind.COMPLAINT, number=complaint.number)
    if complaint.unit_id is None or complaint.status == "transferred":
        rows.delete()
        return
    SourceRecord.objects.update_or_create(
        kind=SourceRecord.Kind.COMPLAINT, number=complaint.number, defaults=cells_of(complaint)
    )


def cells_of(complaint: Complaint) -> dict[str, Any]:
    """Return what the record of a complaint says."""
    return {
        "unit_id": complaint.unit_id,
        "enterprise_id": complaint.enterprise_id,
        "happened_on": complaint.received_on,
        "purpose": "quality" if complaint.letter.hazard in QUALITY else "other",
        "outcome": outcome_of(complaint),
        "flags": marks_of(complaint),
    }


@receiver(post_save, sender=Complaint)
def _saved(sender: Any, instance: Complaint, **_more: Any) -> None:
    write_record(instance)


@subscriber(TAKEN_BACK)
def _taken_back(actor: Any, thing: Any, **_facts: Any) -> None:
    if isinstance(thing, Complaint):
        write_record(thing)


@subscriber("listen.letter_classified")
def _classified(actor: Any, thing: Letter, **_facts: Any) -> None:
    for complaint in Complaint.objects.filter(letter=thing).select_related("letter"):
        write_record(complaint)
