"""What is shown of rounds, applicants and reviews: lists under a filter, items side by side, the trail of sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from qualipolis.city.core.policy import own_codes, visible
from qualipolis.city.talent.awards.parties import OPEN_SHEETS, RUNNING
from qualipolis.city.talent.awards.visibility import HOLDERS
from qualipolis.city.talent.models import (
    AwardApplication,
    AwardRound,
    Consensus,
    RegulatorOpinion,
    ScoreRun,
    ScoreSheet,
    SiteFinding,
)
from qualipolis.law.talent.excellence import CATEGORIES, Band, Item, band_of

Params = Mapping[str, str]


def rounds(actor: Any, params: Params | None = None) -> QuerySet[AwardRound]:
    """Return the rounds somebody sees, the latest first."""
    show = (params or {}).get("show", "")
    rows = visible(
        actor, AwardRound.objects.annotate(n=Count("applications", filter=~Q(applications__status="drafted")))
    )
    over = Q(status__in=("granted", "closed", "cancelled"))
    return rows.filter({"running": ~over, "over": over}.get(show, Q())).order_by("-year", "-pk")


def applications(actor: Any, params: Params | None = None) -> QuerySet[AwardApplication]:
    """Return the applications somebody sees with their latest sum, the highest first; without a sum last."""
    said = params or {}
    newest = ScoreRun.objects.filter(application=OuterRef("pk")).order_by("-serial")
    rows = visible(actor, AwardApplication.objects.select_related("round", "enterprise", "enterprise__unit"))
    rows = rows.annotate(
        total=Subquery(newest.values("total")[:1]), open_items=Subquery(newest.values("open_items")[:1]),
        sheets_in=Count("sheets", filter=Q(sheets__status="handed_in"), distinct=True),
        sheets_open=Count("sheets", filter=Q(sheets__status__in=OPEN_SHEETS), distinct=True),
    )  # fmt: skip
    if number := said.get("round"):
        rows = rows.filter(round__number=number)
    shows = {"running": Q(status__in=RUNNING), "held": Q(status="held"), "holders": Q(status__in=HOLDERS),
             "concern": Q(concerns__isnull=False, concerns__settled_on=None)}  # fmt: skip
    rows = rows.filter(shows.get(said.get("show", ""), Q()))
    if text := said.get("q", "").strip():
        rows = rows.filter(
            Q(number__icontains=text) | Q(enterprise__name_zh__icontains=text) | Q(enterprise__name_en__icontains=text)
        )
    return rows.order_by("-round__year", F("total").desc(nulls_last=True), "pk").distinct()


def own_applications(actor: Any) -> QuerySet[AwardApplication]:
    """Return the applications of one's own firm."""
    rows = AwardApplication.objects.filter(enterprise__credit_code__in=own_codes(actor))
    return rows.select_related("round", "enterprise").order_by("-pk")


def own_sheets(actor: Any) -> QuerySet[ScoreSheet]:
    """Return the reviews of a reviewer, what is open first."""
    rows = ScoreSheet.objects.filter(reviewer__person_id=getattr(actor, "pk", None) or 0)
    return rows.select_related("application__round", "application__enterprise", "reviewer").order_by(
        F("handed_in_at").asc(nulls_first=True), "due_on", "pk"
    )


def own_opinions(actor: Any) -> QuerySet[RegulatorOpinion]:
    """Return the opinions somebody was asked for, the open ones first."""
    rows = visible(
        actor, RegulatorOpinion.objects.select_related("application__round", "application__enterprise", "department")
    )
    return rows.order_by("given_on", "due_on", "pk")


@dataclass(frozen=True)
class ItemLine:
    """One item with the scores of the team side by side, what was agreed, what was seen on site, what counts."""

    item: Item
    scores: tuple[int | None, ...]
    low: float | None
    high: float | None
    spread: float | None
    wide: bool
    open: bool
    source: str
    agreed: Consensus | None
    before: tuple[Consensus, ...]
    site: SiteFinding | None
    counts: float | None
    earned: float | None
    band: Band | None


@dataclass(frozen=True)
class CategoryLines:
    """A category of the scheme with its items and what they earn; None while one is open."""

    code: str
    name: str
    points: int
    earned: float | None
    lines: tuple[ItemLine, ...]


def side_by_side(run: ScoreRun | None, sheets: list[ScoreSheet]) -> list[CategoryLines]:
    """Return every category with its items as the latest sum has them, and the sheets' scores in their order."""
    items = {row["item"]: row for row in (run.items if run else [])}
    agreed, before, site = _beside(run)
    found = []
    for category in CATEGORIES:
        lines = tuple(_line(item, items.get(item.code, {}), sheets, agreed, before, site) for item in category.items)
        earned = [line.earned for line in lines]
        total = sum(value for value in earned if value is not None) if None not in earned else None
        found.append(CategoryLines(category.code, category.name, category.points, total, lines))
    return found


def _beside(run: ScoreRun | None) -> tuple[dict[str, Consensus], dict[str, list[Consensus]], dict[str, SiteFinding]]:
    agreed: dict[str, Consensus] = {}
    before: dict[str, list[Consensus]] = {}
    if run is None:
        return agreed, before, {}
    for row in run.application.consensuses.order_by("pk"):
        if row.superseded_at is None:
            agreed[row.item] = row
        else:
            before.setdefault(row.item, []).append(row)
    return agreed, before, {row.item: row for row in run.application.findings.filter(superseded_at=None)}


def _line(
    item: Item, row: Mapping[str, Any], sheets: list[ScoreSheet], agreed: Mapping[str, Consensus],
    before: Mapping[str, list[Consensus]], site: Mapping[str, SiteFinding],
) -> ItemLine:  # fmt: skip
    counts = row.get("counts")
    return ItemLine(
        item, tuple(sheet.scores.get(item.code) for sheet in sheets), row.get("low"), row.get("high"), row.get("spread"),
        bool(row.get("wide")), row.get("source") == "open", row.get("source", "none"), agreed.get(item.code),
        tuple(before.get(item.code, ())), site.get(item.code), counts, row.get("earned"),
        None if counts is None else band_of(counts),
    )  # fmt: skip
