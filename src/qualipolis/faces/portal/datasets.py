"""The open data: each dataset with its columns defined in both languages, and its rows for one release."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import book, ranking, releases, releases_by_year
from qualipolis.city.measure.models import Indicator
from qualipolis.faces.portal import columns as c
from qualipolis.faces.portal.published import EXACT_FROM, band_of, open_page

Row = dict[str, Any]


@dataclass(frozen=True)
class Dataset:
    """A table for everyone. ``yearly``: its rows belong to one release."""

    name: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    columns: tuple[c.Column, ...]
    rows: Callable[[Release], Iterator[Row]]
    count: Callable[[Release], int]
    yearly: bool = True

    def frame(self, release: Release) -> pl.DataFrame:
        """Return the rows as a table in the order of the columns; kept, since a release does not change."""
        return _frame(self.name, release.pk, state_of(release))


def state_of(release: Release) -> str:
    """Return what the public figures of a release depend on: itself, and which other releases hold."""
    holding = ",".join(f"{year}:{one.pk}" for year, one in releases_by_year().items())
    return hashlib.sha256(f"{release.release_hash} {release.assessment.status} {holding}".encode()).hexdigest()[:24]


@lru_cache(maxsize=32)
def _frame(name: str, pk: int, state: str) -> pl.DataFrame:
    release = Release.objects.select_related("assessment__round__set").get(pk=pk)
    found = DATASETS[name]
    schema = {column.name: column.dtype for column in found.columns}
    return pl.DataFrame(list(found.rows(release)), schema=schema, orient="row", strict=False)


def _ranking(release: Release) -> Iterator[Row]:
    for row in ranking(release).rows:
        yield {
            "unit": row.unit,
            "name_zh": row.name.zh,
            "name_en": row.name.en,
            "peer_group": row.peer_group,
            "rank": row.rank,
            "tied": row.tied,
            "rank_p05": row.p05,
            "rank_median": row.median,
            "rank_p95": row.p95,
            "score": row.score,
            "score_low": row.low,
            "score_high": row.high,
            "tier": row.tier,
            "grade": row.grade or None,
            "previous_rank": row.previous_rank,
        }


def _nodes(release: Release) -> Iterator[Row]:
    read = book(release)
    for fact in read.nodes.values():
        if fact.level < 2 or fact.code not in read.columns:
            continue
        for row in ranking(release, fact.code).rows:
            band = band_of(row.score)
            yield {
                "unit": row.unit,
                "node": fact.code,
                "node_zh": fact.name.zh,
                "node_en": fact.name.en,
                "level": fact.level,
                "score": row.score if fact.level >= EXACT_FROM else None,
                "band_low": band.low if band else None,
                "band_high": band.high if band else None,
                "rank": row.rank,
                "rank_p05": row.p05,
                "rank_p95": row.p95,
            }


def definitions(release: Release) -> list[Indicator]:
    """Return the indicators of the set behind a release, in their order."""
    rows = Indicator.objects.filter(set=release.assessment.round.set_id).select_related("dimension", "owner", "set")
    return list(rows.order_by("position", "code"))


def _definitions(release: Release) -> Iterator[Row]:
    for one in definitions(release):
        names = ("name", "unit", "formula", "numerator", "denominator", "source", "origin")
        texts = {f"{name}_{lang}": getattr(one, f"{name}_{lang}") or None for name in names for lang in ("zh", "en")}
        yield {
            "indicator": one.code,
            "dimension": one.dimension.code,
            "dimension_zh": one.dimension.name_zh,
            "dimension_en": one.dimension.name_en,
            "weight": one.weight,
            "direction": one.direction,
            "score_0_at": one.floor,
            "score_100_at": one.target,
            **texts,
        }


def _values(release: Release) -> Iterator[Row]:
    for one in definitions(release):
        found = open_page(release, one.code)
        for row in sorted(found.rows, key=lambda row: row.unit) if found else ():
            yield {
                "unit": row.unit,
                "indicator": one.code,
                "value": row.value,
                "numerator": row.numerator,
                "denominator": row.denominator,
                "low": row.low,
                "high": row.high,
                "missing": "held_back" if row.held_back else row.missing or None,
            }


def _series(release: Release) -> Iterator[Row]:
    for one in definitions(release):
        found = open_page(release, one.code)
        for point in found.trend if found else ():
            yield {
                "indicator": one.code,
                "year": point.year,
                "value": point.value,
                "low": point.low,
                "high": point.high,
                "n": point.n,
                "units": point.units,
            }


def _units(release: Release) -> Iterator[Row]:
    for card in book(release).cards:
        yield {
            "unit": card.unit,
            "name_zh": card.name.zh,
            "name_en": card.name.en,
            "kind": card.kind,
            "peer_group": card.peer_group,
            "grid_row": card.place[0],
            "grid_column": card.place[1],
        }


def _releases(release: Release) -> Iterator[Row]:
    for row in releases(None):
        yield {
            "release": row.number,
            "year": row.assessment.round.set.year,
            "published_at": row.published_at.isoformat(),
            "status": row.assessment.status,
            "release_hash": row.release_hash,
            "method_hash": row.method_hash,
            "inputs_hash": row.assessment.inputs_hash,
        }


def _node_count(release: Release) -> int:
    read = book(release)
    return len(read.cards) * sum(1 for fact in read.nodes.values() if fact.level > 1 and fact.code in read.columns)


DATASETS = {
    one.name: one
    for one in (
        Dataset(
            "ranking",
            "镇街排名",
            "Ranking of the towns",
            "综合指数、名次和90%名次区间、梯队、等级。",
            "Composite index, rank with its 90 % interval, tier and grade.",
            c.RANKING,
            _ranking,
            lambda one: len(book(one).cards),
        ),
        Dataset(
            "dimensions",
            "分维度结果",
            "Results by dimension",
            "综合指数和两个分指数给出得分，各维度给出所在的档和名次区间。",
            "Scores of the composite and its two sub-indices; for a dimension its band and its rank interval.",
            c.NODES,
            _nodes,
            _node_count,
        ),
        Dataset(
            "indicators",
            "指标定义",
            "Definitions of the indicators",
            "每项指标的公式、方向、来源、权重和依据。",
            "Formula, direction, source, weight and origin of every indicator.",
            c.DEFINITIONS,
            _definitions,
            lambda one: len(definitions(one)),
        ),
        Dataset(
            "indicator-values",
            "镇街指标数值",
            "Indicator values of the towns",
            "分子、分母、数值和95%区间；涉及不足三个调查对象的不公布。",
            "Numerator, denominator, value and 95 % interval; figures of fewer than three respondents are held back.",
            c.VALUES,
            _values,
            lambda one: len(book(one).cards) * len(definitions(one)),
        ),
        Dataset(
            "city-series",
            "全市历年数值",
            "City series",
            "每项指标的全市历年数值，带样本量和95%区间。",
            "Each indicator for the whole city by year, with the number of cases and the 95 % interval.",
            c.SERIES,
            _series,
            lambda one: len(releases_by_year()) * len(definitions(one)),
            yearly=False,
        ),
        Dataset(
            "units",
            "参评单位",
            "Assessed units",
            "代码、名称、同类组和示意图上的位置。",
            "Codes, names, peer groups and places in the cartogram.",
            c.UNITS,
            _units,
            lambda one: len(book(one).cards),
        ),
        Dataset(
            "releases",
            "发布版登记",
            "Register of releases",
            "发布过的每一版和它的指纹，被替换和撤回的也在。",
            "Every release ever published with its hashes, replaced and withdrawn ones too.",
            c.RELEASES,
            _releases,
            lambda one: releases(None).count(),
            yearly=False,
        ),
    )
}
