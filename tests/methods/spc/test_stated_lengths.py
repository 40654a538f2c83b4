"""Charts alarm as often as they state, and intervals hold what they say: quick here, at length under the mark ``slow``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc import charts
from qualipolis.methods.spc.run_length import (
    cusum_arl,
    ewma_arl,
    mewma_arl,
    residual_arl,
    stated_arl,
    xbar_arl,
)

SOURCE = Path(__file__).resolve().parents[3] / "benchmarks" / "coverage_spc.py"


@pytest.fixture(scope="module")
def simulations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_spc", SOURCE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["coverage_spc"] = module
    spec.loader.exec_module(module)
    return module


def test_charts_state_the_lengths_of_their_own_laws():
    x = np.random.default_rng(1).normal(0, 1, (12, 5))
    assert stated_arl(charts.xbar_chart(x)) == pytest.approx(370.398, abs=1e-3)
    assert stated_arl(charts.range_chart(x)) == pytest.approx(217.25, abs=0.01)  # the range is skewed
    assert stated_arl(charts.deviation_chart(x)) == pytest.approx(256.47, abs=0.01)
    for chart in (charts.range_chart(x, confidence=0.99), charts.deviation_chart(x, confidence=0.99)):
        assert stated_arl(chart) == pytest.approx(100)
    assert stated_arl(charts.ewma_chart(x[:, 0], steady=True)) == ewma_arl(0.2, 3)
    assert stated_arl(charts.cusum_chart(x[:, 0])) == cusum_arl(0.5, 5)


def test_unequal_subgroups_are_averaged_and_unknown_kinds_refused():
    x = np.random.default_rng(2).normal(0, 1, (10, 6))
    x[::2, 4:] = np.nan
    four, six = (1 / stated_arl(charts.range_chart(np.ones((3, n)) * np.arange(n), std=1)) for n in (4, 6))
    assert 1 / stated_arl(charts.range_chart(x, std=1)) == pytest.approx((four + six) / 2)
    with pytest.raises(InputError):
        stated_arl(charts.individuals_chart(x[:, :2].T))
    with pytest.raises(InputError):
        stated_arl(charts.moving_range_chart(x[:, 0], span=3))


def test_a_discrete_law_states_what_its_whole_numbers_give():
    from scipy.stats import poisson

    chart = charts.c_chart([12, 11, 13, 12], center=12.0)
    inside = poisson.pmf(np.arange(2, 23), 12).sum()  # limits 1.61 and 22.39
    assert stated_arl(chart) == pytest.approx(1 / (1 - inside))


def test_narrow_first_limits_of_several_characteristics_shorten_the_run():
    assert mewma_arl(0.1, 10.97, 2, varying=True) < mewma_arl(0.1, 10.97, 2)
    assert mewma_arl(1.0, 10.97, 2, varying=True) == pytest.approx(mewma_arl(1.0, 10.97, 2), rel=1e-9)
    with pytest.raises(InputError):
        mewma_arl(0.1, 10.97, 2, 1.0, varying=True)


def test_forecast_errors_state_the_length_of_independent_points():
    assert residual_arl(0.7) == pytest.approx(float(xbar_arl(0.0)))
    assert residual_arl(0.7, 1.0) > float(xbar_arl(1.0)) > residual_arl(-0.7, 1.0)


def test_simulated_charts_agree_roughly_with_what_they_state(simulations):
    rows = [
        *simulations.shewhart(np.random.default_rng(3), 60_000),
        *simulations.special(np.random.default_rng(4), 60_000),
    ]
    assert len(rows) == 16
    for name, found, stated, error in rows:
        assert abs(found - stated) < 3.5 * error, name


def test_simulated_intervals_hold_roughly_what_they_say(simulations):
    rows = simulations.interval_rows(0.015)
    assert len(rows) == 33
    assert all(share > 0.86 for _, share, _ in rows)


@pytest.mark.slow
def test_every_chart_alarms_as_often_as_it_states(simulations):
    for name, found, stated, error in simulations.chart_rows(1.0):
        # Laney's σ comes from 400,000 points and their law is normal only nearly; all others are exact
        assert abs(found - stated) < 3.5 * error + 0.02 * stated, name


@pytest.mark.slow
def test_intervals_are_within_two_points_of_nominal(simulations):
    for name, share, times in simulations.interval_rows(1.0):
        assert abs(share - 0.95) <= 0.02 + 2 * np.sqrt(0.95 * 0.05 / times), name
