"""The median of waiting times and the Gini coefficient."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.outcomes import gini, median_wait
from qualipolis.methods.problems import InputError


def limits(days, ended, z=1.959963984540054):
    """Each day with the limits of the share still waiting, on the scale log(-log), one day after the other."""
    share, total = 1.0, 0.0
    for day in sorted({one for one, over in zip(days, ended, strict=True) if over}):
        at_risk = sum(one >= day for one in days)
        gone = sum(one == day and over for one, over in zip(days, ended, strict=True))
        share *= 1 - gone / at_risk
        if at_risk == gone:
            yield day, 0.0, 0.0
            continue
        total += gone / (at_risk * (at_risk - gone))
        half = z * np.sqrt(total) / abs(np.log(share))
        yield day, share ** np.exp(half), share ** np.exp(-half)


@pytest.mark.parametrize("seed", range(6))
def test_the_bounds_are_where_the_limits_of_the_curve_cross_a_half(seed):
    rng = np.random.default_rng(seed)
    true, cut = rng.weibull(1.3, 60) * 20, rng.uniform(5, 60, 60)
    days, ended = np.round(np.minimum(true, cut), 1), true <= cut
    curve = list(limits(days, ended))
    found = median_wait(days, ended)
    assert found.low == next(day for day, low, _high in curve if low <= 0.5)
    assert found.high == next((day for day, _low, high in curve if high < 0.5), None)


def test_it_finds_the_published_median_of_the_leukaemia_data():
    """Time in remission, maintained group (Miller 1981): 31 weeks."""
    weeks = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
    assert median_wait(weeks, [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]).median == 31


def test_what_still_waits_makes_the_median_longer():
    assert median_wait([2, 3, 4, 30, 40], [1, 1, 1, 0, 0]).median == 4
    assert median_wait([2, 3, 4], [1, 1, 1]).median == 3


def test_a_bound_that_was_not_seen_is_open():
    found = median_wait([3, 9, 9, 9, 9], [1, 0, 0, 0, 0])
    assert (found.median, found.high, found.n, found.ended) == (None, None, 5, 1)
    assert median_wait([], []).n == 0


def test_it_refuses_a_negative_wait():
    with pytest.raises(InputError):
        median_wait([-1], [1])


def test_the_interval_covers_the_true_median():
    rng = np.random.default_rng(8)
    inside = 0
    for _ in range(300):
        days, cut = rng.exponential(10, 60), rng.uniform(5, 60, 60)
        found = median_wait(np.minimum(days, cut), days <= cut)
        inside += (found.low or 0) <= 10 * np.log(2) <= (found.high or np.inf)
    assert 0.92 <= inside / 300 <= 0.99


@pytest.mark.parametrize(
    ("values", "wanted"), [([5], 0.0), ([1, 1, 1, 1], 0.0), ([0, 0, 0, 8], 0.75), ([1, 2, 3], 2 / 9)]
)
def test_gini_is_the_mean_difference_over_twice_the_mean(values, wanted):
    x = np.array(values, dtype=float)
    direct = np.abs(x[:, None] - x).mean() / (2 * x.mean())
    assert gini(values) == pytest.approx(wanted) == pytest.approx(direct)


def test_gini_of_nothing_is_not_a_number_and_of_debts_refused():
    assert np.isnan(gini([0, 0]))
    for bad in ([], [-1, 2], [float("nan")]):
        with pytest.raises(InputError):
            gini(bad)
