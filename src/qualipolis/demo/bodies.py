"""The quality infrastructure: centres, stations, certifiers and laboratories, what they are qualified for, standards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from qualipolis.demo import words
from qualipolis.demo.codes import credit_codes
from qualipolis.demo.firms import TRADES, Firms, company_standard
from qualipolis.demo.levels import Levels
from qualipolis.demo.places import Places
from qualipolis.demo.scale import YEARS, Scale
from qualipolis.demo.streams import dates, settle, stream

KINDS = ("national_centre", "metrology_centre", "provincial_station", "certifier", "laboratory")
_TITLES = {
    "national_centre": ("国家{}产品质量检验检测中心", "National inspection centre, {}"),
    "metrology_centre": ("国家{}产业计量测试中心", "National metrology centre, {}"),
    "provincial_station": ("省{}产品质量监督检验站", "Provincial station, {}"),
    "certifier": ("{}认证", "Certification, {}"),
    "laboratory": ("{}检测", "Testing, {}"),
}
_HOLDS = {"national_centre": "cnas", "metrology_centre": "metrology", "provincial_station": "cnas", "certifier": "cnca"}
_NEW_SHARE = np.array([0.55, 0.64, 0.73, 0.82, 0.91, 1.0])
# real standards named in the rules of this product, with their kind
_REAL = (
    ("GB 7718-2011", "national", "预包装食品标签通则", "Labelling of prepackaged foods"),
    ("GB/T 19580-2012", "national", "卓越绩效评价准则", "Criteria for performance excellence"),
    ("GB/T 2828.11-2008", "national", "计数抽样检验程序 第11部分：小总体声称质量水平的评定程序",
     "Sampling procedures for inspection by attributes, part 11"),
    ("ISO/IEC 17025:2017", "iso", "检测和校准实验室能力的通用要求", "Competence of testing and calibration laboratories"),
    ("JJF 1059.1-2012", "metrology", "测量不确定度评定与表示", "Evaluation and expression of uncertainty in measurement"),
    ("RB/T 214-2017", "industry", "检验检测机构资质认定能力评价 检验检测机构通用要求",
     "Competence assessment for inspection body and laboratory mandatory approval"),
)  # fmt: skip


@dataclass(frozen=True)
class Bodies:
    """Frames of the infrastructure and the yearly counts by unit that two indicators need."""

    institutions: pl.DataFrame
    qualifications: pl.DataFrame
    scope_items: pl.DataFrame
    standards: pl.DataFrame
    laboratories: np.ndarray
    centres: np.ndarray


def make_bodies(seed: int, places: Places, firms: Firms, levels: Levels, scale: Scale, today: date) -> Bodies:
    """Return institutions placed by industry and by the true level of testing, certified until ``today`` and after."""
    units, kinds, first = [], [], []
    for kind in KINDS:
        if kind == "laboratory":
            count = _laboratories(seed, places, levels, scale)
        else:
            count = _placed(seed, kind, places, scale.bodies[kind])
        rng = stream(seed, "first_year", KINDS.index(kind))
        units.append(np.repeat(np.arange(places.count), count))
        kinds.append(np.full(int(count.sum()), KINDS.index(kind)))
        first.append(YEARS[0] + np.searchsorted(_NEW_SHARE, rng.random(int(count.sum()))))
    unit, kind, since = np.concatenate(units), np.concatenate(kinds), np.concatenate(first)
    since = np.where(since == YEARS[0], YEARS[0] - stream(seed, "older").integers(0, 6, len(since)), since)
    institutions = _institutions(seed, places, unit, kind)
    qualifications = _qualifications(seed, institutions["code"], kind, since, today)
    labs, centres = np.zeros((2, places.count, len(YEARS)))
    worth = np.array([3, 3, 1, 0, 0])[kind]
    for position, year in enumerate(YEARS):
        on = since <= year
        labs[:, position] = np.bincount(unit[on & (kind == 4)], minlength=places.count)
        centres[:, position] = np.bincount(unit[on], weights=worth[on], minlength=places.count)
    return Bodies(
        institutions=institutions,
        qualifications=qualifications,
        scope_items=_scope(seed, qualifications, scale, today),
        standards=_standards(),
        laboratories=labs,
        centres=centres,
    )


def _laboratories(seed: int, places: Places, levels: Levels, scale: Scale) -> np.ndarray:
    weight = places.firms * levels.of("NI06")[:, -1]
    mean = weight / weight.sum() * scale.bodies["laboratory"]
    draw = [stream(seed, "laboratories", int(places.key[u, -1])).poisson(mean[u]) for u in range(places.count)]
    top = np.full(places.count, 10_000)
    return settle(np.array(draw), scale.bodies["laboratory"], places.movable, top, stream(seed, "labs_settled"))


def _placed(seed: int, kind: str, places: Places, total: int) -> np.ndarray:
    """A few large bodies, in industrial units; none in the units of the planted tie."""
    weight = np.where(places.movable, places.firms.astype(float) ** 0.7, 0.0)
    weight[places.tiny] = 0.0
    return stream(seed, kind).multinomial(total, weight / weight.sum())


def _institutions(seed: int, places: Places, unit: np.ndarray, kind: np.ndarray) -> pl.DataFrame:
    rng = stream(seed, "institution_names")
    first, second = list(words.FIRST), list(words.SECOND)
    head, tail = rng.integers(0, len(first), len(unit)), rng.integers(0, len(second), len(unit))
    field = rng.integers(0, len(words.FIELDS), len(unit))
    town, town_en = places.frame["name_zh"].to_list(), places.frame["name_en"].to_list()
    cities, city = places.cities["name_zh"].to_list(), places.frame["city"].to_numpy()[unit]
    zh, en = [], []
    for row in range(len(unit)):
        title_zh, title_en = _TITLES[KINDS[kind[row]]]
        place = cities[city[row]].removesuffix("市")
        subject, subject_en = words.FIELDS[field[row]][:2] if kind[row] >= 3 else TRADES[row % len(TRADES)][4:6]
        end = "有限公司" if kind[row] >= 3 else f"（{place}）"
        stem = f"{first[head[row]]}{second[tail[row]]}" if kind[row] >= 3 else ""
        lead = f"{place}{town[unit[row]][:2]}{stem}" if kind[row] >= 3 else ""
        zh.append(lead + title_zh.format(subject) + end)
        stem_en = f"{words.FIRST[first[head[row]]]}{words.SECOND[second[tail[row]]]}" if kind[row] >= 3 else "demo"
        en.append(f"{title_en.format(subject_en.lower())} ({town_en[unit[row]]} {stem_en} {row + 1})")
    return pl.DataFrame(
        {
            "code": credit_codes("12", 990100 + 100 * city, np.arange(len(unit)) * 11 % 999_983 + 1),
            "kind": np.array(KINDS)[kind],
            "unit": pl.Series(places.frame["code"].to_list()).gather(unit),
            "name_zh": zh,
            "name_en": en,
            "field": field,
            "synthetic": np.ones(len(unit), dtype=bool),
        }
    )


def _qualifications(seed: int, code: pl.Series, kind: np.ndarray, since: np.ndarray, today: date) -> pl.DataFrame:
    """A chain of certificates of six years each, without a gap, from the first grant on."""
    rng = stream(seed, "qualifications")
    also = (kind == 4) & (rng.random(len(kind)) < 0.35)
    row = np.concatenate([np.arange(len(kind)), np.flatnonzero(also)])
    name = np.where(kind == 4, "cma", np.array([_HOLDS.get(k, "cma") for k in KINDS])[kind])
    what = np.concatenate([name, np.full(int(also.sum()), "cnas")])
    start = since[row]
    renewals = np.maximum(0, -(-(today.year + 1 - start) // 6) - 1)
    link = np.repeat(np.arange(len(row)), renewals + 1)
    turn = np.arange(len(link)) - np.repeat(np.concatenate([[0], np.cumsum(renewals + 1)[:-1]]), renewals + 1)
    year, day = start[link] + 6 * turn, rng.integers(10, 330, len(row))[link]
    number = [_number(str(w), int(y), i + 1) for i, (w, y) in enumerate(zip(what[link], year, strict=True))]
    frame = pl.DataFrame(
        {
            "institution": code.gather(row[link]),
            "kind": what[link],
            "number": number,
            "valid_from": pl.Series(dates(year, day)),
            "valid_to": pl.Series(dates(year + 6, day) - np.timedelta64(1, "D")),
        }
    )
    return frame.filter(pl.col("valid_from") <= today)


def _number(kind: str, year: int, serial: int) -> str:
    """Certificate numbers in the usual pattern, with authority 99, which does not exist."""
    if kind == "cma":
        return f"{year % 100:02d}9920{serial % 1_000_000:06d}"
    if kind == "cnas":
        return f"CNAS L99{serial % 1000:03d}"
    if kind == "cnca":
        return f"CNCA-R-{year}-{9900 + serial % 100}"
    return f"（演）法计〔{year}〕99{serial:04d}号"


def _scope(seed: int, qualifications: pl.DataFrame, scale: Scale, today: date) -> pl.DataFrame:
    current = qualifications.with_row_index("row").filter(
        (pl.col("valid_to") >= today) & pl.col("kind").is_in(["cma", "cnas"])
    )
    rng = stream(seed, "scope")
    number = current["row"].to_list()
    standards = [company_standard(i) for i in range(len(TRADES))]
    rows: list[tuple[int, str, str, str]] = []
    for serial in number:
        _, _, products, parameters = words.FIELDS[int(rng.integers(0, len(words.FIELDS)))]
        pairs = [(p, q) for p in products for q in parameters]
        take = rng.permutation(len(pairs))[: max(1, min(len(pairs), scale.scope_per_lab))]
        rows.extend((serial, *pairs[i], standards[(i * 5 + len(rows)) % len(standards)]) for i in take)
    return pl.DataFrame(rows, schema=["qualification", "product", "parameter", "standard"], orient="row")


def _standards() -> pl.DataFrame:
    rows = [(number, kind, zh, en, "current", "") for number, kind, zh, en in _REAL]
    for position, (_, _, _, _, zh, en) in enumerate(TRADES):
        new = company_standard(position)
        rows.append((new, "group", f"{zh}质量分级（演示）", f"Quality grades of {en} (synthetic)", "current", ""))
        if position % 4 == 0:
            old = new.replace("2019", "2014")
            rows.append((old, "group", f"{zh}质量要求（演示）", f"Quality of {en} (synthetic)", "superseded", new))
    names = ["number", "kind", "name_zh", "name_en", "status", "replaced_by"]
    return pl.DataFrame(rows, schema=names, orient="row")
