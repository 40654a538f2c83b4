"""Weights: where they come from, and sums that look wrong."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import Aggregate, Alternatives, Framework, IndicatorData, Node, Pipeline, Weigh
from qualipolis.methods.problems import InputError

TREE = Framework(
    (
        *[Node(c, parent="X", weight=w) for c, w in zip("abc", (1.0, 2.0, 3.0), strict=True)],
        Node("X", level=2, kind="aggregate"),
    )
)
DATA = IndicatorData(("t", "u", "v"), tuple("abc"), [[1, 5, 3], [2, 3, 4], [6, 1, 5]])


def run(step: Weigh):
    return Pipeline((step, Aggregate())).run(TREE, DATA)


def sums(*weights: float) -> list[float]:
    found = run(Weigh(weights=dict(zip("abc", weights, strict=True)))).problems
    return [problem.params["total"] for problem in found if problem.code == "weights_off"]


def test_weights_go_over_the_set_and_the_set_over_the_method() -> None:
    sets = {"experts": {"a": 5.0, "b": 5.0}, "public": {"a": 1.0}}
    step = Weigh("equal", {"b": 7.0}, sets=sets, use="experts")
    assert step.vector(TREE).tolist() == [5.0, 7.0, 1.0, 1.0]
    assert Weigh(sets=sets).vector(TREE).tolist() == [1.0, 2.0, 3.0, 1.0]


def test_named_sets_can_be_alternatives() -> None:
    step = Weigh(sets={"first": {"b": 0.0, "c": 0.0}, "last": {"a": 0.0, "b": 0.0}}, use="first")
    ranks = run(step).uncertainty(60, factors=(Alternatives("weigh.use", ("first", "last")),)).replicate_ranks[:, 0]
    assert {tuple(row) for row in ranks.tolist()} == {(3, 2, 1)}
    ranks = run(step).uncertainty(60, factors=(Alternatives("weigh.use", ("first", "")),)).replicate_ranks[:, 0]
    assert {tuple(row) for row in ranks.tolist()} == {(3, 2, 1), (2, 2, 1)}


@pytest.mark.parametrize("weights", [(0.5, 0.2, 0.27), (50.0, 20.0, 27.0), (0.6, 0.2, 0.3)])
def test_a_sum_near_one_or_a_hundred_is_worth_a_warning(weights: tuple[float, ...]) -> None:
    assert sums(*weights) == [pytest.approx(sum(weights))]


@pytest.mark.parametrize(
    "weights",
    [
        (0.5, 0.2, 0.3),
        (0.1, 0.2, 0.7),
        (50.0, 20.0, 30.0),
        (0.33, 0.34, 0.32),
        (1.0, 2.0, 3.0),
        (0.33, 0.33, 0.33),
        (0.5, 0.2, 0.1),
        (95.0, 7.0, 30.0),
    ],
)
def test_other_sums_are_proportions_or_rounding(weights: tuple[float, ...]) -> None:
    assert sums(*weights) == []


def test_the_framework_itself_is_warned_of_when_no_step_sets_weights() -> None:
    tree = Framework(
        (Node("a", parent="X", weight=0.5), Node("b", parent="X", weight=0.45), Node("X", level=2, kind="aggregate"))
    )
    result = Pipeline((Aggregate(),)).run(tree, IndicatorData(("t", "u"), ("a", "b"), [[1, 5], [2, 3]]))
    assert [problem.severity for problem in result.problems if problem.code == "weights_off"] == ["warning"]


def test_only_proportions_count() -> None:
    one, other = run(Weigh(weights={"a": 0.1, "b": 0.3})), run(Weigh(weights={"a": 1.0, "b": 3.0, "c": 30.0}))
    np.testing.assert_allclose(one.score("X"), other.score("X"), rtol=1e-12)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"use": "experts"}, "unknown_choice"),
        ({"sets": {"x": {"a": -1.0}}}, "out_of_range"),
        ({"sets": {"x": {"zzz": 1.0}}}, "unknown_code"),
        ({"sets": {"x": dict.fromkeys("abc", 0.0)}, "use": "x"}, "zero_weights"),
    ],
)
def test_sets_that_cannot_work_are_refused(step: dict, expected: str) -> None:
    with pytest.raises(InputError) as error:
        run(Weigh(**step))
    assert {problem.code for problem in error.value.problems} == {expected}
