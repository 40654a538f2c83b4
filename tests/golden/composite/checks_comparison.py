"""Results tables, comparisons, panels and trends of the reference."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.golden.composite import cast
from tests.golden.composite.manifest import Entry, golden

from qualipolis.methods.composite import CompositeResult, strengths, unit_summary, weaknesses
from qualipolis.methods.composite.comparison import (
    compare,
    compare_correlation,
    compare_many,
    drop_indicators,
    remove_elements,
    results_table,
)

asem = cache(cast.asem)
VERSIONS = {
    "Nominal": {},
    "Zscore": {"normalise.method": "zscore", "normalise.mean": 10.0, "normalise.sd": 2.0},
    "Geo": {"normalise.low": 1.0, "aggregate.method": "geometric"},
    "Prank": {"normalise.method": "percentile", "normalise.high": 1.0},
}


@cache
def version(folder: Path, name: str) -> CompositeResult:
    result = asem(folder)
    if name == "Prank":
        result = as_in_memory(folder)
    return result.replay(VERSIONS[name])


def as_in_memory(folder: Path) -> CompositeResult:
    """The published TolMin has ties that the reference's own memory did not have; its order there breaks them."""
    result = asem(folder)
    units, codes = result.stages["treat"].units, result.data.codes
    rows = {r["uCode"]: cast.number(r["TolMin"]) for r in cast.read(folder / "06_normalise" / "prank.csv")}
    values = result.data.values.copy()
    for unit in units:
        row = result.data.units.index(unit)
        values[row, codes.index("TolMin")] += 1e-9 * result.framework.node("TolMin").direction * rows[unit]
    from qualipolis.methods.composite.comparison.trial import with_values

    return result.pipeline.run(result.framework, with_values(result.data, values))


def assert_rows(table: list[dict], rows: list[dict[str, str]], key: str, columns: dict[str, str]) -> None:
    ours = {row[key]: row for row in table}
    assert set(ours) == {next(iter(row.values())) for row in rows}
    for row in rows:
        mine = ours[next(iter(row.values()))]
        for here, there in columns.items():
            found = np.nan if mine[here] is None else mine[here]
            assert found == pytest.approx(cast.number(row[there]), rel=1e-9, abs=1e-12, nan_ok=True), (row, here)


@golden("09_results/summ_scores", "09_results/aggs_scores")
def score_tables(folder: Path, entry: Entry) -> None:
    kind = "summary" if "summ" in entry["id"] else "aggregates"
    rows = cast.read(folder / entry["file"])
    table = results_table(asem(folder), kind, names=kind == "aggregates")
    columns = {code: code for code in rows[0] if code not in ("uCode", "uName", "Rank")} | {"rank": "Rank"}
    assert_rows(table.to_dicts(), rows, "unit", columns)
    assert table["unit"].to_list() == [row["uCode"] for row in rows]
    if kind == "aggregates":
        assert table["name"].to_list() == [row["uName"] for row in rows]


@golden("09_results/aggs_ranks", "09_results/full_groupranks_GDP")
def rank_tables(folder: Path, entry: Entry) -> None:
    rows = cast.read(folder / entry["file"])
    grouped = "GDP_group" in rows[0]
    use, group = ("group_ranks", "GDP_group") if grouped else ("ranks", None)
    table = results_table(asem(folder), "aggregates", use, group)
    assert_rows(table.to_dicts(), rows, "unit", {c: c for c in rows[0] if c not in ("uCode", "GDP_group")})
    if grouped:
        known = dict(zip(table["unit"], table["GDP_group"], strict=True))
        assert all(known[row["uCode"]] == row["GDP_group"] for row in rows)


@golden("09_results/unit_summary_AUS")
def summary(folder: Path, entry: Entry) -> None:
    rows = cast.read(folder / entry["file"])
    table = unit_summary(asem(folder), "AUS").to_dicts()
    assert_rows(table, rows, "node", {"score": "Score", "rank": "Rank"})
    assert {row["node"]: row["name"] for row in table} == {row["Code"]: row["Name"] for row in rows}


@golden("09_results/strengths_ESP", "09_results/weaknesses_ESP")
def extremes(folder: Path, entry: Entry) -> None:
    rows = cast.read(folder / entry["file"])
    function = strengths if "strengths" in entry["id"] else weaknesses
    table = function(asem(folder), "ESP", stage="raw").with_columns(value_text="value").to_dicts()
    for row in table:
        row["value"] = float(f"{row['value']:.3g}")
    assert_rows(table, rows, "node", {"rank": "Rank", "value": "Value"})
    words = {row["Code"]: (row["Name"], row["Pillar"], row["Unit"]) for row in rows}
    assert {row["node"]: (row["name"], row["parent"], row["unit"]) for row in table} == words


@golden("11_compare/drop_LPI_Forest", "11_compare/compare_ranks_drop")
def dropped(folder: Path, entry: Entry) -> None:
    before = asem(folder)
    after = drop_indicators(before, ("LPI", "Forest"))
    if entry["id"].endswith("drop_LPI_Forest"):
        cast.assert_same_table(folder / entry["file"], after.units, after.nodes, after.scores)
        return
    columns = {"first": "coin.1", "second": "coin.2", "difference": "Diff", "absolute": "Abs.diff"}
    assert_rows(compare(before, after, "Index").to_dicts(), cast.read(folder / entry["file"]), "unit", columns)


@golden("11_compare/compare_multi_*")
def many(folder: Path, entry: Entry) -> None:
    results = {name: version(folder, name) for name in VERSIONS}
    table = compare_many(results, "Index", "ranks" if "ranks" in entry["id"] else "scores")
    assert_rows(table.to_dicts(), cast.read(folder / entry["file"]), "unit", {name: name for name in VERSIONS})


@golden("11_compare/compare_corr")
def correlated(folder: Path, entry: Entry) -> None:
    rows = cast.read(folder / entry["file"])
    nodes = tuple(row["iCode"] for row in rows)
    table = compare_correlation(version(folder, "Nominal"), version(folder, "Geo"), nodes)
    assert_rows(table.to_dicts(), rows, "node", {"correlation": "Correlation"})


@golden("11_compare/remove_L*")
def removed(folder: Path, entry: Entry) -> None:
    rows = cast.read(folder / entry["file"])
    removal = remove_elements(asem(folder), int(entry["id"].split("remove_L")[1][0]), "Index")
    if "meanabs" in entry["id"]:
        ours = {"Nominal": 0.0} | dict(zip(removal.elements, removal.mean_absolute.tolist(), strict=True))
        assert ours == pytest.approx({row["element"]: float(row["MeanAbsDiff"]) for row in rows}, rel=1e-9)
        return
    columns = {"nominal": "Nominal"} | {code: code for code in removal.elements}
    assert set(rows[0]) == {"uCode", *columns.values()}
    assert_rows(removal.to_frame().to_dicts(), rows, "unit", columns)
