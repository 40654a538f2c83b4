"""Matched pairs: what they find where the truth is known, and what the raw differences say instead."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.outcomes import matched_difference
from qualipolis.methods.problems import InputError

EFFECT = 0.05
REPLICATES = 120


def firms(seed, n=900, batches=8, effect=EFFECT):
    """Firms of unequal quality; the worse the luck and quality before, the sooner they are treated."""
    rng = np.random.default_rng(seed)
    quality = rng.beta(8, 2, n)
    before = rng.binomial(batches, quality) / batches
    chance = 1 / (1 + np.exp(8 * (before - 0.62)))
    treated = rng.random(n) < chance
    lifted = np.clip(quality + effect * treated, 0, 1)
    after = rng.binomial(batches, lifted) / batches
    return before, after, treated


@pytest.fixture(scope="module")
def runs():
    return [firms(seed) for seed in range(REPLICATES)]


def test_the_difference_before_and_after_is_biased_by_regression_to_the_mean(runs):
    raw = np.mean([(after - before)[treated].mean() for before, after, treated in runs])
    assert raw > EFFECT + 0.07


def test_the_difference_to_all_untreated_is_biased_the_other_way(runs):
    raw = np.mean([after[treated].mean() - after[~treated].mean() for _before, after, treated in runs])
    assert raw < EFFECT - 0.03


def test_the_matched_difference_is_not_biased(runs):
    found = [matched_difference(after, treated, before[:, None]) for before, after, treated in runs]
    estimates = np.array([one.estimate for one in found])
    error = estimates.std(ddof=1) / np.sqrt(REPLICATES)
    assert abs(estimates.mean() - EFFECT) < 3 * error + 0.004
    covered = np.mean([one.low <= EFFECT <= one.high for one in found])
    assert 0.88 <= covered <= 0.995


def test_without_an_effect_it_finds_none_where_the_raw_one_finds_much():
    made = [firms(seed, effect=0.0) for seed in range(40)]
    raw = np.mean([(after - before)[treated].mean() for before, after, treated in made])
    matched = np.mean([matched_difference(after, treated, before[:, None]).estimate for before, after, treated in made])
    assert raw > 0.08 and abs(matched) < 0.01


def test_a_pair_shares_its_stratum_and_nobody_is_used_twice():
    rng = np.random.default_rng(3)
    x, keys = rng.normal(size=(60, 2)), [("a", "b", "c")[n % 3] for n in range(60)]
    treated = rng.random(60) < 0.35
    found = matched_difference(rng.normal(size=60), treated, x, keys)
    assert found.pairs and all(keys[i] == keys[j] and treated[i] and not treated[j] for i, j in found.pairs)
    assert len({j for _i, j in found.pairs}) == len(found.pairs)
    assert len(found.pairs) + len(found.unmatched) == found.treated


def test_it_leaves_out_whom_nobody_is_like():
    found = matched_difference([1, 1, 0, 0], [1, 1, 0, 0], [[0.0], [50.0], [0.1], [0.4]], caliper=0.1)
    assert found.pairs == ((0, 2),) and found.unmatched == (1,) and found.estimate is None


def test_the_pairs_have_the_smallest_sum_of_distances():
    """The nearest first would take 2 for 1.9 and leave 0 with 9."""
    found = matched_difference([0, 0, 0, 0], [1, 1, 0, 0], [[2.0], [3.0], [2.4], [1.0]], caliper=9)
    assert found.pairs == ((0, 3), (1, 2))


def test_it_prefers_a_pair_of_the_same_kind_but_gives_up_no_pair_for_it():
    x, kinds = [[2.0], [3.0], [2.1], [2.9]], ["a", "b", "b", "a"]
    found = matched_difference([0, 0, 0, 0], [1, 1, 0, 0], x, prefer=kinds, caliper=9)
    assert found.pairs == ((0, 3), (1, 2))
    alone = matched_difference([0, 0, 0, 0], [1, 1, 0, 0], x, prefer=["a", "a", "b", "b"], caliper=9)
    assert alone.pairs == ((0, 2), (1, 3))


def test_the_balance_says_what_was_unlike_and_what_is_left():
    before, after, treated = firms(5)
    row = matched_difference(after, treated, before[:, None], names=["share passed before"]).balance[0]
    assert row.name == "share passed before" and row.before < -0.5
    assert abs(row.after) <= 0.1 and row.verdict == "fine"


def test_a_covariate_that_does_not_vary_does_no_harm():
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.normal(size=40), np.ones(40)])
    found = matched_difference(rng.normal(size=40), np.arange(40) % 2 == 0, x)
    assert found.pairs and found.balance[1].after == 0.0


def test_it_refuses_what_it_cannot_compare_with_all_reasons_at_once():
    with pytest.raises(InputError) as refused:
        matched_difference([1.0, np.nan], [1, 1], [[1.0], [2.0]], caliper=0, names=["a", "b"], confidence=2)
    codes = {one.code for one in refused.value.problems}
    assert codes == {"missing", "one_group", "caliper", "names", "bad_confidence"}
