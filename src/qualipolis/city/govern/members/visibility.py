"""Who sees members and pledges: the secretariat and the agencies that guide all of them, members one another."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import own_codes, roles_of, visibility
from qualipolis.city.govern.bodies import MEMBERS, guides, in_secretariat, members_of
from qualipolis.city.govern.models import Member, Pledge

PUBLIC_PLEDGES = ("published", "doubted", "broken", "fulfilled", "lapsed")


@visibility(Member)
def seen_members(actor: Any, rows: QuerySet[Member]) -> QuerySet[Member]:
    """All for the secretariat and the agencies that guide; a member itself and the active ones."""
    if in_secretariat(actor) or guides(actor):
        return rows
    if roles_of(actor) & set(MEMBERS):
        return rows.filter(Q(status__in=("active", "suspended")) | Q(pk__in=members_of(actor).values("pk")))
    return rows.filter(status="active")


@visibility(Pledge)
def seen_pledges(actor: Any, rows: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Those handed in for the secretariat, its own for a firm, the published ones for everybody."""
    public = Q(status__in=PUBLIC_PLEDGES) & Q(published_on__isnull=False)
    if in_secretariat(actor):
        return rows.exclude(status="drafted", published_on=None, reason="")
    return rows.filter(public | Q(enterprise__credit_code__in=own_codes(actor)))
