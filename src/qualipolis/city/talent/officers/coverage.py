"""Coverage: of the firms of the register, how many have a chief quality officer on file today, by town and by size.

This is a full count of the register, no estimate: it has no interval. Firms whose employees are not known stand in a
class of their own; they are not taken for small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from qualipolis.city.registry.models import Enterprise, QualityOfficer, Unit
from qualipolis.city.talent.models import Officer, OfficerAct, QualityDepartment
from qualipolis.law.rules import rule_on
from qualipolis.law.talent.conditions import LARGE_EMPLOYEES, MEDIUM_EMPLOYEES, SIZES, SMALL_EMPLOYEES


@dataclass(frozen=True)
class Share:
    """So many of so many firms; ``share`` is None where there are no firms at all."""

    code: str
    name: str
    firms: int
    covered: int

    @property
    def share(self) -> float | None:
        return self.covered / self.firms if self.firms else None


@dataclass(frozen=True)
class Coverage:
    """The whole table on one day."""

    on: date
    total: Share
    by_size: tuple[Share, ...]
    by_town: tuple[Share, ...]
    above_scale: Share
    large_medium: Share
    departments: int
    active: int
    vetoes: int


def on_file(day: date) -> QuerySet[QualityOfficer]:
    """Return the filings that stand on a day."""
    return QualityOfficer.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), appointed_on__lte=day)


def standing_firms(day: date) -> QuerySet[Enterprise]:
    """Return the firms that exist on a day, each with its size and whether an officer is on file."""
    size = Case(
        When(employees=None, then=Value("unknown")),
        When(employees__gte=LARGE_EMPLOYEES, then=Value("large")),
        When(employees__gte=MEDIUM_EMPLOYEES, then=Value("medium")),
        When(employees__gte=SMALL_EMPLOYEES, then=Value("small")),
        default=Value("micro"),
        output_field=CharField(),
    )
    rows = Enterprise.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day))
    filed = on_file(day).filter(enterprise=OuterRef("pk"))
    return rows.annotate(size_class=size, has_officer=Exists(filed))


def _shares(rows: QuerySet[Any], field: str) -> dict[str, tuple[int, int]]:
    found = rows.values(field).annotate(n=Count("pk"), covered=Count("pk", filter=Q(has_officer=True)))
    return {str(one[field]): (one["n"], one["covered"]) for one in found.order_by()}


def _sum(pairs: Sequence[tuple[int, int]], code: str) -> Share:
    return Share(code, code, sum(one[0] for one in pairs), sum(one[1] for one in pairs))


def coverage(day: date | None = None) -> Coverage:
    """Return the coverage of a day (today unless given)."""
    on = day or timezone.localdate()
    rows = standing_firms(on)
    sizes, towns, scale = _shares(rows, "size_class"), _shares(rows, "unit__code"), _shares(rows, "above_scale")
    names = {unit.code: unit.name for unit in Unit.objects.filter(code__in=towns)}
    by_size = tuple(Share(size, words, *sizes.get(size, (0, 0))) for size, words in SIZES.items())
    by_town = tuple(Share(code, names.get(code, code), *pair) for code, pair in sorted(towns.items()))
    above = scale.get("True", (0, 0))
    big = [sizes.get(size, (0, 0)) for size in ("large", "medium")]
    return Coverage(
        on, _sum(list(sizes.values()), "total"), by_size, by_town, Share("above_scale", "above_scale", *above),
        _sum(big, "large_medium"), QualityDepartment.objects.filter(ended_on=None).count(),
        Officer.objects.filter(status="active").count(), OfficerAct.objects.filter(kind=OfficerAct.Kind.VETO).count(),
    )  # fmt: skip


def firms_with_officer(day: date | None = None) -> QuerySet[Enterprise]:
    """Return the firms behind the figure."""
    return standing_firms(day or timezone.localdate()).filter(has_officer=True)


def targets(day: date) -> dict[str, float]:
    """Return the targets that hold on a day, by the name of the share."""
    rules = {"large_medium": "officer.target_large_medium", "above_scale": "officer.target_above_scale"}
    found = {name: rule_on(code, day).value for name, code in rules.items()}
    return {name: float(value) for name, value in found.items() if isinstance(value, int | float)}
