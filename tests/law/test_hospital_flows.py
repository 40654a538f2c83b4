"""The tables of the product hospital: a machine for each, what stops a step, and every clock with its value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll

from qualipolis.law.flow import NEEDS, ROLES, Flow, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.flows.hospital import HOSPITAL
from qualipolis.law.flows.hospital.case import PAUSABLE
from qualipolis.law.rules import rule_on

TODAY = dt.date(2026, 3, 2)
READY: dict[str, Any] = dict.fromkeys(NEEDS, "given") | {
    "today": TODAY,
    "due_on": dt.date(2026, 3, 1),
    "informed": True,
    "product_name": "cup",
    "problem_text": "leaks",
    "department": 1,
    "severity": 2,
    "urgency": 2,
    "expert": 1,
    "conflict": "",
    "root_cause": "machine",
    "statement": "worn seal",
    "evidence": "trial",
    "escape_point": "no leak test",
    "on_market": False,
    "loops": 0,
    "items": 2,
    "incomplete_items": 0,
    "measurable_items": 1,
    "verdict": "proven",
    "effect_on": dt.date(2026, 2, 28),
    "last_action_on": dt.date(2026, 2, 20),
    "cured_on": dt.date(2026, 1, 2),
    "consent": True,
    **dict.fromkeys(("open_examinations", "open_items", "unaccepted_items", "open_follow_ups"), 0),
}
BENDS: tuple[dict[str, Any], ...] = ({}, {"loops": 2, "panels": 1}, *({"paused_from": state} for state in PAUSABLE))


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


@pytest.mark.parametrize("flow", HOSPITAL, ids=lambda flow: flow.code)
def test_the_table_is_sound(flow: Flow) -> None:
    assert flow.check() == ()
    assert ALL[flow.code] is flow


@pytest.mark.parametrize("flow", HOSPITAL, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    every_step_is_taken(flow, facts_for)


@pytest.mark.parametrize("flow", HOSPITAL, ids=lambda flow: flow.code)
def test_every_fact_a_guard_asks_for_can_stop_its_step(flow: Flow) -> None:
    every_guard_can_stop(flow, facts_for)


@pytest.mark.parametrize("flow", HOSPITAL, ids=lambda flow: flow.code)
def test_the_same_seed_walks_the_same_way(flow: Flow) -> None:
    assert [stroll(flow, facts_for, seed) for seed in range(3)] == [stroll(flow, facts_for, seed) for seed in range(3)]


@pytest.mark.parametrize(
    ("state", "step", "facts", "code"),
    [
        ("draft", "register", {"informed": False}, "no_informed"),
        ("draft", "register", {"problem_text": ""}, "no_problem_text"),
        ("registered", "triage", {"severity": None}, "no_severity"),
        ("registered", "reject", {"reason_code": ""}, "needs_reason_code"),
        ("triaged", "propose", {"conflict": "tests samples of this firm"}, "conflict"),
        ("triaged", "propose", {"conflict": None}, "conflict_unknown"),
        ("proposed", "accept", {"conflict": "own firm"}, "conflict"),
        ("examining", "diagnose", {"evidence": ""}, "no_evidence"),
        ("examining", "diagnose", {"open_examinations": 1}, "open_examinations"),
        ("examining", "diagnose", {"open_examinations": None}, "uncounted_open_examinations"),
        ("examining", "diagnose", {"on_market": True}, "not_contained"),
        ("examining", "diagnose", {"on_market": None}, "market_unknown"),
        ("examining", "diagnose", {"severity": 3}, "needs_panel"),
        ("panel", "diagnose", {"loops": 2}, "needs_panel"),
        ("diagnosed", "prescribe", {"items": 0}, "no_items"),
        ("diagnosed", "prescribe", {"incomplete_items": 1}, "incomplete_items"),
        ("diagnosed", "prescribe", {"measurable_items": 0}, "nothing_measured"),
        ("treating", "hand_in", {"open_items": 1}, "open_items"),
        ("verifying", "cure", {"verdict": "not_proven"}, "not_proven"),
        ("verifying", "cure", {"verdict": "not_enough_data"}, "not_proven"),
        ("verifying", "cure", {"verdict": None}, "not_proven"),
        ("verifying", "cure", {"unaccepted_items": 1}, "unaccepted_items"),
        ("verifying", "cure", {"effect_on": dt.date(2026, 2, 20)}, "effect_too_early"),
        ("verifying", "improve", {"verdict": ""}, "not_measured"),
        ("verifying", "improve", {"verdict": "worse"}, "got_worse"),
        ("following", "close", {"cured_on": None}, "not_cured"),
        ("improved", "follow", {}, "wrong_state"),
        ("improved", "close", {}, "wrong_state"),
        ("verifying", "no_effect", {"loops": 2}, "loops"),
        ("verifying", "refer", {"loops": 1}, "no_panel"),
        ("following", "close", {"open_follow_ups": 1}, "open_follow_ups"),
        ("closed", "reopen", {"cured_on": dt.date(2025, 9, 1)}, "recurs_late"),
        ("waiting_firm", "suspend", {"due_on": TODAY}, "still_waiting"),
        ("waiting_firm", "resume_treating", {"paused_from": "examining"}, "other_state"),
        ("assigned", "diagnose", {}, "wrong_state"),
        ("treating", "cure", {}, "wrong_state"),
        ("cured", "close", {}, "wrong_state"),
    ],
)
def test_what_is_missing_stops_the_step(state: str, step: str, facts: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        ALL["hospital_case"].take(state, step, set(ROLES), READY | facts)
    assert caught.value.problem.code == code


def test_a_case_on_the_market_or_severe_goes_on_once_it_is_contained_and_a_panel_met() -> None:
    facts = READY | {"on_market": True, "containments": 1, "severity": 4, "panels": 1}
    assert ALL["hospital_case"].take("examining", "diagnose", {"expert"}, facts) == "diagnosed"


def test_the_last_day_of_the_recurrence_still_reopens() -> None:
    facts = READY | {"cured_on": TODAY - dt.timedelta(days=180)}
    assert ALL["hospital_case"].take("closed", "reopen", {"enterprise"}, facts) == "reopened"


CLOCKS = {
    "register": (1, "working"),
    "accept": (10, "working"),
    "propose": (2, "working"),
    "call_panel": (5, "working"),
    "diagnose": (5, "working"),
    "ask": (15, "working"),
    "suspend": (30, "working"),
    "cure": (30, "calendar"),
}


@pytest.mark.parametrize(("name", "term"), CLOCKS.items())
def test_every_clock_has_its_term_and_its_rule(name: str, term: tuple[int, str]) -> None:
    step = next(step for step in ALL["hospital_case"].steps if step.name == name)
    assert step.due is not None
    assert (step.due.days, step.due.unit) == term
    assert rule_on(step.due.rule, TODAY).value == term[0]
