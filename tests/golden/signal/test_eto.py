"""Ethylene oxide in European food alerts: disproportionality speaks in the week it is recorded to, not weeks later."""

from __future__ import annotations

import json
from datetime import date, timedelta

import polars as pl
import pytest

from qualipolis.methods.signal.disproportionality import count_pairs, disproportionality

COLUMNS = {"category": "Product Category", "origin": "Country Origin"}


@pytest.fixture(scope="module")
def alerts(shared):
    """One row for each alert and value of its joined columns; a category is the same in either case."""
    table = pl.read_csv(shared / "data/rasff_2020_2024/rasff.csv.gz", schema_overrides={"Reference": pl.String})
    hazard = pl.col("Hazard Substance").fill_null("not stated").str.to_lowercase()
    named = pl.when(hazard.str.contains("ethylene oxide")).then(pl.lit("ethylene oxide"))
    return table.select(
        pl.col("Reference"),
        pl.col("Date of Case").str.to_date().alias("day"),
        named.otherwise(pl.col("Hazard Category").fill_null("not stated").str.to_lowercase()).alias("hazard"),
        *(pl.col(column).fill_null("not stated").str.to_lowercase().alias(name) for name, column in COLUMNS.items()),
    )


def flagged(alerts: pl.DataFrame, column: str, monday: date) -> tuple[bool, bool]:
    """Whether, at the end of the week, PRR and IC name ethylene oxide with any value of the column."""
    seen = alerts.filter(pl.col("day") < monday + timedelta(days=7))
    for joined in (column, "hazard"):
        seen = seen.with_columns(pl.col(joined).str.split("; ")).explode(joined)
    tables = count_pairs(*(seen[name].to_list() for name in ("Reference", column, "hazard")))
    scores = disproportionality(tables, theta=(0.2, 0.1, 2.0, 4.0, 1 / 3))  # neither flag uses the prior
    ours = [i for i, name in enumerate(tables.right) if name == "ethylene oxide"]
    by_ic = scores.ic_flag & (scores.n >= 3)
    return bool(scores.prr_flag[ours].any()), bool(by_ic[ours].any())


@pytest.mark.parametrize("column", COLUMNS)
def test_ethylene_oxide_is_flagged_in_the_recorded_week_and_not_before(shared, alerts, column):
    recorded = json.loads((shared / "golden/signal/rasff_eto.json").read_text())
    weeks = {date.fromisoformat(one[0]) for one in recorded["nuts_seeds"].values()}
    assert weeks == {date(2020, 10, 12)}
    assert flagged(alerts, column, date(2020, 10, 12)) == (True, True)
    assert flagged(alerts, column, date(2020, 10, 5)) == (False, False)
