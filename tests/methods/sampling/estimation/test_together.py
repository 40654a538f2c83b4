"""Every statistic under every kind of design."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling import estimation as est

ROWS = 96
STRATA, CLUSTERS = np.repeat(np.arange(4), 24), np.repeat(np.arange(24), 4)
GROUP = np.tile(["a", "b", "c", "d"], 24)
RNG = np.random.default_rng(6)
Y, CHANCE, SAID = RNG.normal(10, 2, ROWS), RNG.uniform(0.05, 0.3, ROWS), RNG.random(ROWS) < 0.8


def clustered():
    return est.survey_design(np.full(ROWS, 5.0), strata=STRATA, clusters=CLUSTERS)


DESIGNS = {
    "clusters": clustered,
    "jackknife": lambda: est.jackknife(clustered()),
    "bootstrap": lambda: est.bootstrap(clustered(), 60, np.random.default_rng(1)),
    "poststrata": lambda: est.poststratify(clustered(), GROUP, dict.fromkeys("abcd", 130.0)),
    "nonresponse": lambda: est.weighting_classes(clustered(), SAID, GROUP),
    "brewer": lambda: est.survey_design(probabilities=CHANCE, pps="brewer"),
    "overton": lambda: est.survey_design(probabilities=CHANCE, pps="overton"),
    "yates grundy": lambda: est.survey_design(probabilities=CHANCE, pps="hartley_rao", form="yates_grundy"),
    "average": lambda: est.survey_design(
        np.full(ROWS, 5.0), strata=np.r_[STRATA[:-1], 9], clusters=CLUSTERS, lonely="average"
    ),
}
STATISTICS = {
    "total": lambda d, by: est.total(d, Y, by=by),
    "mean": lambda d, by: est.mean(d, Y, by=by),
    "variance": lambda d, by: est.variance(d, Y, by=by),
    "ratio": lambda d, by: est.ratio(d, Y, Y**2, by=by),
    "proportion": lambda d, by: est.proportion(d, Y > 10, by=by),
    "no failure": lambda d, by: est.proportion(d, np.zeros(ROWS), by=by),
    "median": lambda d, by: est.quantile(d, Y, 0.5, by=by),
}


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("design", DESIGNS)
def test_it_gives_every_domain_an_interval_around_its_estimate(design, statistic):
    found = STATISTICS[statistic](DESIGNS[design](), GROUP)
    assert list(found.domains) == list("abcd")
    assert (found.low <= found.estimate).all()
    assert (found.estimate <= found.high).all()
    assert (found.high > found.low).all()
    assert (found.df > 0).all()
    whole = STATISTICS[statistic](DESIGNS[design](), None)
    one = STATISTICS[statistic](DESIGNS[design](), np.full(ROWS, "all"))
    np.testing.assert_allclose(
        [whole.estimate, whole.se, whole.low, whole.high], [one.estimate, one.se, one.low, one.high], rtol=1e-8
    )


def test_a_variance_below_zero_is_none():
    joint = np.array([[0.5, 0.01], [0.01, 0.5]])
    design = est.survey_design(probabilities=[0.5, 0.5], joint=joint)
    found = est.total(design, [1.0, 1.0])
    assert np.isnan(found.se[0])
    assert "no_interval" in found.reasons[0]


def test_quantiles_of_equal_weights_are_order_statistics():
    design, values = est.survey_design(np.ones(99)), np.random.default_rng(2).permutation(99) + 1.0
    assert est.quantile(design, values, 0.5).estimate[0] == 50
    assert est.quantile(design, values, 0.001).estimate[0] == 1
    with pytest.raises(InputError):
        est.quantile(design, values, 1.2)


def test_regression_on_a_group_is_the_difference_of_its_means():
    group = (np.arange(ROWS) % 2).astype(float)
    means = est.mean(clustered(), Y, by=group)
    found = est.difference(clustered(), Y, group)
    assert found.difference == pytest.approx(means.estimate[1] - means.estimate[0])
    assert found.df == clustered().df - 1
    with pytest.raises(InputError):
        est.regress(clustered(), Y, [group, group])
    with pytest.raises(InputError):
        est.regress(clustered(), group, [group], family="logit")


@pytest.mark.parametrize("statistic", ["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"])
def test_association_is_told_from_chance(statistic):
    chance = np.random.default_rng(9).integers(0, 2, ROWS)
    tied = np.where(np.random.default_rng(3).random(ROWS) < 0.9, Y > 10, chance)
    assert est.association(clustered(), Y > 10, tied, statistic).p < 0.01
    assert est.association(clustered(), Y > 10, chance, statistic).p > 0.01
    with pytest.raises(InputError):
        est.association(clustered(), np.ones(ROWS), chance, statistic)
