"""A reversible step can be taken back for ten minutes, as its own event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Event, Reversal
from qualipolis.city.core.policy import require, verb
from qualipolis.city.core.roles import STAFF
from qualipolis.city.core.subscriptions import tell

MINUTES = 10
TAKEN_BACK = "step.taken_back"  # told with the row, once its fields are as they were
_INVERSES: dict[str, Callable[..., Any]] = {}


def inverse(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``function(actor, **arguments)`` as the way back called ``name``; it changes rows and records nothing."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        _INVERSES[name] = function
        return function

    return decorate


def undoable(event: Event, person: Any, name: str, /, **arguments: Any) -> Reversal | None:
    """Say inside a verb that its event can be taken back through the inverse ``name``."""
    if name not in _INVERSES:
        raise KeyError(f"no inverse is called {name}")
    if not getattr(person, "pk", None):
        return None
    until = event.at + timedelta(minutes=MINUTES)
    return Reversal.objects.create(event=event, person=person, inverse=name, arguments=arguments, until=until)


def open_for(person: Any) -> Reversal | None:
    """Return the latest step that ``person`` can still take back, or None."""
    if not getattr(person, "pk", None):
        return None
    rows = Reversal.objects.filter(person=person, undone_at=None, until__gt=timezone.now())
    return rows.select_related("event").order_by("-event_id").first()


@verb("step.undo", roles=STAFF)
def undo(actor: Any, thing: Reversal) -> Event:
    """Take a step of one's own back."""
    row = Reversal.objects.select_for_update().get(pk=thing.pk)
    if row.person_id != getattr(actor, "pk", None):
        raise PermissionDenied(_("Only the person who took a step can take it back."))
    if row.undone_at or row.until <= timezone.now():
        raise PermissionDenied(_("This step can no longer be taken back: %(n)s minutes have passed.") % {"n": MINUTES})
    event = Event.objects.get(pk=row.event_id)
    require(actor, event.verb)
    told = record(actor, "step.undo", event.thing, {"event": event.seq, "verb": event.verb})
    _INVERSES[row.inverse](actor, **row.arguments)
    row.undone_at = timezone.now()
    row.save(update_fields=["undone_at"])
    return told


@inverse("restore_fields")
def restore_fields(actor: Any, *, model: str, pk: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Put fields of one row back, unless they are no longer what the step made them."""
    rows = apps.get_model(model)._default_manager.filter(pk=pk)
    if not rows.filter(**after).update(**before):
        raise PermissionDenied(_("Somebody has gone on from this step; it can no longer be taken back."))
    tell(actor, TAKEN_BACK, rows.get())


def reversible(event: Event, actor: Any, row: Model, before: dict[str, Any], *watched: str) -> None:
    """Say that the fields in ``before`` can be put back for ten minutes while ``watched`` are as the step left them."""
    after = {name: stored(getattr(row, name)) for name in watched}
    kept = {name: stored(value) for name, value in before.items()}
    label = row._meta.label_lower
    undoable(event, actor, "restore_fields", model=label, pk=row.pk, before=kept, after=after)


def fields_of(row: Model, *names: str) -> dict[str, Any]:
    """Return fields of a row as the database has them now."""
    return type(row)._default_manager.values(*names).get(pk=row.pk)


def stored(value: Any) -> Any:
    """Return a value as it is kept beside a step: a day in its ISO form."""
    return value.isoformat() if isinstance(value, date) else value
