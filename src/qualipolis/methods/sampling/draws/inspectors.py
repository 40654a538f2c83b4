"""The second random of double random: who inspects what, drawn by tickets with stated probabilities.

Tasks are taken one after the other, those with the fewest possible teams first, then by ticket. For each task all teams
that may go are listed; of these the teams with the lightest load are candidates, and one is drawn with equal probability
``1 / candidates`` by the task's ticket. Nothing is shuffled and tried again, so the probability of each assignment, given
the ones before, is the number stated; over all seeds the frequencies are estimated with :func:`frequencies`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.tickets import ticket, uniform

if TYPE_CHECKING:
    import polars as pl

TEAM = "inspectors"
Team = tuple[str, ...]


@dataclass(frozen=True)
class Inspector:
    """A person of the roster: key, regions, fields certified for, load already carried, most tasks in this campaign."""

    key: str
    regions: frozenset[str]
    fields: frozenset[str]
    load: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Task:
    """A target to visit; ``recused`` may not go, ``last`` were there the last time (at most one of them goes again)."""

    key: str
    region: str
    field: str
    recused: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Assignment:
    """A task, its team, of how many teams that may go, among how many candidates, and with what probability."""

    task: str
    team: Team
    possible: int
    candidates: int
    probability: float


@dataclass(frozen=True)
class Assignments:
    """All tasks in the order in which they were drawn."""

    rows: tuple[Assignment, ...]
    loads: Mapping[str, int] = field(default_factory=dict)

    def team(self, task: str) -> Team:
        """Return the team of a task."""
        return next(row.team for row in self.rows if row.task == task)

    def to_frame(self) -> pl.DataFrame:
        """Return the assignments as a table."""
        import polars as pl

        return pl.DataFrame([{**vars(row), "team": ", ".join(row.team)} for row in self.rows])

    def __repr__(self) -> str:
        loads = sorted(self.loads.values())
        return f"Assignments({len(self.rows)} tasks, loads {loads[0] if loads else 0} to {loads[-1] if loads else 0})"


def assign(
    tasks: Sequence[Task], inspectors: Sequence[Inspector], seed: str, size: int = 2, slack: int = 0
) -> Assignments:
    """Draw a team for each task.

    A team has ``size`` people, all free of recusal and for the region, at least two of them certified for the field (all
    of them in a team of two), none above their most, and not two of those who went the last time. Candidates are the
    teams whose load in all is at most ``slack`` above the lightest.

    Parameters
    ----------
    tasks, inspectors : targets and roster; their order does not matter
    seed : the published randomness
    size : people in a team, at least 2
    slack : how uneven the load may become for the sake of more candidates

    Raises
    ------
    InputError
        a team below two; keys that stand twice; every task without any possible team, with the reason

    >>> roster = [Inspector(k, frozenset({"north"}), frozenset({"toys"})) for k in ("Li", "Wang", "Zhao", "Chen")]
    >>> tasks = [Task(f"E{k}", "north", "toys", recused=frozenset({"Li"}) if k == 1 else frozenset()) for k in (1, 2)]
    >>> drawn = assign(tasks, roster, "2026-11-22")
    >>> drawn, "Li" in drawn.team("E1"), drawn.rows[0].probability == 1 / 3
    (Assignments(2 tasks, loads 1 to 1), False, True)
    """
    _check(tasks, inspectors, size)
    roster = sorted(inspectors, key=lambda person: person.key.encode())
    loads = {person.key: person.load for person in roster}
    taken: Counter[str] = Counter()
    teams = {task.key: possible_teams(task, roster, size) for task in tasks}
    stuck = [task for task in tasks if not teams[task.key]]
    if stuck:
        raise InputError([_no_team(task, roster, size) for task in stuck])
    digests = {task.key: ticket(seed, task.region, task.key, TEAM) for task in tasks}
    most = {person.key: person.most for person in roster if person.most is not None}
    rows = []
    for task in sorted(tasks, key=lambda task: (len(teams[task.key]), digests[task.key])):
        free = [team for team in teams[task.key] if all(taken[key] < most.get(key, 1 << 30) for key in team)]
        if not free:
            raise InputError([_full(task)])
        weights = [sum(loads[key] for key in team) for team in free]
        light = min(weights)
        near = [team for team, weight in zip(free, weights, strict=True) if weight <= light + slack]
        team = near[int(uniform(digests[task.key]) * len(near))]
        rows.append(Assignment(task.key, team, len(teams[task.key]), len(near), 1.0 / len(near)))
        for key in team:
            loads[key] += 1
            taken[key] += 1
    return Assignments(tuple(rows), loads)


def possible_teams(task: Task, roster: Iterable[Inspector], size: int = 2) -> list[Team]:
    """Return the teams that may go to a task, in the order of their keys.

    >>> people = [Inspector(k, frozenset({"north"}), frozenset({"toys"} if k != "c" else ())) for k in "abc"]
    >>> possible_teams(Task("E1", "north", "toys"), people), len(possible_teams(Task("E1", "north", "toys"), people, 3))
    ([('a', 'b')], 1)
    """
    free = [p for p in roster if task.region in p.regions and p.key not in task.recused]
    return [
        tuple(p.key for p in team)
        for team in combinations(free, size)
        if sum(task.field in p.fields for p in team) >= 2 and sum(p.key in task.last for p in team) <= 1
    ]


def frequencies(
    tasks: Sequence[Task], inspectors: Sequence[Inspector], seeds: Iterable[str], size: int = 2, slack: int = 0
) -> dict[tuple[str, Team], float]:
    """Return how often each team gets each task over many seeds: the probabilities over the whole draw.

    >>> roster = [Inspector(k, frozenset({"north"}), frozenset({"toys"})) for k in "abc"]
    >>> found = frequencies([Task("E", "north", "toys")], roster, map(str, range(3000)))
    >>> all(abs(p - 1 / 3) < 4.5 * (2 / 9 / 3000) ** 0.5 for p in found.values())
    True
    """
    counts: Counter[tuple[str, Team]] = Counter()
    total = 0
    for seed in seeds:
        total += 1
        counts.update((row.task, row.team) for row in assign(tasks, inspectors, seed, size, slack).rows)
    return {pair: count / total for pair, count in counts.items()}


def _check(tasks: Sequence[Task], inspectors: Sequence[Inspector], size: int) -> None:
    problems = []
    if size < 2:
        problems.append(
            Problem("small_team", msg("A team has at least two inspectors."), msg("Ask for two or more."), place="size")
        )
    for place, keys in (("tasks", [t.key for t in tasks]), ("inspectors", [p.key for p in inspectors])):
        twice = sorted({key for key, count in Counter(keys).items() if count > 1})
        if twice:
            what, remedy = msg("Keys that stand there twice: %(keys)s."), msg("List everyone once.")
            problems.append(Problem("key_twice", what, remedy, {"keys": ", ".join(twice[:5])}, place=place))
    if problems:
        raise InputError(problems)


def _no_team(task: Task, roster: Sequence[Inspector], size: int) -> Problem:
    here = [p for p in roster if task.region in p.regions]
    free = [p for p in here if p.key not in task.recused]
    able = [p for p in free if task.field in p.fields]
    what = msg("No team for %(task)s: %(here)s in the region, %(free)s not recused, %(able)s certified.")
    words = {"task": task.key, "here": len(here), "free": len(free), "able": len(able)}
    return Problem("no_team", what, msg("Lend inspectors from another region, or certify more."), words, place=task.key)


def _full(task: Task) -> Problem:
    what = msg("No team is left for %(task)s: everyone who may go has all the tasks they can take.")
    return Problem("roster_full", what, msg("Raise the limit or add inspectors."), {"task": task.key}, place=task.key)
