"""Observations: what was seen of the truth, computed from the records where a room keeps them; and what is missing."""

from __future__ import annotations

import numpy as np
import polars as pl

from qualipolis.city.measure.catalogue import INDICATORS
from qualipolis.demo.figures import Figures
from qualipolis.demo.places import Places
from qualipolis.demo.scale import YEARS
from qualipolis.demo.streams import stream

LATE_PER_UNIT = 9
_NOT_COLLECTED = 0.003
_NOTES = {
    "not_applicable": "分母为零，不适用",
    "late": "截止日后仍未报送",
    "not_collected": "来源部门当年未采集",
}
Parts = tuple[np.ndarray | None, np.ndarray | None]


def room_parts(places: Places, samples: pl.DataFrame, complaints: pl.DataFrame) -> dict[str, Parts]:
    """Numerators and denominators counted from the records of the rooms, (unit, year) each."""
    final = pl.col("outcome").is_in(["pass", "fail"])
    failed, random = pl.col("outcome") == "fail", pl.col("purpose") == "random"
    firm = pl.col("credit_code")
    counted = {
        "PQ01": ((final & random & ~failed).sum(), (final & random).sum()),
        "PQ02": ((failed & ~random).sum(), (final & ~random).sum()),
        "PQ03": (pl.col("review_passed").sum(), pl.col("review_due").sum()),
        "PQ04": (pl.col("order_in_time").sum(), pl.col("order_due").sum()),
        "PQ05": (firm.filter(pl.col("repeat")).n_unique(), firm.filter(failed).n_unique()),
        "PQ06": ((pl.col("outcome") == "refused").sum(), pl.len()),
    }
    parts = _grouped(places, samples, counted)
    outcome = pl.col("outcome")
    heard = {
        "SR01": ((outcome != "refused").sum(), pl.len()),
        "SR02": (pl.col("in_time").sum(), pl.len()),
        "SR03": ((outcome == "agreed").sum(), outcome.is_in(["agreed", "ended"]).sum()),
        "SR04": ((pl.col("category") == "quality").sum(), pl.len()),
    }
    parts |= _grouped(places, complaints, heard)
    parts["SR01"] = (parts["SR01"][0], places.population)
    return parts


def _grouped(places: Places, frame: pl.DataFrame, counted: dict[str, tuple[pl.Expr, pl.Expr]]) -> dict[str, Parts]:
    columns = [
        e.cast(pl.Float64).alias(f"{code}_{side}") for code, pair in counted.items() for side, e in enumerate(pair)
    ]
    grid = pl.DataFrame({"unit": places.frame["code"]}).join(pl.DataFrame({"year": list(YEARS)}), how="cross")
    grid = grid.with_columns(pl.col("year").cast(frame.schema["year"]))
    full = grid.join(
        frame.group_by("unit", "year").agg(columns), on=["unit", "year"], how="left", maintain_order="left"
    )
    shape = (places.count, len(YEARS))
    values = {c: full[c].fill_null(0.0).to_numpy().reshape(shape) for c in full.columns[2:]}
    return {code: (values[f"{code}_0"], values[f"{code}_1"]) for code in counted}


def make_observations(seed: int, places: Places, parts: dict[str, Parts], figures: Figures) -> tuple[pl.DataFrame, ...]:
    """One row for each indicator, unit and year; missing is null with a reason, never zero.

    The second frame holds what the late units have but did not hand in.
    """
    shape = (places.count, len(YEARS))
    late = _late(seed, places)
    frames, withheld = [], []
    for position, indicator in enumerate(INDICATORS):
        top, bottom = parts.get(indicator.code) or (figures.top.get(indicator.code), figures.bottom.get(indicator.code))
        value = figures.value.get(indicator.code)
        if indicator.kind == "median":
            top = None
        elif indicator.kind == "count":
            value = top
        else:
            value = np.divide(indicator.factor * top, bottom, out=np.full(shape, np.nan), where=bottom > 0)
        why = np.full(shape, "", dtype="<U14")
        why[np.isnan(value)] = "not_applicable"
        if indicator.source_room is None:
            skipped = stream(seed, "not_collected", position).random(shape) < _NOT_COLLECTED
            skipped[:, -1] = False
            skipped[list(places.twins)] = False
            why[skipped & (why == "")] = "not_collected"
            why[:, -1][late[:, position]] = "late"
        computed, there = indicator.source_room is not None, np.where(why == "late", "", why)
        frames.append(_rows(places, indicator.code, top, bottom, value, why, computed))
        if late[:, position].any():
            withheld.append(
                _rows(places, indicator.code, top, bottom, value, there, computed).filter(why.ravel() == "late")
            )
    return tuple(pl.concat(rows).with_columns(synthetic=pl.lit(True)) for rows in (frames, withheld))


def _late(seed: int, places: Places) -> np.ndarray:
    """Which indicators the two late units have not handed in for the last year, (unit, indicator)."""
    late = np.zeros((places.count, len(INDICATORS)), dtype=bool)
    typed = np.array([p for p, i in enumerate(INDICATORS) if i.source_room is None and i.code not in ("SR06", "PQ10")])
    for unit in places.late:
        late[unit, stream(seed, "late", unit).choice(typed, LATE_PER_UNIT, replace=False)] = True
    return late


def _rows(
    places: Places,
    code: str,
    top: np.ndarray | None,
    bottom: np.ndarray | None,
    value: np.ndarray,
    why: np.ndarray,
    computed: bool,
) -> pl.DataFrame:
    n = value.size
    # an indicator that does not apply keeps its parts (0 of 0); what was not handed in has none
    gone = np.isin(why, ["late", "not_collected"]).ravel()

    def cells(array: np.ndarray | None, hide: np.ndarray) -> pl.Series:
        if array is None:
            return pl.Series([None] * n, dtype=pl.Float64)
        return pl.Series(np.where(hide, np.nan, array.ravel().astype(float))).fill_nan(None)

    reason = pl.Series(why.ravel())
    return pl.DataFrame(
        {
            "indicator": [code] * n,
            "unit": pl.Series(places.frame["code"].to_list()).gather(np.repeat(np.arange(places.count), len(YEARS))),
            "year": np.tile(YEARS, places.count),
            "numerator": cells(top, gone),
            "denominator": cells(bottom, gone),
            "value": cells(value, (why != "").ravel()),
            "status": pl.Series(np.where(why.ravel() == "late", "empty", "locked")),
            "missing_reason": reason,
            "note": reason.replace_strict(_NOTES, default=""),
            "computed": [computed] * n,
        }
    )
