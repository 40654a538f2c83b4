"""Verbs on a collection round: opened, filled in bulk, previewed, locked, reopened by two people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.ledger import canonical, name_of, record
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import System, city_wide, organisations_of, person_of, verb
from qualipolis.city.core.steps import advance, roles_for, sources_of
from qualipolis.city.measure.figures import figure, problems
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation, Served
from qualipolis.city.measure.observations import OPEN
from qualipolis.city.measure.serving import end_service, open_windows, serve_units
from qualipolis.city.registry.models import Unit
from qualipolis.lake.canonical import sha256
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "collection_round"
OFFICE = roles_for(FLOW, "open")
Status = Observation.Status
UNDECIDED = (Status.SUBMITTED, Status.DISPUTED, Status.REOPENED)
SYSTEM_ACTOR = System()
Row = tuple[str, str, float | None, float | None, float | None]


@verb("measure.open_round", roles=OFFICE)
def open_round(actor: Any, thing: IndicatorSet, opens_on: date, due_on: date, period: str = "") -> CollectionRound:
    """Open the collection for a published or frozen set: one empty observation for each indicator and unit."""
    if thing.status not in {IndicatorSet.Status.PUBLISHED, IndicatorSet.Status.FROZEN}:
        raise InputError(
            [Problem("set_not_published", msg("Values are collected for a published or frozen set only."))]
        )
    made = CollectionRound.objects.create(
        set=thing,
        period=period or str(thing.year),
        opens_on=opens_on,
        due_on=due_on,
        status=advance(actor, FLOW, "open", CollectionRound.Status.PLANNED).target,
        name_zh=f"{thing.year}年度数据采集",
        name_en=f"Collection of {thing.year}",
    )
    count = _make_empty(made)
    record(actor, "measure.open_round", made, {"period": made.period, "observations": count, "due_on": due_on})
    return made


def _make_empty(made: CollectionRound) -> int:
    """One statement for all cells: a province has 70,000 of them a year."""
    table, units, leaves = (m._meta.db_table for m in (Observation, Unit, made.set.indicators.model))
    sql = f"""
        INSERT INTO {table} (round_id, indicator_id, unit_id, missing, note, document, status, computed, changed_at)
        SELECT %s, i.id, u.id, '', '', '', %s, %s, %s FROM {leaves} i CROSS JOIN {units} u
        WHERE i.set_id = %s AND u.assessed ORDER BY i.position, u.code
    """  # noqa: S608 (names of our own tables)
    with connection.cursor() as cursor:
        cursor.execute(sql, [made.pk, Status.EMPTY, False, timezone.now(), made.set_id])
        return cursor.rowcount


def _open(thing: CollectionRound) -> CollectionRound:
    row = CollectionRound.objects.select_for_update().get(pk=thing.pk)
    if row.status not in OPEN:
        raise InputError(
            [Problem("round_closed", msg("The round %(round)s is not open."), params={"round": row.period})]
        )
    return row


@verb("measure.fill_round", roles=roles_for("observation", "start"))
def fill_round(actor: Any, thing: CollectionRound, rows: Iterable[Row], document: str = "") -> int:
    """Fill many observations at once: (indicator, unit, numerator, denominator, value), as drafts.

    Raises :class:`InputError` with every bad row, and then nothing is filled.
    """
    row = _open(thing)
    mine = own_part(actor, Observation.objects.filter(round=row), roles_for("observation", "start"))
    cells = {(o[1], o[2]): o for o in _cells(mine)}
    updates: list[tuple[Any, ...]] = []
    errors: list[Problem] = []
    allowed = (Status.EMPTY, Status.DRAFT, Status.RETURNED)
    for code, unit, numerator, denominator, value in rows:
        cell = cells.get((code, unit))
        if cell is None or cell[6] not in allowed:
            errors.append(_no_cell(code, unit))
            continue
        found = figure(cell[3], cell[4], numerator, denominator, value)
        errors.extend(problems(found, proportion=cell[5], place=f"{code} {unit}"))
        updates.append((found.numerator, found.denominator, found.value, found.missing, document, cell[0]))
    if errors:
        raise InputError(errors)
    write_figures(updates, Status.DRAFT, computed=False)
    payload = {"rows": len(updates), "document": document, "hash": sha256(canonical(updates).encode())}
    record(actor, "measure.fill_round", row, payload)
    return len(updates)


def own_part(actor: Any, rows: QuerySet[Observation], roles: Iterable[str]) -> QuerySet[Observation]:
    """Return the observations of the actor's towns and departments; all of them with a grant for the whole city."""
    if city_wide(actor, tuple(roles)):
        return rows
    towns = organisations_of(actor, {"town_officer"} & set(roles))
    owners = organisations_of(actor, {"department"} & set(roles))
    return rows.filter(Q(unit__government__in=towns) | Q(indicator__owner__in=owners))


def _cells(rows: QuerySet[Observation]) -> Iterable[tuple[Any, ...]]:
    return rows.values_list(
        "pk",
        "indicator__code",
        "unit__code",
        "indicator__kind",
        "indicator__factor",
        "indicator__is_proportion",
        "status",
    )


def write_figures(updates: Sequence[tuple[Any, ...]], status: str, *, computed: bool) -> None:
    """Write (numerator, denominator, value, missing, document, id) of many observations."""
    sql = f"""
        UPDATE {Observation._meta.db_table} SET numerator = %s, denominator = %s, value = %s, missing = %s,
               document = %s, status = %s, computed = %s, changed_at = %s WHERE id = %s
    """  # noqa: S608 (the name of our own table)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*row[:5], status, computed, now, row[5]) for row in updates])


def _no_cell(code: str, unit: str) -> Problem:
    return Problem(
        "no_cell",
        msg("There is no open observation of %(code)s for %(unit)s."),
        msg("Check both codes, and whether the value was handed in already."),
        {"code": code, "unit": unit},
        place=f"{code} {unit}",
    )


@verb("measure.submit_many", roles=roles_for("observation", "submit"))
def submit_many(actor: Any, thing: CollectionRound, pks: Iterable[int] | None = None) -> int:
    """Hand in many drafts at once; each must have a value or a reason, and its evidence."""
    row = _open(thing)
    rows = _chosen(actor, row, pks, "submit")
    rows = rows.filter(Q(value__isnull=False) | ~Q(missing=""))
    bare = rows.filter(indicator__evidence_required=True, computed=False, document="", missing="")
    proved = {name.rpartition(":")[2] for name in _attached()} if bare.exists() else set()
    lacking = [
        _no_evidence(f"{code} {unit}")
        for pk, code, unit in bare.values_list("pk", "indicator__code", "unit__code")
        if str(pk) not in proved
    ]
    if lacking:
        raise InputError(lacking)
    return _move(actor, row, rows, "submit", "measure.submit_many", submitted_by=person_of(actor), due_on=None)


def _no_evidence(place: str) -> Problem:
    what = msg("This indicator needs evidence.")
    return Problem("no_evidence", what, msg("Attach the file, or give the number of the document."), place=place)


def _attached() -> QuerySet[Any, str]:
    return Attachment.objects.filter(thing__startswith="measure.observation:").values_list("thing", flat=True)


@verb("measure.verify_many", roles=roles_for("observation", "verify"))
def verify_many(actor: Any, thing: CollectionRound, pks: Iterable[int] | None = None) -> int:
    """Confirm many submitted observations at once, but none that the same person handed in."""
    row = _open(thing)
    rows = _chosen(actor, row, pks, "verify")
    if person := person_of(actor):
        rows = rows.exclude(submitted_by=person, computed=False)
    return _move(actor, row, rows, "verify", "measure.verify_many", verified_by=person)


@verb("measure.keep_reopened", roles=roles_for("observation", "uphold"))
def keep_reopened(actor: Any, thing: CollectionRound, reply: str) -> int:
    """Keep every reopened value that was not corrected, with one reply for all of them."""
    row = _open(thing)
    took = advance(actor, "observation", "uphold", Status.REOPENED, reply=reply.strip())
    rows = Observation.objects.filter(round=row, status=Status.REOPENED)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    count = rows.update(status=took.target, note=reply.strip()[:400], changed_at=timezone.now(), due_on=None)
    payload = {"observations": count, "reply": reply.strip(), "hash": sha256(canonical(ids).encode())}
    record(actor, "measure.keep_reopened", row, payload, rule_version=took.rule)
    return count


def _chosen(actor: Any, row: CollectionRound, pks: Iterable[int] | None, step: str) -> QuerySet[Observation]:
    rows = Observation.objects.filter(round=row, status__in=sources_of("observation", step))
    rows = own_part(actor, rows, roles_for("observation", step))
    return rows if pks is None else rows.filter(pk__in=list(pks))


def _move(actor: Any, row: CollectionRound, rows: QuerySet[Observation], step: str, name: str, **changes: Any) -> int:
    facts = {"value": 0.0, "today": None}
    target = advance(actor, "observation", step, sources_of("observation", step)[0], **facts)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    kept = Observation.objects.filter(round=row, status__in=sources_of("observation", step))
    for first in range(0, len(ids), 20_000):
        part = ids[first : first + 20_000]
        kept.filter(pk__in=part).update(status=target.target, changed_at=timezone.now(), **changes)
    record(
        actor,
        name,
        row,
        {"observations": len(ids), "hash": sha256(canonical(ids).encode())},
        rule_version=target.rule,
    )
    return len(ids)


@verb("measure.preview_round", roles=OFFICE)
def preview_round(actor: Any, thing: CollectionRound, document: str = "") -> CollectionRound:
    """Serve the preview on every unit in this system: its term for disputes starts today.

    ``document`` names what is previewed (an assessment) in the words of the ledger; without it, the round.
    """
    row = _open(thing)
    row.previewed_on = timezone.localdate()
    row.save(update_fields=["previewed_on"])
    count = serve_units(actor, Served.Kind.PREVIEW, document or name_of(row), row)
    record(actor, "measure.preview_round", row, {"previewed_on": row.previewed_on, "units": count})
    return row


@verb("measure.close_entry", roles=roles_for(FLOW, "check"))
def close_entry(actor: Any, thing: CollectionRound) -> CollectionRound:
    """End the entry of values and start the checking."""
    return _step(actor, thing, "check", "measure.close_entry")


@verb("measure.extend_entry", roles=roles_for(FLOW, "extend"))
def extend_entry(actor: Any, thing: CollectionRound, reason: str, due_on: date) -> CollectionRound:
    """Open the entry again, with the reason and a new last day."""
    CollectionRound.objects.filter(pk=thing.pk).update(due_on=due_on)
    return _step(actor, thing, "extend", "measure.extend_entry", reason=reason.strip(), due_on=due_on)


def _step(actor: Any, thing: CollectionRound, step: str, name: str, **told: Any) -> CollectionRound:
    row = CollectionRound.objects.select_for_update().get(pk=thing.pk)
    took = advance(actor, FLOW, step, row.status, **told)
    row.status = took.target
    row.save(update_fields=["status"])
    record(actor, name, row, told | {"to": row.status}, rule_version=took.rule)
    return row


@verb("measure.lock_round", roles=roles_for(FLOW, "lock"))
def lock_round(actor: Any, thing: CollectionRound) -> CollectionRound:
    """Close the year: what is verified or corrected is locked; what was never handed in is missing as late.

    What is counted from records, and has none, was never the unit's to hand in: it is missing as not collected.
    """
    row = CollectionRound.objects.select_for_update().get(pk=thing.pk)
    rows = Observation.objects.filter(round=row)
    open_ = {"open_items": rows.filter(status__in=UNDECIDED).count(), "open_windows": open_windows(row)}
    took = advance(actor, FLOW, "lock", row.status, **open_)
    kept = rows.filter(status__in=sources_of("observation", "lock"))
    locked = kept.update(status=Status.LOCKED, changed_at=timezone.now(), due_on=None)
    gone = rows.filter(status__in=(Status.EMPTY, Status.DRAFT, Status.RETURNED), missing="")
    bare = {"numerator": None, "denominator": None, "value": None, "changed_at": timezone.now(), "due_on": None}
    no_record = Observation.Missing.NOT_COLLECTED
    unrecorded = gone.exclude(indicator__metric="").update(missing=no_record, **bare)
    late = gone.update(missing=Observation.Missing.LATE, **bare)
    row.status, row.reopening = took.target, {}
    row.save(update_fields=["status", "reopening"])
    record(
        actor,
        "measure.lock_round",
        row,
        {"locked": locked, "late": late, "unrecorded": unrecorded},
        rule_version=took.rule,
    )
    return row


@verb("measure.reopen_round", roles=roles_for(FLOW, "reopen"))
def reopen_round(actor: Any, thing: CollectionRound, reason: str, observations: Iterable[int] = ()) -> CollectionRound:
    """Ask to reopen a locked round (its observations, or the given ones); a second person has to agree."""
    row = CollectionRound.objects.select_for_update().get(pk=thing.pk)
    advance(actor, FLOW, "reopen", row.status, reason=reason, second_person="?")
    row.reopening = {"by": _name(actor), "reason": reason.strip(), "observations": sorted(observations)}
    row.save(update_fields=["reopening"])
    record(actor, "measure.reopen_round", row, row.reopening)
    return row


@verb("measure.confirm_reopen", roles=("planner", "auditor"))
def confirm_reopen(actor: Any, thing: CollectionRound) -> CollectionRound:
    """Agree, as a second person, that a locked round is reopened; everything is scored again afterwards."""
    row = CollectionRound.objects.select_for_update().get(pk=thing.pk)
    asked = row.reopening
    if not asked:
        raise InputError([Problem("not_asked", msg("Nobody has asked to reopen this round."))])
    told = {"actor": asked["by"], "second_person": _name(actor), "reason": asked["reason"]}
    took = advance(SYSTEM_ACTOR, FLOW, "reopen", row.status, **told)
    rows = Observation.objects.filter(round=row, status__in=sources_of("observation", "reopen"))
    if asked["observations"]:
        rows = rows.filter(pk__in=asked["observations"])
    count = rows.update(status=Status.REOPENED, changed_at=timezone.now())
    row.status, row.previewed_on, row.reopening = took.target, None, {}
    row.save(update_fields=["status", "previewed_on", "reopening"])
    end_service(row, Served.Kind.PREVIEW)
    payload = {"observations": count, "asked_by": asked["by"], "reason": asked["reason"]}
    record(actor, "measure.confirm_reopen", row, payload, rule_version=took.rule)
    return row


def _name(actor: Any) -> str:
    return getattr(actor, "username", None) or str(actor)
