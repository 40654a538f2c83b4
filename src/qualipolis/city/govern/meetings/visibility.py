"""Who sees meetings, resolutions and joint tasks: members and those who guide them, the public what was published."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import person_of, visibility
from qualipolis.city.govern.bodies import guides, in_secretariat, members_of
from qualipolis.city.govern.models import FederationMeeting, JointTask, Resolution

DONE = ("done",)


def _member(actor: Any) -> QuerySet[Any]:
    return members_of(actor).filter(status__in=("active", "suspended")).values("pk")


@visibility(FederationMeeting)
def seen_meetings(actor: Any, rows: QuerySet[FederationMeeting]) -> QuerySet[FederationMeeting]:
    """All for the secretariat; from the invitation on for those who were invited and those who guide; then everybody."""
    if in_secretariat(actor):
        return rows
    if guides(actor):
        return rows.exclude(status="planned")
    return rows.filter(Q(status="published") | Q(pk__in=_invited(actor)))


def _invited(actor: Any) -> QuerySet[Any]:
    return FederationMeeting.objects.filter(attendance__member__in=_member(actor)).values("pk")


@visibility(Resolution)
def seen_resolutions(actor: Any, rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """Those of the meetings that somebody sees."""
    return rows.filter(meeting__in=seen_meetings(actor, FederationMeeting.objects.all()).values("pk"))


@visibility(JointTask)
def seen_tasks(actor: Any, rows: QuerySet[JointTask]) -> QuerySet[JointTask]:
    """All for members, the secretariat and those who guide; what is done for everybody."""
    if in_secretariat(actor) or guides(actor) or _member(actor).exists():
        return rows
    person = person_of(actor)
    return rows.filter(Q(status__in=DONE) | Q(proposed_by=person)) if person else rows.filter(status__in=DONE)
