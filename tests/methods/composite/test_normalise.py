"""Scales worked out by hand, and what holds for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualipolis.methods.composite import Aggregate, CompositeResult, Framework, IndicatorData, Node, Normalise, Pipeline
from qualipolis.methods.composite.normalise import COMPAT, normalise_columns
from qualipolis.methods.composite.normalise_checks import METHODS
from qualipolis.methods.problems import InputError

NAN = float("nan")
NODE = Node("a", floor=0.0, target=40.0)
SPECS = [Normalise(method, reference="t1", posts=(-10.0, 40.0) if method == "scaled" else ()) for method in METHODS] + [
    Normalise(method, ties="average") for method in ("rank", "percentile", "borda")
]
RELATIVE = [s for s in SPECS if s.method not in ("goalposts", "scaled", "dist2targ", "none")]


def run(values: list[float], step: Normalise, node: Node = NODE) -> CompositeResult:
    tree = Framework(
        (Node("a", "", "", "X", **{k: getattr(node, k) for k in KEPT}), Node("X", level=2, kind="aggregate"))
    )
    data = IndicatorData([f"t{k}" for k in range(len(values))], ("a",), np.array(values)[:, None])
    return Pipeline((step, Aggregate())).run(tree, data)


KEPT = ("direction", "floor", "target", "target_low", "target_high")


def scaled(values: list[float], step: Normalise, node: Node = NODE) -> list[float]:
    return run(values, step, node).score("a").tolist()


def codes(result: CompositeResult) -> set[str]:
    return {problem.code for problem in result.problems}


LESS = Node("a", direction=-1, floor=40.0, target=0.0)
BAND = Node("a", direction=0, target_low=10.0, target_high=20.0)


@pytest.mark.parametrize(
    ("spec", "node", "expected"),
    [
        ({"method": "scaled", "posts": (0, 80)}, NODE, [12.5, 25.0, 50.0]),
        ({"method": "scaled", "posts": (0, 20), "direction": -1}, NODE, [50.0, 0.0, -100.0]),
        ({"method": "borda"}, LESS, [2.0, 1.0, 0.0]),
        ({"method": "dist2max", "low": 1.0}, NODE, [1.0, 34.0, 100.0]),
        ({"method": "dist2ref", "reference": "t1"}, NODE, [0.0, 100.0, 300.0]),
        ({"method": "dist2ref", "reference": "t1", "cap": True}, LESS, [100.0, 100.0, 0.0]),
        ({"method": "dist2targ", "target": 25.0}, NODE, [0.0, 100 * 10 / 15, 200.0]),
        ({"method": "dist2targ", "target": 25.0, "cap": True, "low": 10.0}, NODE, [10.0, 70.0, 100.0]),
        ({"method": "fracmax"}, NODE, [25.0, 50.0, 100.0]),
        ({"method": "fracmax"}, LESS, [100.0, 75.0, 25.0]),
        ({"method": "goalposts", "posts": (0, 20, 10)}, NODE, [5.0, 10.0, 10.0]),
        ({"method": "goalposts", "posts": (0, 20), "low": 1.0}, LESS, [50.5, 1.0, 1.0]),
        ({"method": "goalposts", "posts": (0, 60)}, BAND, [100.0, 100.0, 50.0]),
        ({"method": "none"}, LESS, [-10.0, -20.0, -40.0]),
        ({"method": "none"}, BAND, [0.0, 0.0, -20.0]),
    ],
)
def test_it_scales_by_the_formula(spec: dict, node: Node, expected: list[float]) -> None:
    np.testing.assert_allclose(scaled([10.0, 20.0, 40.0], Normalise(**spec), node), expected, rtol=1e-12)


def test_ties_share_the_lowest_rank_or_the_average() -> None:
    x = [5.0, NAN, 1.0, 5.0, 9.0]
    np.testing.assert_array_equal(scaled(x, Normalise("rank")), [2, NAN, 1, 2, 4])
    np.testing.assert_array_equal(scaled(x, Normalise("rank", ties="average")), [2.5, NAN, 1, 2.5, 4])
    np.testing.assert_allclose(scaled(x, Normalise("percentile", ties="average")), [50, NAN, 0, 50, 100])


def test_shares_of_the_best_keep_the_order_where_the_reference_turns_it_round() -> None:
    right = scaled([10.0, 20.0, 40.0], Normalise("fracmax", high=1.0), LESS)
    theirs = scaled([10.0, 20.0, 40.0], Normalise("fracmax", high=1.0, compat=COMPAT), LESS)
    np.testing.assert_allclose(right, [1.0, 0.75, 0.25])
    np.testing.assert_allclose(theirs, [1.0, 2.0, 4.0])


def test_a_target_that_all_have_passed_gives_full_marks_where_the_reference_turns_the_order_round() -> None:
    step = Normalise("dist2targ", high=1.0, target=5.0)
    result = run([10.0, 20.0, 40.0], step)
    assert result.score("a").tolist() == [1.0, 1.0, 1.0]
    assert "target_reached" in codes(result)
    theirs = scaled([10.0, 20.0, 40.0], Normalise("dist2targ", high=1.0, target=5.0, compat=COMPAT))
    np.testing.assert_allclose(theirs, [0.0, -2.0, -6.0])


@pytest.mark.parametrize("values", [[10.0, NAN, 40.0], [20.0, 10.0, 40.0]])
def test_a_reference_unit_without_value_or_the_worst_of_all_measures_nothing(values: list[float]) -> None:
    result = run(values, Normalise("dist2ref", reference="t1"))
    assert np.isnan(result.score("a")).all()
    assert "reference_unusable" in codes(result)


def test_shares_of_a_best_value_below_zero_mean_nothing() -> None:
    result = run([-10.0, -20.0], Normalise("fracmax"))
    assert np.isnan(result.score("a")).all()
    assert "best_not_positive" in codes(result)


@pytest.mark.parametrize("step", RELATIVE, ids=lambda s: s.method)
def test_a_constant_column_becomes_missing_in_relative_scales(step: Normalise) -> None:
    result = run([4.0, 4.0, NAN], step)
    assert np.isnan(result.score("a")).all()
    assert "constant_column" in codes(result)


def test_the_reference_ranks_constant_columns_and_so_does_the_compatible_scale() -> None:
    assert scaled([4.0, 4.0], Normalise("rank", ties="average", compat=COMPAT)) == [1.5, 1.5]


def test_one_indicator_may_be_turned_round_and_scaled_by_itself() -> None:
    tree = Framework((Node("a", parent="X"), Node("b", parent="X", direction=-1), Node("X", level=2, kind="aggregate")))
    data = IndicatorData(("t", "u", "v"), ("a", "b"), [[1, 1], [2, 2], [5, 5]])
    step = Normalise(indicators={"a": {"direction": -1}, "b": {"method": "zscore", "mean": 5.0}})
    result = Pipeline((step, Aggregate())).run(tree, data)
    assert result.score("a").tolist() == [100.0, 75.0, 0.0]
    assert result.ranks("b").tolist() == [1.0, 2.0, 3.0]
    assert result.score("b").mean() == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"method": "scaled"}, "out_of_range"),
        ({"method": "goalposts", "posts": (5, 5)}, "out_of_range"),
        ({"method": "goalposts", "posts": (0, 5, -1)}, "out_of_range"),
        ({"method": "dist2ref"}, "reference_needed"),
        ({"direction": 2}, "out_of_range"),
        ({"ties": "max"}, "unknown_choice"),
        ({"compat": "coinr"}, "unknown_choice"),
        ({"indicators": {"a": {"method": "magic"}}}, "unknown_choice"),
    ],
)
def test_it_refuses_parameters_that_make_no_scale(spec: dict, expected: str) -> None:
    with pytest.raises(InputError) as error:
        Normalise(**spec)
    assert expected in {problem.code for problem in error.value.problems}


@pytest.mark.parametrize(
    ("spec", "node", "expected"),
    [
        ({"method": "dist2targ"}, Node("a"), "no_target"),
        ({"method": "dist2ref", "reference": "nobody"}, NODE, "unknown_unit"),
        ({"direction": 0}, NODE, "bad_target_interval"),
        ({"method": "goalposts", "direction": -1}, NODE, "bad_goalposts"),
    ],
)
def test_what_the_framework_lacks_is_said_before_running(spec: dict, node: Node, expected: str) -> None:
    with pytest.raises(InputError) as error:
        run([1.0, 2.0], Normalise(**spec), node)
    assert expected in {problem.code for problem in error.value.problems}


@pytest.mark.parametrize("step", SPECS, ids=lambda s: f"{s.method}-{s.ties}")
@pytest.mark.parametrize("direction", [-1, 0, 1])
def test_a_batch_has_the_digits_of_single_runs(step: Normalise, direction: int) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(20, 9, (4, 15, 2)).round(1)
    x[rng.random(x.shape) < 0.2] = np.nan
    x[:, 1] = 22.0
    bounds = {1: (0.0, 40.0), -1: (40.0, 0.0), 0: (5.0, 40.0)}[direction]
    nodes = [
        step.node(Node(c, direction=direction, floor=bounds[0], target=bounds[1], target_low=15.0, target_high=18.0))
        for c in "ab"
    ]
    batch = normalise_columns(x, nodes, step, 1)
    for one, out in zip(x, batch, strict=True):
        np.testing.assert_array_equal(normalise_columns(one, nodes, step, 1), out)
    assert ((~np.isnan(batch)) <= (~np.isnan(x))).all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(-20, 60).map(float) | st.just(NAN), min_size=2, max_size=9),
    st.sampled_from(SPECS),
    st.sampled_from([NODE, LESS, Node("a", direction=0, floor=-30.0, target=60.0, target_low=10.0, target_high=20.0)]),
    st.randoms(use_true_random=False),
)
def test_a_better_value_never_scores_less_and_the_order_of_units_is_nothing(values, step, node, random) -> None:
    x = np.array([0.0, 30.0, *values])[:, None]
    order = list(range(len(x)))
    random.shuffle(order)
    out = normalise_columns(x, [node], step, 1)[:, 0]
    moved = normalise_columns(x[order], [node], step, order.index(1))[:, 0]
    np.testing.assert_allclose(out[order], moved, rtol=1e-12, atol=1e-9)
    good = normalise_columns(x, [node], Normalise("none"))[:, 0]
    ranked = np.argsort(good, kind="stable")
    present = out[ranked][~np.isnan(out[ranked])]
    assert (np.diff(present) >= -1e-9).all()
