"""Intervals of independent cases."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.estimation.binomial import METHODS, binomial_interval, lot_interval, posterior


@pytest.mark.parametrize("method", METHODS)
def test_hits_and_misses_are_mirror_images(method):
    low, high = binomial_interval(np.arange(0, 21), 20, method=method)
    np.testing.assert_allclose(low, 1 - high[::-1], atol=1e-9)
    assert (np.diff(low) >= -1e-12).all()


def test_exact_bounds_hold_for_every_share():
    n, shares = 25, np.linspace(0.01, 0.99, 50)
    from scipy.stats import binom

    x = np.arange(n + 1)
    low, high = binomial_interval(x, n)
    for p in shares:
        assert binom.pmf(x, n, p)[(low <= p) & (p <= high)].sum() >= 0.95 - 1e-12


def test_a_whole_lot_leaves_no_doubt():
    assert lot_interval(3, 40, 40) == (0.075, 0.075)


def test_it_refuses_counts_that_are_none():
    for bad in ((5, 4), (-1, 4), (0, 0)):
        with pytest.raises(InputError):
            binomial_interval(*bad)
    with pytest.raises(InputError):
        lot_interval(0, 10, 5)
    with pytest.raises(InputError):
        posterior(0, 5, 0, 1)
    with pytest.raises(InputError):
        binomial_interval(1, 5, method="wald")
