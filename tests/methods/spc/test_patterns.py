"""Patterns: what was put into a series is named, and nothing is named in a quiet one."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.charts import individuals_chart, moving_range_chart, range_chart, xbar_chart
from qualipolis.methods.spc.patterns import CATEGORIES, PATTERNS, cycle, from_chart, from_data, pattern_of
from qualipolis.methods.spc.rules import PROFILES


def noise(m, seed=3):
    return np.random.default_rng(seed).normal(0, 1, m)


def seen(x, **more):
    """Names seen on a chart whose limits come from forty quiet points before it."""
    calm = noise(40, 17)
    chart = individuals_chart(np.concatenate([calm, x]), center=0.0, std=1.0)
    return {sighting.pattern.code for sighting in from_chart(chart, **more)}


@pytest.mark.parametrize(
    ("code", "x"),
    [
        ("single", np.r_[noise(20), 6, noise(10)]),
        ("shift", noise(20) + 1.5),
        ("trend", np.linspace(0, 3, 20)),
        ("alternation", np.tile([1.2, -1.2], 15) + noise(30) / 10),
        ("small_shift", np.tile([2.2, 2.3, 0.5], 5)),
        ("hugging", noise(30) / 5),
        ("mixture", np.tile([1.6, 1.7, -1.6, -1.5], 6)),
        ("cycle", 2 * np.sin(np.arange(80) * 2 * np.pi / 8) + noise(80) / 4),
    ],
)
def test_it_names_what_was_put_in(code, x):
    assert code in seen(x)


def test_it_names_every_rule_and_every_pattern_has_suspects_of_known_categories():
    for profile in PROFILES.values():
        assert all(pattern_of(rule).code in PATTERNS for rule in profile)
    for pattern in PATTERNS.values():
        assert pattern.suspects
        assert pattern.confirm
        assert {suspect.category for suspect in pattern.suspects} <= set(CATEGORIES)


def test_a_quiet_process_shows_little():
    found = [from_chart(individuals_chart(noise(100, seed)), rules="limits") for seed in range(100)]
    assert sum(any(s.pattern.code == "cycle" for s in one) for one in found) <= 4
    assert sum(bool(one) for one in found) <= 40


def test_the_false_alarms_of_the_cycle_are_as_stated():
    hits = sum(cycle(noise(60, seed))[1] < 0.05 for seed in range(600))
    assert hits <= 46


def test_spread_is_read_from_its_own_chart():
    rng = np.random.default_rng(5)
    x = np.r_[rng.normal(0, 1, (25, 5)), rng.normal(0, 0.05, (12, 5))]
    found = from_chart(xbar_chart(x), spread=range_chart(x, calibration=np.arange(25)), rules="limits")
    assert "spread_down" in {sighting.pattern.code for sighting in found}
    wide = np.r_[rng.normal(0, 1, (25, 5)), [[-6, 6, 0, -5, 5]] * 3]
    loud = from_chart(xbar_chart(wide, std=1.0), spread=range_chart(wide, calibration=np.arange(25)), rules="limits")
    assert {sighting.pattern.code: sighting.points for sighting in loud}["spread_up"][-1] == 27


def test_values_themselves_tell_of_gauge_sorting_batches_and_mixtures():
    rng = np.random.default_rng(9)
    codes = {
        "coarse": from_data(np.round(noise(60) / 2)),
        "truncated": from_data(noise(500)[noise(500) < 1], Specification(-6, 1)),
        "batches": from_data(rng.normal(0, 1, (30, 4)) + rng.normal(0, 3, (30, 1))),
        "mixture": from_data(np.r_[rng.normal(0, 1, 150), rng.normal(7, 1, 150)]),
    }
    for code, sightings in codes.items():
        assert code in {sighting.pattern.code for sighting in sightings}
    assert from_data(rng.normal(0, 1, (30, 4)), Specification(-6, 6)) == ()


def test_each_pattern_is_named_once_and_moving_ranges_are_taken_too():
    x = np.r_[noise(40), noise(20) + 8]
    found = from_chart(individuals_chart(x), spread=moving_range_chart(x), data=x)
    codes = [sighting.pattern.code for sighting in found]
    assert len(codes) == len(set(codes))
