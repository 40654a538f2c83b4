"""Tolerance intervals hold what they promise, by simulation and by their own definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.tolerance import (
    exponential_tolerance,
    factor_one_sided,
    factor_two_sided,
    normal_tolerance,
    order_tolerance,
    smallest_n,
)

RUNS = 1500


@pytest.mark.parametrize("sides", ["two", "upper", "lower"])
@pytest.mark.parametrize("make", [normal_tolerance, order_tolerance])
def test_intervals_hold_the_share_as_often_as_they_promise(make, sides):
    from scipy.special import ndtr

    rng = np.random.default_rng(1)
    found = [make(rng.standard_normal(60), share=0.9, confidence=0.9, sides=sides) for _ in range(RUNS)]
    held = np.mean([ndtr(one.high) - ndtr(one.low) >= 0.9 for one in found])
    reached = found[0].confidence
    assert reached >= 0.9 and held == pytest.approx(reached, abs=4.5 * np.sqrt(0.09 / RUNS))


def test_exponential_limits_hold_the_share_as_often_as_they_promise():
    rng = np.random.default_rng(2)
    found = [exponential_tolerance(rng.exponential(1, 12), share=0.9, confidence=0.95) for _ in range(RUNS)]
    held = np.mean([1 - np.exp(-one.high) >= 0.9 for one in found])
    assert held == pytest.approx(0.95, abs=4.5 * np.sqrt(0.0475 / RUNS))


@given(st.integers(2, 400), st.floats(0.5, 0.995), st.floats(0.5, 0.995))
def test_more_share_more_confidence_and_fewer_values_need_wider_limits(n, share, confidence):
    k = factor_two_sided(n, share, confidence)
    assert k > factor_two_sided(n + 5, share, confidence)
    assert factor_two_sided(n, (1 + share) / 2, confidence) > k and factor_two_sided(n, share, (1 + confidence) / 2) > k
    assert factor_one_sided(n, share, confidence) < k or share < 0.6


@given(st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_one_value_less_than_the_smallest_number_is_not_enough(share, confidence):
    n = smallest_n(share, confidence)
    reached = [1 - m * share ** (m - 1) + (m - 1) * share**m for m in (n - 1, n)]
    assert reached[1] >= confidence - 1e-12 and (reached[0] < confidence + 1e-12 or n == 2)


@pytest.mark.parametrize(
    "make",
    [
        lambda: normal_tolerance([1.0]),
        lambda: normal_tolerance([1.0, np.nan]),
        lambda: normal_tolerance([1.0, 2.0], share=1.0),
        lambda: order_tolerance(np.arange(20.0)),
        lambda: exponential_tolerance([1.0, 2.0], sides="two"),
        lambda: exponential_tolerance([1.0, -2.0]),
    ],
)
def test_what_cannot_be_held_is_named(make):
    with pytest.raises(InputError) as refusal:
        make()
    assert all(problem.place for problem in refusal.value.problems)
