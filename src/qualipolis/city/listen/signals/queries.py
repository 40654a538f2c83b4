"""What the pages of signals show: the board of the week, lists, proposals, the towns where something gathers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.policy import roles_of, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.models import Complaint, Letter, Proposal, Signal, SignalRun
from qualipolis.city.listen.signals.deciding import ANSWERED_BY
from qualipolis.city.registry.models import Unit

OPEN = ("raised", "looking")
SHOWS: dict[str, Q] = {
    "open": Q(status__in=OPEN),
    "acted": Q(status="acted"),
    "confirmed": Q(status="confirmed"),
    "dismissed": Q(status="dismissed"),
}


@dataclass(frozen=True)
class Board:
    """The week that was looked at last, what is unusual in it, what is still at work, and what was looked through."""

    run: SignalRun | None
    unusual: tuple[Signal, ...]
    at_work: tuple[Signal, ...]
    month_signals: int
    month_complaints: int

    @property
    def until(self) -> date | None:
        """The last day that was looked at."""
        return self.run.week + timedelta(days=6) if self.run else None


@dataclass(frozen=True)
class Place:
    """One town on the map: open signals that name it, records behind them, whether it belongs to a cluster."""

    unit: Unit
    signals: tuple[Signal, ...]
    records: int
    clustered: bool


def signals(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[Signal]:
    """Return the signals somebody sees, the latest week first, under ``show``, ``week`` and ``q``."""
    given = params or {}
    rows = visible(actor, Signal.objects.select_related("unit", "run", "looked_by", "merged_into"))
    rows = rows.filter(SHOWS[given["show"]]) if given.get("show") in SHOWS else rows
    if week := given.get("week", ""):
        try:
            rows = rows.filter(week=date.fromisoformat(week))
        except ValueError:
            rows = rows.none()
    if text := given.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__icontains=text) | Q(product_class__icontains=text) | Q(hazard__icontains=text))
    return rows.order_by("-week", "q_value", "pk")


def board(actor: Any) -> Board:
    """Return the board of the week that was looked at last."""
    run = visible(actor, SignalRun.objects.all()).order_by("-week").first()
    rows = signals(actor).prefetch_related("proposals")
    if run is None:
        return Board(None, (), tuple(rows.filter(status__in=(*OPEN, "acted"))), 0, 0)
    now = tuple(rows.filter(week=run.week, status__in=OPEN))
    before = tuple(rows.filter(Q(status="acted") | Q(status__in=OPEN, week__lt=run.week)).order_by("due_on", "pk"))
    until = run.week + timedelta(days=6)
    month = until.replace(day=1)
    raised = signals(actor).filter(week__gt=month - timedelta(days=7), week__lte=run.week).exclude(status="merged")
    checked = Complaint.objects.filter(received_on__gte=month, received_on__lte=until).count()
    return Board(run, now, before, raised.count(), checked)


def runs(actor: Any) -> QuerySet[SignalRun]:
    """Return the weeks that were looked at, the latest first, with how many of their signals were confirmed."""
    rows = visible(actor, SignalRun.objects.all())
    return rows.annotate(confirmed=Count("signals", filter=Q(signals__status="confirmed"))).order_by("-week")


def proposals(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[Proposal]:
    """Return the proposals somebody sees; ``show=open`` those that wait."""
    rows = visible(actor, Proposal.objects.select_related("signal__unit", "proposed_by", "answered_by"))
    if (params or {}).get("show") == "open":
        rows = rows.filter(status="proposed")
    return rows.order_by("-pk")


def to_answer(actor: Any) -> QuerySet[Proposal]:
    """Return the proposals that wait for an answer of somebody's office, by their days."""
    roles = roles_of(actor)
    kinds = [kind for kind, who in ANSWERED_BY.items() if roles & {*who, SYSTEM}]
    return proposals(actor, {"show": "open"}).filter(kind__in=kinds).order_by("due_on", "pk")


def places(actor: Any) -> list[Place]:
    """Return the assessed towns with the open signals that name them, alone or in a cluster."""
    rows = list(signals(actor).filter(status__in=(*OPEN, "acted"), kind=Signal.Kind.PLACE))
    found = []
    for unit in Unit.objects.filter(assessed=True).order_by("code"):
        mine = [one for one in rows if one.unit_id == unit.pk or unit.code in one.units]
        clustered = any(unit.code in one.units for one in mine)
        found.append(Place(unit, tuple(mine), sum(one.count for one in mine if one.unit_id == unit.pk), clustered))
    return found


def like(actor: Any, row: Signal) -> QuerySet[Signal]:
    """Return other signals on the same class of product: open ones first to join with, then what became of earlier ones."""
    rows = signals(actor).exclude(pk=row.pk).exclude(status="merged")
    return rows.filter(product_class=row.product_class) if row.product_class else rows.filter(hazard=row.hazard)


def waiting_since(actor: Any) -> int:
    """Return how many letters came since the last week that was looked at."""
    run = visible(actor, SignalRun.objects.all()).order_by("-week").first()
    after = run.week + timedelta(days=6) if run else date.min
    return Letter.objects.filter(received_on__gt=after, received_on__lte=timezone.localdate()).count()
