"""Run lengths agree with simulation, with each other, and with what is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.charts import cusum_chart
from qualipolis.methods.spc.rules import NELSON, Rule, judge
from qualipolis.methods.spc.run_length import (
    cusum_arl,
    cusum_decision,
    ewma_arl,
    mewma_arl,
    poisson_cusum_arl,
    rules_arl,
    variance_ewma_arl,
    xbar_arl,
)


@given(st.floats(0.0, 3.0))
def test_every_chart_without_memory_is_the_shewhart_chart(shift):
    alone = float(xbar_arl(shift))
    assert ewma_arl(1.0, 3.0, shift) == pytest.approx(alone, rel=1e-9)
    assert rules_arl("limits", shift) == pytest.approx(alone, rel=1e-9)


@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_a_larger_shift_is_found_sooner(one, two):
    small, large = sorted((one, two))
    for arl in (lambda s: ewma_arl(0.1, 2.7, s), lambda s: cusum_arl(0.5, 4.0, s), lambda s: rules_arl(NELSON[:2], s)):
        assert arl(large) <= arl(small) * (1 + 1e-9)


@pytest.mark.parametrize("shift", [0.0, 0.7])
def test_run_rules_signal_as_soon_as_simulated(shift):
    rules = [NELSON[0], NELSON[1], NELSON[4], NELSON[5], NELSON[6]]
    z = np.random.default_rng(3).standard_normal((6000, 700)) + shift
    marks = judge(z, rules).any
    first = np.where(marks.any(axis=1), marks.argmax(axis=1) + 1, np.nan)
    assert not np.isnan(first).mean() > 0.001
    found = first[~np.isnan(first)]
    assert np.nanmean(first) == pytest.approx(rules_arl(rules, shift), abs=4.5 * found.std() / np.sqrt(len(found)))


def test_sums_with_a_head_start_signal_as_soon_as_simulated():
    z = np.random.default_rng(4).standard_normal((4000, 300)) + 0.8
    marks = cusum_chart(z, reference=0.5, decision=4, head_start=2, center=0.0, std=1.0).beyond
    runs = marks.argmax(axis=1) + 1
    assert marks.any(axis=1).all()
    expected = cusum_arl(0.5, 4, 0.8, head_start=2)
    assert runs.mean() == pytest.approx(expected, abs=4.5 * runs.std() / np.sqrt(len(runs)))


def test_a_design_has_the_run_length_it_was_made_for():
    assert cusum_arl(0.25, cusum_decision(0.25, 500.0)) == pytest.approx(500, rel=1e-8)


def test_counts_and_variances_out_of_control_signal_sooner():
    assert poisson_cusum_arl(6, 5, 8.0) < poisson_cusum_arl(6, 5, 4.0)
    assert variance_ewma_arl(0.2, 2.5, 4, 2.0) < variance_ewma_arl(0.2, 2.5, 4)
    assert mewma_arl(0.2, 9.0, 3, 1.0, nodes=16) < mewma_arl(0.2, 9.0, 3)


@pytest.mark.parametrize(
    "make",
    [
        lambda: rules_arl("nelson"),
        lambda: rules_arl([Rule("long", "beyond", 60, 30, 0.5)]),
        lambda: ewma_arl(0, 3),
        lambda: cusum_arl(0.5, 0),
        lambda: cusum_arl(0.5, 4, head_start=5),
        lambda: poisson_cusum_arl(0, 0, 1),
        lambda: mewma_arl(0.1, 8, 1),
    ],
)
def test_what_is_no_design_is_refused(make):
    with pytest.raises(InputError):
        make()
