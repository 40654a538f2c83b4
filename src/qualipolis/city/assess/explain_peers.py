"""Who a town can really be compared with: the same group, ranks that cannot be told apart, a similar make-up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qualipolis.city.assess.analysis_basis import basis
from qualipolis.city.assess.book import Name
from qualipolis.city.assess.explain import Case
from qualipolis.city.assess.models import NodeScore, Release
from qualipolis.city.assess.ranking import Z90
from qualipolis.city.assess.registers import releases_by_year
from qualipolis.city.core.policy import visible
from qualipolis.city.measure.models import Statistic
from qualipolis.methods.composite import RankIntervals
from qualipolis.methods.composite.comparison import peers

SIZES = ("population", "firms")


@dataclass(frozen=True)
class PeerLine:
    """One other unit: its rank with the published interval, how likely we are above it, how like us it is."""

    unit: str
    name: Name
    score: float | None
    rank: int | None
    tied: bool
    p05: float | None
    p95: float | None
    overlaps: bool
    above: float | None
    comparable: bool
    distance: float | None
    shared: int
    sizes: dict[str, float]


@dataclass(frozen=True)
class Peers:
    """The others, those that cannot be told apart from us first; ``n`` simulations stand behind the probabilities."""

    lines: tuple[PeerLine, ...]
    n: int
    own: PeerLine

    @property
    def comparable(self) -> tuple[PeerLine, ...]:
        """Those of which nobody can say that they are above or below us."""
        return tuple(line for line in self.lines if line.comparable)


def comparable_peers(actor: Any, case: Case) -> Peers:
    """Return the peers of a unit in a release."""
    drawn = _intervals(case.release.pk, case.release.release_hash, case.replicates)
    found = list(peers(case.base.result, drawn, case.unit, case.group, case.root).iter_rows(named=True))
    units = [case.unit, *(row["unit"] for row in found)]
    sizes = _sizes(actor, case.read.year, units)
    lines = tuple(_line(case, row["unit"], row, sizes) for row in found if row["unit"] in case.read.rows)
    return Peers(lines, drawn.n - drawn.failed, _line(case, case.unit, {}, sizes))


def _line(case: Case, unit: str, row: dict[str, Any], sizes: dict[str, dict[str, float]]) -> PeerLine:
    low, high = (case.read.at(field, unit, case.root) for field in ("rank_p05", "rank_p95"))
    mine = case.interval
    known = None not in (low, high, *mine)
    theirs, rank = row.get("probability_above"), case.read.at("rank", unit, case.root)
    return PeerLine(
        unit=unit,
        name=case.read.cards[case.read.rows[unit]].name,
        score=case.read.at("score", unit, case.root),
        rank=None if rank is None else int(rank),
        tied=rank is not None and case.tied_at(unit),
        p05=low,
        p95=high,
        overlaps=bool(known and low <= mine[1] and mine[0] <= high),  # type: ignore[operator]
        above=None if theirs is None else 1 - theirs,
        comparable=bool(row.get("comparable")),
        distance=row.get("distance"),
        shared=row.get("shared") or 0,
        sizes=sizes.get(unit, {}),
    )


def _sizes(actor: Any, year: int, units: list[str]) -> dict[str, dict[str, float]]:
    rows = visible(actor, Statistic.objects.filter(year=year, key__in=SIZES))
    wanted, found = set(units), dict[str, dict[str, float]]()
    for unit, key, value in rows.values_list("unit__code", "key", "value"):
        if unit in wanted and math.isfinite(value):
            found.setdefault(unit, {})[key] = value
    return found


@lru_cache(maxsize=6)
def _intervals(pk: int, release_hash: str, replicates: int) -> RankIntervals:
    release = Release.objects.select_related("assessment__round__set").get(pk=pk, release_hash=release_hash)
    base = basis(release.assessment)
    return base.result.uncertainty(replicates, release.assessment.seed, base.factors, nodes=(base.root,))


# ---------------------------------------------------------------- the years


@dataclass(frozen=True)
class NodeYears:
    """One aggregate over the years: scores with the 90 % interval from counting, and ranks."""

    code: str
    name: Name
    level: int
    scores: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    ranks: tuple[int | None, ...]


def years_of(case: Case) -> tuple[tuple[int, ...], tuple[NodeYears, ...]]:
    """Return the years up to the release, and every aggregate over them."""
    standing = {year: one for year, one in releases_by_year().items() if year <= case.read.year}
    rows = NodeScore.objects.filter(
        card__assessment__in=[one.assessment_id for one in standing.values()],
        card__unit__code=case.unit,
        level__gte=2,
    ).values_list("card__assessment", "node", "score", "standard_error", "rank")
    told = {(run, node): (score, error, rank) for run, node, score, error, rank in rows}
    found = []
    for fact in case.read.nodes.values():
        if fact.level < 2 or fact.code not in case.read.columns:
            continue
        cells = [told.get((one.assessment_id, fact.code), (None, None, None)) for one in standing.values()]
        found.append(_node_years(fact.code, fact.name, fact.level, cells))
    return tuple(standing), tuple(sorted(found, key=lambda one: -one.level))


def _node_years(code: str, name: Name, level: int, cells: list[tuple[Any, ...]]) -> NodeYears:
    reach = [Z90 * (error or 0.0) for _score, error, _rank in cells]
    scores = [score for score, _error, _rank in cells]
    low = [None if s is None else max(0.0, s - r) for s, r in zip(scores, reach, strict=True)]
    high = [None if s is None else min(100.0, s + r) for s, r in zip(scores, reach, strict=True)]
    return NodeYears(code, name, level, tuple(scores), tuple(low), tuple(high), tuple(cell[2] for cell in cells))
