"""The way back from a step on one observation, for ten minutes and while nobody else has gone on from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.models import Event
from qualipolis.city.core.undo import inverse, undoable
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


@inverse("measure.restore_fields")
def restore_fields(actor: Any, *, model: str, pk: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Put fields of one row back, unless they are no longer what the step made them."""
    if not apps.get_model(model).objects.filter(pk=pk, **after).update(**before):
        raise PermissionDenied(_("Somebody has gone on from this step; it can no longer be taken back."))


def reversible(event: Event, actor: Any, row: Model, before: dict[str, Any], *watched: str) -> None:
    """Say that the fields in ``before`` can be put back for ten minutes while ``watched`` are as the step left them."""
    after = {name: _stored(getattr(row, name)) for name in watched}
    kept = {name: _stored(value) for name, value in before.items()}
    label = row._meta.label_lower
    undoable(event, actor, "measure.restore_fields", model=label, pk=row.pk, before=kept, after=after)


def fields_of(row: Model, *names: str) -> dict[str, Any]:
    """Return fields of a row as the database has them now."""
    return type(row)._default_manager.values(*names).get(pk=row.pk)


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
