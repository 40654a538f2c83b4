"""Monthly figures of the one-stop service: counts with what they are counts of; what nobody did yet is missing, not zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.policy import visible
from qualipolis.city.nqi.models import Demand, Evaluation, NeedType, Order, ServiceComplaint
from qualipolis.city.nqi.services.visibility import OVERSEERS, STATION
from qualipolis.law.calendar import add_months
from qualipolis.law.terms import deadline

LEAST = 3
MONTHS = 12


@dataclass(frozen=True)
class Share:
    """So many of so many; the share is missing where there are none, or too few to be told."""

    part: int
    n: int

    @property
    def value(self) -> float | None:
        return self.part / self.n if self.n else None


@dataclass(frozen=True)
class Month:
    """The figures of one month, by the day on which each thing happened."""

    first: date
    demands: int
    by_kind: dict[str, int]
    accepted_in_time: Share
    matched: Share
    orders: int
    delivered: int
    on_time: Share
    stars: float | None
    stars_n: int
    complaints: int
    gaps: int


def month_of(day: date) -> date:
    """Return the first day of a month."""
    return day.replace(day=1)


def months(actor: Any, last: date | None = None, count: int = MONTHS) -> list[Month]:
    """Return the last months that somebody sees, the latest first."""
    firsts = [month_of(last or timezone.localdate())]
    while len(firsts) < count:
        firsts.append(previous(firsts[-1]))
    return [month(actor, first) for first in firsts]


def month(actor: Any, first: date) -> Month:
    """Return the figures of one month over the rows that somebody sees."""
    after = add_months(first, 1)
    demands = visible(actor, Demand.objects.all())
    orders = visible(actor, Order.objects.all())
    made = list(
        demands.filter(made_on__gte=first, made_on__lt=after).values_list(
            "pk", "need_type", "made_on", "accepted_on", "status"
        )
    )
    done = list(
        orders.filter(delivered_on__gte=first, delivered_on__lt=after).values_list("delivered_on", "promised_on")
    )
    stars = list(
        visible(actor, Evaluation.objects.filter(made_on__gte=first, made_on__lt=after)).values_list("stars", flat=True)
    )
    told = visible(actor, ServiceComplaint.objects.filter(made_on__gte=first, made_on__lt=after))
    return Month(
        first, len(made), dict(Counter(kind for _pk, kind, *_rest in made)), _accepted(made), _matched(demands, made),
        orders.filter(placed_on__gte=first, placed_on__lt=after).count(), len(done), _on_time(done),
        sum(stars) / len(stars) if len(stars) >= LEAST else None, len(stars), told.count(),
        demands.filter(outcome=Demand.Outcome.GAP, ended_on__gte=first, ended_on__lt=after).count(),
    )  # fmt: skip


def _accepted(made: Iterable[Any]) -> Share:
    """Return how many were accepted in their term; those whose term still runs do not count yet."""
    today, part, n = timezone.localdate(), 0, 0
    for _pk, _kind, day, accepted, _status in made:
        due = deadline("nqi.acceptance", day).due
        if accepted is None and due >= today:
            continue
        n += 1
        part += accepted is not None and accepted <= due
    return Share(part, n)


def _matched(demands: QuerySet[Demand], made: Iterable[Any]) -> Share:
    """Return for how many of the demands of the month an institution was found, of those for which one was looked for."""
    keys = [pk for pk, _kind, _day, _accepted, status in made]
    found = demands.filter(pk__in=keys, quotes__isnull=False).distinct().count()
    none = demands.filter(pk__in=keys, quotes=None, status__in=("unmatched", "escalated", "closed")).exclude(
        outcome=Demand.Outcome.ANSWERED
    )
    return Share(found, found + none.count())


def _on_time(done: Iterable[tuple[date, date | None]]) -> Share:
    days = [(delivered, promised) for delivered, promised in done if promised is not None]
    return Share(sum(delivered <= promised for delivered, promised in days), len(days))


def previous(first: date) -> date:
    """Return the first day of the month before."""
    return month_of(first - timedelta(days=1))


@listing("nqi-months", gettext_lazy("Monthly figures of the service"), roles=(*STATION, *OVERSEERS))
def month_list(actor: Any, params: Any) -> pl.DataFrame:
    """Return the last twelve months, one line each; shares with the number they are shares of."""
    rows = months(actor)
    return table(
        {
            _("Month"): (pl.String, [f"{one.first:%Y-%m}" for one in rows]),
            _("Demands"): (pl.Int64, [one.demands for one in rows]),
            **{str(kind.label): (pl.Int64, [one.by_kind.get(kind.value, 0) for one in rows]) for kind in NeedType},
            _("Accepted in time, share"): (pl.Float64, [one.accepted_in_time.value for one in rows]),
            _("Accepted in time, of"): (pl.Int64, [one.accepted_in_time.n for one in rows]),
            _("Institution found, share"): (pl.Float64, [one.matched.value for one in rows]),
            _("Institution found, of"): (pl.Int64, [one.matched.n for one in rows]),
            _("Orders of services"): (pl.Int64, [one.orders for one in rows]),
            _("Delivered"): (pl.Int64, [one.delivered for one in rows]),
            _("Delivered on time, share"): (pl.Float64, [one.on_time.value for one in rows]),
            _("Delivered on time, of"): (pl.Int64, [one.on_time.n for one in rows]),
            _("Stars, mean"): (pl.Float64, [one.stars for one in rows]),
            _("Evaluations"): (pl.Int64, [one.stars_n for one in rows]),
            _("Complaints"): (pl.Int64, [one.complaints for one in rows]),
            _("Gaps"): (pl.Int64, [one.gaps for one in rows]),
        }
    )
