"""Borrowing strength: shrinkage, errors that hold, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.small_areas import beta_binomial, fay_herriot, hierarchy


def test_small_areas_are_drawn_further():
    fit = beta_binomial([0, 0, 30, 6, 2, 9, 40, 3], [3, 300, 300, 40, 40, 40, 300, 60])
    assert 0 < fit.estimate[1] < fit.estimate[0] < fit.mean
    assert (fit.low < fit.estimate).all()
    assert (fit.estimate < fit.high).all()


def test_an_area_without_cases_gets_the_prior():
    fit = beta_binomial([0, 1, 6, 9, 2, 0, 12, 0], [20, 20, 20, 20, 20, 20, 20, 0])
    assert fit.estimate[-1] == pytest.approx(fit.mean)
    assert np.isnan(fit.raw[-1])


def test_areas_that_differ_by_chance_alone_are_said_to():
    with pytest.raises(InputError) as refused:
        beta_binomial([10, 10, 10, 10, 10, 10], [100, 100, 100, 100, 100, 100])
    assert refused.value.problems[0].code == "no_spread"


def test_the_hierarchy_adds_the_doubt_about_the_prior():
    hits, cases = [0, 1, 6, 9, 2, 0, 12], [20] * 7
    fit, full = beta_binomial(hits, cases), hierarchy(hits, cases, points=120)
    plain = np.sqrt(fit.estimate * (1 - fit.estimate) / (fit.alpha + fit.beta + 21))
    assert full.sd.mean() > 0.98 * plain.mean()
    assert full.edge < 0.01


@pytest.mark.parametrize("method", ["reml", "ml", "fh", "pr"])
def test_the_mean_squared_error_is_that_of_repeated_areas(method):
    rng = np.random.default_rng(4)
    m, rounds = 40, 200
    x = np.stack([np.ones(m), rng.normal(0, 1, m)], axis=1)
    d, squared, told = np.tile([0.3, 1.0], m // 2), np.zeros(m), np.zeros(m)
    for _ in range(rounds):
        truth = x @ [2.0, 1.0] + rng.normal(0, 1, m)
        fit = fay_herriot(truth + rng.normal(0, np.sqrt(d)), d, x, method)
        squared += (fit.estimate - truth) ** 2
        told += fit.mse
    assert told.mean() == pytest.approx(squared.mean(), rel=0.08)
    assert squared.mean() / rounds < d.mean()


def test_it_refuses_areas_that_cannot_be_fitted():
    for y, d, x in (
        ([1, 2], [1, 1], None),
        ([1, 2, 3, 4], [1, 1, 0, 1], None),
        ([1, 2, 3, 4], [1, 1, 1, 1], [[1, 1]] * 4),
        ([1, 2, 3, 4], [1, 1, 1], None),
    ):
        with pytest.raises(InputError):
            fay_herriot(y, d, x)
    with pytest.raises(InputError):
        beta_binomial([3], [2])
