"""Who sees gaps in capability, and how scopes were taken over: who works inside, and who serves demands."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import inside, organisations_of, roles_of, visibility
from qualipolis.city.nqi.models import CapabilityGap, GapAsk, ScopeImport, ScopeReading

IMPORTERS = ("inspector", "planner")
READERS = ("leader", "planner", "department", "town_officer", "inspector", "nqi_desk", "steward", "auditor", "admin")


def reads_gaps(actor: Any) -> bool:
    """Whether somebody reads the records of gaps: the administration and the stations."""
    return inside(actor) or bool(roles_of(actor) & {"nqi_desk", "steward"})


@visibility(CapabilityGap)
def seen_gaps(actor: Any, rows: QuerySet[CapabilityGap]) -> QuerySet[CapabilityGap]:
    return rows if reads_gaps(actor) else rows.none()


@visibility(GapAsk)
def seen_asks(actor: Any, rows: QuerySet[GapAsk]) -> QuerySet[GapAsk]:
    return rows if reads_gaps(actor) else rows.none()


def own_bodies(actor: Any) -> QuerySet[Any]:
    """Return the codes of the institutions for which somebody acts."""
    return Organisation.objects.filter(pk__in=organisations_of(actor, ("laboratory",))).values("code")


@visibility(ScopeImport)
def seen_imports(actor: Any, rows: QuerySet[ScopeImport]) -> QuerySet[ScopeImport]:
    """All for the administration; an institution sees its own."""
    return rows if inside(actor) else rows.filter(institution__code__in=own_bodies(actor))


@visibility(ScopeReading)
def seen_readings(actor: Any, rows: QuerySet[ScopeReading]) -> QuerySet[ScopeReading]:
    return rows if roles_of(actor) & {*IMPORTERS, "system"} else rows.none()


@reader("registry.scopesource")
def _files(actor: Any, pk: str) -> bool:
    return seen_imports(actor, ScopeImport.objects.filter(source=pk)).exists() if pk.isdigit() else False
