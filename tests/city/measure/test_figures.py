"""What a figure is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.city.measure.figures import figure, problems, suppressed


def test_it_never_takes_a_denominator_of_zero_for_a_value_of_zero() -> None:
    found = figure("ratio", 100, 0, 0)
    assert (found.value, found.missing) == (None, "not_applicable")
    assert figure("ratio", 100, 0, 5).value == 0.0


@pytest.mark.parametrize(
    ("kind", "above", "below", "given_value", "value"),
    [
        ("ratio", 3, 4, None, 75.0),
        ("mean", 3, 4, None, 75.0),
        ("count", 7, None, None, 7.0),
        ("median", None, 12, 4.5, 4.5),
        ("ratio", None, None, 88.0, 88.0),
        ("ratio", 3, None, None, None),
    ],
)
def test_it_makes_a_value_of_its_parts(kind, above, below, given_value, value) -> None:
    assert figure(kind, 100, above, below, given_value).value == value


def test_it_does_not_apply_to_a_median_of_no_cases() -> None:
    assert figure("median", 1, None, 0, 3.0).missing == "not_applicable"


@pytest.mark.parametrize(
    ("above", "below", "code"),
    [(5, 4, "not_a_share"), (-1, 4, "not_a_share"), (1, -4, "negative_denominator"), (float("inf"), 4, "not_finite")],
)
def test_it_names_what_cannot_be_true(above, below, code) -> None:
    found = problems(figure("ratio", 100, above, below), proportion=True, place="PQ01 T1")
    assert code in {problem.code for problem in found}


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_it_keeps_a_share_between_0_and_100(above: int, below: int) -> None:
    found = figure("ratio", 100, min(above, below), below)
    assert 0 <= found.value <= 100 + 1e-9
    assert not list(problems(found, proportion=True, place=""))


@pytest.mark.parametrize(("n", "shown"), [(0, 5.0), (1, None), (2, None), (3, 5.0), (None, 5.0)])
def test_it_holds_back_cells_of_fewer_than_three(n, shown) -> None:
    assert suppressed(5.0, n) == shown
