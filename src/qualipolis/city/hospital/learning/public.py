"""What everyone may know of the hospital: departments, fields of experts, typical cases; no name of a person, no case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.models import Department, Expert, KnowledgeCase

EVERYONE = AnonymousUser()


@dataclass(frozen=True)
class Field:
    """What an expert treats and for whom the expert works."""

    expert: Expert
    departments: tuple[Department, ...]


def departments() -> QuerySet[Department]:
    """Return the departments that take cases."""
    return visible(EVERYONE, Department.objects.filter(open=True)).order_by("code")


def fields() -> list[Field]:
    """Return the fields of the experts in office, by organisation; people are not named."""
    rows = visible(EVERYONE, Expert.objects.select_related("organisation").prefetch_related("departments"))
    ordered = sorted(rows, key=lambda one: (one.organisation.code, one.field_zh, one.pk))
    return [Field(one, tuple(one.departments.all())) for one in ordered]


def by_department(found: Iterable[Field]) -> dict[int, int]:
    """Return how many experts each department has."""
    counted: dict[int, int] = {}
    for one in found:
        for department in one.departments:
            counted[department.pk] = counted.get(department.pk, 0) + 1
    return counted


def typical(text: str = "", department: str = "") -> QuerySet[KnowledgeCase]:
    """Return the published cases, the newest first, under a search and a department."""
    rows = visible(EVERYONE, KnowledgeCase.objects.filter(status="published")).select_related(
        "department", "case__enterprise"
    )
    if department:
        rows = rows.filter(department__code=department)
    for word in text.split()[:5]:
        rows = rows.filter(pk__in=_holding(rows, word))
    return rows.order_by("-published_on", "-pk")


def _holding(rows: QuerySet[KnowledgeCase], word: str) -> list[int]:
    spots = ("title_zh", "title_en", "symptom_zh", "symptom_en", "cause_zh", "treatment_zh", "product_class")
    low = word.casefold()
    return [row.pk for row in rows if any(low in str(getattr(row, spot)).casefold() for spot in spots)]


def firm_of(row: KnowledgeCase) -> Any:
    """Return the firm of a published case that wanted to be named, else None."""
    return row.case.enterprise if row.named and row.case is not None and row.case.consent == "named" else None
