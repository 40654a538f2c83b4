"""Random walks: one machine for each flow of supervision sampling, and one case with two parties in running time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.law.supervision_facts import READY_SUPERVISION

from qualipolis.law.calendar import add_days
from qualipolis.law.flow import NEEDS, ROLES, Flow, Refused
from qualipolis.law.flows import ALL, OBJECTION, RESULT, SUPERVISION
from qualipolis.law.supervision.clocks import Service, final_on, objection_is_late

TODAY = dt.date(2021, 3, 1)
READY: dict[str, Any] = READY_SUPERVISION | dict.fromkeys(NEEDS, "given") | {"today": TODAY, "evidence": 1}
DAYS = [name for name, value in READY.items() if isinstance(value, dt.date) and name != "today"]
READ = {
    flow.code: sorted({"", "today", *DAYS, *(n for step in flow.steps for n in step.needs)}) for flow in SUPERVISION
}
CAME_BEFORE = {
    ("supervision_plan", "public"): {"approved", "filed"},
    ("campaign", "sampling"): {"contracted", "approved", "rules_public"},
    ("draw_run", "drawn"): {"frozen", "committed"},
    ("sampling_task", "replaced"): {"not_sampled"},
    ("sampling_task", "refusal_reported"): {"on_site", "refused"},
    ("sample", "reported"): {"received", "testing"},
    ("food_sample", "reported"): {"received", "testing"},
    ("test_report", "issued"): {"checked", "signed"},
    ("result", "final"): {"notified"},
    ("food_result", "final"): {"notified"},
    ("recheck", "reversed"): {"ready", "designated", "testing"},
    ("food_recheck", "reversed"): {"ready", "designated", "testing"},
    ("objection", "answered"): {"studying", "recheck_ordered"},
    ("handling", "closed"): {"passed"},
    ("handling", "licence_revoked"): {"announced", "suspended", "third_review"},
    ("publication", "published"): {"approved"},
    ("penalty_publication", "taken_down"): {"published"},
}
NEVER_BOTH = {("sampling_task", "refused", "replaced"), ("sampling_task", "stopped_unlawful", "replaced")}


def walker(flow: Flow) -> type[RuleBasedStateMachine]:
    """Return the machine that walks one flow, with good, missing and wrong facts."""

    class Walker(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.state, self.been = flow.initial, [flow.initial]

        @rule(data=st.data())
        def step(self, data: st.DataObject) -> None:
            step = data.draw(st.sampled_from(flow.steps))
            roles = data.draw(st.sets(st.sampled_from(ROLES), max_size=4))
            lacking = data.draw(st.sampled_from(READ[flow.code]))
            shift = dt.timedelta(days=data.draw(st.integers(-2, 2)))
            facts = {name: value for name, value in READY.items() if name != lacking}
            facts |= {name: TODAY + shift for name in DAYS if name in facts}
            try:
                after = flow.take(self.state, step.name, roles, facts)
            except Refused as refused:
                assert refused.problem.text()
                return
            taken = flow.find(self.state, step.name)
            assert taken is not None and set(taken.roles) & roles and taken.objection(facts) is None
            self.state = after
            self.been.append(after)

        @precondition(lambda self: self.state not in flow.finals)
        @rule(data=st.data())
        def move_on(self, data: st.DataObject) -> None:
            facts = READY | {"window_until": data.draw(st.sampled_from([TODAY, TODAY - dt.timedelta(days=1)]))}
            step = data.draw(st.sampled_from(flow.available(self.state, set(ROLES), facts)))
            self.state = flow.take(self.state, step.name, set(step.roles), facts)
            self.been.append(self.state)

        @invariant()
        def what_must_come_before_did(self) -> None:
            assert CAME_BEFORE.get((flow.code, self.state), set()) <= set(self.been)
            assert not any(code == flow.code and {a, b} <= set(self.been) for code, a, b in NEVER_BOTH)

    return Walker


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_a_walk_obeys_the_table(flow: Flow) -> None:
    run_state_machine_as_test(walker(flow), settings=settings(max_examples=10, stateful_step_count=15, deadline=None))


class Case(RuleBasedStateMachine):
    """One failed result, a seller and a producer served on different days, a clock that only runs forward."""

    @initialize(start=st.dates(dt.date(2026, 1, 20), dt.date(2026, 10, 20)), food=st.booleans())
    def begin(self, start: dt.date, food: bool) -> None:
        self.today, self.state = start, "reported"
        self.flow = ALL["food_result"] if food else RESULT
        self.term = (7, "working") if food else (15, "calendar")
        self.rule_code = "food.recheck_apply" if food else "supervision.objection"
        self.served: dict[str, dt.date | None] = {"seller": None, "producer": None}
        self.open: list[str] = []
        self.rechecked = 0

    def services(self) -> list[Service]:
        return [Service(party, day) for party, day in self.served.items()]

    def facts(self, party: str = "seller") -> dict[str, Any]:
        final = final_on(self.services(), self.rule_code)
        return READY | {
            "today": self.today,
            "window_until": final.last_day(party),
            "final_from": final.day,
            "unserved_parties": sum(day is None for day in self.served.values()),
            "open_objections": len(self.open),
            "rechecks_concluded": self.rechecked,
        }

    def take(self, step: str, party: str = "seller") -> bool:
        try:
            self.state = self.flow.take(self.state, step, set(ROLES), self.facts(party))
        except Refused:
            return False
        return True

    def last_day(self, party: str) -> dt.date | None:
        day = self.served[party]
        return None if day is None else add_days(day, *self.term).due  # type: ignore[arg-type]

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        self.today += dt.timedelta(days=days)

    @rule(party=st.sampled_from(["seller", "producer"]))
    def serve(self, party: str) -> None:
        if self.served[party] is None and self.take("serve"):
            self.served[party] = self.today
        self.take("open_window")

    @rule(party=st.sampled_from(["seller", "producer"]))
    def object(self, party: str) -> None:
        last, before = self.last_day(party), self.state
        taken = self.take("object", party)
        in_time = last is not None and self.today <= last
        possible = before in ("notified", "objection_window", "under_objection", "upheld", "reversed")
        assert taken == (in_time and possible)
        if taken:
            self.open.append(party)
        late = objection_is_late(Service(party, self.served[party]), self.today, self.rule_code)
        assert late == (last is not None and not in_time)
        if late:
            assert OBJECTION.take("received", "reject_late", {"planner"}, self.facts(party)) == "rejected_late"

    @precondition(lambda self: self.state == "under_objection")
    @rule(how=st.sampled_from(["dismiss", "order_recheck"]))
    def decide(self, how: str) -> None:
        if how == "dismiss":
            self.open = self.open[:-1]
        self.take(how)
        self.take("open_window")

    @precondition(lambda self: self.state == "under_recheck")
    @rule(how=st.sampled_from(["uphold", "reverse", "stand"]))
    def conclude(self, how: str) -> None:
        assert self.take(how)
        self.open, self.rechecked = [], self.rechecked + 1

    @rule()
    def finalise(self) -> None:
        ready = self.state in ("objection_window", "upheld", "reversed") and not self.open
        ends = [self.last_day(party) for party in self.served]
        over = all(end is not None and end < self.today for end in ends)
        assert self.take("finalise") == (ready and over)

    @invariant()
    def nothing_is_final_before_every_window_is_over(self) -> None:
        if getattr(self, "state", None) == "final":
            assert not self.open
            assert all((end := self.last_day(party)) is not None and end < self.today for party in self.served)


TestCase = Case.TestCase
TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
