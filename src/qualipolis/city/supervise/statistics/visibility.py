"""Who sees counted batches one by one: they name firms. What is computed from them may be seen by everyone inside."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import city_wide, organisations_of, roles_of, visibility
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import Campaign, ItemFact, ResultFact, ResultRevision, SamplingPlan, StratumSize

OVERSEERS = ("leader", "planner", "auditor")


@visibility(ResultFact)
def _facts(actor: Any, rows: QuerySet[ResultFact]) -> QuerySet[ResultFact]:
    """Overseers and inspectors see all, a department the campaigns it organises, a town its own."""
    return rows.filter(pk__in=_seen(actor)) if _limited(actor) else rows


@visibility(ItemFact)
def _items(actor: Any, rows: QuerySet[ItemFact]) -> QuerySet[ItemFact]:
    """The items of the batches that are seen."""
    return rows.filter(fact__in=_seen(actor)) if _limited(actor) else rows


@visibility(ResultRevision)
def _revisions(actor: Any, rows: QuerySet[ResultRevision]) -> QuerySet[ResultRevision]:
    """The revisions of the batches that are seen."""
    return rows.filter(result__fact__in=_seen(actor)) if _limited(actor) else rows


@visibility(StratumSize)
def _sizes(actor: Any, rows: QuerySet[StratumSize]) -> QuerySet[StratumSize]:
    """Numbers of units name nobody."""
    return rows if city_wide(actor) or roles_of(actor) & set(INSIDE) else rows.none()


def _limited(actor: Any) -> bool:
    return not city_wide(actor, (*OVERSEERS, "inspector"))


def _seen(actor: Any) -> QuerySet[ResultFact]:
    rows = ResultFact.objects.order_by()
    towns, owners = organisations_of(actor, ("town_officer",)), organisations_of(actor, ("department",))
    if "inspector" in roles_of(actor):
        return rows
    found = Q(unit__government__in=towns) | Q(campaign__organiser__in=owners)
    if owners and (
        SamplingPlan.objects.filter(organiser__in=owners).exists()
        or Campaign.objects.filter(organiser__in=owners).exists()
    ):
        found |= Q(campaign__isnull=True)
    return rows.filter(found)
