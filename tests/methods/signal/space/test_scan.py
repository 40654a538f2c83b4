"""The scan finds what was planted, keeps its level, and says what it cannot read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.space import connected, scan

GRID = np.array([(x, y) for x in range(6) for y in range(6)], dtype=float)


def chain(count: int) -> list[list[int]]:
    return [[j for j in (i - 1, i + 1) if 0 <= j < count] for i in range(count)]


def test_it_finds_a_planted_disc() -> None:
    cases = np.full(36, 5)
    cases[[14, 15, 20, 21]] = 20
    found = scan(cases, np.full(36, 1000), GRID, simulations=999)
    first = found.most_likely
    assert first is not None
    assert {14, 15, 20, 21} & set(first.index)
    assert first.p == 0.001
    assert first.ratio_low < first.ratio < first.ratio_high
    assert first.p_gumbel < 1e-4


def test_it_finds_a_winding_set_that_no_disc_holds() -> None:
    cases = np.full(9, 10)
    cases[[1, 2, 3]] = 25
    near = chain(9)
    found = scan(cases, np.full(9, 100), neighbours=near, simulations=499)
    assert found.shape == "connected"
    assert set(found.clusters[0].ids) == {"2", "3", "4"}


def test_it_says_since_when() -> None:
    cases = np.full((9, 12), 4)
    cases[4, 9:] = 14
    found = scan(cases, np.full(9, 100), GRID[:9], simulations=499, periods=[f"W{i}" for i in range(12)])
    first = found.clusters[0]
    assert (first.ids, first.periods) == (("5",), ("W9", "W11"))
    assert first.recurrence == pytest.approx(1 / first.p)
    past = scan(cases[:, :11][:, ::-1], np.full(9, 100), GRID[:9], simulations=499, windows="retrospective")
    assert past.clusters[0].periods == ("1", "2")


def test_it_needs_no_population_when_periods_are_shuffled() -> None:
    rng = np.random.default_rng(3)
    cases = rng.poisson(np.repeat([[2.0], [20.0], [4.0], [9.0]], 10, axis=1))
    cases[2, 8:] += 12
    found = scan(cases, coordinates=GRID[:4], model="permutation", simulations=999)
    assert found.clusters[0].ids == ("3",)
    assert found.clusters[0].periods == ("9", "10")


def test_it_finds_low_rates_when_asked() -> None:
    cases = [20, 21, 19, 2, 20, 22]
    assert scan(cases, [100] * 6, GRID[:6], direction="low", simulations=199).clusters[0].ids == ("4",)
    both = scan(cases, [100] * 6, GRID[:6], direction="both", simulations=199).clusters[0]
    assert both.ids == ("4",)
    assert both.direction == "low"


def test_it_marks_things_in_the_binomial_model() -> None:
    found = scan([9, 1, 0, 1], [10, 12, 9, 11], GRID[:4], model="binomial", simulations=1999)
    assert found.clusters[0].ids == ("1",)
    assert found.clusters[0].expected == pytest.approx(11 * 10 / 42)
    assert found.clusters[0].p < 0.01


def test_it_keeps_its_level() -> None:
    rng = np.random.default_rng(11)
    people = rng.integers(50, 500, 25)
    found = [
        scan(rng.multinomial(80, people / people.sum()), people, GRID[:25], simulations=99, seed=i).clusters[0].p
        for i in range(200)
    ]
    share = np.mean(np.array(found) <= 0.05)
    assert 0.05 - 3 * 0.0154 < share < 0.05 + 3 * 0.0154


@given(st.permutations(range(8)), st.lists(st.integers(0, 9), min_size=8, max_size=8))
def test_it_does_not_depend_on_the_order_of_rows(order: list[int], cases: list[int]) -> None:
    people = np.arange(8) * 7 + 20
    plain = scan(cases, people, GRID[:8], simulations=1, ids=list("abcdefgh"))
    turned = scan(
        np.array(cases)[order], people[order], GRID[:8][order], simulations=1, ids=["abcdefgh"[i] for i in order]
    )
    assert [sorted(one.ids) for one in plain.clusters[:1]] == [sorted(one.ids) for one in turned.clusters[:1]] or (
        plain.clusters[0].llr == pytest.approx(turned.clusters[0].llr)
    )


def test_it_is_the_same_for_one_seed_and_changes_nothing() -> None:
    cases, people = np.arange(36), np.full(36, 90)
    first, second = (scan(cases, people, GRID, simulations=6000, seed=5) for _ in range(2))
    assert np.array_equal(first.maxima, second.maxima)
    assert np.array_equal(cases, np.arange(36))


@pytest.mark.parametrize(
    ("cases", "people", "places"),
    [([0, 0, 0], [5, 5, 5], GRID[:3]), ([4], [9], GRID[:1]), ([2, 2], [0, 9], GRID[:2]), ([3, 3], [5, 5], GRID[:2])],
    ids=["no cases", "one area", "nobody there", "all alike"],
)
def test_it_is_calm_on_maps_that_show_nothing(cases: list[int], people: list[int], places: np.ndarray) -> None:
    if people == [0, 9]:
        with pytest.raises(InputError, match="none can be expected"):
            scan(cases, people, places, simulations=9)
        return
    found = scan(cases, people, places, simulations=9)
    assert found.clusters == ()
    assert found.most_likely is None
    assert "0 cases" in str(found) or str(sum(cases)) in str(found)


def test_it_reads_very_large_and_very_small_counts() -> None:
    people = np.full(9, 400_000_000)
    cases = np.full(9, 1_000_000)
    cases[4] += 9_000
    for model in ("poisson", "binomial"):
        found = scan(cases, people, GRID[:9], model=model, simulations=99)
        assert found.clusters[0].ids == ("5",)
        assert found.clusters[0].p == 0.01
    assert scan([0, 0, 0], [0, 0, 0], GRID[:3], simulations=9).clusters == ()
    one = scan([0, 1, 0], [5, 5, 5], GRID[:3], simulations=99).clusters[0]
    assert one.p > 0.2


def test_it_takes_windows_made_beforehand() -> None:
    zones = connected([frozenset(found) for found in chain(9)], np.ones(9), 0.5, 3)
    cases = [1, 9, 9, 1, 1, 1, 1, 1, 1]
    found = scan(cases, [10] * 9, zones=zones, simulations=99)
    assert found.clusters[0].ids == ("2", "3")
    with pytest.raises(InputError, match="more areas"):
        scan(cases[:5], [10] * 5, zones=zones)


def test_it_holds_areas_at_one_place_together() -> None:
    places = np.array([[0.0, 0.0], [0.0, 0.0], [5.0, 0.0], [9.0, 0.0]])
    found = scan([6, 0, 2, 2], [10, 10, 10, 10], places, simulations=99)
    assert set(found.clusters[0].ids) == {"1", "2"}
    alone = scan([6, 0, 2, 2], [10, 10, 10, 10], places, simulations=99, ties="one_by_one")
    assert alone.clusters[0].ids == ("1",)


def test_it_names_everything_that_does_not_fit() -> None:
    with pytest.raises(InputError) as caught:
        scan([1, -2, 2.5], [4, 5], [[0, 0], [1, float("nan")], [2, 2]], neighbours={"1": ["7"]}, ids=["1", "2", "3"])
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"bad_count", "wrong_length", "no_place", "unknown_neighbour"}
    with pytest.raises(InputError) as caught:
        scan([1], [1], [[0, 0]], model="gauss", share=0, simulations=0, radius=-1)
    assert {problem.place for problem in caught.value.problems} == {"model", "share", "simulations", "radius"}
    with pytest.raises(InputError, match="coordinates or neighbours"):
        scan([1, 2], [3, 4])
    with pytest.raises(InputError, match="more cases than things"):
        scan([5, 2], [3, 4], GRID[:2], model="binomial")
    with pytest.raises(InputError, match="areas by periods"):
        scan([5, 2], coordinates=GRID[:2], model="permutation")


def test_it_stops_before_too_many_sets() -> None:
    near = [[j for j in range(30) if j != i] for i in range(30)]
    with pytest.raises(InputError, match="connected sets"):
        scan([1] * 30, [1] * 30, neighbours=near, largest=12)
    found = scan([1] * 29 + [9], [1] * 30, neighbours=near, simulations=19)
    assert found.largest == 3
    assert found.clusters[0].ids == ("30",)


def test_latitude_before_longitude_is_noticed() -> None:
    with pytest.raises(InputError, match="no longitude and latitude"):
        scan([3, 1], [9, 9], [[22.9, 113.7], [23.0, 113.8]], distance="great_circle", simulations=99)


def test_a_number_of_periods_that_is_not_whole_is_named() -> None:
    with pytest.raises(InputError, match=r"longest is 1\.5"):
        scan(np.ones((4, 3)), np.ones(4), np.eye(4)[:, :2], longest=1.5, simulations=99)
