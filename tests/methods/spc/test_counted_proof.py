"""Proof from counts in the order of time: right verdicts, honest limits, and nothing claimed where nothing could be seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.comparison import before_after_defectives, before_after_defects

NINE_OF_TEN = {"defectives": before_after_defectives, "defects": before_after_defects}


def shares(p, q, seed=1, points=25, units=200):
    rng = np.random.default_rng(seed)
    return rng.binomial(units, p, points), units, rng.binomial(units, q, points), units


def rates(a, b, seed=1, points=25):
    rng = np.random.default_rng(seed)
    return rng.poisson(a, points), 1.0, rng.poisson(b, points), 1.0


def test_the_four_verdicts():
    assert before_after_defectives(*shares(0.08, 0.03)).verdict == "proven"
    assert before_after_defectives(*shares(0.08, 0.08)).verdict == "not proven"
    assert before_after_defectives(*shares(0.03, 0.08)).verdict == "worse"
    assert before_after_defectives(*shares(0.08, 0.03, points=10)).verdict == "insufficient data"
    assert before_after_defects(*rates(8, 3)).verdict == "proven"
    assert before_after_defects(*rates(3, 8)).verdict == "worse"


def test_a_fall_must_exceed_what_was_asked_and_reach_what_was_promised():
    data = shares(0.08, 0.03)
    assert before_after_defectives(*data, by=0.06).verdict == "not proven"
    found = before_after_defectives(*data, reach=0.03)
    assert found.verdict == "not proven" and "0.03" in found.reason % found.params
    assert before_after_defectives(*data, reach=0.05).verdict == "proven"
    assert before_after_defects(*rates(8, 3), by=70).verdict == "not proven"


def test_too_few_events_before_are_named_and_not_called_unproven():
    found = before_after_defectives([1, 0, 0, 1] + [0] * 16, 50, [0] * 20, 50)
    assert (found.verdict, found.params) == ("insufficient data", {"events": 2})
    assert before_after_defects([0] * 20, 1, [0] * 20, 1).verdict == "insufficient data"


def test_an_unstable_cure_is_not_proven():
    before, n, after, m = shares(0.10, 0.02)
    after = after.copy()
    after[-6:] = [15, 14, 16, 15, 14, 15]
    found = before_after_defectives(before, n, after, m)
    assert found.verdict == "not proven" and found.after.signals > found.after.allowed and not found.after.stable
    assert found.conventions["interval"] == "between points"


def wild(seed, p, q):
    rng = np.random.default_rng(seed)
    return (rng.binomial(200, rng.beta(*(40 * v for v in (s, 1 - s)), 25)) for s in (p, q))


def test_counts_that_scatter_too_much_do_not_prove_what_is_not_so():
    """The law alone would call one in four of these a change; the scatter between points keeps to the error it states."""
    verdicts = []
    for seed in range(60):
        before, after = wild(seed, 0.1, 0.1)
        found = before_after_defectives(before, 200, after, 200)
        assert found.conventions["interval"] == "between points"
        verdicts.append(found.improvement.low > 0 or found.improvement.high < 0)
    assert np.mean(verdicts) <= 0.12
    before, after = wild(1, 0.2, 0.05)
    assert before_after_defectives(before, 200, after, 200).verdict == "proven"


@pytest.mark.parametrize(("name", "draw"), [("defectives", shares), ("defects", rates)])
def test_limits_hold_and_a_change_that_is_not_there_is_seldom_proven(name, draw):
    make, value = NINE_OF_TEN[name], 0.06 if name == "defectives" else 6
    held, proven = [], 0
    for seed in range(70):
        found = make(*draw(value, value, seed))
        held.append(found.improvement.low <= 0 <= found.improvement.high)
        proven += found.verdict == "proven"
    assert 0.92 <= np.mean(held) <= 0.99
    assert proven <= 4


@pytest.mark.parametrize(("name", "draw", "start"), [("defectives", shares, 0.06), ("defects", rates, 6.0)])
def test_the_detectable_fall_is_found_in_eight_of_ten_cases(name, draw, start):
    make = NINE_OF_TEN[name]
    fall = make(*draw(start, start)).detectable
    after = start - fall if name == "defectives" else start * (1 - fall / 100)
    found = [make(*draw(start, after, seed)).improvement.low > 0 for seed in range(60)]
    assert 0.65 <= np.mean(found) <= 0.95


@given(st.integers(1, 40), st.integers(0, 60), st.integers(2, 50))
def test_splitting_a_total_into_points_does_not_change_the_effect(events, later, parts):
    whole = before_after_defects(events, 100.0, later, 150.0, least=1)
    split = np.zeros(parts)
    split[0] = events
    spread = before_after_defects(split, 100.0 / parts, later, 150.0, least=1)
    assert spread.improvement.value == pytest.approx(whole.improvement.value)
    assert whole.conventions["interval"] == "law"


def test_the_chart_keeps_the_limits_of_before():
    found = before_after_defectives(*shares(0.08, 0.02))
    assert float(found.chart.center[0]) == pytest.approx(found.before.mean)
    assert found.shifted > 3 and found.chart.values.shape == (50,)


def test_counts_that_cannot_be_are_refused_all_at_once():
    with pytest.raises(InputError) as error:
        before_after_defectives([1, 2.5], 10, [11, 1], 10, confidence=1.2)
    assert [p.code for p in error.value.problems] == ["bad_confidence", "bad_count", "bad_count"]
    with pytest.raises(InputError) as error:
        before_after_defects([1, 2], [1, 2, 3], [1], 1)
    assert [p.code for p in error.value.problems] == ["size_shape"]
