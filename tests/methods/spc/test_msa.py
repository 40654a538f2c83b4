"""Gauge studies: known truth comes back, order does not matter, and what is no study is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.msa import cohen_kappa, fleiss_kappa, gauge_rr, range_study

TRUTH = {"part": 1.0, "operator": 0.3, "interaction": 0.2, "repeatability": 0.4}


def made(rng, parts=10, operators=3, trials=3, truth=TRUTH):
    """Return columns of a crossed study with known standard deviations."""
    shape = (parts, operators, trials)
    y = (
        rng.normal(0, truth["part"], (parts, 1, 1))
        + rng.normal(0, truth["operator"], (1, operators, 1))
        + rng.normal(0, truth["interaction"], (parts, operators, 1))
        + rng.normal(0, truth["repeatability"], shape)
    )
    part, operator, _trial = (index.ravel() for index in np.indices(shape))
    return y.ravel(), part.tolist(), operator.tolist()


def test_components_come_back_on_average():
    rng = np.random.default_rng(1)
    found = [gauge_rr(*made(rng, 12, 6, 2), pool_above=1, draws=0).variance for _ in range(120)]
    for source, sd in TRUTH.items():
        values = np.array([one[source] for one in found])
        assert values.mean() == pytest.approx(sd**2, abs=4.5 * values.std() / np.sqrt(len(values)) + 0.004)


def test_intervals_hold_the_truth_about_as_often_as_they_promise():
    rng = np.random.default_rng(2)
    share = np.sqrt(sum(TRUTH[s] ** 2 for s in TRUTH if s != "part") / sum(v**2 for v in TRUTH.values()))
    held = []
    for _ in range(150):
        low, high = gauge_rr(*made(rng, 10, 5, 2), pool_above=1, confidence=0.9, draws=2000).intervals["study.grr"]
        held.append(low <= 100 * share <= high)
    assert 0.82 <= np.mean(held) <= 0.98


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-10, 10))
def test_order_and_unit_do_not_matter(seed, scale, shift):
    rng = np.random.default_rng(seed)
    y, part, operator = made(rng, 4, 3, 2)
    order = rng.permutation(len(y))
    one = gauge_rr(y, part, operator, draws=0)
    two = gauge_rr(scale * y[order] + shift, [part[i] for i in order], [operator[i] for i in order], draws=0)
    for source, share in one.percent_study.items():
        assert two.percent_study[source] == pytest.approx(share, rel=1e-6, abs=1e-6)
    assert two.ndc == one.ndc


def test_parts_that_measuring_destroys_belong_to_their_operator():
    rng = np.random.default_rng(3)
    operator_effect = rng.normal(0, 0.3, 40)
    part = np.repeat(np.tile(np.arange(6), 40), 3)
    operator = np.repeat(np.arange(40), 18)
    truth = rng.normal(0, 1, 240)
    y = operator_effect[operator] + np.repeat(truth, 3) + rng.normal(0, 0.4, 720)
    study = gauge_rr(y, part.tolist(), operator.tolist(), nested=True)
    assert study.sizes == (6, 40, 3) and [line.source for line in study.table] == ["part", "operator", "repeatability"]
    assert study.sd("part") == pytest.approx(1, abs=0.15) and study.sd("repeatability") == pytest.approx(0.4, abs=0.04)
    assert study.sd("operator") == pytest.approx(operator_effect.std(), abs=0.25)


def test_contradicting_mean_squares_are_pooled_where_negative_ones_would_be_cut():
    rng = np.random.default_rng(5)
    quiet = {"part": 1.0, "operator": 0.0, "interaction": 0.0, "repeatability": 0.5}
    for _ in range(30):
        data = made(rng, 5, 3, 2, quiet)
        plain, pooled = gauge_rr(*data, pool_above=1, draws=0), gauge_rr(*data, pool_above=1, constrained=True, draws=0)
        assert all(value >= 0 for value in pooled.variance.values())
        if min(plain.variance["operator"], plain.variance["interaction"]) > 0:
            assert pooled.variance == pytest.approx(plain.variance)


@pytest.mark.parametrize(
    "change",
    [
        {"values": np.arange(17.0)},
        {"values": [*range(17), None]},
        {"part": ["a"] * 18},
        {"part": [0] * 10 + [1] * 8},
        {"operator": list(range(18))},
        {"tolerance": 0},
        {"multiplier": -1},
        {"confidence": 0.2},
        {"values": [1.0] * 18},
        {"nested": True, "operator": ["x"] * 18},
    ],
)
def test_what_is_no_study_is_named(change):
    y, part, operator = made(np.random.default_rng(7), 3, 3, 2)
    with pytest.raises(InputError) as refusal:
        gauge_rr(**{"values": y, "part": part, "operator": operator} | change)
    assert all(problem.place for problem in refusal.value.problems)


def test_the_study_by_ranges_agrees_with_the_analysis_of_variance_within_its_scatter():
    rng = np.random.default_rng(8)
    truth = {**TRUTH, "interaction": 0.0}
    pairs = [(range_study(*data).repeatability, gauge_rr(*data, pool_above=0, draws=0).sd("repeatability"))
             for data in (made(rng, truth=truth) for _ in range(60))]  # fmt: skip
    ranges, deviations = np.mean(pairs, axis=0)
    assert ranges == pytest.approx(deviations, rel=0.02)


def test_judges_who_agree_always_or_by_chance_only():
    assert cohen_kappa([[30, 0], [0, 20]]).kappa == 1
    assert cohen_kappa([[9, 21], [6, 14]]).kappa == pytest.approx(0, abs=1e-12)
    assert cohen_kappa([[10, 5, 0], [4, 10, 5], [0, 4, 12]], weights="linear").kappa > 0.5
    with pytest.raises(InputError):
        cohen_kappa([[30, 0], [0, 0]])
    with pytest.raises(InputError):
        fleiss_kappa([[3, 0], [2, 0]])
    with pytest.raises(InputError):
        fleiss_kappa([[3, 0], [3, 0]])
