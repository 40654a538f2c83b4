"""What holds for every framework and every data table."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    CompositeResult,
    Framework,
    IndicatorData,
    Node,
    Pipeline,
    group_ranks,
)

GRID = st.integers(0, 20).map(lambda k: k / 4)


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    pillars = draw(st.integers(1, 3))
    nodes: list[Node] = []
    for p in range(pillars):
        for k in range(draw(st.integers(1, 3))):
            direction = draw(st.sampled_from([-1, 1]))
            ends = (0.0, 5.0) if direction == 1 else (5.0, 0.0)
            weight = draw(st.integers(1, 4)) / 2
            nodes.append(
                Node(f"i{p}{k}", parent=f"p{p}", weight=weight, direction=direction, floor=ends[0], target=ends[1])
            )
        nodes.append(Node(f"p{p}", parent="index", weight=draw(st.integers(1, 4)), level=2, kind="aggregate"))
    return Framework((*nodes, Node("index", level=3, kind="aggregate")))


@st.composite
def cases(draw: st.DrawFn, missing: bool = True) -> tuple[Framework, IndicatorData]:
    tree = draw(frameworks())
    units, columns = draw(st.integers(2, 8)), len(tree.indicators)
    cell = st.one_of(GRID, st.just(float("nan"))) if missing else GRID
    rows = draw(st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=units, max_size=units))
    rows[0] = [1.0 if value != value else value for value in rows[0]]
    groups = {"g": ["x" if k % 2 else "y" for k in range(units)]}
    return tree, IndicatorData([f"t{k}" for k in range(units)], tree.indicators, rows, groups=groups)


pipelines = st.sampled_from([CITY_PIPELINE, DEFAULT_PIPELINE.with_changes({"screen.available": 0.0})])


def shuffled(data: IndicatorData, order: np.ndarray) -> IndicatorData:
    return IndicatorData([data.units[i] for i in order], data.codes, data.values[order])


@given(cases(), pipelines, st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_units(case, pipeline: Pipeline, random) -> None:
    tree, data = case
    order = list(range(len(data.units)))
    random.shuffle(order)
    one, other = pipeline.run(tree, data), pipeline.run(tree, shuffled(data, np.array(order)))
    for node in tree.aggregates:
        np.testing.assert_array_equal(one.ranks(node)[order], other.ranks(node))


@given(cases(), pipelines)
def test_scores_stay_in_the_range(case, pipeline: Pipeline) -> None:
    scores = pipeline.run(*case).scores
    present = scores[~np.isnan(scores)]
    assert ((present >= -1e-9) & (present <= 100 + 1e-9)).all()


@given(cases(), pipelines)
def test_contributions_add_up_to_the_score(case, pipeline: Pipeline) -> None:
    result = pipeline.run(*case)
    for node in result.framework.codes:
        parts = result.contribution(node)
        np.testing.assert_allclose(parts.sum(axis=1), result.score(node), rtol=1e-12, atol=1e-10)


@given(cases(missing=False))
def test_contributions_are_effective_weights_times_values_when_nothing_is_missing(case) -> None:
    result = CITY_PIPELINE.run(*case)
    weights = result.effective_weights("index")
    assert np.isclose(weights.sum(), 1.0)
    values = np.stack([result.score(code) for code in result.framework.indicators], axis=1)
    np.testing.assert_allclose(result.contribution("index"), values * weights, atol=1e-10)


@given(cases(), st.integers(1, 5), st.sampled_from([0.5, 1.0, 2.0]))
def test_replay_equals_a_fresh_run(case, winmax: int, low: float) -> None:
    changes = {"treat.winmax": winmax, "normalise.low": low, "screen.available": 0.0}
    replayed = DEFAULT_PIPELINE.with_changes({"screen.available": 0.0}).run(*case).replay(changes)
    np.testing.assert_array_equal(replayed.scores, DEFAULT_PIPELINE.with_changes(changes).run(*case).scores)


@given(cases(missing=False), st.data())
def test_a_better_value_never_lowers_a_score_against_goalposts(case, data) -> None:
    tree, table = case
    column = data.draw(st.integers(0, len(table.codes) - 1))
    better = table.values.copy()
    better[0, column] += tree.node(table.codes[column]).direction * 1.0
    before = CITY_PIPELINE.run(tree, table).score("index")
    after = CITY_PIPELINE.run(tree, IndicatorData(table.units, table.codes, better)).score("index")
    assert after[0] >= before[0] - 1e-9
    np.testing.assert_array_equal(after[1:], before[1:])


@given(cases(missing=False), st.data())
def test_more_weight_draws_the_score_towards_that_child(case, data) -> None:
    tree, table = case
    parent = data.draw(st.sampled_from(tree.aggregates))
    child = data.draw(st.sampled_from(tree.children(parent)))
    before = CITY_PIPELINE.run(tree, table)
    after = before.replay({"weigh.weights": {child: tree.node(child).weight * 2}})
    gap_before = np.abs(before.score(parent) - before.score(child))
    assert (np.abs(after.score(parent) - after.score(child)) <= gap_before + 1e-9).all()


@given(cases(), st.floats(0.1, 1000), st.floats(-1000, 1000))
def test_minmax_does_not_see_units_of_measurement(case, scale: float, shift: float) -> None:
    tree, table = case
    pipeline = DEFAULT_PIPELINE.with_changes({"screen.available": 0.0, "treat.winmax": 0, "treat.transform": "none"})
    moved = IndicatorData(table.units, table.codes, table.values * scale + shift)
    one, other = pipeline.run(tree, table), pipeline.run(tree, moved)
    np.testing.assert_allclose(one.scores, other.scores, atol=1e-6)


@given(cases())
def test_ranks_inside_a_group_keep_the_order_of_the_whole(case) -> None:
    result: CompositeResult = CITY_PIPELINE.run(*case)
    overall = dict(zip(result.units, result.ranks("index"), strict=True))
    rows = [row for row in group_ranks(result, "g", ("index",)).to_dicts() if row["rank"] is not None]
    for one in rows:
        better = [r for r in rows if r["group"] == one["group"] and overall[r["unit"]] < overall[one["unit"]]]
        assert one["rank"] == 1 + len(better)
