"""What the page of a year is told: its set, round, run and notice, and the counts, for the whole city or for one's own units."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from qualipolis.city.assess import queries as assess
from qualipolis.city.assess.models import (
    Assessment,
    Notice,
    Rectification,
    Release,
    SelfEvaluation,
    SiteCheck,
    SiteVisit,
)
from qualipolis.city.core.policy import can, city_wide, organisations_of, roles_of, visible
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation, Served, TownTarget
from qualipolis.city.measure.serving import OPEN, window_of
from qualipolis.city.registry import queries as registry
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk.rooms.cycle.serve import read_by

OVERSEERS = ("leader", "planner", "auditor")


@dataclass(frozen=True)
class Lines:
    """What was served: on how many, since when, how many acknowledged, until when objections run, and one's own line."""

    total: int = 0
    acknowledged: int = 0
    since: date | None = None
    until: date | None = None
    open: int = 0
    own: Served | None = None


@dataclass(frozen=True)
class Year:
    """Everything the steps of a year are told from; ``own`` holds a town's units, None for those who see all."""

    user: Any
    year: int
    roles: set[str]
    own: tuple[Unit, ...] | None
    units: int
    set: IndicatorSet
    round: CollectionRound | None
    cells: Counter[str] = field(default_factory=Counter)
    targets: int = 0
    selves: Counter[str] = field(default_factory=Counter)
    self_due: date | None = None
    self_own: SelfEvaluation | None = None
    plans: int = 0
    visits: Counter[str] = field(default_factory=Counter)
    visit_own: SiteVisit | None = None
    run: Assessment | None = None
    release: Release | None = None
    preview: Lines = field(default_factory=Lines)
    notice: Notice | None = None
    served: Lines = field(default_factory=Lines)
    rectifications: Counter[str] = field(default_factory=Counter)
    rect_due: date | None = None
    rect_late: int = 0
    rect_own: Rectification | None = None

    def may(self, verb: str) -> bool:
        """Whether this person may take a verb at all."""
        return can(self.user, verb)


def read_year(user: Any, year: int) -> Year | None:
    """Read a year in a fixed number of queries; None when there is no set of that year for this person."""
    sets = visible(user, IndicatorSet.objects.filter(year=year)).order_by("-version")
    set_ = sets.first()
    if set_ is None:
        return None
    rounds = visible(user, CollectionRound.objects.filter(set__year=year)).select_related("set")
    round_ = rounds.order_by("-set__version").first()
    own = _own(user)
    total = len(own) if own is not None else registry.units(assessed=True).count()
    targets = visible(user, TownTarget.objects.filter(indicator__set__year=year))
    found = targets.aggregate(n=Count("unit", distinct=True))["n"]
    base: dict[str, Any] = {"targets": found}
    if round_ is not None:
        base |= _of_round(user, round_, own)
    return Year(user, year, roles_of(user), own, total, set_, round_, **base)


def _own(user: Any) -> tuple[Unit, ...] | None:
    if city_wide(user, OVERSEERS):
        return None
    mine = organisations_of(user, ("town_officer",))
    return tuple(registry.units(assessed=True).filter(government__in=mine).order_by("code")) if mine else None


def _of_round(user: Any, round_: CollectionRound, own: tuple[Unit, ...] | None) -> dict[str, Any]:
    cells = visible(user, Observation.objects.filter(round=round_))
    cells = cells if own is None else cells.filter(unit__in=own)
    cells = cells.exclude(Q(status="empty") & ~Q(indicator__metric=""))  # only records can fill these
    counted = cells.order_by().values_list("status").annotate(n=Count("pk"))
    run = assess.assessments(user).filter(round=round_).first()
    release = getattr(run, "release", None)
    notice = assess.notices(user).filter(release__assessment__round=round_).exclude(status="withdrawn").first()
    return {
        "cells": Counter(dict(counted)),
        "run": run,
        "release": release or Release.objects.filter(assessment__round=round_, withdrawn_at=None).first(),
        "notice": notice,
        "preview": _lines(user, round_, Served.Kind.PREVIEW, own),
        "served": _lines(user, round_, Served.Kind.NOTICE, own),
        **_selves(user, round_, own),
        **_visits(user, round_, own),
        **_rectifications(user, round_, own),
    }


def _mine(rows: Any, own: tuple[Unit, ...] | None) -> Any:
    return rows.filter(unit__in=own) if own is not None else rows.none()


def _selves(user: Any, round_: CollectionRound, own: tuple[Unit, ...] | None) -> dict[str, Any]:
    rows = visible(user, SelfEvaluation.objects.filter(round=round_)).order_by()
    owed = Q(status__in=(SelfEvaluation.Status.DRAFT, SelfEvaluation.Status.RETURNED))
    return {
        "selves": Counter(dict(rows.values_list("status").annotate(n=Count("pk")))),
        "self_due": rows.filter(owed).aggregate(due=Min("due_on"))["due"],
        "self_own": _mine(rows, own).order_by("unit__code").first(),
    }


def _visits(user: Any, round_: CollectionRound, own: tuple[Unit, ...] | None) -> dict[str, Any]:
    rows = visible(user, SiteVisit.objects.filter(check_plan__round=round_)).order_by()
    return {
        "plans": visible(user, SiteCheck.objects.filter(round=round_)).count(),
        "visits": Counter(dict(rows.values_list("status").annotate(n=Count("pk")))),
        "visit_own": _mine(rows, own).order_by("unit__code").first(),
    }


def _rectifications(user: Any, round_: CollectionRound, own: tuple[Unit, ...] | None) -> dict[str, Any]:
    rows = visible(user, Rectification.objects.filter(round=round_)).order_by()
    done = (Rectification.Status.CLOSED, Rectification.Status.REPORTED)
    owed = rows.exclude(status__in=done)
    return {
        "rectifications": Counter(dict(rows.values_list("status").annotate(n=Count("pk")))),
        "rect_due": owed.aggregate(due=Min("due_on"))["due"],
        "rect_late": owed.filter(due_on__lt=timezone.localdate()).count(),
        "rect_own": _mine(rows, own).order_by("status", "due_on").first(),
    }


def _lines(user: Any, round_: CollectionRound, kind: str, own: tuple[Unit, ...] | None) -> Lines:
    """The lines of service by day: the term of each day is worked out once."""
    rows = visible(user, Served.objects.filter(round=round_, kind=kind, ended_on=None)).order_by()
    days = rows.values_list("served_on").annotate(
        n=Count("pk"),
        read=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        silent=Count("pk", filter=Q(no_objection=False)),
    )
    found = list(days)
    if not found:
        return Lines()
    today = timezone.localdate()
    preview = kind == Served.Kind.PREVIEW
    untils = {day: window_of(day) or today for day, *_counts in found} if preview else {}
    owed = [read_by(day) for day, n, read, _silent in found if not preview and read < n]
    running = round_.status in OPEN
    return Lines(
        total=sum(n for _day, n, _read, _silent in found),
        acknowledged=sum(read for _day, _n, read, _silent in found),
        since=min(day for day, *_counts in found),
        until=max(untils.values(), default=min(owed, default=None)),
        open=sum(silent for day, _n, _read, silent in found if running and day in untils and untils[day] >= today),
        own=_mine(rows, own).order_by(F("acknowledged_at").asc(nulls_first=True), "pk").first(),
    )


def years_of(user: Any) -> list[int]:
    """Return the years that have a set, the earliest first; at most the last eight."""
    rows = visible(user, IndicatorSet.objects.order_by("year"))
    return list(dict.fromkeys(rows.values_list("year", flat=True)))[-8:]


def current_year(user: Any) -> int | None:
    """Return the latest year that is under way: with a round or a frozen set, else the latest that has a set."""
    rows = visible(user, IndicatorSet.objects.order_by("-year"))
    begun = rows.filter(Q(rounds__isnull=False) | Q(status=IndicatorSet.Status.FROZEN))
    return (begun or rows).values_list("year", flat=True).first()
