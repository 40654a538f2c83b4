"""The transforms by hand, by closed form and by another library."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from qualipolis.methods.composite.moments import skew_kurtosis
from qualipolis.methods.composite.transforms import TRANSFORMS, boxcox, likeliest, ln, log_gii, transformed, unfit

X = np.array([0.0, 2.0, 8.0, np.nan, 18.0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("log", np.log(X + 0.18)),
        ("log_ct", np.log(X + 0.18)),
        ("log_ct_plus", np.log(X + 0.18)),
        ("log_ct_orig", np.log(X + 1)),
        ("log_gii", np.log(17 * X / 18 + 1)),
        ("boxcox", 2 * (np.sqrt(X + 1) - 1)),
    ],
)
def test_each_has_its_formula(name: str, expected: np.ndarray) -> None:
    np.testing.assert_allclose(transformed(X[None], name, power=0.5)[0], expected, rtol=1e-14)


def test_the_mirror_turns_a_left_tail_round() -> None:
    np.testing.assert_allclose(transformed(-X[None], "log")[0], -np.log(X + 0.18), rtol=1e-14)
    np.testing.assert_allclose(transformed(-X[None], "log_ct")[0], np.log(18 - X + 0.18), rtol=1e-13)


def test_the_log_of_the_gii_is_computed_and_the_reference_s_is_not() -> None:
    """D1: log_GII() of the reference returns its argument."""
    np.testing.assert_allclose(log_gii(X), [0.0, np.log(17 / 9 + 1), np.log(76 / 9 + 1 - 8 / 9), np.nan, np.log(18)])
    np.testing.assert_array_equal(log_gii(X, compat="coinr-1.1.14"), X)


def test_a_logarithm_that_would_turn_the_order_round_or_does_not_exist_is_missing() -> None:
    rows = np.array([[0.1, 0.2, 0.9], [1.0, 3.0, 9.0]])
    assert unfit(rows, "log_gii").tolist() == [True, False]
    assert np.isnan(log_gii(rows)).tolist() == [[True] * 3, [False] * 3]
    assert unfit(rows - 0.1, "ln").tolist() == [True, False]
    assert np.isnan(ln(rows - 0.1)).tolist() == [[True] * 3, [False] * 3]


@pytest.mark.parametrize("name", TRANSFORMS)
def test_nothing_is_ever_infinite(name: str) -> None:
    rows = np.array([[4.0] * 6, [-3.0, 0.0, 1.0, 1.0, 2.0, np.nan], [np.nan] * 6])
    assert not np.isinf(transformed(rows, name)).any()


@pytest.mark.parametrize("scale", [1.0, -3.0, 1000.0])
def test_the_likeliest_power_is_that_of_another_library(scale: float) -> None:
    rows = np.random.default_rng(4).gamma(1.5, size=(4, 50)) * scale
    ours = likeliest(rows)
    for row, power in zip(rows, ours, strict=True):
        theirs = stats.boxcox_normmax(row - row.min() + 1, method="mle", brack=(-1, 2))
        assert power == pytest.approx(theirs, abs=1e-5)


def test_the_likeliest_power_makes_a_lognormal_column_symmetric() -> None:
    row = np.exp(np.random.default_rng(0).normal(size=(1, 400)) * 1.5)
    assert abs(skew_kurtosis(boxcox(row))[0][0]) < 0.3 < 5 < skew_kurtosis(row)[0][0]
    assert boxcox(np.array([4.0, 4.0])).tolist() == [0.0, 0.0]
