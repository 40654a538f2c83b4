"""Short runs, dependent values and trends: one chart each, with the false alarms of an ordinary one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.charts import (
    FirstOrder,
    first_order,
    individuals_chart,
    nominal_chart,
    residual_chart,
    standardised_chart,
    standardised_range_chart,
    trend_chart,
    wandering_chart,
    xbar_chart,
)
from qualipolis.methods.spc.run_length import residual_arl, xbar_arl


def codes(error):
    return {problem.code for problem in error.value.problems}


def job_shop(m=400, seed=1, spreads=(1.0, 1.0, 1.0)):
    """Three parts in short runs, with nominal values 10, 20 and 50."""
    rng = np.random.default_rng(seed)
    part = np.repeat(rng.integers(0, 3, m // 4), 4)
    return np.array([10.0, 20, 50])[part] + rng.normal(0, 1, m) * np.array(spreads)[part], [*map(int, part)]


NOMINAL = {0: 10.0, 1: 20.0, 2: 50.0}


def test_one_part_alone_gives_the_chart_of_individuals():
    x = np.random.default_rng(2).normal(7, 1, 40)
    ours, plain = nominal_chart(x, ["a"] * 40, {"a": 7.0}), individuals_chart(x - 7)
    for name in ("values", "center", "lower", "upper"):
        np.testing.assert_allclose(
            np.broadcast_to(getattr(ours, name), 40), np.broadcast_to(getattr(plain, name), 40), rtol=1e-12
        )


def test_subgroups_of_several_parts_give_the_chart_of_their_deviations():
    rng = np.random.default_rng(3)
    part = list("aabbab")
    target = np.array([{"a": 10, "b": 20}[p] for p in part], dtype=float)
    x = target[:, None] + rng.normal(0, 1, (6, 5))
    ours, plain = nominal_chart(x, part, {"a": 10, "b": 20}), xbar_chart(x - target[:, None])
    np.testing.assert_allclose(ours.upper, np.broadcast_to(plain.upper, 6))
    np.testing.assert_allclose(ours.values, plain.values)


def test_a_shift_of_one_part_shows_and_the_change_of_parts_does_not():
    x, part = job_shop()
    assert nominal_chart(x, part, NOMINAL).beyond.sum() <= 4
    moved = x + np.where((np.array(part) == 2) & (np.arange(400) > 300), 5, 0)
    chart = nominal_chart(moved, part, NOMINAL, calibration=np.arange(300))
    assert chart.beyond[301:].sum() >= 15
    assert set(np.array(chart.parts)[chart.beyond][-5:]) == {2}


def test_parts_that_scatter_differently_need_standardised_values():
    x, part = job_shop(spreads=(0.2, 1.0, 4.0))
    z = standardised_chart(x, part)
    assert z.beyond.sum() <= 6
    assert nominal_chart(x, part, NOMINAL).beyond.sum() >= 12
    assert [z.estimates[i].sigma for i in range(3)] == pytest.approx([0.2, 1.0, 4.0], rel=0.2)


@given(st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_unit_and_zero_of_a_part_do_not_matter_to_its_z(scale, shift):
    x, part = job_shop(80)
    other = np.where(np.array(part) == 1, x * scale + shift, x)
    np.testing.assert_allclose(standardised_chart(other, part).values, standardised_chart(x, part).values, atol=1e-6)


def test_a_spread_that_grows_with_the_value_is_charted_by_logarithms():
    rng = np.random.default_rng(5)
    part = np.repeat(np.tile([0, 1], 50), 4)
    x = np.array([1.0, 100.0])[part] * np.exp(rng.normal(0, 0.1, 400))
    chart = standardised_chart(x, part.tolist(), sigma="relative")
    assert chart.estimates[0].sigma == chart.estimates[1].sigma == pytest.approx(0.1, rel=0.1)
    assert chart.beyond.sum() <= 4
    with pytest.raises(InputError) as error:
        standardised_chart(x - 2, part.tolist(), sigma="relative")
    assert codes(error) == {"not_positive"}


def test_a_new_part_is_charted_from_its_first_value_when_it_is_known():
    x, part = [10.0, 11, 10, 9, 50], list("aaaab")
    with pytest.raises(InputError) as error:
        standardised_chart(x, part)
    assert codes(error) == {"few_of_part"}
    assert standardised_chart(x, part, center={"b": 48.0}, std={"b": 1.0}).values[-1] == pytest.approx(2)


def test_ranges_of_z_and_of_subgroups_have_limits_of_their_own():
    x, part = job_shop()
    chart = standardised_range_chart(x, part)
    assert float(chart.upper[0]) == pytest.approx(3.6859, abs=1e-4)
    assert np.nanmean(chart.values) == pytest.approx(1.128, abs=0.08)
    grouped = standardised_range_chart(x.reshape(100, 4), part[::4])
    assert grouped.kind == "R/σ" and np.nanmean(grouped.values) == pytest.approx(2.059, abs=0.1)


def test_short_runs_refuse_what_does_not_fit_and_name_it():
    with pytest.raises(InputError) as error:
        nominal_chart([1.0, 2, 3], ["a", "b"], {"a": 1})
    assert codes(error) == {"part_shape"}
    with pytest.raises(InputError) as error:
        nominal_chart([1.0, 2, 3], ["a", "b", "c"], {"a": 1})
    assert [p.params["part"] for p in error.value.problems] == ["b", "c"]
    with pytest.raises(InputError) as error:
        nominal_chart([1.0, 2, 3], ["a", "b", "c"], dict.fromkeys("abc", 1.0))
    assert codes(error) == {"no_spread"}


def dependent(phi, n, seed, mean=0.0):
    rng = np.random.default_rng(seed)
    return mean + lfilter([1.0], [1.0, -phi], rng.normal(0, 1, n + 200))[200:]


@pytest.mark.parametrize("phi", [-0.5, 0.0, 0.6, 0.9])
def test_the_model_of_dependence_comes_back(phi):
    found = first_order(dependent(phi, 3000, 7, mean=20))
    assert (found.phi, found.error_sd) == (pytest.approx(phi, abs=0.04), pytest.approx(1, rel=0.04))
    assert found.mean == pytest.approx(20, abs=4 / (1 - phi) / np.sqrt(3000))


def test_missing_points_do_not_bias_the_model():
    x = dependent(0.8, 6000, 8)
    x[np.random.default_rng(1).random(6000) < 0.5] = np.nan
    assert first_order(x).phi == pytest.approx(0.8, abs=0.04)
    chart = residual_chart(x)
    assert np.nanstd(chart.z) == pytest.approx(1, abs=0.03)
    assert chart.sigma.max() > 1.1 * chart.sigma.min()


def test_residuals_alarm_as_often_as_they_say_where_plain_limits_do_not():
    x = dependent(0.8, 40_000, 9)
    model = FirstOrder(0.0, 0.8, 1.0, 1000)
    rate = residual_chart(x, model=model).beyond.mean()
    assert 1 / rate == pytest.approx(residual_arl(0.8), rel=0.25)
    assert individuals_chart(x).beyond.mean() > 20 * rate


@pytest.mark.parametrize("phi", [-0.4, 0.5])
def test_the_run_length_after_a_shift_is_that_of_simulation(phi):
    rng, model = np.random.default_rng(10), FirstOrder(0.0, phi, 1.0, 100)
    shift, found = 2.0 * model.sd, []
    for _ in range(600):
        x = dependent(phi, 400, int(rng.integers(1 << 30)))
        x[1:] += shift
        beyond = residual_chart(x, model=model).beyond[1:]
        found.append(int(np.argmax(beyond)) + 1 if beyond.any() else 399)
    assert np.mean(found) == pytest.approx(residual_arl(phi, 2.0), rel=0.12)
    assert residual_arl(0.0, 1.3) == pytest.approx(float(xbar_arl(1.3)))


def test_a_wandering_mean_is_followed_and_a_jump_still_seen():
    rng = np.random.default_rng(11)
    x = np.cumsum(rng.normal(0, 0.3, 400)) + rng.normal(0, 1, 400)
    assert individuals_chart(x).beyond.mean() > 0.05
    chart = wandering_chart(x, calibration=np.arange(300))
    assert chart.beyond.mean() < 0.02
    x[350:] += 8
    assert wandering_chart(x, calibration=np.arange(300)).beyond[350]
    x[351] = np.nan
    gap = wandering_chart(x, calibration=np.arange(300))
    assert gap.center[352] == gap.center[351] and not gap.beyond[351]


@given(st.floats(-3, 3), st.floats(0.1, 10))
def test_the_trend_is_taken_out_whatever_its_slope(slope, scale):
    noise = np.random.default_rng(12).normal(0, 1, 60)
    t = np.arange(60.0)
    chart, flat = trend_chart(scale * noise + slope * t), trend_chart(scale * noise)
    np.testing.assert_allclose(chart.z, flat.z, atol=1e-6)
    assert chart.slope - flat.slope == pytest.approx(slope, abs=1e-9)


def test_tools_that_are_renewed_share_a_slope():
    rng, tool = np.random.default_rng(13), np.repeat(["a", "b", "c"], 30)
    t = np.tile(np.arange(30.0), 3)
    x = np.repeat([10.0, 10.5, 9.5], 30) + 0.1 * t + rng.normal(0, 0.1, 90)
    chart = trend_chart(x, tool=tool.tolist(), level="tool")
    assert chart.slope_limits[0] < 0.1 < chart.slope_limits[1]
    assert [*chart.levels.values()] == pytest.approx([10, 10.5, 9.5], abs=0.1)
    assert chart.beyond.sum() <= 1 < trend_chart(x, tool=tool.tolist(), sigma="mr").beyond.sum()
    assert chart.renew_at(14.0, tool="b") < chart.renew_at(14.0, tool="c")
    assert chart.renew_at(5.0) == np.inf


def test_subgroups_around_a_line_take_their_spread_from_within():
    rng = np.random.default_rng(14)
    x = 5 + 0.3 * np.arange(40)[:, None] + rng.normal(0, 1, (40, 5))
    chart = trend_chart(x)
    assert chart.beyond.sum() <= 1
    assert float((chart.upper - chart.center)[0]) == pytest.approx(3 * float(chart.process_sigma) / np.sqrt(5))
    assert xbar_chart(x).beyond.mean() > 0.5
    bent = x + 0.02 * (np.arange(40)[:, None] - 20) ** 2
    assert trend_chart(bent).beyond.sum() > 5


def test_trends_refuse_what_cannot_be_a_line():
    for arguments, code in (
        (([1.0, 2, 1, 2],), "few_points"),
        (([1.0, 2, 3, 4, 5, 6, 7],), "no_spread"),
    ):
        with pytest.raises(InputError) as error:
            trend_chart(*arguments)
        assert codes(error) == {code}
    with pytest.raises(InputError) as error:
        trend_chart([1.0, 3, 2, 5, 4, 7], time=[0, 1], level="none")
    assert codes(error) == {"unknown_choice", "time_shape"}
