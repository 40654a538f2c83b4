"""Inputs of the reference's kinds without reference values: deep and flat trees, gaps, negatives, ties, a panel."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from qualipolis.methods.composite import (
    DEFAULT_PIPELINE,
    CompositeResult,
    Framework,
    IndicatorData,
    Node,
    PanelData,
    change,
    difference,
    drop_indicators,
    impute_panel,
    marginal_gains,
    remove_elements,
    run_panel,
    what_if,
)

CASES = {
    "subset": ("B_subset", "iMeta.csv"),
    "deep": ("D_synth", "iMeta_deep.csv"),
    "flat": ("D_synth", "iMeta_flat.csv"),
}
GEOMETRIC = {"normalise.low": 1.0, "aggregate.method": "geometric"}
MIXED = {"2": "harmonic", "3": "median", "4": "mazziotta_pareto"}


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def number(text: str) -> float:
    return math.nan if text in ("NA", "") else float(text)


@pytest.fixture(params=CASES)
def result(shared: Path, request: pytest.FixtureRequest) -> CompositeResult:
    folder, meta = CASES[request.param]
    base = shared / "golden" / "inputs" / "composite" / folder
    nodes = tuple(
        Node(
            row["iCode"],
            parent=None if row["Parent"] == "NA" else row["Parent"],
            weight=float(row["Weight"]),
            level=int(row["Level"]),
            kind=row["Type"].lower(),
            direction=int(row["Direction"]),
        )
        for row in rows_of(base / meta)
        if row["Type"] in ("Indicator", "Aggregate")
    )
    tree, rows = Framework(nodes), rows_of(base / "iData.csv")
    values = [[number(row[code]) for code in tree.indicators] for row in rows]
    return DEFAULT_PIPELINE.run(tree, IndicatorData([row["uCode"] for row in rows], tree.indicators, values))


@pytest.mark.parametrize("changes", [{}, GEOMETRIC, None], ids=["arithmetic", "geometric", "mixed"])
def test_everything_sums_and_every_trial_is_a_run(result: CompositeResult, changes: dict[str, object] | None) -> None:
    levels = {str(level): MIXED[str(level)] for level in result.framework.levels if str(level) in MIXED}
    one = result.replay({"normalise.low": 1.0, "aggregate.levels": levels} if changes is None else changes)
    root = one.framework.roots[0]
    np.testing.assert_allclose(one.contribution(root).sum(axis=1), one.score(root), rtol=1e-12)
    unit, others = one.units[0], one.units[1:25]
    assert max(abs(difference(one, unit, other).residual) for other in others) < 1e-11
    fewer = drop_indicators(one, one.framework.indicators[:2])
    assert abs(change(one, fewer, unit).residual) < 1e-11
    levers = marginal_gains(one, unit).levers
    goal = next(lever for lever in levers if lever.best)
    after = what_if(one, unit, {goal.indicator: goal.best.value})
    if after.units == one.units:
        assert goal.best.gain == pytest.approx(after.score(root)[0] - one.score(root)[0], abs=1e-9)
    removal = remove_elements(one, one.framework.levels[-2], root)
    assert (removal.mean_absolute >= 0).all()


def test_a_panel_with_gaps_runs_through_every_way_of_filling(shared: Path) -> None:
    rows = rows_of(shared / "golden" / "inputs" / "composite" / "C_panel" / "panel_NA_input.csv")
    codes = tuple(code for code in rows[0] if code not in ("uCode", "Time"))
    panel = PanelData.from_rows(rows, codes, time="Time", unit="uCode")
    tree = Framework((*(Node(code, parent="X") for code in codes), Node("X", level=2, kind="aggregate")))
    holes = int(np.isnan(panel.values).sum())
    for method in ("latest", "constant", "linear", "linear_constant"):
        filled = impute_panel(panel, method)
        left = int(np.isnan(filled.panel.values).sum())
        assert filled.filled.height == holes
        assert filled.filled["value"].null_count() == left < holes
        result = run_panel(DEFAULT_PIPELINE, tree, filled.panel)
        scored = np.flatnonzero(~np.isnan(result.score("X")[[0, -1]]).any(axis=0))
        assert all(abs(result.change(panel.units[k], 2018, 2022).residual) < 1e-11 for k in scored[:5])
