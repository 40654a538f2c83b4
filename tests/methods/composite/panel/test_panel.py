"""Panels: time as an axis, the same numbers as year by year, replays, changes with their error, trends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    Alternatives,
    Framework,
    ImputePanel,
    IndicatorData,
    Node,
    Normalise,
    PanelData,
    PanelResult,
    Pipeline,
    Screen,
    WeightNoise,
    exact_indices,
    impute_panel,
    level_and_improvement,
    remove_elements,
    run_panel,
    trends,
)
from qualipolis.methods.composite.panel import cagr, fill_series, percent_change, theil_sen
from qualipolis.methods.problems import InputError

NAN = float("nan")


def tree(count: int = 4) -> Framework:
    leaves = (Node(f"i{k}", parent=f"p{k % 2}", weight=1.0 + k, floor=0.0, target=12.0) for k in range(count))
    middle = (Node(f"p{k}", parent="index", level=2, kind="aggregate") for k in range(2))
    return Framework((*leaves, *middle, Node("index", level=3, kind="aggregate")))


def some(times: int = 3, units: int = 8, missing: float = 0.0, seed: int = 0, gone: bool = False) -> PanelData:
    rng = np.random.default_rng(seed)
    values = rng.gamma(2.0, 2.0, (times, units, 4))
    values[rng.random(values.shape) < missing] = NAN
    if gone:
        values[0, 0] = values[-1, 1] = values[times // 2, 2] = NAN
    return PanelData(tuple(range(2020, 2020 + times)), [f"t{k}" for k in range(units)], tree().indicators, values)


def ran(scale: str = "pooled", **more: object) -> PanelResult:
    return run_panel(DEFAULT_PIPELINE, tree(), some(**more), scale)


@given(st.integers(0, 10**6), st.sampled_from((0.0, 0.15)), st.sampled_from(("pooled", "yearly")))
def test_a_panel_of_one_year_is_a_single_run(seed: int, missing: float, scale: str) -> None:
    panel = some(1, 8, missing, seed)
    result = run_panel(DEFAULT_PIPELINE, tree(), panel, scale)
    plain = DEFAULT_PIPELINE.run(tree(), panel.year(2020))
    at = [result.units.index(unit) for unit in plain.units]
    np.testing.assert_array_equal(result.scores[0, at], plain.scores)
    np.testing.assert_array_equal(result.ranks("index")[0, at], plain.ranks("index"))


def test_a_yearly_scale_gives_each_year_by_itself() -> None:
    panel = some(missing=0.1)
    result = run_panel(DEFAULT_PIPELINE, tree(), panel, "yearly")
    for t, time in enumerate(panel.times):
        plain = DEFAULT_PIPELINE.run(tree(), panel.year(time))
        at = [result.units.index(unit) for unit in plain.units]
        np.testing.assert_allclose(result.scores[t, at], plain.scores, rtol=1e-12)
        assert np.isfinite(result.score("index")[t]).sum() == len(plain.units)


def test_goalposts_do_not_care_about_the_scope() -> None:
    panel = some(gone=True)
    one, two = (run_panel(CITY_PIPELINE, tree(), panel, scope) for scope in ("pooled", "yearly"))
    np.testing.assert_array_equal(one.scores, two.scores)
    for result in (one, run_panel(DEFAULT_PIPELINE, tree(), panel, treat="pooled")):
        assert result.change("t3", 2020, 2021).by_kind.keys() == {"value"}


def test_a_pooled_scale_replays_drops_and_answers_what_if() -> None:
    result = ran()
    assert result.replay({}).result.key == result.result.key
    low = result.replay({"normalise.low": 1.0, "treat.winmax": 2})
    assert np.nanmin(low.stage("normalise")) == 1.0
    assert Pipeline.from_dict(low.result.pipeline.to_dict()) == low.result.pipeline
    assert "i0" not in result.drop(("i0",)).nodes
    better = result.what_if("t2", 2021, {"i0": 11.0})
    assert better.panel.year(2021).column("i0")[2] == 11.0
    assert better.score("index")[1, 2] > result.score("index")[1, 2]


def test_one_year_of_a_panel_keeps_the_shared_scale_in_every_analysis() -> None:
    result = ran()
    year = result.year(2021)
    np.testing.assert_array_equal(year.score("index"), result.score("index")[1])
    np.testing.assert_array_equal(year.replay({"weigh.method": "equal"}).score("i0"), year.score("i0"))
    assert remove_elements(year).units == year.units
    factors = (Alternatives("normalise.method", ("minmax", "zscore")), Alternatives("weigh.method", ("meta", "equal")))
    assert set(exact_indices(year, factors).to_frame()["factor"]) == {"normalise.method", "weigh.method"}


def test_units_come_and_go_with_words() -> None:
    result = ran(gone=True)
    found = {p.code for p in result.problems}
    assert {"unit_enters", "unit_leaves", "unit_skips"} <= found
    assert np.isnan(result.ranks("index")[0, 0])
    assert {p.code for p in some(1).movements()} == {"one_time"}
    assert result.to_frame().filter(node="index").height == 24 - 3
    with pytest.raises(InputError, match=r"no score|was not scored"):
        result.change("t0", 2020, 2021)
    with pytest.raises(InputError, match="2019"):
        result.year(2019)


@given(st.integers(0, 10**6), st.sampled_from(("pooled", "yearly")))
def test_a_change_splits_exactly(seed: int, scale: str) -> None:
    result = ran(scale, missing=0.1, seed=seed)
    changed = result.replay({"normalise.low": 1.0, "aggregate.method": "geometric"})
    there = np.flatnonzero(~np.isnan(changed.score("index")).any(axis=0))
    for unit in [changed.units[k] for k in there[:3]]:
        found = changed.change(unit, 2020, 2022)
        assert abs(found.residual) < 1e-11


def test_a_change_of_scale_and_of_value_are_told_apart() -> None:
    fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    values = [[[5.0], [0.0], [10.0]], [[5.0], [0.0], [20.0]]]
    panel = PanelData((1, 2), ("u", "v", "w"), ("a",), values)
    assert run_panel(DEFAULT_PIPELINE, fw, panel, "yearly").change("u", 1, 2).by_kind == {"scale": -25.0}
    assert run_panel(DEFAULT_PIPELINE, fw, panel, "pooled").change("u", 1, 2).by_kind == {}


def test_a_change_is_surer_than_two_levels_under_the_same_draws() -> None:
    """A unit that only shifts by the same amount everywhere has no uncertain change of score, whatever the weights."""
    values = np.random.default_rng(3).uniform(1, 8, (1, 6, 4))
    panel = PanelData((1, 2), tuple("uvwxyz"), tree().indicators, np.concatenate([values, values + 1.0]))
    found = run_panel(CITY_PIPELINE, tree(), panel).uncertainty(200, seed=4, factors=(WeightNoise(0.5),))
    table = found.between(1, 2)
    assert (table["score_high"] - table["score_low"]).max() < 1e-9
    spread = found.to_frame().filter(time=2)
    assert (spread["score_high"] - spread["score_low"]).min() > 0.1
    assert table["rank_within_error"].all()
    assert not table["score_within_error"].any()
    assert table["probability_up"].to_list() == [1.0] * 6


def test_the_panel_of_replicates_is_that_of_each_year() -> None:
    result = ran()
    found = result.uncertainty(100, seed=5)
    year = result.year(2022).uncertainty(100, seed=5)
    np.testing.assert_array_equal(found.ranks[:, 2], year.replicate_ranks[:, year.nodes.index("index")])


SERIES = {
    "latest": [NAN, 2.0, 2.0, 2.0, 8.0, 8.0],
    "constant": [2.0, 2.0, 2.0, 2.0, 8.0, 8.0],
    "linear": [2.0, 2.0, 4.0, 6.0, 8.0, 8.0],
    "linear_constant": [2.0, 2.0, 4.0, 6.0, 8.0, 8.0],
}


@pytest.mark.parametrize("method", SERIES)
def test_gaps_in_time_are_filled(method: str) -> None:
    y = np.array([NAN, 2.0, NAN, NAN, 8.0, NAN])[:, None]
    np.testing.assert_array_equal(fill_series(y, np.arange(6.0), method)[0][:, 0], SERIES[method])
    near = fill_series(y, np.arange(6.0), method, max_gap=1)[0][:, 0]
    assert np.isnan(near[3]) == (method in ("latest", "constant"))


def test_one_observation_is_enough_except_for_a_line() -> None:
    y = np.array([NAN, 3.0, NAN])[:, None]
    assert fill_series(y, np.arange(3.0), "linear_constant")[0].ravel().tolist() == [3.0, 3.0, 3.0]
    assert np.isnan(fill_series(y, np.arange(3.0), "linear")[0]).sum() == 2


def test_the_step_fills_as_the_function_does_and_lists_it() -> None:
    panel = some(4, missing=0.2, seed=6)
    filled = impute_panel(panel, "linear_constant")
    steps = (Screen(0.0), *DEFAULT_PIPELINE.steps[2:])
    one = run_panel(Pipeline(steps), tree(), filled.panel)
    two = run_panel(Pipeline((ImputePanel("linear_constant"), *steps)), tree(), panel)
    np.testing.assert_array_equal(one.scores, two.scores)
    listed = two.result.details["impute_panel"]
    assert listed.height == filled.filled["value"].drop_nulls().len()
    with pytest.raises(InputError, match="run_panel"):
        Pipeline((ImputePanel(), *steps)).run(tree(), panel.year(2020))


def test_rows_become_axes() -> None:
    rows = [
        {"y": "2024", "u": "b", "n": "B", "g": "x", "pop": "3", "a": "1.5"},
        {"y": 2023.0, "u": "b", "n": "B", "g": "x", "pop": 2, "a": ""},
        {"y": "2024", "u": "a", "n": "A", "g": None, "pop": 1, "a": "NA"},
    ]
    names = {"time": "y", "unit": "u", "name": "n"}
    panel = PanelData.from_rows(rows, ("a",), groups=("g",), denominators=("pop",), **names)
    assert (panel.times, panel.units, panel.present.tolist()) == (
        (2023, 2024),
        ("b", "a"),
        [[True, False], [True, True]],
    )
    year = panel.year(2024)
    assert year.groups["g"] == ("x", None)
    assert year.denominators["pop"].tolist() == [3.0, 1.0]
    for bad in ([*rows, rows[0]], [{**rows[0], "a": "many"}], [{"y": 1}], []):
        with pytest.raises(InputError):
            PanelData.from_rows(bad, ("a",), groups=("g",), denominators=("pop",), **names)


def test_bad_panels_are_refused_with_every_reason() -> None:
    with pytest.raises(InputError) as caught:
        PanelData((2, 1), ("u", "u"), ("a",), [[[1.0]]], groups={"g": ["x"]})
    assert {p.code for p in caught.value.problems} == {"wrong_shape", "bad_times", "duplicate_unit"}
    with pytest.raises(InputError, match="no unit with data at 2"):
        PanelData((1, 2), ("u",), ("a",), [[[1.0]], [[NAN]]])


def test_trends_are_rates_with_their_basis() -> None:
    values = np.array([[[100.0, 5.0]], [[110.0, NAN]], [[121.0, NAN]]])
    panel = PanelData((2022, 2023, 2024), ("u",), ("a", "b"), values)
    table = trends(panel)
    assert table.row(0) == ("u", "a", "cagr", pytest.approx(0.1), 3, 1.0, 2022, 2024)
    assert table.row(1)[3:] == (None, 1, pytest.approx(1 / 3), 2022, 2022)
    assert trends(panel, method="theil_sen")["rate"][0] == pytest.approx(10.5)
    assert np.isnan(cagr([-1, 2], [1, 2]))
    assert np.isnan(cagr([0, 2], [1, 2]))
    assert cagr([0, 5, 0], [1, 2, 3]) == percent_change([0, 0, 0], [1, 2, 3]) == 0
    assert np.isnan(percent_change([1], [1]))
    assert theil_sen([1, 2, 3, 4, 100], [1, 2, 3, 4, 5]) == 1.0
    with pytest.raises(InputError):
        trends(panel, method="guess")


def test_level_and_improvement_share_the_score() -> None:
    fw = Framework((Node("a", parent="X", floor=0, target=100), Node("X", level=2, kind="aggregate")))
    panel = PanelData((1, 2), tuple("uvw"), ("a",), [[[90.0], [40.0], [NAN]], [[88.0], [55.0], [70.0]]])
    result = run_panel(CITY_PIPELINE, fw, panel)
    found = level_and_improvement(result)
    assert found.score[0, :2].tolist() == pytest.approx([0.7 * 88, 0.7 * 55 + 30])
    assert np.isnan(found.score[0, 2])
    assert found.to_frame()["rank"].to_list() == [2, 1, None]
    assert level_and_improvement(result, 1.0).score[0, :2].tolist() == pytest.approx([88.0, 55.0])
    for bad in ({"a": 1.5}, {"target": 0.0}):
        with pytest.raises(InputError):
            level_and_improvement(result, **bad)


def test_treatment_can_be_pooled_and_screens_may_name_units() -> None:
    panel = some(3, 20, seed=9)
    table = panel.values.copy()
    table[0, 0, 0], table[1, 1, 0] = 400.0, 500.0
    pipeline = DEFAULT_PIPELINE.with_changes({"screen.exclude": ["t3"]})
    yearly, pooled = (run_panel(pipeline, tree(), panel.with_values(table), treat=t) for t in ("yearly", "pooled"))
    assert yearly.result.details["treat"].columns[0] == "time"
    assert pooled.result.details["treat"].columns[0] == "node"
    assert np.isnan(yearly.score("index")[:, 3]).all()
    assert not np.array_equal(yearly.stage("treat"), pooled.stage("treat"), equal_nan=True)
    with pytest.raises(InputError):
        run_panel(pipeline, tree(), panel, scale="weekly")


def test_data_of_one_year_are_ordinary_data() -> None:
    assert isinstance(some().year(2021), IndicatorData)


def test_a_step_changed_as_a_whole_stays_time_by_time_and_may_name_a_unit() -> None:
    panel = some(2, 12)
    result = run_panel(DEFAULT_PIPELINE, tree(), panel, "yearly")
    after = result.replay({"normalise": Normalise("dist2ref", reference="t4"), "treat": {"step": "treat", "winmax": 1}})
    for t, time in enumerate(panel.times):
        changes = {"normalise": Normalise("dist2ref", reference="t4"), "treat.winmax": 1}
        plain = DEFAULT_PIPELINE.with_changes(changes).run(tree(), panel.year(time))
        np.testing.assert_allclose(after.scores[t], plain.scores, rtol=1e-12)
    with pytest.raises(InputError, match="nobody"):
        result.replay({"normalise": Normalise("dist2ref", reference="nobody")})
