"""Data are refused, or warned of, with the cell named."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import CITY_PIPELINE, DEFAULT_PIPELINE, Framework, IndicatorData, Node, match
from qualipolis.methods.problems import InputError


def codes(error: InputError) -> set[str]:
    return {problem.code for problem in error.problems}


def two(values: list[list[float]], **node: object) -> tuple[Framework, IndicatorData]:
    tree = Framework((Node("a", parent="X", **node), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    return tree, IndicatorData([f"t{k}" for k in range(len(values))], ("a", "b"), values)


def test_it_refuses_duplicates_together() -> None:
    with pytest.raises(InputError) as refused:
        IndicatorData(("t", "t"), ("a", "a"), [[1, 2], [3, 4]])
    assert codes(refused.value) == {"duplicate_unit", "duplicate_indicator"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"values": [[1.0]]},
        {"values": [[1.0], [2.0]], "groups": {"g": ("x",)}},
        {"values": [[1.0], [2.0]], "denominators": {"d": [1.0]}},
    ],
)
def test_it_refuses_a_wrong_shape(arguments: dict) -> None:
    with pytest.raises(InputError) as refused:
        IndicatorData(("t", "u"), ("a",), **arguments)
    assert codes(refused.value) == {"wrong_shape"}


def test_it_names_the_cell_of_an_infinite_value() -> None:
    with pytest.raises(InputError, match="DATA u, a"):
        IndicatorData(("t", "u"), ("a",), [[1.0], [np.inf]])


def test_it_refuses_empty_data() -> None:
    with pytest.raises(InputError) as refused:
        IndicatorData((), (), np.zeros((0, 0)))
    assert codes(refused.value) == {"empty_data"}


def test_it_neither_shares_nor_changes_what_it_was_given() -> None:
    values = np.ones((2, 1))
    data = IndicatorData(("t", "u"), ("a",), values)
    values[0, 0] = 5.0
    assert data.values[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        data.values[0, 0] = 2.0


def test_it_matches_indicators_and_columns() -> None:
    tree, _ = two([[1, 2]])
    found = match(tree, IndicatorData(("t",), ("b", "c"), [[1, 2]]))
    assert (found.without_data, found.without_indicator) == (("a",), ("c",))
    assert [problem.severity for problem in found.problems] == ["error", "warning"]


def test_an_indicator_without_data_is_refused_and_a_spare_column_only_warned_of() -> None:
    tree, data = two([[1, 2], [2, 3], [3, 5]])
    spare = IndicatorData(data.units, ("a", "b", "c"), np.hstack([data.values, [[1], [2], [3]]]))
    assert "data_without_indicator" in {problem.code for problem in DEFAULT_PIPELINE.run(tree, spare).problems}
    with pytest.raises(InputError, match="a has no column"):
        DEFAULT_PIPELINE.run(tree, IndicatorData(data.units, ("b",), data.values[:, 1:]))


def test_a_column_without_any_value_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        DEFAULT_PIPELINE.run(*two([[np.nan, 2], [np.nan, 3]]))
    assert codes(refused.value) == {"empty_column"}


def test_a_constant_column_does_not_count_and_is_warned_of() -> None:
    result = DEFAULT_PIPELINE.run(*two([[7, 1], [7, 2], [7, 3]]))
    assert "constant_column" in {problem.code for problem in result.problems}
    assert np.isnan(result.score("a")).all()
    assert result.score("X").tolist() == result.score("b").tolist() == [0.0, 50.0, 100.0]
    assert result.effective_weights("X").tolist() == [0.0, 1.0]


def test_a_constant_column_counts_against_goalposts() -> None:
    goal = {"floor": 0.0, "target": 10.0}
    nodes = (Node("a", parent="X", **goal), Node("b", parent="X", **goal), Node("X", level=2, kind="aggregate"))
    data = IndicatorData(("t", "u"), ("a", "b"), [[7, 1], [7, 2]])
    assert CITY_PIPELINE.run(Framework(nodes), data).score("X") == pytest.approx([40.0, 45.0])


def test_a_zero_denominator_makes_the_cell_missing_and_names_it() -> None:
    tree, data = two([[1, 1], [2, 2], [3, 3]], denominator="people")
    data = IndicatorData(data.units, data.codes, data.values, denominators={"people": [1.0, 0.0, np.nan]})
    lenient = DEFAULT_PIPELINE.with_changes({"screen.available": 0.0})
    found = {problem.code: problem.place for problem in lenient.run(tree, data).problems}
    assert found["zero_denominator"] == "DATA t1, a"
    assert found["empty_denominator"] == "DATA t2, a"


def test_a_denominator_that_is_not_there_is_refused() -> None:
    tree, data = two([[1, 1], [2, 2]], denominator="people")
    with pytest.raises(InputError, match="people"):
        DEFAULT_PIPELINE.run(tree, data)


@pytest.mark.parametrize(
    "goal",
    [
        {},
        {"floor": 5.0, "target": 5.0},
        {"floor": 10.0, "target": 0.0},
        {"floor": 0.0, "target": 10.0, "direction": -1},
        {"direction": 0, "target_low": 5.0, "target_high": 5.0},
        {"direction": 0, "target_low": 5.0, "target_high": 6.0, "floor": 5.5},
    ],
)
def test_unusable_goalposts_are_refused(goal: dict) -> None:
    nodes = (Node("a", parent="X", **goal), Node("X", level=2, kind="aggregate"))
    with pytest.raises(InputError) as refused:
        CITY_PIPELINE.run(Framework(nodes), IndicatorData(("t",), ("a",), [[1.0]]))
    assert codes(refused.value) == {"bad_goalposts"}


def test_a_target_interval_scores_full_inside_and_falls_outside() -> None:
    nodes = (
        Node("a", parent="X", direction=0, target_low=10.0, target_high=20.0, floor=5.0, target=40.0),
        Node("X", level=2, kind="aggregate"),
    )
    values = [[4.0], [7.5], [10.0], [15.0], [20.0], [30.0], [50.0]]
    result = CITY_PIPELINE.run(Framework(nodes), IndicatorData([f"t{k}" for k in range(7)], ("a",), values))
    assert result.score("X").tolist() == [0.0, 50.0, 100.0, 100.0, 100.0, 50.0, 0.0]
