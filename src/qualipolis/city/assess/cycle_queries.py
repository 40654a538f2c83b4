"""What the cycle around a run can tell: checks on site, notices, rectifications. Reads only, in few queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qualipolis.city.assess import cycle_visibility as _visibility  # noqa: F401 (registers the rules)
from qualipolis.city.assess.drawing import Candidate, draw
from qualipolis.city.assess.evidence import file_counts
from qualipolis.city.assess.models import (
    Notice,
    Rectification,
    RectificationItem,
    Release,
    SiteCheck,
    SiteFinding,
    SiteVisit,
)
from qualipolis.city.assess.notice_reader import reading
from qualipolis.city.assess.site_check import population_hash
from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.policy import visible
from qualipolis.city.measure.models import CollectionRound, Served
from qualipolis.city.registry.models import Unit


@dataclass(frozen=True)
class VisitLine:
    """One visit in a list: how many findings there are, of which kind, and how many wait for something."""

    row: SiteVisit
    findings: int
    results: dict[str, int]
    open: int
    unsettled: int


def site_checks(actor: Any, round_: CollectionRound | None = None) -> QuerySet[SiteCheck]:
    """Return the plans of checks that ``actor`` may see, the latest first."""
    rows = visible(actor, SiteCheck.objects.select_related("round__set", "planned_by"))
    return rows if round_ is None else rows.filter(round=round_)


def site_visits(actor: Any, check: SiteCheck | None = None) -> list[VisitLine]:
    """Return the visits that ``actor`` may see with their findings counted, in a fixed number of queries."""
    rows = visible(actor, SiteVisit.objects.select_related("unit", "check_plan__round__set"))
    rows = (rows if check is None else rows.filter(check_plan=check)).prefetch_related("checkers")
    visits = list(rows.order_by("-check_plan__planned_at", "unit__code"))
    results: dict[int, Counter[str]] = defaultdict(Counter)
    unsettled: Counter[int] = Counter()
    found = SiteFinding.objects.filter(visit__in=[visit.pk for visit in visits]).order_by()
    for visit, result, settled in found.values_list("visit_id", "result", "settled_at"):
        results[visit][result] += 1
        unsettled[visit] += result not in ("", SiteFinding.Result.CONFIRMED) and settled is None
    return [
        VisitLine(
            row, sum(results[row.pk].values()), dict(results[row.pk]), results[row.pk].get("", 0), unsettled[row.pk]
        )
        for row in visits
    ]


def findings(actor: Any, visit: SiteVisit) -> list[tuple[SiteFinding, int]]:
    """Return the findings of a visit that ``actor`` may see, each with the number of its files."""
    rows = visible(actor, SiteFinding.objects.filter(visit=visit))
    rows = rows.select_related("observation__indicator__owner", "found_by", "settled_by")
    found = list(rows.order_by("observation__indicator__position"))
    files = file_counts(found)
    return [(row, files[row.pk]) for row in found]


@dataclass(frozen=True)
class DrawCheck:
    """Whether the lots of a plan come out again: the seed, the population, and the units that lots should give."""

    population_holds: bool
    lots_hold: bool
    units: tuple[str, ...]


def verify_draw(check: SiteCheck) -> DrawCheck:
    """Draw the lots of a plan again from its seed and the units that risk did not choose."""
    units = list(Unit.objects.filter(assessed=True).values_list("pk", "code"))
    visits = list(check.visits.select_related("unit"))
    risky = {visit.unit.code for visit in visits if visit.chosen == SiteVisit.Chosen.RISK}
    bare = [Candidate(pk, code, ()) for pk, code in units if code not in risky]
    again = tuple(one.candidate.code for one in draw(check.seed, bare, 0, check.at_random, 1))
    drawn = {visit.unit.code for visit in visits if visit.chosen == SiteVisit.Chosen.LOT}
    return DrawCheck(population_hash(code for _pk, code in units) == check.population, drawn == set(again), again)


@dataclass(frozen=True)
class NoticeFacts:
    """Everything a document of a notice prints: its number, dates, text, and the facts it rests on.

    ``whole`` says that the reader reads all of it; else text and facts hold nothing that is about other units, and
    ``rectify`` still counts every unit that rectifies, ``rectify_due`` their last day.
    """

    notice: Notice
    release: Release
    year: int
    document: str
    issued_on: date | None
    due_on: date | None
    status: str
    paragraphs_zh: tuple[str, ...]
    paragraphs_en: tuple[str, ...]
    facts: dict[str, Any]
    served: int
    acknowledged: int
    whole: bool
    rectify: int
    rectify_due: str


def notices(actor: Any, release: Release | None = None) -> QuerySet[Notice]:
    """Return the notices that ``actor`` may see, the latest first: for the public those that are issued."""
    rows = visible(actor, Notice.objects.select_related("release__assessment__round__set", "issued_by"))
    return rows if release is None else rows.filter(release=release)


def notice_facts(notice: Notice, reader: Any) -> NoticeFacts:
    """Return what ``reader`` (None: everyone) reads of a notice; ``facts`` are those frozen when it was issued.

    ``facts`` holds year, set, release, decision, units, grades (grade -> count), ungraded, vetoes, falsified, remarks
    and rectifications, each list with ``unit``, ``zh`` and ``en``.
    """
    lines = Served.objects.filter(kind=Served.Kind.NOTICE, thing=name_of(notice), ended_on=None).order_by()
    acknowledged = list(lines.values_list("acknowledged_at", flat=True))
    told, every = reading(notice, reader), notice.facts.get("rectifications", ())
    return NoticeFacts(
        notice=notice,
        release=notice.release,
        year=notice.facts.get("year", 0),
        document=notice.document,
        issued_on=notice.issued_on,
        due_on=notice.due_on,
        status=notice.status,
        paragraphs_zh=told.paragraphs_zh,
        paragraphs_en=told.paragraphs_en,
        facts=told.facts,
        served=len(acknowledged),
        acknowledged=sum(1 for at in acknowledged if at is not None),
        whole=told.whole,
        rectify=len(every),
        rectify_due=max((one["due_on"] for one in every), default=""),
    )


def notice_service(actor: Any, notice: Notice) -> QuerySet[Served]:
    """Return on whom a notice was served and who acknowledged it, as far as ``actor`` may see."""
    rows = visible(actor, Served.objects.filter(kind=Served.Kind.NOTICE, thing=name_of(notice), ended_on=None))
    return rows.select_related("unit", "acknowledged_by").order_by("unit__code")


@dataclass(frozen=True)
class RectificationLine:
    """One rectification in a list: items, how many are found fulfilled, days left, and whether it is overdue."""

    row: Rectification
    items: int
    fulfilled: int
    days_left: int
    overdue: bool


def rectifications(
    actor: Any, round_: CollectionRound | None = None, unit: Unit | None = None
) -> list[RectificationLine]:
    """Return the rectifications that ``actor`` may see, the open ones first by their last day."""
    rows = visible(actor, Rectification.objects.select_related("unit", "round__set"))
    rows = rows if round_ is None else rows.filter(round=round_)
    rows = rows if unit is None else rows.filter(unit=unit)
    found = list(rows.order_by("due_on", "unit__code"))
    counts = _item_counts({row.pk for row in found})
    today = timezone.localdate()
    lines = [RectificationLine(row, *counts[row.pk], (row.due_on - today).days, row.overdue_on(today)) for row in found]
    return sorted(lines, key=lambda line: line.row.status == Rectification.Status.CLOSED)


def _item_counts(keys: Collection[int]) -> dict[int, tuple[int, int]]:
    found: dict[int, list[int]] = {key: [0, 0] for key in keys}
    for key, fulfilled in RectificationItem.objects.order_by().values_list("rectification_id", "fulfilled"):
        if key in found:
            found[key][0] += 1
            found[key][1] += bool(fulfilled)
    return {key: (n, done) for key, (n, done) in found.items()}


def rectification_items(row: Rectification) -> list[RectificationItem]:
    """Return the items of a rectification with indicator and owner."""
    return list(row.items.select_related("indicator__dimension", "owner", "checked_by"))
