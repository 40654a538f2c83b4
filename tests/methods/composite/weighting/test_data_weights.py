"""Weights that come from data: components, influence, benefit of the doubt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualipolis.methods.composite import (
    Aggregate,
    CompositeResult,
    Framework,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Weigh,
)
from qualipolis.methods.composite.analysis import correlation_matrix
from qualipolis.methods.composite.weighting import (
    benefit_of_the_doubt,
    optimised_weights,
    pca_weights,
    squared_loading_weights,
)
from qualipolis.methods.problems import InputError


def run(seed: int = 0, method: str = "arithmetic", missing: float = 0.0, common: float = 1.0) -> CompositeResult:
    rng = np.random.default_rng(seed)
    values = common * rng.standard_normal((40, 1)) + rng.standard_normal((40, 6))
    values[rng.random(values.shape) < missing] = np.nan
    leaves = [Node(f"i{k}", parent="P" if k < 3 else "Q") for k in range(6)]
    pillars = [Node(p, parent="top", level=2, kind="aggregate") for p in "PQ"]
    tree = Framework((*leaves, *pillars, Node("top", level=3, kind="aggregate")))
    steps = Pipeline((Normalise("minmax", 1.0, 100.0), Weigh(), Aggregate(method)))
    return steps.run(tree, IndicatorData([f"t{k}" for k in range(40)], [n.code for n in leaves], values))


HANDBOOK = """
0.07 0.97 0.06 0.06;0.13 0.07 -0.07 0.93;0.79 -0.21 0.21 0.42;-0.64 0.56 -0.04 0.36
0.37 0.17 0.38 0.68;0.82 -0.04 0.25 0.35;0.88 0.23 -0.09 0.09;0.08 0.04 0.96 0.04
"""


def test_it_gives_the_handbooks_technology_achievement_weights() -> None:
    """OECD/JRC (2008), table 17: patents, royalties, internet, exports, telephones, electricity, schooling, university."""
    loadings = [[float(x) for x in row.split()] for row in HANDBOOK.strip().replace("\n", ";").split(";")]
    found = squared_loading_weights(loadings).round(2)
    assert found == pytest.approx([0.17, 0.15, 0.11, 0.06, 0.08, 0.12, 0.14, 0.16], abs=0.0101)


@pytest.mark.parametrize("method", ["loadings", "squared", "nicoletti"])
def test_component_weights_are_ready_to_use(method: str) -> None:
    result = run(common=2.0)
    found = pca_weights(result, method=method)
    assert sum(found.weights[f"i{k}"] for k in range(3)) == pytest.approx(1)
    assert all(weight >= 0 for weight in found.weights.values())
    again = result.replay({"weigh.weights": dict(found.weights)})
    assert again.scores.shape == result.scores.shape
    assert found.to_frame().height == 6


def test_negative_loadings_count_nothing_and_are_named() -> None:
    rng = np.random.default_rng(1)
    p = rng.standard_normal((40, 1))
    values = np.hstack([p, p, -p]) + 0.4 * rng.standard_normal((40, 3))
    tree = Framework((*(Node(c, parent="X") for c in "abc"), Node("X", level=2, kind="aggregate")))
    result = Pipeline((Normalise(), Aggregate())).run(
        tree, IndicatorData([f"t{k}" for k in range(40)], tuple("abc"), values)
    )
    found = pca_weights(result)
    assert found.negative == ("c",)
    assert found.weights["c"] == 0
    assert found.loadings["c"] < 0 < found.loadings["a"]
    assert "negative_loading" in {problem.code for problem in found.problems}
    assert pca_weights(result, method="squared").weights["c"] > 0


def test_a_family_of_one_keeps_its_weight_and_is_named() -> None:
    tree = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    data = IndicatorData(("u", "v", "w"), ("a",), [[1], [2], [3]])
    found = pca_weights(Pipeline((Normalise(), Aggregate())).run(tree, data))
    assert found.weights == {}
    assert [problem.code for problem in found.problems] == ["no_components"]


@pytest.mark.parametrize(
    ("method", "missing"),
    [("arithmetic", 0.0), ("geometric", 0.0), ("arithmetic", 0.1)],
    ids=["plain", "geometric", "gaps"],
)
def test_the_correlations_reported_are_those_of_the_weights(method: str, missing: float) -> None:
    result = run(2, method, missing)
    found = optimised_weights(result, level=1, starts=2)
    again = result.replay({"weigh.weights": dict(found.weights)})
    table = correlation_matrix(again, codes=(*found.codes, "top"))
    assert table.r[-1, :-1] == pytest.approx(found.correlation, abs=1e-9)
    assert all(weight >= 0 for weight in found.weights.values())
    assert sum(found.weights[f"i{k}"] for k in range(3)) == pytest.approx(1)


def test_targets_go_by_code() -> None:
    result = run(3)
    one = optimised_weights(result, target={"P": 0.52, "Q": 0.48})
    other = optimised_weights(result, target={"Q": 48, "P": 52})
    assert one.weights == pytest.approx(other.weights)
    assert one.met
    assert one.obtained == pytest.approx([0.52, 0.48], abs=1e-9)


def test_an_unreachable_target_is_said_to_be_missed() -> None:
    result = run(3)
    found = optimised_weights(result, target={"P": 0.95, "Q": 0.05})
    assert not found.met
    assert found.weights == {"P": 1.0, "Q": 0.0}
    assert {problem.code for problem in found.problems} == {"target_missed", "weight_of_zero"}
    free = optimised_weights(result, target={"P": 0.95, "Q": 0.05}, nonnegative=False)
    assert free.met
    assert free.weights["Q"] < 0
    assert "negative_weight" in {problem.code for problem in free.problems}


def test_infomax_is_at_least_as_informative_as_any_weights() -> None:
    result = run(4)
    found = optimised_weights(result, level=1, kind="infomax")
    rng = np.random.default_rng(0)
    for _ in range(30):
        weights = dict(zip(found.codes, rng.random(6).tolist(), strict=True))
        again = result.replay({"weigh.weights": weights})
        assert correlation_matrix(again, codes=(*found.codes, "top")).r[-1, :-1].sum() <= found.correlation.sum() + 1e-9


def test_bad_questions_to_the_optimiser_are_refused() -> None:
    result = run(5)
    for call in (
        lambda: optimised_weights(result, kind="guess"),
        lambda: optimised_weights(result, target="guess"),
        lambda: optimised_weights(result, target={"P": 1.0}),
        lambda: optimised_weights(result, target={"P": 1.0, "Q": 1.0, "Z": 1.0}),
        lambda: optimised_weights(result, "nobody"),
        lambda: optimised_weights(result, "i0"),
        lambda: pca_weights(result, method="guess"),
    ):
        with pytest.raises(InputError):
            call()


def test_a_linear_program_solved_by_hand() -> None:
    """(1, 1/2), (1/2, 1), (1/2, 1/2): the third stands on the line between the others at w = (2/3, 2/3): 2/3.

    With every share between 40 and 60 % nothing changes for it, and (1, 1/2) may no longer take 2/3 from its first:
    w1 = 0.6 s and w2 / 2 = 0.4 s with w1 / 2 + w2 <= 1 give s = 10/11.
    """
    rows = [[1.0, 0.5], [0.5, 1.0], [0.5, 0.5]]
    found = benefit_of_the_doubt(rows)
    assert found.scores == pytest.approx([1, 1, 2 / 3])
    assert found.ranks.tolist() == [1, 1, 3]
    assert found.peers["u3"] == pytest.approx({"u1": 1 / 3, "u2": 1 / 3})
    bound = benefit_of_the_doubt(rows, 0.4, 0.6)
    assert bound.scores == pytest.approx([10 / 11, 10 / 11, 2 / 3])
    assert bound.shares[0] == pytest.approx([0.6, 0.4])
    assert bound.efficient == ()


def test_shares_stay_inside_their_bounds_by_code() -> None:
    values = np.random.default_rng(0).uniform(1, 100, (50, 4))
    found = benefit_of_the_doubt(values, {"c1": 0.2}, {"c2": 0.3})
    assert (found.shares[:, 0] >= 0.2 - 1e-7).all()
    assert (found.shares[:, 1] <= 0.3 + 1e-7).all()
    assert found.shares.sum(axis=1) == pytest.approx(np.ones(50))
    assert sum(found.weights.values()) == pytest.approx(1)
    assert "at 1" in repr(found)
    assert found.to_frame().height == 50


def full_program(values: np.ndarray, unit: int, low: float, high: float) -> float:
    from scipy.optimize import linprog

    own, identity = values[unit], np.diag(values[unit])
    rows = np.vstack([values, low * own - identity, identity - high * own])
    right = np.concatenate([np.ones(len(values)), np.zeros(2 * len(own))])
    return float(-linprog(-own, A_ub=rows, b_ub=right, method="highs").fun)


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([(0.0, 1.0), (0.1, 0.6)]))
def test_leaving_out_idle_limits_changes_no_score(seed: int, bounds: tuple[float, float]) -> None:
    values = np.random.default_rng(seed).integers(0, 8, (24, 3)).astype(float)
    values[0] = 0.0
    found = benefit_of_the_doubt(values, *bounds)
    for unit in range(0, 24, 4):
        assert found.scores[unit] == pytest.approx(full_program(values, unit, *bounds), abs=1e-7)
    scaled = benefit_of_the_doubt(values * [1.0, 20.0, 0.1], *bounds)
    assert scaled.scores == pytest.approx(found.scores, abs=1e-7)


def test_gaps_and_bad_bounds_are_told() -> None:
    found = benefit_of_the_doubt([[1.0, np.nan], [0.5, 1.0], [0.4, 0.2]])
    assert np.isnan(found.scores[0])
    assert found.scores[1:] == pytest.approx([1, 0.8])
    assert [problem.code for problem in found.problems] == ["unit_with_gaps"]
    for call in (
        lambda: benefit_of_the_doubt([[1.0, -1.0]]),
        lambda: benefit_of_the_doubt([[1.0, 1.0]], 0.6),
        lambda: benefit_of_the_doubt([[1.0, 1.0]], 0.0, 0.4),
        lambda: benefit_of_the_doubt([[1.0, 1.0]], {"z": 0.1}),
    ):
        with pytest.raises(InputError):
            call()
