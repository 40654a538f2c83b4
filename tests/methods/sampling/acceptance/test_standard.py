"""Plans of the standard, their edition, what is offered for a wrong AQL, and switching that is never illegal."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.acceptance import (
    EDITIONS,
    LotResult,
    after,
    lot_result,
    resume,
    standard_plan,
    start,
    table_plan,
    trace,
)
from qualipolis.methods.sampling.acceptance.switching import LEGAL
from qualipolis.methods.sampling.acceptance.tables import AQLS, CODES, LEVELS, STATES

EVERY = [(e, s, c, a) for e in EDITIONS for s in STATES for c in CODES for a in AQLS]
LOTS = st.builds(
    lambda accepted, points, original, steady, wanted, between: LotResult(
        accepted, points if accepted else 0, original, steady, wanted, between and accepted
    ),
    st.booleans(),
    st.sampled_from([0, 2, 3, 3, 3]),
    st.sampled_from([True] * 9 + [False]),
    st.sampled_from([True] * 9 + [False]),
    st.sampled_from([True] * 9 + [False]),
    st.booleans(),
)


def test_every_cell_of_every_table_leads_to_a_plan():
    for edition, state, code, aql in EVERY:
        plan = table_plan(code, aql, state, edition=edition)
        assert plan.n[0] > 0 and plan.re[0] > plan.ac[0] and plan.edition.key == edition
        assert plan.arrow == (plan.used_code != code) or plan.disputed


def test_along_a_row_the_acceptance_number_never_falls():
    for state in STATES:
        for code in CODES:
            acs = [table_plan(code, aql, state).ac[0] for aql in AQLS if not table_plan(code, aql, state).disputed]
            assert acs == sorted(acs)


def test_tightened_is_never_kinder_than_normal():
    for code in CODES:
        for aql in AQLS:
            normal, tightened = (table_plan(code, aql, state) for state in ("normal", "tightened"))
            if normal.used_code == tightened.used_code:
                assert tightened.ac <= normal.ac


def test_the_one_cell_below_the_last_letter():
    plans = {code: table_plan(code, "0.025", "tightened") for code in "PQR"}
    assert {code: (plan.used_code, plan.n[0], plan.ac[0]) for code, plan in plans.items()} == {
        "P": ("P", 800, 0),
        "Q": ("S", 3150, 1),
        "R": ("S", 3150, 1),
    }


def test_the_old_standard_prints_an_arrow_where_ours_is_disputed():
    plan = table_plan("A", 10, "tightened", edition="MIL-STD-105E")
    assert (plan.printed, plan.used_code, plan.n, plan.ac, plan.disputed) == ("down", "D", (8,), (1,), False)


@pytest.mark.parametrize(("aql", "offered"), [(0.9, "0.65, 1.0"), (0.001, "0.010"), (5000, "1000"), ("1,0", "0.010")])
def test_an_aql_outside_the_series_brings_the_nearest(aql, offered):
    with pytest.raises(InputError) as refused:
        standard_plan(1000, "II", aql)
    (problem,) = refused.value.problems
    assert problem.place == "aql" and offered in str(problem)


def test_everything_wrong_with_a_request_is_told_at_once():
    with pytest.raises(InputError) as refused:
        standard_plan(1, "IV", 0.9, "lax", sampling="triple", edition="ISO 2859-1:2026", reading=3, regime="x")
    places = [problem.place for problem in refused.value.problems]
    assert places == ["lot_size", "level", "aql", "inspection", "sampling", "edition", "regime", "reading"]


def test_units_cannot_be_counted_above_ten_per_cent():
    with pytest.raises(InputError, match="above 10"):
        standard_plan(1000, "II", 15, regime="percent_nonconforming")
    assert standard_plan(1000, "II", 15).distribution == "poisson"
    assert standard_plan(1000, "II", 1, regime="nonconformities_per_100_units").distribution == "poisson"


@given(st.integers(2, 10**7), st.sampled_from(LEVELS), st.sampled_from(AQLS), st.sampled_from(STATES))
def test_no_sample_is_larger_than_its_lot(lot, level, aql, state):
    plan = standard_plan(lot, level, aql, state)
    assert sum(plan.n) <= lot
    assert plan.full_inspection == (plan.n == (lot,))


def test_a_double_plan_falls_back_to_the_single_one_and_says_so():
    zero = table_plan("G", "0.40", sampling="double")
    assert (zero.sampling, zero.n, len(zero.notes)) == ("single", (32,), 1)
    small = standard_plan(100, "III", "6.5", sampling="double")
    assert sum(small.n) < 100 or small.sampling == "single"
    with pytest.raises(InputError, match="could be checked"):
        table_plan("E", "250", sampling="double")
    with pytest.raises(InputError, match="not checked"):
        table_plan("J", "1.0", sampling="double", edition="MIL-STD-105E")


@given(st.lists(LOTS, max_size=80), st.sampled_from(["normal", "tightened", "reduced"]))
def test_switching_is_never_illegal(lots, first):
    steps = trace(lots, first)
    for step, lot in zip(steps, lots, strict=True):
        assert (step.used, step.next) in LEGAL
        assert (step.score_after is None) == (step.used != "normal")
        if not lot.original:
            assert step.next == step.used
        if (step.used, step.next) == ("normal", "reduced"):
            assert step.score_after >= 30 and lot.accepted and lot.steady and lot.reduced_wanted
        if step.next == "tightened" and step.used == "normal":
            assert not lot.accepted
    for before, step in pairwise(steps):
        assert step.used == before.next


@given(st.lists(LOTS, max_size=60))
def test_nothing_leaves_a_stop_but_improvement(lots):
    state = start("tightened")
    for _ in range(5):
        state = after(state, LotResult(False))
    assert state.inspection == "discontinued"
    for lot in lots:
        state = after(state, lot)
    assert state.inspection == "discontinued"
    with pytest.raises(InputError, match="improved"):
        resume(state, improved=False)
    assert resume(state, improved=True) == start("tightened")
    with pytest.raises(InputError, match="not discontinued"):
        resume(start(), improved=True)


def test_a_lot_submitted_again_counts_for_nothing():
    state = after(start(), LotResult(False))
    assert after(state, LotResult(False, original=False)) == state


def test_reduced_waits_for_steady_production_and_the_authority():
    tenth = [LotResult(True, 3)] * 9
    assert trace([*tenth, LotResult(True, 3, steady=False)])[-1].next == "normal"
    assert trace([*tenth, LotResult(True, 3, reduced_wanted=False), LotResult(True, 3)])[-1].next == "reduced"
    assert trace([LotResult(True, steady=False)], "reduced")[-1].next == "normal"
    assert trace([LotResult(True, between=True)], "reduced")[-1].next == "normal"


def test_points_follow_the_plan():
    ones = standard_plan(500, "II", 0.65)  # Ac 1
    assert [lot_result(ones, d).points for d in (0, 1, 2)] == [2, 2, 0]
    double = standard_plan(1000, "II", 1.0, sampling="double")  # 0/3, 3/4
    assert [lot_result(double, d).points for d in (0, (1, 1), (2, 2), 3)] == [3, 0, 0, 0]
    assert [lot_result(double, d).accepted for d in (0, (1, 2), (2, 2), 3)] == [True, True, False, False]
    gap = table_plan("J", "1.0", "reduced", edition="MIL-STD-105E")  # 1/3
    assert [(lot_result(gap, d).accepted, lot_result(gap, d).between) for d in (1, 2, 3)] == [
        (True, False),
        (True, True),
        (False, False),
    ]


@pytest.mark.parametrize("count", [-1, 81, (1, 2), ()])
def test_counts_that_cannot_be_are_refused(count):
    with pytest.raises(InputError):
        lot_result(standard_plan(1000, "II", 1.0), count)


def test_a_double_plan_waits_for_its_second_sample():
    with pytest.raises(InputError, match="second sample"):
        lot_result(standard_plan(1000, "II", 1.0, sampling="double"), 1)
    with pytest.raises(InputError, match="switching score"):
        LotResult(False, 3)
