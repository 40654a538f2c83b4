"""History told again: nothing is known too early, every false alarm is counted, planted outbreaks are found."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.back_testing import (
    Event,
    in_one_run,
    looks_ahead,
    planted,
    power,
    replay,
    timeliness,
)
from qualipolis.methods.signal.series import Alarms, bayes, ears
from qualipolis.methods.signal.series.counts import alarms, blank, count_matrix


def history(series: int = 5, weeks: int = 80, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).poisson(3, (series, weeks)).astype(float)


def judge(counts: np.ndarray) -> Alarms:
    return bayes(counts, alpha=0.01)


def cheat(counts: np.ndarray) -> Alarms:
    """Knows the mean of the whole series, the future too."""
    table, single = count_matrix(counts)
    upper = blank(table) * 0 + 2 * table.mean(axis=1, keepdims=True)
    upper[:] = np.broadcast_to(2 * table.mean(axis=1, keepdims=True), table.shape)
    return alarms("cheat", table, single, 0, upper, score=table / upper)


def test_week_by_week_is_the_same_as_one_run_for_a_detector_that_only_looks_back() -> None:
    told, once = replay(history(), judge, first=10), in_one_run(history(), judge)
    assert (told.alarm[:, 10:] == once.alarm[:, 10:]).all()
    np.testing.assert_allclose(told.strength[:, 10:], once.strength[:, 10:])
    assert not told.judged[:, :10].any()


def test_a_detector_that_looks_ahead_is_caught_and_gains_nothing_in_the_replay() -> None:
    table = history()
    table[:, 60:] *= 10
    assert looks_ahead(table, cheat, [30])
    assert not looks_ahead(table, judge, [30, 70])
    told = replay(table, cheat, first=30)
    assert told.alarm[:, 60].all()
    assert not in_one_run(table, cheat).alarm[:, :60].any()


def test_the_replay_cannot_be_changed_by_what_comes_later() -> None:
    table = history()
    later = table.copy()
    later[:, 50:] += 100
    one, two = replay(table[:, :50], judge, first=20), replay(later, judge, first=20)
    assert (one.alarm == two.alarm[:, :50]).all()


def test_every_alarm_outside_the_event_is_false_and_the_delay_runs_from_its_start() -> None:
    strength = np.zeros((2, 20))
    strength[0, [3, 12, 13]], strength[1, 5] = 5.0, 2.0
    (point,) = timeliness(strength, np.ones((2, 20), bool), [Event(0, 10, 15)], [1.0], established=1)
    assert (point.false_alarms, point.weeks, point.delays) == (2, 34, (2.0,))
    assert point.false_share == pytest.approx(2 / 34)
    assert point.weeks_with_any == pytest.approx(2 / 20)
    assert point.worst_series == pytest.approx(1 / 14)
    assert point.false_low <= point.false_share <= point.false_high


def test_a_missed_event_has_no_delay_and_what_is_not_monitored_counts_nowhere() -> None:
    watched = np.ones((1, 10), bool)
    watched[0, :4] = False
    strength = np.full((1, 10), 2.0)
    (point,) = timeliness(strength, watched, [Event(0, 0, 3)], [1.0])
    assert np.isnan(point.delays[0])
    assert point.detected == 0
    assert (point.false_alarms, point.weeks) == (6, 6)


def test_a_higher_threshold_never_gives_more_false_alarms_nor_an_earlier_one() -> None:
    told = in_one_run(history(30, 120), judge)
    points = timeliness(told.strength, told.judged, [Event(0, 40, 119)], np.linspace(0, 4, 9))
    assert (np.diff([p.false_alarms for p in points]) <= 0).all()
    delays = np.array([p.delays[0] for p in points])
    assert (np.diff(delays[~np.isnan(delays)]) >= 0).all()


def test_shapes_and_events_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="shape"):
        timeliness(np.zeros((1, 3)), np.ones((1, 4), bool), [], [1])
    with pytest.raises(InputError, match="outside"):
        timeliness(np.zeros((1, 3)), np.ones((1, 3), bool), [Event(0, 2, 5, "fire")], [1])


def test_larger_outbreaks_are_found_more_often_than_chance() -> None:
    points = power(history(20, 150), judge, [0, 10, 40], first=30, n=300)
    assert points[0].share == pytest.approx(points[0].by_chance)
    assert points[0].share < points[1].share < points[2].share
    assert points[2].low > 0.9
    assert all(point.low <= point.share <= point.high for point in points)


def test_the_same_seed_plants_the_same_outbreaks() -> None:
    once = power(history(), lambda y: ears(y, min_sigma=1), [12], first=20, n=50, profile="flat")
    again = power(history(), lambda y: ears(y, min_sigma=1), [12], first=20, n=50, profile="flat")
    assert once == again


def test_planting_adds_exactly_what_is_planted_and_keeps_missing_weeks_missing() -> None:
    rows = history(2, 10)
    rows[0, 4] = np.nan
    result = planted(rows, np.array([3, 5]), np.array([[1, 2], [3, 4]]))
    assert np.nansum(result) == np.nansum(rows) + 1 + 3 + 4
    assert np.isnan(result[0, 4])


def test_settings_that_cannot_be_are_refused() -> None:
    for wrong in ({"first": 79}, {"first": 10, "profile": "wave"}, {"first": 10, "n": 0}):
        with pytest.raises(InputError):
            power(history(), judge, [5], **wrong)
