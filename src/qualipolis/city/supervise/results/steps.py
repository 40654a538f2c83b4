"""How a result moves together with what hangs on it: every change is told, and what was served can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext, override

from qualipolis.city.core.attachments import store
from qualipolis.city.core.models import Attachment, Event, Organisation, Reversal
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, city_wide, organisations_of
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.undo import fields_of, inverse, restore_fields, stored, undoable
from qualipolis.city.supervise.models import Objection, Recheck, Result, ServedResult
from qualipolis.city.supervise.results.clocks import due_of, facts, open_objections, unserved

SYSTEM = System("supervise")
RELATED = ("sample__task__campaign__rule", "sample__task__enterprise", "report")
TOGETHER = "supervise.rows_of_a_result"
LONGEST = 4000


def result_of(thing: Any) -> Result:
    """Return the result behind a service, an objection or a recheck."""
    return thing if isinstance(thing, Result) else thing.result


def organiser_of(thing: Any) -> Iterable[int | None]:
    """The organiser of the campaign."""
    return (result_of(thing).sample.task.campaign.organiser_id,)


def party_of(thing: Any) -> ServedResult | None:
    """Return the party that speaks in a thing."""
    if isinstance(thing, ServedResult):
        return thing
    if isinstance(thing, Objection):
        return thing.service
    return thing.objection.service if isinstance(thing, Recheck) else None


def firm_or_organiser(thing: Any) -> Iterable[int | None]:
    """The organiser of the campaign, and the organisation of the party itself."""
    return (*organiser_of(thing), *firm_of(thing))


def firm_of(thing: Any) -> Iterable[int]:
    """The organisation in whose name the people of a party act."""
    party = party_of(thing)
    if party is None or party.enterprise is None:
        return ()
    return Organisation.objects.filter(code=party.enterprise.credit_code).values_list("pk", flat=True)


def day_given(actor: Any, thing: Any, day: date | None) -> date:
    """Return the day of a step: the one given by who acts for the organiser, today for the party itself."""
    organisers = ("leader", "planner", "department")
    own = organisations_of(actor, organisers) & set(organiser_of(thing))
    return day if day is not None and (own or city_wide(actor, organisers)) else timezone.localdate()


def result_locked(thing: Any) -> Result:
    """Return the result behind ``thing`` as the database has it, kept for this transaction."""
    return locked(result_of(thing), *RELATED)


def go(
    actor: Any,
    row: Result,
    step: str,
    verb: str,
    told: Mapping[str, Any] | None = None,
    *,
    more: Mapping[str, Any] | None = None,
    start: date | None = None,
    **changes: Any,
) -> Event:
    """Take a step of a result with the facts of law, set the day it waits for, and tell that it moved."""
    event = move(actor, row, step, verb, told, facts=facts(row) | dict(more or {}), start=start, **changes)
    keep_due(row)
    tell(actor, "supervise.result_moved", row)
    return event


def keep_due(row: Result) -> None:
    """Write down the day a result waits for where it waits for service or for windows."""
    if row.status in ("reported", "notified", "objection_window", "upheld", "reversed"):
        row.due_on = due_of(row)
        row.save(update_fields=["due_on"])


def open_when_served(row: Result) -> None:
    """Let the window for objections stand open as soon as nobody is left to serve."""
    if row.status == "notified" and not unserved(row):
        go(SYSTEM, row, "open_window", "supervise.open_window")


def resume(actor: Any, row: Result, verb: str, step: str, reply: str, more: Mapping[str, Any] | None = None) -> None:
    """Take a result on after an objection has been settled, once no other one in time is open."""
    if row.status == "under_objection" and not open_objections(row):
        go(actor, row, step, verb, {"reply": reply}, more=more)
        open_when_served(row)


def hold_again(row: Result) -> None:
    """Put a rechecked result back under objection when another party had objected in time meanwhile."""
    waiting = open_objections(row)
    if row.status in ("upheld", "reversed") and waiting:
        first = waiting[0]
        more = facts(row, first) | {"today": first.received_on}
        go(SYSTEM, row, "object", "supervise.object", {"reason": first.number}, more=more)


def keep_files(actor: Any, thing: Model, files: Iterable[Any]) -> list[Attachment]:
    """Keep the files handed in with a step beside ``thing``."""
    return [store(actor, thing, file.name, file.chunks()) for file in files if file]


def on_file(words: str, **values: Any) -> str:
    """Return words of the system as they go on file: in Chinese, whoever set them off."""
    with override("zh-hans"):
        return gettext(words) % values


def jointly(actor: Any, first: Event, *changed: tuple[Model, Mapping[str, Any], Sequence[str]]) -> None:
    """Let the rows that one verb changed be taken back together: each a row, its fields before, the fields watched."""
    Reversal.objects.filter(event__seq__gte=first.seq, person=getattr(actor, "pk", None)).delete()
    rows = [
        {
            "model": row._meta.label_lower,
            "pk": row.pk,
            "before": {name: stored(value) for name, value in before.items()},
            "after": {name: stored(value) for name, value in fields_of(row, *watched).items()},
        }
        for row, before, watched in changed
    ]
    undoable(first, actor, TOGETHER, rows=rows)


@inverse(TOGETHER)
def put_back(actor: Any, *, rows: list[dict[str, Any]]) -> None:
    """Put the rows back together; one that somebody has gone on from keeps all of them as they are."""
    for one in rows:
        restore_fields(actor, **one)
    for one in rows:
        if apps.get_model(one["model"]) is Result:
            tell(actor, "supervise.result_moved", Result.objects.select_related(*RELATED).get(pk=one["pk"]))
