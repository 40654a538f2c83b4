"""Lifetimes: known truth comes back from every kind of censoring, limits hold, and nothing is guessed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.reliability import (
    fit_life,
    kaplan_meier,
    lifetimes,
    log_rank,
    rank_regression,
    success_run,
    success_run_size,
    weibayes,
)
from qualipolis.methods.spc.reliability.distributions import LAWS
from qualipolis.methods.spc.reliability.fit import _derivatives


def drawn(rng, n, shape=2.0, scale=100.0):
    return scale * rng.weibull(shape, n)


def seen(rng, kind, n=400):
    """Return lives of which only something is known."""
    t = drawn(rng, n)
    if kind == "exact":
        return lifetimes(t)
    if kind == "right":
        end = rng.uniform(50, 200, n)
        return lifetimes(np.minimum(t, end), t <= end)
    looks = np.arange(0, 400, 25.0)
    place = np.searchsorted(looks, t, side="left")
    low = looks[place - 1]
    high = np.where(place < len(looks), looks[np.minimum(place, len(looks) - 1)], np.inf)
    low, high = np.where(np.isinf(high), looks[-1], low), high
    if kind == "interval":
        return lifetimes(low, upper=high)
    some = rng.random(n) < 0.5
    return lifetimes(np.where(some, t, low), upper=np.where(some, t, high))


@pytest.mark.parametrize("kind", ["exact", "right", "interval", "mixed"])
def test_the_truth_comes_back_from_what_is_known(kind):
    fits = [fit_life(seen(np.random.default_rng(seed), kind)) for seed in range(60)]
    shapes, scales = (np.array([getattr(f, name) for f in fits]) for name in ("shape", "characteristic"))
    assert shapes.mean() == pytest.approx(2, abs=4.5 * shapes.std() / np.sqrt(60) + 0.02)
    assert scales.mean() == pytest.approx(100, abs=4.5 * scales.std() / np.sqrt(60) + 0.5)
    held = np.mean([f.shape_limits()[0] <= 2 <= f.shape_limits()[1] for f in fits])
    assert 0.85 <= held <= 1


@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(LAWS)), st.floats(3, 5), st.floats(-1, 1))
def test_derivatives_are_those_of_the_likelihood(seed, law, location, log_scale):
    life = seen(np.random.default_rng(seed), "mixed", 30)
    theta, h = np.array([location, log_scale]), 1e-5
    _value, gradient, hessian = _derivatives(life, LAWS[law], theta)
    for axis in (0, 1):
        step = np.eye(2)[axis] * h
        up, down = (_derivatives(life, LAWS[law], theta + sign * step) for sign in (1, -1))
        assert gradient[axis] == pytest.approx((up[0] - down[0]) / (2 * h), rel=1e-4, abs=1e-3)
        np.testing.assert_allclose(hessian[axis], (up[1] - down[1]) / (2 * h), rtol=1e-4, atol=1e-2)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 1000))
def test_the_unit_of_time_changes_the_scale_only(seed, factor):
    life = seen(np.random.default_rng(seed), "right", 40)
    other = lifetimes(factor * life.lower, upper=factor * life.upper)
    for law in sorted(LAWS):
        one, two = fit_life(life, law), fit_life(other, law)
        assert (two.shape, two.characteristic) == pytest.approx((one.shape, factor * one.characteristic), rel=1e-6)


def test_likelihood_limits_hold_also_with_few_failures():
    rng = np.random.default_rng(3)
    truth = 100 * (-np.log(0.9)) ** 0.5
    held = []
    for _ in range(120):
        low, high = fit_life(lifetimes(drawn(rng, 8))).likelihood_limits(0.1, 0.9)
        held.append(low <= truth <= high)
    assert 0.78 <= np.mean(held) <= 0.97


def test_reliability_and_life_are_each_other_turned_round():
    fit = fit_life(seen(np.random.default_rng(4), "right"))
    life, low, high = fit.life_at(0.1)
    alive, least, most = fit.reliability(life)
    assert alive == pytest.approx(0.9) and least < alive < most and low < life < high


def test_the_share_alive_is_that_of_the_sample_when_all_have_failed():
    found = kaplan_meier(lifetimes([3, 1, 2, 2]))
    assert found.alive.tolist() == [0.75, 0.25, 0.0] and found.median() == 2
    assert np.isnan(kaplan_meier(lifetimes([1, 5, 6], [1, 0, 0])).median())


def test_groups_alike_differ_as_seldom_as_promised_and_others_are_seen():
    rng = np.random.default_rng(5)
    level = np.mean([log_rank([lifetimes(drawn(rng, 25)), lifetimes(drawn(rng, 25))]).p < 0.05 for _ in range(400)])
    assert level == pytest.approx(0.05, abs=0.035)
    assert log_rank([lifetimes(drawn(rng, 60)), lifetimes(drawn(rng, 60, scale=50))]).p < 1e-4


def test_a_run_without_failure_shows_what_it_was_planned_to_show():
    n = success_run_size(0.95, 0.9)
    assert success_run(n, 0.9) >= 0.95 > success_run(n - 1, 0.9)
    longer = success_run_size(0.95, 0.9, life_ratio=2, shape=2)
    assert longer < n and success_run(longer, 0.9, life_ratio=2, shape=2) >= 0.95


def test_a_known_shape_gives_a_limit_that_holds():
    rng = np.random.default_rng(6)
    held = [
        weibayes(lifetimes(np.minimum(t, 60), t <= 60), 2.0, 0.9) <= 100 for t in (drawn(rng, 12) for _ in range(1500))
    ]
    assert np.mean(held) >= 0.9 - 4.5 * np.sqrt(0.09 / 1500)


@pytest.mark.parametrize(
    "make",
    [
        lambda: lifetimes([1, -2]),
        lambda: lifetimes([1, np.nan]),
        lambda: lifetimes([1, 2], [1]),
        lambda: lifetimes([2.0], upper=[1.0]),
        lambda: fit_life(lifetimes([1, 2], [0, 0])),
        lambda: fit_life(lifetimes([2, 2, 2])),
        lambda: fit_life(lifetimes([1, 2]), "gumbel"),
        lambda: kaplan_meier(lifetimes([0, 1], upper=[1, 2])),
        lambda: log_rank([lifetimes([1, 2])]),
        lambda: rank_regression(lifetimes([1, 2], [1, 0])),
        lambda: success_run(0),
        lambda: success_run_size(1.0),
        lambda: weibayes(lifetimes([1.0]), -1),
    ],
)
def test_what_cannot_be_fitted_is_named(make):
    with pytest.raises(InputError) as refusal:
        make()
    assert all(problem.place for problem in refusal.value.problems)
