"""Which rows of this room someone sees."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.assess.models import Adjustment, Assessment, NodeScore, Release, ScoreCard
from qualipolis.city.core.policy import city_wide, is_staff, organisations_of, visibility

OVERSEERS = ("leader", "planner", "auditor")
OUT = (Assessment.Status.PUBLISHED, Assessment.Status.SUPERSEDED, Assessment.Status.WITHDRAWN)
PREVIEWED = (Assessment.Status.PREVIEWED, Assessment.Status.DECIDED)
_OUT_OF_CARD = Q(assessment__release__isnull=False)


@visibility(Assessment)
def _assessments(actor: Any, rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Overseers see every run; other staff from the preview on; everyone what became a release."""
    if city_wide(actor, OVERSEERS):
        return rows
    released = Q(release__isnull=False)
    return rows.filter(released | Q(status__in=PREVIEWED)) if is_staff(actor) else rows.filter(released)


@visibility(ScoreCard)
def _cards(actor: Any, rows: QuerySet[ScoreCard]) -> QuerySet[ScoreCard]:
    """In a preview a town sees its own card; everyone sees the cards of a release."""
    if city_wide(actor, OVERSEERS):
        return rows
    towns = organisations_of(actor, ("town_officer",))
    own = Q(assessment__status__in=PREVIEWED, unit__government__in=towns)
    return rows.filter(_OUT_OF_CARD | own) if towns else rows.filter(_OUT_OF_CARD)


@visibility(NodeScore)
def _nodes(actor: Any, rows: QuerySet[NodeScore]) -> QuerySet[NodeScore]:
    if city_wide(actor, OVERSEERS):
        return rows
    towns = organisations_of(actor, ("town_officer",))
    own = Q(card__assessment__status__in=PREVIEWED, card__unit__government__in=towns)
    released = Q(card__assessment__release__isnull=False)
    return rows.filter(released | own) if towns else rows.filter(released)


@visibility(Adjustment)
def _adjustments(actor: Any, rows: QuerySet[Adjustment]) -> QuerySet[Adjustment]:
    if city_wide(actor, OVERSEERS):
        return rows
    towns = organisations_of(actor, ("town_officer",))
    return rows.filter(Q(round__assessments__release__isnull=False) | Q(unit__government__in=towns)).distinct()


@visibility(Release)
def _releases(actor: Any, rows: QuerySet[Release]) -> QuerySet[Release]:
    """A release is public, also after it was superseded or withdrawn: it says so."""
    return rows
