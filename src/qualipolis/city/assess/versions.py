"""The same year twice: under another version of its set, and with revised denominators. Nothing locked is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from qualipolis.city.assess.inputs import COUNTED
from qualipolis.city.assess.models import Assessment, ScoreCard
from qualipolis.city.assess.run import compute_run
from qualipolis.city.assess.scoring import Card
from qualipolis.city.measure.figures import figure
from qualipolis.city.measure.models import (
    CollectionRound,
    Indicator,
    IndicatorSet,
    Observation,
    StatisticRevision,
)
from qualipolis.city.registry.models import Unit
from qualipolis.lake.metrics import METRICS

Status = Assessment.Status
FURTHEST = (Status.PUBLISHED, Status.DECIDED, Status.PREVIEWED, Status.RUN, Status.SUPERSEDED, Status.WITHDRAWN)


@dataclass(frozen=True)
class Beside:
    """Score, rank and grade of one unit before and after."""

    unit: Unit
    score_before: float | None
    score_after: float | None
    rank_before: int | None
    rank_after: int | None
    grade_before: str
    grade_after: str

    @property
    def difference(self) -> float | None:
        """Score after minus score before."""
        if self.score_before is None or self.score_after is None:
            return None
        return self.score_after - self.score_before

    @property
    def places(self) -> int | None:
        """Places won (positive) or lost."""
        if self.rank_before is None or self.rank_after is None:
            return None
        return self.rank_before - self.rank_after


@dataclass(frozen=True)
class ByVersion:
    """A round under two versions of its set; ``after`` is None until the amended version was computed."""

    before: Assessment | None
    after: Assessment | None
    set_before: IndicatorSet
    set_after: IndicatorSet | None
    rows: tuple[Beside, ...]


def runs_by_version(round_: CollectionRound) -> dict[int, Assessment]:
    """Return for each version of the set the run that went furthest, the latest of them."""
    rows = list(Assessment.objects.filter(round=round_).select_related("set", "round__set").order_by("-run_at"))
    rows.sort(key=lambda row: FURTHEST.index(Status(row.status)))
    found: dict[int, Assessment] = {}
    for row in rows:
        found.setdefault(row.set_id or round_.set_id, row)
    return found


def scores_by_version(round_: CollectionRound) -> ByVersion:
    """Return old and new score and rank of every unit with the difference, after an amendment of the set."""
    versions = list(IndicatorSet.objects.filter(year=round_.set.year).order_by("version"))
    later = [one for one in versions if one.version > round_.set.version]
    runs = runs_by_version(round_)
    before = runs.get(round_.set_id)
    newest = next((one for one in reversed(later) if one.pk in runs), later[-1] if later else None)
    after = runs.get(newest.pk) if newest else None
    rows = _beside(_cards(before), _cards(after)) if before and after else ()
    return ByVersion(before, after, round_.set, newest, rows)


def _cards(run: Assessment | None) -> dict[int, ScoreCard]:
    rows = ScoreCard.objects.filter(assessment=run).select_related("unit") if run else ()
    return {card.unit_id: card for card in rows}


def _beside(old: Mapping[int, ScoreCard], new: Mapping[int, ScoreCard]) -> tuple[Beside, ...]:
    found = []
    for pk in {**new, **old}:
        was, now = old.get(pk), new.get(pk)
        some = now or was
        assert some is not None
        found.append(
            Beside(
                some.unit,
                was.final_score if was else None,
                now.final_score if now else None,
                was.rank if was else None,
                now.rank if now else None,
                was.grade if was else "",
                now.grade if now else "",
            )
        )
    return tuple(sorted(found, key=lambda row: (row.rank_after is None, row.rank_after or 0, row.unit.code)))


@dataclass(frozen=True)
class RevisedValue:
    """One observation that a revised statistic would change."""

    unit: int
    indicator: str
    denominator_before: float | None
    denominator_after: float
    value_before: float | None
    value_after: float | None


@dataclass(frozen=True)
class RevisionEffect:
    """What revised denominators would do to a round: a preview. The locked result stays until two people reopen it."""

    round: CollectionRound
    revisions: tuple[StatisticRevision, ...]
    values: tuple[RevisedValue, ...]
    rows: tuple[Beside, ...]


def effect_of_revision(round_: CollectionRound) -> RevisionEffect:
    """Return scores and ranks before and after the revised statistics of a round's year; nothing is written.

    A revision reaches the indicators whose metric divides by that statistic, and every other ratio whose denominator
    is exactly the figure that was revised.
    """
    rows = StatisticRevision.objects.filter(statistic__year=round_.set.year).select_related("statistic__unit")
    found = tuple(rows.order_by("entered_at", "pk"))
    values = tuple(_revised(round_, found))
    if not values:
        return RevisionEffect(round_, found, (), ())
    revised = {(one.unit, one.indicator): (one.value_after, one.denominator_after) for one in values}
    before = compute_run(round_, 0, 0).cards
    after = compute_run(round_, 0, 0, revised={k: v for k, v in revised.items() if v[0] is not None}).cards  # type: ignore[misc]
    return RevisionEffect(round_, found, values, _compare(before, after))


def _revised(round_: CollectionRound, revisions: tuple[StatisticRevision, ...]) -> list[RevisedValue]:
    """The first value before and the last one after, for each unit and statistic."""
    known: dict[tuple[int, str], tuple[set[float], float]] = {}
    for one in revisions:
        key = (one.statistic.unit_id, one.statistic.key)
        olds = known[key][0] if key in known else set()
        known[key] = (olds | {one.old_value}, one.new_value)
    by_unit: dict[int, list[tuple[str, set[float], float]]] = defaultdict(list)
    for (unit, name), (olds, new) in known.items():
        by_unit[unit].append((name, olds, new))
    cells = Observation.objects.filter(round=round_, unit__in=by_unit, status__in=COUNTED, denominator__isnull=False)
    ratios = (Indicator.Kind.RATIO, Indicator.Kind.MEAN)
    cells = cells.filter(indicator__kind__in=ratios, value__isnull=False).select_related("indicator")
    found = []
    for cell in cells.order_by("unit_id", "indicator__position"):
        for name, olds, new in by_unit[cell.unit_id]:
            if cell.denominator in olds and cell.denominator != new and _divides(cell.indicator, name):
                found.append(_changed(cell, new))
    return found


def _divides(leaf: Indicator, name: str) -> bool:
    metric = METRICS.get(leaf.metric)
    return metric is None or metric.per == name


def _changed(cell: Observation, new: float) -> RevisedValue:
    leaf = cell.indicator
    made = figure(leaf.kind, leaf.factor, cell.numerator, new)
    return RevisedValue(cell.unit_id, leaf.code, cell.denominator, new, cell.value, made.value)


def _compare(before: list[Card], after: list[Card]) -> tuple[Beside, ...]:
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[card.unit for card in before])}
    new = {card.unit: card for card in after}
    found = []
    for was in before:
        now = new.get(was.unit)
        found.append(
            Beside(
                units[was.unit],
                was.final_score,
                now.final_score if now else None,
                was.rank,
                now.rank if now else None,
                was.grade,
                now.grade if now else "",
            )
        )
    return tuple(sorted(found, key=lambda row: (row.rank_after is None, row.rank_after or 0, row.unit.code)))
