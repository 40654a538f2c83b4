"""Weights (08) and statistics (10) of the reference on the ASEM example."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
from tests.golden.composite import cast
from tests.golden.composite.manifest import Entry, golden

from qualipolis.methods.composite import CompositeResult
from qualipolis.methods.composite.analysis import (
    Columns,
    Correlations,
    columns,
    correlation_flags,
    correlation_matrix,
    correlations,
    cronbach_alpha,
    statistics,
)
from qualipolis.methods.composite.weighting import OptimisedWeights, PcaWeights, optimised_weights, pca_weights


@cache
def asem(folder: Path) -> CompositeResult:
    return cast.asem(folder)


def in_memory(folder: Path, stage: str, codes: tuple[str, ...] | None = None) -> Columns:
    """A stage with the digits of TolMin that the reference had in memory and lost in print.

    Its own ranks (06_normalise/rank.csv) tell units apart that the published file ties: GRC from BGR and CZE at 5.1, and
    before normalising JPN from NOR at 3.4.
    """
    found = columns(asem(folder), stage=stage, codes=codes)
    values = found.values.copy()
    at = found.codes.index("TolMin")
    for unit in ("GRC",) if stage == "aggregate" else ("GRC", "JPN"):
        values[found.units.index(unit), at] *= 1 - 1e-15
    return Columns(found.units, found.codes, values)


def close(found: float, text: str, rtol: float = 1e-9, atol: float = 0.0) -> bool:
    expected = cast.number(text)
    if math.isnan(expected):
        return math.isnan(found)
    return math.isclose(found, expected, rel_tol=rtol, abs_tol=atol)


STATISTICS = {
    "Min": "min",
    "Max": "max",
    "Mean": "mean",
    "Median": "median",
    "Std": "sd",
    "Skew": "skew",
    "Kurt": "kurtosis",
    "N.Avail": "available",
    "N.NonZero": "nonzero",
    "N.Unique": "distinct",
    "N.Same": "most_frequent",
    "Frc.Avail": "available_share",
    "Frc.NonZero": "nonzero_share",
    "Frc.Unique": "distinct_share",
    "Frc.Same": "most_frequent_share",
}
FLAGS = {
    "Flag.Avail": "low_availability",
    "Flag.NonZero": "many_zeros",
    "Flag.Unique": "few_distinct",
    "Flag.SkewKurt": "outliers",
}


@golden("10_stats/get_stats_*")
def stats(folder: Path, entry: Entry) -> None:
    stage = {"Raw": "raw", "Treated": "treat", "Aggregated": "aggregate"}[entry["id"].rsplit("_", 1)[1]]
    ours = {row["code"]: row for row in statistics(in_memory(folder, stage)).to_frame().to_dicts()}
    rows = cast.read(folder / entry["file"])
    assert {row["iCode"] for row in rows} == set(ours)
    wrong = []
    for row in rows:
        mine = ours[row["iCode"]]
        for theirs, name in STATISTICS.items():
            if not close(float(mine[name]), row[theirs], atol=1e-12):
                wrong.append((row["iCode"], name, mine[name], row[theirs]))
        wrong += [(row["iCode"], f) for f, name in FLAGS.items() if mine[name] != (row[f] != "ok")]
    assert not wrong


def assert_pairs(found: Correlations, rows: cast.Rows, names: dict[str, str] | None = None) -> None:
    """``Var1`` is the upper node; both orders stand for one pair, and what is not significant is NA there."""
    names = names or {}
    ours = {(pair.b, pair.a): pair for pair in found.pairs}
    assert {(names.get(row["Var1"], row["Var1"]), row["Var2"]) for row in rows} == set(ours)
    for row in rows:
        pair = ours[names.get(row["Var1"], row["Var1"]), row["Var2"]]
        assert pair.significant == (row["Correlation"] != "NA")
        assert not pair.significant or close(pair.correlation, row["Correlation"])


@golden("10_stats/corr_L1_L2_*")
def with_parent(folder: Path, entry: Entry) -> None:
    method = entry["id"].rsplit("_", 1)[1]
    rows = [row for row in cast.read(folder / entry["file"]) if method == "pearson" or row["Var2"] != "TolMin"]
    found = correlations(asem(folder), (1, 2), "parent", method=method)
    kept = tuple(pair for pair in found.pairs if method == "pearson" or pair.a != "TolMin")
    assert_pairs(Correlations(method, found.p_max, kept), rows)
    last = correlation_matrix(in_memory(folder, "aggregate", ("TolMin", "Social")), method)
    whole = {(row["Var1"], row["Var2"]): row["Correlation"] for row in cast.read(folder / entry["file"])}
    assert close(last.between("TolMin", "Social"), whole["Social", "TolMin"])


@golden("10_stats/corr_L1_family")
def with_ancestors(folder: Path, entry: Entry) -> None:
    found = correlations(asem(folder), 1, "ancestors", under="Physical")
    names = {"Pillar": "Physical", "Sub-index": "Conn", "Index": "Index"}
    assert_pairs(found, cast.read(folder / entry["file"]), names)


@golden("10_stats/corr_L2_L2_pearson_p005")
def within_level(folder: Path, entry: Entry) -> None:
    assert_pairs(correlations(asem(folder), 2, "all", p_max=0.05), cast.read(folder / entry["file"]))


@golden("10_stats/corr_matrix_Raw")
def matrix(folder: Path, entry: Entry) -> None:
    found = correlation_matrix(asem(folder), stage="raw")
    rows = cast.read(folder / entry["file"])
    assert {row["iCode"] for row in rows} == set(found.codes)
    for row in rows:
        for code in found.codes:
            # the file has ten significant digits
            assert close(found.between(row["iCode"], code), row[code], rtol=1e-9, atol=6e-11)


@golden("10_stats/pvals_aggs")
def p_values(folder: Path, entry: Entry) -> None:
    found = correlation_matrix(asem(folder), codes=asem(folder).framework.aggregates)
    rows = cast.read(folder / entry["file"])
    assert {row["iCode"] for row in rows} == set(found.codes)
    for row in rows:
        for code in found.codes:
            p = found.p[found.codes.index(row["iCode"]), found.codes.index(code)]
            assert close(float(p), row[code]), (row["iCode"], code, p)


@golden("10_stats/corr_flags_*")
def flags(folder: Path, entry: Entry) -> None:
    high = entry["id"].endswith("high")
    found = correlation_flags(
        asem(folder),
        stage="normalise",
        level=2 if high else 3,
        threshold=0.75 if high else -0.5,
        kind="high" if high else "low",
    )
    ours = {(pair.group, frozenset((pair.a, pair.b))): pair.correlation for pair in found.pairs}
    rows = cast.read(folder / entry["file"])
    assert len(rows) == len(ours)
    assert all(close(ours[row["Group"], frozenset((row["Ind1"], row["Ind2"]))], row["Corr"]) for row in rows)


@golden("10_stats/cronbach")
def cronbach(folder: Path, entry: Entry) -> None:
    where = {"Raw": ("raw", 1), "Normalised": ("normalise", 1), "Aggregated L2": (None, 2)}
    for row in cast.read(folder / entry["file"]):
        stage, level = where[row["dset"]]
        found = cronbach_alpha(asem(folder), stage, level, row["group"])
        assert close(found.alpha, row["alpha"]), (row, found.alpha)


@golden("08_weights/eff_weights")
def effective_weights(folder: Path, entry: Entry) -> None:
    result = asem(folder)
    tree = result.framework
    weights = dict(zip(tree.indicators, result.effective_weights("Index").tolist(), strict=True))
    rows = cast.read(folder / entry["file"])
    assert {row["iCode"] for row in rows} == set(tree.codes)
    for row in rows:
        node = tree.node(row["iCode"])
        assert (node.level, node.weight) == (int(row["Level"]), float(row["Weight"]))
        assert close(sum(weights[leaf] for leaf in tree.leaves(node.code)), row["EffWeight"])


def components(folder: Path, identifier: str) -> PcaWeights:
    level, groups = identifier.split("pca_L")[1].split("__")[0].split("_")
    return pca_weights(asem(folder), level=int(level), by_family=groups == "bygroup")


@golden("08_weights/pca_*__weights")
def pca_loadings(folder: Path, entry: Entry) -> None:
    found = components(folder, entry["id"])
    rows = cast.read(folder / entry["file"])
    assert {(row["group"].lower(), row["iCode"]) for row in rows} == {
        (group.lower(), code) for group, one in found.components.items() for code in one.codes
    }
    for group in dict.fromkeys(row["group"] for row in rows):
        theirs = {row["iCode"]: float(row["loading_PC1"]) for row in rows if row["group"] == group}
        sign = np.sign(sum(theirs[code] * found.loadings[code] for code in theirs))
        for code, loading in theirs.items():
            # a loading near 0 next to others of unit length is known to the digits of those
            assert math.isclose(sign * found.loadings[code], loading, rel_tol=1e-9, abs_tol=1e-12)


@golden("08_weights/pca_*__variance")
def pca_variance(folder: Path, entry: Entry) -> None:
    found = components(folder, entry["id"]).components
    ours = {
        (group.lower(), k + 1): (float(one.sdev[k]), float(one.explained[k]))
        for group, one in found.items()
        for k in range(len(one.sdev))
    }
    rows = cast.read(folder / entry["file"])
    assert len(rows) == len(ours)
    for row in rows:
        sdev, share = ours[row["group"].lower(), int(row["PC"])]
        assert close(sdev, row["sdev"])
        assert close(share, row["var_explained"])


TARGETS: dict[str, dict[str, object]] = {
    "opt_balance_L3": {"level": 3},
    "opt_balance_L2_default": {"level": 2},
    "opt_balance_L2_tight": {"level": 2, "nonnegative": False},
    "opt_itarg_L3_2_1": {"level": 3, "target": {"Conn": 2, "Sust": 1}, "nonnegative": False},
    "opt_infomax_L3": {"level": 3, "kind": "infomax"},
}


@cache
def optimum(folder: Path, name: str) -> OptimisedWeights:
    return optimised_weights(asem(folder), "Index", **TARGETS[name])


@golden("08_weights/opt_*__opt")
def optimum_value(folder: Path, entry: Entry) -> None:
    value = json.loads((folder / entry["file"]).read_text(encoding="utf-8"))["value"]
    name = entry["id"].split("/")[1].removesuffix("__opt")
    assert optimum(folder, name).objective <= value + 1e-6


@golden(
    "08_weights/opt_balance_L3",
    "08_weights/opt_balance_L2_*",
    "08_weights/opt_itarg_L3_2_1",
    "08_weights/opt_infomax_L3",
)
def optimum_table(folder: Path, entry: Entry) -> None:
    if not entry["file"].endswith(".csv"):
        return
    name = entry["id"].split("/")[1]
    found = optimum(folder, name)
    rows = cast.read(folder / entry["file"])
    ours = {row["node"]: row for row in found.to_frame().to_dicts()}
    assert {row["iCode"] for row in rows} == set(ours)
    if found.kind == "infomax":
        assert all(math.isclose(ours[r["iCode"]]["correlation"], float(r["Obtained"]), rel_tol=1e-4) for r in rows)
        return
    gaps = [abs(float(row["Desired"]) - float(row["Obtained"])) for row in rows]
    for row in rows:
        mine = ours[row["iCode"]]
        assert close(mine["desired"], row["Desired"])
        assert abs(mine["obtained"] - mine["desired"]) <= max(gaps) + 1e-12
        if len(rows) == 2:
            # two weights have one optimum, and the reference stands near it; eight of them have many
            assert math.isclose(mine["weight"], float(row["OptWeight"]), rel_tol=1e-4)
