"""Outranking and Copeland against the plain formula, pair by pair."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualipolis.methods.composite import copeland, dominant_pairs, mazziotta_pareto, outranking_matrix
from qualipolis.methods.problems import InputError

NAN = float("nan")


def pair_by_pair(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    out = np.zeros((len(x), len(x)))
    for i, mine in enumerate(x):
        for j, theirs in enumerate(x):
            both = ~np.isnan(mine) & ~np.isnan(theirs)
            points = np.where(mine == theirs, 0.5, mine > theirs)
            if i != j:
                out[i, j] = (w * points)[both].sum() / w[both].sum() if both.any() else np.nan
    return out


def table(units: int, children: int, missing: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 7, (units, children)).astype(float)
    x[rng.random(x.shape) < missing] = np.nan
    return x, rng.integers(1, 9, children) / 4


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("children", [1, 4, 13])
def test_it_is_the_formula_pair_by_pair(missing: float, children: int) -> None:
    x, w = table(23, children, missing)
    expected = pair_by_pair(x, w)
    np.testing.assert_allclose(outranking_matrix(x, w), expected, rtol=1e-12, atol=1e-12)
    signs = np.sign(np.round(np.nan_to_num(expected, nan=0.5) - 0.5, 12))
    np.fill_diagonal(signs, 0)
    wins = np.where(np.isnan(x).all(axis=1), np.nan, signs.sum(axis=1))
    np.testing.assert_array_equal(copeland(x, w), wins)


def test_large_tables_in_several_blocks_have_the_same_digits() -> None:
    x, w = table(700, 3, 0.1)
    better = outranking_matrix(x, w)
    np.fill_diagonal(better, 0.5)
    verdict = np.sign(np.round(np.nan_to_num(better, nan=0.5) - 0.5, 12)).sum(axis=1)
    np.testing.assert_array_equal(copeland(x, w), np.where(np.isnan(x).all(axis=1), np.nan, verdict))


def test_what_is_missing_does_not_depend_on_the_order_of_rows_as_in_the_reference() -> None:
    x = np.array([[3.0, NAN], [2.0, 5.0], [1.0, 4.0]])
    forward, back = outranking_matrix(x, [1.0, 1.0]), outranking_matrix(x[::-1], [1.0, 1.0])
    np.testing.assert_array_equal(forward, back[::-1, ::-1])
    assert forward[0].tolist() == [0.0, 1.0, 1.0]
    assert copeland(x, [1.0, 1.0]).tolist() == [2.0, 0.0, -2.0]


def test_units_without_a_common_indicator_say_nothing_of_each_other() -> None:
    x = np.array([[1.0, NAN], [NAN, 1.0], [NAN, NAN]])
    assert np.isnan(outranking_matrix(x, [1.0, 1.0])[0, 1])
    np.testing.assert_array_equal(copeland(x, [1.0, 1.0]), [0.0, 0.0, NAN])


def test_an_even_split_of_weights_that_do_not_add_up_in_binary_is_a_tie() -> None:
    x = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert copeland(x, [0.1, 0.2, 0.3]).tolist() == [0.0, 0.0]


def test_a_unit_with_nothing_but_weightless_values_has_no_score() -> None:
    x = np.array([[NAN, 1.0], [2.0, NAN], [1.0, 5.0]])
    np.testing.assert_array_equal(copeland(x, [1.0, 0.0]), [NAN, 1.0, -1.0])
    np.testing.assert_array_equal(copeland(x, [[1.0, 0.0], [0.0, 1.0]]), [[NAN, 1.0, -1.0], [-1.0, NAN, 1.0]])


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0], [1.0, NAN]])
@pytest.mark.parametrize("function", [copeland, outranking_matrix, mazziotta_pareto])
def test_weights_that_do_not_fit_are_refused(function, weights: list[float]) -> None:
    with pytest.raises(InputError):
        function([[1.0, 2.0], [3.0, 4.0]], weights)


def test_dominant_pairs_are_those_decided_by_all() -> None:
    assert dominant_pairs(outranking_matrix([[1.0, 2.0], [0.0, 1.0], [0.0, 3.0]], [1.0, 5.0])) == (1, 1 / 3)
    assert dominant_pairs(np.zeros((1, 1))) == (0, 0.0)


@pytest.mark.parametrize("children", [3, 13])
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_a_batch_has_the_digits_of_single_runs(children: int, missing: float) -> None:
    x, _ = table(40, children, missing)
    weights = np.random.default_rng(2).uniform(0.2, 2.0, (6, children))
    batch = copeland(x, weights)
    values = np.stack([np.roll(x, r, axis=0) for r in range(6)])
    moved = copeland(values, weights)
    for r, w in enumerate(weights):
        np.testing.assert_array_equal(batch[r], copeland(x, w))
        np.testing.assert_array_equal(moved[r], copeland(values[r], w))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 4).map(float) | st.just(NAN), min_size=3, max_size=3), min_size=2, max_size=8),
    st.floats(0.01, 100),
    st.randoms(use_true_random=False),
)
def test_order_of_units_scale_of_weights_and_monotone_changes_are_nothing(rows, factor: float, random) -> None:
    x, w = np.array(rows), np.array([1.0, 2.0, 4.0])
    order = list(range(len(x)))
    random.shuffle(order)
    out = copeland(x, w)
    np.testing.assert_array_equal(out[order], copeland(x[order], w))
    np.testing.assert_array_equal(out, copeland(np.exp(x), w * factor))
    assert np.nansum(out) == 0
    both = outranking_matrix(x, w) + outranking_matrix(x, w).T
    np.testing.assert_allclose(both[~np.isnan(both) & ~np.eye(len(x), dtype=bool)], 1.0)


def test_three_thousand_units_take_no_more_than_two_seconds() -> None:
    x = np.random.default_rng(0).normal(size=(3000, 8))
    began = time.process_time()
    scores = copeland(x, np.ones(8))
    assert time.process_time() - began < 2.0
    assert scores.sum() == 0
    assert np.abs(scores).max() < 3000
