"""Importance beside weight: bent relations, shared variance, the exact Shapley value."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from qualipolis.methods.composite import (
    CompositeResult,
    Framework,
    IndicatorData,
    Node,
    Pipeline,
    Weigh,
    main_effects,
    shapley_importance,
)
from qualipolis.methods.composite.aggregate import Aggregate
from qualipolis.methods.composite.sensitivity.shapley import explained_shares, shapley_values
from qualipolis.methods.composite.sensitivity.smooth import correlation_ratio
from qualipolis.methods.problems import InputError

PLAIN = Pipeline((Weigh(), Aggregate()))


def run(values: np.ndarray, weights: tuple[float, ...], pipeline: Pipeline = PLAIN) -> CompositeResult:
    codes = [f"x{k}" for k in range(values.shape[1])]
    leaves = [Node(code, parent="X", weight=w) for code, w in zip(codes, weights, strict=True)]
    tree = Framework((*leaves, Node("X", level=2, kind="aggregate")))
    return pipeline.run(tree, IndicatorData([f"u{k}" for k in range(len(values))], codes, values))


def test_it_finds_the_known_ratio_of_a_straight_and_a_bent_relation() -> None:
    rng = np.random.default_rng(0)
    straight, bent, none = np.zeros(40), np.zeros(40), np.zeros(40)
    for k in range(40):
        x, e = rng.normal(size=(2, 400))
        straight[k], bent[k] = correlation_ratio(x, x + e)[0], correlation_ratio(x, x**2 + np.sqrt(2) * e)[0]
        none[k] = correlation_ratio(x, e)[0]
    assert straight.mean() == pytest.approx(0.5, abs=0.015)
    assert bent.mean() == pytest.approx(0.5, abs=0.03)
    assert none.mean() < 0.02
    assert correlation_ratio(np.ones(20), e[:20]).tolist() == [0.0]


def test_a_resample_is_the_sample_with_units_repeated() -> None:
    x, e = np.random.default_rng(8).normal(size=(2, 100))
    twice = correlation_ratio(x, np.sin(2 * x) + e, np.full((1, 100), 1.0))
    assert twice.tolist() == correlation_ratio(x, np.sin(2 * x) + e).tolist()


def test_effects_of_independent_children_go_with_the_square_of_the_weight() -> None:
    found = main_effects(run(np.random.default_rng(1).normal(size=(2000, 3)), (3, 2, 1)), bootstrap=30)
    np.testing.assert_allclose(found.effects[0], np.array([9, 4, 1]) / 14, atol=0.05)
    np.testing.assert_allclose(found.linear, found.effects[0], atol=0.03)
    assert (found.effects[1] <= found.effects[0]).all()
    assert (found.effects[0] <= found.effects[2]).all()
    assert found.discrepancy == pytest.approx(2 / 3 - 4 / 9, abs=0.05)
    assert found.to_frame().height == 3


def test_a_bent_relation_shows_between_the_ratio_and_the_line() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=500)
    found = main_effects(run(np.stack([x, x**2], axis=1), (1, 3)), bootstrap=0)
    assert found.effects[0, 0] > found.linear[0] + 0.5
    assert np.isnan(found.effects[1]).all()


def brute(covariance: np.ndarray) -> np.ndarray:
    """Average over all orders of what a child adds to R squared."""
    d = len(covariance) - 1

    def explained(members: tuple[int, ...]) -> float:
        inner, outer = covariance[np.ix_(members, members)], covariance[list(members), d]
        return float(outer @ np.linalg.solve(inner, outer)) / covariance[d, d] if members else 0.0

    out = np.zeros(d)
    for order in itertools.permutations(range(d)):
        for place, child in enumerate(order):
            out[child] += explained(order[: place + 1]) - explained(order[:place])
    return out / math.factorial(d)


def test_the_shapley_value_is_the_mean_over_all_orders() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(60, 4)) @ rng.normal(size=(4, 4))
    values = np.c_[values, values @ [1, 2, 3, 4] + rng.normal(size=60)]
    covariance = np.cov(values, rowvar=False)
    np.testing.assert_allclose(shapley_values(explained_shares(covariance)), brute(covariance))


def test_children_that_are_the_same_share_alike_and_all_is_explained() -> None:
    rng = np.random.default_rng(4)
    x, z = rng.normal(size=(2, 200))
    found = shapley_importance(run(np.stack([x, x, z], axis=1), (1, 5, 2)))
    assert found.shares[0] == pytest.approx(found.shares[1])
    assert found.explained == pytest.approx(1.0)
    assert found.to_frame()["ratio"][0] > 1 > found.to_frame()["ratio"][1]


def test_the_game_of_the_variance_is_weight_times_covariance() -> None:
    values = np.random.default_rng(5).normal(size=(100, 3)) @ np.array([[1, 0.5, -0.9], [0, 1, 0], [0, 0, 0.3]])
    result = run(values, (1, 1, 2))
    found = shapley_importance(result, game="variance")
    worth = np.zeros(8)
    for subset in range(8):
        inside = [i for i in range(3) if subset >> i & 1]
        worth[subset] = np.var(values[:, inside] @ (np.array([1, 1, 2]) / 4)[inside], ddof=1) if inside else 0.0
    expected = shapley_values(worth) / np.var(result.score("X"), ddof=1)
    np.testing.assert_allclose(found.shares, expected)
    assert found.shares.sum() == pytest.approx(1.0)


def test_fifteen_children_take_well_under_a_few_seconds_and_sixteen_are_refused() -> None:
    values = np.random.default_rng(6).normal(size=(80, 16))
    assert shapley_importance(run(values[:, :12], (1.0,) * 12)).explained == pytest.approx(1.0)
    with pytest.raises(InputError, match="16 children"):
        shapley_importance(run(values, (1.0,) * 16))


def test_what_has_no_importance_is_refused() -> None:
    values = np.random.default_rng(7).lognormal(size=(12, 2))
    result = run(values, (1, 1), Pipeline((Weigh(), Aggregate("geometric"))))
    with pytest.raises(InputError, match="no arithmetic mean"):
        shapley_importance(result, game="variance")
    with pytest.raises(InputError, match="magic"):
        shapley_importance(result, game="magic")
    with pytest.raises(InputError, match="indicator"):
        main_effects(result, "x0")
    with pytest.raises(InputError, match="too few"):
        main_effects(run(values[:5], (1, 1)))
    with pytest.raises(InputError, match="too few"):
        shapley_importance(run(values[:5], (1, 1)))
