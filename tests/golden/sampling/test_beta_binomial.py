"""The rats of Bayesian Data Analysis: empirical Bayes and the full hierarchy."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.golden.sampling.survey_data import FOLDER

from qualipolis.methods.sampling.small_areas import beta_binomial, hierarchy


@pytest.fixture(scope="module")
def case(shared):
    return json.loads((FOLDER / "beta_binomial.json").read_text())


def test_it_agrees_with_the_reference_by_empirical_bayes(case):
    assert set(case) == {"name", "data", "empirical_bayes_mle", "hierarchical_grid", "tol"}
    found, expected = beta_binomial(*np.array(case["data"]).T), case["empirical_bayes_mle"]
    for name in ("alpha", "beta", "loglik", "mean", "rho"):
        assert getattr(found, name) == pytest.approx(expected[name], rel=1e-5), name
    np.testing.assert_allclose(found.estimate, expected["post_mean"], rtol=1e-5)
    np.testing.assert_allclose(np.stack([found.low, found.high], axis=1), expected["ci95"], rtol=1e-5)


def test_it_agrees_with_the_reference_by_the_hierarchy(case):
    found = hierarchy(*np.array(case["data"]).T, logit_mean=(-4.5, 0.5), log_size=(-1, 9))
    expected = case["hierarchical_grid"]
    for name, key in (("alpha", "E_alpha"), ("beta", "E_beta"), ("mean", "E_mean")):
        assert getattr(found, name) == pytest.approx(expected[key], rel=2e-3), name
    np.testing.assert_allclose(found.estimate, expected["post_mean"], rtol=2e-3)
    np.testing.assert_allclose(found.sd, expected["post_sd"], rtol=2e-3)
    assert found.edge < 1e-6
