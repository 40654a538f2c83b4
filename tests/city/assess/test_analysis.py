"""Analyses of a run: the same numbers as the run, computed once, read by whom they are for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.city.assess.conftest import VALUES
from tests.city.measure.cast import DECISION, SYSTEM, Cast

from qualipolis.city.assess import analysis, service
from qualipolis.city.assess.analysis_basis import Basis, _read, basis
from qualipolis.city.assess.analysis_models import Analysis
from qualipolis.city.assess.analysis_robustness import moved_far, robustness
from qualipolis.city.assess.analysis_scenarios import LONGEST, Scenario, outcome, read
from qualipolis.city.assess.analysis_structure import structure
from qualipolis.city.assess.models import Assessment, NodeScore
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.methods.composite import (
    CITY_PIPELINE,
    Alternatives,
    Framework,
    IndicatorData,
    Node,
    WeightNoise,
    exact_indices,
)
from qualipolis.methods.problems import InputError


def small(units: int = 24) -> Basis:
    """Two dimensions of two indicators over some units; everything that varies is a list of choices."""
    tree = Framework(
        (
            *(Node(code, parent=home, floor=0.0, target=100.0, direction=1) for code, home in zip("abcd", "XXYY", strict=True)),
            Node("X", parent="R", level=2, kind="aggregate", weight=0.6),
            Node("Y", parent="R", level=2, kind="aggregate", weight=0.4),
            Node("R", level=3, kind="aggregate"),
        )
    )  # fmt: skip
    values = np.random.default_rng(7).uniform(5, 95, (units, 4))
    data = IndicatorData([f"u{k:02d}" for k in range(units)], tuple("abcd"), values)
    factors = (
        Alternatives("normalise.low", (1.0, 20.0)),
        Alternatives("aggregate.method", ("arithmetic", "geometric")),
    )
    return Basis(CITY_PIPELINE.run(tree, data), factors)


@pytest.fixture(autouse=True)
def _nothing_in_memory() -> None:
    _read.cache_clear()


@pytest.fixture
def run(locked: CollectionRound) -> Assessment:
    return service.run(SYSTEM, locked, seed=3, replicates=200)


def published(run: Assessment) -> Assessment:
    service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, run), *DECISION))
    return Assessment.objects.select_related("round__set", "set", "release").get(pk=run.pk)


def test_it_computes_once_and_keeps_it(run: Assessment, monkeypatch: Any) -> None:
    told: list[int] = []
    first = analysis.analyse(run, "robustness", told.append)
    monkeypatch.setattr(analysis, "_computed", lambda *_: pytest.fail("computed twice"))
    assert analysis.analyse(run, "robustness") == first
    assert told == [0, 1, 2, 3, 4]
    assert Analysis.objects.count() == 1


def test_its_intervals_are_those_of_the_run(run: Assessment) -> None:
    said = analysis.analyse(run, "robustness").payload
    stored = NodeScore.objects.filter(card__assessment=run, node="QDI").values_list(
        "card__unit__code", "rank", "rank_p05", "rank_p95"
    )
    assert sorted((one["unit"], one["rank"], one["p05"], one["p95"]) for one in said["units"]) == sorted(stored)


def test_a_release_is_read_from_what_it_froze(run: Assessment) -> None:
    before = analysis.analyse(run, "robustness").payload
    made = published(run)
    Analysis.objects.all().delete()
    Observation.objects.filter(round=made.round).update(value=1.0)
    assert analysis.analyse(made, "robustness").payload == before


def test_before_a_release_changed_values_are_refused(run: Assessment) -> None:
    Observation.objects.filter(round=run.round).update(value=1.0)
    with pytest.raises(InputError) as refused:
        analysis.analyse(run, "robustness")
    assert refused.value.problems[0].code == "inputs_changed"


@pytest.mark.parametrize(
    ("role", "early"), [("planner", True), ("leader", True), ("auditor", True), ("department", False), ("town_officer", False)]
)  # fmt: skip
def test_a_run_is_for_overseers_and_a_release_for_all_staff(
    cast: Cast, run: Assessment, role: str, early: bool
) -> None:
    service.preview(SYSTEM, run)
    assert analysis.readable(cast[role]).exists() == early
    service.publish(SYSTEM, service.decide(SYSTEM, Assessment.objects.get(pk=run.pk), *DECISION))
    assert analysis.readable(cast[role]).exists()


def test_a_list_of_choices_has_exact_indices_beside_the_sampled() -> None:
    found = small()
    said = robustness(found, 100, 1)
    exact = exact_indices(found.result, found.factors)
    assert said["design"]["combinations"] == 4
    for k, line in enumerate(said["factors"]):
        assert line["total_exact"] == pytest.approx(exact.total[k], abs=1e-6)
        assert line["total"][1] - 0.1 <= line["total_exact"] <= line["total"][2] + 0.1


def test_places_and_pairs_are_shares_of_the_simulations() -> None:
    said = robustness(small(), 150, 2)
    for shares in said["places"].values():
        assert sum(share for _place, share in shares) == pytest.approx(1.0, abs=0.01)
    pairs = {(a, b): (up, down) for a, rows in said["pairs"].items() for b, up, down in rows}
    assert len(pairs) == 24 * 23
    assert all(pairs[b, a] == (down, up) and up + down <= 1.001 for (a, b), (up, down) in pairs.items())


def test_nothing_moves_where_nothing_matters() -> None:
    base = small()
    still = Basis(base.result, (WeightNoise(0.0),))
    said = robustness(still, 100, 1)
    assert moved_far(said) == 0
    assert {one["p05"] for one in said["units"]} == {float(one["rank"]) for one in said["units"]}


def test_the_structure_tells_weight_and_influence_of_every_family() -> None:
    base = small()
    sizes = IndicatorData(
        base.result.data.units, base.result.data.codes, base.result.data.values,
        denominators={"population": base.result.data.values[:, 0] * 3.0},
    )  # fmt: skip
    said = structure(base, sizes)
    assert {one["child"] for one in said["importance"]} == {"a", "b", "c", "d", "X", "Y"}
    assert sum(one["shapley"] for one in said["importance"] if one["node"] == "R") == pytest.approx(1.0, abs=1e-6)
    assert said["sizes"][0]["code"] == "a" and said["sizes"][0]["r"] == pytest.approx(1.0)
    assert [len(row) for row in said["correlations"]["r"]] == [0, 1, 2, 3]


def test_the_run_itself_is_a_scenario_in_which_nothing_changes() -> None:
    found = outcome(Scenario(), small())
    assert (found.moved, found.furthest, found.problems) == (0, 0, ())
    assert found.of_ranks == pytest.approx(1.0)


def test_a_bad_pipeline_is_refused_with_its_words() -> None:
    found = outcome(Scenario(mean="geometric"), small())
    assert found.refused and {problem.code for problem in found.problems} == {"zero_geometric"}
    assert outcome(Scenario(weights={"X": 0.0, "Y": 0.0}), small()).problems[0].code == "zero_weights"
    assert not outcome(Scenario(mean="geometric", start="1"), small()).refused


def test_weights_change_ranks_as_by_hand(run: Assessment) -> None:
    found = outcome(Scenario(weights={"QDL": 0.0, "NII": 1.0}), basis(run))
    assert found.scores.tolist() == [VALUES[unit]["c"] for unit in ("T1", "T2", "T3", "T4")]


@pytest.mark.parametrize("change", [{"scale": s} for s in ("minmax", "percentile", "zscore", "rank")] + [
    {"mean": "harmonic", "start": "1"}, {"mean": "mazziotta_pareto", "start": "1"}, {"mean": "minimum"}, {"mean": "copeland"},
    {"treat": "winsorise_log"}, {"impute": "regression"},
])  # fmt: skip
def test_every_choice_of_the_form_runs(change: dict[str, str]) -> None:
    assert not outcome(Scenario(**change), small()).refused  # type: ignore[arg-type]


def test_a_link_says_only_what_differs_and_is_read_back() -> None:
    tree = small().result.framework
    made = Scenario("一", mean="geometric", start="1", weights={"X": 0.5})
    assert read(made.written(), tree) == made
    assert read("w.X=0.6&w.R=3&w.nothing=1&w.Y=nan&scale=evil&mean=geometric", tree) == Scenario(mean="geometric")


@given(st.text(max_size=300))
def test_no_link_breaks_the_reading(text: str) -> None:
    found = read(text + "&w.X=" + "9" * LONGEST, small_tree())
    assert len(found.name) <= 40


def small_tree() -> Framework:
    return Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
