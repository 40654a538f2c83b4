"""Exact and sampled sensitivity indices: closed forms, each other, failures, and the reference's defects beside the right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    Alternatives,
    CompositeResult,
    DataNoise,
    Framework,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Weigh,
    WeightNoise,
    WeightSets,
    exact_indices,
    indices_of_runs,
    replay_design,
    sobol_indices,
    sobol_of,
)
from qualipolis.methods.composite.aggregate import Aggregate
from qualipolis.methods.composite.sensitivity.estimators import student_quantile
from qualipolis.methods.composite.sensitivity.exact import decomposed
from qualipolis.methods.composite.sensitivity.output import rank_changes
from qualipolis.methods.composite.sensitivity.sequence import (
    DIMENSIONS,
    _directions,
    plain_points,
    scrambled_points,
)
from qualipolis.methods.problems import InputError

SETS = WeightSets(tuple({"p0": 1.0 + k, "p1": 5.0 - k} for k in range(5)))
SCALES = Alternatives("normalise", (Normalise("minmax", 1.0, 100.0), Normalise("zscore", mean=10.0, sd=2.0)))
MEANS = Alternatives("aggregate.method", ("arithmetic", "geometric"))
FACTORS = (SCALES, SETS, MEANS)
LOW = Alternatives("normalise.low", (1.0,))
A_OF_G = np.array([0.0, 1.0, 4.5, 9.0])


@pytest.fixture
def result(framework: Framework, make_towns) -> CompositeResult:
    return DEFAULT_PIPELINE.run(framework, make_towns(units=25))


def ishigami(u: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g_function(u: np.ndarray) -> np.ndarray:
    return np.prod((np.abs(4 * u - 2) + A_OF_G) / (1 + A_OF_G), axis=1)


def closed_forms() -> list[tuple[object, np.ndarray]]:
    own = np.array([0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.0])
    joint = 0.01 * np.pi**8 * 8 / 225
    v = own.sum() + joint
    of_g = 1 / (3 * (1 + A_OF_G) ** 2)
    whole = np.prod(1 + of_g) - 1
    return [
        (ishigami, np.stack([own, own + np.array([joint, 0, joint])]) / v),
        (g_function, np.stack([of_g, of_g * np.prod(1 + of_g) / (1 + of_g)]) / whole),
    ]


@pytest.mark.parametrize("estimator", ["janon", "saltelli"])
@pytest.mark.parametrize(("function", "exact"), closed_forms())
def test_it_finds_the_closed_forms(function, exact: np.ndarray, estimator: str) -> None:
    found = sobol_of(function, tuple("abcd"[: exact.shape[1]]), n=2**14, estimator=estimator, level=0.999)
    np.testing.assert_allclose([found.first[0], found.total[0]], exact, atol=0.01)
    assert ((found.first[1] <= exact[0] + 1e-9) & (exact[0] - 1e-9 <= found.first[2])).all()
    assert ((found.total[1] <= exact[1]) & (exact[1] <= found.total[2])).all()


def test_sampled_indices_converge_to_the_exact_ones_within_their_intervals(result: CompositeResult) -> None:
    exact = exact_indices(result, FACTORS)
    found = sobol_indices(result, FACTORS, n=4096, level=0.99)
    for mine, value in ((found.first, exact.first), (found.total, exact.total)):
        assert ((mine[1] <= value) & (value <= mine[2])).all()
    np.testing.assert_allclose([found.first[0], found.total[0]], [exact.first, exact.total], atol=0.03)
    np.testing.assert_allclose([found.mean, found.variance], [exact.mean, exact.variance], rtol=0.03)
    widths = found.series[:, :, 2] - found.series[:, :, 1]
    assert (widths[-1].max(axis=1) < widths[0].max(axis=1)).all()
    assert found.steps == (512, 1024, 2048, 4096)
    assert found.converged(0.05)
    assert found.convergence().height == 4 * 2 * 3


def test_it_says_when_it_has_not_settled(result: CompositeResult) -> None:
    few = sobol_indices(result, FACTORS, n=32)
    assert few.statement().code == "not_converged"
    assert "rows" in str(few.statement())
    assert few.method == "bootstrap"
    assert sobol_indices(result, FACTORS, n=256).method == "scrambles"
    assert sobol_indices(result, FACTORS, n=256, sampling="random").method == "bootstrap"


@given(st.integers(0, 10**6))
def test_indices_and_interactions_sum_to_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = tuple(rng.integers(1, 5, 3).tolist())
    weights = [np.full(s, 1 / s) if rng.random() < 0.5 else rng.dirichlet(np.ones(s)) for s in sizes]
    y = rng.normal(size=sizes)
    found = decomposed(y, weights, ("a", "b", "c"))
    parts = found.first.sum() + sum(found.interactions.values())
    assert parts == pytest.approx(1.0 if found.variance > 0 else 0.0, abs=1e-9)
    for i, name in enumerate("abc"):
        own = found.first[i] + sum(v for u, v in found.interactions.items() if name in u)
        assert found.total[i] == pytest.approx(own, abs=1e-9)


def test_probabilities_count_like_repeated_values(result: CompositeResult) -> None:
    twice = Alternatives(MEANS.address, ("arithmetic", "arithmetic", "geometric"))
    likely = Alternatives(MEANS.address, MEANS.values, (2.0, 1.0))
    one, two = exact_indices(result, (SCALES, SETS, twice)), exact_indices(result, (SCALES, SETS, likely))
    np.testing.assert_allclose([one.mean, one.variance, *one.total], [two.mean, two.variance, *two.total])


def test_a_value_of_probability_zero_is_not_run(framework: Framework, data: IndicatorData) -> None:
    plain = CITY_PIPELINE.run(framework, data)  # goalposts from 0: no geometric mean
    never = Alternatives(MEANS.address, MEANS.values, (1.0, 0.0))
    assert exact_indices(plain, (SETS, never)).runs == SETS.count
    with pytest.raises(InputError):
        exact_indices(plain, (SETS, Alternatives(MEANS.address, MEANS.values, (1.0, -1.0))))


def test_the_output_may_be_a_rank_a_score_or_a_function(result: CompositeResult) -> None:
    unit = result.units[3]
    rank = exact_indices(result, FACTORS, "rank", unit=unit)
    same = exact_indices(result, FACTORS, lambda scores, ranks: ranks[:, 3])
    np.testing.assert_allclose(rank.total, same.total)
    score = exact_indices(result, FACTORS, "score", unit=unit, node="p0")
    assert score.first[1] == pytest.approx(0.0, abs=1e-12)  # weights above p0 do not move it


@pytest.mark.parametrize(
    ("factors", "arguments", "code"),
    [
        ((WeightNoise(0.2),), {}, "not_discrete"),
        ((), {}, "no_factors"),
        ((Alternatives("treat.winmax", tuple(range(1000))), WeightSets(SETS.sets * 100)), {}, "too_many_combinations"),
        (FACTORS, {"output": "magic"}, "unknown_choice"),
        (FACTORS, {"output": "rank", "unit": "zzz"}, "unknown_unit"),
        (FACTORS, {"node": "zzz"}, "unknown_code"),
        (FACTORS, {"output": lambda scores, ranks: scores}, "wrong_shape"),
    ],
)
def test_what_cannot_be_enumerated_is_refused_in_words(result, factors, arguments: dict, code: str) -> None:
    with pytest.raises(InputError) as refused:
        exact_indices(result, factors, **arguments)
    assert code in {problem.code for problem in refused.value.problems}


def fragile() -> tuple[CompositeResult, tuple[DataNoise, WeightNoise]]:
    """Raw values into a geometric mean: noise pushes some below zero."""
    tree = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    data = IndicatorData(("t", "u", "v"), ("a", "b"), [[1, 5], [2, 4], [3, 4.5]])
    return Pipeline((Weigh(), Aggregate("geometric"))).run(tree, data), (DataNoise(0.4), WeightNoise(0.5))


def test_failed_replicates_are_counted_and_the_rest_gives_numbers() -> None:
    result, factors = fragile()
    found = sobol_indices(result, factors, n=256, output="score", unit="t")
    assert 0 < found.failed < found.runs
    assert found.complete < found.n
    assert sum(failure.count for failure in found.failures) == found.failed
    assert not np.isnan([found.first, found.total]).any()
    old = np.where(np.random.default_rng(0).random(40) < 0.1, np.nan, np.random.default_rng(1).random(40))
    assert np.isnan(indices_of_runs(old, ("a", "b"), compat="coinr-1.1.14").first).all()  # D7
    assert not np.isnan(indices_of_runs(np.tile(old, 4), ("a", "b")).first).any()


def test_a_space_with_holes_has_no_exact_indices() -> None:
    tree = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    data = IndicatorData(("t", "u", "v"), ("a", "b"), [[-1, 5], [2, 4], [3, 4.5]])
    result = Pipeline((Weigh(), Aggregate())).run(tree, data)
    with pytest.raises(InputError) as refused:
        exact_indices(result, (MEANS, WeightSets(({"a": 1.0}, {"a": 2.0}))))
    codes = {problem.code for problem in refused.value.problems}
    assert codes & {"failed_combinations", "not_positive"}
    done = replay_design(result, (MEANS,), [["arithmetic"], ["geometric"], ["geometric"]])
    assert done.failed == 2
    assert done.failures[0].count == 2


def test_leaving_units_out_moves_nobody_who_stays(framework: Framework, make_towns) -> None:
    """D12: with a screening factor alone nobody's rank changes; the reference charges the empty places."""
    data = make_towns(units=20)
    values = data.values.copy()
    first = int(np.argmin(CITY_PIPELINE.run(framework, data).ranks("index")))
    values[first, 5] = np.nan
    plain = Pipeline((*DEFAULT_PIPELINE.steps[:2], *CITY_PIPELINE.steps[1:])).run(
        framework, IndicatorData(data.units, data.codes, values)
    )
    screening = Alternatives("screen.available", (0.5, 1.0))
    run = replay_design(plain, (screening,), [[0], [1]])
    assert (run.ranks[1] == 0).sum() == 1
    shifted = np.abs(run.ranks[1][run.ranks[1] > 0].astype(int) - plain.ranks("index")[run.ranks[1] > 0])
    assert shifted.mean() > 0.5  # as the reference compares
    assert run.output().tolist() == [0.0, 0.0]
    found = exact_indices(plain, (screening, Alternatives("weigh.method", ("meta", "equal"))))
    assert found.total[0] < 0.2


def test_ranks_are_compared_on_the_units_that_both_rank() -> None:
    nominal = np.array([4.0, 3.0, 2.0, np.nan])
    scores = np.array([[4.0, 3.0, 2.0, 9.0], [1.0, np.nan, 2.0, np.nan]])
    ranks = np.array([[2, 3, 4, 1], [2, 0, 1, 0]], dtype=np.uint32)
    found = rank_changes(ranks, scores, nominal)
    np.testing.assert_array_equal(found, [[0, 0, 0, np.nan], [1, np.nan, -1, np.nan]])


def test_centred_estimators_do_not_mind_the_level_of_the_output() -> None:
    """D10: the reference's index of an output far from zero is noise; ours does not move."""
    rng = np.random.default_rng(3)
    u = rng.random((2, 400, 3))
    mixed = [np.where(np.arange(3) == i, u[1], u[0]) for i in range(3)]
    y = np.concatenate([ishigami(x) for x in (u[0], u[1], *mixed)])
    names = ("a", "b", "c")
    near, far = indices_of_runs(y, names), indices_of_runs(y + 1000, names)
    np.testing.assert_allclose(near.first, far.first, atol=1e-6)
    off = [indices_of_runs(y + c, names, compat="coinr-1.1.14").first[0] for c in (0.0, 1000.0)]
    assert np.abs(off[1] - off[0]).max() > 1


@pytest.mark.parametrize("arguments", [{"n": 4}, {"estimator": "magic"}, {"sampling": "magic"}])
def test_impossible_requests_are_refused(result: CompositeResult, arguments: dict) -> None:
    with pytest.raises(InputError):
        sobol_indices(result, FACTORS, **arguments)
    with pytest.raises(InputError):
        indices_of_runs([1.0, 2.0, 3.0, 4.0], ("a",))
    with pytest.raises(InputError):
        indices_of_runs([1.0, 2.0, 3.0], ("a",), compat="magic")


def test_a_replay_takes_positions_values_and_names(result: CompositeResult) -> None:
    rows = replay_design(result, (MEANS, LOW), [["arithmetic", 0], ["geometric", 0]])
    named = replay_design(result, (MEANS, LOW), {"aggregate.method": [0, 1], "normalise.low": [0, 0]})
    np.testing.assert_array_equal(rows.scores, named.scores)
    assert rows.rank_table().columns == ["unit", "nominal", "mean", "median", "low", "high"]
    for bad in ([["magic", 0]], [[0]], [], {"aggregate.method": [0]}):
        with pytest.raises(InputError):
            replay_design(result, (MEANS, LOW), bad)


def test_the_sequence_is_that_of_joe_and_kuo_and_scrambles_keep_its_balance() -> None:
    from scipy.stats import qmc

    mine = plain_points(7, _directions(DIMENSIONS), np.zeros(DIMENSIONS, dtype=np.int64))
    theirs = qmc.Sobol(DIMENSIONS, scramble=False).random(128)
    np.testing.assert_array_equal(mine[np.lexsort(mine.T)], theirs[np.lexsort(theirs.T)])
    drawn = scrambled_points(7, 10, 2, seed=1)
    assert (np.sort((drawn * 128).astype(int), axis=1) == np.arange(128)[:, None]).all()
    assert (drawn[0] != drawn[1]).any()
    assert scrambled_points(3, DIMENSIONS + 1, 1, seed=1).shape == (1, 8, DIMENSIONS + 1)


def test_quantiles_agree_with_a_statistics_package() -> None:
    from scipy.stats import t

    for freedom in (1, 2, 7, 15):
        for level in (0.5, 0.9, 0.99):
            assert student_quantile(level, freedom) == pytest.approx(t.ppf((1 + level) / 2, freedom), rel=1e-9)
