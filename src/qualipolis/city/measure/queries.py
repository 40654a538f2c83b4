"""What this room can tell; reads only, and in few queries whatever the size of the city."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from qualipolis.city.core.policy import visible
from qualipolis.city.measure import visibility as _visibility  # noqa: F401 (registers the rules)
from qualipolis.city.measure.cycle_queries import (
    Consultation,
    Hint,
    ServiceLine,
    TargetLine,
    comments,
    consultation,
    hints,
    late_values,
    revisions,
    services,
    targets,
)
from qualipolis.city.measure.distribution import Distribution, distribution
from qualipolis.city.measure.figures import suppressed
from qualipolis.city.measure.framework import framework_of
from qualipolis.city.measure.models import CollectionRound, Indicator, IndicatorSet, Observation
from qualipolis.city.measure.reopening import EndedService, ended_service, reopened_on
from qualipolis.city.measure.work import WorkItem, work
from qualipolis.city.registry.models import Unit
from qualipolis.methods.sampling.proportion import wilson_many

__all__ = [
    "Cell",
    "Consultation",
    "Distribution",
    "EndedService",
    "Hint",
    "IndicatorValues",
    "Matrix",
    "Progress",
    "ServiceLine",
    "TargetLine",
    "UnitRef",
    "ValueRow",
    "WorkItem",
    "comments",
    "consultation",
    "current_round",
    "distribution",
    "ended_service",
    "framework_of",
    "hints",
    "indicator_values",
    "late_values",
    "matrix",
    "progress",
    "reopened_on",
    "revisions",
    "round_of",
    "rounds",
    "services",
    "sets",
    "suppressed",
    "targets",
    "unit_values",
    "work",
]
Status = Observation.Status
HANDED_IN = (Status.SUBMITTED, Status.VERIFIED, Status.DISPUTED, Status.CORRECTED, Status.LOCKED, Status.REOPENED)


@dataclass(frozen=True)
class UnitRef:
    """A unit by code, with its name in the language of the page."""

    pk: int
    code: str
    name: str
    peer_group: str = ""


@dataclass(frozen=True)
class Cell:
    """One observation in a matrix."""

    pk: int
    value: float | None
    status: str
    missing: str
    computed: bool


@dataclass(frozen=True)
class Matrix:
    """A round as a table of units by indicators."""

    round: CollectionRound
    units: tuple[UnitRef, ...]
    indicators: tuple[Indicator, ...]
    cells: dict[tuple[str, str], Cell]

    def rows(self) -> list[tuple[UnitRef, list[Cell | None]]]:
        """Return each unit with its cells in the order of the indicators."""
        return [(unit, [self.cells.get((unit.code, i.code)) for i in self.indicators]) for unit in self.units]


@dataclass(frozen=True)
class ValueRow:
    """The value of one indicator for one unit: parts, number of cases, and the 95 % interval of a proportion."""

    pk: int
    unit: UnitRef
    indicator: str
    numerator: float | None
    denominator: float | None
    value: float | None
    n: float | None
    low: float | None
    high: float | None
    status: str
    missing: str
    note: str
    document: str
    computed: bool
    due_on: date | None
    held_back: bool = False


@dataclass(frozen=True)
class IndicatorValues:
    """One indicator of a round: its definition, its values by unit, and how they are spread."""

    indicator: Indicator
    round: CollectionRound
    rows: tuple[ValueRow, ...]
    distribution: Distribution | None


@dataclass(frozen=True)
class Progress:
    """How far the collection of one unit is."""

    unit: UnitRef
    total: int
    handed_in: int
    verified: int
    returned: int
    disputed: int
    missing: int
    by_status: dict[str, int]
    unrecorded: int = 0

    @property
    def to_hand_in(self) -> int:
        """Values that the unit has to hand in; what is counted from records is not its to give."""
        counts = self.by_status
        return sum(counts.get(state, 0) for state in (Status.EMPTY, Status.DRAFT, Status.RETURNED)) - self.unrecorded

    @property
    def share(self) -> float:
        """Share of the observations that were handed in."""
        return self.handed_in / self.total if self.total else 0.0


def sets(actor: Any) -> QuerySet[IndicatorSet]:
    """Return the indicator sets ``actor`` may see, the latest first."""
    return visible(actor, IndicatorSet.objects.all()).annotate(count=Count("indicators"))


def rounds(actor: Any) -> QuerySet[CollectionRound]:
    """Return the rounds ``actor`` may see, the latest first."""
    return visible(actor, CollectionRound.objects.select_related("set")).order_by("-period", "-set__version")


def current_round(actor: Any) -> CollectionRound | None:
    """Return the round that is being collected, else the latest one."""
    seen = rounds(actor)
    open_ = seen.filter(status__in=(CollectionRound.Status.OPEN, CollectionRound.Status.CHECKING, "reopened"))
    return open_.first() or seen.first()


def round_of(actor: Any, period: str) -> CollectionRound | None:
    """Return the latest round of a period."""
    return rounds(actor).filter(period=period).first()


def unit_refs(pks: Any = None) -> dict[int, UnitRef]:
    """Return the assessed units by key, in the order of their codes, named in the language of the page."""
    rows = Unit.objects.filter(assessed=True) if pks is None else Unit.objects.filter(pk__in=pks)
    chinese = (get_language() or "zh").startswith("zh")
    found = rows.order_by("code").values_list("pk", "code", "name_zh", "name_en", "peer_group")
    return {pk: UnitRef(pk, code, (zh or en) if chinese else (en or zh), peer) for pk, code, zh, en, peer in found}


def matrix(actor: Any, round_: CollectionRound) -> Matrix:
    """Return a round as a table, with the cells ``actor`` may see."""
    units = unit_refs()
    indicators = tuple(Indicator.objects.filter(set=round_.set_id).select_related("dimension", "owner"))
    codes = {i.pk: i.code for i in indicators}
    rows = visible(actor, Observation.objects.filter(round=round_)).order_by()
    found = rows.values_list("pk", "unit_id", "indicator_id", "value", "status", "missing", "computed")
    cells = {
        (units[unit].code, codes[indicator]): Cell(pk, value, status, missing, computed)
        for pk, unit, indicator, value, status, missing, computed in found
        if unit in units
    }
    seen = {unit for unit, _code in cells}
    return Matrix(round_, tuple(u for u in units.values() if u.code in seen), indicators, cells)


def indicator_values(actor: Any, round_: CollectionRound, code: str, *, public: bool = False) -> IndicatorValues:
    """Return one indicator of a round; for the public, values of fewer than three respondents are held back."""
    indicator = Indicator.objects.select_related("dimension", "owner", "set").get(set=round_.set_id, code=code)
    base = Observation.objects.filter(round=round_, indicator=indicator)
    if public:
        base = base.filter(status=Status.LOCKED, round__status=CollectionRound.Status.LOCKED)
    else:
        base = visible(actor, base)
    rows = _value_rows(base, {indicator.pk: indicator}, public=public)
    values = [row.value for row in rows if row.value is not None]
    return IndicatorValues(indicator, round_, tuple(rows), distribution(values, len(rows) - len(values)))


def unit_values(actor: Any, round_: CollectionRound, unit: Unit) -> list[tuple[Indicator, ValueRow]]:
    """Return the observations of one unit in a round, in the order of the indicators."""
    chosen = Indicator.objects.filter(set=round_.set_id).select_related("dimension", "owner").order_by("position")
    indicators = {i.pk: i for i in chosen}
    base = visible(actor, Observation.objects.filter(round=round_, unit=unit))
    rows = {row.indicator: row for row in _value_rows(base, indicators, public=False)}
    return [(i, rows[i.code]) for i in indicators.values() if i.code in rows]


def _value_rows(base: QuerySet[Observation], indicators: dict[int, Indicator], *, public: bool) -> list[ValueRow]:
    fields = ("pk", "unit_id", "indicator_id", "numerator", "denominator", "value", "status", "missing")
    found = list(base.order_by("unit__code").values_list(*fields, "note", "document", "computed", "due_on"))
    units = unit_refs({row[1] for row in found})
    lows, highs = wilson_many([_nan(row[3]) for row in found], [_nan(row[4]) for row in found])
    rows = []
    for row, low, high in zip(found, lows.tolist(), highs.tolist(), strict=True):
        indicator = indicators[row[2]]
        counted = indicator.is_proportion and row[5] is not None and low == low
        shown = suppressed(row[5], row[4]) if public and indicator.is_proportion else row[5]
        held = shown is None and row[5] is not None
        rows.append(
            ValueRow(
                pk=row[0],
                unit=units[row[1]],
                indicator=indicator.code,
                numerator=None if held else row[3],
                denominator=None if held else row[4],
                value=shown,
                n=None if held else row[4],
                low=indicator.factor * low if counted and not held else None,
                high=indicator.factor * high if counted and not held else None,
                status=row[6],
                missing=row[7],
                note="" if public else row[8],
                document="" if public else row[9],
                computed=row[10],
                due_on=row[11],
                held_back=held,
            )
        )
    return rows


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value


def progress(actor: Any, round_: CollectionRound) -> list[Progress]:
    """Return how far each unit is that ``actor`` may see, in one query."""
    rows = visible(actor, Observation.objects.filter(round=round_)).order_by()
    bare = Q(status=Status.EMPTY) & ~Q(indicator__metric="")
    counted = rows.values_list("unit_id", "status").annotate(
        n=Count("pk"), gone=Count("pk", filter=~Q(missing="")), bare=Count("pk", filter=bare)
    )
    by_unit: dict[int, Counter[str]] = defaultdict(Counter)
    missing: Counter[int] = Counter()
    unrecorded: Counter[int] = Counter()
    for unit, status, n, gone, empty in counted:
        by_unit[unit][status] += n
        missing[unit] += gone
        unrecorded[unit] += empty
    units = unit_refs(set(by_unit))
    return [_progress(ref, by_unit[pk], missing[pk], unrecorded[pk]) for pk, ref in units.items()]


def _progress(unit: UnitRef, counts: Counter[str], missing: int, unrecorded: int) -> Progress:
    return Progress(
        unit=unit,
        total=sum(counts.values()),
        handed_in=sum(counts[status] for status in HANDED_IN),
        verified=sum(counts[status] for status in (Status.VERIFIED, Status.CORRECTED, Status.LOCKED)),
        returned=counts[Status.RETURNED],
        disputed=counts[Status.DISPUTED],
        missing=missing,
        by_status=dict(counts),
        unrecorded=unrecorded,
    )
