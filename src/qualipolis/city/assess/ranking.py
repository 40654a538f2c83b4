"""The ranking of a release: ranks with their intervals, ties as ties, and where everyone stood before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.city.assess.book import Book, Name, NodeFacts, book
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.registers import previous_release
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending

Z90 = 1.6448536269514722


@dataclass(frozen=True)
class RankRow:
    """One unit in a ranking. ``place`` counts inside what is shown; ``rank`` and its interval are of all units."""

    place: int | None
    unit: str
    name: Name
    peer_group: str
    score: float | None
    low: float | None
    high: float | None
    rank: int | None
    p05: float | None
    median: float | None
    p95: float | None
    tied: bool
    previous_rank: int | None
    top_ten: float | None
    tier: int | None
    grade: str
    bonus: float
    final_score: float | None
    veto: str
    quadrant: str
    peer_rank: int | None
    present: int
    dimensions: dict[str, float | None]

    @property
    def moved(self) -> int | None:
        """Places gained since the release before (below zero: lost)."""
        return None if self.rank is None or self.previous_rank is None else self.previous_rank - self.rank


@dataclass(frozen=True)
class Ranking:
    """A ranking at one node, of all units or of one peer group."""

    release: Release
    previous: Release | None
    node: NodeFacts
    peer_group: str
    peer_groups: tuple[str, ...]
    nodes: tuple[NodeFacts, ...]
    rows: tuple[RankRow, ...]
    indicators: int

    @property
    def tiers(self) -> list[tuple[int | None, list[RankRow]]]:
        """The rows by tier, in order."""
        found: dict[int | None, list[RankRow]] = {}
        for row in self.rows:
            found.setdefault(row.tier, []).append(row)
        return sorted(found.items(), key=lambda item: (item[0] is None, item[0] or 0))


def ranking(release: Release, node: str = "", peer_group: str = "", previous: Release | None = None) -> Ranking:
    """Return the ranking of a release at ``node`` (the composite by default), best first.

    ``previous`` is the release to compare with; by default the one of the year before.
    """
    read = book(release)
    chosen = node if node in read.columns and node in read.nodes else read.root
    before = previous or previous_release(release)
    earlier = book(before) if before else None
    units = [row for row, card in enumerate(read.cards) if not peer_group or card.peer_group == peer_group]
    scores = read.of("score", chosen)
    places = rank_descending(scores[units], SCORE_TIES) if units else np.zeros(0, dtype=np.int32)
    counts = np.bincount(places) if len(places) else np.zeros(1, dtype=np.int64)
    rows = [_row(read, earlier, chosen, row, int(place), counts) for row, place in zip(units, places, strict=True)]
    rows.sort(key=lambda row: (row.place is None, row.place or 0, row.unit))
    groups = tuple(sorted({card.peer_group for card in read.cards if card.peer_group}))
    shown = tuple(fact for fact in read.nodes.values() if fact.level > 1 and fact.code in read.columns)
    return Ranking(release, before, read.nodes[chosen], peer_group, groups, shown, tuple(rows), len(read.indicators))


def _row(read: Book, earlier: Book | None, node: str, row: int, place: int, counts: np.ndarray) -> RankRow:
    card = read.cards[row]
    score, error = read.at("score", card.unit, node), read.at("standard_error", card.unit, node) or 0.0
    parts = [fact.code for fact in read.nodes.values() if fact.level == 2 and fact.code in read.columns]
    return RankRow(
        place=place or None,
        unit=card.unit,
        name=card.name,
        peer_group=card.peer_group,
        score=score,
        low=None if score is None else max(0.0, score - Z90 * error),
        high=None if score is None else min(100.0, score + Z90 * error),
        rank=_whole(read.at("rank", card.unit, node)),
        p05=read.at("rank_p05", card.unit, node),
        median=read.at("rank_median", card.unit, node),
        p95=read.at("rank_p95", card.unit, node),
        tied=bool(place) and int(counts[place]) > 1,
        previous_rank=_whole(earlier.at("rank", card.unit, node)) if earlier else None,
        top_ten=read.at("top_ten", card.unit, node),
        tier=card.tier,
        grade=card.grade,
        bonus=card.bonus,
        final_score=card.final_score,
        veto=card.veto,
        quadrant=card.quadrant,
        peer_rank=card.peer_rank,
        present=card.present,
        dimensions={code: read.at("score", card.unit, code) for code in parts},
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
