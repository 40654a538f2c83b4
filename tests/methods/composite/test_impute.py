"""Missing cells: what they are filled with, and how sure that is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite import (
    Aggregate,
    DataNoise,
    Framework,
    Impute,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Weigh,
    predictive,
)
from qualipolis.methods.composite.pipeline import start
from qualipolis.methods.composite.steps import State
from qualipolis.methods.problems import InputError

NAN = float("nan")
TREE = Framework(
    (
        Node("a", parent="P"),
        Node("b", parent="P", direction=-1),
        Node("c", parent="Q"),
        Node("d", parent="Q"),
        Node("P", parent="X", level=2, kind="aggregate"),
        Node("Q", parent="X", level=2, kind="aggregate"),
        Node("X", level=3, kind="aggregate"),
    )
)
METHODS = [
    Impute("mean"),
    Impute("median"),
    Impute("group_mean", group="g"),
    Impute("group_median", group="g"),
    Impute("row_mean"),
    Impute("row_median", level=2),
    Impute("row_mean", normalise_first=False),
    Impute("regression"),
    Impute("regression", group="g"),
]
NAMES = [f"{s.method}-{s.level}-{s.group}-{s.normalise_first}" for s in METHODS]


def table(seed: int = 0, units: int = 30, share: float = 0.15) -> IndicatorData:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(units, 1)) + rng.normal(size=(units, 4)) * 0.6
    values = values * [1, -5, 100, 0.1] + [3, 40, -7, 0]
    values[rng.random(values.shape) < share] = NAN
    values[:2] = np.nan_to_num(values[:2], nan=1.0)
    groups = {"g": [None if k == 5 else "ns"[k % 2] for k in range(units)]}
    return IndicatorData([f"u{k:02d}" for k in range(units)], tuple("abcd"), values, groups=groups)


def filled(step: Impute, data: IndicatorData, values: np.ndarray | None = None) -> State:
    return step.apply(start(TREE, data, values))


SMALL = IndicatorData(
    tuple("uvwx"),
    tuple("abcd"),
    [[0, 8, 10, 5], [10, 4, 30, 5], [2.5, NAN, 20, NAN], [NAN, NAN, 12, 5]],
    groups={"g": ["n", "s", "n", None]},
)


def test_row_imputation_by_hand() -> None:
    """a: 0..10, b turned round: -8..-4, c: 10..30, d constant."""
    every = filled(Impute("row_mean"), SMALL).values
    assert every[2].tolist() == pytest.approx([2.5, 8 - 4 * (0.25 + 0.5) / 2, 20, 5])
    assert every[3].tolist() == pytest.approx([1, 8 - 4 * 0.1, 12, 5])
    inside = filled(Impute("row_mean", level=2), SMALL)
    assert inside.values[2, 1] == pytest.approx(7.0)
    assert np.isnan(inside.values[3, :2]).all()
    assert [(p.code, p.params["code"], p.params["count"]) for p in inside.problems] == [
        ("still_missing", "a", 1),
        ("still_missing", "b", 1),
    ]


def test_group_imputation_by_hand() -> None:
    done = filled(Impute("group_mean", group="g"), SMALL)
    assert done.values[2].tolist() == [2.5, 8.0, 20.0, 5.0]
    assert np.isnan(done.values[3, :2]).all()
    assert done.tables["impute"]["node"] == ["b", "d"]


def test_row_imputation_does_not_see_direction_twice() -> None:
    steps = (Normalise(), Impute("row_mean"), Weigh(), Aggregate())
    with pytest.raises(InputError) as caught:
        Pipeline(steps).run(TREE, table())
    assert [p.code for p in caught.value.problems] == ["already_normalised"]
    late = Pipeline((Normalise(), Impute("row_mean", normalise_first=False), Weigh(), Aggregate())).run(TREE, table())
    early = Pipeline((Impute("row_mean"), Normalise(), Weigh(), Aggregate())).run(TREE, table())
    np.testing.assert_allclose(late.score("X"), early.score("X"), rtol=1e-10)


def test_an_interval_indicator_has_no_way_back_from_its_score() -> None:
    tree = Framework(
        (
            Node("a", parent="X"),
            Node("b", parent="X", direction=0, target_low=1, target_high=2),
            Node("X", level=2, kind="aggregate"),
        )
    )
    data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, NAN], [2, 3], [3, 1.5]])
    steps = (Impute("row_mean"), Normalise(), Aggregate())
    with pytest.raises(InputError) as caught:
        Pipeline(steps).run(tree, data)
    assert [p.code for p in caught.value.problems] == ["no_way_back"]


@pytest.mark.parametrize(
    ("step", "code"),
    [(Impute("group_mean", group="x"), "unknown_group"), (Impute("row_mean", level=7), "out_of_range")],
)
def test_what_the_data_or_the_tree_do_not_have_is_refused(step: Impute, code: str) -> None:
    with pytest.raises(InputError) as caught:
        Pipeline((step, Normalise(), Aggregate())).run(TREE, table())
    assert [p.code for p in caught.value.problems] == [code]


@pytest.mark.parametrize("step", METHODS, ids=NAMES)
def test_observed_cells_stay_and_a_batch_has_the_digits_of_single_runs(step: Impute) -> None:
    many = np.stack([table(seed).values for seed in range(3)])
    batch = filled(step, table(), many).values
    for one, values in zip(batch, many, strict=True):
        np.testing.assert_array_equal(one, filled(step, table(), values).values)
        np.testing.assert_array_equal(one[~np.isnan(values)], values[~np.isnan(values)])
        assert not np.isnan(one).all(axis=1).any()


@pytest.mark.parametrize("step", METHODS, ids=NAMES)
def test_units_columns_and_scales_may_be_changed(step: Impute) -> None:
    data = table()
    before = filled(step, data).values
    order = np.random.default_rng(1).permutation(len(data.units))
    groups = {"g": [data.groups["g"][i] for i in order]}
    other = IndicatorData([data.units[i] for i in order], data.codes, data.values[order], groups=groups)
    np.testing.assert_allclose(filled(step, other).values, before[order], rtol=1e-5)
    turned = IndicatorData(data.units, data.codes[::-1], data.values[:, ::-1], groups=data.groups)
    np.testing.assert_allclose(filled(step, turned).values, before, rtol=1e-5)
    if step.normalise_first:
        scaled = IndicatorData(data.units, data.codes, data.values * 7 - 3, groups=data.groups)
        np.testing.assert_allclose(filled(step, scaled).values, before * 7 - 3, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("step", METHODS, ids=NAMES)
def test_the_spread_is_zero_where_observed_and_known_where_filled(step: Impute) -> None:
    data = table()
    mean, sd = step.predictive(start(TREE, data))
    gap = np.isnan(data.values)
    np.testing.assert_array_equal(mean, filled(step, data).values)
    assert (sd[~gap] == 0).all()
    np.testing.assert_array_equal(np.isnan(sd[gap]), np.isnan(mean[gap]))
    assert (sd[gap & ~np.isnan(sd)] > 0).all()


def test_the_spread_of_a_mean_and_of_group_means_is_the_textbook_one() -> None:
    column = np.array([[1.0], [2.0], [6.0], [NAN], [10.0], [14.0], [NAN]])
    assert predictive(column, "mean")[1][3, 0] == pytest.approx(np.std(column[[0, 1, 2, 4, 5]], ddof=1) * 1.2**0.5)
    members = [np.arange(7) < 4, np.arange(7) >= 4]
    pooled = ((14 + 8) / 3) ** 0.5
    filled_, sd = predictive(column, "group_mean", members)
    assert (filled_[3, 0], filled_[6, 0]) == (3.0, 12.0)
    assert sd[[3, 6], 0] == pytest.approx([pooled * (4 / 3) ** 0.5, pooled * 1.5**0.5])


def test_a_regression_fills_an_exact_line_exactly_and_noise_with_the_mean() -> None:
    x = np.linspace(0, 1, 40)
    line = np.stack([x, 3 * x - 1], axis=1)
    line[7, 1] = NAN
    value, sd = predictive(line)
    assert value[7, 1] == pytest.approx(3 * x[7] - 1, abs=0.02)
    assert sd[7, 1] < 0.05
    noise = np.random.default_rng(0).normal(size=(200, 3))
    noise[0, 0] = NAN
    assert predictive(noise)[0][0, 0] == pytest.approx(noise[1:, 0].mean(), abs=1e-12)


def test_the_spread_of_a_regression_is_its_leave_one_out_error() -> None:
    """Refitted 39 times without each unit in turn, at the penalty found."""
    from qualipolis.methods.composite.impute_model import _Ridge

    rng = np.random.default_rng(2)
    x = rng.normal(size=(39, 3))
    y = x @ [1.0, 0.5, 0.0] + rng.normal(size=39)
    fit = _Ridge.fit(x, y, 0.1)
    missed = []
    for out in range(39):
        rest = np.arange(39) != out
        centred, level = x[rest] - x.mean(axis=0), y.mean()
        design = np.column_stack([np.ones(38), centred])
        penalty = np.diag([0.0, 3.9, 3.9, 3.9])
        beta = np.linalg.solve(design.T @ design + penalty, design.T @ (y[rest] - level))
        missed.append(y[out] - level - np.array([1, *(x[out] - x.mean(axis=0))]) @ beta)
    assert fit.error == pytest.approx(np.sqrt(np.mean(np.square(missed))), rel=1e-9)


def test_ninety_percent_of_the_missing_values_lie_in_their_ninety_percent_interval() -> None:
    rng = np.random.default_rng(5)
    inside, better = [], []
    for _ in range(40):
        whole = 0.7 * rng.normal(size=(80, 1)) + 0.7 * rng.normal(size=(80, 6))
        gap = rng.random(whole.shape) < 0.1
        value, sd = predictive(np.where(gap, NAN, whole))
        inside.append((np.abs(value - whole) < 1.6449 * sd)[gap])
        plain = predictive(np.where(gap, NAN, whole), "mean")[0]
        better.append(np.square((value - whole)[gap]).mean() < np.square((plain - whole)[gap]).mean())
    assert np.concatenate(inside).mean() == pytest.approx(0.90, abs=0.02)
    assert np.mean(better) > 0.9


def test_too_little_to_learn_from_gives_the_mean_and_nothing_gives_nothing() -> None:
    values = np.array([[1.0, NAN, 4.0], [2.0, NAN, 4.0], [NAN, NAN, NAN], [6.0, NAN, 4.0]])
    for method in ("mean", "median", "regression"):
        value, sd = predictive(values, method)
        assert value[2, 0] == (2.0 if method == "median" else 3.0)
        assert np.isnan(value[:, 1]).all()
        assert np.isnan(sd[:, 1]).all()
        assert (value[2, 2], sd[2, 2]) == (4.0, 0.0)


@pytest.mark.parametrize(("method", "code"), [("magic", "unknown_choice"), ("group_mean", "group_needed")])
def test_a_model_that_cannot_be_is_refused(method: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        predictive(np.ones((2, 2)), method)
    assert [p.code for p in caught.value.problems] == [code]


def test_replicates_with_noise_are_imputed_one_by_one() -> None:
    data = table()
    result = Pipeline((Impute("regression"), Normalise(), Weigh(), Aggregate())).run(TREE, data)
    ranks = result.uncertainty(n=20, seed=1, factors=(DataNoise(0.1),))
    assert not ranks.failures
    assert (ranks.rank_quantiles[2] >= ranks.rank_quantiles[0]).all()


@given(st.integers(0, 10_000), st.sampled_from(["mean", "median", "regression"]))
def test_what_is_filled_in_by_a_column_lies_near_what_was_seen(seed: int, method: str) -> None:
    values = table(seed, units=15).values
    value, _ = predictive(values, method)
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    room = (high - low) * (1.0 if method == "regression" else 0.0)
    gap = np.isnan(values) & ~np.isnan(value)
    assert ((value >= low - room - 1e-9) | ~gap).all()
    assert ((value <= high + room + 1e-9) | ~gap).all()
