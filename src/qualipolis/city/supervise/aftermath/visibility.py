"""Who sees what follows a failed result: the organiser and the branch that handles it, the town, the firm its own case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import city_wide, organisations_of, own_codes, visibility
from qualipolis.city.supervise.aftermath.models import (
    AreaTransfer,
    HandlingCase,
    PenaltyPublication,
    Publication,
    QualityMeeting,
    Restart,
)

OVERSEERS = ("leader", "planner", "auditor")
SHOWN = ("published", "corrected")


def _any(scopes: Iterable[tuple[str, str]], actor: Any) -> Q:
    """Return the rows whose field names an organisation for which the actor holds the role."""
    found = Q(pk__in=())
    for role, field in scopes:
        if city_wide(actor, (role,)):
            return Q()
        mine = organisations_of(actor, (role,))
        found |= Q(**{f"{field}__in": mine}) if mine else Q(pk__in=())
    return found


def _of_case(actor: Any, path: str) -> Q:
    organiser = f"{path}result__sample__task__campaign__organiser"
    inside = _any(
        (
            ("department", organiser),
            ("inspector", f"{path}handler"),
            ("inspector", organiser),
            ("town_officer", f"{path}unit__government"),
        ),
        actor,
    )
    codes = own_codes(actor)
    own = Q(**{f"{path}successor__credit_code__in": codes})
    own |= Q(**{f"{path}successor": None, f"{path}enterprise__credit_code__in": codes})
    return inside | own


@visibility(HandlingCase)
def _cases(actor: Any, rows: QuerySet[HandlingCase]) -> QuerySet[HandlingCase]:
    return rows if city_wide(actor, OVERSEERS) else rows.filter(_of_case(actor, ""))


@visibility(Restart)
def _restarts(actor: Any, rows: QuerySet[Restart]) -> QuerySet[Restart]:
    return rows if city_wide(actor, OVERSEERS) else rows.filter(_of_case(actor, "case__"))


@visibility(AreaTransfer)
def _transfers(actor: Any, rows: QuerySet[AreaTransfer]) -> QuerySet[AreaTransfer]:
    """What is told to another authority stays between the organiser and those who oversee."""
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(_any((("department", "result__sample__task__campaign__organiser"),), actor))


@visibility(Publication)
def _publications(actor: Any, rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """Everyone sees what is shown; a draft and what came down only the organiser and those who oversee."""
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(_any((("department", "campaign__organiser"),), actor) | Q(status__in=SHOWN))


@visibility(PenaltyPublication)
def _penalties(actor: Any, rows: QuerySet[PenaltyPublication]) -> QuerySet[PenaltyPublication]:
    """Everyone sees what is shown; the rest those who see the case, with the firm itself."""
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(_of_case(actor, "case__") | Q(status="published", same_province=True))


@visibility(QualityMeeting)
def _meetings(actor: Any, rows: QuerySet[QualityMeeting]) -> QuerySet[QualityMeeting]:
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(_any((("department", "campaign__organiser"), ("inspector", "campaign__sampling_body")), actor))
