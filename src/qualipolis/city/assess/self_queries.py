"""What self-evaluations can tell: the own score and the computed one side by side, never mixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qualipolis.city.assess.evidence import file_counts
from qualipolis.city.assess.models import Assessment, NodeScore, SelfEvaluation, SelfItem
from qualipolis.city.core.policy import visible
from qualipolis.city.measure.models import CollectionRound, Dimension, Indicator

Status = SelfEvaluation.Status


@dataclass(frozen=True)
class ItemLine:
    """One item: the own score and words beside the computed score; ``gap`` is own minus computed."""

    item: SelfItem
    name_zh: str
    name_en: str
    weight: float
    own: float | None
    computed: float | None
    gap: float | None
    files: int


@dataclass(frozen=True)
class Gap:
    """Own and computed score of one unit over the items of its self-evaluation."""

    own: float | None
    computed: float | None

    @property
    def gap(self) -> float | None:
        """Own minus computed, or None where one of them is missing."""
        return None if self.own is None or self.computed is None else self.own - self.computed


@dataclass(frozen=True)
class SelfEvaluationPage:
    """A self-evaluation with its items; ``run`` is the assessment the computed scores are from, if any may be seen."""

    row: SelfEvaluation
    items: tuple[ItemLine, ...]
    total: Gap
    run: Assessment | None
    days_left: int


@dataclass(frozen=True)
class SelfEvaluationLine:
    """One unit in the list of a round."""

    row: SelfEvaluation
    filled: int
    items: int
    total: Gap


def self_evaluations(actor: Any, round_: CollectionRound) -> QuerySet[SelfEvaluation]:
    """Return the self-evaluations of a round that ``actor`` may see."""
    rows = visible(actor, SelfEvaluation.objects.filter(round=round_))
    return rows.select_related("unit", "round", "submitted_by", "accepted_by").order_by("unit__code")


def self_evaluation_lines(actor: Any, round_: CollectionRound) -> list[SelfEvaluationLine]:
    """Return every self-evaluation of a round with how much is filled in and the gap, in a fixed number of queries."""
    rows = list(self_evaluations(actor, round_))
    filled: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    items = SelfItem.objects.filter(evaluation__in=self_evaluations(actor, round_).values("pk")).order_by()
    for evaluation, score in items.values_list("evaluation_id", "score"):
        filled[evaluation][0] += score is not None
        filled[evaluation][1] += 1
    totals = gaps(round_, _run_for(actor, round_), {row.unit_id for row in rows})
    empty = Gap(None, None)
    return [SelfEvaluationLine(row, *filled[row.pk], total=totals.get(row.unit_id, empty)) for row in rows]


def self_evaluation_page(actor: Any, row: SelfEvaluation) -> SelfEvaluationPage:
    """Return a self-evaluation with own and computed scores item by item; call it for a row that ``actor`` may see."""
    run = _run_for(actor, row.round)
    items = list(row.items.all())
    weights, names = _tree(row.round)
    scores = _computed(run, {row.unit_id}, {item.node for item in items})
    files = file_counts(items)
    lines = []
    for item in items:
        computed = scores.get((row.unit_id, item.node))
        gap = None if item.score is None or computed is None else item.score - computed
        weight, name = weights.get(item.node, 0.0), names.get(item.node, (item.node, item.node))
        lines.append(ItemLine(item, *name, weight, item.score, computed, gap, files[item.pk]))
    pairs = [(line.item.node, line.own, line.computed) for line in lines]
    left = (row.due_on - timezone.localdate()).days
    return SelfEvaluationPage(row, tuple(lines), _total(pairs, weights), run, left)


def _run_for(actor: Any, round_: CollectionRound) -> Assessment | None:
    """The latest run of a round that ``actor`` may see: a town learns no computed score before its preview."""
    rows = visible(actor, Assessment.objects.filter(round=round_, set=None)).exclude(status="superseded")
    return rows.order_by("-run_at").first()


def latest_run(round_: CollectionRound) -> Assessment | None:
    """Return the latest run of a round under its own set, whoever may see it."""
    return Assessment.objects.filter(round=round_, set=None).order_by("-run_at").first()


def gaps(round_: CollectionRound, run: Assessment | None, units: Collection[int] | None = None) -> dict[int, Gap]:
    """Return own and computed score by unit, over the items that have both weights and scores.

    The own total is the mean of the own scores with the weights of their nodes in the composite; the computed total
    uses the same items and the same weights, so that the two can be compared.
    """
    weights, _names = _tree(round_)
    rows = SelfItem.objects.filter(evaluation__round=round_, evaluation__status__in=(Status.SUBMITTED, Status.ACCEPTED))
    if units is not None and len(units) < 500:
        rows = rows.filter(evaluation__unit__in=units)
    own: dict[int, dict[str, float | None]] = defaultdict(dict)
    for unit, node, score in rows.order_by().values_list("evaluation__unit_id", "node", "score"):
        own[unit][node] = score
    scores = _computed(run, None, {node for found in own.values() for node in found})
    return {
        unit: _total([(node, score, scores.get((unit, node))) for node, score in found.items()], weights)
        for unit, found in own.items()
        if units is None or unit in units
    }


def _total(items: Collection[tuple[str, float | None, float | None]], weights: Mapping[str, float]) -> Gap:
    own = [(weights.get(node, 0.0), mine) for node, mine, _theirs in items if mine is not None]
    both = [(weights.get(node, 0.0), theirs) for node, mine, theirs in items if mine is not None and theirs is not None]
    return Gap(_mean(own), _mean(both))


def _mean(pairs: Collection[tuple[float, float]]) -> float | None:
    total = sum(weight for weight, _score in pairs)
    return sum(weight * score for weight, score in pairs) / total if total > 0 else None


def _tree(round_: CollectionRound) -> tuple[dict[str, float], dict[str, tuple[str, str]]]:
    """Weights of every node in the composite, and names."""
    names: dict[str, tuple[str, str]] = {}
    parents: dict[str, str | None] = {}
    own: dict[str, float] = {}
    aggregates = Dimension.objects.filter(set=round_.set_id).order_by("position")
    for code, parent, weight, zh, en in aggregates.values_list("code", "parent__code", "weight", "name_zh", "name_en"):
        names[code], parents[code], own[code] = (zh, en), parent, weight
    leaves = Indicator.objects.filter(set=round_.set_id).order_by("position")
    for code, parent, weight, zh, en in leaves.values_list("code", "dimension__code", "weight", "name_zh", "name_en"):
        names[code], parents[code], own[code] = (zh, en), parent, weight
    totals: dict[str | None, float] = defaultdict(float)
    for code, parent in parents.items():
        totals[parent] += own[code]
    found: dict[str, float] = {}

    def path(code: str) -> float:
        if code not in found:
            parent = parents[code]
            share = own[code] / totals[parent] if totals[parent] > 0 else 0.0
            found[code] = share * (path(parent) if parent else 1.0)
        return found[code]

    return {code: path(code) for code in own}, names


def _computed(
    run: Assessment | None, units: Collection[int] | None, nodes: Collection[str]
) -> dict[tuple[int, str], float]:
    if run is None or not nodes:
        return {}
    rows = NodeScore.objects.filter(card__assessment=run, node__in=nodes, score__isnull=False)
    rows = rows if units is None else rows.filter(card__unit__in=units)
    return {(unit, node): score for unit, node, score in rows.order_by().values_list("card__unit_id", "node", "score")}


def overdue_self_evaluations(day: date | None = None) -> QuerySet[SelfEvaluation]:
    """Return those that should have been handed in by ``day`` (today) and were not."""
    rows = SelfEvaluation.objects.filter(status__in=(Status.DRAFT, Status.RETURNED))
    return rows.filter(due_on__lt=day or timezone.localdate()).select_related("unit", "round")
