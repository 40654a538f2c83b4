"""Proof of a treatment: how often each verdict comes out where the truth is known, and what is refused."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.comparison import before_after

LIMITS = {"lower": 6.0, "upper": 14.0}


def verdicts(aim, after, rounds=150, points=25, draws=2000, **asked):
    """Return how often each verdict comes out, with mean and sd of the phase after."""
    rng = np.random.default_rng(1)
    found: Counter[str] = Counter()
    for _ in range(rounds):
        x, y = rng.normal(9, 1.5, (25, 5)), rng.normal(*after, (points, 5))
        found[before_after(x, y, aim, draws=draws, **asked).verdict] += 1
    return {name: count / rounds for name, count in found.items()}


@pytest.mark.parametrize("aim", ["higher", "spread", "ppm", "Ppk", "outside"])
def test_no_change_is_seldom_called_proven_or_worse(aim):
    found = verdicts(aim, (9, 1.5), **(LIMITS if aim not in ("higher", "spread") else {}))
    assert found.get("proven", 0) <= 0.06 and found.get("worse", 0) <= 0.06


def test_a_real_change_is_proven_and_its_opposite_is_worse():
    assert verdicts("higher", (10, 1.5), 30)["proven"] > 0.85
    assert verdicts("lower", (10, 1.5), 30)["worse"] > 0.9
    assert verdicts("spread", (9, 0.9), 30)["proven"] > 0.85
    assert verdicts("target", (10, 1.5), 30, target=10.0)["proven"] > 0.8
    assert verdicts("Ppk", (10, 0.9), 30, **LIMITS)["proven"] > 0.85
    assert verdicts("Ppk", (10, 0.9), 30, reach=1.67, **LIMITS).get("proven", 0) < 0.1


def test_few_points_or_an_unstable_process_prove_nothing():
    assert verdicts("higher", (12, 1.5), 20, points=10) == {"insufficient data": 1.0}
    rng = np.random.default_rng(2)
    after = rng.normal(12, 1, (25, 5))
    after[20:] += 4
    found = before_after(rng.normal(9, 1, (25, 5)), after, "higher", draws=500)
    assert found.verdict == "not proven" and not found.after.stable and "not stable" in found.reason


def test_intervals_hold_their_truth_also_where_subgroups_differ():
    rng, hits = np.random.default_rng(3), []

    def phase(mean, sd):
        return mean + rng.normal(0, 0.8, (25, 1)) + rng.normal(0, sd, (25, 5))

    for _ in range(400):
        e = before_after(phase(9, 1.5), phase(10, 0.8), "higher", draws=1500, **LIMITS).effects
        ratio = (0.64 + 0.64) / (0.64 + 2.25)
        ppk = (4 / np.sqrt(1.28) - 3 / np.sqrt(2.89)) / 3
        truth = {"mean": 1.0, "variance_ratio": ratio, "Ppk": ppk}
        hits.append([e[name].low <= value <= e[name].high for name, value in truth.items()])
    assert np.all(np.mean(hits, axis=0) >= 0.925)


def test_neighbours_that_agree_count_as_fewer_values():
    rng = np.random.default_rng(4)
    noise = rng.normal(0, 1, 400)
    drift = np.zeros(400)
    for i in range(1, 400):
        drift[i] = 0.7 * drift[i - 1] + noise[i]
    found = before_after(rng.normal(0, 1, 200), drift[200:], "higher", draws=500)
    assert found.after.freedom_mean < 80 < found.before.freedom_mean and found.after.autocorrelation > 0.4


def test_limits_are_those_of_the_phase_before_alone():
    rng = np.random.default_rng(5)
    x, y = rng.normal(9, 1, (20, 5)), rng.normal(11, 1, (30, 4))
    found = before_after(x, y, "higher", draws=500)
    assert float(found.chart.center.ravel()[0]) == pytest.approx(x.mean())
    assert found.shifted > 20 and len(found.chart.values) == 50


def test_what_is_detectable_is_found_as_often_as_said():
    rng = np.random.default_rng(6)

    def made(shift):
        return before_after(rng.normal(0, 1, 60), rng.normal(shift, 1, 60), "higher", draws=200)

    truth = float(np.mean([made(0).detectable for _ in range(20)]))
    hits = [made(truth).improvement.low > 0 for _ in range(150)]
    assert 0.72 <= np.mean(hits) <= 0.88


def test_what_cannot_be_compared_is_named_together():
    with pytest.raises(InputError) as error:
        before_after([1.0, 2.0], np.ones((25, 5)), "Ppk", confidence=2)
    found = {(p.code, p.place) for p in error.value.problems}
    assert found == {
        ("few_values", "before"),
        ("no_spread", "after"),
        ("bad_confidence", "confidence"),
        ("no_limits", "limits"),
    }
    with pytest.raises(InputError) as error:
        before_after(np.arange(30.0), np.random.default_rng(1).normal(0, 1, (25, 5)), "target")
    assert {p.code for p in error.value.problems} == {"no_target", "different_kinds"}
