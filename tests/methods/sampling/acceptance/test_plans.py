"""Curves fall, found plans are the smallest, risks are what they say; bad input is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import nct, norm

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.acceptance import (
    AttributePlan,
    VariablesPlan,
    find_plan,
    find_variables_plan,
    oc_curve,
    quality_at,
    rectification,
    sequential_oc,
    sequential_plan,
    variables_oc,
)

GRID = np.linspace(0, 1, 41)


@st.composite
def plans(draw: st.DrawFn) -> AttributePlan:
    stages = draw(st.integers(1, 4))
    n = [draw(st.integers(1, 40)) for _ in range(stages)]
    ac = sorted(draw(st.lists(st.integers(0, 8), min_size=stages, max_size=stages)))
    re = [a + draw(st.integers(1, 4)) for a in ac]
    last = max([*re, ac[-1] + 1])
    ac[-1], re[-1] = last - 1, last
    return AttributePlan(tuple(n), tuple(ac), tuple(re))


@given(plans(), st.sampled_from(["binomial", "poisson", "hypergeometric"]))
def test_acceptance_falls_as_quality_gets_worse(plan, distribution):
    lot = sum(plan.n) + 30
    curve = oc_curve(plan, GRID, distribution, lot)
    assert curve.pa[0] == pytest.approx(1)
    assert np.all(np.diff(curve.pa) <= 1e-12)
    assert np.all(curve.asn >= plan.n[0] - 1e-9) and np.all(curve.asn <= sum(plan.n) + 1e-9)


@given(plans(), st.floats(0.01, 0.6), st.integers(0, 2**32 - 1))
def test_a_plan_acts_as_its_curve_says(plan, p, seed):
    rng = np.random.default_rng(seed)
    counts = np.cumsum(rng.binomial(plan.n, p, (4000, plan.stages)), axis=1)
    accepted = counts <= np.array(plan.ac)
    decided = accepted | (counts >= np.array(plan.re))
    share = accepted[np.arange(4000), decided.argmax(axis=1)].mean()
    pa = oc_curve(plan, [p]).pa[0]
    assert abs(share - pa) <= 5 * np.sqrt(max(pa * (1 - pa), 1e-3) / 4000)


@given(st.floats(0.002, 0.1), st.floats(2, 10), st.floats(0.01, 0.2), st.floats(0.01, 0.2))
def test_a_found_plan_is_the_smallest(p1, ratio, alpha, beta):
    p2 = min(p1 * ratio, 0.9)
    found = find_plan(p1, alpha, p2, beta)
    assume(found.n <= 600)
    assert found.producer_risk <= alpha + 1e-12 and found.consumer_risk <= beta
    for n in range(1, found.n + 1):
        met = (
            [
                c
                for c in range(min(n, found.c + 40))
                if 1 - oc_curve(AttributePlan.single(n, c), [p1]).pa[0] <= alpha
                and oc_curve(AttributePlan.single(n, c), [p2]).pa[0] <= beta
            ]
            if n > found.n - 12 or n % 7 == 0
            else []
        )
        assert met[:1] == ([found.c] if n == found.n else [])


@given(st.integers(60, 400), st.integers(0, 4), st.integers(5, 20))
def test_a_plan_for_one_lot_is_the_smallest(lot, good, bad):
    found = find_plan(max(good, 0.5) / lot, 0.1, bad / lot, 0.1, "hypergeometric", lot)
    pa = {
        (n, c): oc_curve(AttributePlan.single(n, c), [good / lot, bad / lot], "hypergeometric", lot).pa
        for n in range(max(1, found.n - 3), found.n + 1)
        for c in range(min(n, bad))
    }
    met = [key for key, (first, second) in pa.items() if first >= 0.9 and second <= 0.1]
    assert min(met) == (found.n, found.c)


@given(st.floats(0.003, 0.05), st.floats(2.5, 8), st.sampled_from(["known", "unknown"]))
def test_a_variables_plan_meets_both_points_and_one_unit_less_does_not(p1, ratio, sigma):
    found = find_variables_plan(p1, 0.05, p1 * ratio, 0.10, sigma)
    pa = variables_oc(found, [p1, p1 * ratio]).pa
    assert pa[0] == pytest.approx(0.95, abs=1e-9) and pa[1] <= 0.10 + 1e-12
    assume(found.n > 3)
    k = np.linspace(found.k - 0.3, found.k + 0.3, 601)
    less = np.array([variables_oc(VariablesPlan(found.n - 1, x, sigma), [p1, p1 * ratio]).pa for x in k[::20]])
    assert not np.any((less[:, 0] >= 0.95) & (less[:, 1] <= 0.10))


def test_a_variables_plan_falls_too_and_ends_at_0_and_1():
    for sigma in ("known", "unknown"):
        pa = variables_oc(VariablesPlan(12, 1.5, sigma), GRID).pa
        assert (pa[0], pa[-1]) == (1, 0) and np.all(np.diff(pa) <= 1e-12)


@given(st.floats(0.005, 0.05), st.floats(3, 10))
def test_a_sequential_plan_takes_fewer_units_than_the_single_one(p1, ratio):
    points = (p1, 0.05, min(p1 * ratio, 0.5), 0.10)
    plan, single = sequential_plan(*points), find_plan(*points)
    curve = sequential_oc(plan, [points[0], points[2], *GRID])
    assert np.all(curve.asn[:2] < single.n)
    assert np.all(np.diff(curve.pa[2:]) <= 1e-12)
    assert 1 - curve.pa[0] <= 0.08 and curve.pa[1] <= 0.14  # Wald's lines hold the risks only nearly


def walked(plan, p):
    """Acceptance and mean number of units by going through every count at every unit: exact, and plainly written."""
    at, accepted, units = {0: 1.0}, 0.0, 0.0
    for n in range(1, plan.last + 1):
        after: dict[int, float] = {}
        for count, chance in at.items():
            for more, share in ((0, 1 - p), (1, p)):
                said = plan.decide(n, count + more)
                if said == "continue":
                    after[count + more] = after.get(count + more, 0.0) + chance * share
                else:
                    units += n * chance * share
                    accepted += chance * share * (said == "accept")
        at = after
    assert not at
    return accepted, units


@given(st.floats(0.0, 0.3), st.floats(0.003, 0.03), st.floats(3, 10))
def test_a_sequential_plan_acts_as_its_curve_says(p, p1, ratio):
    plan = sequential_plan(p1, 0.05, p1 * ratio, 0.10)
    accepted, units = walked(plan, p)
    curve = sequential_oc(plan, [p])
    assert curve.pa[0] == pytest.approx(accepted, abs=1e-12)
    assert curve.asn[0] == pytest.approx(units, rel=1e-12)


@given(plans(), st.floats(0.01, 0.99))
def test_quality_at_turns_the_curve_round(plan, pa):
    assume(plan.ac[-1] < plan.n[0])
    for distribution in ("binomial", "poisson"):
        p = quality_at(plan, pa, distribution)
        assert oc_curve(plan, [p], distribution).pa[0] == pytest.approx(pa, abs=1e-9)


@given(plans(), st.sampled_from(["binomial", "hypergeometric"]))
def test_no_outgoing_quality_is_worse_than_the_limit(plan, distribution):
    lot = sum(plan.n) + 60
    found = rectification(plan, lot, GRID, distribution)
    assert np.all(found.aoq <= found.aoql + 1e-9)
    assert np.all((found.ati >= plan.n[0] - 1e-9) & (found.ati <= lot + 1e-9))


def test_one_unit_more_or_less_in_a_lot_takes_every_unit():
    found = find_plan(0.10, 0.05, 0.1001, 0.10, "hypergeometric", 50)
    assert (found.n, found.c, found.producer_risk, found.consumer_risk) == (50, 5, 0, 0)


def test_the_noncentral_t_agrees_with_another_program_where_that_one_works():
    for n, k in ((2, 0.5), (5, 1.2), (21, 1.76), (300, 3.1)):
        ours = variables_oc(VariablesPlan(n, k), GRID[1:20]).pa
        theirs = nct.sf(k * np.sqrt(n), n - 1, norm.isf(GRID[1:20]) * np.sqrt(n))
        np.testing.assert_allclose(ours, theirs, atol=2e-12)


BAD = [
    (lambda: find_plan(0.1, 0.05, 0.1, 0.1), "p1, p2"),
    (lambda: find_plan(0.01, 0.6, 0.1, 0.5), "alpha, beta"),
    (lambda: find_plan(float("nan"), 0.05, 0.1, 0.1), "p1"),
    (lambda: find_plan(0.01, 0.05, 0.1, 0.1, "hypergeometric"), "lot_size"),
    (lambda: find_plan(0.1, 0.05, 0.1000001, 0.1), "p1, p2"),
    (lambda: find_plan(0.01, 0.05, 0.1, 0.1, "normal"), "distribution"),
    (lambda: AttributePlan((10, 10), (0,), (1,)), "n, ac, re"),
    (lambda: AttributePlan((10,), (2,), (2,)), "re[0]"),
    (lambda: AttributePlan((10,), (2,), (4,)), "re[0]"),
    (lambda: AttributePlan((10, 10), (3, 2), (4, 3)), "ac"),
    (lambda: AttributePlan((0,), (0,), (1,)), "n[0]"),
    (lambda: oc_curve(AttributePlan.single(10, 0), [1.5, -1]), "p"),
    (lambda: oc_curve(AttributePlan.single(10, 0), [0.1], "hypergeometric", 5), "lot_size"),
    (lambda: quality_at(AttributePlan.single(3, 3), 0.5), "ac"),
    (lambda: VariablesPlan(1, 2.0), "n"),
    (lambda: VariablesPlan(5, float("inf")), "k"),
    (lambda: find_variables_plan(0.01, 0.05, 0.1, 0.1, "guessed"), "sigma"),
    (lambda: sequential_oc(sequential_plan(0.01, 0.05, 0.1, 0.1, last=10**6), [0.1]), "last"),
]


@pytest.mark.parametrize(("call", "place"), BAD, ids=[f"{k}-{place}" for k, (_, place) in enumerate(BAD)])
def test_bad_input_is_named_with_its_place(call, place):
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.problems[0].place == place
    assert str(refused.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(InputError) as refused:
        find_plan(-1, 2, 0, 5)
    assert [p.place for p in refused.value.problems] == ["p1", "alpha", "p2", "beta"]
