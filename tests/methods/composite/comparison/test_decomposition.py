"""Exact parts: they sum to what they explain, whatever the tree, the means, the gaps and the changes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite import CITY_PIPELINE, CompositeResult, Framework, IndicatorData, Node, Pipeline
from qualipolis.methods.composite.comparison import change, contributions, difference, drop_indicators
from qualipolis.methods.problems import InputError

METHODS = ("arithmetic", "geometric", "harmonic", "generalised", "median", "minimum", "mazziotta_pareto")


def random_tree(rng: np.random.Generator, depth: int) -> Framework:
    nodes: list[Node] = []

    def grow(parent: str | None, level: int) -> str:
        code = f"n{len(nodes)}"
        weight = float(rng.uniform(0.2, 3.0))
        if level == 1:
            nodes.append(Node(code, parent=parent, weight=weight, floor=-1.0, target=float(rng.uniform(5, 12))))
            return code
        nodes.append(Node(code, parent=parent, weight=weight, level=level, kind="aggregate"))
        for _ in range(int(rng.integers(1, 4))):
            grow(code, 1 if level > 2 and rng.random() < 0.2 else level - 1)
        return code

    grow(None, depth)
    return Framework(tuple(nodes))


def random_result(
    seed: int, depth: int, missing: float, relative: bool, tree: Framework | None = None
) -> CompositeResult:
    rng = np.random.default_rng(seed)
    fw = random_tree(rng, depth) if tree is None else tree
    values = rng.uniform(0.0, 10.0, (5, len(fw.indicators)))
    values[rng.random(values.shape) < missing] = np.nan
    values[0] = np.where(np.isnan(values[0]), 1.0, values[0])
    values[1:3] = np.where(np.isnan(values[:1]), values[0] + 1.0, values[1:3])
    chosen = {code: METHODS[rng.integers(len(METHODS))] for code in fw.aggregates}
    powers = {code: float(rng.choice((-2.0, 0.5, 3.0))) for code in fw.aggregates}
    changes = {"normalise.low": 20.0, "aggregate.nodes": chosen, "aggregate.powers": powers}
    if relative:
        changes["normalise.method"] = "minmax"
    data = IndicatorData(tuple("uvwxy"), fw.indicators, values)
    return CITY_PIPELINE.with_changes(changes).run(fw, data)


seeds = st.integers(0, 10**6)
cases = st.tuples(seeds, st.integers(2, 5), st.sampled_from((0.0, 0.3)), st.booleans())


@given(cases)
def test_the_parts_of_a_score_sum_to_it(case: tuple[int, int, float, bool]) -> None:
    result = random_result(*case)
    for node in result.framework.aggregates:
        for parts in (result.contribution(node), contributions(result, node, 20.0)):
            np.testing.assert_allclose(parts.sum(axis=1), result.score(node), rtol=1e-12)


@given(cases)
def test_the_parts_of_a_gap_between_units_sum_to_it(case: tuple[int, int, float, bool]) -> None:
    result = random_result(*case)
    root = result.framework.roots[0]
    scored = [unit for unit, score in zip(result.units, result.score(root), strict=True) if not np.isnan(score)]
    for other in scored[1:]:
        found = difference(result, scored[0], other)
        assert abs(found.residual) <= 1e-12 * max(1.0, found.score, found.against_score)
        assert sum(found.by_kind.values()) == pytest.approx(found.total, abs=1e-10)
        assert set(found.by_kind) <= {"value", "missing"}


@given(cases, seeds, st.booleans())
def test_the_parts_of_a_change_sum_to_it(case: tuple[int, int, float, bool], seed: int, drop: bool) -> None:
    before = random_result(*case)
    rng = np.random.default_rng(seed)
    nodes = tuple(
        dataclasses.replace(n, weight=float(rng.uniform(0.1, 2)), target=n.target and n.target * 1.3)
        for n in before.framework.nodes
    )
    after = random_result(seed, case[1], case[2], case[3], Framework(nodes))
    if drop and len(after.framework.indicators) > 1:
        after = drop_indicators(after, after.framework.indicators[:1])
    root = after.framework.roots[0]
    if root not in before.framework.codes:
        return
    for pair in ((before, after), (after, before)):
        found = change(*pair, "u", root)
        assert abs(found.residual) <= 1e-12 * max(1.0, found.score, found.against_score)


def hand(method: str = "geometric", values: tuple[tuple[float, ...], ...] = ((1, 4), (2, 8))) -> CompositeResult:
    leaves = tuple(Node(code, parent="X", floor=1.0, target=100.0) for code in "ab")
    fw = Framework((*leaves, Node("X", level=2, kind="aggregate")))
    pipeline = CITY_PIPELINE.with_changes({"aggregate.method": method, "normalise.low": 1.0})
    return Pipeline(pipeline.steps).run(fw, IndicatorData(("u", "v"), ("a", "b"), values))


def test_a_geometric_gap_is_that_of_the_logarithmic_mean() -> None:
    """Means 2 and 4: L(4, 2) = 2 / ln 2, and both values double: half of the gap each."""
    assert difference(hand(), "v", "u").by_indicator == pytest.approx({"a": 1.0, "b": 1.0})


def test_a_harmonic_gap_by_hand() -> None:
    """Means 1.6 and 3.2: each part is w * M_A * M_B / (x_A * x_B) * (x_A - x_B)."""
    found = difference(hand("harmonic"), "v", "u").by_indicator
    assert found == pytest.approx({"a": 0.5 * 1.6 * 3.2 / 2, "b": 0.5 * 1.6 * 3.2 / 32 * 4})


def test_a_missing_cell_is_worth_its_distance_from_the_rest() -> None:
    result = hand("arithmetic", ((10, 50), (10, np.nan)))
    assert difference(result, "u", "v").to_frame()["node", "kind", "points"].rows() == [("b", "missing", 20.0)]


def test_a_changed_weight_an_arrival_and_a_new_mean_have_their_own_kinds() -> None:
    one = hand("arithmetic", ((10, 50), (10, 20)))
    heavier = one.replay({"weigh.weights": {"a": 3.0}})
    assert change(one, heavier, "u").by_kind == pytest.approx({"weight": -10.0})
    assert change(drop_indicators(one, ("b",)), one, "u").by_kind == pytest.approx({"set": 20.0})
    mean = change(one, one.replay({"aggregate.method": "geometric"}), "u")
    assert mean.by_kind == pytest.approx({"method": np.sqrt(500) - 30})


def test_a_part_goes_through_a_branch_and_the_table_can_be_rolled_up() -> None:
    result = random_result(3, 4, 0.0, False)
    found = difference(result, "u", "v")
    for by, name in (("indicator", "by_indicator"), ("kind", "by_kind"), ("branch", "by_branch")):
        table = found.to_frame(by)
        assert dict(table.rows()) == getattr(found, name)
        assert table["points"].sum() == pytest.approx(found.total)
    assert set(found.by_branch) <= set(result.framework.children(result.framework.roots[0]))
    assert repr(found).startswith("n0: u ")
    with pytest.raises(InputError):
        found.to_frame("moon")


def test_a_relative_scale_that_moved_is_told_from_a_value_that_moved() -> None:
    fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    pipeline = CITY_PIPELINE.with_changes({"normalise.method": "minmax"})
    before = pipeline.run(fw, IndicatorData(("u", "v", "w"), ("a",), [[5], [0], [10]]))
    after = pipeline.run(fw, IndicatorData(("u", "v", "w"), ("a",), [[5], [0], [20]]))
    assert change(before, after, "u").by_kind == {"scale": -25.0}


def test_an_unscored_unit_is_refused() -> None:
    with pytest.raises(InputError, match="was not scored"):
        difference(hand(), "u", "nobody")


def test_zeros_under_a_generalised_mean_have_parts() -> None:
    result = hand("arithmetic", ((1, 50), (20, 1))).replay(
        {"normalise.low": 0.0, "aggregate.method": "generalised", "aggregate.power": 2.0}
    )
    assert abs(difference(result, "u", "v").residual) < 1e-12
    np.testing.assert_allclose(result.contribution("X").sum(axis=1), result.score("X"), rtol=1e-12)


def test_more_children_than_coalitions_can_be_tried_for_still_sum() -> None:
    fw = Framework((*(Node(f"i{k}", parent="X") for k in range(15)), Node("X", level=2, kind="aggregate")))
    values = np.random.default_rng(1).uniform(1, 9, (4, 15))
    pipeline = CITY_PIPELINE.with_changes({"normalise.method": "minmax", "aggregate.method": "median"})
    result = pipeline.run(fw, IndicatorData(tuple("uvwx"), fw.indicators, values))
    assert abs(difference(result, "u", "v").residual) < 1e-11
