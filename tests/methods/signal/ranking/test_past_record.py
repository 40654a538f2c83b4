"""Features of the past: nothing of the day itself or later, and the same numbers as counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.ranking import past_record

HISTORY = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(0, 1)), min_size=1, max_size=15)


@given(HISTORY, st.integers(0, 10))
def test_it_is_what_counting_by_hand_gives(history, today):
    units, days, fails = ([row[i] for row in history] for i in range(3))
    found = past_record(units, days, {"fail": fails}, ["a"], [today], prior=2.0)
    before = [row for row in history if row[0] == "a" and row[1] < today]
    mean = np.mean(fails)
    assert found["past_inspections"][0] == len(before)
    assert found["past_fail"][0] == pytest.approx((sum(row[2] for row in before) + 2 * mean) / (len(before) + 2))
    latest = [row[2] for row in before if row[1] == max(one[1] for one in before)]
    assert found["last_fail"][0] == pytest.approx(np.mean(latest) if latest else mean)


@given(HISTORY)
def test_the_order_of_the_history_does_not_matter(history):
    ways = [history, history[::-1]]
    found = [
        past_record([r[0] for r in way], [r[1] for r in way], {"fail": [r[2] for r in way]}, ["a", "b"], [8, 8])
        for way in ways
    ]
    for name, column in found[0].items():
        np.testing.assert_allclose(column, found[1][name])


def test_what_happens_on_the_day_or_after_the_plan_is_made_changes_nothing():
    days = [1, 5, 9]
    one, other = (
        past_record(["a"] * 3, days, {"fail": fails}, ["a", "a"], [5, 20], known_before=5)
        for fails in ([1, 0, 0], [1, 1, 1])
    )
    assert {name: column.tolist() for name, column in one.items()} == {n: c.tolist() for n, c in other.items()}
    assert one["past_inspections"].tolist() == [1, 1]


def test_a_finding_of_a_half_life_ago_counts_half():
    found = past_record(["a", "a"], [0, 365], {"fail": [1, 0]}, ["a"], [365 + 1e-9], half_life=365, prior=0.0)
    assert found["recent_fail"][0] == pytest.approx(1 / 3)


def test_years_are_counted_from_the_latest_and_forgotten_after_three():
    found = past_record(["a", "a"], [0, 400], {}, ["a", "a", "new"], [400 + 365.25, 9000, 10])
    assert found["years_since_last"] == pytest.approx([1.0, 3.0, 3.0])


def test_without_any_history_the_features_stand_at_their_defaults():
    found = past_record([], [], {"fail": []}, ["a"], [3])
    assert {name: column.tolist() for name, column in found.items()} == {
        "past_inspections": [0.0],
        "years_since_last": [3.0],
        "past_fail": [0.0],
        "recent_fail": [0.0],
        "last_fail": [0.0],
    }


def test_it_names_every_column_that_is_short_or_has_gaps():
    with pytest.raises(InputError, match="fail"):
        past_record(["a", "b"], [1, 2], {"fail": [1]}, ["a"], [1])
    with pytest.raises(InputError, match="row 2"):
        past_record(["a", "b"], [1, float("nan")], {"fail": [1, 0]}, ["a"], [1])
