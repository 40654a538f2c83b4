"""Tiers, caps and quadrants, from numbers to numbers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.city.assess.scoring import final_of, quadrant, tiers


def ranks(*columns: list[int]) -> np.ndarray:
    return np.array(columns, dtype=np.uint32).T


def test_it_opens_a_tier_only_when_nearly_sure() -> None:
    often = [1] * 19 + [2]
    assert tiers([0, 1], ranks(often, [2] * 19 + [1])) == {0: 1, 1: 1}
    assert tiers([0, 1], ranks([1] * 20, [2] * 20)) == {0: 1, 1: 2}


def test_it_compares_with_the_first_of_the_tier_and_not_with_the_neighbour() -> None:
    first = [1] * 20
    second = [2] * 10 + [3] * 10
    third = [3] * 10 + [2] * 10
    second[0], first[0] = 1, 2
    second[1], first[1] = 1, 2
    assert tiers([0, 1, 2], ranks(first, second, third)) == {0: 1, 1: 1, 2: 2}


def test_it_keeps_a_tie_in_one_tier() -> None:
    assert tiers([0, 1], ranks([1] * 20, [1] * 20)) == {0: 1, 1: 1}


@given(st.integers(0, 2**31), st.integers(2, 12))
def test_it_never_goes_back_to_a_higher_tier(seed: int, units: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(np.linspace(3, 0, units), 1, (60, units))
    replicate = (1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)).astype(np.uint32)
    found = tiers(range(units), replicate)
    line = [found[unit] for unit in range(units)]
    assert line[0] == 1
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(line))


@pytest.mark.parametrize(
    ("score", "bonus", "expected"),
    [(80.0, 3.0, (3.0, 83.0)), (80.0, 9.0, (5.0, 85.0)), (97.0, 5.0, (5.0, 100.0)), (None, 3.0, (3.0, None))],
)
def test_it_caps_the_bonus_and_the_full_mark(score, bonus, expected) -> None:
    assert final_of(score, bonus, 5.0) == expected


def test_it_says_nothing_of_a_unit_without_both_halves() -> None:
    assert quadrant(None, 50.0, 60.0, 50.0) == ""
