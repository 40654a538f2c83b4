"""A machine for each flow of supervision sampling: every legal step is taken, every illegal one refused, all of it seen."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, deque
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.law.supervision_facts import READY_SUPERVISION

from qualipolis.law.flow import NEEDS, ROLES, Flow, Refused, Step
from qualipolis.law.flows import SUPERVISION
from qualipolis.law.rules import rule_on
from qualipolis.law.supervision.clocks import deadline
from qualipolis.law.supervision.rules import ORDER_18_FROM

TODAY = dt.date(2021, 3, 1)
READY: dict[str, Any] = READY_SUPERVISION | dict.fromkeys(NEEDS, "given") | {"today": TODAY, "evidence": 1}
# facts that stand for "the term is over", where READY says that it still runs
LATER: dict[str, Any] = {"today": dt.date(2021, 3, 16)}
WARNING: dict[str, Any] = {"kind": "warning_only"}
BENDS = ({}, LATER, WARNING)
Edge = tuple[str, str]


def edges(flow: Flow) -> set[Edge]:
    return {(source, step.name) for step in flow.steps for source in step.sources}


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


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


def machine(flow: Flow, taken: Counter[Edge], been: Counter[str]) -> type[RuleBasedStateMachine]:
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
            nothing_else_is_allowed(flow, self.state)
            role_and_needs_are_asked_for(flow, self.state)

        @invariant()
        def the_history_is_a_walk_through_the_table(self) -> None:
            pairs = zip(self.history, self.history[1:], strict=False)
            assert all(any(table[e] == after for e in table if e[0] == before) for before, after in pairs)

    return Machine


def nothing_else_is_allowed(flow: Flow, state: str) -> None:
    """Hold that every step the table does not offer in ``state`` is refused to somebody with every role."""
    for step in {s.name: s for s in flow.steps}.values():
        if flow.find(state, step.name) is None:
            refused(flow, state, step.name, set(ROLES), facts_for(step), "wrong_state")


def role_and_needs_are_asked_for(flow: Flow, state: str) -> None:
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


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    taken, been = Counter[Edge](), Counter[str]()
    run_state_machine_as_test(
        machine(flow, taken, been),
        settings=settings(max_examples=12, stateful_step_count=30, deadline=None, derandomize=True),
    )
    assert edges(flow) == set(taken), f"never taken: {sorted(edges(flow) - set(taken))}"
    assert set(flow.states) == set(been), f"never reached: {sorted(set(flow.states) - set(been))}"


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_every_fact_a_guard_asks_for_can_stop_its_step(flow: Flow) -> None:
    """Each guarded step is refused when any single fact that its guard reads is taken away, or none of them is read."""
    for step in (s for s in flow.steps if s.guard):
        facts = facts_for(step)
        stops = [name for name in facts if step.objection({k: v for k, v in facts.items() if k != name})]
        asks_only_if_wanted = step.objection({}) is None
        assert stops or asks_only_if_wanted, (flow.code, step.name)


def stroll(flow: Flow, seed: int, steps: int = 40) -> list[str]:
    """Walk at random from a seed, and return the states."""
    chance, states = random.Random(seed), [flow.initial]
    for _ in range(steps):
        step = chance.choice(flow.steps)
        try:
            states.append(flow.take(states[-1], step.name, set(step.roles), facts_for(step)))
        except Refused:
            continue
    return states


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_the_same_seed_walks_the_same_way(flow: Flow) -> None:
    assert [stroll(flow, seed) for seed in range(5)] == [stroll(flow, seed) for seed in range(5)]


# rule code, clause that it rests on, value, unit, what starts it: rules d.2 (products) and d.3 (food), row by row
CLOCKS = (
    ("supervision.same_product", "article 8", 6, "months", "sampled"),
    ("supervision.samplers", "article 16", 2, "people", ""),
    ("supervision.report_unlawful", "article 17", 0, "calendar days", "found"),
    ("supervision.report_refusal", "article 21", 0, "calendar days", "found"),
    ("supervision.report_at_laboratory", "articles 29 and 30", 0, "calendar days", "found"),
    ("supervision.return_samples", "article 34", 0, "calendar days", "windows_over"),
    ("supervision.objection", "Product Quality Law, article 15", 15, "calendar days", "result_served"),
    ("supervision.recheck_formalities", "article 38", 7, "calendar days", "recheck_notice_served"),
    ("supervision.recheck_designate", "article 39", 10, "calendar days", "formalities_done"),
    ("supervision.stop_sale", "article 45", 0, "calendar days", "result_served"),
    ("supervision.correct", "article 46", 60, "calendar days", "order_served"),
    ("supervision.review", "article 47", 75, "calendar days", "order_served"),
    ("supervision.second_review_after", "article 48", 60, "calendar days", "announced"),
    ("supervision.second_review_before", "article 48", 90, "calendar days", "announced"),
    ("supervision.fine_cap", "articles 51 and 52", 30_000, "CNY", ""),
    ("supervision.archive", "article 54", 2, "years", "case_closed"),
    ("food.recheck_apply", "Food Safety Law, article 88", 7, "working days", "result_served"),
    ("food.report", "Report of the laboratory on food", 20, "working days", "sample_received"),
    ("food.nonconforming_report", "Report of nonconforming food", 2, "working days", "nonconformity_found"),
    ("food.recheck_decision", "food recheck", 5, "working days", "recheck_applied"),
    ("food.recheck_report", "food recheck", 10, "working days", "recheck_sample_received"),
    ("food.handling", "nonconforming food", 90, "calendar days", "transferred"),
)


@pytest.mark.parametrize(("code", "clause", "value", "unit", "starts"), CLOCKS, ids=[row[0] for row in CLOCKS])
def test_every_clock_of_the_rules_is_a_row_with_its_clause(
    code: str, clause: str, value: int, unit: str, starts: str
) -> None:
    found = rule_on(code, TODAY.replace(year=2026))
    assert clause in found.clause
    assert (found.value, found.unit, found.starts) == (value, unit, starts)


TERMS = [row[0] for row in CLOCKS if row[4]]


@pytest.mark.parametrize("code", TERMS)
def test_no_clock_runs_backward(code: str) -> None:
    """A later start never ends earlier, and no term ends before it begins, holidays and make-up days or not."""
    days = [max(ORDER_18_FROM, dt.date(2026, 1, 1)) + dt.timedelta(days=n) for n in range(365)]
    ends = [deadline(code, day).due for day in days]
    assert ends == sorted(ends)
    assert all(end >= day for day, end in zip(days, ends, strict=True))
