"""Sizes, allocation, risk tiers and coordination."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.design import allocation, risk, sizes
from qualipolis.methods.sampling.design.bethel import bethel, reached_cv


@given(
    st.lists(st.tuples(st.integers(2, 12), st.floats(0.1, 50)), min_size=2, max_size=4),
    st.integers(0, 10),
)
def test_it_finds_the_best_whole_numbers_of_all(strata, more):
    population, spread = np.array(strata).T
    n = min(len(strata) + more, int(population.sum()))
    best = min(
        allocation.variance_of_total(population, spread, numbers)
        for numbers in product(*(range(1, int(size) + 1) for size in population))
        if sum(numbers) == n
    )
    found = allocation.optimal(population, spread, n)
    assert found.total == n and found.variance == pytest.approx(best, rel=1e-9, abs=1e-6)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6), st.data())
def test_it_shares_whole_numbers_within_bounds(weights, data):
    most = data.draw(st.lists(st.integers(1, 30), min_size=len(weights), max_size=len(weights)))
    n = data.draw(st.integers(0, sum(most)))
    if sum(weights) == 0:
        return
    found = allocation.whole(allocation.proportional(weights, n, most=most).n, n, most=most)
    assert found.sum() == n and (found <= most).all() and (found >= 0).all()


def test_it_says_when_numbers_do_not_fit():
    for call in (allocation.proportional, allocation.whole):
        with pytest.raises(InputError, match="do not fit"):
            call([1.0, 1.0], 10, most=[3, 3])


def test_it_meets_every_precision_with_nothing_to_spare():
    rng = np.random.default_rng(2)
    population, means = rng.integers(50, 900, 8), rng.uniform(5, 50, (8, 3))
    spreads, targets = rng.uniform(2, 40, (8, 3)), np.array([0.04, 0.05, 0.06])
    found = bethel(population, means, spreads, targets)
    reached = reached_cv(population, means, spreads, found.n)
    assert (reached <= targets * (1 + 1e-6)).all() and (np.abs(reached / targets - 1) < 1e-6).any()
    domains = bethel(population, means, spreads, [targets, targets], domains=[0] * 4 + [1] * 4)
    assert (reached_cv(population[:4], means[:4], spreads[:4], domains.n[:4]) <= targets * (1 + 1e-6)).all()
    assert domains.total > found.total


@given(st.floats(0.005, 0.4), st.floats(0.5, 0.99), st.integers(5, 400))
def test_it_finds_the_smallest_sample_that_finds_one(share, probability, population):
    n = sizes.n_to_find_one(share, probability)
    assert sizes.chance_to_find_one(n, share) >= probability - 1e-9
    assert n == 1 or sizes.chance_to_find_one(n - 1, share) < probability + 1e-9
    few = sizes.n_to_find_one(share, probability, population)
    assert sizes.chance_to_find_one(few, share, population) >= probability - 1e-9
    assert few == 1 or sizes.chance_to_find_one(few - 1, share, population) < probability + 1e-9


def test_it_says_when_two_rates_are_one():
    with pytest.raises(InputError, match="told apart"):
        sizes.n_for_power(0.9, 0.9)


def test_it_keeps_the_probability_of_every_tier_known():
    design = risk.tiered(
        {"A": 1000, "B": 300, "C": 60, "D": 9}, {"A": 0.01, "B": 0.05, "C": 0.2, "D": 1}, n=80, least=5
    )
    assert sum(design.n) == 80 and design.pi[3] == 1 and min(design.n) >= 5
    assert design.pi[0] < design.pi[1] < design.pi[2]
    assert design.to_frame()["weight"][3] == 1
    with pytest.raises(InputError, match="tier C"):
        risk.tiered({"A": 10, "C": 5}, {"A": 0.1, "C": 0})


@pytest.mark.parametrize(
    ("visit", "allowed"),
    [(date(2026, 5, 30), True), (date(2026, 5, 31), False), (date(2026, 11, 30), False), (date(2026, 12, 5), True)],
)
def test_it_leaves_a_firm_alone_for_six_months(visit, allowed):
    found = risk.within_limits(["a"], {"a": [visit]}, date(2026, 11, 30))
    assert (found.allowed == ("a",)) is allowed


def test_it_says_why_a_firm_is_left_out():
    visits = {"a": [date(2026, 1, 5), date(2026, 2, 5)], "b": [date(2026, 9, 1)]}
    found = risk.within_limits(list("abcd"), visits, date(2026, 11, 22), 6, 2, frozenset({"c"}))
    assert found.reasons == {"a": "often", "b": "recent", "c": "superior"} and found.allowed == ("d",)


def test_it_does_not_hit_the_same_firms_in_two_campaigns():
    numbers = risk.permanent_numbers([f"E{k}" for k in range(400)], "2026")
    first, second = (set(risk.coordinated(numbers, start, 150).tolist()) for start in risk.starts(0.3, 2))
    alone = {int(i) for i in risk.coordinated(numbers, 0.3, 150)}
    assert first == alone and not first & second


def test_it_states_the_probabilities_of_a_random_start():
    numbers, hits = risk.permanent_numbers([f"E{k}" for k in range(20)], "2026"), np.zeros(20)
    starts = np.random.default_rng(3).random(20_000)
    for start in starts:
        hits[risk.coordinated(numbers, start, 10)] += 1
    pi = risk.start_probabilities(numbers, 10)
    assert pi.sum() == pytest.approx(10)
    assert (np.abs(hits / 20_000 - pi) < 4.5 * np.sqrt(pi * (1 - pi) / 20_000)).all()


def test_it_counts_months_to_the_last_day_of_a_shorter_one():
    assert risk.within_limits(["a"], {"a": [date(2026, 2, 28)]}, date(2026, 8, 31)).allowed == ("a",)
