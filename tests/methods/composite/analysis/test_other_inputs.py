"""Other inputs of the same kind, through the whole analysis: deep and flat trees, subsets, years, gaps, ties."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from qualipolis.methods.composite import CompositeResult, Framework, IndicatorData, Node, Normalise, Pipeline
from qualipolis.methods.composite.aggregate import Aggregate
from qualipolis.methods.composite.analysis import (
    bartlett_sphericity,
    cluster_indicators,
    cluster_units,
    correlation_advice,
    correlation_flags,
    correlations,
    cronbach_alpha,
    factor_structure,
    implicit_weights,
    principal_components,
    sampling_adequacy,
    statistics,
    structure_test,
)
from qualipolis.methods.composite.weighting import benefit_of_the_doubt, optimised_weights, pca_weights
from qualipolis.methods.problems import InputError

MINMAX = Pipeline((Normalise("minmax", 1.0, 100.0), Aggregate()))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float("nan") if text in ("NA", "") else float(text)


def load(data: Path, meta: Path) -> CompositeResult:
    rows, table = read(data), read(meta)
    nodes = tuple(
        Node(
            row["iCode"],
            parent=None if row["Parent"] == "NA" else row["Parent"],
            weight=float(row["Weight"]),
            level=int(row["Level"]),
            kind=row["Type"].lower(),
            direction=int(row["Direction"]),
        )
        for row in table
        if row["Type"] in ("Indicator", "Aggregate")
    )
    codes = [node.code for node in nodes if node.kind == "indicator"]
    values = [[number(row[code]) for code in codes] for row in rows]
    return MINMAX.run(Framework(nodes), IndicatorData([row["uCode"] for row in rows], codes, values))


def several_roots() -> CompositeResult:
    leaves = [Node(f"i{k}", parent=f"r{k % 3}") for k in range(9)]
    roots = [Node(f"r{k}", level=2, kind="aggregate") for k in range(3)]
    values = np.round(np.random.default_rng(3).standard_normal((15, 9)), 1)
    values[:, 4] = 7.0
    return MINMAX.run(
        Framework((*leaves, *roots)), IndicatorData([f"t{k}" for k in range(15)], [n.code for n in leaves], values)
    )


@pytest.fixture(scope="module", params=["subset", "deep", "flat", "panel", "roots"])
def result(request: pytest.FixtureRequest, shared: Path) -> CompositeResult:
    folder = shared / "golden" / "inputs" / "composite"
    if request.param == "roots":
        return several_roots()
    if request.param == "subset":
        return load(folder / "B_subset" / "iData.csv", folder / "B_subset" / "iMeta.csv")
    if request.param == "panel":
        rows = read(folder / "C_panel" / "panel_NA_input.csv")
        codes = [code for code in rows[0] if code not in ("uCode", "Time")]
        tree = Framework((*(Node(code, parent="X") for code in codes), Node("X", level=2, kind="aggregate")))
        units = [f"{row['uCode']} {row['Time']}" for row in rows]
        return MINMAX.run(tree, IndicatorData(units, codes, [[number(row[code]) for code in codes] for row in rows]))
    return load(folder / "D_synth" / "iData.csv", folder / "D_synth" / f"iMeta_{request.param}.csv")


def test_statistics_and_correlations_stand(result: CompositeResult) -> None:
    levels = result.framework.levels
    assert statistics(result, stage="raw").to_frame().height == len(result.framework.indicators)
    for method in ("pearson", "spearman"):
        frame = correlations(result, (levels[0], levels[-1]), "ancestors", method=method).to_frame()
        r = frame["correlation"].drop_nulls()
        assert r.len() == 0 or (r.abs() <= 1).all()
    for kind in ("high", "low"):
        assert correlation_flags(result, level=levels[-1], kind=kind).to_frame().width == 9
    assert all(problem.severity == "warning" and str(problem) for problem in correlation_advice(result))


def test_structure_stands(result: CompositeResult) -> None:
    tree = result.framework
    found = structure_test(result, missing="pairwise", draws=20)
    assert [one.node for one in found.aggregations] == list(tree.aggregates)
    assert all(str(problem) for problem in found.problems)
    assert len(found.places_frame()) == sum(node.parent is not None for node in tree.nodes)
    everything = factor_structure(result, level=1, missing="pairwise", draws=20)
    assert 1 <= everything.rotated.shape[1] <= len(tree.indicators)
    components = principal_components(result, level=1, missing="pairwise")
    assert components.explained.sum() == pytest.approx(1)
    for function in (sampling_adequacy, bartlett_sphericity):
        assert all(str(problem) for problem in function(result, level=1, missing="pairwise").problems)
    assert cluster_indicators(result, level=1).order
    assert len(cluster_units(result, level=1).order) == len(result.units)
    for node in tree.aggregates:
        assert len(cronbach_alpha(result, under=node).dropped) == len(tree.children(node))


def test_weights_stand(result: CompositeResult) -> None:
    tree = result.framework
    for row in implicit_weights(result).rows:
        assert 0 <= row.nominal <= 1
    weights = pca_weights(result, method="squared", missing="pairwise").weights
    assert all(0 <= weight <= 1 for weight in weights.values())
    for root in tree.roots[:1]:
        found = optimised_weights(result, root, starts=2)
        assert all(weight >= 0 for weight in found.weights.values())
        best = benefit_of_the_doubt(result, 0.05 if len(tree.children(root)) < 20 else 0.0, under=root)
        known = best.scores[~np.isnan(best.scores)]
        assert ((known >= 0) & (known <= 1)).all()


def test_with_several_roots_the_node_must_be_named() -> None:
    with pytest.raises(InputError, match="r0, r1, r2"):
        optimised_weights(several_roots())
