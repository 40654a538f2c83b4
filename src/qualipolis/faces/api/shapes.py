"""From what the rooms tell to what the operations answer; no numbers are made here."""

from __future__ import annotations

from typing import Any

from qualipolis.city.assess.models import Release
from qualipolis.faces.portal.published import EXACT_FROM, band_of

Shape = dict[str, Any]


def year_of(found: Release) -> int:
    """Return the year a release assesses."""
    return int(found.assessment.round.set.year)


def named(code: str, row: Any) -> Shape:
    """Return a code with both names of a row."""
    return {"code": code, "name_zh": row.name_zh, "name_en": row.name_en}


def unit(row: Any) -> Shape:
    """Return a unit."""
    return {**named(row.code, row), "kind": row.kind, "peer_group": row.peer_group, "assessed": row.assessed}


def indicator_set(row: Any) -> Shape:
    """Return an indicator set; its count is asked when the rows were read."""
    found = {name: getattr(row, name) for name in ("year", "version", "status", "name_zh", "name_en")}
    return {**found, "indicators": row.count}


def dimension(row: Any) -> Shape:
    """Return an aggregate of a set."""
    parent = row.parent.code if row.parent else None
    return {**named(row.code, row), "level": row.level, "parent": parent, "weight": row.weight}


def indicator(row: Any) -> Shape:
    """Return an indicator with its definition."""
    texts = [f"{name}_{lang}" for name in ("unit", "formula", "source", "origin") for lang in ("zh", "en")]
    return {
        **named(row.code, row),
        **{name: getattr(row, name) for name in texts},
        "dimension": row.dimension.code,
        "weight": row.weight,
        "direction": row.direction,
        "score_0_at": row.floor,
        "score_100_at": row.target,
    }


def release(found: Release) -> Shape:
    """Return a release."""
    names = ("number", "published_at", "withdrawn_at", "release_hash", "method_hash")
    return {
        **{name: getattr(found, name) for name in names},
        "year": year_of(found),
        "status": found.assessment.status,
        "inputs_hash": found.assessment.inputs_hash,
    }


def node(fact: Any) -> Shape:
    """Return an aggregate as a release knows it."""
    return {
        "code": fact.code,
        "name_zh": fact.name.zh,
        "name_en": fact.name.en,
        "level": fact.level,
        "parent": fact.parent,
        "weight": fact.weight,
    }


def band(score: float | None) -> Shape | None:
    """Return the band of a score."""
    found = band_of(score)
    return {"low": found.low, "high": found.high} if found else None


def rank(row: Any, level: int, staff: bool) -> Shape:
    """Return one row of a ranking; the public gets dimensions in bands."""
    exact = staff or level >= EXACT_FROM
    return {
        "code": row.unit,
        "name_zh": row.name.zh,
        "name_en": row.name.en,
        "peer_group": row.peer_group,
        "rank": row.rank,
        "tied": row.tied,
        "rank_p05": row.p05,
        "rank_median": row.median,
        "rank_p95": row.p95,
        "score": row.score if exact else None,
        "score_low": row.low if exact else None,
        "score_high": row.high if exact else None,
        "band": band(row.score),
        "tier": row.tier,
        "grade": row.grade,
        "previous_rank": row.previous_rank,
    }


def profile(found: Release, told: Any, staff: bool) -> Shape:
    """Return one unit in one release; indicators stand in their own operation."""
    card = told.card
    root = next((line for line in told.tree if line.node.parent is None), None)
    return {
        "code": card.unit,
        "name_zh": card.name.zh,
        "name_en": card.name.en,
        "release": found.number,
        "year": year_of(found),
        "peer_group": card.peer_group,
        "peer_rank": card.peer_rank,
        "score": card.score,
        "rank": root.rank if root else card.rank,
        "rank_p05": root.p05 if root else None,
        "rank_p95": root.p95 if root else None,
        "tier": card.tier,
        "grade": card.grade,
        "veto": card.veto,
        "units": told.units,
        "nodes": [_line(line, staff) for line in told.tree if line.node.level > 1],
        "trend": [_point(point) for point in told.trend],
    }


def _line(line: Any, staff: bool) -> Shape:
    exact = staff or line.node.level >= EXACT_FROM
    return {
        **node(line.node),
        "score": line.score if exact else None,
        "band": band(line.score),
        "rank": line.rank,
        "rank_p05": line.p05,
        "rank_p95": line.p95,
        "peers_band": band(line.peers_median),
    }


def _point(point: Any) -> Shape:
    return {
        "year": point.year,
        "release": point.number,
        "score": point.score,
        "score_low": point.low,
        "score_high": point.high,
        "rank": point.rank,
        "rank_p05": point.p05,
        "rank_p95": point.p95,
        "units": point.units,
    }


def value(row: Any) -> Shape:
    """Return the value of one unit."""
    return {
        "code": row.unit,
        "name_zh": row.name.zh,
        "name_en": row.name.en,
        "value": row.value,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "low": row.low,
        "high": row.high,
        "missing": "held_back" if row.held_back else row.missing,
    }
