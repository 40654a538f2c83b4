"""Rank intervals: the same numbers whatever the blocks and threads, failures counted, bad factors refused."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_FACTORS,
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
)
from qualipolis.methods.composite.aggregate import Aggregate
from qualipolis.methods.composite.sensitivity import replicates
from qualipolis.methods.problems import InputError

LOW = Alternatives("normalise.low", (1.0,))
MEANS = Alternatives("aggregate.method", ("arithmetic", "geometric"))
SCALES = Alternatives("normalise.method", ("minmax", "goalposts"))


@pytest.fixture
def result(framework: Framework, make_towns) -> CompositeResult:
    return CITY_PIPELINE.run(framework, make_towns(missing=0.1))


def same(one: object, other: object) -> None:
    np.testing.assert_array_equal(one.replicate_ranks, other.replicate_ranks)
    np.testing.assert_array_equal(one.scores_quantiles, other.scores_quantiles)


def test_it_is_decided_by_its_seed(result: CompositeResult) -> None:
    same(result.uncertainty(200, seed=4), result.uncertainty(200, seed=4))
    assert (result.uncertainty(200, seed=4).replicate_ranks != result.uncertainty(200, seed=5).replicate_ranks).any()


def test_threads_and_blocks_do_not_change_it(result: CompositeResult, monkeypatch: pytest.MonkeyPatch) -> None:
    factors = (WeightNoise(0.3), LOW, MEANS, SCALES, DataNoise(0.2))
    whole = result.uncertainty(60, factors=factors, threads=1)
    monkeypatch.setattr(replicates, "DATA_BLOCK_CELLS", 500)
    same(whole, result.uncertainty(60, factors=factors, threads=3))
    calm = result.uncertainty(60, threads=1)
    monkeypatch.setattr(replicates, "BLOCK_CELLS", 30)
    same(calm, result.uncertainty(60, threads=3))


def test_every_replicate_equals_a_run_by_itself(result: CompositeResult) -> None:
    """Replay the draws: one pipeline for each replicate, its weights set by hand."""
    n, tree = 25, result.framework
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(9).spawn(4)]
    noise = WeightNoise(0.4).draw(streams[0], n, tree)
    means, scales = streams[2].integers(0, 2, n), streams[3].integers(0, 2, n)
    batch = result.uncertainty(n, seed=9, factors=(WeightNoise(0.4), LOW, MEANS, SCALES))
    for r in range(n):
        weights = {node.code: node.weight * noise[r, i] for i, node in enumerate(tree.nodes)}
        changes = {"normalise.low": 1.0, "weigh.weights": weights}
        changes |= {"aggregate.method": MEANS.values[means[r]], "normalise.method": SCALES.values[scales[r]]}
        one = result.replay(changes)
        for k, node in enumerate(batch.nodes):
            np.testing.assert_array_equal(batch.replicate_ranks[r, k], one.ranks(node))


def test_without_uncertainty_every_interval_is_the_rank(result: CompositeResult) -> None:
    found = result.uncertainty(20, factors=(WeightNoise(0.0),))
    for k, node in enumerate(found.nodes):
        for quantile in found.rank_quantiles[:, k]:
            np.testing.assert_array_equal(quantile, result.ranks(node))
        np.testing.assert_array_equal(found.scores_quantiles[1, k], result.score(node))


def test_noise_on_the_data_widens_the_intervals(result: CompositeResult) -> None:
    quiet = result.uncertainty(200, factors=(DataNoise(0.01),), nodes=("index",)).rank_quantiles
    loud = result.uncertainty(200, factors=(DataNoise(1.0),), nodes=("index",)).rank_quantiles
    assert np.nansum(loud[2] - loud[0]) > np.nansum(quiet[2] - quiet[0])


def test_noise_on_the_data_can_be_given_for_each_cell(result: CompositeResult) -> None:
    errors = np.zeros(result.data.values.shape)
    still = result.uncertainty(30, factors=(DataNoise(errors),), nodes=("index",))
    assert (still.rank_quantiles[0] == still.rank_quantiles[2]).all()


def test_its_table_has_the_columns_that_others_read(result: CompositeResult) -> None:
    frame = result.uncertainty(50).to_frame()
    assert frame.columns == ["unit", "node", "rank_p05", "rank_median", "rank_p95"]
    assert frame.height == len(result.units) * len(result.framework.aggregates)


def test_the_probability_of_a_rank_adds_up(result: CompositeResult) -> None:
    found = result.uncertainty(300)
    last = found.rank_probability_at_most(len(result.units), "index")
    assert (last == 1.0).all()
    assert found.rank_probability_at_most(1, "index").sum() == pytest.approx(1.0)
    with pytest.raises(InputError):
        found.rank_probability_at_most(1, "zzz")


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ((Alternatives("treat.winmax", (1, 2)),), "unknown_step"),
        ((Alternatives("normalise.lo", (1,)),), "unknown_parameter"),
        ((Alternatives("normalise.method", ("magic",)),), "unknown_choice"),
        ((Alternatives("normalise.method", ()),), "no_alternatives"),
        ((MEANS,), "zero_geometric"),
        ((MEANS, Alternatives("normalise.method", ("minmax", "zscore")), LOW), "zscore_geometric"),
        ((LOW, LOW), "duplicate_factor"),
        ((DataNoise(-1.0),), "negative_errors"),
        ((DataNoise(np.ones((2, 99))),), "wrong_shape"),
    ],
)
def test_factors_that_cannot_work_are_refused_before_running(result, factors: tuple, expected: str) -> None:
    with pytest.raises(InputError) as refused:
        result.uncertainty(3, factors=factors)
    assert expected in {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize("arguments", [{"n": 0}, {"level": 1.0}, {"nodes": ("zzz",)}, {"n": 10**9}])
def test_impossible_requests_are_refused(result: CompositeResult, arguments: dict) -> None:
    with pytest.raises(InputError):
        result.uncertainty(**arguments)
    with pytest.raises(InputError):
        WeightNoise(1.5)


def narrow() -> CompositeResult:
    """Raw positive values into a geometric mean: noise can push one below zero."""
    tree = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    data = IndicatorData(("t", "u", "v"), ("a", "b"), [[1, 5], [2, 4], [3, 4.5]])
    return Pipeline((Weigh(), Aggregate("geometric"))).run(tree, data)


def test_failed_replicates_are_counted_with_their_reason() -> None:
    found = narrow().uncertainty(200, factors=(DataNoise(1.0),))
    assert 0 < found.failed < 200
    assert {failure.problem.code for failure in found.failures} == {"not_positive"}
    assert ((found.replicate_ranks == 0).all(axis=(1, 2))).sum() == found.failed


def test_it_is_refused_when_no_replicate_succeeds() -> None:
    with pytest.raises(InputError, match="No replicate succeeded"):
        narrow().uncertainty(5, factors=(DataNoise([1e6, 1e6]),), seed=1)


def test_whole_steps_can_be_alternatives(framework: Framework, data: IndicatorData) -> None:
    steps = Alternatives("normalise", (Normalise(low=1.0), Normalise("zscore", mean=10, sd=1)))
    found = DEFAULT_PIPELINE.run(framework, data).uncertainty(40, factors=(steps, MEANS))
    assert found.failed == 0
    assert "zscore" in found.factors[0]


def test_a_screened_unit_stays_out_when_the_data_are_noisy(framework: Framework, make_towns) -> None:
    data = make_towns()
    values = data.values.copy()
    values[3, :4] = np.nan
    values[5, :4] = 0.0
    base = DEFAULT_PIPELINE.with_changes({"screen.nonzero": 0.5})
    result = base.run(framework, IndicatorData(data.units, data.codes, values))
    found = result.uncertainty(30, factors=(DataNoise(0.1),))
    assert found.units == result.units
    assert not {"t03", "t05"} & set(found.units)
    assert (found.replicate_ranks > 0).all()


def test_a_unit_that_one_alternative_screens_out_is_not_ranked_there(framework: Framework, make_towns) -> None:
    data = make_towns()
    values = data.values.copy()
    values[3, :1] = np.nan
    result = DEFAULT_PIPELINE.run(framework, IndicatorData(data.units, data.codes, values))
    found = result.uncertainty(50, factors=(Alternatives("screen.available", (0.5, 1.0)),), nodes=("index",))
    row = found.units.index("t03")
    unranked = (found.replicate_ranks[:, 0, row] == 0).sum()
    assert 0 < unranked < 50
    assert not np.isnan(found.rank_quantiles[:, 0, row]).any()


def test_the_default_factors_fit_both_pipelines_and_fall_back_to_weights(framework, data: IndicatorData) -> None:
    assert len(DEFAULT_PIPELINE.run(framework, data).uncertainty(5).factors) == len(DEFAULT_FACTORS)
    assert len(CITY_PIPELINE.run(framework, data).uncertainty(5).factors) == len(DEFAULT_FACTORS)
    zscore = DEFAULT_PIPELINE.with_changes({"normalise.method": "zscore"}).run(framework, data)
    assert zscore.uncertainty(5).factors == ("weights +-25%, all levels",)


def test_weight_noise_covers_its_range_and_only_its_levels(framework: Framework) -> None:
    factors = WeightNoise(0.25, levels=(2,)).draw(np.random.default_rng(0), 4000, framework)
    moved = [node.level == 2 for node in framework.nodes]
    assert (factors[:, np.logical_not(moved)] == 1.0).all()
    assert 0.75 <= factors[:, moved].min() < 0.751
    assert 1.249 < factors[:, moved].max() <= 1.25


def test_the_level_names_the_columns(result: CompositeResult) -> None:
    assert "rank_p10" in result.uncertainty(20, level=0.8).to_frame().columns


def test_results_print_themselves(result: CompositeResult) -> None:
    assert "index" in str(result)
    assert "0 failed" in str(result.uncertainty(20))
