"""Rates by domain, change between years, funnel limits and the power of a line say what they should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.rates import change, funnel_limits, power_of_line, rate_by_domain, trend


def test_it_estimates_the_share_of_the_population_not_of_the_sample():
    found = rate_by_domain([1, 1, 0, 0, 1, 1], ["a"] * 2 + ["b"] * 4, [1.0] * 6, sizes={"a": 90, "b": 10})
    assert float(found.estimates.estimate[0]) == pytest.approx(0.9 * 1 + 0.1 * 0.5) and found.covered == 1


def test_its_error_is_that_of_stratified_sampling_without_replacement():
    """Cochran (5A.9): sum (N_h/N)^2 (1 - n_h/N_h) p_h q_h/(n_h - 1)."""
    passed, strata = [1, 1, 1, 0, 1, 0, 1, 1], ["a"] * 4 + ["b"] * 4
    found = rate_by_domain(passed, strata, [1.0] * 8, sizes={"a": 40, "b": 20})
    expected = sum((n / 60) ** 2 * (1 - 4 / n) * 0.75 * 0.25 / 3 for n in (40, 20))
    assert float(found.estimates.se[0]) == pytest.approx(np.sqrt(expected))
    whole = rate_by_domain(passed, strata, [1.0] * 8, sizes={"a": 40, "b": 20}, finite=False)
    process = sum((n / 60) ** 2 * 0.75 * 0.25 / 3 for n in (40, 20))
    assert float(whole.estimates.se[0]) == pytest.approx(np.sqrt(process))


def test_units_without_a_final_result_count_as_missing_at_random_in_their_stratum():
    found = rate_by_domain([1, 0, 1], ["a", "a", "b"], [10, 10, 5], sizes={"a": 60, "b": 5})
    assert found.weights.tolist() == [30, 30, 5] and found.scaled


def test_weights_stay_as_they_are_where_the_population_is_unknown():
    found = rate_by_domain([1, 0, 1, 1], ["a", "a", "b", "b"], [10, 30, 5, 5], sizes={"a": 60})
    assert found.weights.tolist() == [10, 30, 5, 5] and not found.scaled and found.covered is None


def test_two_batches_of_one_firm_are_not_two_firms():
    args = ([1, 1, 0, 0, 1, 1, 1, 1], ["a"] * 8, [1.0] * 8)
    alone = rate_by_domain(*args).estimates
    pairs = rate_by_domain(*args, units=["p", "p", "q", "q", "r", "r", "s", "s"]).estimates
    assert pairs.se[0] > alone.se[0] and pairs.df[0] < alone.df[0]


def test_a_domain_without_a_failure_keeps_an_interval():
    found = rate_by_domain([1] * 20 + [0, 1, 1], ["a"] * 23, [10.0] * 23, sizes={"a": 230}, by=["x"] * 20 + ["y"] * 3)
    row = found.estimates["x"]
    assert row["estimate"] == 1 and row["high"] == 1 and 0.8 < row["low"] < 0.95 and "none_or_all" in row["reasons"]


def test_a_stratum_with_one_unit_is_estimated_all_the_same():
    found = rate_by_domain([1, 0, 1, 1], ["a", "b", "b", "b"], [9.0] * 4, sizes={"a": 9, "b": 27})
    assert np.isfinite(found.estimates.se[0]) and found.estimates.se[0] > 0


@pytest.mark.parametrize(
    "columns",
    [([], [], []), ([1], ["a"], [0]), ([1], ["a"], [float("nan")]), ([1, 0], ["a"], [1, 1])],
)
def test_it_refuses_what_is_no_sample(columns):
    with pytest.raises(InputError):
        rate_by_domain(*columns)


def test_limits_hold_the_stated_share_of_chance():
    n = np.array([12, 40, 150, 1000])
    low, high = funnel_limits(n, 0.94, 0.95)
    outside = binom.cdf(np.rint(low * n) - 1, n, 0.94) + binom.sf(np.rint(high * n), n, 0.94)
    assert (outside <= 0.05 + 1e-9).all() and outside[-1] > 0.03 and (np.diff(high - low) < 0).all()
    assert high[0] == 1  # twelve of twelve is nothing unusual at 94 %


def test_limits_meet_where_everything_passes_and_refuse_what_is_no_share():
    assert [ends.tolist() for ends in funnel_limits([5, 9], 1.0)] == [[1, 1], [1, 1]]
    for n, share in (([0], 0.9), ([5], 1.2)):
        with pytest.raises(InputError):
            funnel_limits(n, share)


def test_a_change_needs_more_than_two_different_numbers():
    assert not change((0.94, 0.92, 0.96), (0.93, 0.91, 0.95)).clear
    assert change((0.94, 0.93, 0.95), (0.90, 0.89, 0.91)).clear
    with pytest.raises(InputError):
        change((0.9, 0.95, 0.99), (0.9, 0.8, 0.95))


def test_a_change_from_a_year_without_a_failure_has_an_interval():
    found = change((1.0, 0.96, 1.0), (0.95, 0.9, 0.98))
    assert found.low < found.difference < found.high and found.high == pytest.approx(-0.05 + np.hypot(0.03, 0.04))


def test_a_trend_is_no_clearer_than_its_years():
    years = [2016, 2017, 2018, 2019]
    rising = [0.90, 0.92, 0.93, 0.95]
    assert trend(years, rising, [0.005] * 4).clear and not trend(years, rising, [0.05] * 4).clear
    scattered = trend(years, [0.90, 0.97, 0.88, 0.95], [0.002] * 4)
    assert scattered.scatter > 1 and not scattered.clear
    with pytest.raises(InputError):
        trend([2020, 2021], [0.9, 0.9], [0.1, 0.1])


def test_more_batches_tell_more():
    small, large = power_of_line(60, 0.94), power_of_line(600, 0.94, margin=0.01)
    assert small.margin > large.margin and (small.difference or 1) > large.difference and small.find < large.find
    assert large.n_for_margin > 600 and large.n_to_find == 59


def test_a_line_of_few_batches_finds_no_difference():
    assert power_of_line(3, 0.94).difference is None and power_of_line(0, 0.94).margin is None


def test_a_design_effect_costs_batches():
    plain, costly = power_of_line(200, 0.94, margin=0.03), power_of_line(200, 0.94, margin=0.03, deff=1.5)
    assert costly.effective == pytest.approx(200 / 1.5) and costly.n_for_margin > plain.n_for_margin


@pytest.mark.parametrize(("failed", "n", "rate"), [(97, 1951, 4.97), (379, 4953, 7.65)])
def test_it_gives_the_rates_of_real_notices(failed, n, rate):
    """A city's notices of 2020 and 2022: 97 of 1,951 and 379 of 4,953 batches nonconforming."""
    from qualipolis.methods.sampling.estimation.binomial import binomial_interval

    assert round(100 * failed / n, 2) == rate
    low, high = binomial_interval(failed, n)
    assert low < failed / n < high and high - low < 0.02


def test_two_real_years_differ_by_more_than_chance():
    from qualipolis.methods.sampling.estimation.binomial import binomial_interval

    years = []
    for failed, n in ((97, 1951), (379, 4953)):
        low, high = binomial_interval(n - failed, n)
        years.append((1 - failed / n, float(low), float(high)))
    found = change(*years)
    assert found.clear and found.difference == pytest.approx(-0.0268, abs=1e-4)
