"""The weekly series behind a signal, for its page: what came, what was expected, up to what is usual, and what else is known.

Counts only. Every week is judged from the weeks before it alone, as the engine judged it then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Min, Q

from qualipolis.city.core.policy import System
from qualipolis.city.listen.models import Alert, Incident, Letter, Signal, SignalRun
from qualipolis.city.listen.signals.hearing import NOT_COUNTED, NOT_STATED
from qualipolis.city.listen.signals.running import ALPHA, WEEK, monday_of
from qualipolis.city.supervise.queries import result_queries
from qualipolis.methods.sampling.proportion import Interval, wilson

SHOWN, HALF_YEAR, NEAR, BEFORE = 52, 26, 8, 52
KEPT = 24 * 3600
SYSTEM = System("listen")


@dataclass(frozen=True)
class Series:
    """Weeks (their Mondays) with count, expected number and the bound that chance passes in one week of twenty."""

    weeks: tuple[date, ...]
    counts: tuple[int, ...]
    expected: tuple[float | None, ...]
    bound: tuple[float | None, ...]
    called: int | None

    @property
    def over(self) -> tuple[bool, ...]:
        """Whether each week lies above its bound."""
        return tuple(b is not None and n > b for n, b in zip(self.counts, self.bound, strict=True))


@dataclass(frozen=True)
class Known:
    """One kind of record on the same class of product: how many lately, and in as many weeks on average before."""

    kind: str
    recent: int
    usual: float | None


@dataclass(frozen=True)
class Context:
    """What else is known of the class: records by kind, and its random supervision samples of the last two years.

    ``sampled`` is False for a danger without a class: samples are taken of a class.
    """

    weeks: int
    known: tuple[Known, ...]
    tested: int
    failed: int
    rate: Interval | None
    other_failed: int
    sampled: bool = True


def key_of(row: Signal) -> tuple[str, str, str]:
    """Return product, danger and town of a signal's series; an empty one means all of them."""
    try:
        product, hazard, place = json.loads(row.key)
    except ValueError:
        product, hazard, place = row.product_class, row.hazard, row.unit.code if row.unit else ""
    return str(product), str(hazard), str(place)


def _about(key: tuple[str, str, str], unit: str = "unit__code") -> Q:
    """Return the records of a series; "not stated" is a value of its own."""
    wanted = Q()
    for name, value in zip(("product_class", "hazard", unit), key, strict=True):
        if value == NOT_STATED:
            wanted &= Q(unit=None) if name == unit else Q(**{name: ""})
        elif value:
            wanted &= Q(**{name: value})
    return wanted


def _days(row: Signal, until: date) -> tuple[list[date], date | None]:
    """Return the days of the records of a series, and the first day of any record."""
    if row.kind == Signal.Kind.ABROAD:
        rows = Alert.objects.filter(alerted_on__lte=until)
        first = rows.aggregate(first=Min("alerted_on"))["first"]
        return list(rows.filter(product_class=row.product_class).values_list("alerted_on", flat=True)), first
    key = key_of(row)
    letters = Letter.objects.filter(received_on__lte=until)
    incidents = Incident.objects.filter(reported_on__lte=until, letter=None).exclude(status__in=NOT_COUNTED)
    firsts = (letters.aggregate(first=Min("received_on")), incidents.aggregate(first=Min("reported_on")))
    days = [*letters.filter(_about(key)).values_list("received_on", flat=True)]
    days += incidents.filter(_about(key)).values_list("reported_on", flat=True)
    return days, min((one["first"] for one in firsts if one["first"]), default=None)


def series_of(row: Signal) -> Series:
    """Return the last year of a signal's series up to the last week that was looked at; kept until the next look."""
    last = SignalRun.objects.order_by("-week").first()
    week = max(row.week, last.week) if last else row.week
    name = f"listen.signal:{row.pk}:{last.pk if last else 0}:{row.week:%Y%m%d}"
    found: Series = cache.get_or_set(name, lambda: _series(row, week), KEPT)
    return found


def _series(row: Signal, week: date) -> Series:
    days, first = _days(row, week + timedelta(days=6))
    start = monday_of(first or week)
    mondays = tuple(start + n * WEEK for n in range((week - start).days // 7 + 1))
    counts = np.zeros(len(mondays))
    for day in days:
        counts[(monday_of(day) - start).days // 7] += 1
    expected, bound = _usual(counts)
    shown = slice(max(0, len(mondays) - SHOWN), None)
    weeks = mondays[shown]
    called = weeks.index(row.week) if row.week in weeks else None
    return Series(weeks, tuple(int(n) for n in counts[shown]), expected[shown], bound[shown], called)


def _usual(counts: Any) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Return what the half-year before each week leads to; None where there was too little before."""
    from qualipolis.methods.signal.series import bayes

    if len(counts) < 3:
        return (None,) * len(counts), (None,) * len(counts)
    found = bayes(counts, half_width=min(HALF_YEAR, len(counts) - 2), alpha=ALPHA)
    return _plain(found.expected), _plain(found.upperbound)


def _plain(values: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(None if one != one else float(one) for one in np.ravel(np.asarray(values)))


def context_of(row: Signal) -> Context | None:
    """Return what else is known of the class of a signal, or of its danger where it names no class; None where neither.

    The hospital says nothing here.
    """
    about = {"product_class": row.product_class} if row.product_class else {"hazard": row.hazard}
    if not any(about.values()):
        return None
    until = row.week + timedelta(days=6)
    letters = Letter.objects.filter(**about)
    incidents = Incident.objects.filter(**about).exclude(status__in=NOT_COUNTED)
    known = [
        _known("complaints", letters.exclude(complaint=None), "received_on", until),
        _known("reports", letters.exclude(report=None), "received_on", until),
        _known("incidents", incidents, "reported_on", until),
    ]
    if not row.product_class:
        return Context(NEAR, tuple(known), 0, 0, None, 0, sampled=False)
    known.append(_known("alerts", Alert.objects.filter(**about), "alerted_on", until))
    rows = _results(row.product_class, until)
    random = rows.filter(sample__task__campaign__purpose="random")
    tested, failed = random.count(), random.filter(verdict="fail").count()
    others = rows.exclude(sample__task__campaign__purpose="random").filter(verdict="fail").count()
    return Context(NEAR, tuple(known), tested, failed, wilson(failed, tested) if tested else None, others)


def _results(category: str, until: date) -> Any:
    """Return the results of supervision samples of a class in the two years before a day; voided ones do not count."""
    since = until - timedelta(days=731)
    rows = result_queries.results(SYSTEM).filter(sample__task__campaign__rule__category=category)
    return rows.filter(reported_on__gt=since, reported_on__lte=until).exclude(status="voided")


def _known(kind: str, rows: Any, day: str, until: date) -> Known:
    """Count the last weeks, and the year before them on average; no average where the records do not reach so far."""
    near, far = until - NEAR * WEEK, until - (NEAR + BEFORE) * WEEK
    recent = rows.filter(**{f"{day}__gt": near, f"{day}__lte": until}).count()
    earlier = rows.filter(**{f"{day}__gt": far, f"{day}__lte": near}).count()
    first = rows.aggregate(first=Min(day))["first"]
    return Known(kind, recent, earlier * NEAR / BEFORE if first is not None and first <= near else None)
