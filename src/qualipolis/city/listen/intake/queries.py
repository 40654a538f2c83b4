"""Letters under a filter, for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.policy import visible
from qualipolis.city.listen.intake.models import Letter

RELATED = ("unit", "enterprise", "complaint", "report", "identity")


def letters(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[Letter]:
    """Return the letters that somebody sees, the latest first."""
    params = params or {}
    rows = visible(actor, Letter.objects.select_related(*RELATED))
    if params.get("show") == "unplaced":
        rows = rows.filter(unit=None)
    if text := params.get("q", "").strip()[:60]:
        rows = rows.filter(
            Q(respondent_name__icontains=text) | Q(product_name__icontains=text) | Q(number__istartswith=text)
        )
    return rows.order_by("-received_at", "-pk")


def unplaced(actor: Any) -> QuerySet[Letter]:
    """Return the letters whose town is not known yet; they wait at the desk of the city."""
    return letters(actor, {"show": "unplaced"})
