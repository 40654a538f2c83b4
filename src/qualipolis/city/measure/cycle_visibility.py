"""Which rows of the cycle around the values someone sees: the public none of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import city_wide, inside, organisations_of, roles_of, visibility
from qualipolis.city.core.roles import INSIDE, STAFF
from qualipolis.city.measure.models import Comment, LateValue, Served, StatisticRevision, TownTarget

OVERSEERS = ("leader", "planner", "auditor")


@visibility(Comment)
def _comments(actor: Any, rows: QuerySet[Comment]) -> QuerySet[Comment]:
    """Overseers see all; everyone their own and those of their body; staff inside what has been answered."""
    if city_wide(actor, OVERSEERS):
        return rows
    if not roles_of(actor) & set(STAFF):
        return rows.none()
    own = Q(person=actor.pk) | Q(organisation__isnull=False, organisation=actor.organisation_id)
    answered = ~Q(answer="") & Q(withdrawn_at=None)
    return rows.filter(own | answered) if roles_of(actor) & set(INSIDE) else rows.filter(own)


@visibility(TownTarget)
def _targets(actor: Any, rows: QuerySet[TownTarget]) -> QuerySet[TownTarget]:
    """Overseers see all, a town its own, a department those of its indicators."""
    if city_wide(actor, (*OVERSEERS, "department")):
        return rows
    towns = organisations_of(actor, ("town_officer",))
    owners = organisations_of(actor, ("department",))
    return rows.filter(Q(unit__government__in=towns) | Q(indicator__owner__in=owners))


@visibility(Served)
def _served(actor: Any, rows: QuerySet[Served]) -> QuerySet[Served]:
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(unit__government__in=organisations_of(actor, ("town_officer",)))


@visibility(LateValue)
def _late(actor: Any, rows: QuerySet[LateValue]) -> QuerySet[LateValue]:
    """Whoever sees a locked value sees the note beside it."""
    return rows if inside(actor) else rows.none()


@visibility(StatisticRevision)
def _revisions(actor: Any, rows: QuerySet[StatisticRevision]) -> QuerySet[StatisticRevision]:
    return rows if inside(actor) else rows.none()
