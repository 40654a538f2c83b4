"""Verbs of the self-evaluation (自评): called for by the office, written and signed by the town, accepted or returned."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.assess.evidence import unit_scope
from qualipolis.city.assess.models import SelfEvaluation, SelfItem
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.measure.service import Took, advance, fields_of, reversible, roles_for
from qualipolis.city.registry.models import Unit
from qualipolis.law.calendar import add_days
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "self_evaluation"
Status = SelfEvaluation.Status
WRITABLE = (Status.DRAFT, Status.RETURNED)
Items = Mapping[str, tuple[float | None, str]]
SUMMARY = ("strengths", "shortcomings", "measures")


def term_from(day: date) -> date:
    """Return the last day to hand a self-evaluation in that is called for on ``day``."""
    return add_days(day, int(str(rule_on("self_evaluation.hand_in", day).value)), "working").due


@verb("assess.call_self_evaluations", roles=("planner",))
def call_self_evaluations(
    actor: Any, thing: CollectionRound, due_on: date | None = None, nodes: tuple[str, ...] = ()
) -> int:
    """Ask every assessed unit for its self-evaluation, item by item, within the city's term; those asked keep theirs.

    ``nodes`` are the items (codes of dimensions or indicators), by default the dimensions that hold indicators.
    """
    row = CollectionRound.objects.select_related("set").get(pk=thing.pk)
    known = {*row.set.dimensions.values_list("code", flat=True), *row.set.indicators.values_list("code", flat=True)}
    parents = row.set.dimensions.filter(indicators__isnull=False).distinct().order_by("position")
    chosen = nodes or tuple(parents.values_list("code", flat=True))
    due, today = due_on or term_from(timezone.localdate()), timezone.localdate()
    wrong = [
        Problem("unknown_node", msg("There is no %(code)s in this set."), params={"code": code}, place=code)
        for code in chosen
        if code not in known
    ]
    if due < today:
        wrong.append(Problem("past", msg("The last day lies in the past."), place="due_on"))
    if wrong:
        raise InputError(wrong)
    asked = SelfEvaluation.objects.filter(round=row).values("unit")
    units = Unit.objects.filter(assessed=True).exclude(pk__in=asked).order_by("code")
    rows = [SelfEvaluation(round=row, unit=unit, due_on=due) for unit in units]
    made = SelfEvaluation.objects.bulk_create(rows, batch_size=500)
    items = (SelfItem(evaluation=one, node=code, position=n) for one in made for n, code in enumerate(chosen))
    SelfItem.objects.bulk_create(items, batch_size=2000)
    record(actor, "assess.call_self_evaluations", row, {"units": len(made), "due_on": due, "nodes": list(chosen)})
    return len(made)


def _writable(thing: SelfEvaluation) -> SelfEvaluation:
    row = SelfEvaluation.objects.select_for_update(of=("self",)).select_related("unit", "round").get(pk=thing.pk)
    if row.status not in WRITABLE:
        what = msg("The self-evaluation has been handed in and can no longer be changed.")
        raise InputError([Problem("handed_in", what, msg("Ask the office to return it."))])
    return row


@verb("assess.save_self_evaluation", roles=("town_officer",), scope=unit_scope)
def save_self_evaluation(actor: Any, thing: SelfEvaluation, items: Items, **summary: str) -> SelfEvaluation:
    """Keep what a town writes: items (node -> (own score 0 to 100, words)) and ``strengths``, ``shortcomings``, ``measures``.

    Nothing is handed in by it; items that are not named stay as they are.
    """
    row = _writable(thing)
    known = {item.node: item for item in row.items.all()}
    problems = list(_item_problems(known, items)) + [
        Problem("unknown_part", msg("There is no such part of the summary."), place=name)
        for name in summary
        if name not in SUMMARY
    ]
    if problems:
        raise InputError(problems)
    for node, (score, words) in items.items():
        known[node].score, known[node].words = score, words.strip()[:2000]
    SelfItem.objects.bulk_update([known[node] for node in items], ["score", "words"], batch_size=200)
    for name, words in summary.items():
        setattr(row, name, words.strip()[:4000])
    row.save(update_fields=list(summary))
    scores = {node: score for node, (score, _words) in items.items()}
    record(actor, "assess.save_self_evaluation", row, {"unit": row.unit.code, "items": len(items), "scores": scores})
    return row


def _item_problems(known: Mapping[str, SelfItem], items: Items) -> Iterator[Problem]:
    for node, (score, _words) in items.items():
        if node not in known:
            what = msg("The self-evaluation has no item %(code)s.")
            yield Problem("unknown_node", what, params={"code": node}, place=node)
        if score is not None and not (math.isfinite(score) and 0 <= score <= 100):
            what, remedy = msg("The own score of %(code)s does not lie between 0 and 100."), msg("Give 0 to 100.")
            yield Problem("bad_score", what, remedy, {"code": node}, place=node)


def facts(row: SelfEvaluation) -> dict[str, Any]:
    """Return the facts that the guards of the table read."""
    items = list(row.items.all())
    return {
        "open_parts": sum(1 for item in items if item.score is None or not item.words.strip()),
        "open_summary": sum(1 for name in SUMMARY if not getattr(row, name).strip()),
        "reported_by": row.submitted_by_id,
    }


def _step(actor: Any, thing: SelfEvaluation, step: str, **told: Any) -> tuple[SelfEvaluation, Took, dict[str, Any]]:
    row = SelfEvaluation.objects.select_for_update(of=("self",)).select_related("unit", "round").get(pk=thing.pk)
    names = ("status", "signatory", "submitted_by_id", "submitted_at", "late", "reason", "due_on")
    before = fields_of(row, *names, "accepted_by_id", "accepted_at")
    took = advance(actor, FLOW, step, row.status, **facts(row), **told)
    row.status = took.target
    return row, took, before


def _finish(actor: Any, row: SelfEvaluation, took: Took, before: dict[str, Any], name: str, **payload: Any) -> None:
    row.save()
    told = {"unit": row.unit.code, "to": row.status} | payload
    event = record(actor, name, row, told, rule_version=took.rule)
    reversible(event, actor, row, before, "status")


@verb("assess.submit_self_evaluation", roles=roles_for(FLOW, "submit"), scope=unit_scope)
def submit_self_evaluation(actor: Any, thing: SelfEvaluation, signatory: str) -> SelfEvaluation:
    """Sign a self-evaluation and hand it in; after its term it says that it is late."""
    row, took, before = _step(actor, thing, "submit", signatory=signatory)
    row.signatory, row.submitted_at = signatory.strip()[:80], timezone.now()
    row.submitted_by = person_of(actor)
    row.late = timezone.localdate() > row.due_on
    scores = {item.node: item.score for item in row.items.all()}
    _finish(actor, row, took, before, "assess.submit_self_evaluation", signatory=row.signatory, scores=scores)
    return row


@verb("assess.return_self_evaluation", roles=roles_for(FLOW, "return"))
def return_self_evaluation(actor: Any, thing: SelfEvaluation, reason: str) -> SelfEvaluation:
    """Send a self-evaluation back with the reasons; the term to answer starts today."""
    row, took, before = _step(actor, thing, "return", reason=reason)
    row.reason, row.due_on = reason.strip()[:2000], took.due(timezone.localdate()) or row.due_on
    _finish(actor, row, took, before, "assess.return_self_evaluation", reason=row.reason, due_on=row.due_on)
    return row


@verb("assess.accept_self_evaluation", roles=roles_for(FLOW, "accept"))
def accept_self_evaluation(actor: Any, thing: SelfEvaluation) -> SelfEvaluation:
    """Accept a self-evaluation after the desk check; the computed score stays apart from it."""
    row, took, before = _step(actor, thing, "accept")
    row.accepted_by, row.accepted_at = person_of(actor), timezone.now()
    _finish(actor, row, took, before, "assess.accept_self_evaluation")
    return row
