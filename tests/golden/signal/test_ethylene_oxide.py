"""The real signal: ethylene oxide in the European alerts, told again week by week."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from qualipolis.methods.signal.back_testing import Event, in_one_run, looks_ahead, replay, timeliness
from qualipolis.methods.signal.series import WeeklyCounts, bayes, ears

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = REPOSITORY / "benchmarks" / "signal_timeliness.py"
    found = importlib.util.spec_from_file_location("signal_timeliness", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table(shared: Path, script: ModuleType) -> WeeklyCounts:
    assert shared / "data" / "rasff_2020_2024" / "rasff.csv.gz" == script.SOURCE
    return script.read("Hazard Substance")


def judge(counts: np.ndarray) -> object:
    return bayes(counts, half_width=6, alpha=0.001)


def test_the_weekly_counts_are_those_of_the_reference(shared: Path, table: WeeklyCounts) -> None:
    golden = json.loads((shared / "golden" / "signal" / "rasff_eto.json").read_text())
    eto = table.of("ethylene oxide")
    for week, count in golden["weekly_first20"].items():
        expected = count - 2 if week == "2020-12-07" else count  # two name it in the product alone
        assert eto[table.week_of(week)] == expected
    first = np.flatnonzero(eto)[0]
    assert str(table.weeks[first]) == "2020-09-07" == golden["C1_b7_first_week"]


def test_ears_fires_in_the_weeks_of_the_reference(shared: Path) -> None:
    golden = json.loads((shared / "golden" / "signal" / "rasff_eto.json").read_text())
    with (shared / "golden" / "signal" / "timeseries" / "rasff_ethylene_oxide_weekly.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    counts = np.array([float(row["count"]) for row in rows])
    assert counts.sum() == golden["n_total"]
    for floor, key in ((0.0, "C1_b7_first_week"), (1.0, "C1_b7_minSigma1_first_week")):
        week = int(np.argmax(ears(counts, "C1", 7, floor).alarm))
        assert rows[week]["week"] == golden[key]
        assert counts[week] == golden[f"{key}_count"]


def test_every_report_is_counted_and_a_hazard_not_stated_is_a_series(shared: Path, table: WeeklyCounts) -> None:
    with gzip.open(shared / "data" / "rasff_2020_2024" / "rasff.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    empty = sum("" in [part.strip() for part in row["Hazard Substance"].split(";")] for row in rows)
    assert table.of("hazard not stated").sum() >= empty > 5000
    assert not any(";" in name for name in table.names)


def test_ethylene_oxide_is_found_in_time_with_few_false_alarm_weeks(table: WeeklyCounts) -> None:
    told = in_one_run(table.counts, judge)  # the same as week by week: see the test below
    first = table.week_of("2020-09-09")
    event = Event(table.names.index("ethylene oxide"), first, first + 103)
    watched = told.judged & (np.cumsum(table.counts, axis=1) >= 1)
    (point,) = timeliness(told.strength, watched, [event], [3.0])
    assert first + point.delays[0] <= table.week_of("2020-10-12")
    assert point.false_high < 0.01 < 0.05
    assert point.worst_series < 0.05


def test_no_verdict_changes_with_what_came_later(table: WeeklyCounts) -> None:
    assert not looks_ahead(table.counts, judge, [20, 41, 120])
    until = table.counts[:, : table.week_of("2020-10-12") + 1]
    told = replay(until, judge, first=until.shape[1] - 6)
    eto = np.flatnonzero(told.alarm[table.names.index("ethylene oxide")])
    assert [str(table.weeks[week]) for week in eto] == ["2020-10-12"]
