"""Who sees results: the organiser, the town it happened in, the party its own from the day its notice went out."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import readable
from qualipolis.city.core.policy import city_wide, organisations_of, own_codes, visibility
from qualipolis.city.supervise.models import Objection, Recheck, Result, ServedResult

OVERSEERS = ("leader", "planner", "auditor", "department")


def _inside(actor: Any, path: str) -> Q:
    """Rows of the organiser's campaigns, of the town's firms, of the tasks an inspector sampled or the branch handles."""
    task = f"{path}sample__task__"
    branches = organisations_of(actor, ("inspector",))
    return (
        Q(**{f"{task}campaign__organiser__in": organisations_of(actor, ("department",))})
        | Q(**{f"{task}unit__government__in": organisations_of(actor, ("town_officer",))})
        | Q(**{f"{path}pk__in" if path else "pk__in": _of_branches(actor, branches)})
    )


def _of_branches(actor: Any, branches: set[int]) -> QuerySet[Any]:
    key = getattr(actor, "pk", None) or 0
    if not branches:
        return Result.objects.none().values("pk")
    rows = Result.objects.filter(Q(sample__task__assignments__person=key) | Q(handling__handler__in=branches))
    return rows.values("pk")


def sent_to(actor: Any) -> QuerySet[ServedResult]:
    """Return the services of the firms for which somebody acts, once the notice went out."""
    rows = ServedResult.objects.filter(enterprise__credit_code__in=own_codes(actor))
    return rows.filter(Q(sent_on__isnull=False) | Q(served_on__isnull=False))


@visibility(Result)
def _results(actor: Any, rows: QuerySet[Result]) -> QuerySet[Result]:
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(_inside(actor, "") | Q(pk__in=sent_to(actor).values("result")))


@visibility(ServedResult)
def _services(actor: Any, rows: QuerySet[ServedResult]) -> QuerySet[ServedResult]:
    """A party sees its own service and not those of others."""
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(_inside(actor, "result__") | Q(pk__in=sent_to(actor).values("pk")))


@visibility(Objection)
def _objections(actor: Any, rows: QuerySet[Objection]) -> QuerySet[Objection]:
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(_inside(actor, "result__") | Q(service__in=sent_to(actor).values("pk")))


@visibility(Recheck)
def _rechecks(actor: Any, rows: QuerySet[Recheck]) -> QuerySet[Recheck]:
    if city_wide(actor, OVERSEERS):
        return rows
    return rows.filter(_inside(actor, "result__") | Q(objection__service__in=sent_to(actor).values("pk")))


readable(ServedResult, Objection, Recheck)
