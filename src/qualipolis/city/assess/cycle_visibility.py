"""Which rows of the cycle around a run someone sees: a town its own, the public nothing but an issued notice."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.assess.models import (
    Notice,
    Rectification,
    RectificationItem,
    SelfEvaluation,
    SelfItem,
    SiteCheck,
    SiteFinding,
    SiteVisit,
)
from qualipolis.city.core.attachments import readable
from qualipolis.city.core.policy import city_wide, organisations_of, visibility

OVERSEERS = ("leader", "planner", "auditor")
BEGUN = (SiteVisit.Status.RUNNING, SiteVisit.Status.OBJECTED, SiteVisit.Status.SIGNED, SiteVisit.Status.CONCLUDED)


def _towns(actor: Any) -> set[int]:
    return organisations_of(actor, ("town_officer",))


@visibility(SelfEvaluation)
def _self_evaluations(actor: Any, rows: QuerySet[SelfEvaluation]) -> QuerySet[SelfEvaluation]:
    """Overseers see all, a town its own, nobody else any."""
    return rows if city_wide(actor, OVERSEERS) else rows.filter(unit__government__in=_towns(actor))


@visibility(SelfItem)
def _self_items(actor: Any, rows: QuerySet[SelfItem]) -> QuerySet[SelfItem]:
    return rows if city_wide(actor, OVERSEERS) else rows.filter(evaluation__unit__government__in=_towns(actor))


@visibility(SiteVisit)
def _visits(actor: Any, rows: QuerySet[SiteVisit]) -> QuerySet[SiteVisit]:
    """Overseers see all, a checker the own visits, a town its own once the check has begun."""
    if city_wide(actor, OVERSEERS):
        return rows
    mine = Q(unit__government__in=_towns(actor), status__in=BEGUN)
    return rows.filter(mine | Q(pk__in=_named_for(actor)))


def _named_for(actor: Any) -> QuerySet[Any]:
    key = getattr(actor, "pk", None)
    return SiteVisit.checkers.through.objects.filter(person=key or 0).values("sitevisit")


@visibility(SiteFinding)
def _findings(actor: Any, rows: QuerySet[SiteFinding]) -> QuerySet[SiteFinding]:
    return rows if city_wide(actor, OVERSEERS) else rows.filter(visit__in=_visits(actor, SiteVisit.objects.all()))


@visibility(SiteCheck)
def _checks(actor: Any, rows: QuerySet[SiteCheck]) -> QuerySet[SiteCheck]:
    """Overseers see every plan; who sees one of its visits sees how it was drawn."""
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(pk__in=_visits(actor, SiteVisit.objects.all()).values("check_plan"))


@visibility(Notice)
def _notices(actor: Any, rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """A draft is for overseers; an issued notice is public."""
    return rows if city_wide(actor, OVERSEERS) else rows.filter(status=Notice.Status.ISSUED)


@visibility(Rectification)
def _rectifications(actor: Any, rows: QuerySet[Rectification]) -> QuerySet[Rectification]:
    """Overseers see all, a town its own, a department those with an item of its own."""
    if city_wide(actor, OVERSEERS) or city_wide(actor, ("department",)):
        return rows
    owners = organisations_of(actor, ("department",))
    owned = RectificationItem.objects.filter(owner__in=owners).values("rectification")
    return rows.filter(Q(unit__government__in=_towns(actor)) | Q(pk__in=owned))


@visibility(RectificationItem)
def _items(actor: Any, rows: QuerySet[RectificationItem]) -> QuerySet[RectificationItem]:
    return rows.filter(rectification__in=_rectifications(actor, Rectification.objects.all()))


readable(SelfItem, SiteFinding, Rectification)
