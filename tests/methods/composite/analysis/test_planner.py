"""What the planner is told: redundancy, trade-offs, misplaced nodes, and what weights really do."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import Aggregate, CompositeResult, Framework, IndicatorData, Node, Normalise, Pipeline
from qualipolis.methods.composite.analysis import (
    cluster_indicators,
    correlation_advice,
    correlation_flags,
    correlations,
    cronbach_alpha,
    implicit_weights,
    statistics,
    structure_test,
)

PLAIN = Pipeline((Normalise("zscore"), Aggregate()))
UNITS = tuple(f"t{k}" for k in range(40))


def run(values: np.ndarray, parents: tuple[str, ...], weights: tuple[float, ...] | None = None) -> CompositeResult:
    leaves = [
        Node(f"i{k}", parent=parent, weight=1.0 if weights is None else weights[k]) for k, parent in enumerate(parents)
    ]
    pillars = [Node(p, parent="top", level=2, kind="aggregate") for p in dict.fromkeys(parents)]
    tree = Framework((*leaves, *pillars, Node("top", level=3, kind="aggregate")))
    return PLAIN.run(tree, IndicatorData(UNITS, [leaf.code for leaf in leaves], values))


@pytest.fixture(scope="module")
def two_pillars() -> CompositeResult:
    """i0 to i2 share one thing, i3 to i5 another; i2 stands in the wrong pillar, i4 doubles i3, i5 opposes both."""
    rng = np.random.default_rng(8)
    p, q, noise = *rng.standard_normal((2, 40)), rng.standard_normal((6, 40))
    table = [p + 0.3 * noise[0], p + 0.3 * noise[1], p + 0.3 * noise[2], q, q + 0.05 * noise[4], -q + 0.4 * noise[5]]
    return run(np.array(table).T, ("P", "P", "Q", "Q", "Q", "Q"))


def test_it_advises_on_pairs(two_pillars: CompositeResult) -> None:
    found = correlation_advice(two_pillars)
    kinds = {(p.code, p.params.get("a"), p.params.get("b")) for p in found}
    assert ("redundant_pair", "i3", "i4") in kinds
    assert ("opposed_pair", "i3", "i5") in kinds
    assert {p.params["node"] for p in found if p.code == "against_parent"} == {"i5"}
    assert all(p.severity == "warning" and p.place for p in found)
    assert all(str(p) for p in found)


def test_flags_are_the_same_pairs(two_pillars: CompositeResult) -> None:
    high = {(pair.a, pair.b) for pair in correlation_flags(two_pillars, threshold=0.9).pairs}
    assert ("i3", "i4") in high
    low = correlation_flags(two_pillars, kind="low")
    assert {(pair.group, pair.a, pair.b) for pair in low.pairs} == {("Q", "i3", "i5"), ("Q", "i4", "i5")}
    across = correlation_flags(two_pillars, level=3, threshold=0.8)
    assert {(pair.a, pair.b) for pair in across.pairs} >= {("i0", "i2"), ("i1", "i2")}


def test_it_finds_the_misplaced_and_the_opposed(two_pillars: CompositeResult) -> None:
    found = structure_test(two_pillars)
    verdicts = {one.node: one.passed for one in found.aggregations}
    assert verdicts == {"P": True, "Q": False, "top": verdicts["top"]}
    assert {p.params["node"] for p in found.problems if p.code == "better_elsewhere"} >= {"i2"}
    assert "opposite_children" in {p.code for p in found.problems}
    places = {row["node"]: row for row in found.places_frame().to_dicts()}
    assert places["i2"]["best_other"] == "P"


def test_relations_choose_the_pairs(two_pillars: CompositeResult) -> None:
    def pairs(*args: object, **how: object) -> set[tuple[str, str]]:
        return {(pair.a, pair.b) for pair in correlations(two_pillars, *args, **how).pairs}

    assert pairs(within="parent") == {("i0", "P"), ("i1", "P"), *((f"i{k}", "Q") for k in range(2, 6))}
    assert pairs((1, 3), "parent") == {(f"i{k}", "top") for k in range(6)}
    assert pairs(1, "siblings", under="P") == {("i0", "i1"), ("i1", "i0")}
    assert pairs(1, "ancestors", under="P") == {(i, a) for i in ("i0", "i1") for a in ("P", "top")}
    assert len(pairs((1, 2), "all")) == 12
    assert pairs((2, 3), "siblings") == set()


def test_what_is_not_significant_is_marked_not_hidden(two_pillars: CompositeResult) -> None:
    frame = correlations(two_pillars, (1, 2), "all", p_max=0.01).to_frame()
    assert frame.height == 12
    assert set(frame["significant"].to_list()) == {True, False}
    assert frame["correlation"].null_count() == 0


def test_variance_shares_decompose_the_variance_exactly(two_pillars: CompositeResult) -> None:
    for parent in two_pillars.framework.aggregates:
        rows = implicit_weights(two_pillars, parent).rows
        variance = np.var(two_pillars.score(parent), ddof=1)
        covariances = [
            row.nominal * np.cov(two_pillars.score(row.node), two_pillars.score(parent))[0, 1] for row in rows
        ]
        assert sum(covariances) == pytest.approx(variance)
        assert [row.variance for row in rows] == pytest.approx([c / variance for c in covariances])


def test_equal_weights_with_unequal_spread_are_not_equal() -> None:
    """Two unrelated columns, the same weight, one with three times the spread: its importance is 9/10."""
    q, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((40, 3)) - 0.0)
    centred = q - q.mean(axis=0)
    q, _ = np.linalg.qr(centred)
    values = q[:, :2] * [3.0, 1.0]
    tree = Framework((Node("i0", parent="X"), Node("i1", parent="X"), Node("X", level=2, kind="aggregate")))
    plain = Pipeline((Normalise("goalposts"), Aggregate()))
    goals = tuple(Node(n.code, parent=n.parent, floor=-9.0, target=9.0) for n in tree.nodes[:2])
    result = plain.run(Framework((*goals, tree.nodes[2])), IndicatorData(UNITS, ("i0", "i1"), values))
    rows = {row.node: row for row in implicit_weights(result).rows}
    assert rows["i0"].spread == pytest.approx(0.75)
    assert rows["i0"].importance == pytest.approx(0.9)
    assert rows["i0"].ratio == pytest.approx(1.8)
    assert [p.code for p in implicit_weights(result).problems] == ["counts_less"]


def test_clusters_put_like_beside_like(two_pillars: CompositeResult) -> None:
    found = cluster_indicators(two_pillars, level=1, groups=3)
    group = dict(zip(found.members, found.cluster, strict=True))
    assert group["i0"] == group["i1"] == group["i2"]
    assert group["i3"] == group["i4"] != group["i5"]
    assert sorted(found.order) == sorted(found.members)
    unsigned = cluster_indicators(two_pillars, level=1, groups=2, signed=False)
    assert dict(zip(unsigned.members, unsigned.cluster, strict=True))["i5"] == unsigned.cluster[3]


def test_every_result_has_a_table_and_prints(two_pillars: CompositeResult) -> None:
    for found in (
        statistics(two_pillars),
        correlations(two_pillars),
        implicit_weights(two_pillars),
        structure_test(two_pillars),
        cronbach_alpha(two_pillars, under="Q"),
        cluster_indicators(two_pillars),
    ):
        assert found.to_frame().height > 0
        assert repr(found)
