"""Which rows of this room someone sees."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import readable
from qualipolis.city.core.policy import city_wide, inside, is_staff, organisations_of, visibility
from qualipolis.city.measure.models import (
    CollectionRound,
    Dimension,
    Indicator,
    IndicatorSet,
    Observation,
    SourceRecord,
    Statistic,
)

OVERSEERS = ("leader", "planner", "auditor")
DECIDED = (
    IndicatorSet.Status.APPROVED,
    IndicatorSet.Status.PUBLISHED,
    IndicatorSet.Status.FROZEN,
    IndicatorSet.Status.CLOSED,
)
_KINDS = {"AMR-QS": "sample", "AMR-CP": "complaint", "AMR-IP": "patent"}


@visibility(IndicatorSet)
def _sets(actor: Any, rows: QuerySet[IndicatorSet]) -> QuerySet[IndicatorSet]:
    """A draft is for staff; the public sees what has been published."""
    return rows if is_staff(actor) else rows.filter(status__in=DECIDED[1:])


@visibility(Dimension)
def _dimensions(actor: Any, rows: QuerySet[Dimension]) -> QuerySet[Dimension]:
    return rows if is_staff(actor) else rows.filter(set__status__in=DECIDED[1:])


@visibility(Indicator)
def _indicators(actor: Any, rows: QuerySet[Indicator]) -> QuerySet[Indicator]:
    return rows if is_staff(actor) else rows.filter(set__status__in=DECIDED[1:])


@visibility(CollectionRound)
def _rounds(actor: Any, rows: QuerySet[CollectionRound]) -> QuerySet[CollectionRound]:
    return rows if is_staff(actor) else rows.filter(status=CollectionRound.Status.LOCKED)


@visibility(Observation)
def _observations(actor: Any, rows: QuerySet[Observation]) -> QuerySet[Observation]:
    """Overseers see all; a town its own and a department its indicators; everyone inside what is locked.

    The public, firms and laboratories see no observation as such: figures reach them through a release, where small
    cells are held back.
    """
    if city_wide(actor, OVERSEERS):
        return rows
    if not inside(actor):
        return rows.none()
    towns = organisations_of(actor, ("town_officer",))
    owners = organisations_of(actor, ("department",))
    mine = Q(unit__government__in=towns) | Q(indicator__owner__in=owners)
    if city_wide(actor, ("department", "town_officer")):
        return rows
    return rows.filter(mine | Q(status=Observation.Status.LOCKED))


@visibility(Statistic)
def _statistics(actor: Any, rows: QuerySet[Statistic]) -> QuerySet[Statistic]:
    return rows if inside(actor) else rows.none()


@visibility(SourceRecord)
def _records(actor: Any, rows: QuerySet[SourceRecord]) -> QuerySet[SourceRecord]:
    """Records name firms: overseers and inspectors for the whole city, a town its own, a section its own kind."""
    if city_wide(actor, (*OVERSEERS, "inspector")):
        return rows
    if not is_staff(actor):
        return rows.none()
    towns = organisations_of(actor, ("town_officer",))
    owners = organisations_of(actor, ("department",))
    kinds = [
        _KINDS[code]
        for code in Indicator.objects.filter(owner__in=owners, owner__code__in=_KINDS)
        .values_list("owner__code", flat=True)
        .distinct()
        .order_by("owner__code")
    ]
    return rows.filter(Q(unit__government__in=towns) | Q(kind__in=kinds))


readable(Observation)
