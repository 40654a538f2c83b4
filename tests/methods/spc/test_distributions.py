"""Fits are at the top of the likelihood, keep the laws of scale, and their p-values and limits are what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.distributions import (
    FAMILIES,
    Fitted,
    choose,
    fit,
    fit_johnson,
    fit_power,
    goodness,
    two_populations,
)
from qualipolis.methods.spc.distributions.goodness import _standard, tail

TRUE = {
    "normal": [3, 2, 0], "lognormal": [0, 0.4, 0], "weibull": [1, 0.6, 0], "gamma": [2, 2, 0], "logistic": [0, 1, 0],
    "loglogistic": [0, 0.3, 0], "exponential": [0, 1, 0], "rayleigh": [0, 0.5, 0], "folded_normal": [1.5, 1, 0],
    "smallest_extreme": [2, 1, 0], "largest_extreme": [-1, 1, 0], "weibull_3": [0, 0.4, 5], "lognormal_3": [0, 0.5, 5],
    "gamma_3": [4, 1, 5], "loglogistic_3": [0, 0.3, 5], "exponential_2": [0, 1, 5],
}  # fmt: skip


def law(name):
    return Fitted(FAMILIES[name], np.array(TRUE[name], dtype=float), np.zeros((3, 3)), 0.0, 0)


@pytest.mark.parametrize("name", FAMILIES)
def test_it_finds_the_law_the_values_come_from(name):
    truth = law(name)
    found = fit(truth.sample(4000, np.random.default_rng(11)), name)
    np.testing.assert_allclose(
        found.quantile([0.05, 0.5, 0.95]), truth.quantile([0.05, 0.5, 0.95]), rtol=0.08, atol=0.05
    )
    assert goodness(found.sample(500, np.random.default_rng(1)), found).correlation > 0.99


@pytest.mark.parametrize("name", FAMILIES)
def test_its_functions_belong_together(name):
    truth = law(name)
    p = np.array([1e-6, 0.00135, 0.3, 0.5, 0.9, 0.99865])
    x = truth.quantile(p)
    np.testing.assert_allclose(truth.distribution(x), p, rtol=1e-7)
    np.testing.assert_allclose(truth.survival(x), 1 - p, rtol=1e-7)
    step = 1e-5 * np.ptp(x)
    middle = x[2:5]
    slope = (truth.distribution(middle + step) - truth.distribution(middle - step)) / (2 * step)
    np.testing.assert_allclose(slope, truth.density(middle), rtol=1e-5)


@given(st.sampled_from(["normal", "weibull", "gamma", "lognormal", "folded_normal", "loglogistic", "rayleigh"]),
       st.floats(1e-3, 1e3), st.integers(0, 50))  # fmt: skip
def test_a_change_of_unit_changes_nothing_but_the_unit(name, unit, seed):
    x = law("weibull").sample(40, np.random.default_rng(seed)) + 0.01
    one, two = fit(x, name), fit(unit * x, name)
    np.testing.assert_allclose(two.quantile([0.01, 0.5, 0.99]), unit * one.quantile([0.01, 0.5, 0.99]), rtol=1e-6)


@given(st.sampled_from(sorted(set(FAMILIES) - {"exponential_2"})), st.integers(0, 50))
def test_no_neighbour_is_likelier(name, seed):
    x = law(name).sample(60, np.random.default_rng(seed))
    try:
        found = fit(x, name)
    except InputError as error:
        assert error.problems[0].code == "no_top" and name.endswith("_3")
        return
    for place in range(3):
        for step in (-1e-3, 1e-3):
            if found.covariance[place, place] > 0:
                p = found.inner.copy()
                p[place] += step * np.sqrt(found.covariance[place, place])
                assert found.family.log_density(x, p).sum() <= found.likelihood + 1e-7
    assert found.family.log_density(x, found.inner).sum() == pytest.approx(found.likelihood, rel=1e-9)


def test_the_law_of_the_statistic_is_the_one_of_the_tables():
    tables = {
        ("normal", (True, True)): {0.25: 0.470, 0.1: 0.631, 0.05: 0.752, 0.01: 1.035},
        ("smallest_extreme", (True, True)): {0.25: 0.474, 0.1: 0.637, 0.05: 0.757, 0.01: 1.038},
        ("exponential", (True, False)): {0.25: 0.736, 0.1: 1.062, 0.05: 1.321, 0.01: 1.959},
        ("normal", (False, False)): {0.05: 2.492, 0.01: 3.857},
    }
    for (name, free), points in tables.items():
        for p, statistic in points.items():
            assert tail(statistic, _standard(name, free)) == pytest.approx(p, rel=0.06)


@pytest.mark.parametrize("name", ["weibull", "logistic", "exponential", "largest_extreme"])
def test_its_p_values_are_even_under_its_own_law(name):
    truth, rng = law(name), np.random.default_rng(5)
    p = np.array([goodness(x, fit(x, name)).p for x in (truth.sample(60, rng) for _ in range(300))])
    for level in (0.05, 0.25, 0.5):
        assert np.mean(p < level) == pytest.approx(level, abs=3.5 * np.sqrt(level * (1 - level) / 300))


def test_given_parameters_stay_as_given():
    x = law("weibull").sample(50, np.random.default_rng(2))
    found = fit(x, "weibull", {"shape": 2.0})
    assert found.parameters["shape"] == pytest.approx(2.0) and found.estimated == 1
    assert found.parameters["scale"] == pytest.approx(np.sqrt(np.mean(x**2)), rel=1e-8)


def test_what_cannot_be_fitted_is_refused_with_every_problem():
    with pytest.raises(InputError) as refused:
        fit([1, 1, 1], "weibull", {"size": 2, "shape": -1})
    assert {p.code for p in refused.value.problems} == {"unknown_parameter", "bad_parameter", "no_spread"}
    for values, name, code in (([-1, 2, 3], "gamma", "out_of_range"), ([1, 2], "normal", "few_values"),
                               ([1, 2, np.inf], "normal", "few_values"), ([1, 2, 3], "cauchy", "unknown_family")):  # fmt: skip
        with pytest.raises(InputError) as refused:
            fit(values, name)
        assert refused.value.problems[0].code == code


def test_the_exponent_of_a_power_law_lies_in_its_interval():
    rng, held = np.random.default_rng(3), 0
    for _ in range(200):
        found = fit_power((1 + 0.1 * rng.normal(0, 1, 80)) ** 5)
        held += found.low <= 0.2 <= found.high
    assert held / 200 > 0.90
    assert found.back(found.transform([0.5, 2.0])) == pytest.approx([0.5, 2.0])


@pytest.mark.parametrize("way", ["quantiles", "moments", "search"])
def test_johnson_curves_carry_there_and_back(way):
    for make in (lambda r: r.gamma(2, 1, 400), lambda r: r.beta(2, 3, 400), lambda r: r.standard_t(5, 400)):
        x = make(np.random.default_rng(8))
        curve = fit_johnson(x, way)
        inside = x[np.isfinite(curve.transform(x))]
        np.testing.assert_allclose(curve.back(curve.transform(inside)), inside, rtol=1e-7, atol=1e-7)
        np.testing.assert_allclose(curve.quantile([0.1, 0.5, 0.9]), np.quantile(x, [0.1, 0.5, 0.9]), atol=0.3)


def test_the_first_adequate_one_is_taken_in_the_stated_order():
    x = np.random.default_rng(6).normal(100, 1, 150)
    found = choose(x, every=True)
    assert found.chosen.name == "normal"
    assert max(c.goodness.p for c in found.tried if c.adequate) >= found.tried[0].goodness.p
    skewed = choose(np.random.default_rng(6).weibull(1.5, 300), bound="zero")
    assert skewed.chosen.name in skewed.order and not skewed.tried[0].adequate


def test_two_populations_are_split_before_anything_is_chosen():
    rng = np.random.default_rng(9)
    found = choose(np.concatenate([rng.normal(0, 1, 200), rng.normal(5, 1, 100)]))
    assert found.chosen is None and found.mixture.mixed
    assert found.mixture.weights == pytest.approx((2 / 3, 1 / 3), abs=0.06)
    wrong = sum(two_populations(rng.gamma(3, 1, 200), [fit(rng.gamma(3, 1, 200), "gamma")]).mixed for _ in range(20))
    assert wrong == 0


def test_large_samples_are_judged_by_plot_and_tails():
    rng = np.random.default_rng(10)
    assert choose(np.round(rng.normal(0, 10, 20000))).chosen.name == "normal"
    assert choose(rng.standard_t(3, 5000), order=("normal",)).chosen is None
