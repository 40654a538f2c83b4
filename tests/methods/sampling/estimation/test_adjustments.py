"""Calibration repeats totals, classes pass weight on, replicates agree with linearisation."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling import estimation as est


@pytest.fixture
def frame():
    rng = np.random.default_rng(5)
    n = 120
    return {
        "x": rng.gamma(4, 2, n),
        "g": rng.choice(["a", "b", "c"], n),
        "strata": np.repeat([0, 1, 2, 3], n // 4),
        "clusters": np.repeat(np.arange(n // 6), 6),
        "y": rng.normal(10, 2, n),
    }


def design_of(frame):
    return est.survey_design(np.full(120, 8.0), strata=frame["strata"], clusters=frame["clusters"])


@pytest.mark.parametrize(
    ("distance", "bounds"), [("linear", None), ("linear", (0.7, 1.5)), ("raking", None), ("logit", (0.7, 1.5))]
)
def test_calibrated_weights_repeat_the_totals(frame, distance, bounds):
    x = np.stack([np.ones(120), frame["x"]], axis=1)
    after = est.calibrate(design_of(frame), x, [1000, 8100], distance=distance, bounds=bounds)
    np.testing.assert_allclose(x.T @ after.weights, [1000, 8100], rtol=1e-8)
    ratio = after.weights / 8
    if bounds:
        assert bounds[0] - 1e-9 <= ratio.min() <= ratio.max() <= bounds[1] + 1e-9
    found = est.total(after, frame["x"])
    assert found.se[0] < 1e-6 * found.estimate[0]


def test_totals_out_of_reach_are_refused(frame):
    x = np.stack([np.ones(120), frame["x"]], axis=1)
    with pytest.raises(InputError) as refused:
        est.calibrate(design_of(frame), x, [1000, 80_000], bounds=(0.9, 1.1))
    assert refused.value.problems[0].code == "not_reached"


def test_poststratified_cells_are_certain(frame):
    sizes = {"a": 300.0, "b": 400.0, "c": 260.0}
    after = est.poststratify(design_of(frame), frame["g"], sizes)
    found = est.total(after, np.ones(120), by=frame["g"])
    np.testing.assert_allclose(found.estimate, list(sizes.values()))
    np.testing.assert_allclose(found.se, 0, atol=1e-6)
    for bad in ({"a": 300.0, "b": 400.0}, {**sizes, "d": 5.0}):
        with pytest.raises(InputError):
            est.poststratify(design_of(frame), frame["g"], bad)


def test_margins_of_different_populations_are_refused(frame):
    margins = [(frame["g"], {"a": 1, "b": 1, "c": 1}), (frame["strata"], {0: 9, 1: 9, 2: 9, 3: 9})]
    with pytest.raises(InputError) as refused:
        est.rake(design_of(frame), margins)
    assert refused.value.problems[0].code == "margins_differ"


def test_weight_of_those_that_did_not_answer_stays_in_their_class(frame):
    answered = np.random.default_rng(1).random(120) < 0.7
    before = design_of(frame)
    after = est.weighting_classes(before, answered, frame["g"])
    for g in "abc":
        here = frame["g"] == g
        assert after.weights[here].sum() == pytest.approx(before.weights[here].sum())
    assert (after.weights[~answered] == 0).all()
    y = np.where(answered, frame["y"], np.nan)
    found = est.mean(after, y)
    assert found.n[0] == answered.sum()
    assert found.missing[0] == 0
    with pytest.raises(InputError):
        est.weighting_classes(before, answered & (frame["g"] != "c"), frame["g"])


def test_the_error_after_nonresponse_is_that_of_repeated_samples():
    rng = np.random.default_rng(8)
    size, n = 4000, 400
    group = rng.integers(0, 2, size)
    y = 10 + 4 * group + rng.normal(0, 2, size)
    means, errors = [], []
    for _ in range(250):
        rows = rng.permutation(size)[:n]
        said = rng.random(n) < np.where(group[rows] == 1, 0.4, 0.8)
        design = est.survey_design(np.full(n, size / n))
        found = est.mean(est.weighting_classes(design, said, group[rows]), np.where(said, y[rows], np.nan))
        means.append(found.estimate[0])
        errors.append(found.se[0])
    assert np.mean(means) == pytest.approx(y.mean(), abs=0.05)
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.15)


def test_jackknife_of_a_total_is_linearisation(frame):
    design = design_of(frame)
    for by in (None, frame["g"]):
        linear, again = est.total(design, frame["y"], by=by), est.total(est.jackknife(design), frame["y"], by=by)
        np.testing.assert_allclose(again.se, linear.se, rtol=1e-9)


def test_half_samples_of_a_total_are_linearisation():
    strata, clusters = np.repeat(np.arange(5), 4), np.repeat(np.arange(10), 2)
    design, y = est.survey_design(np.ones(20), strata=strata, clusters=clusters), np.arange(20.0) ** 1.5
    for rho in (0.0, 0.4):
        again = est.total(est.half_samples(design, rho=rho), y)
        assert again.se[0] == pytest.approx(est.total(design, y).se[0], rel=1e-9)
    with pytest.raises(InputError):
        est.half_samples(est.survey_design(np.ones(3)))


def test_the_bootstrap_comes_near(frame):
    design = design_of(frame)
    again = est.mean(est.bootstrap(design, 800, np.random.default_rng(3)), frame["y"])
    assert again.se[0] == pytest.approx(est.mean(design, frame["y"]).se[0], rel=0.12)
    assert again.df[0] == design.df


def test_the_brewer_variance_of_equal_probabilities_is_that_of_simple_sampling():
    y = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    simple = est.total(est.survey_design(fpc=np.full(5, 20)), y)
    brewer = est.total(est.survey_design(probabilities=np.full(5, 0.25), pps="brewer"), y)
    assert brewer.se[0] == pytest.approx(simple.se[0])


def test_calibration_takes_the_rows_of_the_purpose():
    purposes = np.array(["random", "targeted"] * 10)
    design = est.survey_design(np.ones(20), purposes=purposes, purpose="random")
    x = np.stack([np.ones(20), np.arange(20.0)], axis=1)
    after = est.calibrate(design, x, [30, 300])
    assert est.total(after, x[:, 1]).estimate[0] == pytest.approx(300)
    after = est.poststratify(design, np.where(np.arange(20) < 10, "a", "b"), {"a": 7, "b": 8})
    assert after.weights.sum() == pytest.approx(15)
