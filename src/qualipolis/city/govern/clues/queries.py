"""Clues under a filter, and the figures that everybody reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.govern.models import Clue
from qualipolis.law.flows.federation.clue import SENT

Params = Mapping[str, str]
ENDED = ("answered", "closed")


def clues(actor: Any, params: Params | None = None) -> QuerySet[Clue]:
    """Return the clues that somebody sees under a filter, those due first."""
    params, today = params or {}, timezone.localdate()
    chosen = {
        "new": Q(status="raised"), "screened": Q(status="screened"), "out": Q(status__in=SENT), "answered": Q(status__in=ENDED),
        "late": Q(due_on__lt=today) & ~Q(status__in=ENDED), "high": Q(risk="high") & ~Q(status__in=ENDED),
    }  # fmt: skip
    rows = visible(actor, Clue.objects.select_related("unit", "enterprise", "association__organisation"))
    rows = rows.filter(chosen.get(params.get("show", ""), Q()))
    if text := params.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__startswith=text.upper()) | Q(respondent_name__icontains=text))
    over = Case(When(status__in=ENDED, then=1), default=0)
    return rows.annotate(over=over).order_by("over", F("due_on").asc(nulls_last=True), "-pk")


def figures(since: date, until: date) -> dict[str, int]:
    """Return how many clues came in a period and what became of them; nothing in them names anybody."""
    rows = Clue.objects.filter(raised_on__gte=since, raised_on__lte=until)
    answered = rows.exclude(answered_on=None)
    return {
        "received": rows.count(),
        "anonymous": rows.filter(named=False).count(),
        "forwarded": rows.exclude(report=None).count(),
        "referred": rows.exclude(case=None).count(),
        "self_discipline": rows.exclude(association=None).count(),
        "answered": answered.count(),
    }
