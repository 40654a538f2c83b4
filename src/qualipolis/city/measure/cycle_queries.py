"""What the cycle around the values can tell; reads only, a handful of queries whatever the size of the city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.measure import cycle_visibility as _visibility  # noqa: F401 (registers the rules)
from qualipolis.city.measure.models import (
    CollectionRound,
    Comment,
    Indicator,
    IndicatorSet,
    LateValue,
    Observation,
    Served,
    StatisticRevision,
    TownTarget,
)
from qualipolis.city.measure.serving import window_of
from qualipolis.city.registry.models import Unit


@dataclass(frozen=True)
class Consultation:
    """How far the consultation of a set is: the last day, how many comments, how many wait, and the answers."""

    set: IndicatorSet
    until: date | None
    open: bool
    total: int
    unanswered: int
    answers: dict[str, int]
    nodes: dict[str, int]


def comments(actor: Any, set_: IndicatorSet) -> QuerySet[Comment]:
    """Return the standing comments on a set that ``actor`` may see, those without an answer first."""
    rows = visible(actor, Comment.objects.filter(set=set_, withdrawn_at=None))
    return rows.select_related("person", "organisation", "answered_by").order_by("answer", "made_at")


def consultation(set_: IndicatorSet) -> Consultation:
    """Return the counts of a consultation, the same for everyone; the words are in :func:`comments`."""
    rows = Comment.objects.filter(set=set_, withdrawn_at=None).order_by().values_list("answer", "node")
    found = list(rows)
    answers = Counter(answer for answer, _node in found if answer)
    until = set_.comments_until
    running = until is None or timezone.localdate() <= until
    return Consultation(
        set=set_,
        until=until,
        open=set_.status == IndicatorSet.Status.CONSULTED and running,
        total=len(found),
        unanswered=sum(1 for answer, _node in found if not answer),
        answers=dict(answers),
        nodes=dict(Counter(node for _answer, node in found)),
    )


@dataclass(frozen=True)
class TargetLine:
    """A target of a unit beside the result: reached or not, or None while there is no result."""

    unit: int
    indicator: Indicator
    target: float
    note: str
    result: float | None
    reached: bool | None


def targets(actor: Any, set_: IndicatorSet, unit: Unit | None = None) -> list[TargetLine]:
    """Return the targets filed for the year of a set that ``actor`` may see, with the values of its round.

    After an amendment a target stands for the same indicator code of every version of the year.
    """
    rows = visible(actor, TownTarget.objects.filter(indicator__set__year=set_.year))
    rows = rows.select_related("indicator").order_by("unit__code", "indicator__position", "-indicator__set__version")
    if unit is not None:
        rows = rows.filter(unit=unit)
    found: dict[tuple[int, str], TownTarget] = {}
    for row in rows:
        found.setdefault((row.unit_id, row.indicator.code), row)
    results = _results(set_.year, {unit for unit, _code in found}, {code for _unit, code in found})
    return [_line(row, results.get(key)) for key, row in found.items()]


def _results(year: int, units: Collection[int], codes: Collection[str]) -> dict[tuple[int, str], float]:
    rows = Observation.objects.filter(
        round__set__year=year, unit__in=units, indicator__code__in=codes, value__isnull=False
    )
    pairs = rows.order_by("round__set__version").values_list("unit_id", "indicator__code", "value")
    return {(unit, code): value for unit, code, value in pairs}


def _line(row: TownTarget, result: float | None) -> TargetLine:
    reached = None
    if result is not None:
        lower = row.indicator.direction == Indicator.Direction.LOWER
        reached = result <= row.value if lower else result >= row.value
    return TargetLine(row.unit_id, row.indicator, row.value, row.note, result, reached)


@dataclass(frozen=True)
class ServiceLine:
    """A served document of one unit, the last day of its term (a preview has one), and whether it still runs."""

    row: Served
    until: date | None
    open: bool


def services(actor: Any, round_: CollectionRound, kind: str = Served.Kind.PREVIEW) -> list[ServiceLine]:
    """Return what was served in a round and still counts, that ``actor`` may see."""
    rows = visible(actor, Served.objects.filter(round=round_, kind=kind, ended_on=None))
    rows = rows.select_related("unit", "acknowledged_by").order_by("unit__code")
    windows: dict[date, date | None] = {}
    today, found = timezone.localdate(), []
    for row in rows:
        if row.served_on not in windows:
            windows[row.served_on] = window_of(row.served_on)
        until = windows[row.served_on] if kind == Served.Kind.PREVIEW else None
        running = until is not None and today <= until and not row.no_objection
        found.append(ServiceLine(row, until, running))
    return found


def late_values(actor: Any, round_: CollectionRound, unit: Unit | None = None) -> QuerySet[LateValue]:
    """Return the values that came after the lock: notes beside the year, no part of it."""
    rows = visible(actor, LateValue.objects.filter(round=round_))
    rows = rows if unit is None else rows.filter(unit=unit)
    return rows.select_related("indicator", "unit", "entered_by")


@dataclass(frozen=True)
class Hint:
    """What is known of an indicator of a unit from the year before, for the sheet of this year."""

    code: str
    period: str
    value: float | None
    numerator: float | None
    denominator: float | None
    late: bool
    source: str = ""


def hints(actor: Any, round_: CollectionRound, unit: Unit) -> dict[str, Hint]:
    """Return the values of the year before by indicator code; one that came late stands before the locked one."""
    before = CollectionRound.objects.filter(set__year__lt=round_.set.year).order_by("-set__year", "-set__version")
    last = before.first()
    if last is None:
        return {}
    rows = visible(actor, Observation.objects.filter(round=last, unit=unit).filter(~Q(value=None)))
    found = {
        code: Hint(code, last.period, value, above, below, False)
        for code, value, above, below in rows.values_list("indicator__code", "value", "numerator", "denominator")
    }
    for late in late_values(actor, last, unit).order_by("received_on", "pk"):
        code = late.indicator.code
        found[code] = Hint(code, last.period, late.value, late.numerator, late.denominator, True, late.source)
    return found


def revisions(actor: Any, year: int) -> QuerySet[StatisticRevision]:
    """Return what was revised of the statistics of a year, the latest first."""
    rows = visible(actor, StatisticRevision.objects.filter(statistic__year=year))
    return rows.select_related("statistic__unit", "entered_by")
