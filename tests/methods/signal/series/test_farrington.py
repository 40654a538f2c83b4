"""What Farrington's detectors do with outbreaks of the past, trends, exposure and the calendar."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.series import farrington_flexible
from qualipolis.methods.signal.series.farrington_design import references_by_date, season_design
from qualipolis.methods.signal.series.farrington_fit import fit, rows_of


def seasonal(series: int = 6, weeks: int = 270, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    t = np.arange(weeks)
    return rng.poisson(np.exp(2 + 0.6 * np.sin(2 * np.pi * t / 52)) * np.ones((series, 1))).astype(float)


def test_the_fit_is_the_maximum_of_the_likelihood() -> None:
    design = season_design([52, 104, 156], 3, 10, 26)
    y = np.random.default_rng(1).poisson(5, (20, len(design.offsets))).astype(float)
    levels = fit(rows_of(y), design, sloped=True)
    mean = np.exp(levels.a[:, design.groups] + levels.b[:, None] * design.time)
    gap = y - mean
    np.testing.assert_allclose(gap @ design.indicator, 0, atol=1e-3)
    np.testing.assert_allclose(gap @ design.time, 0, atol=0.1)
    assert levels.converged.all()


def test_season_groups_cover_each_week_once_and_differ_by_at_most_one_week() -> None:
    design = season_design([52, 104, 156], 3, 10, 26)
    assert design.offsets.tolist() == list(range(159, 26, -1))
    year = design.groups[(design.offsets >= 49) & (design.offsets < 101)]
    sizes = np.bincount(year)
    assert sizes[-1] == 7
    assert sizes[:-1].sum() == 45
    assert np.ptp(sizes[:-1]) <= 1


def test_an_old_outbreak_does_not_hide_a_new_one() -> None:
    counts = seasonal()
    clean = farrington_flexible(counts, 4).upperbound[:, -1]
    counts[:, 264 - 52 : 267 - 52] += 60
    assert (farrington_flexible(counts, 4, reweight=False).upperbound[:, -1] > clean * 1.3).all()
    np.testing.assert_allclose(farrington_flexible(counts, 4).upperbound[:, -1], clean, rtol=0.25)


def test_a_trend_is_kept_only_when_it_is_significant_and_three_years_long() -> None:
    counts = seasonal(weeks=320)
    rising = np.round(counts * np.exp(-0.004 * np.arange(320)[::-1]))
    kept = ~np.isnan(farrington_flexible(rising, 4, p_trend=0.05).detail["slope"])
    flat = ~np.isnan(farrington_flexible(counts, 4, p_trend=0.05).detail["slope"])
    assert kept[:, 215:].mean() > flat[:, 215:].mean()
    short = farrington_flexible(rising, 2, p_trend=0.05)
    assert np.isnan(short.detail["slope"]).all()


def test_twice_the_exposure_doubles_the_bound_and_none_is_a_missing_week() -> None:
    counts, shown = seasonal(), np.full((6, 270), 10.0)
    shown[:, -1] = 20
    once = farrington_flexible(counts, 4, trend=False, exposure=np.full((6, 270), 10.0))
    twice = farrington_flexible(counts, 4, trend=False, exposure=shown)
    np.testing.assert_allclose(twice.expected[:, -1], 2 * once.expected[:, -1], rtol=1e-9)
    np.testing.assert_allclose(once.upperbound, farrington_flexible(counts, 4, trend=False).upperbound, rtol=1e-5)
    shown[:, -2] = 0
    assert not farrington_flexible(counts, 4, exposure=shown).judged[:, -2].any()


def test_earlier_years_are_found_by_the_calendar() -> None:
    days = np.arange(np.datetime64("2018-01-01"), np.datetime64("2024-01-01"), np.timedelta64(7, "D"))
    last = len(days) - 1
    for back, year in zip(references_by_date(days, last, 4, 7), (2022, 2021, 2020, 2019), strict=True):
        assert abs((days[last - back] - np.datetime64(f"{year}-12-25")).astype(int)) <= 3


def test_a_hole_of_months_in_the_history_is_no_silence() -> None:
    counts = seasonal()
    counts[:, 100:130] = np.nan
    result = farrington_flexible(counts, 4, enough=(0, 4))
    full = farrington_flexible(seasonal(), 4, enough=(0, 4))
    np.testing.assert_allclose(np.nanmean(result.expected), np.nanmean(full.expected), rtol=0.05)


@pytest.mark.parametrize(
    "settings",
    [
        {"years": 0},
        {"periods": 60},
        {"alpha": 0},
        {"threshold": "guess"},
        {"half_width": 30},
        {"enough": (5, 0)},
        {"frequency": 52.2},
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict) -> None:
    with pytest.raises(InputError):
        farrington_flexible(seasonal(), **{"years": 4, **settings})


def test_uneven_dates_and_bad_exposure_are_refused() -> None:
    days = np.arange(np.datetime64("2018-01-01"), np.datetime64("2023-03-06"), np.timedelta64(7, "D"))[:270]
    days[5] += np.timedelta64(1, "D")
    with pytest.raises(InputError, match="even steps"):
        farrington_flexible(seasonal(), 4, dates=days)
    with pytest.raises(InputError, match="exposure"):
        farrington_flexible(seasonal(), 4, exposure=np.ones((6, 3)))


def test_false_alarms_keep_near_the_level() -> None:
    result = farrington_flexible(seasonal(60), 4, threshold="nbPlugin", alpha=0.01, trend=False)
    assert 0.002 < result.alarm.sum() / result.judged.sum() < 0.02
