"""The drawing of a control chart: no signalled point lost however many there are, names at the edge, phases cut."""

from __future__ import annotations

import re

import numpy as np
import pytest
from django.utils import translation

from qualipolis.faces.desk.charts.control import COLUMNS, Legal, control_chart, written
from qualipolis.methods.spc.findings import Chart, study

MANY = 100_000


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


def drawn(chart: Chart, **more: object) -> str:
    return str(control_chart(chart, label="x", **more))  # type: ignore[arg-type]


def dots(svg: str, cls: str) -> set[tuple[float, float]]:
    """Return where the dots of a class stand, per cent and pixels."""
    found = re.search(rf'<path d="([^"]*)" class="{cls}-spots"', svg)
    return {(float(x), float(y)) for x, y in re.findall(r"M(\S+) (\S+?)h0", found[1])} if found else set()


def scale_of(svg: str) -> tuple[float, float, float, float]:
    """Return two values of the axis with their heights."""
    marks = re.findall(r'<text x="7.8%" y="([\d.]+)" text-anchor="end">(-?[\d.]+)</text>', svg)
    (y0, v0), (y1, v1) = marks[0], marks[-1]
    return float(v0), float(y0), float(v1), float(y1)


@pytest.mark.parametrize("share", [0.001, 0.05, 1.0])
def test_no_signalled_point_is_lost(share: float) -> None:
    rng = np.random.default_rng(8)
    values = rng.normal(10, 1, MANY)
    far = rng.random(MANY) < share
    values[far] += np.where(rng.random(far.sum()) < 0.5, -9, 9)
    chart = study(values, rules="limits", freeze=None).charts[0]
    flagged = np.flatnonzero(chart.flagged)
    svg = drawn(chart)
    if svg.count('class="hit-out"') == len(flagged):
        return
    seen = dots(svg, "hit-out")
    v0, y0, v1, y1 = scale_of(svg)
    heights = y0 + (chart.values[flagged] - v0) * (y1 - y0) / (v1 - v0) - 4 - 26
    places = 100 * (flagged + 0.5) / MANY
    cells = {(round(x * 10), round(y)) for x, y in seen}
    near = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1)]
    lost = [
        (x, y)
        for x, y in zip(np.round(places * 10).astype(int), np.round(heights).astype(int), strict=True)
        if not any((x + a, y + b) in cells for a, b in near)
    ]
    assert lost == []


def test_a_picture_of_many_points_stays_small() -> None:
    chart = study(np.random.default_rng(1).normal(0, 1, MANY)).charts[0]
    assert len(drawn(chart)) < 400_000


def test_the_line_goes_through_least_and_greatest_of_each_column() -> None:
    values = np.random.default_rng(1).normal(0, 1, MANY)
    chart = study(values, rules="limits").charts[0]
    line = re.search(r'<path d="([^"]*)" class="l1 thread"', drawn(chart))
    assert line
    assert COLUMNS < line[1].count("L") + line[1].count("M") < 4 * COLUMNS


def test_limits_far_away_are_named_at_the_edge() -> None:
    chart = study(np.random.default_rng(1).normal(10, 1, 50)).charts[0]
    near = drawn(chart, legal=[Legal(14.0, "most")])
    far = drawn(chart, legal=[Legal(400.0, "most"), Legal(-400.0, "least")])
    assert near.count('class="limit"') == 1
    assert far.count('class="limit"') == 0
    assert "most 400 ↑" in far
    assert "least -400 ↓" in far


def test_each_phase_has_limits_of_its_own_and_those_before_go_on() -> None:
    rng = np.random.default_rng(2)
    values = np.r_[rng.normal(0, 1, 30), rng.normal(6, 1, 30)]
    chart = study(values, phases=[(30, "new oil")]).charts[0]
    svg = drawn(chart, places=2)
    assert svg.count('class="turn"') == 1
    assert svg.count('class="centre"') == 2
    assert svg.count('class="before"') >= 1
    assert "new oil" in svg
    for phase in chart.phases:
        assert written(phase.upper, 2) in svg


def test_a_window_shows_its_points_alone() -> None:
    chart = study(np.random.default_rng(2).normal(0, 1, 500), rules="limits").charts[0]
    svg = drawn(chart, window=(99, 199))
    line = re.search(r'<path d="([^"]*)" class="l1 thread"', svg)
    assert line
    assert line[1].count("L") == 100
    assert ">100<" in svg or ">120<" in svg


def test_missing_points_break_the_line() -> None:
    values = np.random.default_rng(2).normal(0, 1, 60)
    values[20] = np.nan
    chart = study(values, rules="limits").charts[0]
    line = re.search(r'<path d="([^"]*)" class="l1 thread"', drawn(chart))
    assert line
    assert line[1].count("M") == 2


def test_limits_that_vary_are_drawn_as_steps() -> None:
    sizes = np.random.default_rng(3).integers(50, 150, 40)
    chart = study(np.full(40, 5.0), kind="units", sizes=sizes).charts[0]
    assert chart.phases[0].upper is None
    varying = sum(limit is None for limit in (chart.phases[0].lower, chart.phases[0].upper))
    assert drawn(chart).count('class="ref" vector-effect') == varying >= 1


def test_names_are_escaped_and_there_is_no_style() -> None:
    chart = study(np.random.default_rng(2).normal(0, 1, 60), phases=[(30, "<b>&")]).charts[0]
    svg = drawn(chart, unit="<i>")
    assert "<b>" not in svg
    assert "<i>" not in svg
    assert "style=" not in svg
