"""Comparisons: other formulas of the same thing agree, intervals hold what they promise, bad input is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc import comparison as c
from qualipolis.methods.spc.comparison.studentized import studentized_quantile, studentized_sf


def codes(error):
    return {(p.code, p.place) for p in error.value.problems}


def held(make, draws):
    """Return how often the interval of ``make`` holds 0 (or 1 for a ratio)."""
    return float(np.mean([make() for _ in range(draws)]))


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-50, 50))
def test_swapping_turns_a_difference_and_units_scale_it(seed, scale, shift):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(0, 1, 7), rng.normal(0.5, 2, 9)
    one, two = c.mean_difference(x, y), c.mean_difference(scale * y + shift, scale * x + shift)
    assert two.p == pytest.approx(one.p, rel=1e-6)
    assert (two.effect.value, two.effect.high) == pytest.approx(
        (-scale * one.effect.value, -scale * one.effect.low), rel=1e-6, abs=1e-6
    )
    ratio, turned = (c.variance_ratio(a, b) for a, b in ((x, y), (y, x)))
    assert turned.effect.high == pytest.approx(1 / ratio.effect.low) and turned.p == pytest.approx(ratio.p)


def test_two_groups_are_the_two_sample_tests():
    rng = np.random.default_rng(1)
    x, y = rng.normal(0, 1, 12), rng.normal(1, 2, 9)
    welch, plain = c.mean_difference(x, y), c.mean_difference(x, y, equal_variances=True)
    assert c.compare_means({"x": x, "y": y}).f == pytest.approx(welch.statistic**2)
    assert c.compare_means({"x": x, "y": y}, equal_variances=True).f == pytest.approx(plain.statistic**2)
    for equal, test in ((False, welch), (True, plain)):
        pair = c.compare_pairs({"y": y, "x": x}, equal_variances=equal)[0]
        assert (pair.p, pair.effect.low) == pytest.approx((test.p, test.effect.low), rel=1e-9)


def test_tukey_for_unequal_groups_agrees_with_another_program():
    rng = np.random.default_rng(2)
    groups = {"a": rng.normal(0, 1, 5), "b": rng.normal(1, 1, 8), "c": rng.normal(0.3, 1, 6), "d": rng.normal(0, 1, 7)}
    other = stats.tukey_hsd(*groups.values())
    names = list(groups)
    for pair in c.compare_pairs(groups, equal_variances=True):
        assert pair.p == pytest.approx(other.pvalue[names.index(pair.second), names.index(pair.first)], abs=1e-8)


def test_the_range_of_two_means_is_the_t_distribution_for_any_freedom():
    nu = np.array([1.0, 1.3, 2.5, 7.7, 60, 1e4])
    two_sided = 2 * stats.t.sf(2 / np.sqrt(2), nu)
    np.testing.assert_allclose(studentized_sf(2.0, 2, nu), two_sided, rtol=1e-9)
    assert float(studentized_sf(studentized_quantile(0.99, 7, 4.2), 7, 4.2)) == pytest.approx(0.01, rel=1e-9)


def test_signed_ranks_and_tables_agree_with_another_program():
    rng = np.random.default_rng(3)
    x, y = rng.normal(0, 1, 15), rng.normal(0.4, 1, 15)
    mine, other = c.signed_rank(x, y), stats.wilcoxon(x, y)
    assert mine.p == pytest.approx(other.pvalue) and min(mine.statistic, 120 - mine.statistic) == other.statistic
    tied = c.signed_rank(np.round(x, 1), np.round(y, 1))
    assert tied.conventions["p"] != "exact" and tied.effect.low <= tied.effect.value <= tied.effect.high
    table = [[20, 10, 5], [12, 15, 13]]
    assert c.table_test(table).p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)


def test_intervals_of_means_and_variances_hold_their_truth():
    rng = np.random.default_rng(4)

    def welch():
        e = c.mean_difference(rng.normal(0, 1, 6), rng.normal(0, 4, 12)).effect
        return e.low <= 0 <= e.high

    def robust():  # heavy tails, where the limits by F fail
        e = c.variance_ratio(rng.standard_t(5, 60), rng.standard_t(5, 60)).effect
        return e.low <= 1 <= e.high

    def shifted():
        e = c.rank_shift(rng.exponential(1, 12), rng.exponential(1, 15) + 1).effect
        return e.low <= -1 <= e.high

    assert 0.93 <= held(welch, 1500) <= 0.97
    assert 0.92 <= held(robust, 1000) <= 0.98
    assert 0.93 <= held(shifted, 600) <= 0.985


def test_intervals_of_shares_and_rates_hold_their_truth_summed_over_every_outcome():
    n, p, q = 20, 0.3, 0.15
    mass = np.outer(stats.binom.pmf(range(n + 1), n, p), stats.binom.pmf(range(n + 1), n, q))
    inside = np.zeros_like(mass)
    for x, y in np.ndindex(mass.shape):
        e = c.share_difference((x, n), (y, n)).effect
        inside[x, y] = e.low <= p - q <= e.high
    assert 0.93 <= float(np.sum(mass * inside)) <= 0.985
    rates = np.outer(stats.poisson.pmf(range(25), 6), stats.poisson.pmf(range(25), 4))
    exact = sum(
        rates[x, y]
        for x, y in np.ndindex(rates.shape)
        if x + y == 0 or (e := c.rate_ratio((x, 3.0), (y, 2.0)).effect).low <= 1 <= e.high
    )
    assert exact >= 0.95


def test_equivalence_is_shown_seldom_at_the_margin_and_often_inside():
    rng = np.random.default_rng(5)

    def shown(truth):
        return c.equivalence(rng.normal(truth, 1, 40), rng.normal(0, 1, 40), (-1, 1)).equivalent

    assert held(lambda: shown(1.0), 800) <= 0.075
    assert held(lambda: shown(0.0), 200) >= 0.95
    one_sided = c.equivalence([5.0, 5.2, 5.1, 4.9], [5.0, 5.1, 5.0, 5.0], (-0.5, np.inf))
    assert one_sided.equivalent and one_sided.p_high == 0


def test_few_false_discoveries_among_many_factors():
    rng = np.random.default_rng(6)
    share, power = [], []
    for _ in range(60):
        y = rng.normal(0, 1, 80)
        factors = {f"x{i}": rng.normal(0, 1, 80) for i in range(40)}
        factors |= {f"t{i}": y + rng.normal(0, 1.5, 80) for i in range(5)}
        factors["cavity"] = np.where(rng.random(80) < 0.5, "a", "b")
        found = c.screen(y, factors, alpha=0.1).found
        share.append(sum(not f.startswith("t") for f in found) / max(1, len(found)))
        power.append(sum(f.startswith("t") for f in found) / 5)
    assert np.mean(share) <= 0.13 and np.mean(power) > 0.95


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_keep_their_order_and_only_grow(p):
    for method in ("bh", "by", "holm"):
        q = c.adjusted(p, method)
        assert np.all(q >= np.asarray(p) - 1e-15) and np.all(q <= 1)
        assert np.all(np.diff(q[np.argsort(p, kind="stable")]) >= -1e-15)
    np.testing.assert_allclose(c.adjusted(p), stats.false_discovery_control(p), atol=1e-15)


def test_a_factor_that_cannot_be_tested_says_why():
    y = [1.0, 2.0, 3.0, 4.0, 5.0]
    found = c.screen(y, {"flat": [1, 1, 1, 1, 1], "each": list("abcde"), "good": [1, 2, 3, 4, 6]})
    assert found.found == ("good",) and [s.why != "" for s in found.suspects] == [False, True, True]


def test_components_come_back_on_average_from_an_unbalanced_study():
    rng = np.random.default_rng(7)
    found = []
    for _ in range(60):
        batch = np.repeat(np.arange(25), rng.integers(4, 9, 25))
        group = np.arange(len(batch)) // 2
        y = rng.normal(0, 2, 25)[batch] + rng.normal(0, 1, len(batch))[group] + rng.normal(0, 0.5, len(batch))
        names = [f"{b}-{g}" for b, g in zip(batch, group, strict=True)]
        found.append(list(c.variance_components(y, {"batch": batch, "group": names}, draws=10).variance.values()))
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(60)
    np.testing.assert_array_less(np.abs(mean - [4, 1, 0.25]), 4 * error + 0.01)


def test_limits_of_components_hold_their_truth():
    rng = np.random.default_rng(8)
    batch, hits = np.repeat(np.arange(12), 4), []
    for _ in range(300):
        y = rng.normal(0, 1, 12)[batch] + rng.normal(0, 1, 48)
        found = c.variance_components(y, {"batch": batch}, draws=1500)
        hits.append([low <= 1 <= high for low, high in found.intervals.values()])
    assert found.balanced and np.all(np.abs(np.mean(hits, axis=0) - 0.95) < 0.035)


def test_bad_samples_are_named_together():
    with pytest.raises(InputError) as error:
        c.variance_ratio([1.0], [2.0, np.inf, 3.0])
    assert codes(error) == {("few_values", "first"), ("not_finite", "second")}
    with pytest.raises(InputError) as error:
        c.mean_difference([1, 1, 1], [2, 2, 2])
    assert codes(error) == {("no_spread", "first")}
    with pytest.raises(InputError) as error:
        c.fisher_exact((5, 3), (1, -2))
    assert codes(error) == {("bad_count", "first"), ("bad_count", "second")}
    with pytest.raises(InputError) as error:
        c.screen([1, 2, 3], {"a": [1, 2], "b": [1, 2, 3]}, alpha=2)
    assert codes(error) == {("columns", "a"), ("bad_alpha", "alpha")}
