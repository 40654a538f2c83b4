"""One function from readings to findings: what is said must follow from the numbers, and nothing may crash."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc import findings
from qualipolis.methods.spc.capability import Specification, capability
from qualipolis.methods.spc.charts import individuals_chart, xbar_chart
from qualipolis.methods.spc.comparison import before_after
from qualipolis.methods.spc.findings.chance import allowed
from qualipolis.methods.spc.rules import NELSON

LIMITS, SHIFTS = Specification(6, 14), NELSON[:2]


def steady(n: int = 120, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(10, 1, n)


def kinds(found: findings.Findings) -> list[str]:
    return [sentence.kind for sentence in findings.sentences(found)]


def test_it_shows_the_very_numbers_of_the_chart_and_of_the_indices() -> None:
    x = steady()
    found, chart, study = (
        findings.study(x, specification=LIMITS),
        individuals_chart(x),
        capability(x, lower=6, upper=14),
    )
    assert found.charts[0].phases[0].upper == chart.upper[0]
    assert found.capability is not None
    assert found.capability.indices["Cpk"].low == study["Cpk"].low
    told = found.to_dict()
    assert told["charts"][0]["points"]["upper"] == chart.upper[0]
    assert told["capability"]["indices"]["Cpk"]["value"] == study["Cpk"].value


def test_it_calls_a_process_with_a_far_point_unsteady_and_names_the_point() -> None:
    x = steady()
    x[40] = 17.0
    found = findings.study(x, specification=LIMITS)
    assert found.card["stability"].state == "red"
    assert [s.points for s in found.charts[0].signals if s.pattern == "single"] == [(40,)]
    assert found.capability is not None and not found.capability.valid
    assert set(found.capability.indices) == {"Pp", "Ppk", "Ppl", "Ppu"}
    told = findings.sentences(found)
    assert told[0].mood == "bad" and any("Point 41 " in sentence.text for sentence in told)


def test_it_judges_each_phase_by_its_own_limits_and_tells_the_move_once() -> None:
    x = np.concatenate([steady(30, 1), steady(30, 2) + 4])
    found = findings.study(x, phases=[(30, "new oil")], specification=LIMITS, aim="higher", rules=SHIFTS)
    chart = found.charts[0]
    assert [phase.label for phase in chart.phases] == ["", "new oil"]
    assert [s.phase for s in chart.signals if s.against == "earlier"] == [1]
    assert chart.earlier[0].center == pytest.approx(x[:30].mean())
    assert found.proof is not None
    assert found.proof.verdict == before_after(x[:30], x[30:], "higher", lower=6, upper=14).verdict == "proven"
    assert found.summary is not None and found.summary.mean == pytest.approx(x[30:].mean())


def test_frozen_limits_come_from_the_first_points_alone() -> None:
    x = np.concatenate([steady(30, 1), steady(30, 2) + 4])
    found = findings.study(x, freeze=30)
    assert found.charts[0].phases[0].center == pytest.approx(x[:30].mean())
    assert found.charts[0].flagged[30:].all()


@pytest.mark.parametrize("subgroups", [5, np.repeat(np.arange(30), 5), np.repeat(list("ab" * 15), 5)])
def test_subgroups_come_by_size_or_by_their_names(subgroups: object) -> None:
    x = steady(150)
    found = findings.study(x, subgroups=subgroups)
    assert found.instrument == "xbar_r"
    np.testing.assert_array_equal(found.charts[0].values, xbar_chart(x.reshape(30, 5)).values)


def test_subgroups_of_different_size_go_to_a_chart_of_deviations() -> None:
    found = findings.study(steady(100), subgroups=np.repeat(np.arange(30), [3, 4, 3] * 10))
    assert [chart.code for chart in found.charts] == ["xbar", "S"]


def test_a_gauge_study_is_answered_first_and_is_no_process() -> None:
    rng = np.random.default_rng(2)
    parts, operators = np.repeat(np.arange(10), 6), np.tile(np.repeat([1, 2, 3], 2), 10)
    x = rng.normal(10, 1, 10)[parts] + rng.normal(0, 0.1, 60)
    found = findings.study(x, parts=parts.tolist(), operators=operators.tolist(), specification=LIMITS)
    assert found.gauge is not None and found.gauge.sizes == (10, 3, 2)
    assert found.capability is None and [chart.code for chart in found.charts] == ["R"]
    assert "gauge" in kinds(found)


def test_censored_values_are_left_out_of_the_chart_and_make_lifetimes() -> None:
    x = np.random.default_rng(4).weibull(2, 60) * 100
    censored = (x > 120).astype(np.int8)
    found = findings.study(np.minimum(x, 120), censored=censored)
    assert found.n == int(np.sum(censored == 0)) and found.censored == int(censored.sum())
    assert np.isnan(found.charts[0].values[censored == 1]).all()
    assert found.life is not None and found.life.shape[1] < 2 < found.life.shape[2]


@pytest.mark.parametrize(("kind", "code"), [("units", "np"), ("defects", "c"), ("events", "g")])
def test_counts_have_charts_of_their_own(kind: str, code: str) -> None:
    rng = np.random.default_rng(12)
    x = {"units": rng.binomial(50, 0.2, 40), "defects": rng.poisson(12, 40), "events": rng.geometric(0.01, 40)}[kind]
    found = findings.study(x, kind=kind, sizes=50 if kind == "units" else None)
    assert found.charts[0].code == code and found.capability is None


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [5.0] * 40, [np.nan] * 9, [1.0, np.nan, 2.0]])
def test_few_equal_or_missing_values_are_answered_in_words(values: list[float]) -> None:
    for limits in (None, Specification(0, 10)):
        found = findings.study(values, specification=limits)
        told = findings.sentences(found)
        assert found.state != "green" and told[0].kind == "headline" and told[0].mood != "good"
        json.dumps(found.to_dict(), allow_nan=False)


def test_what_the_caller_did_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        findings.study([1, 2, 3], times=[1], censored=[0, 0])
    assert {problem.place for problem in caught.value.problems} == {"times", "censored"}
    for wrong in (
        {"instrument": "crystal"},
        {"kind": "moods"},
        {"phases": [(9, "x")]},
        {"subgroups": 0},
        {"sizes": [1.0]},
    ):
        with pytest.raises(InputError):
            findings.study([1.0, 2.0, 3.0], **wrong)  # type: ignore[arg-type]


@given(
    st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")), st.sampled_from([1.0, 2.0])), max_size=60),
    st.sampled_from([None, 2, 3, 5]),
    st.booleans(),
    st.integers(0, 40),
)
def test_any_readings_give_findings_that_json_can_hold(x: list[float], size: int | None, limits: bool, at: int) -> None:
    asked = Specification(-10.0, 10.0, 1.0) if limits else None
    phases = [(at, "after")] if 0 < at < len(x) // (size or 1) else []
    found = findings.study(x, specification=asked, subgroups=size, phases=phases)
    json.dumps(found.to_dict(), allow_nan=False)
    for chart in found.charts:
        assert len(chart.rows(0, 10)) == min(10, len(chart))
        assert all(chart.flagged[list(signal.points)].all() for signal in chart.signals)


def test_thinning_loses_no_marked_point_and_keeps_the_extremes() -> None:
    x = steady(60_000)
    x[777], x[50_001] = 30.0, -10.0
    chart = findings.study(x).charts[0]
    kept = set(findings.thin(chart, 400).tolist())
    assert set(np.flatnonzero(chart.flagged).tolist()) <= kept
    assert {777, 50_001, 0, 59_999} <= kept and len(kept) < 800 + int(chart.flagged.sum()) + 3


def test_a_long_chart_says_that_json_holds_only_part_of_it() -> None:
    told = findings.study(steady(20_000), rules="limits").to_dict(drawn=1000)["charts"][0]
    assert not told["whole"] and told["n"] == 20_000 and len(told["points"]["value"]) < 2000


def test_the_table_twin_tells_the_same_as_the_chart() -> None:
    x = steady(50)
    x[20] = 18.0
    chart = findings.study(x).charts[0]
    row = chart.rows(20, 21)[0]
    assert row["point"] == 21 and row["value"] == 18.0 and row["flagged"]
    assert row["signals"] == [s.number for s in chart.signals if 20 in s.points]


@pytest.mark.parametrize("points", [30, 100, 300])
def test_nine_in_ten_stable_processes_show_no_more_signals_than_allowed(points: int) -> None:
    x = np.random.default_rng(77).normal(0, 1, (1500, points))
    found = individuals_chart(x).signals("nelson").any.sum(axis=1)
    assert 0.87 <= float(np.mean(found <= allowed(NELSON, points))) <= 0.96


def test_the_overview_agrees_with_a_study_of_each() -> None:
    x = np.random.default_rng(6).normal(10, 1, (8, 120))
    x[3, 60:] += 3
    x[5, 10] = np.nan
    view = findings.many(x, lower=6, upper=14)
    for i in range(8):
        found = findings.study(x[i], specification=LIMITS)
        assert view.n[i] == found.n
        assert found.capability is not None
        study = found.capability.study
        if hasattr(study, "overall"):
            assert view.ppk[i] == pytest.approx(study["Ppk"].value) and view.within[i] == pytest.approx(study.within)
        assert view.signals[i] == int(found.charts[0].own.sum())
    assert view.order[0] == 3 and view.unsteady[3]
    assert view.to_frame().height == 8


def test_the_overview_takes_series_of_any_length() -> None:
    view = findings.many([[1.0, 2.0, 1.5, 2.5], [1.0], [], [3.0, 3.0, 3.0]], names=list("abcd"), upper=2.2)
    assert view.n.tolist() == [4, 1, 0, 3] and np.isnan(view.ppk[1:]).all() and view.outside.tolist()[0] == 1


def test_words_carry_the_numbers_in_the_unit_of_the_characteristic() -> None:
    x = steady(40)
    x[5] = 20
    told = findings.sentences(findings.study(x, unit="mm"))
    assert any("20.0 mm" in sentence.text for sentence in told if sentence.number == 1)
