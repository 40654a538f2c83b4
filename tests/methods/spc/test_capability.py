"""Capability: limits that hold what they promise, boundaries that are no limits, and words for what cannot be judged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.capability import bounds, capability
from qualipolis.methods.spc.capability.freedom import of_moving_ranges, of_subgroups
from qualipolis.methods.spc.charts import individual_sigma
from qualipolis.methods.spc.charts.variables import Subgroups, within_sigma

RUNS, SIZE = 1000, (12, 4)
WAYS = {"Ppu": bounds.one_sided, "Ppk": bounds.approximate}


@pytest.mark.parametrize(
    ("name", "truth", "mean"), [("Ppu", 4 / 3, 0.0), ("Pp", 4 / 3, 0.0), ("Ppk", 1.0, 1.0), ("Cp", 4 / 3, 0.0)]
)
def test_limits_hold_the_truth_as_often_as_they_promise(name, truth, mean):
    data = np.random.default_rng(11).normal(mean, 1, (RUNS, *SIZE))
    n, flat = SIZE[0] * SIZE[1], data.reshape(RUNS, -1)
    spread = within_sigma(Subgroups(data)) if name == "Cp" else flat.std(axis=1, ddof=1)
    nu = of_subgroups(np.full(*SIZE), "rbar") if name == "Cp" else n - 1
    value = 4 / (3 * spread) if name in ("Cp", "Pp") else (4 - flat.mean(axis=1)) / (3 * spread)
    make = WAYS.get(name, lambda value, n, nu, level: bounds.chi_square(value, nu, level))
    found = [make(float(v), n, nu, 0.95) for v in value]
    error = 4.5 * np.sqrt(0.05 * 0.95 / RUNS)
    assert np.mean([i.low <= truth <= i.high for i in found]) == pytest.approx(0.95, abs=error)
    assert np.mean([i.bound <= truth for i in found]) == pytest.approx(0.95, abs=error)
    study = capability(data[0], lower=-4, upper=4, confidence=0.95)
    assert (study[name].low, study[name].bound) == (pytest.approx(found[0].low), pytest.approx(found[0].bound))


@pytest.mark.parametrize("method", ["rbar", "rbar_mvlue", "sbar", "pooled"])
def test_degrees_of_freedom_are_those_of_the_scatter_of_the_estimate(method):
    sizes = np.array([3, 5, 2, 5, 4, 5, 5, 3])
    data = np.random.default_rng(12).standard_normal((20_000, 8, 5))
    data[:, np.arange(5) >= sizes[:, None]] = np.nan
    found = within_sigma(Subgroups(data), method)
    nu = of_subgroups(sizes, method)
    wanted = 1 / (2 * nu)  # the relative variance of a chi variate is near 1/(2ν)
    assert found.var() / found.mean() ** 2 == pytest.approx(wanted, rel=0.06)


def test_moving_ranges_have_fewer_degrees_of_freedom_than_values():
    found = individual_sigma(np.random.default_rng(13).standard_normal((40_000, 30)))
    assert found.var() / found.mean() ** 2 == pytest.approx(1 / (2 * of_moving_ranges(30)), rel=0.05)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-50, 50))
def test_indices_do_not_depend_on_the_unit(seed, scale, shift):
    data = np.random.default_rng(seed).normal(0, 1, (15, 5))
    one = capability(data, lower=-4, upper=5, target=0.2)
    two = capability(scale * data + shift, lower=shift - 4 * scale, upper=shift + 5 * scale, target=shift + 0.2 * scale)
    for name, index in one.indices.items():
        assert two[name].value == pytest.approx(index.value, rel=1e-6)
        assert two[name].bound == pytest.approx(index.bound, rel=1e-6)


def test_a_natural_boundary_is_no_limit_to_miss():
    values = np.abs(np.random.default_rng(14).normal(0, 1, 120))
    study = capability(values, lower=0, upper=5, boundary="lower")
    assert set(study.indices) == {"Cpu", "Cpk", "Ppu", "Ppk"} and study.below is None
    assert study["Ppk"] == study["Ppu"] and study["Ppk"].method == "non-central t"


def test_no_value_outside_is_not_a_share_of_nothing():
    study = capability(np.random.default_rng(15).normal(0, 1, 50), upper=9)
    assert study.above is not None
    assert (study.above.observed, study.above.low) == (0, 0) and study.above.high == pytest.approx(0.0711, abs=1e-3)
    assert 0 < study.above.overall < 1e-12


def test_missing_values_are_left_out_not_counted():
    data = np.random.default_rng(16).normal(0, 1, (20, 5))
    data[3, 4] = np.nan
    assert capability(data, upper=4).n == 99


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"lower": 2, "upper": 1},
        {"upper": 5, "boundary": "lower"},
        {"lower": 0.5, "upper": 9, "boundary": "lower"},
        {"lower": 0, "upper": 9, "target": 9},
        {"upper": 9, "confidence": 0.2},
        {"upper": 9, "data": [1.0, 1.0, 1.0, 1.0]},
        {"upper": 9, "data": [1.0, 2.0]},
        {"upper": 9, "data": [1.0, np.inf, 3.0]},
    ],
)
def test_what_cannot_be_judged_is_named(given):
    with pytest.raises(InputError) as refusal:
        capability(**{"data": np.arange(10.0)} | given)
    assert all(problem.place for problem in refusal.value.problems)
