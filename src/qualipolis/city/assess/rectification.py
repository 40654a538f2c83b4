"""Verbs of rectification (整改): opened after a release, planned and reported by the town, checked item by item, closed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.assess.evidence import file_counts, unit_scope
from qualipolis.city.assess.models import Rectification, RectificationItem, Release
from qualipolis.city.assess.rectify import Wanted, wanted_of
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.measure.models import CollectionRound, Indicator
from qualipolis.city.measure.service import Took, advance, fields_of, reversible, roles_for
from qualipolis.city.registry.models import Unit
from qualipolis.law.calendar import add_days
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "rectification"
Status = Rectification.Status
Results = Mapping[int, tuple[float | None, str]]


@dataclass(frozen=True)
class Item:
    """One thing to put right, as the planner writes it: indicator code (or none), problem, required number, period."""

    problem: str
    indicator: str = ""
    required: float | None = None
    period: str = ""


def owners_scope(thing: Rectification) -> Iterable[int | None]:
    """The departments that own the items."""
    return set(thing.items.values_list("owner_id", flat=True)) - {None}


def owner_scope(thing: RectificationItem) -> Iterable[int | None]:
    """The department that owns the item."""
    return (thing.owner_id,)


def term_from(day: date) -> date:
    """Return the last day of a rectification that is opened on ``day``."""
    return add_days(day, int(str(rule_on("rectification.finish", day).value)), "working").due


@verb("assess.open_rectifications", roles=("planner",))
def open_rectifications(actor: Any, thing: Release, due_on: date | None = None) -> int:
    """Open one rectification for each unit with grade C or D, a veto or falsified data that has none for the year."""
    row = Release.objects.select_related("assessment__round__set", "assessment__set").get(pk=thing.pk)
    round_ = row.assessment.round
    wanted = wanted_of(row, set(Rectification.objects.filter(round=round_).values_list("unit_id", flat=True)))
    made = _open(actor, round_, wanted, due_on)
    payload = {"release": row.number, "count": len(made), "due_on": made[0].due_on if made else due_on}
    record(actor, "assess.open_rectifications", row, payload | {"units": [one.code for one in wanted]})
    return len(made)


@verb("assess.open_rectification", roles=("planner",))
def open_rectification(
    actor: Any, thing: CollectionRound, unit: Unit, items: Sequence[Item], due_on: date | None = None
) -> Rectification:
    """Open a rectification that the office chooses for one unit."""
    row = CollectionRound.objects.select_related("set").get(pk=thing.pk)
    leaves = {leaf.code: leaf for leaf in Indicator.objects.filter(set=row.set_id)}
    wrong = list(_item_problems(items, leaves))
    if wrong:
        raise InputError(wrong)
    found = [
        RectificationItem(
            indicator=leaves.get(one.indicator),
            owner_id=leaves[one.indicator].owner_id if one.indicator else None,
            problem=one.problem.strip()[:1000],
            required=one.required,
            period=one.period.strip()[:12],
        )
        for one in items
    ]
    made = _open(actor, row, [Wanted(unit.pk, unit.code, Rectification.Cause.CHOSEN, tuple(found))], due_on)[0]
    payload = {"unit": unit.code, "items": [one.indicator for one in items], "due_on": made.due_on}
    record(actor, "assess.open_rectification", made, payload)
    return made


def _item_problems(items: Sequence[Item], leaves: Mapping[str, Indicator]) -> Iterator[Problem]:
    if not items:
        yield Problem("no_items", msg("Name at least one thing to put right."))
    for one in items:
        if one.indicator and one.indicator not in leaves:
            what = msg("There is no %(code)s in this set.")
            yield Problem("unknown_node", what, params={"code": one.indicator}, place=one.indicator)
        if not one.problem.strip():
            yield Problem("no_problem", msg("Write what the problem is."), place=one.indicator)
        if one.required is not None and not math.isfinite(one.required):
            yield Problem("bad_number", msg("The required result is not a number."), place=one.indicator)


def _open(actor: Any, round_: CollectionRound, wanted: Sequence[Wanted], due_on: date | None) -> list[Rectification]:
    today = timezone.localdate()
    if due_on is not None and due_on < today:
        raise InputError([Problem("past", msg("The last day lies in the past."), place="due_on")])
    due, person = due_on or term_from(today), person_of(actor)
    made = Rectification.objects.bulk_create(
        [
            Rectification(round=round_, unit_id=one.unit, cause=one.cause, due_on=due, opened_by=person)
            for one in wanted
        ],
        batch_size=500,
    )
    items = []
    for row, one in zip(made, wanted, strict=True):
        for item in one.items:
            item.rectification = row
            items.append(item)
    RectificationItem.objects.bulk_create(items, batch_size=1000)
    return made


def facts(row: Rectification, results: Results | None = None) -> dict[str, Any]:
    """Return the facts that the guards of the table read; ``results`` are those just given."""
    items = list(row.items.all())
    given = {item.pk: (item.result, item.result_words) for item in items} | dict(results or {})
    lacking = sum(
        1
        for item in items
        if not given[item.pk][1].strip() or (item.required is not None and given[item.pk][0] is None)
    )
    return {
        "open_results": lacking,
        "evidence_required": True,
        "evidence": file_counts([row])[row.pk],
        "unfulfilled": sum(1 for item in items if not item.fulfilled),
        "reported_by": row.reported_by_id,
    }


def _begin(
    actor: Any, thing: Rectification, step: str, results: Results | None = None, **told: Any
) -> tuple[Rectification, Took, dict[str, Any]]:
    row = Rectification.objects.select_for_update(of=("self",)).select_related("unit", "round").get(pk=thing.pk)
    names = ("status", "due_on", "plan", "report", "reported_by_id", "reported_at", "reason", "closed_by_id")
    before = fields_of(row, *names, "closed_on")
    took = advance(actor, FLOW, step, row.status, **facts(row, results), **told)
    row.status = took.target
    return row, took, before


def _end(
    actor: Any, row: Rectification, took: Took, before: dict[str, Any], name: str, **payload: Any
) -> Rectification:
    row.save()
    told = {"unit": row.unit.code, "to": row.status} | payload
    event = record(actor, name, row, told, rule_version=took.rule)
    reversible(event, actor, row, before, "status", "due_on")
    return row


@verb("assess.plan_rectification", roles=roles_for(FLOW, "plan"), scope=unit_scope)
def plan_rectification(actor: Any, thing: Rectification, plan: str) -> Rectification:
    """Hand in (or write anew) what the town will do, by whom and by when."""
    row, took, before = _begin(actor, thing, "plan", plan=plan)
    row.plan = plan.strip()[:4000]
    return _end(actor, row, took, before, "assess.plan_rectification", plan=row.plan)


@verb("assess.report_rectification", roles=roles_for(FLOW, "report"), scope=unit_scope)
def report_rectification(actor: Any, thing: Rectification, report: str, results: Results) -> Rectification:
    """Hand in the report with a result for each item (item id -> (number, words)); its evidence must be attached."""
    items = {item.pk: item for item in thing.items.all()}
    wrong = [Problem("unknown_item", msg("This is no item of the rectification.")) for pk in results if pk not in items]
    wrong += [
        Problem("bad_number", msg("The result is not a number."), place=str(pk))
        for pk, (number, _words) in results.items()
        if number is not None and not math.isfinite(number)
    ]
    if wrong:
        raise InputError(wrong)
    row, took, before = _begin(actor, thing, "report", results, report=report)
    row.report, row.reported_at = report.strip()[:4000], timezone.now()
    row.reported_by = person_of(actor)
    for pk, (number, words) in results.items():
        items[pk].result, items[pk].result_words = number, words.strip()[:2000]
    for item in items.values():
        item.fulfilled = True if item.fulfilled else None
    RectificationItem.objects.bulk_update(items.values(), ["result", "result_words", "fulfilled"], batch_size=200)
    said = {str(pk): number for pk, (number, _words) in results.items()}
    return _end(actor, row, took, before, "assess.report_rectification", report=row.report, results=said)


@verb("assess.check_item", roles=("department", "planner"), scope=owner_scope)
def check_item(actor: Any, thing: RectificationItem, words: str, *, fulfilled: bool) -> RectificationItem:
    """Say for the owning department whether one item of a reported rectification is fulfilled, and what was seen."""
    rows = RectificationItem.objects.select_for_update(of=("self",))
    row = rows.select_related("rectification__unit", "indicator").get(pk=thing.pk)
    wrong = []
    if row.rectification.status != Status.REPORTED:
        wrong.append(Problem("not_reported", msg("The town has not reported yet.")))
    if not words.strip():
        wrong.append(Problem("no_words", msg("Write what was seen."), place="words"))
    if row.rectification.reported_by_id and row.rectification.reported_by_id == getattr(actor, "pk", None):
        wrong.append(Problem("own_report", msg("Who handed a report in may not accept it.")))
    if wrong:
        raise InputError(wrong)
    before = fields_of(row, "fulfilled", "check_words", "checked_by_id", "checked_at")
    row.fulfilled, row.check_words = fulfilled, words.strip()[:2000]
    row.checked_by, row.checked_at = person_of(actor), timezone.now()
    row.save()
    payload = {"unit": row.rectification.unit.code, "indicator": row.indicator.code if row.indicator else ""}
    payload |= {"fulfilled": fulfilled, "words": row.check_words}
    event = record(actor, "assess.check_item", row.rectification, payload)
    reversible(event, actor, row, before, "fulfilled", "checked_at")
    return row


@verb("assess.return_rectification", roles=roles_for(FLOW, "return"), scope=owners_scope)
def return_rectification(actor: Any, thing: Rectification, reason: str) -> Rectification:
    """Send a report back with the reason; the term to answer starts today."""
    row, took, before = _begin(actor, thing, "return", reason=reason)
    row.reason, row.due_on = reason.strip()[:2000], took.due(timezone.localdate()) or row.due_on
    return _end(actor, row, took, before, "assess.return_rectification", reason=row.reason, due_on=row.due_on)


@verb("assess.close_rectification", roles=roles_for(FLOW, "close"), scope=owners_scope)
def close_rectification(actor: Any, thing: Rectification) -> Rectification:
    """Close a rectification of which every item was found to be fulfilled, by somebody else than who reported."""
    row, took, before = _begin(actor, thing, "close")
    row.closed_by, row.closed_on = person_of(actor), timezone.localdate()
    return _end(actor, row, took, before, "assess.close_rectification")


@verb("assess.extend_rectification", roles=("planner",))
def extend_rectification(actor: Any, thing: Rectification, due_on: date, reason: str) -> Rectification:
    """Give a unit a later last day, with the reason; the former day stays in the ledger."""
    row = Rectification.objects.select_for_update(of=("self",)).select_related("unit").get(pk=thing.pk)
    wrong = []
    if row.status in (Status.CLOSED, Status.REPORTED):
        wrong.append(Problem("not_running", msg("This rectification waits for nothing from the town.")))
    if not reason.strip():
        wrong.append(Problem("needs_reason", msg("Give the reason."), place="reason"))
    if due_on <= row.due_on or due_on < timezone.localdate():
        wrong.append(Problem("not_later", msg("The new day must lie after the present one."), place="due_on"))
    if wrong:
        raise InputError(wrong)
    before = fields_of(row, "due_on")
    row.due_on = due_on
    row.save(update_fields=["due_on"])
    payload = {"unit": row.unit.code, "due_on": due_on, "before": before["due_on"], "reason": reason.strip()}
    reversible(record(actor, "assess.extend_rectification", row, payload), actor, row, before, "due_on", "status")
    return row
