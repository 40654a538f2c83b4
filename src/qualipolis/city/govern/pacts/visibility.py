"""Who sees pacts and their breaches: drafts the secretariat alone, a breach nobody but the parties."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import person_of, roles_of, visibility
from qualipolis.city.govern.bodies import REPRESENTATIVES, guides, in_secretariat, members_of
from qualipolis.city.govern.models import Pact, PactBreach

PUBLIC = ("published", "monitored", "replaced", "ended")


@visibility(Pact)
def seen_pacts(actor: Any, rows: QuerySet[Pact]) -> QuerySet[Pact]:
    """All for the secretariat; what is in the check for those who check or guide; the published ones for everybody."""
    if in_secretariat(actor):
        return rows
    if guides(actor) or roles_of(actor) & set(REPRESENTATIVES):
        return rows.exclude(status__in=("draft", "discarded"))
    return rows.filter(status__in=PUBLIC)


@visibility(PactBreach)
def seen_breaches(actor: Any, rows: QuerySet[PactBreach]) -> QuerySet[PactBreach]:
    """The secretariat all; a member those about itself, and who reported one that one. Agencies see none."""
    if in_secretariat(actor):
        return rows
    mine = Q(member__in=members_of(actor).values("pk"))
    person = person_of(actor)
    return rows.filter(mine | Q(raised_by=person) if person is not None else mine)
