"""Service of documents (送达) on units: a term starts only with it, for each unit on its own day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import term_of
from qualipolis.city.core.undo import fields_of, reversible
from qualipolis.city.measure.models import CollectionRound, Served
from qualipolis.city.registry.models import Unit
from qualipolis.methods.problems import InputError, Problem, msg

OPEN = (CollectionRound.Status.OPEN, CollectionRound.Status.CHECKING, CollectionRound.Status.REOPENED)


def serve_units(
    actor: Any,
    kind: str,
    thing: str,
    round_: CollectionRound,
    units: Collection[int] | None = None,
    *,
    method: str = Served.Method.ELECTRONIC,
    day: date | None = None,
    proof: str = "",
) -> int:
    """Write one line of service for each unit (all assessed ones by default); an earlier line of the thing ends."""
    chosen = list(units if units is not None else Unit.objects.filter(assessed=True).values_list("pk", flat=True))
    today = timezone.localdate()
    earlier = Served.objects.filter(kind=kind, thing=thing, ended_on=None)
    (earlier if units is None else earlier.filter(unit__in=chosen)).update(ended_on=today)
    person = person_of(actor)
    told = {"kind": kind, "thing": thing, "round": round_, "method": method, "proof": proof, "served_by": person}
    rows = (Served(unit_id=unit, served_on=day or today, **told) for unit in chosen)
    return len(Served.objects.bulk_create(rows, batch_size=500))


def end_service(round_: CollectionRound, kind: str) -> None:
    """Let what was served for a round count no longer: it was reopened and will be previewed again."""
    Served.objects.filter(round=round_, kind=kind, ended_on=None).update(ended_on=timezone.localdate())


def window_of(served_on: date) -> date | None:
    """Return the last day for objections after a preview was served."""
    return term_of("assessment", "preview", served_on)


def dispute_until(round_: CollectionRound, unit: int) -> date | None:
    """Return the last day on which a unit may dispute, or None while the preview has not been served on it.

    Rounds that were previewed before service was recorded run from the day of the preview.
    """
    lines = Served.objects.filter(round=round_, kind=Served.Kind.PREVIEW, ended_on=None)
    served = lines.filter(unit=unit).order_by("-served_on").values_list("served_on", flat=True).first()
    if served is None and (round_.previewed_on is None or lines.exists()):
        return None
    return window_of(served or round_.previewed_on)


def open_windows(round_: CollectionRound) -> int:
    """Return how many units may still dispute: served, the term not over, and without a word that they do not object."""
    if round_.status not in OPEN:
        return 0
    lines = Served.objects.filter(round=round_, kind=Served.Kind.PREVIEW, ended_on=None, no_objection=False)
    days = lines.order_by().values_list("served_on").annotate(n=Count("unit", distinct=True))
    today = timezone.localdate()
    return sum(n for day, n in days if (window_of(day) or today) >= today)


@verb("measure.serve", roles=("planner",))
def serve(
    actor: Any,
    thing: CollectionRound,
    document: str,
    units: Iterable[Unit] | None = None,
    *,
    method: str,
    served_on: date,
    proof: str,
    kind: str = Served.Kind.PREVIEW,
) -> int:
    """Record that a document was served another way or on another day (in person, by post), with its proof.

    ``document`` is the name of the assessment or notice in the ledger. The unit's term runs from ``served_on``.
    """
    problems = list(_problems(method, kind, served_on, proof))
    if not Served.objects.filter(round=thing, kind=kind, thing=document).exists():
        problems.append(Problem("not_served", msg("This document has not been sent out yet."), place="document"))
    if problems:
        raise InputError(problems)
    pks = None if units is None else [unit.pk for unit in units]
    count = serve_units(actor, kind, document, thing, pks, method=method, day=served_on, proof=proof.strip()[:200])
    payload = {"document": document, "units": count, "method": method, "served_on": served_on, "proof": proof.strip()}
    record(actor, "measure.serve", thing, payload)
    return count


def _problems(method: str, kind: str, served_on: date, proof: str) -> Iterable[Problem]:
    if method not in Served.Method.values or kind not in Served.Kind.values:
        yield Problem("bad_method", msg("There is no such way of service."), place="method")
    if served_on > timezone.localdate():
        yield Problem("future", msg("The day of service lies in the future."), place="served_on")
    if method != Served.Method.ELECTRONIC and not proof.strip():
        what = msg("Service outside this system needs its proof.")
        yield Problem("no_proof", what, msg("Give the number of the receipt or of the mail."), place="proof")


def served_scope(thing: Served) -> Iterable[int | None]:
    """The government of the unit alone."""
    return (thing.unit.government_id,)


@verb("measure.acknowledge", roles=("town_officer",), scope=served_scope)
def acknowledge(actor: Any, thing: Served, *, no_objection: bool = False) -> Served:
    """Say that a served document was read; with ``no_objection`` the unit's term for objections ends with it."""
    row = Served.objects.select_for_update(of=("self",)).select_related("unit").get(pk=thing.pk)
    if row.ended_on is not None:
        raise InputError([Problem("ended", msg("This document counts no longer; a newer one has been served."))])
    before = fields_of(row, "acknowledged_by_id", "acknowledged_at", "no_objection")
    row.acknowledged_by = person_of(actor)
    row.acknowledged_at = timezone.now()
    row.no_objection = no_objection and row.kind == Served.Kind.PREVIEW
    row.save(update_fields=["acknowledged_by", "acknowledged_at", "no_objection"])
    payload = {"document": row.thing, "unit": row.unit.code, "no_objection": row.no_objection}
    event = record(actor, "measure.acknowledge", row, payload)
    reversible(event, actor, row, before, "acknowledged_at", "ended_on")
    return row
