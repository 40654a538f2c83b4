"""Pipelines: serialised and back, checked before running, replayed from the first change."""

from __future__ import annotations

import json
import tomllib

import numpy as np
import pytest

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    Aggregate,
    Denominate,
    Framework,
    Impute,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Screen,
    Treat,
    Weigh,
)
from qualipolis.methods.problems import InputError

EVERYTHING = Pipeline(
    (
        Denominate({"i0": "people"}, {"i0": 1000}),
        Impute("group_median", group="kind", id="before"),
        Screen(0.5, 0.1, ("t01",), ("t02",)),
        Treat(3, 1.5, 2, "log_ct", ("i1",)),
        Normalise("minmax", 1, 100, indicators={"i2": {"method": "zscore", "mean": 50}}),
        Impute("mean", id="after"),
        Weigh("equal", {"p0": 2}),
        Aggregate("geometric", {"2": "arithmetic"}, {"index": "harmonic"}, 0.25),
    )
)


def refused(spec: object) -> list[str]:
    with pytest.raises(InputError) as error:
        Pipeline.from_dict(spec)
    return [problem.code for problem in error.value.problems]


@pytest.mark.parametrize("pipeline", [DEFAULT_PIPELINE, CITY_PIPELINE, EVERYTHING])
def test_it_survives_json(pipeline: Pipeline) -> None:
    again = Pipeline.from_dict(json.loads(json.dumps(pipeline.to_dict())))
    assert again == pipeline
    assert again.hash == pipeline.hash


def test_it_reads_the_shape_of_a_toml_file() -> None:
    text = '[[steps]]\nstep = "normalise"\nlow = 1\n[[steps]]\nstep = "aggregate"\nmethod = "geometric"\n'
    assert Pipeline.from_dict(tomllib.loads(text)) == Pipeline((Normalise(low=1.0), Aggregate("geometric")))


def test_its_hash_does_not_depend_on_how_a_number_is_written() -> None:
    assert Treat(skew=2).to_dict() == Treat(skew=2.0).to_dict()
    assert DEFAULT_PIPELINE.hash != DEFAULT_PIPELINE.with_changes({"treat.winmax": 4}).hash


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], ["no_steps"]),
        ("text", ["no_steps"]),
        ([{"step": "polish"}, {"step": "aggregate", "colour": 1}], ["unknown_step", "unknown_parameter"]),
        ([{"step": "treat", "winmax": "five", "log": 1}], ["unknown_parameter", "wrong_type"]),
        ([{"step": "treat", "winmax": True}], ["wrong_type"]),
        ([{"step": "treat", "winmax": -1, "transform": "magic"}], ["out_of_range", "unknown_choice"]),
        ([{"step": "normalise"}], ["aggregate_last"]),
        ([{"step": "aggregate"}, {"step": "normalise"}], ["aggregate_last", "step_order"]),
        ([{"step": "normalise"}, {"step": "treat"}, {"step": "aggregate"}], ["step_order"]),
        ([{"step": "impute"}, {"step": "impute"}, {"step": "aggregate"}], ["duplicate_step"]),
        ([{"step": "impute", "method": "group_mean"}, {"step": "aggregate"}], ["group_needed"]),
        ([{"step": "normalise", "low": 5, "high": 5}, {"step": "aggregate"}], ["out_of_range"]),
        ([{"step": "normalise", "indicators": {"a": {"shade": 1}}}, {"step": "aggregate"}], ["unknown_parameter"]),
        ([{"step": "weigh", "weights": {"a": -1}}, {"step": "aggregate"}], ["out_of_range"]),
        ([{"step": "screen", "available": 2}, {"step": "aggregate"}], ["out_of_range"]),
    ],
)
def test_it_refuses_a_bad_specification(steps: object, expected: list[str]) -> None:
    assert refused({"steps": steps}) == expected


def test_it_names_the_unknown_parameter() -> None:
    with pytest.raises(InputError, match="PIPELINE step 1: The step treat has no parameter winmx"):
        Pipeline.from_dict({"steps": [{"step": "treat", "winmx": 3}, {"step": "aggregate"}]})


@pytest.mark.parametrize("changes", [{"treet.winmax": 3}, {"treat.winmx": 3}, {"treat.winmax": "x"}])
def test_replay_names_an_address_that_is_not_there(framework, data, changes: dict) -> None:
    with pytest.raises(InputError):
        DEFAULT_PIPELINE.run(framework, data).replay(changes)


def test_replay_takes_over_the_stages_before_the_change(framework: Framework, data: IndicatorData) -> None:
    first = DEFAULT_PIPELINE.run(framework, data)
    second = first.replay({"normalise.low": 1.0})
    for name in ("raw", "denominate", "screen", "treat"):
        assert second.stages[name] is first.stages[name]
    for name in ("normalise", "weigh", "aggregate"):
        assert second.stages[name] is not first.stages[name]


def test_replay_equals_a_fresh_run(framework: Framework, data: IndicatorData) -> None:
    changes = {"treat.winmax": 1, "normalise": Normalise("zscore"), "weigh.method": "equal"}
    replayed = DEFAULT_PIPELINE.run(framework, data).replay(changes)
    fresh = DEFAULT_PIPELINE.with_changes(changes).run(framework, data)
    assert [stage.key for stage in replayed.runs] == [stage.key for stage in fresh.runs]
    np.testing.assert_array_equal(replayed.scores, fresh.scores)


def test_a_change_of_nothing_recomputes_nothing(framework: Framework, data: IndicatorData) -> None:
    first = DEFAULT_PIPELINE.run(framework, data)
    assert first.replay({"treat.winmax": 5}).runs == first.runs


def test_no_stage_can_be_changed_in_place(framework: Framework, data: IndicatorData) -> None:
    for stage in DEFAULT_PIPELINE.run(framework, data).runs:
        with pytest.raises(ValueError, match="read-only"):
            stage.values[0, 0] = 1.0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aggregate.method": "geometric"}, "zero_geometric"),
        ({"aggregate.method": "harmonic"}, "zero_geometric"),
        ({"normalise.method": "zscore", "aggregate.method": "geometric"}, "zscore_geometric"),
        ({"weigh.weights": {"zzz": 1.0}}, "unknown_code"),
        ({"weigh.weights": {"p0": 0.0, "p1": 0.0}}, "zero_weights"),
        ({"treat.skip": ("zzz",)}, "unknown_indicator"),
        ({"screen.exclude": ("zzz",)}, "unknown_unit"),
    ],
)
def test_what_cannot_work_is_refused_before_running(framework, data, changes: dict, expected: str) -> None:
    with pytest.raises(InputError) as error:
        DEFAULT_PIPELINE.with_changes(changes).run(framework, data)
    assert expected in {problem.code for problem in error.value.problems}


def test_a_geometric_mean_of_raw_values_below_zero_is_refused(make_tree) -> None:
    data = IndicatorData(("t", "u"), [f"i{k}" for k in range(6)], np.vstack([np.ones(6), -np.ones(6)]))
    with pytest.raises(InputError, match="not above 0"):
        Pipeline((Aggregate("geometric"),)).run(make_tree(), data)


def test_a_screen_that_leaves_nobody_is_refused(framework: Framework, data: IndicatorData) -> None:
    with pytest.raises(InputError, match="No unit has enough data"):
        DEFAULT_PIPELINE.with_changes({"screen.exclude": data.units}).run(framework, data)


def test_a_screened_unit_is_named_and_not_scored(framework: Framework, make_towns) -> None:
    data = make_towns()
    values = data.values.copy()
    values[3, :4] = np.nan
    result = DEFAULT_PIPELINE.run(framework, IndicatorData(data.units, data.codes, values))
    assert "t03" not in result.units
    assert [p.place for p in result.problems if p.code == "screened_out"] == ["DATA t03"]
    assert result.details["screen"].filter(unit="t03")["included"].to_list() == [False]


def test_indicators_may_have_a_normalisation_of_their_own() -> None:
    nodes = (
        Node("a", parent="X", floor=0.0, target=10.0),
        Node("b", parent="X", direction=-1),
        Node("X", level=2, kind="aggregate"),
    )
    data = IndicatorData(("t", "u", "v"), ("a", "b"), [[5, 1], [6, 2], [7, 3]])
    scale = Normalise(indicators={"a": {"method": "goalposts"}})
    result = Pipeline((scale, Aggregate())).run(Framework(nodes), data)
    assert result.score("a") == pytest.approx([50.0, 60.0, 70.0])
    assert result.score("b") == pytest.approx([100.0, 50.0, 0.0])
