"""Every algorithm of every reference series of R surveillance 1.20.3, to 1e-6 relative."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.series import (
    Alarms,
    bayes,
    cusum,
    cusum_rossi,
    design,
    ears,
    farrington,
    farrington_flexible,
    glr_poisson,
    rki,
)

SERIES = ("salmonella_agona", "momo_total", "hepatitisA_berlin", "rasff_fcm_weekly")
DATED = ("momo_total", "rasff_fcm_weekly")  # whose weeks the reference finds by the calendar
TINY = 1e-9  # a score of 1e-16 is 0


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "golden" / "signal" / "timeseries"


def read(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray, dict]:
    with (folder / f"{name}.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    counts = np.array([float(row["observed"]) for row in rows])
    dates = np.array([row["date"] for row in rows], dtype="datetime64[D]")
    return counts, dates, json.loads((folder / f"{name}.json").read_text())


def numbers(values: list) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def run_flexible(y: np.ndarray, p: dict, days: np.ndarray | None) -> Alarms:
    return farrington_flexible(
        y,
        p["b"],
        p["w"],
        periods=p["noPeriods"],
        excluded=p["pastWeeksNotIncluded"],
        reweight=p["reweight"],
        outlier=p["weightsThreshold"],
        trend=p["trend"],
        p_trend=p["pThresholdTrend"],
        threshold=p["thresholdMethod"],
        alpha=p["alpha"],
        enough=tuple(p["limit54"]),
        dates=days,
    )


RUNS: dict[str, Callable[..., Alarms]] = {
    "EARS": lambda y, p, t, d: ears(y, p["method"], p["baseline"], p["minSigma"], p["alpha"]),
    "farringtonFlexible": lambda y, p, t, d: run_flexible(y, p, d),
    "farrington": lambda y, p, t, d: farrington(y, p["b"], p["w"], alpha=p["alpha"], dates=d),
    "bayes": lambda y, p, t, d: bayes(y, p["b"], p["w"], p["actY"], alpha=p["alpha"]),
    "rki3": lambda y, p, t, d: rki(y, p["b"], p["w"], p["actY"]),
    "cusum": lambda y, p, t, d: cusum(y, int(t[0]), p["k"], p["h"]),
    "cusum_rossi": lambda y, p, t, d: cusum_rossi(y, int(t[0]), p["k"], p["h"]),
    "glr_pois": lambda y, p, t, d: glr_poisson(y, int(t[0]), p["mu0"], p["c.ARL"]),
}


def said(name: str, y: np.ndarray, reference: dict, days: np.ndarray | None) -> Alarms:
    weeks = np.array(reference["t"]) - 1
    kind = name if name in RUNS else name.split("_")[0]
    return RUNS[kind](y, reference["params"], weeks, days)


def check(mine: np.ndarray, theirs: list) -> None:
    np.testing.assert_allclose(mine, numbers(theirs), rtol=1e-6, atol=TINY)


@pytest.mark.parametrize("name", [*SERIES, "hagelloch_daily"])
def test_it_gives_the_bounds_and_alarms_of_the_reference(folder: Path, name: str) -> None:
    y, dates, reference = read(folder, name)
    compared = 0
    for algorithm, expected in reference["algorithms"].items():
        if name == "hagelloch_daily" and algorithm.startswith("cusum"):
            continue
        result = said(algorithm, y, expected, dates if name in DATED else None)
        weeks = np.array(expected["t"]) - 1
        check(result.upperbound[weeks], expected["upperbound"])
        alarm = numbers(expected["alarm"])
        clear = ~np.isnan(alarm)
        assert (result.alarm[weeks][clear] == (alarm[clear] == 1)).all(), algorithm
        assert not result.alarm[weeks][~clear].any()
        compared += 1
    assert compared == (4 if name == "hagelloch_daily" else 17)


@pytest.mark.parametrize("name", SERIES)
def test_farrington_flexible_gives_the_expected_counts_scores_tails_and_trends(folder: Path, name: str) -> None:
    y, dates, reference = read(folder, name)
    z = ndtri(0.99)
    for algorithm, expected in reference["algorithms"].items():
        if "pvalue" not in expected:
            continue
        result = said(algorithm, y, expected, dates if name in DATED else None)
        weeks = np.array(expected["t"]) - 1
        check(result.expected[weeks], expected["expected"])
        check(result.p_value[weeks], expected["pvalue"])
        check(result.score[weeks], expected["score"])
        assert (~np.isnan(result.detail["slope"][weeks]) == np.array(expected["trend"], dtype=bool)).all()
        mean, se = result.detail["mean"][weeks], result.detail["se"][weeks]
        with np.errstate(over="ignore"):
            assumed = {"delta": np.exp(mean + z * mean * se), "nbPlugin": mean, "muan": mean * np.exp(z * se)}
        check_finite(assumed[expected["params"]["thresholdMethod"]], expected["mu0Vector"])


def check_finite(mine: np.ndarray, theirs: list) -> None:
    """The reference writes an infinite number as missing."""
    check(np.where(np.isinf(mine), np.nan, mine), theirs)


def test_a_cusum_over_weeks_that_do_not_exist_is_refused_where_the_reference_says_nothing(folder: Path) -> None:
    y, _, reference = read(folder, "hagelloch_daily")
    for algorithm in ("cusum", "cusum_rossi"):
        expected = reference["algorithms"][algorithm]
        assert all(alarm is None for alarm in expected["alarm"])
        assert expected["t"][0] > len(y)
        with pytest.raises(InputError, match="longer history"):
            cusum(y, expected["t"][0] - 1)


def test_the_cusum_design_is_that_of_the_reference(folder: Path) -> None:
    for wanted in json.loads((folder / "cusum_design.json").read_text())["find.kh"]:
        found = design(wanted["ARLa"], wanted["ARLr"], spacing=0.001)
        assert found.k == pytest.approx(wanted["k"], rel=1e-6)
        assert found.h == pytest.approx(wanted["h"], rel=1e-6)
        exact = design(wanted["ARLa"], wanted["ARLr"])
        assert exact.out_of_control == pytest.approx(wanted["ARLr"], rel=1e-9)
        assert exact.k == pytest.approx(wanted["k"], rel=1e-5)
