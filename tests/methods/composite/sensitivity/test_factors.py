"""Sets of weights, probabilities, noise that is already in the data, missing cells: each as one uncertain factor."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    Alternatives,
    CompositeResult,
    DataNoise,
    Framework,
    Imputation,
    Impute,
    IndicatorData,
    WeightNoise,
    WeightSets,
    imputation_variance,
    levels_by_sample_range,
    replay_design,
)
from qualipolis.methods.composite.sensitivity.levels import levels_of
from qualipolis.methods.problems import InputError

MEANS = Alternatives("aggregate.method", ("arithmetic", "geometric"))
LOW = Alternatives("normalise.low", (1.0,))
SETS = ({"p0": 3.0, "p1": 1.0}, {"p0": 1.0, "p1": 3.0}, {"i0": 0.0})


@pytest.fixture
def result(framework: Framework, make_towns) -> CompositeResult:
    return CITY_PIPELINE.run(framework, make_towns(missing=0.1))


def test_a_set_of_weights_gives_the_ranks_of_a_run_with_these_weights(result: CompositeResult) -> None:
    found = replay_design(result, (WeightSets(SETS), LOW, MEANS), [[s, 0, m] for s in range(3) for m in range(2)])
    for row, (weights, mean) in enumerate((w, m) for w in SETS for m in MEANS.values):
        one = result.replay({"weigh.weights": weights, "normalise.low": 1.0, "aggregate.method": mean})
        np.testing.assert_array_equal(found.scores[row], one.score("index"))


def test_sets_may_be_a_matrix_with_or_without_names(result: CompositeResult) -> None:
    named = replay_design(result, (WeightSets([[3.0, 1.0], [1.0, 3.0]], nodes=("p0", "p1")),), [[0], [1]])
    whole = np.array([[node.weight for node in result.framework.nodes]] * 2)
    whole[:, [result.framework.index("p0"), result.framework.index("p1")]] = [[3, 1], [1, 3]]
    full = replay_design(result, (WeightSets(whole),), [[0], [1]])
    np.testing.assert_array_equal(named.scores, full.scores)


def test_noise_on_weights_multiplies_the_set_drawn(result: CompositeResult) -> None:
    still = result.uncertainty(20, factors=(WeightSets(SETS), WeightNoise(0.0)))
    np.testing.assert_array_equal(
        still.replicate_ranks, result.uncertainty(20, factors=(WeightSets(SETS),)).replicate_ranks
    )


def test_sets_cost_one_pipeline_not_one_for_each(result: CompositeResult, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    plain = type(result.pipeline.aggregate).scores
    monkeypatch.setattr(type(result.pipeline.aggregate), "scores", lambda *a: runs.append(1) or plain(*a))
    result.uncertainty(500, factors=(WeightSets(SETS * 20),))
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("factor", "code"),
    [
        (WeightSets(()), "no_alternatives"),
        (WeightSets(({"zzz": 1.0},)), "unknown_code"),
        (WeightSets(({"p0": -1.0},)), "bad_weight"),
        (WeightSets(({"p0": 0.0, "p1": 0.0},)), "zero_weights"),
        (WeightSets([[1.0, 2.0, 3.0]], nodes=("p0", "p1")), "wrong_shape"),
        (WeightSets(SETS, probabilities=(1.0,)), "bad_probabilities"),
        (Alternatives("aggregate.method", ("arithmetic",), (-1.0,)), "bad_probabilities"),
        (Imputation("magic"), "unknown_choice"),
        (Imputation("group_mean"), "group_needed"),
        (Imputation("group_mean", group="zzz"), "unknown_group"),
    ],
)
def test_factors_that_do_not_fit_are_refused(result: CompositeResult, factor: object, code: str) -> None:
    with pytest.raises(InputError) as refused:
        result.uncertainty(3, factors=(factor,))
    assert code in {problem.code for problem in refused.value.problems}


def test_two_factors_of_one_kind_are_refused(result: CompositeResult) -> None:
    for twice in (WeightSets(SETS), Imputation("mean")):
        with pytest.raises(InputError, match="stands twice"):
            result.uncertainty(3, factors=(twice, twice))


def test_a_likely_value_is_drawn_more_often(result: CompositeResult) -> None:
    rng = np.random.default_rng(0)
    drawn = Alternatives("aggregate.method", ("arithmetic", "geometric"), (0.9, 0.1)).draw(rng, 5000)
    assert 0.88 < (drawn == 0).mean() < 0.92
    assert 0.7 < (WeightSets(SETS, probabilities=(3, 1, 0)).draw(rng, 5000) == 0).mean() < 0.8


def test_a_value_that_is_never_drawn_need_not_work(framework: Framework, data: IndicatorData) -> None:
    plain = DEFAULT_PIPELINE.run(framework, data)  # scale from 0: no geometric mean
    with pytest.raises(InputError):
        plain.uncertainty(5, factors=(MEANS,))
    assert plain.uncertainty(5, factors=(Alternatives(MEANS.address, MEANS.values, (1.0, 0.0)),)).failed == 0


def test_levels_are_equal_bins_over_the_unit_interval_and_the_reference_takes_the_sample() -> None:
    u = np.array([0.30, 0.40, 0.49, 0.50])
    assert levels_of(u, 2).tolist() == [0, 0, 0, 1]
    assert levels_by_sample_range(u, 2).tolist() == [0, 0, 1, 1]


def gaps(framework: Framework, make_towns, missing: float = 0.2) -> CompositeResult:
    steps = (*DEFAULT_PIPELINE.steps[:1], Impute("mean"), *DEFAULT_PIPELINE.steps[1:])
    return type(DEFAULT_PIPELINE)(steps).run(framework, make_towns(units=20, missing=missing))


def test_missing_cells_drawn_anew_widen_the_intervals(framework: Framework, make_towns) -> None:
    result = gaps(framework, make_towns)
    found = result.uncertainty(200, factors=(Imputation("regression"),), nodes=("index",))
    low, _median, high = found.rank_quantiles[:, 0]
    assert (high - low).mean() > 1
    assert found.failed == 0


def test_nothing_missing_means_nothing_drawn(framework: Framework, make_towns) -> None:
    result = gaps(framework, make_towns, missing=0.0)
    found = result.uncertainty(20, factors=(Imputation("mean"),))
    assert (found.replicate_ranks == found.replicate_ranks[0]).all()


def test_an_imputation_replicate_is_the_run_on_the_filled_data(framework: Framework, make_towns) -> None:
    """Fill the table by hand with what the predictive distribution draws."""
    from qualipolis.methods.composite.impute_model import predictive

    result = gaps(framework, make_towns)
    found = replay_design(result, (Imputation("mean"),), [[7]], seed=3)
    means, sds = predictive(result.data.values, "mean")
    holes = np.isnan(result.data.values)
    filled = result.data.values.copy()
    draws = np.random.default_rng((3, 0, 7)).standard_normal(holes.sum())
    filled[holes] = means[holes] + sds[holes] * draws
    one = result.pipeline.run(framework, IndicatorData(result.data.units, result.data.codes, filled))
    np.testing.assert_allclose(found.scores[0], one.score("index"), rtol=1e-12)


def test_imputation_and_noise_may_vary_together(framework: Framework, make_towns) -> None:
    result = gaps(framework, make_towns)
    both = result.uncertainty(60, factors=(Imputation("mean"), DataNoise(0.5)), nodes=("index",), threads=1)
    again = result.uncertainty(60, factors=(Imputation("mean"), DataNoise(0.5)), nodes=("index",), threads=3)
    np.testing.assert_array_equal(both.replicate_ranks, again.replicate_ranks)
    only = result.uncertainty(60, factors=(Imputation("mean"),), nodes=("index",))
    assert both.rank_variance("index").sum() > only.rank_variance("index").sum()


def test_the_share_of_the_gaps_is_none_without_gaps_and_all_without_anything_else(framework, make_towns) -> None:
    full, holed = gaps(framework, make_towns, missing=0.0), gaps(framework, make_towns)
    assert imputation_variance(full, (Imputation("mean"), WeightNoise(0.5))).overall < 0.02
    assert imputation_variance(holed, (Imputation("mean"),)).overall == pytest.approx(1.0)
    shared = imputation_variance(holed, (Imputation("mean"), WeightNoise(0.5)))
    assert 0 < shared.overall < 1
    assert ((shared.share >= 0) & (shared.share <= 1)).all()
    np.testing.assert_allclose(shared.total, shared.within + 1.05 * shared.between)
    assert "%" in str(shared.statement())
    with pytest.raises(InputError):
        imputation_variance(holed, (WeightNoise(0.5),))


def test_noise_that_the_data_already_hold_pulls_the_first_down(framework: Framework, make_towns) -> None:
    result = CITY_PIPELINE.run(framework, make_towns(units=40))
    naive = result.uncertainty(400, factors=(DataNoise(3.0),), nodes=("index",))
    fair = result.uncertainty(400, factors=(DataNoise(3.0, observed=True),), nodes=("index",))
    best = int(np.argmin(result.ranks("index")))
    assert fair.scores_quantiles[1, 0, best] < result.score("index")[best]
    assert fair.rank_variance("index").mean() > naive.rank_variance("index").mean()
    assert fair.factors == ("normal noise on the data, measured with it",)
