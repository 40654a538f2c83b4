"""Who sees clues: the secretariat and the association one was given to; nobody whom a clue concerns, and no agency."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import grants_of, organisations_of, visibility
from qualipolis.city.govern.bodies import REPRESENTATIVES, in_secretariat, of_system
from qualipolis.city.govern.models import Clue

GIVEN = ("self_discipline", "handled", "answered", "closed")


@visibility(Clue)
def seen_clues(actor: Any, rows: QuerySet[Clue]) -> QuerySet[Clue]:
    """The secretariat all but those that concern one's own body; an association those given to it."""
    if of_system(actor):
        return rows
    mine = {org for _role, org in grants_of(actor) if org is not None} | {getattr(actor, "organisation_id", None)}
    codes = Organisation.objects.filter(pk__in=mine - {None}).values("code")
    rows = rows.exclude(Q(enterprise__isnull=False) & Q(enterprise__credit_code__in=codes))
    if in_secretariat(actor):
        return rows
    return rows.filter(association__organisation__in=organisations_of(actor, REPRESENTATIVES), status__in=GIVEN)
