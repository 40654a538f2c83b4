"""All domains in one call: the same numbers as one by one, honest where there is little."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.methods.sampling.estimation.cast import city, drawn

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling import estimation as est


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(11)
    place = city(rng, 0.1)
    rows, design = drawn(place, rng)
    return design, place.fails[rows] + rng.normal(0, 1, rows.size), place.town[rows]


def by_hand(design, y, inside, ratio):
    """A domain estimated as zeros elsewhere, stage by stage, by the textbook."""
    w = design.weights * inside
    centre = (w @ y) / w.sum() if ratio else 0.0
    scores = w * (y - centre) / (w.sum() if ratio else 1.0)
    return float(design.covariance(scores[:, None])[0, 0]) ** 0.5


@pytest.mark.parametrize("statistic", ["mean", "total"])
def test_every_domain_is_as_if_estimated_alone(sample, statistic):
    design, y, town = sample
    found = getattr(est, statistic)(design, y, by=town)
    for i, name in enumerate(found.domains):
        assert found.se[i] == pytest.approx(by_hand(design, y, town == name, statistic == "mean"), rel=1e-10)


def test_rows_in_any_order_and_sparse_domains_give_the_same(sample):
    design, y, town = sample
    order = np.random.default_rng(1).permutation(y.size)
    clusters = design.stages[0].cluster
    strata = design.stages[0].group[clusters]
    many = np.random.default_rng(2).integers(0, 4000, y.size)
    straight = est.survey_design(design.weights, strata=strata, clusters=clusters)
    mixed = est.survey_design(design.weights[order], strata=strata[order], clusters=clusters[order])
    for by in (town, many):
        a, b = est.mean(straight, y, by=by), est.mean(mixed, y[order], by=by[order])
        np.testing.assert_allclose(a.se, b.se, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(a.df, b.df)


def test_dense_and_sparse_sums_agree(sample, monkeypatch):
    from qualipolis.methods.sampling.estimation import cells

    design, y, town = sample
    dense = est.mean(design, y, by=town)
    monkeypatch.setattr(cells, "ROOM", 0)
    monkeypatch.setattr(cells, "LEAST", 0)
    sparse = est.mean(design, y, by=town)
    np.testing.assert_allclose(dense.se, sparse.se, rtol=1e-12)
    np.testing.assert_array_equal(dense.df, sparse.df)


def test_a_domain_without_degrees_of_freedom_has_no_interval_rather_than_a_narrow_one():
    design = est.survey_design(np.ones(6), strata=["a"] * 3 + ["b"] * 3, clusters=[1, 1, 2, 3, 3, 4])
    by = ["x", "x", "y", "y", "y", "y"]
    for found in (est.mean(design, [1, 1, 0, 0, 1, 1], by=by), est.proportion(design, [1, 1, 0, 0, 1, 1], by=by)):
        alone = found["x"]
        assert alone["df"] == 0
        assert np.isnan(alone["low"])
        assert np.isnan(alone["high"])
        assert alone["flag"] == "unreliable"
        assert "no_df" in alone["reasons"]


def test_missing_values_and_missing_domains_are_counted_not_zeroed():
    design = est.survey_design(np.ones(6))
    found = est.mean(design, [1, np.nan, 3, 5, 7, 9], by=["a", "a", "a", "b", "b", ""])
    assert list(found.domains) == ["a", "b"]
    assert found.estimate.tolist() == [2.0, 6.0]
    assert found.n.tolist() == [2, 2]
    assert found.missing.tolist() == [1, 0]


def test_a_domain_without_rows_says_so():
    design = est.survey_design([1, 1, 0, 0, 1])
    found = est.mean(design, [1, 2, 3, 4, 5], by=["a", "a", "b", "b", "a"])
    assert found["b"]["flag"] == "none"
    assert found["b"]["reasons"] == ("no_rows",)
    assert np.isnan(found["b"]["estimate"])


def test_it_refuses_columns_that_do_not_fit():
    design = est.survey_design(np.ones(3))
    for bad in ([1, 2], [1, np.inf, 2]):
        with pytest.raises(InputError):
            est.mean(design, bad)
    with pytest.raises(InputError):
        est.mean(design, [1, 2, 3], by=["a"])
    with pytest.raises(InputError):
        est.mean(design, [1, 2, 3], level=1.5)
    with pytest.raises(InputError):
        est.proportion(design, [0, 1, 2])


def test_thresholds_decide_the_flag():
    design = est.survey_design(np.full(100, 10.0))
    y = np.tile([1.0, 9.0], 50)
    assert est.mean(design, y).flags == ("reliable",)
    assert est.mean(design, y, thresholds=est.Thresholds(error=0.05)).flags == ("caution",)
    assert est.mean(design, y, thresholds=est.Thresholds(error=0.01, worst_error=0.02)).flags == ("unreliable",)


def test_the_result_becomes_a_table():
    frame = est.mean(est.survey_design(np.ones(4)), [1, 2, 3, 4], by=list("aabb"), name="value").to_frame()
    assert frame["domain"].to_list() == ["a", "b"]
    assert {"estimate", "se", "low", "high", "deff", "n", "df", "flag", "reasons"} <= set(frame.columns)


@given(st.floats(0.1, 1e3), st.floats(-1e3, 1e3))
def test_a_change_of_units_changes_estimate_and_error_alike(scale, shift):
    design = est.survey_design([1, 2, 3, 4, 5, 6], strata=list("aaabbb"))
    y, by = np.array([1.0, 4.0, 2.0, 8.0, 5.0, 7.0]), list("xyxyxy")
    plain, changed = est.mean(design, y, by=by), est.mean(design, y * scale + shift, by=by)
    np.testing.assert_allclose(changed.estimate, plain.estimate * scale + shift, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(changed.se, plain.se * scale, rtol=1e-6, atol=1e-9)


def test_large_numbers_keep_their_error():
    design = est.survey_design(np.ones(1000), clusters=np.repeat(np.arange(100), 10))
    y = np.random.default_rng(3).normal(0, 1, 1000)
    near, far = est.mean(design, y), est.mean(design, y + 1e9)
    assert far.se[0] == pytest.approx(near.se[0], rel=1e-6)
