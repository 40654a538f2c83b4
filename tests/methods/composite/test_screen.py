"""Which units have enough data."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import (
    Aggregate,
    CompositeResult,
    Framework,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Screen,
    data_availability,
)
from qualipolis.methods.problems import InputError

NAN = float("nan")
TREE = Framework(
    (
        *[Node(code, parent="P") for code in ("a", "b")],
        *[Node(code, parent="Q") for code in ("c", "d")],
        Node("P", parent="X", level=2, kind="aggregate"),
        Node("Q", parent="X", level=2, kind="aggregate"),
        Node("X", level=3, kind="aggregate"),
    )
)
ROWS = {"full": [1, 2, 3, 4], "gaps": [NAN, NAN, 3, 1], "zeros": [0, 0, 0, 2], "both": [NAN, 0, 5, 3]}
DATA = IndicatorData(tuple(ROWS), tuple("abcd"), list(ROWS.values()))


def run(step: Screen) -> CompositeResult:
    return Pipeline((step, Normalise(), Aggregate())).run(TREE, DATA)


@pytest.mark.parametrize(
    ("step", "kept"),
    [
        (Screen(0.7), ["full", "zeros", "both"]),
        (Screen(0.0, 0.6), ["full", "gaps", "both"]),
        (Screen(0.7, 0.6), ["full", "both"]),
        (Screen(0.7, 0.6, include=("gaps",), exclude=("both",)), ["full", "gaps"]),
        (Screen(0.75, 2 / 3), ["full", "both"]),
    ],
)
def test_missing_cells_zeros_or_both_decide_and_a_threshold_may_be_met_exactly(step: Screen, kept: list[str]) -> None:
    assert list(run(step).units) == kept


def test_it_says_which_threshold_was_missed() -> None:
    rows = {row["unit"]: row for row in run(Screen(0.7, 0.6)).details["screen"].to_dicts()}
    assert [(rows[u]["low_available"], rows[u]["low_nonzero"]) for u in ROWS] == [
        (False, False),
        (True, False),
        (False, True),
        (False, False),
    ]
    assert rows["both"]["missing_or_zero"] == 2


def test_a_unit_that_is_kept_and_left_out_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Screen(include=("full", "gaps"), exclude=("gaps",))
    assert [(p.code, p.params["unit"]) for p in caught.value.problems] == [("included_and_excluded", "gaps")]


def test_availability_counts_the_indicators_below_each_aggregate() -> None:
    found = data_availability(TREE, DATA)
    units = {row["unit"]: row for row in found.units.to_dicts()}
    groups = {(row["unit"], row["node"]): row for row in found.groups.to_dicts()}
    assert (units["gaps"]["available"], units["zeros"]["nonzero"]) == (0.5, 0.25)
    assert [groups["gaps", node]["available"] for node in ("P", "Q", "X")] == [0.0, 1.0, 0.5]
    assert groups["both", "P"]["missing_or_zero"] == 2
    assert groups["full", "X"]["indicators"] == 4


def test_availability_of_several_trees_covers_them_all() -> None:
    tree = Framework(
        (
            Node("a", parent="P"),
            Node("c", parent="Q"),
            Node("P", level=2, kind="aggregate"),
            Node("Q", level=2, kind="aggregate"),
        )
    )
    found = data_availability(tree, DATA)
    assert found.units["available"].to_list() == [1.0, 0.5, 1.0, 0.5]
    assert found.groups["node"].unique(maintain_order=True).to_list() == ["P", "Q"]


def test_the_order_of_units_does_not_matter() -> None:
    order = [2, 0, 3, 1]
    shuffled = IndicatorData([DATA.units[i] for i in order], DATA.codes, DATA.values[order])
    kept = Pipeline((Screen(0.7), Normalise(), Aggregate())).run(TREE, shuffled).units
    assert set(kept) == set(run(Screen(0.7)).units)
    np.testing.assert_array_equal(
        data_availability(TREE, shuffled).units["missing"].to_numpy(),
        data_availability(TREE, DATA).units["missing"].to_numpy()[order],
    )
