"""The preparation on other tables than the example: deep, flat and small trees, gaps, ties, negative values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.golden.composite import cast

from qualipolis.methods.composite import (
    Aggregate,
    Denominate,
    Framework,
    Impute,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Screen,
    Treat,
    Weigh,
    data_availability,
    denominator_correlations,
)

CASES = {
    "subset": ("B_subset/iMeta.csv", "B_subset/iData.csv"),
    "deep": ("D_synth/iMeta_deep.csv", "D_synth/iData.csv"),
    "flat": ("D_synth/iMeta_flat.csv", "D_synth/iData.csv"),
}


def load(shared: Path, case: str) -> tuple[Framework, IndicatorData]:
    folder = shared / "golden" / "inputs" / "composite"
    meta, rows = (cast.read(folder / name) for name in CASES[case])
    of_type = {kind: [m["iCode"] for m in meta if m["Type"] == kind] for kind in ("Indicator", "Group", "Denominator")}
    nodes = [
        Node(
            m["iCode"],
            parent=cast.name(m["Parent"]),
            weight=float(m["Weight"]),
            level=int(m["Level"]),
            kind=m["Type"].lower(),
            direction=int(m["Direction"]),
            denominator=cast.name(m.get("Denominator", "NA")),
        )
        for m in meta
        if m["Type"] in ("Indicator", "Aggregate")
    ]
    values = [[cast.number(row[code]) for code in of_type["Indicator"]] for row in rows]
    groups = {code: [cast.name(row[code]) for row in rows] for code in of_type["Group"]}
    below = {code: [cast.number(row[code]) for row in rows] for code in of_type["Denominator"]}
    units = [row["uCode"] for row in rows]
    return Framework(tuple(nodes)), IndicatorData(
        units, of_type["Indicator"], values, groups=groups, denominators=below
    )


IMPUTE = [
    Impute("median"),
    Impute("group_mean", group="?"),
    Impute("row_mean", level=2),
    Impute("row_median"),
    Impute("regression"),
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("step", IMPUTE, ids=lambda step: step.method)
def test_every_imputation_fills_what_it_can_and_says_the_rest(shared: Path, case: str, step: Impute) -> None:
    tree, data = load(shared, case)
    step = Impute(step.method, group=next(iter(data.groups)) if step.group else None, level=step.level)
    result = Pipeline((Denominate(), step, Screen(0.5), Treat(), Normalise(), Weigh(), Aggregate())).run(tree, data)
    values = result.stages["impute"].values
    left = {p.params["code"]: p.params["count"] for p in result.problems if p.code == "still_missing"}
    missing = np.isnan(values).sum(axis=0)
    assert left == {code: n for code, n in zip(tree.indicators, missing.tolist(), strict=True) if n}
    assert not np.isinf(result.scores).any()
    assert len(result.details["impute"]) + sum(left.values()) == int(np.isnan(result.stages["denominate"].values).sum())


TREAT = [
    Treat(),
    Treat(winmax=1, transform="boxcox"),
    Treat(winmax=2, combine=True),
    Treat(first="log", force=True, transform="none"),
    Treat(skew=1, kurt=1, winmax=1, transform="log_ct_orig"),
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("step", TREAT, ids=range(len(TREAT)))
def test_every_treatment_ends_in_a_pass_or_a_warning(shared: Path, case: str, step: Treat) -> None:
    tree, data = load(shared, case)
    result = Pipeline((Denominate(), Screen(0.5), step, Normalise(), Weigh(), Aggregate())).run(tree, data)
    table = result.details["treat"].to_dicts()
    warned = {p.params["code"] for p in result.problems if p.code in ("still_failing", "few_values")}
    assert warned == {row["node"] for row in table if row["passed"] is False}
    assert [row["node"] for row in table] == list(tree.indicators)
    before, after = result.stages["screen"].values, result.stages["treat"].values
    changed = {(result.units[i], tree.indicators[j]) for i, j in np.argwhere((before != after) & ~np.isnan(before))}
    points = {(row["unit"], row["node"]) for row in result.details["treat.points"].to_dicts()}
    assert changed <= points


@pytest.mark.parametrize("case", CASES)
def test_availability_and_size_can_be_asked_of_any_table(shared: Path, case: str) -> None:
    tree, data = load(shared, case)
    found = data_availability(tree, data)
    assert found.groups.height == len(data.units) * len(tree.aggregates)
    root = found.groups.filter(found.groups["node"] == tree.roots[0])
    assert root["missing"].to_list() == found.units["missing"].to_list()
    if data.denominators:
        assert (denominator_correlations(data, tree, 0.5)["correlation"].abs() > 0.5).all()
