"""Pacts and breaches under a filter, and what the public reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When

from qualipolis.city.core.policy import visible
from qualipolis.city.govern.models import Pact, PactBreach
from qualipolis.city.govern.pacts.breaches import OPEN
from qualipolis.city.govern.pacts.writing import LIVING
from qualipolis.law.flows.federation import PACT, PACT_BREACH

Params = Mapping[str, str]
SIGNED = Count("signatures", filter=Q(signatures__ended_on=None))


def pacts(actor: Any, params: Params | None = None) -> QuerySet[Pact]:
    """Return the pacts that somebody sees under a filter: what waits first, then the newest."""
    params = params or {}
    chosen = {
        "draft": Q(status="draft"), "checking": Q(status="checking"), "cleared": Q(status="cleared"),
        "living": Q(status__in=LIVING), "over": Q(status__in=PACT.finals),
    }  # fmt: skip
    rows = visible(actor, Pact.objects.select_related("committee", "written_by")).filter(
        chosen.get(params.get("show", ""), Q())
    )
    if text := params.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text) | Q(title_en__icontains=text))
    over = Case(When(status__in=PACT.finals, then=2), When(status__in=LIVING, then=1), default=0)
    return rows.annotate(signed=SIGNED, over=over).order_by("over", F("due_on").asc(nulls_last=True), "-pk")


def breaches(actor: Any, params: Params | None = None) -> QuerySet[PactBreach]:
    """Return the breaches that somebody sees under a filter."""
    params = params or {}
    chosen = {
        "new": Q(status="raised"), "hearing": Q(status__in=("examining", "heard")), "coaching": Q(status__in=("coaching", "mended")),
        "open": Q(status__in=OPEN), "over": Q(status__in=PACT_BREACH.finals),
    }  # fmt: skip
    rows = visible(actor, PactBreach.objects.select_related("pact", "member__organisation"))
    rows = rows.filter(chosen.get(params.get("show", ""), Q()))
    over = Case(When(status__in=PACT_BREACH.finals, then=1), default=0)
    return rows.annotate(over=over).order_by("over", F("due_on").asc(nulls_last=True), "-pk")


def public_pacts() -> QuerySet[Pact]:
    """Return the pacts as everybody reads them; one that is checked again is not there while that lasts."""
    rows = Pact.objects.filter(status__in=(*LIVING, "replaced", "ended")).exclude(published_on=None)
    over = Case(When(status__in=LIVING, then=0), default=1)
    return rows.select_related("committee").annotate(signed=SIGNED, over=over).order_by("over", "-published_on", "-pk")


def figures_of(row: Pact) -> dict[str, int]:
    """Return how a pact is kept: signatures, breaches found, mended and struck; members are not named."""
    states = [one.status for one in row.breaches.all()]
    return {
        "signed": row.signatures.filter(ended_on=None).count(),
        "open": sum(one in OPEN for one in states),
        "mended": states.count("coached"),
        "struck": states.count("struck"),
        "unfounded": states.count("unfounded"),
    }
