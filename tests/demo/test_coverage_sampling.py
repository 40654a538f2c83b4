"""Intervals of pass rates hold what they say on the demo city's known truth, where nothing fails too."""

from __future__ import annotations

import importlib.util
import sys
from math import sqrt
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "coverage_sampling.py"
REPETITIONS, NOMINAL, POINTS = 300, 0.95, 0.02


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_sampling", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["coverage_sampling"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("method", ["srs", "pps_pareto"])
def test_intervals_hold_within_two_points_of_nominal_and_never_less_where_nothing_fails(script, method):
    """The city's coverage comes from few samples, so its own Monte Carlo error (two of it) is granted on top."""
    tallies = script.study(script.city(), method, 1600, REPETITIONS, "design_bayes")
    chance = 2 * sqrt(NOMINAL * (1 - NOMINAL) / REPETITIONS)
    city, _times = script.coverage(tallies, "city")
    assert abs(city - NOMINAL) <= POINTS + chance
    for by in ("cluster", "town", "product class"):
        share, times = script.coverage(tallies, by, most_truth=0.99)
        assert times > 5 * REPETITIONS / 2 and abs(share - NOMINAL) <= POINTS + (chance / 2 if by == "cluster" else 0)
    rare, _times = script.coverage(tallies, "product class", least_truth=0.99, most_truth=0.99999)
    none, times = script.coverage(tallies, "product class", least_truth=1.0)
    assert rare >= NOMINAL - POINTS and none >= NOMINAL and times == REPETITIONS


def test_the_population_has_a_class_without_a_failure_and_one_with_two(script):
    found = script.city()
    rates = sorted(found.truth("product class").values())
    assert rates[-1] == 1 and 0.985 < rates[-2] < 1 and 0.9 < found.truth("city")["all"] < 0.99
    again = script.city()
    assert (found.passed == again.passed).all() and (found.strata == again.strata).all()
