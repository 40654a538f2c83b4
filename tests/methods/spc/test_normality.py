"""Tests of normality keep their level, see what is there, and name what cannot be tested."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.normality import needed_for, normality

TESTS = ("anderson_darling", "cramer_von_mises", "lilliefors", "shapiro_wilk")


@pytest.mark.parametrize("n", [10, 50])
def test_normal_values_are_rejected_as_seldom_as_promised_and_skewed_ones_often(n):
    rng = np.random.default_rng(1)
    normal = [normality(rng.standard_normal(n)) for _ in range(800)]
    skewed = [normality(rng.exponential(1, n)) for _ in range(200)]
    for name in TESTS:
        level = np.mean([getattr(one, name).p < 0.05 for one in normal])
        assert level == pytest.approx(0.05, abs=0.025)
        assert np.mean([getattr(one, name).p < 0.05 for one in skewed]) > (0.9 if n == 50 else 0.2)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-50, 50))
def test_unit_and_order_do_not_matter(seed, scale, shift):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(30)
    one, two = normality(x), normality(rng.permutation(scale * x + shift))
    for name in TESTS:
        assert getattr(two, name).p == pytest.approx(getattr(one, name).p, rel=1e-4, abs=1e-6)
    assert two.correlation == pytest.approx(one.correlation)


def test_a_large_sample_has_no_shapiro_wilk_but_the_others():
    found = normality(np.random.default_rng(2).standard_normal(6000))
    assert found.shapiro_wilk is None and 0 <= found.anderson_darling.p <= 1 and found.correlation > 0.999


def test_few_values_see_little():
    assert needed_for(0.5) > 150 and needed_for(2.0) < 15


@pytest.mark.parametrize("bad", [np.arange(5.0), [1.0] * 10, [*range(9), np.nan]])
def test_what_cannot_be_tested_is_named(bad):
    with pytest.raises(InputError):
        normality(bad)
    with pytest.raises(InputError):
        needed_for(0)
