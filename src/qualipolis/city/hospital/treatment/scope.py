"""What the verbs of the treatment share: the case as it is now, its items in force, days, and words kept off the ledger."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.moves import locked
from qualipolis.city.hospital.consultation.parties import require_attending, require_seen
from qualipolis.city.hospital.models import Case, Prescription, PrescriptionItem
from qualipolis.methods.problems import Problem

RELATED = ("enterprise", "unit", "expert")
WORDS = PrescriptionItem.Measure.WORDS


def case_for(actor: Any, case: Case) -> Case:
    """Return the case kept for this transaction; whoever does not see it is refused."""
    require_seen(actor, case)
    return locked(case, *RELATED)


def treated_by(actor: Any, case: Case) -> Case:
    """Return the case kept for this transaction; whoever does not treat it is refused."""
    row = locked(case, *RELATED)
    require_attending(actor, row)
    return row


def in_force(case: Case) -> Prescription | None:
    """Return the prescription that the firm has accepted and that nothing has replaced."""
    return case.prescriptions.filter(status="accepted").order_by("-version").first()


def current_items(case: Case) -> QuerySet[PrescriptionItem]:
    """Return the items that count now: of the accepted prescription, and containments of this round; none dropped."""
    of_round = Q(prescription=None) | Q(prescription__status="accepted")
    return case.items.filter(of_round, round=case.reopened).exclude(status="dropped").order_by("position", "pk")


def measured_items(case: Case) -> QuerySet[PrescriptionItem]:
    """Return the items in force whose criterion is a number."""
    return current_items(case).exclude(measure=WORDS)


def needed(text: str, place: str, what: str, most: int) -> tuple[str, Problem | None]:
    """Return a text as it is kept, and what is wrong when it is empty."""
    clean = text.strip()[:most]
    return clean, None if clean else Problem(f"no_{place}", what, place=place)
