"""Every method has the inclusion probabilities it states, over many seeds; the long version stands behind ``slow``."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from qualipolis.methods.sampling.draws.cube import cube
from qualipolis.methods.sampling.draws.draw import BY_TICKET, DRAWS, Rule, draw, worked
from qualipolis.methods.sampling.draws.frame import Frame, frame_of
from qualipolis.methods.sampling.draws.joint import joint_probabilities
from qualipolis.methods.sampling.draws.ordered import scores
from qualipolis.methods.sampling.draws.pareto import order_probabilities, working_probabilities
from qualipolis.methods.sampling.draws.phases import second_phase
from qualipolis.methods.sampling.draws.probabilities import inclusion_probabilities
from qualipolis.methods.sampling.draws.tickets import stream, tickets, uniforms

SIZES = [3.0, 11.0, 7.0, 1.0, 25.0, 4.0, 200.0, 9.0]
N = 4


def frame() -> Frame:
    return frame_of([f"E{k}" for k in range(len(SIZES))], ["S"] * len(SIZES), SIZES)


def within(found: np.ndarray, pi: np.ndarray, repetitions: int) -> bool:
    return bool((np.abs(found - pi) <= 4.5 * np.sqrt(pi * (1 - pi) / repetitions) + 1e-12).all())


def by_whole_draws(method: str, repetitions: int) -> np.ndarray:
    rule, taken = worked(frame(), Rule(method, {"S": N})), np.zeros(len(SIZES))
    for seed in range(repetitions):
        taken[draw(frame(), rule, f"seed {seed}").places] += 1
    return taken / repetitions


def stated(method: str) -> np.ndarray:
    return inclusion_probabilities(SIZES if method.startswith("pps") else np.ones(len(SIZES)), N).pi


@pytest.mark.parametrize("method", DRAWS)
def test_it_draws_every_unit_as_often_as_stated(method):
    assert within(by_whole_draws(method, 400), stated(method), 400)


@pytest.mark.slow
@pytest.mark.parametrize("method", DRAWS)
def test_it_draws_every_unit_as_often_as_stated_over_forty_thousand_seeds(method):
    assert within(by_whole_draws(method, 40_000), stated(method), 40_000)


@pytest.mark.parametrize("method", ["pps_pareto", "pps_sequential_poisson"])
def test_it_hits_the_target_by_ticket_over_forty_thousand_seeds(method):
    pi = np.array([0.3, 0.7, 0.5, 0.5])
    words = np.array([tickets(str(seed), "S", ["a", "b", "c", "d"]) for seed in range(40_000)])
    score = scores(uniforms(words), working_probabilities(pi, BY_TICKET[method]), BY_TICKET[method])
    found = (score.argsort(axis=1).argsort(axis=1) < 2).mean(axis=0)
    assert within(found, pi, 40_000)


def test_it_needs_working_probabilities_in_a_small_stratum():
    """Without them a Pareto draw of one in two is far off: the reason why they exist."""
    assert order_probabilities([0.3, 0.7], 1)[0] == pytest.approx(0.2421, abs=1e-4)
    words = np.array([tickets(str(seed), "S", ["a", "b"]) for seed in range(20_000)])
    score = scores(uniforms(words), np.array([0.3, 0.7]), "pareto")
    assert (score.argmin(axis=1) == 0).mean() == pytest.approx(0.2421, abs=4.5 * 0.003)


def test_it_knows_the_exact_probabilities_of_a_draw_in_order():
    pi = np.array([0.07, 0.17, 0.41, 0.61, 0.83, 0.91])
    u = np.random.default_rng(1).random((200_000, 6))
    for method in ("pareto", "sequential_poisson"):
        found = (scores(u, pi, method).argsort(axis=1).argsort(axis=1) < 3).mean(axis=0)
        assert within(found, order_probabilities(pi, 3, method), 200_000)


@pytest.mark.parametrize("repetitions", [400, pytest.param(40_000, marks=pytest.mark.slow)])
def test_it_keeps_probabilities_while_balancing(repetitions):
    pi = inclusion_probabilities(SIZES, N).pi
    sampler, numbers, taken = cube(pi, np.column_stack([pi, SIZES])), stream("cube"), np.zeros(len(SIZES))
    for _ in range(repetitions):
        taken[sampler(numbers)] += 1
    assert within(taken / repetitions, pi, repetitions)


@pytest.mark.parametrize("repetitions", [400, pytest.param(40_000, marks=pytest.mark.slow)])
def test_it_picks_products_of_drawn_firms_as_often_as_stated(repetitions):
    """Both phases: the probability of a product is that of its firm times its own."""
    shelves = {f"E{k}": [f"P{k}{j}" for j in range(1 + k % 3)] for k in range(len(SIZES))}
    rule, found, pi = worked(frame(), Rule("pps_pareto", {"S": N})), Counter(), {}
    for seed in range(repetitions):
        for one in second_phase(draw(frame(), rule, f"first {seed}"), shelves, f"second {seed}").picked:
            found[one.product] += 1
            pi[one.product] = one.pi
    names = [name for shelf in shelves.values() for name in shelf]
    first = dict(zip(shelves, stated("pps_pareto"), strict=True))
    expected = np.array([first[f"E{name[1]}"] / len(shelves[f"E{name[1]}"]) for name in names])
    assert within(np.array([found[name] for name in names]) / repetitions, expected, repetitions)
    assert all(pi[name] == pytest.approx(value) for name, value in zip(names, expected, strict=True) if name in pi)


@pytest.mark.parametrize("method", ["maxentropy", "sampford", "tille", "midzuno", "systematic"])
def test_it_knows_joint_probabilities_whose_rows_add_up(method):
    pi = inclusion_probabilities(SIZES, N).pi
    joint = joint_probabilities(method, pi)
    assert np.allclose(joint.sum(axis=1), N * pi, atol=1e-9) and np.allclose(joint, joint.T, atol=1e-12)
    assert (joint >= -1e-12).all()


def test_it_agrees_with_counting_all_samples_of_maximum_entropy():
    """All samples of three in six, weighted by their odds: what the reference gives only to 1e-7."""
    from itertools import combinations

    from qualipolis.methods.sampling.draws.counts import working

    pi = np.array([0.2, 0.7, 0.8, 0.5, 0.4, 0.4])
    odds, whole, total = working(pi) / (1 - working(pi)), np.zeros((6, 6)), 0.0
    for sample in combinations(range(6), 3):
        weight = np.prod(odds[list(sample)])
        whole[np.ix_(sample, sample)] += weight
        total += weight
    assert np.allclose(np.diag(whole) / total, pi, atol=1e-12)
    assert np.allclose(joint_probabilities("maxentropy", pi), whole / total, atol=1e-11)
