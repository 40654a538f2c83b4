"""Who is surely above whom: places, pairs, tiers, classes, and how steady the ends of the intervals are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite import CITY_PIPELINE, CompositeResult, Framework, RankIntervals
from qualipolis.methods.composite.ranks import rank_descending
from qualipolis.methods.composite.sensitivity.pairwise import above, acceptability, chance_above
from qualipolis.methods.composite.sensitivity.tiers import significance_classes, tiers
from qualipolis.methods.problems import InputError


@pytest.fixture
def intervals(framework: Framework, make_towns) -> RankIntervals:
    result: CompositeResult = CITY_PIPELINE.run(framework, make_towns(missing=0.1))
    return result.uncertainty(400, nodes=("index",))


def drawn(seed: int, units: int = 5, missing: float = 0.1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    scores = np.round(rng.normal(size=(60, units)) + np.arange(units), 1)
    scores[rng.random(scores.shape) < missing] = np.nan
    return rank_descending(scores).astype(np.uint32)


@given(st.integers(0, 10**6))
def test_pairs_agree_with_counting_and_places_sum_to_one(seed: int) -> None:
    ranks = drawn(seed)
    table, places = above(ranks), acceptability(ranks)
    for a in range(5):
        for b in range(5):
            assert table[a, b] == pytest.approx(chance_above(ranks, a, b))
    np.testing.assert_allclose(places.sum(axis=1), 1.0)
    assert ((table + table.T <= 1 + 1e-12) | np.eye(5, dtype=bool)).all()


@given(st.integers(0, 10**6))
def test_the_order_of_units_does_not_matter(seed: int) -> None:
    ranks = drawn(seed)
    order = np.random.default_rng(seed).permutation(5)
    np.testing.assert_array_equal(above(ranks[:, order]), above(ranks)[np.ix_(order, order)])
    np.testing.assert_array_equal(acceptability(ranks[:, order]), acceptability(ranks)[order])


def test_a_unit_never_ranked_has_no_probability() -> None:
    ranks = np.array([[1, 0], [1, 0]], dtype=np.uint32)
    assert np.isnan(above(ranks)[0, 1])
    assert np.isnan(acceptability(ranks)[1]).all()


def test_units_of_different_classes_are_told_apart_and_tiers_only_from_the_first() -> None:
    """Scores 0, 1, ... with unit noise: neighbours are unsure, far ones sure."""
    rng = np.random.default_rng(0)
    scores = np.array([9.0, 8.8, 4.0, 3.0, 2.0, -4.0]) + rng.normal(size=(3000, 6))
    ranks = rank_descending(scores).astype(np.uint32)
    table = above(ranks)
    classes = significance_classes(range(6), table)
    assert classes == {0: 1, 1: 1, 2: 2, 3: 2, 4: 2, 5: 3}
    for a in range(6):
        for b in range(6):
            assert classes[a] >= classes[b] or table[a, b] >= 0.95
    assert tiers(range(6), ranks)[5] == 3


def test_methods_of_the_intervals_agree_with_their_parts(intervals: RankIntervals) -> None:
    ranks = intervals.replicate_ranks[:, 0]
    a, b = intervals.units[0], intervals.units[1]
    assert intervals.probability_above(a, b, "index") == pytest.approx(intervals.pairwise("index")[0, 1])
    np.testing.assert_allclose(
        intervals.acceptability("index")[:, :3].sum(axis=1), intervals.rank_probability_at_most(3, "index")
    )
    np.testing.assert_allclose(intervals.rank_variance("index"), ranks.astype(float).var(axis=0, ddof=1))
    assert intervals.variance_share("index").sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(intervals.median_rank("index"), np.median(ranks, axis=0))
    assert set(intervals.tiers("index")) == set(range(1, intervals.tiers("index").max() + 1))
    assert intervals.classes("index").min() == 1
    with pytest.raises(InputError):
        intervals.probability_above("zzz", b, "index")


def test_the_error_of_the_ends_falls_with_the_number_of_replicates(framework: Framework, make_towns) -> None:
    result = CITY_PIPELINE.run(framework, make_towns(units=30))
    few, many = (result.uncertainty(n, nodes=("index",)) for n in (200, 6400))
    assert many.end_errors("index").mean() < 0.5 * few.end_errors("index").mean()
    with pytest.raises(InputError):
        few.end_errors("index", batches=100)
