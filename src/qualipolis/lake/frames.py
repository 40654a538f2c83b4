"""A framework and its data as tables in our own layout, such that reading them back gives the very same numbers."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import polars as pl

from qualipolis.lake.exports import write_csv
from qualipolis.methods.composite.data import IndicatorData
from qualipolis.methods.composite.framework import Framework

DIRECTION = {1: "positive", -1: "negative", 0: "target"}


def framework_to_frame(framework: Framework) -> pl.DataFrame:
    """Return the framework as a table of indicators, one row for each node in its order."""
    texts = ("code", "name_zh", "name_en", "parent")
    schema: dict[str, type[pl.DataType]] = {**dict.fromkeys(texts, pl.String), "weight": pl.Float64, "level": pl.Int64}
    schema |= {"kind": pl.String, "direction": pl.String, "unit": pl.String, "denominator": pl.String}
    schema |= dict.fromkeys(("floor", "target", "target_low", "target_high"), pl.Float64)
    columns = {field: [getattr(node, field) for node in framework.nodes] for field in schema}
    columns["direction"] = [DIRECTION[way] for way in columns["direction"]]
    return pl.DataFrame(columns, schema=schema)


def data_to_frame(data: IndicatorData) -> pl.DataFrame:
    """Return the data as a table of units: code, name, groups, denominators, indicators; missing is empty."""
    columns: dict[str, pl.Series] = {
        "unit": pl.Series(data.units, dtype=pl.String),
        "name": pl.Series([data.names.get(unit, "") for unit in data.units], dtype=pl.String),
    }
    for name, groups in data.groups.items():
        columns[f"group:{name}"] = pl.Series([group or "" for group in groups], dtype=pl.String)
    for name, values in data.denominators.items():
        columns[f"denominator:{name}"] = floats(values)
    for at, code in enumerate(data.codes):
        columns[code] = floats(data.values[:, at])
    return pl.DataFrame(columns)


def floats(values: np.ndarray) -> pl.Series:
    """Return numbers as a column in which NaN is missing."""
    return pl.Series(np.asarray(values, dtype=np.float64)).fill_nan(None)


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return ``frame`` as UTF-8 csv, floats with every digit they need, text safe from being taken for a formula."""
    buffer = BytesIO()
    write_csv(buffer, frame, bom=False)
    return buffer.getvalue()
