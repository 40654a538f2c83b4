"""Our interval holds where none or all fail, under strata and clusters."""

from __future__ import annotations

import numpy as np
import pytest
from tests.methods.sampling.estimation.cast import RATES, city, drawn

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling import estimation as est
from qualipolis.methods.sampling.estimation.binomial import binomial_interval

ROUNDS = 120


@pytest.mark.parametrize("clustering", [0.02, 0.15])
def test_it_covers_the_truth_where_samples_without_a_failure_are_common(clustering):
    rng = np.random.default_rng(29)
    hits, zeros, shown = np.zeros(RATES.size), np.zeros(RATES.size), 0
    for _ in range(ROUNDS):
        place = city(rng, clustering)
        rows, design = drawn(place, rng)
        found, truth = est.proportion(design, place.fails[rows], by=place.town[rows]), place.truth()
        hits += (found.low <= truth) & (truth <= found.high)
        zeros += found.estimate == 0
        shown += int(np.isfinite(found.low).sum())
        assert (found.high > found.low).all()
    assert shown == ROUNDS * RATES.size
    assert zeros[0] > 0.5 * ROUNDS
    # nominal 0.95, two points allowed, and three standard errors of this many rounds
    assert (hits / ROUNDS > 0.93 - 3 * (0.95 * 0.05 / ROUNDS) ** 0.5).all()
    assert hits.sum() / (ROUNDS * RATES.size) > 0.93


def test_it_covers_the_rate_of_the_whole_where_few_firms_hold_the_failures():
    rng, hits = np.random.default_rng(37), 0
    for _ in range(150):
        place = city(rng, 0.3)
        rows, design = drawn(place, rng, take=(4, 8), batches=10)
        found = est.proportion(design, place.fails[rows])
        hits += int(found.low[0] <= place.fails.mean() <= found.high[0])
    assert hits / 150 > 0.93 - 3 * (0.95 * 0.05 / 150) ** 0.5


def test_methods_in_use_fail_there():
    rng = np.random.default_rng(31)
    hits = 0
    for _ in range(40):
        place = city(rng, 0.05)
        rows, design = drawn(place, rng)
        found = est.proportion(design, place.fails[rows], by=place.town[rows], method="beta")
        truth = place.truth()
        hits += int(found.low[0] <= truth[0] <= found.high[0])
    assert hits < 30


def test_with_independent_rows_it_is_clopper_and_pearson():
    design = est.survey_design(np.full(80, 1000.0))
    for failures in (0, 80):
        y = np.r_[np.ones(failures), np.zeros(80 - failures)]
        found = est.proportion(design, y)
        low, high = binomial_interval(failures, 80)
        assert (found.low[0], found.high[0]) == pytest.approx((float(low), float(high)), rel=1e-9)


def test_clusters_widen_the_bound_as_far_as_their_rows_are_alike():
    clusters = np.repeat(np.arange(20), 10)
    design = est.survey_design(np.ones(200), clusters=clusters)
    none = np.zeros(200)
    told = [est.proportion(design, none, clustering=rho).high[0] for rho in (0.0, 0.1, 1.0)]
    assert told == sorted(told)
    assert est.proportion(design, none).high[0] == told[-1]
    assert told[-1] == pytest.approx(float(binomial_interval(0, 20)[1]), rel=0.35)


def test_a_domain_borrows_the_likeness_of_the_whole_sample():
    rng = np.random.default_rng(7)
    clusters = np.repeat(np.arange(60), 10)
    fails = (rng.random(60)[clusters] < 0.1).astype(float)
    by = np.where(clusters < 15, "quiet", "other")
    fails[clusters < 15] = 0
    design = est.survey_design(np.ones(600), clusters=clusters)
    alike = est.proportion(design, fails, by=by)["quiet"]
    mixed = est.proportion(design, rng.permutation(fails) * (clusters >= 15), by=by)["quiet"]
    assert alike["estimate"] == mixed["estimate"] == 0
    assert alike["high"] > 2 * mixed["high"]


def test_the_bayesian_bound_is_within_the_exact_one():
    design = est.survey_design(np.full(60, 10.0))
    y = np.r_[1.0, np.zeros(59)]
    exact, bayes = est.proportion(design, y), est.proportion(design, y, method="design_bayes")
    assert exact.low[0] < bayes.low[0] < bayes.high[0] < exact.high[0]


def test_the_number_of_rows_in_the_frame_narrows_the_bound():
    small = est.proportion(est.survey_design(fpc=np.full(50, 60)), np.zeros(50)).high[0]
    large = est.proportion(est.survey_design(fpc=np.full(50, 60_000)), np.zeros(50)).high[0]
    assert small < large / 3


def test_it_refuses_methods_it_does_not_know():
    with pytest.raises(InputError):
        est.proportion(est.survey_design(np.ones(5)), [0, 1, 0, 1, 0], method="wald")


def test_methods_in_use_are_undefined_at_none_and_all():
    for method in ("logit", "likelihood", "asin", "beta", "xlogit", "wilson"):
        low, high = est.interval(method, [0.0, 1.0], [0.0, 0.0], 50, 49)
        assert np.isnan(low).all()
        assert np.isnan(high).all()
