"""A machine for any flow: every legal step is taken, every illegal one refused, all of it seen."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from qualipolis.law.flow import ROLES, Flow, Refused, Step

Edge = tuple[str, str]
FactsFor = Callable[[Step], dict[str, Any]]


def edges(flow: Flow) -> set[Edge]:
    return {(source, step.name) for step in flow.steps for source in step.sources}


def way(flow: Flow, state: str, goal: Edge) -> list[Step] | None:
    """Return the shortest run of steps that ends with taking ``goal``, or None."""
    queue: deque[tuple[str, list[Step]]] = deque([(state, [])])
    seen = {state}
    while queue:
        here, taken = queue.popleft()
        if here == goal[0]:
            last = flow.find(*goal)
            return [*taken, last] if last is not None else None
        for step in flow.steps:
            if here in step.sources and step.target not in seen:
                seen.add(step.target)
                queue.append((step.target, [*taken, step]))
    return None


def machine(flow: Flow, facts_for: FactsFor, taken: Counter[Edge], been: Counter[str]) -> type[RuleBasedStateMachine]:
    """Return the machine of one flow; it counts the steps it took and the states it was in."""
    table = {(source, step.name): step.target for step in flow.steps for source in step.sources}

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.state, self.history = flow.initial, [flow.initial]
            been[flow.initial] += 1

        def take(self, step: Step) -> None:
            facts, before = facts_for(step), self.state
            kept = deepcopy(facts)
            self.state = flow.take(before, step.name, {step.roles[0]}, facts)
            assert facts == kept
            assert self.state == table[before, step.name] == flow.take(before, step.name, {step.roles[0]}, facts)
            taken[before, step.name] += 1
            been[self.state] += 1
            self.history.append(self.state)

        @rule(goal=st.sampled_from(sorted(edges(flow))))
        def go(self, goal: Edge) -> None:
            route = way(flow, self.state, goal)
            if route is None:
                self.state, self.history = flow.initial, [flow.initial]
                route = way(flow, self.state, goal)
            assert route is not None
            for step in route:
                self.take(step)

        @invariant()
        def nothing_but_what_the_table_offers_is_allowed(self) -> None:
            nothing_else_is_allowed(flow, facts_for, self.state)
            role_and_needs_are_asked_for(flow, facts_for, self.state)

        @invariant()
        def the_history_is_a_walk_through_the_table(self) -> None:
            pairs = zip(self.history, self.history[1:], strict=False)
            assert all(any(table[e] == after for e in table if e[0] == before) for before, after in pairs)

    return Machine


def nothing_else_is_allowed(flow: Flow, facts_for: FactsFor, state: str) -> None:
    """Hold that every step the table does not offer in ``state`` is refused to somebody with every role."""
    for step in {s.name: s for s in flow.steps}.values():
        if flow.find(state, step.name) is None:
            refused(flow, state, step.name, set(ROLES), facts_for(step), "wrong_state")


def role_and_needs_are_asked_for(flow: Flow, facts_for: FactsFor, state: str) -> None:
    """Hold that an offered step is refused to the wrong role, and without what has to be given with it."""
    for step in (s for s in flow.steps if state in s.sources):
        facts = facts_for(step)
        refused(flow, state, step.name, set(ROLES) - set(step.roles), facts, "wrong_role")
        for need in step.needs:
            refused(flow, state, step.name, set(step.roles), facts | {need: " "}, f"needs_{need}")


def refused(flow: Flow, state: str, step: str, roles: set[str], facts: dict[str, Any], code: str) -> None:
    """Hold that the step is refused with this code and in words."""
    try:
        after = flow.take(state, step, roles, facts)
    except Refused as found:
        assert found.problem.code == code and found.problem.text(), (flow.code, state, step, found.problem)
    else:
        raise AssertionError(f"{flow.code}: {step} was taken from {state} to {after}")


def every_step_is_taken(flow: Flow, facts_for: FactsFor) -> None:
    """Hold that a machine takes every step, reaches every state, and is refused everything else."""
    taken, been = Counter[Edge](), Counter[str]()
    run_state_machine_as_test(
        machine(flow, facts_for, taken, been),
        settings=settings(
            max_examples=12, stateful_step_count=max(30, len(edges(flow))), deadline=None, derandomize=True
        ),
    )
    assert edges(flow) == set(taken), f"never taken: {sorted(edges(flow) - set(taken))}"
    assert set(flow.states) == set(been), f"never reached: {sorted(set(flow.states) - set(been))}"


def every_guard_can_stop(flow: Flow, facts_for: FactsFor) -> None:
    """Hold that each guarded step is refused when one fact that its guard reads is taken away."""
    for step in (s for s in flow.steps if s.guard):
        facts = facts_for(step)
        stops = [name for name in facts if step.objection({k: v for k, v in facts.items() if k != name})]
        asks_only_if_wanted = step.objection({}) is None
        assert stops or asks_only_if_wanted, (flow.code, step.name)


def stroll(flow: Flow, facts_for: FactsFor, seed: int, steps: int = 40) -> list[str]:
    """Walk at random from a seed, and return the states."""
    chance, states = random.Random(seed), [flow.initial]
    for _ in range(steps):
        step = chance.choice(flow.steps)
        try:
            states.append(flow.take(states[-1], step.name, set(step.roles), facts_for(step)))
        except Refused:
            continue
    return states
