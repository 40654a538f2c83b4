"""The prior, its posterior, and the edges: one pair, nothing reported, weights of 0 and 1, tiny and huge counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.disproportionality import (
    Posterior,
    Tables,
    Theta,
    bcpnn,
    count_pairs,
    disproportionality,
    fit_theta,
    information_component,
    negative_log_likelihood,
    p_values,
    per_stratum,
    tables_of_counts,
)

PRIOR = Theta(3.25, 0.4, 2.03, 1.91, 0.065)
POSITIVE = st.floats(1e-3, 50.0)


def drawn(pairs: int = 3000, seed: int = 3):
    rng = np.random.default_rng(seed)
    expected = rng.gamma(0.7, 2.0, pairs)
    rate = np.where(rng.random(pairs) < 0.1, rng.gamma(3.0, 2.0, pairs), rng.gamma(4.0, 0.25, pairs))
    return rng.poisson(expected * rate).astype(float), expected


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE, st.floats(0, 1), st.integers(0, 10_000), st.floats(1e-4, 1e4))
def test_a_quantile_has_its_level_below_it(alpha1, beta1, alpha2, beta2, p, n, expected):
    posterior = Posterior(np.array([float(n)]), np.array([expected]), Theta(alpha1, beta1, alpha2, beta2, p))
    for level in (0.05, 0.95):
        at = posterior.quantile(level)[0]
        if at > 1e-300:
            assert posterior.below(at)[0] == pytest.approx(level, abs=1e-8)


def test_a_flat_stretch_between_two_far_components_is_crossed():
    """The weight of the lower component is the level itself: the distribution function is flat there."""
    for p in (0.05 - 1e-9, 0.05, 0.05 + 1e-9):
        posterior = Posterior(np.array([0.0]), np.array([1e-12]), Theta(400.0, 4000.0, 400.0, 4.0, p))
        at = posterior.quantile(0.05)[0]
        assert 0.09 < at < 101 and posterior.below(at)[0] == pytest.approx(0.05, abs=1e-6)


def test_with_all_weight_on_one_component_the_quantiles_are_its_own():
    n, expected = np.array([0.0, 3.0, 500.0]), np.array([0.2, 1.0, 90.0])
    for theta, shape, rate in ((Theta(2, 3, 9, 9, 1.0), 2, 3), (Theta(9, 9, 2, 3, 0.0), 2, 3)):
        found = Posterior(n, expected, theta).quantile(0.05)
        np.testing.assert_allclose(found, stats.gamma.ppf(0.05, shape + n, scale=1 / (rate + expected)), rtol=1e-9)


def test_the_likelihood_is_that_of_scipys_negative_binomials():
    n, expected = drawn(200)
    used = n > 0
    n, expected = n[used], expected[used]
    masses = []
    for alpha, beta in ((3.25, 0.4), (2.03, 1.91)):
        one = stats.nbinom(alpha, beta / (beta + expected))
        masses.append(one.pmf(n) / (1 - one.pmf(0)))
    theirs = -np.log(0.065 * masses[0] + 0.935 * masses[1]).sum()
    assert negative_log_likelihood(n, expected, PRIOR) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("truncated", [True, False])
def test_no_nearby_prior_is_more_likely_than_the_fitted_one(truncated):
    n, expected = drawn()
    found = fit_theta(n, expected, truncated=truncated, squashed=False)
    for i in range(5):
        for factor in (0.97, 1.03):
            numbers = list(found.numbers)
            numbers[i] *= factor
            assert negative_log_likelihood(n, expected, Theta(*numbers), truncated=truncated) > found.nll - 1e-3


def test_squashing_costs_next_to_nothing():
    n, expected = drawn()
    whole, squashed = (fit_theta(n, expected, squashed=way) for way in (False, True))
    assert squashed.nll <= whole.nll + 0.01


def test_a_prior_at_the_edge_of_the_search_says_so_and_still_scores():
    """Every count is exactly what chance expects: the likeliest prior has no spread at all."""
    rng = np.random.default_rng(0)
    expected = rng.gamma(2.0, 3.0, 2000)
    n = np.round(expected)
    found = fit_theta(n, expected)
    posterior = Posterior(n, expected, found)
    assert found.at_boundary and np.all(np.isfinite(posterior.quantile(0.05)))
    assert posterior.geometric_mean() == pytest.approx(np.ones(2000), abs=0.2)


def test_one_pair_is_scored_without_a_prior_and_with_a_given_one():
    one = count_pairs([1, 2], ["toy", "toy"], ["lead", "lead"])
    bare = disproportionality(one)
    assert bare.theta is None and np.isnan(bare.EBGM[0]) and not bare.eb05_flag[0] and bare.n[0] == 2
    assert disproportionality(one, theta=PRIOR).EBGM[0] > 0
    with pytest.raises(InputError, match="10 must be reported"):
        fit_theta(one.a, one.expected)


def test_pairs_reported_once_each_tell_no_prior():
    """The truncated likelihood would send every rate to 0 and call all of them unsuspicious."""
    once = tables_of_counts([*"abcdefghijkl"], [*"mnopqrstuvwx"], np.ones(12))
    assert disproportionality(once).theta is None and np.isnan(disproportionality(once).EBGM).all()
    with pytest.raises(InputError, match="more than once"):
        fit_theta(once.a, once.expected)
    assert fit_theta(once.a, once.expected, truncated=False).pairs == 12


@pytest.mark.parametrize("seed", range(3))
def test_the_five_starts_find_what_many_random_ones_find(seed):
    from qualipolis.methods.signal.disproportionality.theta import _descend, _Likelihood

    n, expected = drawn(1500, seed)
    n, expected = n[n > 0], expected[n > 0]
    rng = np.random.default_rng(seed)
    whole = _Likelihood(n, expected, np.ones(len(n)), True)
    ends = [_descend(whole, rng.normal(0, 1.5, 5))[0] for _ in range(8)]
    assert fit_theta(n, expected, squashed=False).nll <= min(ends) + 0.01


def test_nothing_reported_and_nothing_at_all_are_scored_quietly():
    nothing = disproportionality(Tables([0, 0], [0, 3], [0, 4], [0, 5]), theta=PRIOR)
    assert not (nothing.prr_flag | nothing.ic_flag | nothing.eb05_flag).any()
    assert np.isfinite(nothing.EB95).all() and nothing.E.tolist() == [0.0, 1.0]
    assert len(disproportionality(Tables([], [], [], []))) == 0


def test_huge_counts_neither_overflow_nor_lose_the_ratio():
    scores = disproportionality(Tables([4e8], [6e8], [6e8], [8.4e9]), theta=PRIOR)
    assert scores.EBGM[0] == pytest.approx(4.0, rel=1e-6) and scores.EB05[0] == pytest.approx(4.0, rel=1e-3)
    assert scores.IC[0] == pytest.approx(2.0, rel=1e-6) and p_values(scores, "poisson")[0] == 0


def test_shrinkage_pulls_towards_no_association_and_less_with_more_reports():
    few, many = (disproportionality(Tables([k], [9 * k], [k], [89 * k]), theta=PRIOR) for k in (1, 100))
    assert 1 < few.EBGM[0] < many.EBGM[0] < few.RR[0] == many.RR[0]
    assert few.IC025[0] < 0 < many.IC025[0]


def test_strata_change_the_expected_counts_and_the_ratios():
    reports = [(i, "toy" if i % 2 else "lamp", "lead" if i % 3 else "shock", "f" if i % 5 else "m") for i in range(60)]
    tables = count_pairs(*([row[k] for row in reports] for k in range(4)))
    scores = disproportionality(tables)
    assert scores.stratified and np.isnan(scores.IC_bcpnn).all() and np.isfinite(scores.ROR).all()
    whole = disproportionality(tables, strata=())
    assert not whole.stratified and np.isfinite(whole.IC_bcpnn).all()
    assert pytest.approx(sum(one.expected for one in tables.strata.values())) == scores.E
    assert set(per_stratum(tables)) == {"f", "m"}


def test_strata_of_other_pairs_are_refused():
    with pytest.raises(InputError, match="Stratum"):
        disproportionality(Tables([1], [1], [1], [1]), strata=[Tables([1, 2], [1, 1], [1, 1], [1, 1])])


@pytest.mark.parametrize("theta", [(1, 2, 3), (0, 1, 1, 1, 0.5), (1, 1, 1, 1, 1.5)])
def test_a_prior_out_of_range_is_refused(theta):
    with pytest.raises(InputError, match="four numbers above 0"):
        disproportionality(Tables([1], [1], [1], [1]), theta=theta)


def test_an_unknown_p_value_is_refused_and_the_posterior_one_is_a_probability():
    tables = tables_of_counts(["a", "a", "b"], ["x", "y", "y"], [30, 2, 40])
    scores = disproportionality(tables, theta=PRIOR)
    assert np.all((p_values(scores, "posterior") >= 0) & (p_values(scores, "posterior") <= 1))
    with pytest.raises(InputError, match="no p-value"):
        p_values(scores, "wald")


def test_the_mean_of_the_neural_network_is_that_of_its_draws():
    rng, (a, b, c, d) = np.random.default_rng(5), (20.0, 80.0, 100.0, 9800.0)
    n, row, column = a + b + c + d, a + b + 1, a + c + 1
    prior = (n + 2) ** 2 / (row * column)
    draws = [
        rng.beta(x, y, 400_000) for x, y in ((a + 1, n + prior - a - 1), (row, n + 2 - row), (column, n + 2 - column))
    ]
    ic = np.log2(draws[0] / (draws[1] * draws[2]))
    mean, variance, _ = bcpnn(Tables([a], [b], [c], [d]))
    assert mean[0] == pytest.approx(ic.mean(), abs=4e-3) and variance[0] == pytest.approx(ic.var(), rel=0.02)


def test_the_interval_of_the_ic_is_that_of_its_gamma_posterior():
    found = information_component(np.array([8.0]), np.array([2.0]))
    ends = np.log2(stats.gamma.ppf([0.025, 0.975], 8.5, scale=1 / 2.5))
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(ends), rel=1e-9)


def test_a_frame_and_a_line_tell_the_scores():
    scores = disproportionality(tables_of_counts(["a", "b"], ["x", "y"], [3, 4]), theta=PRIOR)
    frame = scores.to_frame()
    assert frame.columns[:2] == ["left", "right"] and "EB05" in frame.columns and len(frame) == 2
    assert "2 pairs" in repr(scores)
