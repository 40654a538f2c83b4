"""Feasts that move, weeks not yet complete, and counting by week."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.series import (
    design,
    farrington_flexible,
    feast_effects,
    mondays,
    nowcast,
    seasonal,
    weekly_counts,
)

FEASTS = ("2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10")
WEEKS = np.arange(np.datetime64("2018-01-01"), np.datetime64("2024-12-30"), np.timedelta64(7, "D"))


def feast_days() -> np.ndarray:
    return np.concatenate([np.datetime64(day) + np.arange(7).astype("timedelta64[D]") for day in FEASTS])


def with_feasts(series: int = 8, seed: int = 5) -> np.ndarray:
    """Offices shut in the week of the Spring Festival, and what was left comes the week after."""
    rng = np.random.default_rng(seed)
    effects = feast_effects(WEEKS, feast_days(), before=0, after=1)
    season = 3 + 0.3 * np.cos(2 * np.pi * np.arange(len(WEEKS)) / 52.18)
    return rng.poisson(np.exp(season - 1.5 * effects[:, 0] + 0.9 * effects[:, 1]) * np.ones((series, 1))).astype(float)


def after_feast(year: str) -> np.ndarray:
    """The weeks on which the backlog lands."""
    return np.flatnonzero(feast_effects(WEEKS, feast_days(), 0, 1)[:, 1] * (np.datetime64(year) <= WEEKS))


def test_the_backlog_after_the_spring_festival_is_no_alarm_once_the_days_are_known() -> None:
    counts = with_feasts(40)
    known = feast_effects(WEEKS, feast_days(), before=0, after=1)
    weeks = after_feast("2022-01-01")
    blind, told = seasonal(counts, alpha=0.01), seasonal(counts, alpha=0.01, effects=known)
    assert blind.alarm[:, weeks].mean() > 5 * told.alarm[:, weeks].mean()
    assert told.alarm[:, weeks].mean() < 0.04


def test_the_feast_that_is_known_hides_no_outbreak() -> None:
    counts = with_feasts()
    week = after_feast("2024-01-01")[0]
    counts[:, week] += 80
    known = feast_effects(WEEKS, feast_days(), before=0, after=1)
    assert seasonal(counts, effects=known).alarm[:, week].all()


def test_a_feast_never_seen_before_keeps_its_effect_at_nothing() -> None:
    counts = with_feasts()
    never = np.zeros((len(WEEKS), 1))
    never[-1] = 1
    plain, told = seasonal(counts), seasonal(counts, effects=never)
    np.testing.assert_allclose(told.expected[:, -1], plain.expected[:, -1], rtol=1e-3)


def test_effects_of_another_length_are_refused() -> None:
    with pytest.raises(InputError, match="effects"):
        seasonal(with_feasts(), effects=np.zeros((3, 1)))


def late(weeks: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Reports by week and delay as of the last week, and what each week holds in the end."""
    rng = np.random.default_rng(seed)
    whole = rng.poisson(np.array([20.0, 12.0, 6.0, 2.0]), (weeks, 4)).astype(float)
    seen = np.where(np.arange(weeks)[:, None] + np.arange(4) < weeks, whole, np.nan)
    return seen, whole.sum(axis=1)


def test_the_interval_of_a_week_not_yet_complete_holds_what_comes_in_the_end() -> None:
    inside, simple, corrected = [], [], []
    for seed in range(200):
        seen, truth = late(40, seed)
        told = nowcast(seen, alpha=0.1)
        inside.append(told.low[-3:] <= truth[-3:])
        inside[-1] &= truth[-3:] <= told.high[-3:]
        simple.append(np.abs(told.seen[-1] - truth[-1]))
        corrected.append(np.abs(told.estimate[-1] - truth[-1]))
    assert 0.85 < np.mean(inside) < 0.99
    assert np.mean(corrected) < 0.5 * np.mean(simple)


def test_what_is_complete_is_left_as_it_is() -> None:
    seen, truth = late(40, 1)
    told = nowcast(seen)
    np.testing.assert_array_equal(told.estimate[:-3], truth[:-3])
    np.testing.assert_array_equal(told.low[:-3], told.high[:-3])


@pytest.mark.parametrize("bad", [[], [1.0, 2.0], [[1.0, 2.0]], [[-1.0], [2.0]]])
def test_what_is_no_table_of_delays_is_refused(bad: list) -> None:
    with pytest.raises(InputError):
        nowcast(np.array(bad))


def test_a_report_counts_once_for_each_hazard_it_names() -> None:
    table = weekly_counts(
        ["2024-01-01", "2024-01-01", "2024-01-07", "2024-01-15"],
        ["a", "a", "b", "c"],
        ["lead", "lead", "lead", "salmonella"],
        last="2024-01-24",
        missing=["2024-01-10"],
    )
    assert table.names == ("lead", "salmonella")
    np.testing.assert_array_equal(table.of("lead"), [2, np.nan, 0, 0])
    assert table.week_of("2024-01-21") == 2
    assert (mondays(table.weeks) == table.weeks).all()


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(InputError, match="names"):
        weekly_counts(["2024-01-01"], ["a"], [])


def test_a_cusum_no_chart_can_be_is_refused_or_found() -> None:
    assert design(200, 4).out_of_control == pytest.approx(4)
    with pytest.raises(InputError):
        design(10, 9)


def test_a_rise_among_late_reports_is_seen_when_the_share_that_has_come_is_the_exposure() -> None:
    rng = np.random.default_rng(4)
    found, blind, quiet = [], [], []
    for size in (0, 45):
        for _ in range(40):
            whole = rng.poisson(np.array([10.0, 10.0, 10.0, 10.0]), (270, 4)).astype(float)
            whole[-1] += rng.poisson(size / 4, 4)
            seen = np.where(np.arange(270)[:, None] + np.arange(4) < 270, whole, np.nan)
            told = nowcast(seen)
            known = farrington_flexible(told.seen, 4, threshold="nbPlugin", trend=False, exposure=told.share)
            plain = farrington_flexible(told.seen, 4, threshold="nbPlugin", trend=False)
            (found if size else quiet).append(known.alarm[-1])
            if size:
                blind.append(plain.alarm[-1])
    assert np.mean(found) > 0.6
    assert np.mean(blind) < 0.1
    assert np.mean(quiet) < 0.1
