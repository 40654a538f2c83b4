"""Enterprises, their products and their chief quality officers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from qualipolis.demo import words
from qualipolis.demo.codes import credit_codes
from qualipolis.demo.levels import Levels
from qualipolis.demo.places import Places
from qualipolis.demo.scale import YEARS, Scale
from qualipolis.demo.streams import dates, settle, stream

CLUSTERS = tuple(words.CLUSTERS)
TRADES = tuple((cluster, *trade) for cluster in CLUSTERS for trade in words.CLUSTERS[cluster][3])
_SHARE = np.array([0.40, 0.22, 0.12, 0.08, 0.18])
_OFFICER_GROWTH = np.array([0.18, 0.30, 0.45, 0.62, 0.80, 1.0])


@dataclass(frozen=True)
class Firms:
    """Frames of firms, and what the rest of the city needs of them by unit (rows are grouped by unit)."""

    clusters: pl.DataFrame
    enterprises: pl.DataFrame
    products: pl.DataFrame
    starts: np.ndarray
    trade: np.ndarray
    above: np.ndarray
    employees: np.ndarray
    established: np.ndarray


def make_firms(seed: int, places: Places, scale: Scale) -> Firms:
    """Return the firms of every unit; their traits come from the unit's own stream."""
    traits = [_traits(seed, int(places.firm_key[u]), int(places.firms[u])) for u in range(places.count)]
    trade, employees, established, draw = (np.concatenate(column) for column in zip(*traits, strict=True))
    unit = np.repeat(np.arange(places.count), places.firms)
    above = employees >= 55
    cluster = np.array([CLUSTERS.index(t[0]) for t in TRADES])[trade]
    output = _outputs(employees * draw, cluster, scale)
    frame = _names(seed, places, unit, trade).with_columns(
        cluster=pl.Series(np.array(CLUSTERS)[cluster]),
        industry=pl.Series(np.array([t[3] for t in TRADES])[trade]),
        above_scale=pl.Series(above),
        employees=pl.Series(employees),
        established=pl.Series(established),
        output=pl.Series(output),
        synthetic=pl.lit(True),
    )
    return Firms(
        clusters=_clusters(frame),
        enterprises=frame,
        products=_products(seed, frame["credit_code"], trade, scale),
        starts=np.concatenate([[0], np.cumsum(places.firms)]),
        trade=trade,
        above=above,
        employees=employees,
        established=established,
    )


def _traits(seed: int, key: int, count: int) -> tuple[np.ndarray, ...]:
    rng = stream(seed, "firms", key)
    mix = rng.dirichlet(_SHARE * 9)
    cluster = rng.choice(len(CLUSTERS), size=count, p=mix)
    place = rng.random(count)
    trade = np.empty(count, dtype=np.int64)
    for number, name in enumerate(CLUSTERS):
        options = np.array([i for i, t in enumerate(TRADES) if t[0] == name])
        mine = cluster == number
        trade[mine] = options[(place[mine] * len(options)).astype(int)]
    employees = np.maximum(3, np.exp(rng.normal(np.log(62), 1.25, count))).astype(np.int64)
    established = 2021 - np.floor(24 * rng.beta(1.1, 2.0, count)).astype(np.int64)
    return trade, employees, established, np.exp(rng.normal(0, 0.5, count))


def _outputs(raw: np.ndarray, cluster: np.ndarray, scale: Scale) -> np.ndarray:
    """Yearly output in CNY 10k, so that each cluster adds up to its published class."""
    totals = np.bincount(cluster, weights=raw, minlength=len(CLUSTERS))
    wanted = np.array([scale.output[name] * 1e4 for name in CLUSTERS])
    factor = np.divide(wanted, totals, out=np.zeros_like(wanted), where=totals > 0)
    return np.rint(raw * factor[cluster])


def _names(seed: int, places: Places, unit: np.ndarray, trade: np.ndarray) -> pl.DataFrame:
    """Invented names, distinct within a place, and formally valid codes of an area that does not exist."""
    first, second = list(words.FIRST), list(words.SECOND)
    pairs = len(first) * len(second)
    stem = np.concatenate([_stems(seed, u, int(places.firms[u]), pairs) for u in range(places.count)])
    head, tail = stem // len(second), stem % len(second)
    city = places.frame["city"].to_numpy()[unit]
    serial = np.arange(len(unit)) * 7 % 999_983 + 1

    def gather(options: list[str], index: np.ndarray) -> pl.Series:
        return pl.Series(options).gather(index)

    town = [name.removesuffix("园区").removesuffix("街道").removesuffix("镇") for name in places.frame["name_zh"]]
    town_en = [name.removesuffix(" Park") for name in places.frame["name_en"]]
    parts = pl.DataFrame(
        {
            "city": gather([zh.removesuffix("市") for zh in places.cities["name_zh"]], city),
            "town": gather(town, unit),
            "stem": gather(first, head) + gather(second, tail),
            "trade": gather([t[1] for t in TRADES], trade),
            "town_en": gather(town_en, unit),
            "stem_en": gather(list(words.FIRST.values()), head) + gather(list(words.SECOND.values()), tail),
            "trade_en": gather([t[2] for t in TRADES], trade),
        }
    )
    return parts.select(
        credit_code=credit_codes("91", 990100 + 100 * city, serial),
        unit=gather(places.frame["code"].to_list(), unit),
        name_zh=pl.concat_str("city", "town", "stem", "trade", pl.lit("有限公司")),
        name_en=pl.concat_str("town_en", pl.lit(" "), "stem_en", pl.lit(" "), "trade_en", pl.lit(" Co., Ltd.")),
    )


def _stems(seed: int, unit: int, count: int, pairs: int) -> np.ndarray:
    rng = stream(seed, "stems", unit)
    rounds = [rng.permutation(pairs) for _ in range(-(-count // pairs))]
    return np.concatenate(rounds)[:count]


def _clusters(frame: pl.DataFrame) -> pl.DataFrame:
    totals = dict(frame.group_by("cluster").agg(pl.col("output").sum() / 1e4).iter_rows())
    rows = [
        (code, zh, en, grade, round(totals.get(code, 0.0), 1)) for code, (zh, en, grade, _) in words.CLUSTERS.items()
    ]
    return pl.DataFrame(rows, schema=["code", "name_zh", "name_en", "output_class", "output"], orient="row")


def _products(seed: int, codes: pl.Series, trade: np.ndarray, scale: Scale) -> pl.DataFrame:
    """One product for a share of firms, a second for some; each declares an invented enterprise standard."""
    count = stream(seed, "products").poisson(max(scale.products_per_firm - 1, 0), len(trade)).clip(0, 2) + 1
    if scale.products_per_firm < 1:
        count = (stream(seed, "products").random(len(trade)) < scale.products_per_firm).astype(np.int64)
    row = np.repeat(np.arange(len(trade)), count)
    model = stream(seed, "models").integers(100, 1000, len(row)).astype(str)
    kind = trade[row]
    letters = pl.Series(np.char.add(np.array(["A", "B", "C", "D"])[row % 4], model))
    category = pl.Series([t[4] for t in TRADES]).gather(kind)
    return pl.DataFrame({"category": category, "model": letters, "trade": kind}).select(
        credit_code=codes.gather(row),
        name_zh=pl.concat_str("category", pl.lit(" "), "model"),
        name_en=pl.Series([t[5] for t in TRADES]).gather(kind) + pl.lit(" ") + letters,
        category="category",
        standard=pl.Series([company_standard(i) for i in range(len(TRADES))]).gather(kind),
    )


def company_standard(trade: int) -> str:
    """Number of the invented group standard of a trade (the federation of the invented city issues it)."""
    return f"T/YTZL {trade + 1:03d}-2019"


def make_officers(
    seed: int, places: Places, firms: Firms, levels: Levels, scale: Scale
) -> tuple[pl.DataFrame, np.ndarray]:
    """Chief quality officers as filings: exactly the published number is active at the end of the last year.

    Returns the frame and the active count by unit and year. Some further filings have ended.
    """
    above = np.add.reduceat(firms.above.astype(np.int64), firms.starts[:-1])
    wanted = above * levels.of("MB02")[:, -1]
    share = np.clip(wanted / wanted.sum() * scale.officers / np.maximum(above, 1), 0, 0.95)
    draw = [
        stream(seed, "coverage", int(places.key[u, -1]), YEARS[-1]).binomial(above[u], share[u])
        for u in range(places.count)
    ]
    count = settle(np.array(draw), scale.officers, places.movable, above, stream(seed, "officers"))
    rows = [_filings(seed, places, firms, u, int(count[u])) for u in range(places.count)]
    firm, start, end = (np.concatenate(column) for column in zip(*rows, strict=True))
    unit = np.searchsorted(firms.starts, firm, side="right") - 1
    active = np.zeros((places.count, len(YEARS)), dtype=np.int64)
    for position, year in enumerate(YEARS):
        on = (start <= year) & ((end == 0) | (end > year))
        active[:, position] = np.bincount(unit[on], minlength=places.count)
    return _officer_frame(seed, firms, firm, start, end), active


def _filings(seed: int, places: Places, firms: Firms, unit: int, count: int) -> tuple[np.ndarray, ...]:
    """Firm rows, first year and year of ending (0: active) of one unit's filings."""
    rng = stream(seed, "filings", unit)
    rows = firms.starts[unit] + np.flatnonzero(firms.above[firms.starts[unit] : firms.starts[unit + 1]])
    rows = rng.permutation(rows)
    former = min(len(rows) - count, count // 15)
    firm = rows[: count + former]
    start = np.maximum(firms.established[firm], YEARS[0] + np.searchsorted(_OFFICER_GROWTH, rng.random(len(firm))))
    end = np.zeros(len(firm), dtype=np.int64)
    end[count:] = np.minimum(YEARS[-1], start[count:] + rng.integers(1, 4, former))
    keep = (end == 0) | (end > start)
    return firm[keep], start[keep], end[keep]


def _officer_frame(seed: int, firms: Firms, firm: np.ndarray, start: np.ndarray, end: np.ndarray) -> pl.DataFrame:
    day = stream(seed, "officer_days").integers(0, 360, (2, len(firm)))
    until = np.where(end > 0, dates(end, day[1]), np.datetime64("NaT", "D"))
    return pl.DataFrame(
        {
            "credit_code": firms.enterprises["credit_code"].gather(firm),
            "number": pl.Series(np.char.add("首席质量官-", np.char.zfill((firm + 1).astype(str), 6))),
            "appointed_on": pl.Series(dates(start, day[0])),
            "ended_on": pl.Series(until),
            "synthetic": np.ones(len(firm), dtype=bool),
        }
    )
