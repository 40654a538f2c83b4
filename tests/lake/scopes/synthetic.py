"""Synthetic scopes of institutions that do not exist, in words and numbers of standards that do."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from qualipolis.lake.scopes.index import OPEN_END, Coded

HERE = Path(__file__).parent
DAY = 20_454  # 2026-01-01
VARIED = {
    "甲醛含量": ("甲醛含量", "甲醛", "甲醛含量（水萃取法）"), "pH值": ("pH值", "pH 值", "水萃取液pH值"),
    "禁用偶氮染料": ("禁用偶氮染料", "可分解芳香胺染料"), "耐摩擦色牢度": ("耐摩擦色牢度", "色牢度（耐摩擦）"),
    "铅": ("铅", "铅（Pb）", "铅含量"), "菌落总数": ("菌落总数", "菌落总数 "), "温升": ("温升", "温升试验"),
}  # fmt: skip
TEST_OBJECTS = ("Apparatus", "Specimens", "Components", "Assemblies", "Materials", "Systems", "Fittings", "Instruments")
TEST_THINGS = (
    "torsion",
    "viscosity",
    "porosity",
    "permittivity",
    "buckling",
    "creep",
    "opacity",
    "wear",
    "gloss",
    "density",
)


@dataclass(frozen=True)
class Row:
    """A row of the catalogue with one parameter and one edition."""

    code: str
    product: str
    parameter: str
    standard: str
    label: str


def catalogue() -> list[Row]:
    """Return every line an institution may list: in Chinese, in English, and of the edition before."""
    rows = []
    with (HERE / "catalogue.csv").open(encoding="utf-8") as file:
        for one in csv.DictReader(file):
            for pair in one["parameters"].split(";"):
                zh, _, en = pair.partition("=")
                for standard in filter(None, (one["standard"], one["older"])):
                    words = VARIED.get(zh, (zh,))
                    rows += [Row(one["code"], one["product_zh"], word, standard, zh) for word in words]
                    rows.append(Row(one["code"], one["product_en"], en, standard, zh))
    return rows


def others(count: int, seed: int, shared: Path | None = None) -> list[tuple[str, str, str]]:
    """Return lines that answer none of the questions: titles of the ISO catalogue beside the repository, or made up."""
    if shared is not None:
        frame = pl.read_csv(shared / "data/standards_iso_iec/iso.csv.gz", infer_schema=False)
        frame = frame.filter(pl.col("title_en").str.contains("(?i)determination|test|measurement")).head(40_000)
        frame = frame.filter(pl.col("ics_text").is_not_null()).sample(min(count, frame.height // 2), seed=seed)
        return list(zip(frame["ics_text"].str.split("|").list.first(), frame["title_en"], frame["number"], strict=True))
    rng = np.random.default_rng(seed)
    return [
        (f"{TEST_OBJECTS[rng.integers(8)]} class {i % 97}", f"{TEST_THINGS[rng.integers(10)]} {i % 31}", f"ISO {90000 + i}:2015")
        for i in range(count)
    ]  # fmt: skip


def scopes(
    holders: int, lines: int, seed: int = 1, shared: Path | None = None, distinct: int = 20_000
) -> tuple[Coded, list[Row | None]]:
    """Return scopes of ``holders`` institutions with ``lines`` lines each, and for each distinct line its row if it is one.

    Each institution works in a few fields: its lines of the catalogue are those of some codes; the rest is of the others.
    The ``line`` of every line is the place of its distinct line.
    """
    rng = np.random.default_rng(seed)
    rows: list[Row | None] = [*catalogue()]
    known = len(rows)
    own = [(r.product, r.parameter, r.standard) for r in rows if r]
    made = [*own, *others(distinct, seed, shared)]
    rows += [None] * (len(made) - known)
    codes = np.array([r.code for r in rows[:known] if r])
    fields, field_of = np.unique([code[:2] for code in codes], return_inverse=True)
    picked = []
    for _ in range(holders):
        mine = rng.choice(len(fields), size=rng.integers(1, 5), replace=False)
        of_own = np.flatnonzero(np.isin(field_of, mine))
        of_own = of_own[rng.random(len(of_own)) < rng.uniform(0.1, 0.6)][:lines]
        rest = rng.integers(known, len(made), lines - len(of_own))
        picked.append(np.concatenate([of_own, rest]))
    return _coded(made, np.concatenate(picked), holders, lines, rng), rows


def _coded(
    made: list[tuple[str, str, str]], line: np.ndarray, holders: int, lines: int, rng: np.random.Generator
) -> Coded:
    texts = [sorted({one[at] for one in made}) for at in range(3)]
    places = [{text: at for at, text in enumerate(column)} for column in texts]
    table = [np.array([places[at][one[at]] for one in made], np.int32)[line] for at in range(3)]
    frame = pl.DataFrame(
        {
            "product": table[0], "parameter": table[1], "standard": table[2],
            "certificate": np.repeat(np.arange(holders, dtype=np.int32), lines), "line": line.astype(np.int64),
            "begins": np.zeros(len(line), np.uint16), "ends": np.full(len(line), OPEN_END, np.uint16),
        }
    )  # fmt: skip
    begins = DAY - rng.integers(100, 2100, holders)
    certificates = pl.DataFrame(
        {
            "key": np.arange(holders) + 1,
            "holder": np.arange(holders, dtype=np.int32),
            "begins": begins,
            "ends": begins + 2190,
        }
    )
    spread = {"longitude": 113.5 + rng.random(holders), "latitude": 22.7 + rng.random(holders) / 2}
    return Coded(*texts, frame, certificates, pl.DataFrame({"key": np.arange(holders) + 1, **spread}))
