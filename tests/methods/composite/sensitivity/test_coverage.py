"""Intervals hold what they say: quick simulations here, the full ones under the mark ``slow``."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SOURCE = Path(__file__).resolve().parents[4] / "benchmarks" / "coverage.py"


@pytest.fixture(scope="module")
def simulations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_simulations", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_intervals_of_sampled_indices_hold_the_exact_ones(simulations: ModuleType) -> None:
    function, first, total = simulations.composite_case()
    share, _error = simulations.of_sobol(function, np.stack([first, total]), 256, 80, sampling="sobol")
    assert 0.85 < share.mean() < 0.95


def test_intervals_of_ranks_hold_further_replicates_and_the_true_rank(simulations: ModuleType) -> None:
    share, _error = simulations.of_replicates(300, 4)
    assert 0.88 < share[1] < 0.92
    naive, _error = simulations.of_truth("normal", 1.5, False, 10)
    fair, error = simulations.of_truth("normal", 1.5, True, 10)
    assert fair[1] - naive[1] > 0.02
    assert abs(fair[1] - 0.9) < 0.02 + 2 * error


@pytest.mark.slow
@pytest.mark.parametrize(("sampling", "n"), [("sobol", 256), ("sobol", 1024), ("random", 256)])
def test_coverage_of_sobol_intervals_is_within_two_points(simulations: ModuleType, sampling: str, n: int) -> None:
    function, first, total = simulations.composite_case()
    share, _error = simulations.of_sobol(function, np.stack([first, total]), n, 2500, sampling=sampling)
    assert (np.abs(share - 0.9) < 0.02 + 0.01).all()
    assert abs(share.mean() - 0.9) < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("noise", [0.3, 0.8, 1.5])
@pytest.mark.parametrize("population", ["normal", "skewed", "flat", "two clusters"])
def test_coverage_of_the_true_rank_is_within_two_points(simulations: ModuleType, noise: float, population: str) -> None:
    share, error = simulations.of_truth(population, noise, True, 400)
    assert error < 0.01
    assert abs(share[1] - 0.9) < 0.02
    assert share[0] > 0.88
