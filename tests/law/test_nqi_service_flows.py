"""The tables of the one-stop service: a machine for each, what stops a step, and that scope is a hard rule everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll

from qualipolis.law.flow import NEEDS, Flow, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.flows.nqi.services import SERVICE_DEMAND, SERVICE_ORDER, SERVICE_QUOTE, SERVICES
from qualipolis.law.nqi.service_rules import SERVICE_RULES
from qualipolis.law.terms import deadline

TODAY = dt.date(2026, 6, 1)
READY: dict[str, Any] = dict.fromkeys(NEEDS, "given") | {
    "actor": 2,
    "today": TODAY,
    "valid_until": TODAY,
    "uncovered": 0,
    "conflict": False,
    "need_type": "testing",
    "lines": 2,
    "free": False,
    "candidates": 0,
    "open_orders": 0,
    "failed_checks": 0,
    "price": 0,
    "days": 5,
    "needs_sample": True,
    "samples": 1,
    "stars": 4,
    "begun": True,
    "gap": 7,
    "report_no": "BG1",
    "tested_on": TODAY,
    "file": "sha",
}
BENDS: tuple[dict[str, Any], ...] = (
    {},
    {"free": True},
    {"uncovered": 1},
    {"begun": False},
    {"today": dt.date(2026, 6, 2)},
)


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


@pytest.mark.parametrize("flow", SERVICES, ids=lambda flow: flow.code)
def test_the_table_is_sound(flow: Flow) -> None:
    assert flow.check() == ()
    assert ALL[flow.code] is flow


@pytest.mark.parametrize("flow", SERVICES, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    every_step_is_taken(flow, facts_for)
    assert stroll(flow, facts_for, seed=5)


@pytest.mark.parametrize("flow", SERVICES, ids=lambda flow: flow.code)
def test_every_guard_can_stop(flow: Flow) -> None:
    every_guard_can_stop(flow, facts_for)


def refused(flow: Flow, state: str, name: str, **facts: Any) -> str:
    step = flow.find(state, name)
    assert step is not None
    with pytest.raises(Refused) as refusal:
        flow.take(state, name, {step.roles[0]}, READY | facts)
    return refusal.value.problem.code


BOUND = (
    (SERVICE_DEMAND, "triaged", "match"),
    (SERVICE_DEMAND, "quoted", "order"),
    (SERVICE_QUOTE, "invited", "give"),
    (SERVICE_QUOTE, "quoted", "choose"),
    (SERVICE_ORDER, "placed", "confirm"),
    (SERVICE_ORDER, "confirmed", "begin"),
    (SERVICE_ORDER, "reported", "deliver"),
    (SERVICE_ORDER, "blocked", "resume"),
    (SERVICE_ORDER, "blocked", "reassign"),
)


@pytest.mark.parametrize(("flow", "state", "name"), BOUND, ids=lambda one: getattr(one, "code", one))
def test_nothing_goes_on_outside_a_valid_scope_nor_unchecked(flow: Flow, state: str, name: str) -> None:
    assert refused(flow, state, name, uncovered=1) == "out_of_scope"
    assert refused(flow, state, name, uncovered=None) == "scope_unknown"


@pytest.mark.parametrize(("flow", "state", "name"), [one for one in BOUND if one[2] != "deliver"])
def test_who_samples_the_firm_now_takes_no_paid_order_of_it(flow: Flow, state: str, name: str) -> None:
    assert refused(flow, state, name, conflict=True) == "conflict"
    assert refused(flow, state, name, conflict=None) == "conflict_unknown"


def test_free_needs_are_answered_and_never_ordered() -> None:
    assert refused(SERVICE_DEMAND, "triaged", "match", free=True) == "free"
    assert refused(SERVICE_DEMAND, "triaged", "answer", free=False) == "not_free"


def test_a_blocked_order_is_delivered_only_after_it_went_on() -> None:
    assert SERVICE_ORDER.find("blocked", "deliver") is None and SERVICE_ORDER.find("blocked", "report") is None
    assert refused(SERVICE_ORDER, "reported", "deliver", failed_checks=1) == "failed_checks"
    assert refused(SERVICE_ORDER, "reported", "block", uncovered=0) == "still_qualified"


def test_an_expired_quote_is_not_chosen() -> None:
    assert refused(SERVICE_QUOTE, "quoted", "choose", valid_until=TODAY - dt.timedelta(days=1)) == "quote_over"
    assert refused(SERVICE_QUOTE, "quoted", "expire") == "still_open"


def test_a_demand_is_accepted_within_one_working_day() -> None:
    assert deadline("nqi.acceptance", dt.date(2026, 4, 30)).due == dt.date(2026, 5, 6)  # 1 to 5 May are holidays
    assert all(rule.note and not rule.verified for rule in SERVICE_RULES)
