"""The way back from a step on one observation, for ten minutes and while nobody else has gone on from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.undo import inverse
from qualipolis.city.measure.models import CollectionRound, Observation

OPEN = (CollectionRound.Status.OPEN, CollectionRound.Status.CHECKING, CollectionRound.Status.REOPENED)
RESTORE = "measure.restore"
REVERSIBLE = ("measure.submit", "measure.return", "measure.verify", "measure.dispute")
FIELDS = ("status", "note", "due_on", "submitted_by_id", "verified_by_id")


def before_of(row: Observation) -> dict[str, Any]:
    """Return what a step may change besides the figure, as the database has it now."""
    found = Observation.objects.values(*FIELDS).get(pk=row.pk)
    return found | {"due_on": found["due_on"] and found["due_on"].isoformat()}


@inverse(RESTORE)
def restore(actor: Any, *, observation: int, before: dict[str, Any], after: str) -> None:
    """Put an observation back, unless somebody has taken the next step or the round is closed."""
    due = before["due_on"] and date.fromisoformat(before["due_on"])
    rows = Observation.objects.filter(
        pk=observation, status=after, round__in=CollectionRound.objects.filter(status__in=OPEN)
    )
    if not rows.update(**before | {"due_on": due, "changed_at": timezone.now()}):
        raise PermissionDenied(_("Somebody has gone on from this step; it can no longer be taken back."))
