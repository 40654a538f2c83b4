"""The default indicator set against the rules page."""

from __future__ import annotations

import math
import re

import pytest

from qualipolis.city.measure.catalogue import BY_CODE, DEPARTMENTS, INDICATORS, NODES, path_weights

CODES = (
    [f"PQ{n:02d}" for n in range(1, 11)]
    + [f"SR{n:02d}" for n in range(1, 9)]
    + [f"MB{n:02d}" for n in range(1, 8)]
    + [f"EF{n:02d}" for n in range(1, 5)]
    + [f"NI{n:02d}" for n in range(1, 15)]
    + ["GV01"]
)


def test_it_has_all_44_indicators():
    assert [indicator.code for indicator in INDICATORS] == CODES
    assert len(CODES) == 44


def test_it_agrees_with_the_rules_page_on_names_direction_dimension_and_origin(shared):
    text = (shared / "domain" / "QUALITY-CITY-RULES.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    rows = [row for row in rows if len(row) == 8 and re.fullmatch(r"[A-Z]{2}\d{2}", row[0])]
    assert [row[0] for row in rows] == CODES
    for code, name, _unit, direction, _formula, _source, place, origin in rows:
        indicator = BY_CODE[code]
        sign = {"higher": "+", "lower": "−", "target": "T"}[indicator.direction]
        assert direction.startswith(sign), code
        assert place.split("·")[1] == indicator.dimension, code
        assert tuple(origin.split(",")) == indicator.origin, code
        assert name.split(" / ")[1].split("(")[0][:4] == indicator.name.zh[:4], code


def test_the_weights_of_every_level_add_up_to_one():
    for node in NODES:
        parts = [n.weight for n in NODES if n.parent == node.code]
        parts += [i.weight for i in INDICATORS if i.dimension == node.code]
        assert math.isclose(sum(parts), 1.0), node.code
    assert math.isclose(sum(path_weights().values()), 1.0)


def test_input_and_outcome_stay_apart():
    parent = {node.code: node.parent for node in NODES}
    assert {parent[i.dimension] for i in INDICATORS if i.code.startswith("NI")} == {"NII"}
    assert {parent[i.dimension] for i in INDICATORS if not i.code.startswith("NI")} == {"QDL"}


@pytest.mark.parametrize("indicator", INDICATORS, ids=CODES)
def test_each_indicator_says_everything_in_both_languages(indicator):
    texts = [indicator.name, indicator.unit, indicator.formula, indicator.source, indicator.basis, indicator.evidence]
    assert all(text.zh and text.en for text in texts)
    assert indicator.owner in {department.code for department in DEPARTMENTS}
    assert indicator.origin and set(indicator.origin) <= set("DGUTPL")


@pytest.mark.parametrize("indicator", INDICATORS, ids=CODES)
def test_its_score_runs_from_floor_to_target(indicator):
    assert indicator.score(indicator.floor) == 0.0
    assert indicator.score(indicator.target) == 1.0
    assert (indicator.floor > indicator.target) == (indicator.direction == "lower")


def test_a_target_interval_falls_on_both_sides():
    funds = BY_CODE["NI12"]
    assert [funds.score(v) for v in (60, 75, 90, 100, 115, 130)] == [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]


def test_a_zero_denominator_gives_no_value():
    assert BY_CODE["PQ01"].value(0, 0) is None
    assert BY_CODE["PQ01"].value(1854, 1951) == pytest.approx(95.028, abs=1e-3)


def test_the_set_can_be_read_without_django():
    import subprocess
    import sys

    line = "import sys, qualipolis.city.measure.catalogue; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", line], check=False).returncode == 0
