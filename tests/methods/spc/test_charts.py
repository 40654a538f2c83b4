"""Control charts: what holds for all of them, and what varying sizes, missing points and frozen phases change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.charts import (
    c_chart,
    cusum_chart,
    deviation_chart,
    dispersion,
    ewma_chart,
    g_chart,
    individuals_chart,
    mewma_chart,
    moving_range_chart,
    np_chart,
    p_chart,
    range_chart,
    t2_chart,
    t_chart,
    u_chart,
    within_sigma,
    xbar_chart,
)
from qualipolis.methods.spc.charts.variables import Subgroups
from qualipolis.methods.spc.run_length import xbar_arl

SIGMAS = ("rbar", "rbar_mvlue", "sbar", "sbar_mvlue", "pooled_c4")
seeds = st.integers(0, 2**32 - 1)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("measure", SIGMAS)
def test_estimates_of_sigma_are_unbiased_also_with_varying_sizes(measure):
    data = rng(1).standard_normal((4000, 8, 6))
    data[:, ::2, 4:] = np.nan
    data[:, 1, 2:] = np.nan
    found = within_sigma(Subgroups(data), measure)
    assert found.mean() == pytest.approx(1, abs=4.5 * found.std() / np.sqrt(len(found)))


@given(seeds, st.floats(0.1, 50), st.floats(-100, 100), st.sampled_from(SIGMAS))
def test_a_change_of_units_moves_chart_and_signals_with_it(seed, scale, shift, measure):
    data = rng(seed).standard_normal((25, 4))
    one, two = xbar_chart(data, sigma=measure), xbar_chart(scale * data + shift, sigma=measure)
    np.testing.assert_allclose(two.upper, scale * one.upper + shift, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(two.z, one.z, atol=1e-8)


@given(seeds)
def test_a_batch_gives_the_charts_of_its_characteristics(seed):
    data = rng(seed).standard_normal((3, 30, 5))
    for make in (xbar_chart, range_chart, deviation_chart):
        together, alone = make(data), make(data[1])
        for part in ("values", "upper", "lower", "z"):
            np.testing.assert_allclose(getattr(together, part)[1], getattr(alone, part), rtol=1e-12)
    values = data.reshape(3, -1)
    for make in (individuals_chart, moving_range_chart, ewma_chart):
        np.testing.assert_allclose(make(values).values[1], make(values[1]).values, rtol=1e-12)
        np.testing.assert_allclose(make(values).upper[1], make(values[1]).upper, rtol=1e-12)
    np.testing.assert_allclose(cusum_chart(values).upper[1], cusum_chart(values[1]).upper, rtol=1e-12)


def test_a_point_with_fewer_values_has_wider_limits_and_an_empty_one_has_none():
    data = rng(2).standard_normal((10, 5))
    data[3, 2:], data[4] = np.nan, np.nan
    chart = xbar_chart(data)
    assert chart.upper[3] > chart.upper[0] and np.isnan(chart.values[4]) and np.isnan(chart.upper[4])
    assert not chart.signals("nelson").any[4]
    ranges = range_chart(data)
    assert ranges.center[3] < ranges.center[0] and np.isnan(ranges.values[4])


def test_a_frozen_phase_keeps_its_limits_whatever_comes_after():
    first = rng(3).standard_normal(60)
    phase = individuals_chart(first)
    later = individuals_chart(
        np.concatenate([first, 5 + first]), center=phase.center[0], std=phase.process_sigma, calibration=np.arange(60)
    )
    assert later.upper == pytest.approx(phase.upper) and later.beyond[60:].mean() > 0.9


def test_a_missing_value_breaks_the_moving_ranges_around_it():
    chart = moving_range_chart([1.0, 2.0, np.nan, 4.0, 6.0])
    np.testing.assert_array_equal(np.isnan(chart.values), [True, False, True, True, False])


@pytest.mark.parametrize("make", [np_chart, p_chart])
def test_shares_keep_between_nothing_and_all(make):
    chart = make([0, 1, 2, 0, 48], 50)
    assert np.all(chart.lower >= 0) and np.all(chart.upper <= (1 if make is p_chart else 50))


def test_probability_limits_of_counts_hold_what_they_promise():
    from scipy.stats import poisson

    chart = c_chart(rng(4).poisson(4, 50), center=4.0, confidence=0.9973)
    low, high = float(chart.lower.ravel()[0]), float(chart.upper.ravel()[0])
    assert poisson.cdf(high, 4) - poisson.cdf(low - 1, 4) >= 0.9973
    assert poisson.sf(high, 4) <= 0.00135 and poisson.cdf(low - 1, 4) <= 0.00135


def test_overdispersed_counts_have_wider_limits_with_the_chart_of_laney():
    rate = rng(5).beta(20, 80, 200)
    counts = rng(6).binomial(5000, rate)
    plain, prime = p_chart(counts, 5000), p_chart(counts, 5000, prime=True)
    assert plain.beyond.mean() > 0.5 and prime.beyond.mean() < 0.02
    assert dispersion(counts, 5000).p_over < 1e-10


def test_a_chart_of_constants_signals_nothing_and_divides_by_nothing():
    chart = individuals_chart(np.full(20, 3.0))
    assert np.all(np.isnan(chart.z)) and not chart.signals("nelson").any.any()


def test_the_head_start_of_a_cumulative_sum_is_lost_when_all_is_well():
    z = rng(7).standard_normal(200)
    plain, quick = (cusum_chart(z, head_start=h, center=0.0, std=1.0) for h in (0.0, 2.5))
    assert quick.upper[0] > plain.upper[0] and quick.upper[-1] == pytest.approx(plain.upper[-1])
    since = quick.since_upper[-1]
    assert since == 0 or quick.upper[-since - 1] == pytest.approx(0)


@given(seeds, st.floats(0, 1), st.floats(0, 4))
def test_cumulative_sums_are_those_of_the_recursion(seed, reference, head_start):
    z = rng(seed).standard_normal(60)
    chart = cusum_chart(z, reference=reference, decision=5, head_start=head_start, center=0.0, std=1.0)
    up = down = head_start
    for n, value in enumerate(z):
        up, down = max(0.0, up + value - reference), max(0.0, down - value - reference)
        assert chart.upper[n] == pytest.approx(up, abs=1e-9) and chart.lower[n] == pytest.approx(down, abs=1e-9)


def test_the_multivariate_chart_names_the_characteristic_to_blame():
    data = rng(9).standard_normal((60, 3)) @ np.array([[1, 0.8, 0], [0, 0.6, 0], [0, 0, 1]])
    data[50, 1] -= 6
    chart = t2_chart(data, calibration=np.arange(40))
    assert chart.beyond[50] and chart.parts[50].argmax() in (0, 1)
    assert chart.prediction > chart.limit


def test_a_multivariate_average_finds_a_small_shift():
    data = rng(13).standard_normal((200, 2))
    data[100:] += 0.8
    known = {"center": [0, 0], "covariance": np.eye(2)}
    chart = mewma_chart(data, weight=0.1, limit=8.64, **known)
    assert chart.beyond[100:].mean() > 0.7 and chart.beyond[:100].mean() < 0.05


def test_rare_events_that_come_too_often_are_seen_by_probability_limits():
    between = rng(11).geometric(0.01, 60)
    between[40:] = 1
    assert not np.any(g_chart(between).lower > 0)
    chart = g_chart(between, center=100.0, confidence=0.99)
    assert chart.beyond[40:].sum() == 0 or np.all(between[chart.beyond] != 100)
    times = t_chart(rng(12).exponential(3, 100))
    assert 0 <= float(times.lower[0]) < float(times.center[0]) < float(times.upper[0])


def test_run_lengths_of_the_mean_chart_are_those_of_the_books():
    assert xbar_arl(0.0) == pytest.approx(370.398, abs=5e-4)
    assert xbar_arl(1.0, 5) == pytest.approx(4.495, abs=5e-3)


@pytest.mark.parametrize(
    "make",
    [
        lambda: individuals_chart([1.0]),
        lambda: individuals_chart([1.0, np.inf]),
        lambda: individuals_chart([1.0, 2.0], sigma="best"),
        lambda: individuals_chart([1.0, 2.0], sigmas=0),
        lambda: individuals_chart([1.0, 2.0], confidence=1.5),
        lambda: individuals_chart([1.0, 2.0], calibration=[5]),
        lambda: moving_range_chart([1.0, 2.0], span=3),
        lambda: xbar_chart([[1.0], [2.0]]),
        lambda: xbar_chart([[1.0, np.nan], [2.0, np.nan]]),
        lambda: xbar_chart([[1.0, 2.0]], sigma="best"),
        lambda: xbar_chart([[1.0, 2.0]], std=0),
        lambda: p_chart([1, 9], [5, 5]),
        lambda: p_chart([1, -1], 5),
        lambda: p_chart([1, 1], [5, 0]),
        lambda: u_chart([1, 1], [1, 2, 3]),
        lambda: dispersion([0, 0], 5),
        lambda: g_chart([0, 3]),
        lambda: ewma_chart([1.0, 2.0], weight=0),
        lambda: cusum_chart([1.0, 2.0], decision=0),
        lambda: t2_chart([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [4.0, 8.0]]),
        lambda: t2_chart([[1.0, np.nan], [2.0, 4.0]]),
    ],
)
def test_bad_input_is_named_with_its_place(make):
    with pytest.raises(InputError) as refusal:
        make()
    assert all(problem.place and problem.what for problem in refusal.value.problems)
