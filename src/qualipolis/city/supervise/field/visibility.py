"""Which tasks and samples someone sees. A firm and its town learn of a visit when it begins, never before.

Laboratories see none of these rows: through a task a firm can be reached. What they see of a sample is told by
``laboratory_queries``, by its code alone.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import city_wide, organisations_of, roles_of, visibility
from qualipolis.city.supervise.field.models import (
    Assignment,
    Custody,
    FieldPhoto,
    Sample,
    SamplingForm,
    SamplingTask,
    Seal,
    Submission,
)

OVERSEERS = ("leader", "planner", "auditor", "admin")


def _mine(actor: Any) -> Q | None:
    """Return the condition on tasks for an actor; None means all of them."""
    if city_wide(actor, OVERSEERS):
        return None
    seen = Q(campaign__organiser__in=organisations_of(actor, ("department",)))
    if "inspector" in roles_of(actor):
        seen |= Q(assignments__person=actor)
    begun = Q(arrived_at__isnull=False)
    seen |= begun & Q(unit__government__in=organisations_of(actor, ("town_officer",)))
    firms = organisations_of(actor, ("enterprise",))
    if firms:
        codes = Organisation.objects.filter(pk__in=firms).values("code")
        seen |= begun & Q(enterprise__credit_code__in=codes)
    return seen


@visibility(SamplingTask)
def _tasks(actor: Any, rows: QuerySet[SamplingTask]) -> QuerySet[SamplingTask]:
    mine = _mine(actor)
    return rows if mine is None else rows.filter(pk__in=SamplingTask.objects.filter(mine).values("pk"))


def _through(path: str) -> Any:
    """Return the rule of rows that are seen with their task; the town and the firm see the form, not the hands."""

    def rule(actor: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        mine = _mine(actor)
        if mine is None:
            return rows
        return rows.filter(**{f"{path}__in": SamplingTask.objects.filter(mine).values("pk")})

    return rule


def _inside(path: str) -> Any:
    """Return the rule of rows that only the organiser and the samplers see."""

    def rule(actor: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if city_wide(actor, OVERSEERS):
            return rows
        mine = Q(campaign__organiser__in=organisations_of(actor, ("department",)))
        if "inspector" in roles_of(actor):
            mine |= Q(assignments__person=actor)
        return rows.filter(**{f"{path}__in": SamplingTask.objects.filter(mine).values("pk")})

    return rule


visibility(SamplingForm)(_through("task"))
visibility(FieldPhoto)(_through("task"))
visibility(Seal)(_inside("sample__task"))
visibility(Sample)(_inside("task"))
visibility(Custody)(_inside("sample__task"))
visibility(Assignment)(_inside("task"))
visibility(Submission)(_inside("task"))
