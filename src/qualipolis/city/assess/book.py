"""A release as arrays, read once and kept: it never changes, so its hash is all a cache needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings
from django.utils.translation import get_language
from numpy.typing import NDArray

from qualipolis.city.assess.models import NodeScore, Release, ScoreCard
from qualipolis.city.assess.releases import OBSERVATIONS, OBSERVED, observations_of
from qualipolis.city.measure.models import Dimension, Indicator

Floats = NDArray[np.float64]
FIELDS = ("score", "standard_error", "contribution", "rank", "rank_p05", "rank_median", "rank_p95", "top_ten")
VALUES = ("value", "numerator", "denominator")


@dataclass(frozen=True)
class Name:
    """A name in both languages; as text it follows the page."""

    zh: str
    en: str

    def __str__(self) -> str:
        chinese = (get_language() or "zh").startswith("zh")
        return (self.zh or self.en) if chinese else (self.en or self.zh)


@dataclass(frozen=True)
class CardFacts:
    """The scorecard of one unit."""

    unit: str
    name: Name
    kind: str
    peer_group: str
    peer_rank: int | None
    score: float | None
    bonus: float
    final_score: float | None
    rank: int | None
    tier: int | None
    grade: str
    veto: str
    quadrant: str
    present: int
    place: tuple[int | None, int | None]


@dataclass(frozen=True)
class NodeFacts:
    """One node of the tree: an aggregate or an indicator."""

    code: str
    name: Name
    level: int
    parent: str | None
    weight: float
    unit: Name
    proportion: bool
    factor: float
    direction: int


@dataclass(frozen=True, eq=False)
class Book:
    """Everything a release says, by unit and node."""

    release: int
    number: str
    year: int
    cards: tuple[CardFacts, ...]
    nodes: dict[str, NodeFacts]
    columns: dict[str, int]
    rows: dict[str, int]
    fields: dict[str, Floats]
    values: dict[str, Floats]
    missing: dict[tuple[str, str], str]

    def of(self, field: str, node: str) -> Floats:
        """Return one field of one node for all units, in the order of the cards; NaN where there is none."""
        column = self.columns.get(node)
        return np.full(len(self.cards), np.nan) if column is None else self.fields[field][:, column]

    def at(self, field: str, unit: str, node: str) -> float | None:
        """Return one number, or None."""
        column, row = self.columns.get(node), self.rows.get(unit)
        if column is None or row is None:
            return None
        value = self.fields[field][row, column]
        return None if np.isnan(value) else float(value)

    def value(self, field: str, unit: str, code: str) -> float | None:
        """Return the value, numerator or denominator of an indicator, or None."""
        column, row = self.columns.get(code), self.rows.get(unit)
        if column is None or row is None:
            return None
        value = self.values[field][row, column]
        return None if np.isnan(value) else float(value)

    @property
    def indicators(self) -> list[NodeFacts]:
        """The indicators that counted, in the order of the set."""
        return [node for node in self.nodes.values() if node.level == 1 and node.code in self.columns]

    @property
    def root(self) -> str:
        """The composite."""
        return next(node.code for node in self.nodes.values() if node.parent is None)


def book(release: Release) -> Book:
    """Return the book of a release, from memory when it was read before."""
    return _read(release.pk, release.release_hash)


@lru_cache(maxsize=12)
def _read(pk: int, release_hash: str) -> Book:
    release = Release.objects.select_related("assessment__round__set").get(pk=pk, release_hash=release_hash)
    made = release.assessment
    cards, row_of_card = _cards(made.pk)
    nodes = _nodes(made.set_id or made.round.set_id)
    columns, fields = _fields(made.pk, row_of_card)
    rows = {card.unit: row for row, card in enumerate(cards)}
    values, missing = _values(release, rows, columns)
    return Book(
        release=pk,
        number=release.number,
        year=made.round.set.year,
        cards=cards,
        nodes=nodes,
        columns=columns,
        rows=rows,
        fields=fields,
        values=values,
        missing=missing,
    )


def _cards(assessment: int) -> tuple[tuple[CardFacts, ...], dict[int, int]]:
    found = list(
        ScoreCard.objects.filter(assessment=assessment)
        .order_by("unit__code")
        .values_list(
            "pk", "unit__code", "unit__name_zh", "unit__name_en", "unit__kind", "peer_group", "peer_rank",
            "score", "bonus", "final_score", "rank", "tier", "grade", "veto", "quadrant", "present",
            "unit__grid_row", "unit__grid_column",
        )
    )  # fmt: skip
    cards = tuple(
        CardFacts(row[1], Name(row[2], row[3]), *row[4:16], place=(row[16], row[17]))  # type: ignore[misc]
        for row in found
    )
    return cards, {row[0]: position for position, row in enumerate(found)}


def _nodes(set_id: int) -> dict[str, NodeFacts]:
    empty = Name("", "")
    aggregates = Dimension.objects.filter(set=set_id).order_by("position", "code")
    found = {
        code: NodeFacts(code, Name(zh, en), level, parent, weight, empty, False, 1.0, 1)
        for code, zh, en, level, parent, weight in aggregates.values_list(
            "code", "name_zh", "name_en", "level", "parent__code", "weight"
        )
    }
    leaves = Indicator.objects.filter(set=set_id).order_by("position", "code")
    for code, zh, en, parent, weight, unit_zh, unit_en, proportion, factor, direction in leaves.values_list(
        "code", "name_zh", "name_en", "dimension__code", "weight", "unit_zh", "unit_en", "is_proportion", "factor",
        "direction",
    ):  # fmt: skip
        unit = Name(unit_zh, unit_en)
        found[code] = NodeFacts(code, Name(zh, en), 1, parent, weight, unit, proportion, factor, direction)
    return found


def _fields(assessment: int, row_of: dict[int, int]) -> tuple[dict[str, int], dict[str, Floats]]:
    found = NodeScore.objects.filter(card__assessment=assessment).values_list("card_id", "node", *FIELDS)
    rows = list(found.order_by().iterator(chunk_size=20_000))
    columns = {code: column for column, code in enumerate(sorted({row[1] for row in rows}))}
    block = np.full((len(FIELDS), len(row_of), len(columns)), np.nan)
    if rows:
        at = np.array([row_of[row[0]] for row in rows]), np.array([columns[row[1]] for row in rows])
        cells = np.array([row[2:] for row in rows], dtype=np.float64)
        block[:, at[0], at[1]] = cells.T
    block.setflags(write=False)
    return columns, dict(zip(FIELDS, block, strict=True))


def _values(
    release: Release, row_of: dict[str, int], columns: dict[str, int]
) -> tuple[dict[str, Floats], dict[tuple[str, str], str]]:
    """The values as the release froze them; what was changed since in a reopened round is not the release's."""
    frozen = Path(settings.HOME) / release.directory / OBSERVATIONS
    rows = pl.read_csv(frozen, schema_overrides=OBSERVED) if frozen.is_file() else observations_of(release.assessment)
    rows = rows.filter(pl.col("unit").is_in(list(row_of)))
    said = rows.filter(pl.col("missing").is_not_null() & (pl.col("missing") != ""))
    missing = {(unit, code): reason for unit, code, reason in said.select("unit", "indicator", "missing").iter_rows()}
    rows = rows.filter(pl.col("indicator").is_in(list(columns)))
    at = (
        rows["unit"].replace_strict(row_of, return_dtype=pl.Int64),
        rows["indicator"].replace_strict(columns, return_dtype=pl.Int64),
    )
    block = np.full((len(VALUES), len(row_of), max(len(columns), 1)), np.nan)
    for index, name in enumerate(VALUES):
        block[index, at[0].to_numpy(), at[1].to_numpy()] = rows[name].fill_null(np.nan).to_numpy()
    block.setflags(write=False)
    return dict(zip(VALUES, block, strict=True)), missing
