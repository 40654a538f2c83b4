"""Versions, removals, tables, outside links, what moves a score, comparable peers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    CompositeResult,
    Denominate,
    Framework,
    IndicatorData,
    Node,
    Pipeline,
    add_indicators,
    compare,
    compare_correlation,
    compare_many,
    drop_indicators,
    link_to_external,
    marginal_gains,
    peers,
    remove_elements,
    results_table,
    what_if,
)
from qualipolis.methods.composite.comparison.trial import trial_scores
from qualipolis.methods.composite.means import tree_scores
from qualipolis.methods.problems import InputError


@pytest.fixture
def result(framework: Framework, data: IndicatorData) -> CompositeResult:
    return DEFAULT_PIPELINE.run(framework, data)


def test_a_dropped_indicator_can_come_back(result: CompositeResult) -> None:
    fewer = drop_indicators(result, ("i1",))
    assert "i1" not in fewer.framework.codes
    again = add_indicators(fewer, (result.framework.node("i1"),))
    order = [again.units.index(unit) for unit in result.units]
    np.testing.assert_allclose(again.score("index")[order], result.score("index"), rtol=1e-12)


def test_a_group_left_empty_vanishes_with_a_warning_and_so_do_parameters_that_name_it(result: CompositeResult) -> None:
    changes = {"treat.skip": ["i1", "i0"], "weigh.weights": {"i1": 2.0, "p1": 3.0}}
    changes["normalise.indicators"] = {"i1": {"method": "zscore"}}
    after = drop_indicators(result.replay(changes), ("i1", "i3", "i5"))
    assert after.framework.aggregates == ("p0", "index")
    assert after.pipeline.step("treat").to_dict()["skip"] == ["i0"]
    assert [p.params["node"] for p in after.problems if p.code == "group_vanished"] == ["p1"]
    with pytest.raises(InputError, match="nothing"):
        drop_indicators(result, ("nothing",))


def test_a_level_that_vanishes_leaves_the_pipeline_too() -> None:
    inner = (Node("c", parent="G"), Node("G", parent="X", level=2, kind="aggregate"))
    fw = Framework((Node("a", parent="X"), Node("b", parent="X"), *inner, Node("X", level=3, kind="aggregate")))
    data = IndicatorData(("u", "v", "w"), ("a", "b", "c"), [[1, 5, 2], [2, 3, 4], [3, 4, 1]])
    result = DEFAULT_PIPELINE.with_changes({"aggregate.levels": {"2": "median"}}).run(fw, data)
    assert drop_indicators(result, ("c",)).pipeline.step("aggregate").to_dict()["levels"] == {}


def test_removing_is_the_same_as_weight_zero(result: CompositeResult) -> None:
    for level in (1, 2):
        removal = remove_elements(result, level)
        for k, code in enumerate(removal.elements):
            plain = result.replay({"weigh.weights": {code: 0.0}})
            np.testing.assert_array_equal(removal.ranks[k], plain.ranks("index"))
            change = np.abs(plain.ranks("index") - result.ranks("index"))
            assert removal.mean_absolute[k] == pytest.approx(change.mean())
    assert removal.summary()["element"].to_list()[0] in removal.elements
    with pytest.raises(InputError, match="level 9"):
        remove_elements(result, 9)


def test_results_of_different_units_are_compared_with_gaps(result: CompositeResult) -> None:
    fewer = result.replay({"screen.exclude": ["t03"]})
    row = compare(result, fewer, kind="scores").filter(unit="t03").row(0, named=True)
    assert row["second"] is None
    assert row["difference"] is None
    assert compare_many({"a": result, "b": fewer}).height == len(result.units)
    assert compare_correlation(result, fewer)["n"].to_list() == [11, 11, 11]
    assert compare_correlation(result, result)["correlation"].to_list() == pytest.approx([1.0, 1.0, 1.0])


def test_tables_hold_what_the_result_holds(result: CompositeResult) -> None:
    table = results_table(result, "full")
    assert table.columns[:3] == ["unit", "rank", "index"]
    assert set(table.columns[2:]) == set(result.nodes)
    best = table.row(0, named=True)
    assert best["rank"] == 1
    assert best["index"] == np.nanmax(result.score("index"))
    for work in (lambda: results_table(result, "all"), lambda: results_table(result, use="group_ranks")):
        with pytest.raises(InputError):
            work()


def test_a_link_is_that_of_scipy_and_hangs_on_whom_it_hangs(result: CompositeResult) -> None:
    from scipy import stats

    rng = np.random.default_rng(2)
    outside = dict(
        zip(result.units, (result.score("index") + rng.normal(0, 10, len(result.units))).tolist(), strict=True)
    )
    for method, function in (("pearson", stats.pearsonr), ("spearman", stats.spearmanr)):
        link = link_to_external(result, {**outside, "elsewhere": 1.0}, method=method)
        r, p = function(result.score("index"), list(outside.values()))
        assert (link.correlation, link.p_value) == (pytest.approx(r), pytest.approx(p))
        assert link.low < r < link.high
        assert link.unit_range[0] <= r <= link.unit_range[1]
        assert link.unmatched == ("elsewhere",)
    interval = stats.pearsonr(result.score("index"), list(outside.values())).confidence_interval()
    pearson = link_to_external(result, outside)
    assert (pearson.low, pearson.high) == pytest.approx((interval.low, interval.high))
    with pytest.raises(InputError, match="At least 4"):
        link_to_external(result, {"t00": 1.0})


@given(st.integers(0, 10**6), st.sampled_from(("minmax", "zscore", "goalposts")))
def test_a_gain_is_what_running_again_gives(seed: int, method: str) -> None:
    rng = np.random.default_rng(seed)
    leaves = tuple(Node(f"i{k}", parent="X", direction=(1, -1)[k % 2], weight=1.0 + k) for k in range(3))
    posts = tuple(
        Node(
            n.code,
            parent="X",
            direction=n.direction,
            weight=n.weight,
            floor=-9.0 * n.direction,
            target=9.0 * n.direction,
        )
        for n in leaves
    )
    fw = Framework((*posts, Node("X", level=2, kind="aggregate")))
    values = rng.normal(0, 3, (6, 3)).round(1)
    result = DEFAULT_PIPELINE.with_changes({"normalise.method": method}).run(
        fw, IndicatorData(tuple("uvwxyz"), fw.indicators, values)
    )
    for lever in marginal_gains(result, "u").levers:
        for goal in (lever.step, lever.target, lever.best, lever.next):
            if goal is not None:
                after = what_if(result, "u", {lever.indicator: goal.value})
                assert goal.gain == pytest.approx(after.score("X")[0] - result.score("X")[0], abs=1e-9)
                assert goal.rank == after.ranks("X")[0]


def test_trials_that_share_a_pass_are_those_that_do_not(make_tree: Callable, make_towns: Callable) -> None:
    result = DEFAULT_PIPELINE.run(make_tree(), make_towns(missing=0.1))
    steps = result.pipeline.steps
    from qualipolis.methods.composite import Impute

    rows = Pipeline((*steps[:2], Impute("row_mean"), *steps[2:])).run(result.framework, result.data)
    cells = [("i0", 3.0), ("i1", 9.0), ("i0", 5.0)]
    for one in (result, rows):
        scores = trial_scores(one, cells, "t04", "index")
        for k, (code, value) in enumerate(cells):
            np.testing.assert_allclose(scores[k], what_if(one, "t04", {code: value}).score("index"), rtol=1e-12)


@pytest.mark.parametrize("method", ["median", "minimum", "generalised", "mazziotta_pareto", "copeland"])
def test_a_batch_of_values_under_one_set_of_weights_is_run_by_run(make_tree: Callable, method: str) -> None:
    tree, values = make_tree(), np.random.default_rng(0).uniform(1, 9, (3, 5, 6))
    methods = dict.fromkeys(tree.aggregates, method) | {"p0": "arithmetic", "p1": "arithmetic"}
    weights = np.array([node.weight for node in tree.nodes])
    batch = tree_scores(tree, values, weights, methods).scores["index"]
    single = [tree_scores(tree, one, weights, methods).scores["index"] for one in values]
    np.testing.assert_array_equal(batch, np.stack(single))


def city(direction: int = 1, raw: float = 40.0, **node: float) -> CompositeResult:
    fw = Framework((Node("a", parent="X", direction=direction, **node), Node("X", level=2, kind="aggregate")))
    return CITY_PIPELINE.run(fw, IndicatorData(("u", "v"), ("a",), [[raw], [60.0]]))


def test_levers_stop_at_the_target_and_inside_the_interval() -> None:
    lever = marginal_gains(city(floor=0.0, target=100.0), "u", step=0.05).levers[0]
    assert (lever.step.value, lever.target.value, lever.best.value) == (45.0, 100.0, 60.0)
    assert marginal_gains(city(raw=120.0, floor=0.0, target=100.0), "u").levers[0].target is None
    assert marginal_gains(city(raw=120.0, floor=0.0, target=100.0), "u").levers[0].step.gain == 0.0
    between = city(0, 45.0, target_low=50.0, target_high=55.0)
    assert marginal_gains(between, "u", step=1.0).levers[0].step.value == 50.0
    inside = marginal_gains(city(0, 52.0, target_low=50.0, target_high=55.0), "u").levers[0]
    assert (inside.step, inside.target) == (None, None)


def test_goals_of_a_divided_indicator_are_in_raw_units_and_effort_sorts() -> None:
    leaf = {"parent": "X", "floor": 0.0, "target": 10.0}
    fw = Framework((Node("a", denominator="pop", **leaf), Node("b", **leaf), Node("X", level=2, kind="aggregate")))
    data = IndicatorData(("u", "v"), ("a", "b"), [[4.0, 5.0], [9.0, 5.0]], denominators={"pop": [2.0, 3.0]})
    steps = (Denominate(scale={"a": 1.0}), *CITY_PIPELINE.steps[1:])
    result = Pipeline(steps).run(fw, data)
    gains = marginal_gains(result, "u", effort={"a": 10.0, "b": 1.0})
    a = next(lever for lever in gains.levers if lever.indicator == "a")
    assert (a.target.value, a.best.value, a.step.value) == (20.0, 6.0, 4.2)
    assert [lever.indicator for lever in gains.levers] == ["b", "a"]
    assert gains.to_frame()["gain_per_effort"].to_list() == pytest.approx([5.0, 0.25])
    assert marginal_gains(result, "u", by="unit", step=1.0).levers[0].step.value == 6.0
    with pytest.raises(InputError):
        marginal_gains(result, "u", by="luck", step=0.0, effort={"a": 0.0})


def test_a_missing_cell_has_goals_but_no_step() -> None:
    result = DEFAULT_PIPELINE.with_changes({"screen.available": 0.3}).run(
        Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate"))),
        IndicatorData(("u", "v", "w"), ("a", "b"), [[np.nan, 1], [2, 3], [3, 4]]),
    )
    lever = next(one for one in marginal_gains(result, "u").levers if one.indicator == "a")
    assert (lever.value, lever.step) == (None, None)
    assert lever.best.gain == 50.0


def test_peers_are_of_the_same_group_and_cannot_be_told_apart(framework: Framework, make_towns: Callable) -> None:
    base = make_towns()
    group = ["big" if k % 2 else "small" for k in range(len(base.units))]
    data = IndicatorData(base.units, base.codes, base.values, groups={"size": group})
    result = DEFAULT_PIPELINE.run(framework, data)
    intervals = result.uncertainty(300, seed=1)
    table = peers(result, intervals, "t04", "size")
    assert set(table["unit"]) == {unit for unit, g in zip(base.units, group, strict=True) if g == "small"} - {"t04"}
    comparable = table.filter("comparable")
    assert comparable["probability_above"].is_between(0.05, 0.95).all()
    assert comparable["distance"].is_sorted()
    back = peers(result, intervals, comparable["unit"][0], "size").filter(unit="t04")
    assert back["probability_above"][0] == pytest.approx(1 - comparable["probability_above"][0])
    with pytest.raises(InputError):
        peers(result, intervals, "t04", "colour")
