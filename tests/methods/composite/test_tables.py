"""The tables that people read."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    CompositeResult,
    Framework,
    IndicatorData,
    Node,
    group_ranks,
    strengths,
    unit_summary,
    weaknesses,
)
from qualipolis.methods.problems import InputError


@pytest.fixture
def result() -> CompositeResult:
    tree = Framework(
        (
            Node("pass", "Pass rate", "合格率", "X", unit="%"),
            Node("wait", "Waiting time", "等待时间", "X", direction=-1, unit="d"),
            Node("flag", "Has a station", "有站点", "X"),
            Node("X", "Index", "指数", level=2, kind="aggregate"),
        )
    )
    values = [[90, 5, 1], [95, 9, 1], [80, 2, 1], [99, 7, 0], [np.nan] * 3]
    groups = {"kind": ("town", "town", "park", None, "park")}
    data = IndicatorData(("t", "u", "v", "w", "z"), ("pass", "wait", "flag"), values, groups=groups)
    return DEFAULT_PIPELINE.with_changes({"screen.available": 0.0}).run(tree, data)


def test_missing_is_null_and_not_zero(result: CompositeResult) -> None:
    rows = result.to_frame().filter(unit="z")
    assert rows["score"].to_list() == rows["rank"].to_list() == [None] * 4
    assert result.to_frame().columns == ["unit", "node", "level", "score", "rank"]


def test_a_stage_is_a_wide_table(result: CompositeResult) -> None:
    frame = result.stages["raw"].to_frame()
    assert frame.columns == ["unit", "pass", "wait", "flag"]
    assert frame["pass"].to_list() == [90, 95, 80, 99, None]


def test_a_unit_without_a_group_has_no_group_rank(result: CompositeResult) -> None:
    ranks = dict(group_ranks(result, "kind").select("unit", "rank").rows())
    assert ranks["w"] is None
    assert ranks["z"] is None
    assert sorted((ranks["t"], ranks["u"])) == [1, 2]


def test_strengths_respect_the_direction(result: CompositeResult) -> None:
    best = strengths(result, "v", count=1).row(0, named=True)
    assert (best["node"], best["rank"], best["of"], best["value"]) == ("wait", 1, 4, 2.0)


def test_the_best_value_is_no_weakness_and_the_worst_no_strength(result: CompositeResult) -> None:
    assert "flag" not in weaknesses(result, "t")["node"].to_list()
    assert "flag" not in strengths(result, "w")["node"].to_list()
    assert "flag" in weaknesses(result, "w")["node"].to_list()


def test_a_unit_without_data_has_neither(result: CompositeResult) -> None:
    assert strengths(result, "z").height == weaknesses(result, "z").height == 0


def test_the_summary_runs_from_the_root_down(framework: Framework, data: IndicatorData) -> None:
    table = unit_summary(CITY_PIPELINE.run(framework, data), "t01")
    assert table["node"].to_list() == ["index", "p0", "p1"]


def test_what_is_not_there_is_named(result: CompositeResult) -> None:
    for work in (
        lambda: group_ranks(result, "size"),
        lambda: unit_summary(result, "nobody"),
        lambda: strengths(result, "nobody"),
        lambda: weaknesses(result, "t", stage="polished"),
    ):
        with pytest.raises(InputError, match=r"size|nobody|polished"):
            work()


def test_a_geometric_score_has_additive_parts_too_and_an_order_has_none(
    framework: Framework, data: IndicatorData
) -> None:
    result = DEFAULT_PIPELINE.run(framework, data).replay(
        {"normalise.low": 1.0, "aggregate.nodes": {"p0": "geometric"}}
    )
    for node in ("p0", "p1", "index"):
        np.testing.assert_allclose(result.contribution(node).sum(axis=1), result.score(node), rtol=1e-12)
    order = result.replay({"aggregate.nodes": {"p0": "copeland"}})
    for node in ("p0", "index"):
        with pytest.raises(InputError, match="copeland"):
            order.contribution(node)


def test_results_print_short(result: CompositeResult) -> None:
    assert len(repr(result).splitlines()) < 15
    assert len(repr(result.stages["raw"])) < 120


def test_being_last_of_all_is_a_weakness_though_the_reference_leaves_it_out(result: CompositeResult) -> None:
    assert weaknesses(result, "u")["node"].to_list() == ["wait", "pass"]
    assert weaknesses(result, "u", compat="coinr-1.1.14")["node"].to_list() == ["pass", "flag"]
    with pytest.raises(InputError):
        weaknesses(result, "u", compat="coinr")
