"""The page of an indicator: its definition, how its values are spread, every unit with n and interval, its years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from qualipolis.city.assess.book import Book, Name, book
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.registers import releases_by_year
from qualipolis.city.measure.models import Indicator
from qualipolis.city.measure.queries import Distribution, distribution, suppressed
from qualipolis.law.rules import rule_on
from qualipolis.methods.sampling.proportion import wilson, wilson_many


@dataclass(frozen=True)
class UnitValue:
    """The value of one unit with the number of cases, the 95 % interval of a proportion, score and rank."""

    unit: str
    name: Name
    peer_group: str
    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    score: float | None
    rank: int | None
    missing: str
    held_back: bool
    few: bool


@dataclass(frozen=True)
class YearValue:
    """The value of the whole city in one year: for a ratio the sum above over the sum below, else the median."""

    year: int
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    units: int


@dataclass(frozen=True)
class IndicatorPage:
    """Everything the page of an indicator shows about one release."""

    release: Release
    indicator: Indicator
    path: tuple[Name, ...]
    rows: tuple[UnitValue, ...]
    distribution: Distribution | None
    city: YearValue | None
    trend: tuple[YearValue, ...]
    traced: bool


FEW = int(str(rule_on("proportion.min_n", date.max).value))


def indicator_page(release: Release, code: str, *, public: bool = False) -> IndicatorPage | None:
    """Return the page of an indicator, or None when the set has none of this code."""
    set_id = release.assessment.set_id or release.assessment.round.set_id
    indicator = Indicator.objects.select_related("dimension", "owner", "set").filter(set=set_id, code=code).first()
    if indicator is None:
        return None
    read = book(release)
    rows = _rows(read, indicator, public=public)
    values = [row.value for row in rows if row.value is not None]
    trend = tuple(city_value(book(one), code) for one in releases_by_year().values())
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.unit))
    return IndicatorPage(
        release=release,
        indicator=indicator,
        path=_path(read, code),
        rows=tuple(rows),
        distribution=distribution(values, len(rows) - len(values)),
        city=city_value(read, code),
        trend=trend,
        traced=bool(indicator.metric),
    )


def _path(read: Book, code: str) -> tuple[Name, ...]:
    names: list[Name] = []
    parent = read.nodes[code].parent if code in read.nodes else None
    while parent:
        names.insert(0, read.nodes[parent].name)
        parent = read.nodes[parent].parent
    return tuple(names)


def _rows(read: Book, indicator: Indicator, *, public: bool) -> list[UnitValue]:
    code = indicator.code
    column = read.columns.get(code)
    above = np.full(len(read.cards), np.nan) if column is None else read.values["numerator"][:, column]
    below = np.full(len(read.cards), np.nan) if column is None else read.values["denominator"][:, column]
    lows, highs = wilson_many(above, below)
    rows = []
    for row, card in enumerate(read.cards):
        value, n = read.value("value", card.unit, code), read.value("denominator", card.unit, code)
        counted = indicator.is_proportion and value is not None and not np.isnan(lows[row])
        held = public and indicator.is_proportion and suppressed(value, n) is None and value is not None
        rank = read.at("rank", card.unit, code)
        rows.append(
            UnitValue(
                unit=card.unit,
                name=card.name,
                peer_group=card.peer_group,
                value=None if held else value,
                numerator=None if held else read.value("numerator", card.unit, code),
                denominator=None if held else n,
                low=indicator.factor * float(lows[row]) if counted and not held else None,
                high=indicator.factor * float(highs[row]) if counted and not held else None,
                score=None if held else read.at("score", card.unit, code),
                rank=None if held or rank is None else int(rank),
                missing=read.missing.get((card.unit, code), ""),
                held_back=held,
                few=bool(counted and n is not None and n < FEW),
            )
        )
    return rows


def city_value(read: Book, code: str) -> YearValue:
    """Return the value of the whole city.

    >>> YearValue(2021, 95.0, 94.0, 96.0, 100.0, 3).n
    100.0
    """
    column, fact = read.columns.get(code), read.nodes.get(code)
    if column is None or fact is None:
        return YearValue(read.year, None, None, None, None, 0)
    values = read.values["value"][:, column]
    above, below = read.values["numerator"][:, column], read.values["denominator"][:, column]
    both = ~np.isnan(above) & ~np.isnan(below)
    units = int((~np.isnan(values)).sum())
    if not both.any() or below[both].sum() <= 0:
        kept = values[~np.isnan(values)]
        return YearValue(read.year, float(np.median(kept)) if len(kept) else None, None, None, None, units)
    x, n = float(above[both].sum()), float(below[both].sum())
    low = high = None
    if fact.proportion and 0 <= x <= n:
        found = wilson(round(x), round(n))
        low, high = fact.factor * found.low, fact.factor * found.high
    return YearValue(read.year, fact.factor * x / n, low, high, n, units)
