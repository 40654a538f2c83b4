"""The tables of listening: a machine for each, what stops a step, both orders, and every clock with its value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll

from qualipolis.law.flow import NEEDS, Flow, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.flows.listening import COMPLAINT, LISTENING, WARNING
from qualipolis.law.listening.documents import DOCUMENTS, number_of
from qualipolis.law.rules import rule_on
from qualipolis.law.terms import deadline

LAST_OF_20, FIRST_OF_121 = dt.date(2026, 4, 14), dt.date(2026, 4, 15)
READY: dict[str, Any] = dict.fromkeys(NEEDS, "given") | {
    "actor": 2,
    "second_person": 3,
    "written_by": 1,
    "today": dt.date(2026, 6, 1),
    "due_on": dt.date(2026, 5, 1),
    "received_on": FIRST_OF_121,
    "reason_code": "other",
    "contact": True,
    "identity": True,
    "competent": True,
    "mediator": 4,
    "complainant_agrees": True,
    "respondent_agrees": True,
    "terms": "refund",
    "no_paper": True,
    "untold_parties": 0,
    "named": True,
    "open_actions": 0,
    "proof": "file",
    "serious": False,
    "corrected": 10,
    "on": dt.date(2026, 5, 2),
    "finding": "enough",
    **dict.fromkeys(("measure", "units", "told_how", "until", "title", "hazard", "advice", "products"), "given"),
}
BENDS: tuple[dict[str, Any], ...] = (
    {},
    {"identity": False},
    {"named": False},
    {"serious": True},
    {"paused_from": "mediating"},
    {"paused_from": "entrusted"},
)


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


@pytest.mark.parametrize("flow", LISTENING, ids=lambda flow: flow.code)
def test_the_table_is_sound(flow: Flow) -> None:
    assert flow.check() == ()
    assert ALL[flow.code] is flow


@pytest.mark.parametrize("flow", LISTENING, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    every_step_is_taken(flow, facts_for)
    assert stroll(flow, facts_for, seed=11)


@pytest.mark.parametrize("flow", LISTENING, ids=lambda flow: flow.code)
def test_every_guard_can_stop(flow: Flow) -> None:
    every_guard_can_stop(flow, facts_for)


def refused(flow: Flow, state: str, name: str, **facts: Any) -> str:
    step = flow.find(state, name)
    assert step is not None
    with pytest.raises(Refused) as refusal:
        flow.take(state, name, {step.roles[0]}, READY | facts)
    return refusal.value.problem.code


def test_only_the_new_order_refuses_for_identity() -> None:
    old = {"received_on": LAST_OF_20, "reason_code": "identity"}
    assert refused(COMPLAINT, "received", "refuse", **old) == "ground_of_later_order"
    assert COMPLAINT.take("received", "refuse", {"complaint_desk"}, READY | {"reason_code": "identity"}) == "refused"


def test_only_the_new_order_asks_for_proof_of_identity() -> None:
    assert refused(COMPLAINT, "received", "accept", identity=False) == "no_identity"
    old = READY | {"received_on": LAST_OF_20, "identity": False}
    assert COMPLAINT.take("received", "accept", {"complaint_desk"}, old) == "accepted"
    assert (
        refused(COMPLAINT, "received", "request_identity", received_on=LAST_OF_20, identity=False)
        == "identity_complete"
    )


def test_it_does_not_refuse_while_the_term_to_give_identity_runs() -> None:
    running = {"status": "identity_requested", "due_on": dt.date(2026, 6, 1), "today": dt.date(2026, 6, 1)}
    assert refused(COMPLAINT, "identity_requested", "refuse", **running) == "term_running"


def test_nobody_publishes_a_warning_of_their_own() -> None:
    assert refused(WARNING, "reviewing", "publish", written_by=2) == "own_warning"
    assert refused(WARNING, "reviewing", "publish", written_by=None) == "own_warning"


def test_a_complaint_keeps_the_term_of_the_order_of_its_receipt() -> None:
    accepted = dt.date(2026, 4, 20)
    assert deadline("complaint.mediation", accepted, in_force=LAST_OF_20).due == dt.date(2026, 6, 25)
    assert deadline("complaint.mediation", accepted, in_force=FIRST_OF_121).due == dt.date(
        2026, 6, 22
    )  # a holiday moves it


def test_there_are_ten_documents_each_made_by_a_step_of_its_table() -> None:
    assert [one.number for one in DOCUMENTS] == list(range(1, 11))
    for one in DOCUMENTS:
        flow, step = one.made_by
        assert step == "receive" or any(known.name == step for known in ALL[flow].steps)
    assert {one.code for one in DOCUMENTS if one.remedies} == {"refusal", "ending"}
    assert number_of("ending", "示", 2026, 12) == "示市监调终〔2026〕第12号"


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("recall.firm_report", 2, "working days"),
        ("recall.plan", 10, "working days"),
        ("recall.announce", 3, "working days"),
        ("recall.summary", 15, "working days"),
        ("recall.records", 5, "years"),
    ],
)
def test_recalls_keep_their_clocks(code: str, value: int, unit: str) -> None:
    rule = rule_on(code, FIRST_OF_121)
    assert (rule.value, rule.unit) == (value, unit)
