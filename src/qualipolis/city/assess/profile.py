"""The profile of a town: where it stands, what is strong and weak against its peers, its years, and how far it moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qualipolis.city.assess.book import Book, CardFacts, Floats, Name, NodeFacts, book
from qualipolis.city.assess.models import NodeScore, Release
from qualipolis.city.assess.ranking import Z90
from qualipolis.city.assess.registers import previous_release, releases_by_year
from qualipolis.city.assess.scoring import SMALLEST_PEER_GROUP

MOST = 5


@dataclass(frozen=True)
class NodeLine:
    """One node of the tree for one unit, beside the median of its peers."""

    node: NodeFacts
    score: float | None
    low: float | None
    high: float | None
    rank: int | None
    p05: float | None
    p95: float | None
    peers_median: float | None
    contribution: float | None
    previous: float | None


@dataclass(frozen=True)
class Standing:
    """An indicator against the peers: value and score here, value and score of the middle one."""

    node: NodeFacts
    value: float | None
    score: float
    peers_value: float | None
    peers_score: float
    gap: float


@dataclass(frozen=True)
class TrendPoint:
    """One year: score with the 90 % interval from counting, and rank with its interval."""

    year: int
    number: str
    score: float | None
    low: float | None
    high: float | None
    rank: int | None
    p05: float | None
    p95: float | None
    units: int
    median_of_all: float | None


@dataclass(frozen=True)
class Dot:
    """A unit in the picture of input against result."""

    unit: str
    name: Name
    inputs: float | None
    level: float | None
    quadrant: str
    peer: bool


@dataclass(frozen=True)
class TownProfile:
    """Everything the page of a town shows about one release."""

    release: Release
    card: CardFacts
    units: int
    peers: int
    peers_are_all: bool
    tree: tuple[NodeLine, ...]
    strengths: tuple[Standing, ...]
    weaknesses: tuple[Standing, ...]
    trend: tuple[TrendPoint, ...]
    change: float | None
    previous: Release | None
    quadrant: tuple[Dot, ...]
    middle: tuple[float | None, float | None]


def town_profile(release: Release, unit: str) -> TownProfile | None:
    """Return the profile of a unit in a release, or None when it was not assessed."""
    read = book(release)
    if unit not in read.rows:
        return None
    card = read.cards[read.rows[unit]]
    peers = _peers(read, card)
    before = previous_release(release)
    earlier = book(before) if before else None
    standings = _standings(read, unit, peers)
    now, then = (one.at("score", unit, one.root) if one else None for one in (read, earlier))
    ordered = sorted(standings, key=lambda one: one.gap, reverse=True)
    inputs, level = read.of("score", "NII"), read.of("score", "QDL")
    return TownProfile(
        release=release,
        card=card,
        units=len(read.cards),
        peers=int(peers.sum()),
        peers_are_all=bool(peers.all()),
        tree=tuple(
            _line(read, earlier, unit, fact, peers) for fact in read.nodes.values() if fact.code in read.columns
        ),
        strengths=tuple(one for one in ordered[:MOST] if one.gap > 0),
        weaknesses=tuple(one for one in ordered[: -MOST - 1 : -1] if one.gap < 0),
        trend=_trend(unit, read.root),
        change=None if now is None or then is None else now - then,
        previous=before,
        quadrant=tuple(
            Dot(one.unit, one.name, _some(inputs[row]), _some(level[row]), one.quadrant, bool(peers[row]))
            for row, one in enumerate(read.cards)
        ),
        middle=(_median(inputs[peers]), _median(level[peers])),
    )


def _peers(read: Book, card: CardFacts) -> np.ndarray:
    """The units of the same group; all of them where the group is small."""
    found = np.array([one.peer_group == card.peer_group for one in read.cards])
    return found if card.peer_group and found.sum() >= SMALLEST_PEER_GROUP else np.ones(len(found), dtype=bool)


def _some(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _median(values: Floats) -> float | None:
    kept = values[~np.isnan(values)]
    return float(np.median(kept)) if len(kept) else None


def _line(read: Book, earlier: Book | None, unit: str, fact: NodeFacts, peers: np.ndarray) -> NodeLine:
    score, error = read.at("score", unit, fact.code), read.at("standard_error", unit, fact.code) or 0.0
    rank = read.at("rank", unit, fact.code)
    return NodeLine(
        node=fact,
        score=score,
        low=None if score is None else max(0.0, score - Z90 * error),
        high=None if score is None else min(100.0, score + Z90 * error),
        rank=None if rank is None else int(rank),
        p05=read.at("rank_p05", unit, fact.code),
        p95=read.at("rank_p95", unit, fact.code),
        peers_median=_median(read.of("score", fact.code)[peers]),
        contribution=read.at("contribution", unit, fact.code),
        previous=earlier.at("score", unit, fact.code) if earlier else None,
    )


def _standings(read: Book, unit: str, peers: np.ndarray) -> list[Standing]:
    found = []
    for fact in read.indicators:
        score, middle = read.at("score", unit, fact.code), _median(read.of("score", fact.code)[peers])
        if score is None or middle is None:
            continue
        column = read.columns[fact.code]
        found.append(
            Standing(
                node=fact,
                value=read.value("value", unit, fact.code),
                score=score,
                peers_value=_median(read.values["value"][peers, column]),
                peers_score=middle,
                gap=score - middle,
            )
        )
    return found


def _trend(unit: str, root: str) -> tuple[TrendPoint, ...]:
    """Return the years of one unit at the root: one query, since whole books of old years are not needed for it."""
    releases = releases_by_year()
    rows = NodeScore.objects.filter(
        card__assessment__in=[release.assessment_id for release in releases.values()], node=root
    ).values_list("card__assessment", "card__unit__code", "score", "standard_error", "rank", "rank_p05", "rank_p95")
    by_run: dict[int, dict[str, tuple[Any, ...]]] = {}
    for run, code, *figures in rows:
        by_run.setdefault(run, {})[code] = tuple(figures)
    points = []
    for year, release in releases.items():
        found = by_run.get(release.assessment_id, {})
        score, error, rank, p05, p95 = found.get(unit, (None,) * 5)
        reach = Z90 * (error or 0.0)
        points.append(
            TrendPoint(
                year=year,
                number=release.number,
                score=score,
                low=None if score is None else max(0.0, score - reach),
                high=None if score is None else min(100.0, score + reach),
                rank=rank,
                p05=p05,
                p95=p95,
                units=len(found),
                median_of_all=_median(np.array([one[0] for one in found.values()], dtype=np.float64)),
            )
        )
    return tuple(points)
