"""Counting pairs: distinct reports, honest margins, refusals that name the row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.disproportionality import Tables, all_cells, count_pairs, tables_of_counts

ROWS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.sampled_from("xyz")), max_size=30)


@given(ROWS)
def test_it_counts_what_sets_of_reports_count(rows):
    tables = count_pairs(*([row[i] for row in rows] for i in range(3)))
    everyone = {row[0] for row in rows}
    named = {(row[1], other[2]) for row in rows for other in rows if row[0] == other[0]}
    assert list(zip(tables.left, tables.right, strict=True)) == sorted(named)
    for i, (left, right) in enumerate(zip(tables.left, tables.right, strict=True)):
        with_left = {row[0] for row in rows if row[1] == left}
        with_right = {row[0] for row in rows if row[2] == right}
        cells = (
            with_left & with_right,
            with_left - with_right,
            with_right - with_left,
            everyone - with_left - with_right,
        )
        assert [len(cell) for cell in cells] == [getattr(tables, name)[i] for name in "abcd"]


@given(ROWS)
def test_strata_of_whole_reports_add_up_to_the_whole(rows):
    columns = [[row[i] for row in rows] for i in range(3)]
    tables = count_pairs(*columns, strata=[report % 2 for report in columns[0]])
    for name in "abcd":
        parts = sum((getattr(one, name) for one in tables.strata.values()), start=np.zeros(len(tables)))
        assert parts.tolist() == getattr(tables, name).tolist()


def test_no_report_at_all_is_an_empty_table():
    assert len(count_pairs([], [], [])) == 0


def test_it_names_the_empty_cells_of_every_column():
    with pytest.raises(InputError) as told:
        count_pairs([1, 2], ["toy", None], ["", "lead"])
    assert [one.params["name"] for one in told.value.problems] == ["left", "right"]
    assert [one.params["row"] for one in told.value.problems] == [2, 1]


def test_a_report_in_two_strata_is_refused():
    with pytest.raises(InputError, match="two strata"):
        count_pairs([1, 1], ["toy", "toy"], ["lead", "shock"], strata=["f", "m"])


def test_columns_of_different_length_are_refused():
    with pytest.raises(InputError, match="rows"):
        count_pairs([1], ["toy", "lamp"], ["lead"])


@pytest.mark.parametrize("bad", [-1.0, float("nan")])
def test_what_is_no_count_is_refused_with_its_row(bad):
    with pytest.raises(InputError, match="row 2"):
        Tables([1, bad], [1, 1], [1, 1], [1, 1])


def test_a_pair_in_two_rows_of_counts_is_refused():
    with pytest.raises(InputError, match="more than one row"):
        tables_of_counts(["toy", "toy"], ["lead", "lead"], [1, 2])


def test_all_cells_hold_the_unreported_pairs_and_keep_the_total():
    n, expected = all_cells(tables_of_counts(["a", "b", "c"], ["x", "y", "y"], [4, 5, 6]))
    assert len(n) == 6 and (n == 0).sum() == 3
    assert expected.sum() == pytest.approx(n.sum())
