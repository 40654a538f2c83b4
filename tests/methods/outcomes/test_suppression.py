"""Small cells are withheld, and no line gives one away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from qualipolis.methods.outcomes import suppress
from qualipolis.methods.outcomes.suppression import Suppressed
from qualipolis.methods.problems import InputError


def possible(told: Suppressed, row: int, column: int) -> tuple[float, float]:
    """Return the smallest and largest value of a cell that fits everything shown."""
    rows, columns = told.counts.shape
    across = [[(r, c, 1.0 if c < columns - 1 else -1.0) for c in range(columns)] for r in range(rows)]
    down = [[(r, c, 1.0 if r < rows - 1 else -1.0) for r in range(rows)] for c in range(columns)]
    lines = down + (across if columns > 1 else [])
    equal = np.zeros((len(lines), rows * columns))
    for at, line in enumerate(lines):
        for r, c, sign in line:
            equal[at, r * columns + c] = sign
    bounds = [(v, v) if s else (0, None) for v, s in zip(told.counts.ravel(), told.shown.ravel(), strict=True)]
    goal = np.zeros(rows * columns)
    goal[row * columns + column] = 1
    ends = []
    for sign in (1, -1):
        found: Any = linprog(sign * goal, A_eq=equal, b_eq=np.zeros(len(lines)), bounds=bounds)
        ends.append(np.inf if found.status == 3 else sign * found.fun)
    return ends[0], ends[1]


def test_nothing_is_withheld_where_nothing_is_small() -> None:
    told = suppress([[10, 0], [7, 30]], 3)
    assert told.shown.all() and told.cell(2, 2) == 47


def test_a_single_small_cell_takes_others_with_it() -> None:
    told = suppress([[10, 2], [7, 30], [12, 9]], 3)
    assert told.primary.sum() == 1 and told.cell(0, 1) is None
    for axis in (0, 1):
        assert not (~told.shown).sum(axis=axis).tolist().count(1)
    low, high = possible(told, 0, 1)
    assert low < 2 < high or high - low >= 1


def test_a_table_whose_total_is_small_is_withheld_with_its_total() -> None:
    told = suppress([1, 0, 0], 3)
    assert told.cell(0) is None and told.cell(3) is None


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=5),
    st.integers(1, 6),
)
def test_no_line_of_the_published_table_gives_a_cell_away(rows: list[list[int]], minimum: int) -> None:
    told = suppress(rows, minimum)
    small = (told.counts > 0) & (told.counts < minimum)
    assert not (told.shown & small).any()
    for axis in (0, 1):
        assert 1 not in (~told.shown).sum(axis=axis).tolist()


@pytest.mark.parametrize(("counts", "minimum"), [([], 3), ([-1, 2], 3), ([1.5], 3), ([1, 2], 0), ([np.nan, 1], 3)])
def test_it_refuses_what_is_no_table_of_counts(counts: list[float], minimum: int) -> None:
    with pytest.raises(InputError):
        suppress(counts, minimum)
