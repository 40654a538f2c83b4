"""Comparisons and points from experts, against published numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite.weighting import ahp_weights, budget_allocation
from qualipolis.methods.problems import InputError

HOUSE = ("size", "transport", "neighbourhood", "age", "yard", "modern", "condition", "financing")
JUDGEMENTS = [
    [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
    [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
    [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
    [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
    [4, 7, 5, 8, 6, 6, 2, 1],
]


def test_it_gives_saatys_house() -> None:
    """Saaty (1990), EJOR 48, the choice of a house: priorities, lambda 9.669, CI 0.238, CR 0.169."""
    found = ahp_weights(JUDGEMENTS, HOUSE)
    published = (0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333)
    assert [round(found.weights[code], 3) for code in HOUSE] == pytest.approx(published, abs=1.1e-3)
    assert (round(found.lambda_max, 3), round(found.index, 3)) == (9.669, 0.238)
    assert found.ratio == pytest.approx(0.169, abs=6e-4)


def test_it_names_the_judgement_to_look_at_first() -> None:
    found = ahp_weights(JUDGEMENTS, HOUSE)
    worst = found.judgements[0]
    assert (worst.a, worst.b, worst.given) == ("neighbourhood", "condition", 6)
    assert worst.factor == max(judgement.factor for judgement in found.judgements) > 4
    assert [problem.code for problem in found.problems] == ["inconsistent"]
    assert "neighbourhood against condition" in str(found.problems[0])
    assert found.judgements_frame().height == 28


def test_a_group_is_joined_by_the_geometric_mean() -> None:
    found = ahp_weights({"p": [[1, 4], [1 / 4, 1]], "q": [[1, 1], [1, 1]]}, ("a", "b"))
    assert found.weights == pytest.approx({"a": 2 / 3, "b": 1 / 3})
    assert found.experts == {"p": 0.0, "q": 0.0}


def test_half_a_matrix_is_enough() -> None:
    nan = np.nan
    whole = ahp_weights([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]])
    half = ahp_weights([[1, 2, 6], [nan, 1, 3], [nan, nan, 1]])
    assert half.weights == pytest.approx(whole.weights)


def test_bad_comparisons_are_named_all_at_once() -> None:
    with pytest.raises(InputError) as error:
        ahp_weights({"p": [[1, 3, 0], [3, 1, np.nan], [2, np.nan, 1]], "q": [[1]]}, ("a", "b", "c"))
    assert sorted(p.code for p in error.value.problems) == [
        "bad_comparison",
        "bad_comparison",
        "bad_matrix",
        "not_reciprocal",
    ]
    assert {p.place for p in error.value.problems} == {"AHP p", "AHP q"}
    with pytest.raises(InputError):
        ahp_weights([])


@given(st.lists(st.floats(0.05, 10), min_size=2, max_size=8), st.integers(0, 99))
def test_consistent_judgements_give_their_weights_in_any_order(weights: list[float], seed: int) -> None:
    w = np.array(weights) / np.sum(weights)
    order = np.random.default_rng(seed).permutation(len(w))
    names = [f"n{k}" for k in range(len(w))]
    found = ahp_weights(np.outer(w, 1 / w), names)
    turned = ahp_weights(np.outer(w[order], 1 / w[order]), [names[k] for k in order])
    assert [found.weights[name] for name in names] == pytest.approx(w.tolist())
    assert turned.weights == pytest.approx(found.weights)
    assert abs(found.ratio) < 1e-9
    assert not found.problems


def test_points_become_weights_with_an_interval() -> None:
    points = {f"e{k}": {"a": 50 + k, "b": 30 - k, "c": 20} for k in (-4, -2, 0, 2, 4)}
    found = budget_allocation(points, seed=3)
    assert found.weights == {"a": 0.5, "b": 0.3, "c": 0.2}
    row = found.to_frame().row(0, named=True)
    assert row["lower"] < 50 < row["upper"]
    assert (row["lowest"], row["highest"], row["sd"]) == (46, 54, pytest.approx(np.sqrt(10)))
    assert found.lower[2] == found.upper[2] == 20
    assert found.experts_frame()["distance"].to_list() == [4, 4, 2, 2, 0]
    assert found.disagreement == pytest.approx(2.4)
    assert budget_allocation(points, seed=3).lower.tolist() == found.lower.tolist()


def test_an_expert_whose_points_are_wrong_is_named() -> None:
    with pytest.raises(InputError) as error:
        budget_allocation({"p": {"a": 60, "b": 50}, "q": {"a": 100}, "r": {"a": -10, "b": 110}, "s": {"a": 1, "b": 99}})
    assert [(p.code, p.place) for p in error.value.problems] == [
        ("wrong_total", "BUDGET p"),
        ("bad_points", "BUDGET q"),
        ("bad_points", "BUDGET r"),
    ]
    with pytest.raises(InputError):
        budget_allocation([[50, 50]], codes=("a",))
    with pytest.raises(InputError):
        budget_allocation({"p": {"a": 50, "z": 50}}, codes=("a", "b"))


def test_few_experts_are_no_basis_for_an_interval() -> None:
    found = budget_allocation([[50, 50], [40, 60]])
    assert [problem.code for problem in found.problems] == ["few_experts"]


def test_the_bootstrap_covers_the_mean_of_many_experts() -> None:
    """Forty experts drawn again and again from a Dirichlet: the 90 % interval holds the true mean 87 to 93 % of times."""
    rng = np.random.default_rng(11)
    truth, hits = np.array([50.0, 30.0, 20.0]), 0
    for k in range(200):
        found = budget_allocation(100 * rng.dirichlet(truth / 5, 40), seed=k, draws=400)
        hits += int(((found.lower <= truth) & (truth <= found.upper)).sum())
    assert 0.86 <= hits / 600 <= 0.93
