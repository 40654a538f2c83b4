"""What the public and the desk ask of publications: versions, what changed, what came down, results found by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min

from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.aftermath.models import PenaltyPublication, Publication
from qualipolis.city.supervise.aftermath.publication_rows import Row
from qualipolis.city.supervise.aftermath.publications import LIVE, named
from qualipolis.city.supervise.planning.models import Campaign
from qualipolis.city.supervise.results.models import Result
from qualipolis.law.terms import deadline

SHOWN = ("published", "corrected")
GONE = ("withdrawn", "taken_down")


@dataclass(frozen=True)
class ToDraft:
    """A campaign with final results that no publication holds, how many, and the last day to publish the oldest."""

    campaign: Campaign
    results: int
    due_on: date | None


def to_draft(actor: Any) -> list[ToDraft]:
    """Return the campaigns whose final results wait for a publication, the most urgent first."""
    final = visible(actor, Result.objects.filter(status="final").exclude(sample__task__campaign__status="archived"))
    by_campaign: dict[int, set[str]] = {}
    for campaign, number in final.values_list("sample__task__campaign", "number"):
        by_campaign.setdefault(campaign, set()).add(number)
    for campaign, rows in Publication.objects.filter(status__in=LIVE, campaign__in=by_campaign).values_list(
        "campaign", "rows"
    ):
        by_campaign.get(campaign, set()).difference_update(named(rows))
    waiting = {campaign: numbers for campaign, numbers in by_campaign.items() if numbers}
    first = dict(
        Result.objects.filter(sample__task__campaign__in=waiting, number__in=set().union(*waiting.values()))
        .order_by()
        .values("sample__task__campaign")
        .annotate(day=Min("final_on"))
        .values_list("sample__task__campaign", "day")
    )
    found = [
        ToDraft(one, len(waiting[one.pk]), deadline("supervision.publication", day).due if day else None)
        for one in Campaign.objects.filter(pk__in=waiting).select_related("rule")
        for day in [first.get(one.pk)]
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.campaign.number))


@dataclass(frozen=True)
class Version:
    """One version for the public. What came down keeps its number, its days and its reason, and loses its rows."""

    number: str
    version: int
    status: str
    published_at: datetime | None
    reason: str
    sha256: str
    take_down_on: date | None
    rows: Sequence[Row]
    campaign: Campaign

    @property
    def gone(self) -> bool:
        """Whether it is no longer shown."""
        return self.status in GONE


def public_versions(number: str = "") -> list[Version]:
    """Return every version that was ever published, of one number or of all, the newest first."""
    found = Publication.objects.filter(status__in=(*SHOWN, *GONE)).select_related("campaign__rule")
    found = found.filter(number=number) if number else found
    return [_version(row) for row in found.order_by("-published_at", "-number", "-version")]


def _version(row: Publication) -> Version:
    gone = row.status in GONE
    rows = [] if gone else row.rows
    reason = "" if row.status == "taken_down" else row.reason
    sha256 = "" if gone else row.sha256
    return Version(
        row.number, row.version, row.status, row.published_at, reason, sha256, row.take_down_on, rows, row.campaign
    )


def newest(versions: Sequence[Version]) -> list[Version]:
    """Return the newest version of each number, in their order."""
    seen: dict[str, Version] = {}
    for one in versions:
        if one.number not in seen or seen[one.number].version < one.version:
            seen[one.number] = one
    return sorted(seen.values(), key=lambda one: (one.published_at is not None, one.published_at), reverse=True)


def published_rows(params: Mapping[str, str] | None = None) -> list[tuple[Version, Row]]:
    """Return the rows of the newest versions that are shown, under the filters ``q``, ``verdict``, ``category``."""
    given = params or {}
    text = given.get("q", "").strip().casefold()[:60]
    return [
        (version, row)
        for version in newest(public_versions())
        for row in version.rows
        if _fits(row, text, given.get("verdict", ""), given.get("category", ""))
    ]


def _fits(row: Row, text: str, verdict: str, category: str) -> bool:
    if category and row["category"] != category:
        return False
    if verdict and (row["verdict"] or row["state"]) != verdict:
        return False
    return not text or any(text in word.casefold() for word in _words(row))


def _words(row: Row) -> Iterator[str]:
    yield from (row[name] or "" for name in ("product", "model", "brand", "batch", "result", "category"))
    for name in ("firm", "producer", "unit", "laboratory"):
        yield from (row[name]["zh"] or "", row[name]["en"] or "")


@dataclass(frozen=True)
class Change:
    """What changed in one result between two versions: the fields with their value before and after."""

    result: str
    fields: tuple[tuple[str, Any, Any], ...]


def changes(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """Return what changed between two versions, result by result.

    >>> changes([{"result": "1", "verdict": "fail"}], [{"result": "1", "verdict": "pass"}])
    [Change(result='1', fields=(('verdict', 'fail', 'pass'),))]
    """
    old, new = ({str(row["result"]): row for row in rows} for rows in (before, after))
    found = []
    for number in sorted({*old, *new}):
        was, now = old.get(number, {}), new.get(number, {})
        names = [name for name in dict.fromkeys((*was, *now)) if name != "result" and was.get(name) != now.get(name)]
        if names:
            found.append(Change(number, tuple((name, was.get(name), now.get(name)) for name in names)))
    return found


@dataclass(frozen=True)
class GonePenalty:
    """A penalty that is no longer shown: its number, its state, since when; no content."""

    number: str
    status: str
    published_on: date | None


def gone_penalties() -> list[GonePenalty]:
    """Return the penalties that came down, without what they said."""
    rows = PenaltyPublication.objects.filter(status__in=GONE, same_province=True).exclude(published_on=None)
    return [GonePenalty(*one) for one in rows.order_by("-number").values_list("number", "status", "published_on")]
