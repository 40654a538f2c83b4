"""Six years of counted batches: what each sample of the synthetic city was, in the words of the pass rate.

The random batches of a town were drawn from all its firms alike. Their strata are town and size of the firm; a batch
speaks for as many firms of its stratum as were drawn from it: weight = N_h / n_h. Batches by risk have no weight. Which
laboratory tested a batch is drawn so that one laboratory, named in the truth, finds more than its share of failures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from qualipolis.demo.streams import stream
from qualipolis.demo.supervision_words import FIELD_OF, ITEMS
from qualipolis.demo.words import FAILED_ITEMS

LABORATORIES = 3
PAIRS = 3
STRICT_FIELD, STRICT = FIELD_OF["textiles"], 1
STRICTER = 3.0
ALSO_FAILED = 0.08
SIZES = ("large", "small")
STATUS = {"pass": "final", "fail": "final", "refused": "refusal_reported", "untestable": "untestable"}


@dataclass(frozen=True)
class Counted:
    """Frames with codes instead of keys: ``facts`` (one row for each sample, in its order), ``items``, ``strata``."""

    facts: pl.DataFrame
    items: pl.DataFrame
    strata: pl.DataFrame


def contracted(institutions: pl.DataFrame) -> list[list[str]]:
    """Return the laboratories that test for the city, by field of testing: the first few of each."""
    laboratories = institutions.filter(pl.col("kind") == "laboratory")
    fields = [laboratories.filter(pl.col("field") == field)["code"] for field in range(len(FIELD_OF))]
    return [codes.head(LABORATORIES).to_list() for codes in fields]


def strict_laboratory(institutions: pl.DataFrame) -> str:
    """Return the laboratory that is planted to find more failures than the others of its field."""
    return contracted(institutions)[STRICT_FIELD][STRICT]


def make_counted(seed: int, samples: pl.DataFrame, enterprises: pl.DataFrame, institutions: pl.DataFrame) -> Counted:
    """Return what the pass rate counts of ``samples``; the same seed gives the same cells."""
    size = pl.when(pl.col("above_scale")).then(pl.lit(SIZES[0])).otherwise(pl.lit(SIZES[1]))
    firms = enterprises.select("credit_code", "cluster", stratum=pl.format("{}-{}", "unit", size))
    rows = samples.join(firms, on="credit_code", how="left", maintain_order="left")
    strata = _strata(rows, firms)
    rows = rows.join(strata, on=["year", "stratum"], how="left", maintain_order="left")
    random = pl.col("purpose") == "random"
    final = pl.col("outcome").is_in(["pass", "fail"])
    facts = rows.select(
        "number", "year", "purpose", "unit", "cluster", "credit_code", "category",
        pl.col("date").alias("sampled_on"),
        stratum=pl.when(random).then("stratum").otherwise(pl.lit("")),
        weight=pl.when(random).then(pl.col("units") / pl.col("drawn")),
        psu=pl.when(random).then("credit_code").otherwise(pl.lit("")),
        status=pl.col("outcome").replace_strict(STATUS),
        verdict=pl.when(final).then("outcome").otherwise(pl.lit("")),
    ).with_columns(
        first_verdict=pl.col("verdict"),
        stage=_stages(seed, rows.height),
        laboratory=_laboratories(seed, rows, contracted(institutions)),
        samplers=_samplers(seed, rows["unit"]),
    )  # fmt: skip
    return Counted(facts, _items(seed, rows), strata.drop("drawn"))


def _strata(rows: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """Firms and drawn batches of each stratum and year; a stratum nobody was drawn from is there all the same."""
    sizes = firms.group_by("stratum").agg(units=pl.len())
    years = rows.select("year").unique()
    drawn = rows.filter(pl.col("purpose") == "random").group_by("year", "stratum").agg(drawn=pl.len())
    grid = years.join(sizes, how="cross").join(drawn, on=["year", "stratum"], how="left")
    return grid.with_columns(pl.col("drawn").fill_null(0)).sort("year", "stratum")


def _stages(seed: int, count: int) -> pl.Series:
    draw = stream(seed, "sampling_stage").random(count)
    return pl.Series(np.where(draw < 0.72, "production", "sale"))


def _samplers(seed: int, unit: pl.Series) -> pl.Series:
    """Pairs of samplers as codes, a few in each town; no pair finds more than another."""
    pair = stream(seed, "sampling_pairs").integers(1, PAIRS + 1, len(unit)).astype(str)
    return pl.DataFrame({"u": unit, "p": pair}).select(pl.format("{}-P{}", "u", "p")).to_series()


def _laboratories(seed: int, rows: pl.DataFrame, bodies: list[list[str]]) -> pl.Series:
    field = rows["cluster"].replace_strict(FIELD_OF, return_dtype=pl.Int64).to_numpy()
    draw = stream(seed, "sampling_laboratories").random(rows.height)
    place = np.floor(draw * LABORATORIES).astype(np.int64)
    strict = (field == STRICT_FIELD) & (rows["outcome"] == "fail").to_numpy()
    share = np.full(LABORATORIES, 1.0)
    share[STRICT] = STRICTER
    place[strict] = np.searchsorted(np.cumsum(share / share.sum()), draw[strict], side="right")
    codes = np.array([[one[n % len(one)] if one else "" for n in range(LABORATORIES)] for one in bodies])
    tested = rows["outcome"].is_in(["pass", "fail", "untestable"]).to_numpy()
    return pl.Series(np.where(tested, codes[field, place.clip(0, LABORATORIES - 1)], "")).replace("", None)


def _items(seed: int, rows: pl.DataFrame) -> pl.DataFrame:
    """Every item of every batch with a verdict; the item for which it failed, and now and then one more."""
    tested = rows.with_row_index("fact").filter(pl.col("outcome").is_in(["pass", "fail"]))
    width = len(FAILED_ITEMS)
    reason = tested["failed_item"].replace_strict(
        list(FAILED_ITEMS), list(range(width)), default=None, return_dtype=pl.Int64
    )
    failed = np.zeros((tested.height, width), dtype=bool)
    hit = np.flatnonzero(reason.is_not_null().to_numpy())
    first = reason.drop_nulls().to_numpy()
    failed[hit, first] = True
    rng = stream(seed, "sampling_items")
    also = rng.random(len(hit)) < ALSO_FAILED
    failed[hit[also], (first[also] + rng.integers(1, width, int(also.sum()))) % width] = True
    classes = list(ITEMS)
    names = pl.Series([item.zh for name in classes for item in ITEMS[name]])
    safety = np.array([[item.safety for item in ITEMS[name]] for name in classes])
    kind = tested["category"].replace_strict(classes, list(range(len(classes))), return_dtype=pl.Int64).to_numpy()
    return pl.DataFrame(
        {
            "fact": np.repeat(tested["fact"].to_numpy().astype(np.int64), width),
            "name": names.gather((kind[:, None] * width + np.arange(width)).ravel()),
            "failed": failed.ravel(),
            "safety": safety[kind].ravel(),
        }
    )
