"""Sequential Poisson draws hit their targets exactly, however large one of them is, or say which cannot be hit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws import pareto
from qualipolis.methods.sampling.draws.pareto import order_probabilities, working_probabilities

METHOD = "sequential_poisson"


def design(units: int, n: int, large: float, seed: int, spread: float = 0.7) -> np.ndarray:
    """Return targets with the sum n, the first of them large; the others as unequal as ``spread`` says."""
    size = np.random.default_rng(seed).lognormal(0, spread, units - 1)
    rest = (n - large) * size / size.sum()
    while rest.max() >= 0.99:  # what is too large is evened out
        size = np.sqrt(size)
        rest = (n - large) * size / size.sum()
    return np.concatenate([[large], rest])


def off(pi: np.ndarray, n: int) -> float:
    return float(np.abs(order_probabilities(working_probabilities(pi, METHOD), n, METHOD) - pi).max())


@given(st.integers(2, 30), st.floats(0.02, 0.7), st.floats(0.5, 0.995), st.integers(0, 10**6))
def test_the_exact_probabilities_are_the_targets_whatever_the_design(units, share, large, seed):
    n = max(1, round(share * units))
    assert off(design(units, n, large, seed), n) < 1e-9


@pytest.mark.parametrize("large", [0.89, 0.97, 0.999])
def test_one_large_target_among_many_is_hit(large):
    assert off(design(76, 14, large, 3), 14) < 1e-9


def test_in_a_wide_stratum_the_probabilities_add_up_to_the_number_drawn():
    working = design(200, 30, 0.95, 5)
    assert abs(order_probabilities(working, 30, METHOD).sum() - 30) < 1e-10


def test_two_units_are_hit_as_by_hand():
    """One of two: with scores U/p the larger is drawn with 1 - p2/(2 p1), so 0.97 takes the ratio 0.06."""
    working = working_probabilities([0.97, 0.03], METHOD)
    assert working[1] / working[0] == pytest.approx(0.06, abs=1e-8)


def test_a_target_that_is_not_reached_is_named():
    with pytest.raises(InputError) as refused:
        working_probabilities(design(20, 5, 0.97, 1), METHOD, rounds=1)
    problem = refused.value.problems[0]
    assert (problem.code, problem.place) == ("working_not_reached", f"pi.{problem.params['unit'] - 1}")
    assert problem.params["far"] > pareto.EXACT
