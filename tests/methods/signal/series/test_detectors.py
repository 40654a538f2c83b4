"""What holds for every detector: shapes, missing weeks, no look-ahead, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.back_testing import looks_ahead
from qualipolis.methods.signal.series import DETECTORS, Alarms, detect

SETTINGS: dict[str, dict] = {
    "ears_c1": {"min_sigma": 0.5},
    "ears_c2": {},
    "ears_c3": {},
    "farrington": {"years": 3},
    "farrington_flexible": {"years": 3},
    "bayes": {},
    "rki": {},
    "cusum": {"start": 20},
    "cusum_rossi": {"start": 20},
    "glr_poisson": {"start": 20},
    "seasonal": {"harmonics": 1},
}


def counts(series: int = 4, weeks: int = 180, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    season = np.exp(1.5 + 0.5 * np.sin(2 * np.pi * np.arange(weeks) / 52))
    return rng.poisson(season * rng.uniform(0.2, 3, (series, 1))).astype(float)


def run(name: str, table: np.ndarray) -> Alarms:
    return detect(table, name, **SETTINGS[name])


def test_every_detector_is_tested_here() -> None:
    assert set(SETTINGS) == set(DETECTORS)


@pytest.mark.parametrize("name", SETTINGS)
def test_it_gives_each_series_what_it_gets_alone(name: str) -> None:
    table = counts()
    whole = run(name, table)
    for row in range(len(table)):
        alone = run(name, table[row])
        assert alone.upperbound.shape == (180,)
        np.testing.assert_allclose(alone.upperbound, whole.upperbound[row], rtol=1e-9)
        assert (alone.alarm == whole.alarm[row]).all()


@pytest.mark.parametrize("name", SETTINGS)
def test_it_does_not_look_ahead(name: str) -> None:
    assert not looks_ahead(counts(), lambda table: run(name, table), [165, 170, 179])


@pytest.mark.parametrize("name", SETTINGS)
def test_it_finds_what_nobody_could_miss_and_stays_silent_before_its_start(name: str) -> None:
    table = counts()
    table[:, 175:178] += 120
    result = run(name, table)
    assert result.alarm[:, 175:178].any(axis=1).all()  # C3 waits for a second week
    assert not result.alarm[:, : result.start].any()
    assert np.isnan(result.upperbound[:, : result.start]).all()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_missing_week_has_no_verdict_and_is_no_zero(name: str) -> None:
    table = counts() * 5  # enough for a verdict
    table[:, 170] = np.nan
    result = run(name, table)
    assert not result.judged[:, 170].any()
    assert not result.alarm[:, 170].any()
    assert result.judged[:, 179].all()


@pytest.mark.parametrize("name", SETTINGS)
def test_it_leaves_its_input_alone_and_says_what_it_did(name: str) -> None:
    table = counts()
    before = table.copy()
    result = run(name, table)
    assert (table == before).all()
    assert "judged weeks of 4 series" in str(result)


@pytest.mark.parametrize("name", SETTINGS)
def test_series_without_any_report_give_no_alarm(name: str) -> None:
    assert run(name, np.zeros((3, 180))).n_alarms == 0


@pytest.mark.parametrize("name", SETTINGS)
def test_huge_counts_are_no_trouble(name: str) -> None:
    table = counts() * 1e6
    table[:, 177:] *= 10
    result = run(name, table)
    assert np.isfinite(result.upperbound[:, 177:]).all()
    assert result.alarm[:, 177:].any(axis=1).all()


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("bad", [[], [[-1.0] * 180], [[np.inf] * 180], [1.0]])
def test_it_refuses_what_are_no_counts_in_time(name: str, bad: list) -> None:
    with pytest.raises(InputError):
        run(name, np.array(bad))


def test_the_frame_holds_every_verdict_and_nothing_else() -> None:
    result = run("bayes", counts())
    frame = result.to_frame()
    assert len(frame) == result.judged.sum()
    assert frame["alarm"].sum() == result.n_alarms


def test_an_unknown_name_is_refused_with_those_known() -> None:
    with pytest.raises(InputError, match="farrington_flexible"):
        detect([1, 2, 3], "oracle")


@given(arrays(np.float64, (2, 40), elements=st.integers(0, 30).map(float)), st.sampled_from(["bayes", "ears_c1"]))
def test_an_alarm_is_a_count_above_the_bound(table: np.ndarray, name: str) -> None:
    result = detect(table, name)
    with np.errstate(invalid="ignore"):
        assert (result.alarm == (table > result.upperbound)).all()


@given(arrays(np.float64, (1, 40), elements=st.integers(0, 30).map(float)), st.integers(1, 20))
def test_more_reports_never_take_an_alarm_away(table: np.ndarray, more: int) -> None:
    larger = table.copy()
    larger[:, -1] += more
    for name in ("bayes", "ears_c1", "ears_c2", "cusum", "glr_poisson"):
        assert detect(larger, name, **SETTINGS[name]).alarm[0, -1] >= detect(table, name, **SETTINGS[name]).alarm[0, -1]


@pytest.mark.parametrize("counts", [["a", "b"], [[1, 2], [3]], [None, {}]])
def test_what_is_no_table_of_numbers_is_refused_with_a_remedy(counts: list) -> None:
    with pytest.raises(InputError, match="no counts in time"):
        detect(counts, "bayes")


@pytest.mark.parametrize(
    ("method", "settings", "place"),
    [
        ("ears_c1", {"baseline": 7.5}, "baseline"),
        ("bayes", {"half_width": 2.5}, "half_width"),
        ("bayes", {"half_width": "six"}, "half_width"),
        ("rki", {"years": 1.5}, "years"),
        ("farrington_flexible", {"years": 2.5}, "years"),
        ("farrington_flexible", {"enough": 5}, "enough"),
        ("farrington_flexible", {"start": -3}, "start"),
        ("farrington", {"half_width": "x"}, "half_width"),
    ],
)
def test_a_setting_that_is_no_whole_number_is_named(method: str, settings: dict, place: str) -> None:
    with pytest.raises(InputError) as caught:
        detect(np.ones(330), method, **settings)
    assert place in [problem.place for problem in caught.value.problems]


def test_many_series_are_judged_in_parts_with_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.random.default_rng(3).poisson(2.0, (11, 160)).astype(float)
    counts[2, ::5] = np.nan
    for method in ("bayes", "rki"):
        whole = detect(counts, method, years=1, half_width=3, this_year=True)
        with monkeypatch.context() as small:
            small.setattr("qualipolis.methods.signal.series.reference_window.WINDOW_CELLS", 1)
            parts = detect(counts, method, years=1, half_width=3, this_year=True)
        np.testing.assert_array_equal(parts.upperbound, whole.upperbound)
        alone = [detect(row, method, years=1, half_width=3, this_year=True).expected for row in counts]
        np.testing.assert_array_equal(parts.expected, alone)


def test_the_bound_of_ears_stays_finite_at_the_smallest_levels() -> None:
    y = np.random.default_rng(3).poisson(5, 60)
    assert np.isfinite(detect(y, "ears_c1", alpha=1e-300).upperbound[7:]).all()
