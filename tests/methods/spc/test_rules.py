"""Rules of control charts: by definition, by hand, and the same whatever the shape of the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.rules import NELSON, PROFILES, Rule, judge, rules_of

ALL = {rule.code: rule for profile in PROFILES.values() for rule in profile}
points = arrays(float, st.integers(1, 60), elements=st.sampled_from([-3.5, -2.5, -1.5, -0.5, 0.0, 0.5, 1.5, 2.5, 3.5]))


def plainly(rule: Rule, z: np.ndarray, end: int) -> bool:
    """Whether the window that ends at ``end`` fulfils the rule, read off its words."""
    start = end - rule.window + 1
    if rule.kind == "beyond":
        seen = z[max(0, start) : end + 1]
        above, below = seen > rule.zone, seen < -rule.zone
        count = rule.count or rule.window
        if rule.side == "same":
            return any(side.sum() >= count and side[-1] for side in (above, below))
        fits = (above | below).sum() >= count and (above | below)[-1]
        return bool(fits and (rule.side == "either" or (above.any() and below.any())))
    if start < 0 or np.isnan(z[start : end + 1]).any():
        return False
    seen = z[start : end + 1]
    if rule.kind == "one_side":
        return bool(np.all(seen > 0) or np.all(seen < 0))
    if rule.kind == "within":
        return bool(np.all(np.abs(seen) < rule.zone))
    steps = np.sign(np.diff(seen))
    if rule.kind == "trend":
        return bool(np.all(steps > 0) or np.all(steps < 0))
    return bool(np.all(steps != 0) and np.all(steps[1:] == -steps[:-1]))


@given(points, st.sampled_from(sorted(ALL)))
def test_a_point_is_marked_exactly_when_the_window_that_ends_at_it_fulfils_the_rule(z, code):
    rule = ALL[code]
    found = judge(z, [rule]).flags[code]
    assert found.tolist() == [plainly(rule, z, end) for end in range(len(z))]


@given(points, st.integers(2, 9), st.floats(0.2, 3))
def test_rules_of_a_plant_are_judged_alike(z, window, zone):
    rules = [Rule(f"{kind}", kind, max(window, 3), zone=zone) for kind in ("beyond", "one_side", "trend", "within")]
    found = judge(z, rules)
    for rule in rules:
        assert found.flags[rule.code].tolist() == [plainly(rule, z, end) for end in range(len(z))]


def test_many_series_at_once_give_the_flags_of_each_and_so_do_long_ones():
    z = np.random.default_rng(4).standard_normal((7, 3, 500)) * 1.3
    together = judge(z)
    alone = judge(z[3, 1])
    long = np.random.default_rng(5).standard_normal(300_000) * 1.2
    pieces = judge(long[100_000:])
    for code, flags in together.flags.items():
        np.testing.assert_array_equal(flags[3, 1], alone.flags[code])
        np.testing.assert_array_equal(judge(long).flags[code][100_100:], pieces.flags[code][100:])


def test_a_missing_point_ends_every_run():
    z = np.full(20, 0.5)
    assert judge(z).points("nelson2") == list(range(8, 20))
    z[10] = np.nan
    assert judge(z).points("nelson2") == [8, 9, 19]


def test_the_whole_run_can_be_marked():
    z = np.array([0.1] * 3 + [-0.5] * 9)
    assert judge(z).points("nelson2") == [11]
    assert judge(z, mark="whole").points("nelson2") == list(range(3, 12))


def test_the_two_readings_of_the_eighth_rule_differ():
    z = np.full(8, 1.5)
    assert judge(z, "minitab").points("nelson8") == [7] and not judge(z, "nelson").points("nelson8")
    z[3] = -1.5
    assert judge(z, "nelson").points("nelson8") == [7]


def test_the_false_alarms_of_a_rule_are_as_rare_as_known():
    z = np.random.default_rng(8).standard_normal(2_000_000)
    rate = judge(z, "limits").flags["nelson1"].mean()
    assert 1 / rate == pytest.approx(370.4, rel=0.05)


@pytest.mark.parametrize("bad", ["unknown", [], [NELSON[0], NELSON[0]]])
def test_rules_that_are_none_are_named(bad):
    with pytest.raises(InputError):
        rules_of(bad)


@pytest.mark.parametrize("given", [{"window": 0}, {"zone": 0.0}, {"count": 9}])
def test_a_rule_that_makes_no_sense_is_refused(given):
    with pytest.raises(InputError):
        Rule(**{"code": "x", "kind": "beyond", "window": 3, "count": 2, "zone": 2.0} | given)
