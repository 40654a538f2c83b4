"""The quick way to the largest ratio gives what the plain formula gives."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from qualipolis.methods.signal.space import connected, discs, distances
from qualipolis.methods.signal.space.likelihood import Binomial, Poisson
from qualipolis.methods.signal.space.simulate import Space, largest_ratios, multinomial, permuted

PLACES = np.random.default_rng(8).normal(size=(12, 2))
SIZE = np.random.default_rng(9).integers(20, 90, (12, 4)).astype(float)


@pytest.mark.parametrize("direction", ["high", "low", "both"])
@pytest.mark.parametrize("kind", [Poisson, Binomial])
@pytest.mark.parametrize("total", [40, 3000])
def test_it_equals_the_formula_on_every_map(kind: type, direction: str, total: int) -> None:
    zones = discs(distances(PLACES), SIZE.sum(axis=1), 0.5)
    windows = [(0, 4), (2, 4), (1, 3)]
    space = Space(zones, windows, SIZE * 30, kind(total, direction))
    draw = multinomial(SIZE, total)
    drawn = draw(np.random.default_rng(4).spawn(1)[0], 300)
    wanted = np.zeros(300)
    for start, end in windows:
        size = zones.sums(space.size[:, start:end].sum(axis=1))
        for i in range(300):
            counts = zones.sums(drawn[i, :, start:end].sum(axis=1))
            ratios = space.likelihood.ratios(counts, size, space.whole)
            wanted[i] = max(wanted[i], ratios.max())
    found = largest_ratios(space, draw, 300, np.random.default_rng(4))
    assert found == pytest.approx(wanted, rel=1e-5, abs=1e-6)


def test_it_lists_every_connected_set_once() -> None:
    near = [frozenset(found) for found in ([1, 2], [0, 2, 3], [0, 1], [1, 4], [3])]
    found = connected(near, np.ones(5), 1.0, 4)
    sets = [frozenset(found.members(step)) for step in range(len(found.area))]
    assert len(sets) == len(set(sets))
    assert set(sets) == {frozenset(one) for k in range(1, 5) for one in combinations(range(5), k) if joined(one, near)}


def joined(areas: tuple[int, ...], near: list[frozenset[int]]) -> bool:
    seen, rest = {areas[0]}, [areas[0]]
    while rest:
        fresh = (near[rest.pop()] & set(areas)) - seen
        seen |= fresh
        rest += fresh
    return seen == set(areas)


def test_it_shuffles_periods_and_keeps_both_totals() -> None:
    cases = np.random.default_rng(2).poisson(2, (5, 6))
    drawn = permuted(cases)(np.random.default_rng(1), 50)
    assert (drawn.sum(axis=2) == cases.sum(axis=1)).all()
    assert (drawn.sum(axis=1) == cases.sum(axis=0)).all()
    assert not (drawn == cases).all(axis=(1, 2)).any()


def test_it_spreads_few_cases_over_many_cells_evenly() -> None:
    size = np.ones((40, 50))
    drawn = multinomial(size, 30)(np.random.default_rng(1), 4000)
    assert (drawn.sum(axis=(1, 2)) == 30).all()
    assert drawn.mean() == pytest.approx(30 / 2000)
    assert np.abs(drawn.sum(axis=(0, 2)) / 3000 - 1).max() < 0.15


@pytest.mark.parametrize("total", [25, 150, 40_000])
def test_it_spreads_cases_as_a_multinomial_law_does(total: int) -> None:
    size = np.array([[5.0], [0.0], [1.0], [14.0], [80.0]] * 8)
    share = size.ravel() / size.sum()
    drawn = multinomial(size, total)(np.random.default_rng(6), 6000).reshape(6000, -1)
    assert (drawn.sum(axis=1) == total).all()
    assert (drawn[:, share == 0] == 0).all()
    error = np.sqrt(total * share * (1 - share) / 6000)
    assert (np.abs(drawn.mean(axis=0) - total * share) <= 5 * error).all()
    wanted = total * share * (1 - share)
    assert drawn.var(axis=0) == pytest.approx(wanted, rel=0.15, abs=1e-12)
    apart = np.cov(drawn[:, 4], drawn[:, 9])[0, 1]
    assert apart == pytest.approx(-total * share[4] * share[9], rel=0.9)
