"""Proof of a treatment from counts: the verdict, its limits, and what coverage they have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.comparison import before_after_counts, share_difference


@pytest.mark.parametrize(
    ("before", "after", "reach", "verdict"),
    [
        ((36, 200), (2, 400), 0.02, "proven"),
        ((36, 200), (0, 183), 0.02, "proven"),
        ((36, 200), (0, 182), 0.02, "not proven"),
        ((36, 200), (0, 182), None, "proven"),
        ((36, 200), (30, 200), None, "not proven"),
        ((3, 200), (60, 200), None, "worse"),
        ((18, 100), (0, 19), 0.02, "insufficient data"),
        ((5, 19), (0, 500), None, "insufficient data"),
    ],
)
def test_it_judges_shares(before: tuple[int, int], after: tuple[int, int], reach: float | None, verdict: str) -> None:
    assert before_after_counts(before, after, reach=reach).verdict == verdict


def test_rates_fall_in_per_cent_with_exact_limits() -> None:
    found = before_after_counts((37, 120.0), (14, 118.0), "rate")
    assert found.verdict == "proven"
    assert found.improvement.value == pytest.approx(100 * (1 - (14 / 118) / (37 / 120)))
    assert found.after_state.low == pytest.approx(0.06486, abs=2e-5)
    assert found.after_state.high == pytest.approx(0.19907, abs=2e-5)


def test_nothing_found_after_needs_as_many_units_as_it_says() -> None:
    for reach in (0.3, 0.1, 0.02, 0.001):
        needed = before_after_counts((30, 60), (0, 60), reach=reach).units_needed
        assert needed is not None
        reached = [before_after_counts((500, 600), (0, n), reach=reach, least=1).verdict for n in (needed - 1, needed)]
        assert reached == ["not proven", "proven"]


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_fall_is_the_difference_of_the_shares_turned(x: int, y: int) -> None:
    found, plain = before_after_counts((x, 60), (y, 60)), share_difference((x, 60), (y, 60)).effect
    assert plain is not None
    assert found.improvement.value == plain.value and found.improvement.low <= found.improvement.high


@pytest.mark.parametrize(
    ("before", "after", "counted", "reach"),
    [((5, 4), (0, 30), "share", None), ((2.5, 30), (0, 30), "share", None), ((0, 30), (0, 30), "rate", None),
     ((5, 30), (0, 30), "share", 1.0), ((5, 30), (0, 30), "rate", 0.0), ((float("nan"), 30), (0, 30), "share", None)],
)  # fmt: skip
def test_it_refuses_what_is_no_count(before: object, after: object, counted: str, reach: float | None) -> None:
    with pytest.raises(InputError):
        before_after_counts(before, after, counted, reach=reach)  # type: ignore[arg-type]


def test_it_says_proven_of_an_idle_treatment_no_more_often_than_its_confidence_allows() -> None:
    rng = np.random.default_rng(5)
    draws = rng.binomial(200, 0.1, (600, 2))
    proven = sum(before_after_counts((int(x), 200), (int(y), 200)).verdict == "proven" for x, y in draws)
    assert proven <= 0.025 * 600 + 3 * (600 * 0.025 * 0.975) ** 0.5
