"""Double random: who may go is checked, who goes is drawn with the probability that is stated."""

from __future__ import annotations

from collections import Counter

import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws.inspectors import Inspector, Task, assign, frequencies, possible_teams

NORTH, BOTH, TOYS = frozenset({"north"}), frozenset({"north", "south"}), frozenset({"toys"})


def roster() -> list[Inspector]:
    return [
        Inspector("Chen", BOTH, TOYS),
        Inspector("Li", NORTH, TOYS),
        Inspector("Wang", NORTH, TOYS | {"food"}),
        Inspector("Zhao", BOTH, TOYS | {"food"}),
        Inspector("Zhou", BOTH, frozenset({"food"})),
    ]


def test_it_lets_only_go_who_may():
    task = Task("E1", "north", "toys", recused=frozenset({"Li"}), last=frozenset({"Chen", "Wang"}))
    assert possible_teams(task, roster()) == [("Chen", "Zhao"), ("Wang", "Zhao")]
    assert possible_teams(Task("E2", "south", "food"), roster()) == [("Zhao", "Zhou")]


@pytest.mark.parametrize("repetitions", [3000, pytest.param(40_000, marks=pytest.mark.slow)])
def test_it_draws_with_the_probabilities_it_states(repetitions):
    tasks = [Task("E1", "north", "toys"), Task("E2", "north", "food")]
    drawn = assign(tasks, roster(), "seed")
    first = drawn.rows[0]
    found = frequencies(tasks, roster(), map(str, range(repetitions)))
    teams = [team for (task, team) in found if task == first.task]
    assert len(teams) == first.candidates == 3
    error = 4.5 * (first.probability * (1 - first.probability) / repetitions) ** 0.5
    assert all(abs(found[first.task, team] - first.probability) < error for team in teams)


def test_it_spreads_the_work_evenly():
    people = [Inspector(f"P{k}", NORTH, TOYS) for k in range(7)]
    drawn = assign([Task(f"E{k}", "north", "toys") for k in range(60)], people, "seed")
    assert max(drawn.loads.values()) - min(drawn.loads.values()) <= 1
    assert Counter(key for row in drawn.rows for key in row.team) == drawn.loads


def test_it_does_not_depend_on_the_order_of_the_lists():
    tasks = [Task(f"E{k}", "north", "toys") for k in range(9)]
    assert assign(tasks, roster(), "seed") == assign(tasks[::-1], roster()[::-1], "seed")


def test_it_keeps_to_the_most_that_someone_can_take():
    people = [Inspector(k, NORTH, TOYS, most=1 if k == "a" else None) for k in "abcd"]
    drawn = assign([Task(f"E{k}", "north", "toys") for k in range(8)], people, "seed")
    assert drawn.loads["a"] == 1


def test_it_says_which_tasks_have_no_team_and_why():
    tasks = [Task("E1", "west", "toys"), Task("E2", "north", "toys"), Task("E3", "south", "toys", frozenset({"Zhao"}))]
    with pytest.raises(InputError) as caught:
        assign(tasks, roster(), "seed")
    assert [(p.place, p.params["here"], p.params["able"]) for p in caught.value.problems] == [
        ("E1", 0, 0),
        ("E3", 3, 1),
    ]


def test_it_sends_nobody_alone():
    with pytest.raises(InputError, match="at least two"):
        assign([Task("E1", "north", "toys")], roster(), "seed", size=1)
    with pytest.raises(InputError, match="twice"):
        assign([], [roster()[0]] * 2, "seed")
