"""Every flow in the registry is whole, and a walk through it obeys the table."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from qualipolis.law.flow import NEEDS, ROLES, Due, Flow, Refused, Step
from qualipolis.law.flows import ALL, ASSESSMENT, INDICATOR_SET, OBSERVATION, YEAR

READY: dict[str, Any] = {
    "value": 1.0,
    "evidence": 1,
    "actor": "Li",
    "submitted_by": "Wang",
    "second_person": "Chen",
    "today": dt.date(2021, 3, 1),
    "dispute_until": dt.date(2021, 3, 2),
    "checkers": 2,
} | {need: "given" for need in NEEDS if need != "second_person"}


@pytest.mark.parametrize("flow", ALL.values(), ids=ALL)
def test_it_has_no_unknown_dead_or_unreachable_state(flow: Flow) -> None:
    assert flow.check() == ()


def test_it_finds_every_kind_of_mistake_in_a_table() -> None:
    steps = (
        Step("go", ("a",), "b", "nobody", label="Go"),
        Step("go", ("a",), "c", "public", needs=("luck",)),
        Step("x", ("lost",), "a", "public", label="X"),
    )
    flow = Flow("bad", "a", steps, ("b",), {"a": "A", "b": "B", "c": "C", "alone": "Alone"})
    found = {(p.code, p.params["name"]) for p in flow.check()}
    assert found == {
        ("unknown_state", "lost"),
        ("repeated_step", "go"),
        ("unknown_role", "nobody"),
        ("unknown_need", "luck"),
        ("no_label", "go"),
        ("unreachable", "alone"),
        ("dead_end", "alone"),
        ("dead_end", "c"),
    }


@pytest.mark.parametrize("flow", ALL.values(), ids=ALL)
def test_it_draws_every_step(flow: Flow) -> None:
    drawing = flow.mermaid(lambda text: f"<{text}>")
    assert drawing.startswith("stateDiagram-v2")
    for step in flow.steps:
        assert all(f"{s} --> {step.target}: <{step.label}>" in drawing for s in step.sources)


def test_it_refuses_the_wrong_role_state_and_missing_reason() -> None:
    refusals = []
    for state, name, role, facts in [
        ("locked", "submit", "town_officer", READY),
        ("submitted", "verify", "town_officer", READY),
        ("submitted", "return", "department", READY | {"reason": "  "}),
        ("submitted", "verify", "department", READY | {"actor": "Wang"}),
        ("draft", "submit", "town_officer", READY | {"value": None}),
        ("draft", "submit", "town_officer", READY | {"evidence_required": True, "evidence": 0}),
        ("verified", "dispute", "town_officer", READY | {"dispute_until": None}),
        ("verified", "dispute", "town_officer", READY | {"today": dt.date(2021, 3, 3)}),
        ("locked", "reopen", "leader", READY | {"second_person": "Li"}),
    ]:
        with pytest.raises(Refused) as caught:
            OBSERVATION.take(state, name, {role}, facts)
        refusals.append(caught.value.problem.code)
    assert refusals == [
        "wrong_state",
        "wrong_role",
        "needs_reason",
        "own_work",
        "no_value",
        "no_evidence",
        "no_preview",
        "window_closed",
        "one_person",
    ]


def test_it_sends_a_missing_value_with_its_reason() -> None:
    facts = READY | {"value": None, "missing": "not_collected"}
    assert OBSERVATION.take("draft", "submit", {"town_officer"}, facts) == "submitted"


def test_it_offers_only_what_role_and_facts_allow() -> None:
    offered = OBSERVATION.available("submitted", {"department"}, READY)
    assert [s.name for s in offered] == ["return", "verify"]
    assert [s.name for s in OBSERVATION.available("submitted", {"department"}, READY | {"actor": "Wang"})] == ["return"]
    assert OBSERVATION.available("submitted", {"auditor"}) == ()


def test_the_terms_of_an_observation_are_the_citys() -> None:
    assert OBSERVATION.find("submitted", "return").due == Due(5, "working")  # type: ignore[union-attr]
    assert OBSERVATION.find("verified", "dispute").due == Due(7, "working")  # type: ignore[union-attr]


def test_a_frozen_set_changes_only_by_a_numbered_amendment() -> None:
    assert {s.name for s in INDICATOR_SET.available("frozen", set(ROLES))} == {"amend", "close"}
    with pytest.raises(Refused):
        INDICATOR_SET.take("frozen", "amend", {"leader"}, {"reason": "new statistics"})
    facts = {"reason": "new statistics", "document_no": "7"}
    assert INDICATOR_SET.take("frozen", "amend", {"leader"}, facts) == "frozen"


def test_an_assessment_is_not_decided_over_an_open_objection() -> None:
    with pytest.raises(Refused) as caught:
        ASSESSMENT.take("previewed", "decide", {"leader"}, READY | {"open_disputes": 2})
    assert str(caught.value) == "2 objections have no reply yet."


class Walk(RuleBasedStateMachine):
    """Take random steps through a random flow of the year, now and then without what a step needs."""

    @initialize(code=st.sampled_from(sorted(flow.code for flow in YEAR)))
    def begin(self, code: str) -> None:
        self.flow = ALL[code]
        self.state = self.flow.initial

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from(self.flow.steps))
        roles = data.draw(st.sets(st.sampled_from(ROLES), max_size=3))
        facts = {k: v for k, v in READY.items() if data.draw(st.booleans()) or k in ("value",)}
        offered = step in self.flow.available(self.state, roles, facts)
        given = all(facts.get(need) for need in step.needs)
        try:
            after = self.flow.take(self.state, step.name, roles, facts)
        except Refused as refused:
            twin = self.flow.find(self.state, step.name)
            assert not (offered and given) or twin is not step
            assert refused.reason
        else:
            assert after == self.flow.find(self.state, step.name).target  # type: ignore[union-attr]
            self.state = after

    @precondition(lambda self: self.state not in self.flow.finals)
    @rule(data=st.data())
    def move_on(self, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from(self.flow.available(self.state, set(ROLES), READY)))
        self.state = self.flow.take(self.state, step.name, set(step.roles), READY)

    @invariant()
    def the_state_is_known(self) -> None:
        assert getattr(self, "state", None) is None or self.state in self.flow.states

    @invariant()
    def no_state_without_a_way_on(self) -> None:
        if getattr(self, "state", None) and self.state not in self.flow.finals:
            assert self.flow.available(self.state, set(ROLES), READY)


TestWalk = Walk.TestCase
TestWalk.settings = settings(stateful_step_count=25)
