"""Who sees reviewers: the office and those who oversee it all of them, a reviewer oneself, the public who agreed to it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qualipolis.city.core.policy import roles_of, visibility
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.talent.models import Reviewer, ReviewerHours, ReviewerRating, ReviewerTie
from qualipolis.city.talent.reviewers.models import LEVELS

READERS = ("planner", "leader", "auditor", "trainer")


def inside(actor: Any) -> bool:
    """Whether somebody reads everything about reviewers."""
    return bool(roles_of(actor) & {*READERS, SYSTEM})


@visibility(Reviewer)
def seen_reviewers(actor: Any, rows: QuerySet[Reviewer]) -> QuerySet[Reviewer]:
    """All for the office; oneself for a reviewer."""
    return rows if inside(actor) else rows.filter(person_id=getattr(actor, "pk", None) or 0)


@visibility(ReviewerHours)
def seen_hours(actor: Any, rows: QuerySet[ReviewerHours]) -> QuerySet[ReviewerHours]:
    """Those of the reviewers somebody sees."""
    return rows if inside(actor) else rows.filter(reviewer__person_id=getattr(actor, "pk", None) or 0)


@visibility(ReviewerTie)
def seen_ties(actor: Any, rows: QuerySet[ReviewerTie]) -> QuerySet[ReviewerTie]:
    """Those of the reviewers somebody sees."""
    return rows if inside(actor) else rows.filter(reviewer__person_id=getattr(actor, "pk", None) or 0)


@visibility(ReviewerRating)
def seen_ratings(actor: Any, rows: QuerySet[ReviewerRating]) -> QuerySet[ReviewerRating]:
    """Those of the reviewers somebody sees."""
    return rows if inside(actor) else rows.filter(reviewer__person_id=getattr(actor, "pk", None) or 0)


def public_reviewers() -> QuerySet[Reviewer]:
    """Return the reviewers on the list who agreed to be named, the highest level first."""
    return (
        Reviewer.objects.filter(public=True, status__in=LEVELS).select_related("person").order_by("-status", "number")
    )
