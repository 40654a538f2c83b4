"""The kernels against values worked out by hand or by another library."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from qualipolis.methods.composite import Framework, Node
from qualipolis.methods.composite.impute import impute_columns
from qualipolis.methods.composite.means import tree_scores
from qualipolis.methods.composite.moments import skew_kurtosis
from qualipolis.methods.composite.normalise import Normalise, normalise_columns
from qualipolis.methods.composite.ranks import rank_descending
from qualipolis.methods.composite.treat import treat_rows

TREE = Framework((Node("a", parent="X", weight=3.0), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
WEIGHTS = np.array([3.0, 1.0, 1.0])


def test_skew_and_kurtosis_are_the_bias_corrected_ones() -> None:
    rows = np.random.default_rng(1).gamma(1.0, size=(5, 30))
    skew, kurtosis = skew_kurtosis(rows)
    np.testing.assert_allclose(skew, stats.skew(rows, axis=1, bias=False), rtol=1e-12)
    np.testing.assert_allclose(kurtosis, stats.kurtosis(rows, axis=1, bias=False), rtol=1e-12)


def test_skew_skips_what_is_missing_and_says_nothing_of_too_little() -> None:
    rows = np.array([[1.0, np.nan, 2.0, 9.0, 3.0], [1.0, 2.0, 3.0, np.nan, np.nan], [5.0, 5.0, 5.0, 5.0, 5.0]])
    skew, kurtosis = skew_kurtosis(rows)
    assert skew[0] == pytest.approx(stats.skew([1, 2, 9, 3], bias=False))
    assert np.isnan([skew[1:], kurtosis[1:]]).all()


def test_winsorising_moves_ties_together_and_counts_steps() -> None:
    row = np.array([[1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 60, 500]])
    done = treat_rows(row, 5, 2.0, 3.5, "none")
    assert done.winsorised.tolist() == [2]
    assert done.rows[0, -3:].tolist() == [13.0, 13.0, 13.0]


def test_winsorising_works_on_the_side_of_the_skew() -> None:
    row = -np.array([[1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 500]])
    assert treat_rows(row, 5, 2.0, 3.5, "none").rows[0, -1] == -14.0


def test_the_log_starts_from_the_original_column() -> None:
    row = np.exp(np.linspace(0, 8, 40))[None] ** 1.5
    done = treat_rows(row, 1, 2.0, 3.5, "log_ct")
    low, high = row.min(), row.max()
    assert done.transformed.tolist() == [True]
    np.testing.assert_allclose(done.rows, np.log(row - low + 0.01 * (high - low)))


def test_the_log_helps_a_column_skewed_to_the_left_where_the_reference_makes_it_worse() -> None:
    row = -(np.exp(np.linspace(0, 8, 40))[None] ** 1.5)
    before = abs(skew_kurtosis(row)[0][0])
    ours = treat_rows(row, 0, 2.0, 3.5, "log").rows
    theirs = treat_rows(row, 0, 2.0, 3.5, "log_ct").rows
    assert abs(skew_kurtosis(ours)[0][0]) < before < abs(skew_kurtosis(theirs)[0][0])
    assert (np.argsort(ours) == np.argsort(row)).all()


def test_a_column_of_two_values_is_not_made_constant() -> None:
    row = np.array([[0.0] * 20 + [1.0]])
    np.testing.assert_array_equal(treat_rows(row, 5, 2.0, 3.5, "log").rows, row)


@pytest.mark.parametrize(
    ("method", "expected"),
    [("arithmetic", [2.5, 6.0, 4.0]), ("geometric", [8**0.5, 6.0, 4.0]), ("harmonic", [4 / (3 / 2 + 1 / 4), 6.0, 4.0])],
)
def test_means_skip_what_is_missing_and_renormalise(method: str, expected: list[float]) -> None:
    x = np.array([[2.0, 4.0], [6.0, np.nan], [np.nan, 4.0]])
    if method == "geometric":
        expected = [(2**3 * 4) ** 0.25, 6.0, 4.0]
    scores = tree_scores(TREE, x, WEIGHTS, {"X": method}).scores["X"]
    np.testing.assert_allclose(scores, expected, rtol=1e-14)


def test_a_unit_without_any_value_has_no_score() -> None:
    assert np.isnan(tree_scores(TREE, np.full((1, 2), np.nan), WEIGHTS, {"X": "arithmetic"}).scores["X"]).all()


def test_too_small_a_share_of_children_gives_no_score() -> None:
    x = np.array([[2.0, 4.0], [6.0, np.nan]])
    scores = tree_scores(TREE, x, WEIGHTS, {"X": "arithmetic"}, min_share=0.6).scores["X"]
    assert scores[0] == 2.5
    assert np.isnan(scores[1])


def test_a_child_of_weight_zero_cannot_carry_a_score_alone() -> None:
    scores = tree_scores(TREE, np.array([[np.nan, 4.0]]), np.array([1.0, 0.0, 1.0]), {"X": "arithmetic"}).scores["X"]
    assert np.isnan(scores).all()


def test_it_says_which_replicate_and_node_were_not_positive() -> None:
    x = np.array([[[2.0, 4.0]], [[0.0, 4.0]]])
    tree = tree_scores(TREE, x, WEIGHTS, {"X": "geometric"})
    assert tree.bad.tolist() == [False, True]
    assert tree.culprits == ("a",)


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_a_batch_has_the_digits_of_single_runs(make_tree, method: str, missing: float) -> None:
    rng = np.random.default_rng(3)
    tree = make_tree(9, 3)
    x = rng.uniform(1, 100, (7, 20, 9))
    x[rng.random(x.shape) < missing] = np.nan
    weights = rng.uniform(0.5, 2, (7, len(tree.codes)))
    methods = dict.fromkeys(tree.aggregates, method)
    batch = tree_scores(tree, x, weights, methods).scores
    for r in range(7):
        one = tree_scores(tree, x[r], weights[r], methods).scores
        for code in tree.codes:
            np.testing.assert_array_equal(batch[code][r], one[code])


def test_ranks_share_the_best_place_of_a_tie_and_skip_the_next() -> None:
    scores = np.array([[1.0, 3.0, 3.0, np.nan, 2.0], [np.nan] * 5])
    assert rank_descending(scores).tolist() == [[4, 1, 1, 0, 3], [0] * 5]


def test_scores_that_differ_by_rounding_are_tied() -> None:
    scores = np.array([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.1])
    assert scores[0] != scores[1]
    assert rank_descending(scores, 1e-13).tolist() == [1, 1, 3]


def test_group_imputation_leaves_an_empty_group_missing() -> None:
    x = np.array([[1.0], [3.0], [np.nan], [np.nan]])
    groups = [np.array([True, True, True, False]), np.array([False, False, False, True])]
    np.testing.assert_array_equal(impute_columns(x, groups).ravel(), [1.0, 3.0, 2.0, np.nan])


def test_percentiles_run_over_those_present() -> None:
    out = normalise_columns(np.array([[5.0], [np.nan], [9.0], [7.0]]), [Node("a")], Normalise("percentile"))
    np.testing.assert_array_equal(out.ravel(), [0.0, np.nan, 100.0, 50.0])
