"""Aggregation: every mean by hand, mixed in one tree, in batches; and what is refused before running."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualipolis.methods.composite import Aggregate, Framework, IndicatorData, Node, Normalise, Pipeline, Weigh
from qualipolis.methods.composite.aggregate_checks import COMPAT
from qualipolis.methods.composite.mazziotta_pareto import mazziotta_pareto
from qualipolis.methods.composite.means import tree_scores
from qualipolis.methods.composite.more_means import METHODS, USER_MEANS, Rule, register_mean
from qualipolis.methods.problems import InputError

NAN = float("nan")
TREE = Framework((*[Node(c, parent="X") for c in "abc"], Node("X", level=2, kind="aggregate")))
DEEP = Framework(
    (
        *[Node(c, parent="P") for c in "ab"],
        *[Node(c, parent="Q") for c in "cd"],
        Node("P", parent="I", level=2, kind="aggregate"),
        Node("Q", parent="I", level=2, kind="aggregate"),
        Node("I", level=3, kind="aggregate"),
    )
)


def score(rows: list[list[float]], step: Aggregate, weights: tuple[float, ...] = (1.0, 1.0, 2.0)) -> list[float]:
    data = IndicatorData([f"t{k}" for k in range(len(rows))], tuple("abc"), rows)
    weigh = Weigh(weights=dict(zip("abc", weights, strict=True)))
    return Pipeline((weigh, step)).run(TREE, data).score("X").tolist()


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Aggregate("generalised"), [((1 + 4 + 32) / 4) ** 0.5, 5.0, ((4 + 128) / 3) ** 0.5]),
        (Aggregate("generalised", power=-1), [4 / (1 + 0.5 + 0.5), 5.0, 3 / (1 / 2 + 2 / 8)]),
        (Aggregate("generalised", power=0), [32**0.25, 5.0, 128 ** (1 / 3)]),
        (Aggregate("generalised", power=1), [11 / 4, 5.0, 6.0]),
        (Aggregate("generalised", power=600), [4 * 0.5 ** (1 / 600), 5.0, 8 * (2 / 3) ** (1 / 600)]),
        (Aggregate("median"), [3.0, 5.0, 8.0]),
        (Aggregate("minimum"), [1.0, 5.0, 2.0]),
        (Aggregate("copeland"), [-2.0, 1.0, 1.0]),
        (Aggregate("mazziotta_pareto"), [2.75 - 1.6875 / 2.75, 5.0, 6.0 - 8.0 / 6.0]),
        (Aggregate("mazziotta_pareto", sign=1), [2.75 + 1.6875 / 2.75, 5.0, 6.0 + 8.0 / 6.0]),
    ],
)
def test_it_skips_what_is_missing_and_renormalises(step: Aggregate, expected: list[float]) -> None:
    found = score([[1.0, 2.0, 4.0], [5.0, NAN, NAN], [NAN, 2.0, 8.0]], step)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_reference_loses_a_generalised_mean_with_a_missing_child_and_ours_does_not() -> None:
    rows = [[3.0, NAN, 5.0], [1.0, 1.0, 1.0]]
    ours = score(rows, Aggregate("generalised", power=3), (1.0, 2.0, 3.0))
    theirs = score(rows, Aggregate("generalised", power=3, compat=COMPAT), (1.0, 2.0, 3.0))
    assert ours[0] == pytest.approx(((27 + 3 * 125) / 4) ** (1 / 3))
    assert np.isnan(theirs[0])


def test_a_child_of_weight_zero_does_not_count_in_any_mean() -> None:
    for method in METHODS:
        rows = [[9.0, 2.0, 1.0], [8.0, 3.0, 5.0], [7.0, 4.0, 9.0]]
        changed = [[row[0], row[1], 50.0 - row[2]] for row in rows]
        step = Aggregate(method)
        np.testing.assert_allclose(score(rows, step, (1, 1, 0)), score(changed, step, (1, 1, 0)), rtol=1e-14)


def test_a_known_mazziotta_pareto_index() -> None:
    """Mean 100, standard deviation 10 and coefficient of variation 0.1: the penalty is 1."""
    assert mazziotta_pareto([[90.0, 110.0], [100.0, 100.0], [NAN, 104.0]]).tolist() == [99.0, 100.0, 104.0]
    adjusted = Normalise("goalposts", low=70.0, high=130.0, posts=(0, 10))
    data = IndicatorData(("u", "v"), tuple("abc"), [[0, 10, 5], [5, 5, 5]])
    result = Pipeline((adjusted, Aggregate("mazziotta_pareto"))).run(TREE, data)
    assert result.score("X").tolist() == pytest.approx([100 - 600 / 100, 100.0])


def test_methods_powers_and_shares_may_differ_inside_one_level() -> None:
    step = Aggregate(
        "arithmetic",
        levels={"2": "geometric"},
        nodes={"Q": "generalised"},
        min_share={"2": 0.5, "Q": 1.0, "I": 0.0},
        powers={"2": 5.0, "Q": 3.0},
    )
    data = IndicatorData(("t", "u"), tuple("abcd"), [[2, 8, 1, 3], [NAN, 8, NAN, 3]])
    result = Pipeline((step,)).run(DEEP, data)
    assert result.score("P").tolist() == pytest.approx([4.0, 8.0])
    assert result.score("Q").tolist() == pytest.approx([14 ** (1 / 3), NAN], nan_ok=True)
    assert result.score("I").tolist() == pytest.approx([(4 + 14 ** (1 / 3)) / 2, 8.0])


def test_a_unit_below_the_share_is_no_opponent_in_pairs() -> None:
    rows = [[3.0, 3.0, 3.0], [2.0, 2.0, 2.0], [NAN, NAN, 9.0]]
    assert score(rows, Aggregate("copeland"))[:2] == [0.0, -2.0]
    np.testing.assert_array_equal(score(rows, Aggregate("copeland", min_share=0.5)), [1.0, -1.0, NAN])


@pytest.fixture
def largest() -> Iterator[str]:
    def second(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.nanmax(values * (weights > 0), axis=1)

    register_mean("largest", second, above_zero=True)
    yield "largest"
    del USER_MEANS["largest"]


def test_a_function_of_ones_own_is_a_method_like_the_others(largest: str, make_tree, make_towns) -> None:
    step = Aggregate(nodes={"X": largest})
    assert score([[1.0, 2.0, 4.0], [5.0, NAN, 3.0]], step) == [4.0, 5.0]
    with pytest.raises(InputError, match="not above 0"):
        score([[1.0, 0.0, 4.0], [5.0, 2.0, 3.0]], step)
    result = Pipeline((Normalise(low=1.0), Weigh(), Aggregate(largest))).run(make_tree(), make_towns())
    assert result.uncertainty(20, factors=()).rank_quantiles[0, -1].tolist() == result.ranks("index").tolist()


def test_a_function_of_ones_own_takes_no_built_in_name_and_returns_one_value_for_each_unit() -> None:
    with pytest.raises(InputError, match="built in"):
        register_mean("median", np.median)
    register_mean("wrong", lambda values, weights: weights)
    try:
        with pytest.raises(InputError, match="one value for each unit"):
            score([[1.0, 2.0, 4.0], [5.0, 1.0, 3.0]], Aggregate("wrong"))
    finally:
        del USER_MEANS["wrong"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("values", ["one", "many"])
def test_a_batch_has_the_digits_of_single_runs(make_tree, method: str, missing: float, values: str) -> None:
    rng = np.random.default_rng(3)
    tree = make_tree(9, 3)
    x = rng.uniform(1, 100, (7, 20, 9))
    x[rng.random(x.shape) < missing] = np.nan
    weights = rng.uniform(0.5, 2, (7, len(tree.codes)))
    rules = dict.fromkeys(tree.aggregates, Rule(method, power=3.0, min_share=0.4))
    batch = tree_scores(tree, x if values == "many" else x[0], weights, rules).scores
    for r in range(7):
        one = tree_scores(tree, x[r] if values == "many" else x[0], weights[r], rules).scores
        for code in tree.codes:
            found = np.broadcast_to(batch[code], (7, 20))[r]
            np.testing.assert_array_equal(found, one[code])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 9).map(float) | st.just(NAN), min_size=3, max_size=3), min_size=2, max_size=7),
    st.sampled_from(METHODS),
    st.floats(0.01, 100),
    st.randoms(use_true_random=False),
)
def test_order_of_units_and_children_and_scale_of_weights_are_nothing(rows, method: str, factor: float, random) -> None:
    x, w = np.array([[1.0, 1.0, 1.0], *rows]), np.array([1.0, 2.0, 3.0, 1.0])
    units, children = list(range(len(x))), [0, 1, 2]
    random.shuffle(units)
    random.shuffle(children)
    one = tree_scores(TREE, x, w, {"X": method}).scores["X"]
    moved = tree_scores(TREE, x[units][:, children], w[[*children, 3]] * factor, {"X": method}).scores["X"]
    np.testing.assert_allclose(one[units], moved, rtol=1e-12, atol=1e-12)
    if method != "copeland":
        present = ~np.isnan(one)
        assert (one[present] <= np.nanmax(x[present], axis=1) + 1e-9).all()
        assert (present == ~np.isnan(x).all(axis=1)).all()


CASES = [
    ((Normalise(), Aggregate("mazziotta_pareto")), "zero_geometric"),
    ((Normalise(), Aggregate("generalised", power=-2)), "zero_geometric"),
    ((Normalise("dist2max"), Aggregate("geometric")), "zero_geometric"),
    ((Normalise("borda"), Aggregate("harmonic")), "zero_geometric"),
    ((Normalise("percentile"), Aggregate("geometric")), "zero_geometric"),
    ((Normalise("dist2ref", reference="t"), Aggregate("geometric")), "zero_geometric"),
    ((Normalise("zscore"), Aggregate("generalised")), "zscore_geometric"),
    ((Normalise("zscore"), Aggregate(nodes={"I": "geometric"})), "zscore_geometric"),
    ((Normalise(low=1.0), Aggregate("copeland", nodes={"I": "geometric"})), "copeland_geometric"),
    ((Normalise(low=1.0), Aggregate(levels={"7": "geometric"})), "unknown_level"),
    ((Normalise(low=1.0), Aggregate(powers={"zzz": 2.0})), "unknown_level"),
    ((Normalise(low=1.0), Aggregate(min_share={"1": 0.5})), "unknown_level"),
    ((Normalise(low=1.0), Aggregate(nodes={"a": "geometric"})), "unknown_code"),
    ((Normalise("none"), Aggregate("geometric")), "not_positive"),
    ((Normalise("none"), Aggregate("generalised")), "not_positive"),
    ((Aggregate("mazziotta_pareto"),), "not_positive"),
]


@pytest.mark.parametrize(("steps", "expected"), CASES)
def test_a_mean_that_its_scale_does_not_allow_is_refused(steps: tuple, expected: str) -> None:
    data = IndicatorData(("t", "u"), tuple("abcd"), [[2, 8, 1, -3], [1, 9, 4, 3]])
    with pytest.raises(InputError) as error:
        Pipeline(steps).run(DEEP, data)
    assert {problem.code for problem in error.value.problems} == {expected}


@pytest.mark.parametrize(
    "spec",
    [{"method": "magic"}, {"min_share": {"2": 1.5}}, {"min_share": 2}, {"power": NAN}, {"sign": 0}, {"compat": "x"}],
)
def test_it_refuses_parameters_that_make_no_mean(spec: dict) -> None:
    with pytest.raises(InputError) as error:
        Aggregate(**spec)
    assert {problem.code for problem in error.value.problems} <= {"unknown_choice", "out_of_range"}


def test_powers_that_reach_zero_are_allowed_where_zero_is() -> None:
    data = IndicatorData(("t", "u"), tuple("abcd"), [[2, 8, 1, 3], [1, 9, 4, 2]])
    result = Pipeline((Normalise(), Aggregate("generalised", power=2))).run(DEEP, data)
    assert result.score("P").tolist() == pytest.approx([100 / 2**0.5] * 2)
    assert [problem.params["node"] for problem in result.problems if problem.code == "all_tied"] == ["P", "Q", "I"]


def test_it_says_nothing_of_ties_when_units_differ() -> None:
    data = IndicatorData(("t", "u"), tuple("abcd"), [[2, 8, 1, 3], [1, 9, 4, 3]])
    result = Pipeline((Aggregate(),)).run(DEEP, data)
    assert [p.params["node"] for p in result.problems if p.code == "all_tied"] == ["P"]


def test_a_penalty_that_eats_the_mean_names_the_scale_the_method_is_made_for() -> None:
    data = IndicatorData(("t", "u", "v"), tuple("abcd"), [[0, 9, 5, 5], [0, 8, 6, 6], [9, 0, 7, 7]])
    with pytest.raises(InputError, match=r"P has values.* from 70 to 130"):
        Pipeline((Normalise(low=1.0), Weigh(weights={"b": 0.2}), Aggregate("mazziotta_pareto"))).run(DEEP, data)


def test_several_roots_are_aggregated_each_by_its_own_method() -> None:
    leaves = [Node(c, parent=p) for c, p in zip("abcd", "XXYY", strict=True)]
    tree = Framework((*leaves, *[Node(r, level=2, kind="aggregate") for r in "XY"]))
    data = IndicatorData(("t", "u"), tuple("abcd"), [[2, 8, 1, 3], [1, 9, 4, 3]])
    result = Pipeline((Aggregate(nodes={"Y": "copeland"}),)).run(tree, data)
    assert result.score("X").tolist() == [5.0, 5.0]
    assert result.score("Y").tolist() == [-1.0, 1.0]


def test_a_mapping_of_shares_survives_the_file() -> None:
    step = Aggregate(min_share={"2": 0.8})
    pipeline = Pipeline((step,))
    assert Pipeline.from_dict(pipeline.to_dict()) == pipeline
    assert Aggregate(min_share=1).min_share == 1.0
