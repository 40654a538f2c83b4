"""Terms: working days with make-up Saturdays, calendar days that roll, pauses, and years nobody knows yet."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.law.calendar import FIRST_YEAR, LAST_YEAR, add_days, is_working_day, working_days_between

D = dt.date
KNOWN = st.dates(D(2010, 1, 1), D(LAST_YEAR, 6, 30))


@pytest.mark.parametrize(
    ("start", "n", "unit", "due"),
    [
        (D(2021, 2, 9), 5, "working", D(2021, 2, 22)),  # Spring Festival 11-17; Saturday 20 is worked
        (D(2021, 9, 17), 1, "working", D(2021, 9, 18)),  # a make-up Saturday
        (D(2026, 4, 10), 7, "working", D(2026, 4, 21)),
        (D(2026, 9, 16), 15, "calendar", D(2026, 10, 8)),  # 1 October rolls over the whole holiday
        (D(2021, 3, 1), 5, "calendar", D(2021, 3, 8)),  # a Saturday rolls to Monday
        (D(2021, 3, 1), 4, "calendar", D(2021, 3, 5)),
        (D(2021, 3, 1), 0, "working", D(2021, 3, 1)),
    ],
)
def test_it_counts_from_the_day_after(start: D, n: int, unit: str, due: D) -> None:
    deadline = add_days(start, n, unit)  # type: ignore[arg-type]
    assert (deadline.due, deadline.provisional, deadline.note) == (due, False, "")


def test_it_marks_a_date_beyond_the_table_as_provisional() -> None:
    deadline = add_days(D(LAST_YEAR, 12, 25), 20, "working")
    assert deadline.provisional and "provisional" in deadline.note
    assert deadline.due.weekday() < 5
    assert not add_days(D(LAST_YEAR, 12, 1), 3, "working").provisional
    assert add_days(D(FIRST_YEAR - 1, 12, 1), 3, "working").provisional


def test_it_does_not_count_days_on_which_the_term_stands_still() -> None:
    pause = [(D(2021, 3, 3), D(2021, 3, 5)), (D(2021, 3, 5), D(2021, 3, 8))]
    assert add_days(D(2021, 3, 1), 2, "working", pause).due == D(2021, 3, 9)
    assert add_days(D(2021, 3, 1), 2, "calendar", pause).due == D(2021, 3, 9)


@given(KNOWN, st.integers(0, 60))
def test_it_agrees_with_counting_back(start: D, n: int) -> None:
    due = add_days(start, n, "working").due
    assert working_days_between(start, due) == n
    assert n == 0 or is_working_day(due)


@given(KNOWN, st.integers(0, 60), st.sampled_from(["working", "calendar"]))
def test_a_longer_term_never_ends_earlier(start: D, n: int, unit: str) -> None:
    assert add_days(start, n, unit).due <= add_days(start, n + 1, unit).due  # type: ignore[arg-type]


@given(KNOWN, st.integers(1, 40))
def test_a_term_in_days_ends_on_a_working_day(start: D, n: int) -> None:
    due = add_days(start, n, "calendar").due
    assert is_working_day(due) and (due - start).days >= n


@pytest.mark.parametrize(("n", "unit"), [(-1, "working"), (4000, "calendar"), (1, "weeks")])
def test_it_refuses_a_term_that_is_none(n: int, unit: str) -> None:
    with pytest.raises(ValueError, match="a term is"):
        add_days(D(2021, 1, 1), n, unit)  # type: ignore[arg-type]
