"""Mediation that market regulation entrusted to the federation: its list, with numbers and days and nothing of the parties.

The federation mediates in the authority's name and passes nothing on: no verb of this room names another body, and the
verbs of mediation itself are those of listening, for the mediators of the federation alone.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import organisations_of
from qualipolis.city.govern.bodies import FEDERATION, in_secretariat, of_federation
from qualipolis.city.listen.models import Complaint

NOW = Q(status="entrusted") | Q(status="paused", paused_from="entrusted")


def entrusted(actor: Any, show: str = "") -> QuerySet[Complaint]:
    """Return the complaints entrusted to the federation that its secretariat and its mediators follow by number and day."""
    mine = in_secretariat(actor) or bool(organisations_of(actor, ("mediator",)) & set(of_federation()))
    rows = Complaint.objects.filter(mediator__code=FEDERATION) if mine else Complaint.objects.none()
    rows = rows.filter(NOW) if show == "now" else rows.exclude(NOW) if show == "over" else rows
    return rows.select_related("mediator_person", "unit").order_by("due_on", "pk")
