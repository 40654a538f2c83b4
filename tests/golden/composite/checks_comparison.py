"""Results tables, comparisons, panels and trends of the reference."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.golden.composite import cast
from tests.golden.composite.manifest import Entry, golden

from qualipolis.methods.composite import (
    Aggregate,
    CompositeResult,
    Denominate,
    Framework,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Screen,
    Treat,
    Weigh,
    strengths,
    unit_summary,
    weaknesses,
)
from qualipolis.methods.composite.comparison import (
    compare,
    compare_correlation,
    compare_many,
    drop_indicators,
    remove_elements,
    results_table,
)
from qualipolis.methods.composite.comparison.trial import with_values
from qualipolis.methods.composite.panel import PanelData, PanelResult, cagr, percent_change, run_panel, trends

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


@cache
def panel(folder: Path) -> PanelData:
    meta = cast.read(folder / "00_input" / "ASEM_iMeta.csv")
    of_type = {kind: [m["iCode"] for m in meta if m["Type"] == kind] for kind in ("Indicator", "Group", "Denominator")}
    rows = cast.read(folder / "00_input" / "ASEM_iData_panel.csv")
    names = {"time": "Time", "unit": "uCode", "name": "uName"}
    return PanelData.from_rows(
        rows, of_type["Indicator"], groups=of_type["Group"], denominators=of_type["Denominator"], **names
    )


@cache
def panel_result(folder: Path) -> PanelResult:
    steps = (Screen(0.9), Treat(transform="log_ct"), Normalise("minmax", 0.0, 100.0), Weigh(), Aggregate())
    return run_panel(Pipeline(steps), cast.framework(folder), panel(folder))


@golden("00_input/ASEM_iData_panel")
def panel_table(folder: Path, entry: Entry) -> None:
    rows, ours = cast.read(folder / entry["file"]), panel(folder)
    years = {time: ours.year(time) for time in ours.times}
    assert len(rows) == sum(len(year.units) for year in years.values())
    for row in rows:
        year = years[int(row["Time"])]
        at = year.units.index(row["uCode"])
        assert year.names[row["uCode"]] == row["uName"]
        assert all(labels[at] == cast.name(row[group]) for group, labels in year.groups.items())
        np.testing.assert_array_equal(year.values[at], [cast.number(row[code]) for code in year.codes])
        for code, column in year.denominators.items():
            np.testing.assert_array_equal(column[at], cast.number(row[code]))


@golden("13_panel/Normalised", "13_panel/Aggregated")
def panel_tables(folder: Path, entry: Entry) -> None:
    rows, result = cast.read(folder / entry["file"]), panel_result(folder)
    codes = [code for code in rows[0] if code not in ("Time", "uCode")]
    columns = [result.nodes.index(code) for code in codes]
    scored = {(t, u) for t, u in np.argwhere(~np.isnan(result.score("Index"))).tolist()}
    assert len(scored) == len(rows)
    for row in rows:
        at = result.times.index(int(row["Time"])), result.units.index(row["uCode"])
        assert at in scored
        np.testing.assert_allclose(
            result.scores[at][columns], [cast.number(row[code]) for code in codes], rtol=1e-9, atol=1e-9
        )


@golden("13_panel/trends_CAGR")
def growth(folder: Path, entry: Entry) -> None:
    rows = cast.read(folder / entry["file"])
    table = trends(panel(folder), ("AUS", "CHN", "DEU"), ("Flights", "CO2", "LPI")).to_dicts()
    ours = {(row["unit"], row["node"]): row for row in table}
    assert set(ours) == {(row["uCode"], row["iCode"]) for row in rows}
    for row in rows:
        mine = ours[row["uCode"], row["iCode"]]
        assert mine["rate"] == pytest.approx(float(row["CAGR"]), rel=1e-9)
        assert (mine["first"], mine["latest"]) == (int(row["t_first"]), int(row["t_latest"]))
        assert mine["available"] == pytest.approx(float(row["Avail"]))


@golden("12_functions/trend_vectors")
def trend_vectors(folder: Path, entry: Entry) -> None:
    functions = {"CAGR": cagr, "prc_change": percent_change, "prc_change_2pt": percent_change}
    cases = json.loads((folder / entry["file"]).read_text(encoding="utf-8"))
    assert set(cases) == set(functions)
    for name, case in cases.items():
        found = functions[name]([cast.number(str(y)) for y in case["y"]], case["x"])
        assert found == pytest.approx(case["out"], rel=1e-9)


@golden("00_input/WorldDenoms")
def denominators(folder: Path, entry: Entry) -> None:
    rows = cast.read(folder / entry["file"])
    columns = {code: [cast.number(row[code]) for row in rows] for code in ("GDP", "Population", "Area")}
    tree = Framework((Node("gdp", parent="X", denominator="Population"), Node("X", level=2, kind="aggregate")))
    data = IndicatorData(
        [row["uCode"] for row in rows],
        ("gdp",),
        [[value] for value in columns["GDP"]],
        names={row["uCode"]: row["uName"] for row in rows},
        groups={"income": [cast.name(row["Income_Group"]) for row in rows]},
        denominators=columns,
    )
    stage = Pipeline((Denominate(), Aggregate())).run(tree, data).stages["denominate"]
    assert stage.units == tuple(row["uCode"] for row in rows)
    by_hand = np.array(columns["GDP"]) / np.array(columns["Population"])
    np.testing.assert_allclose(stage.values[:, 0], by_hand, rtol=1e-15)
    published = np.array([cast.number(row["GDPpc"]) for row in rows])
    agree = np.isclose(stage.values[:, 0], published, rtol=1e-9, equal_nan=True)
    assert agree.mean() > 0.9, "GDPpc is a series of its own, but mostly GDP by population"
    assert [data.names[row["uCode"]] for row in rows] == [row["uName"] for row in rows]
    np.testing.assert_array_equal(data.denominators["Area"], [cast.number(row["Area"]) for row in rows])
