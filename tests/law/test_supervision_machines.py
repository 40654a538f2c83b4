"""A machine for each flow of supervision sampling: every legal step is taken, every illegal one refused, all of it seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll
from tests.law.supervision_facts import READY_SUPERVISION

from qualipolis.law.flow import NEEDS, Flow, Step
from qualipolis.law.flows import SUPERVISION
from qualipolis.law.rules import rule_on
from qualipolis.law.supervision.rules import ORDER_18_FROM
from qualipolis.law.terms import deadline

TODAY = dt.date(2021, 3, 1)
READY: dict[str, Any] = READY_SUPERVISION | dict.fromkeys(NEEDS, "given") | {"today": TODAY, "evidence": 1}
# facts that stand for "the term is over", where READY says that it still runs
LATER: dict[str, Any] = {"today": dt.date(2021, 3, 16)}
WARNING: dict[str, Any] = {"kind": "warning_only"}
BENDS = ({}, LATER, WARNING)


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    every_step_is_taken(flow, facts_for)


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_every_fact_a_guard_asks_for_can_stop_its_step(flow: Flow) -> None:
    every_guard_can_stop(flow, facts_for)


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_the_same_seed_walks_the_same_way(flow: Flow) -> None:
    assert [stroll(flow, facts_for, seed) for seed in range(5)] == [stroll(flow, facts_for, seed) for seed in range(5)]


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
