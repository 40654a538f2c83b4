"""Who sees signals: those who work with them in the administration; of proposals also the room that they address."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import roles_of, visibility
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.models import Proposal, Signal, SignalRun

ANALYSTS = ("department", "planner", "complaint_desk")
READERS = (*ANALYSTS, "leader", "auditor", "inspector")
HOSPITAL = ("hospital_desk", "hospital_manager")


def _reads(actor: Any) -> bool:
    return bool(roles_of(actor) & {*READERS, SYSTEM})


@visibility(SignalRun)
def seen_runs(actor: Any, rows: QuerySet[SignalRun]) -> QuerySet[SignalRun]:
    """All for those who work with signals."""
    return rows if _reads(actor) else rows.none()


@visibility(Signal)
def seen_signals(actor: Any, rows: QuerySet[Signal]) -> QuerySet[Signal]:
    """All for those who work with signals; for the hospital those that propose it a consultation."""
    if _reads(actor):
        return rows
    asked = Proposal.objects.filter(kind=Proposal.Kind.HOSPITAL).values("signal")
    return rows.filter(pk__in=asked) if roles_of(actor) & set(HOSPITAL) else rows.none()


@visibility(Proposal)
def seen_proposals(actor: Any, rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """All for those who work with signals; for the hospital those that address it."""
    if _reads(actor):
        return rows
    return rows.filter(Q(kind=Proposal.Kind.HOSPITAL)) if roles_of(actor) & set(HOSPITAL) else rows.none()
