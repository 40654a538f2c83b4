"""The rows and tables of supervision sampling: every clock has its clause and start, every step its source."""

from __future__ import annotations

import datetime as dt

import pytest

from qualipolis.law.flow import Flow
from qualipolis.law.flows import ALL, SUPERVISION
from qualipolis.law.rules import rule_on
from qualipolis.law.supervision import guards, sources
from qualipolis.law.supervision.rules import EVENTS, SUPERVISION_RULES
from qualipolis.law.terms import due

TODAY = dt.date(2026, 11, 23)
TERMS = {"working days", "calendar days", "months", "years"}
VALUES = {
    "supervision.objection": (15, "calendar days", True),
    "supervision.same_product": (6, "months", False),
    "supervision.samplers": (2, "people", False),
    "supervision.report_unlawful": (0, "calendar days", False),
    "supervision.report_refusal": (0, "calendar days", False),
    "supervision.report_at_laboratory": (0, "calendar days", False),
    "supervision.return_samples": (0, "calendar days", False),
    "supervision.recheck_formalities": (7, "calendar days", False),
    "supervision.recheck_designate": (10, "calendar days", False),
    "supervision.stop_sale": (0, "calendar days", False),
    "supervision.correct": (60, "calendar days", False),
    "supervision.review": (75, "calendar days", False),
    "supervision.second_review_after": (60, "calendar days", False),
    "supervision.second_review_before": (90, "calendar days", False),
    "supervision.fine_cap": (30_000, "CNY", False),
    "supervision.archive": (2, "years", False),
    "food.recheck_apply": (7, "working days", True),
    "food.report": (20, "working days", False),
    "food.nonconforming_report": (2, "working days", False),
    "food.recheck_decision": (5, "working days", False),
    "food.recheck_report": (10, "working days", False),
    "food.handling": (90, "calendar days", False),
    "penalty.publish": (20, "working days", True),
    "penalty.push": (10, "working days", True),
    "penalty.publish_received": (10, "working days", True),
    "penalty.withdraw": (3, "working days", True),
    "penalty.shown_light": (3, "months", True),
    "penalty.shown": (3, "years", True),
}


@pytest.mark.parametrize("code", VALUES)
def test_every_clock_of_the_law_has_its_value_and_says_whether_it_was_read(code: str) -> None:
    found = rule_on(code, TODAY)
    assert (found.value, found.unit, found.verified) == VALUES[code]


def test_there_is_no_other_clock_but_the_citys_own() -> None:
    rest = [r for r in SUPERVISION_RULES if r.code not in VALUES]
    assert {r.source for r in rest} == {sources.CITY} and not any(r.verified for r in rest)


def test_every_term_has_a_start_a_clause_and_words() -> None:
    for row in SUPERVISION_RULES:
        assert row.clause and row.note, row.code
        assert (row.unit in TERMS) == (row.starts in EVENTS), row.code
        assert row.bound in (("latest", "earliest") if row.starts else ("",)), row.code
    assert {r.starts for r in SUPERVISION_RULES if r.starts} == set(EVENTS)


def test_the_fewest_samplers_stand_in_table_and_guard_alike() -> None:
    assert rule_on("supervision.samplers", TODAY).value == guards.SAMPLERS


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_every_step_names_a_source_and_every_term_its_row(flow: Flow) -> None:
    for step in flow.steps:
        assert step.law in sources.READ | sources.UNREAD | sources.OWN, step.name
        assert step.due is None or step.due == due(step.due.rule), step.name


def test_an_unread_clause_says_so_in_its_own_words() -> None:
    assert all("not seen" in clause for clause in sources.UNREAD)
    assert not any("not seen" in clause for clause in sources.READ | sources.OWN)
    used = {step.law for flow in SUPERVISION for step in flow.steps}
    assert {sources.LAW_15, sources.LAW_16, sources.LAW_17, sources.FOOD_88, sources.PENALTY_13} <= used


def test_every_step_with_legal_effect_is_marked() -> None:
    marked = {(f.code, s.name) for f in SUPERVISION for s in f.steps if s.irreversible}
    assert marked >= {
        ("campaign", "publish_rules"),
        ("draw_run", "commit"),
        ("draw_run", "publish"),
        ("sampling_task", "refuse"),
        ("sampling_task", "sample"),
        ("sampling_task", "replace"),
        ("test_report", "issue"),
        ("result", "finalise"),
        ("result", "reverse"),
        ("result", "void"),
        ("recheck", "waive"),
        ("handling", "revoke"),
        ("publication", "publish"),
        ("penalty_publication", "take_down"),
    }


def test_no_guard_passes_over_an_empty_record() -> None:
    """A day, a yes, a count or evidence that is not known lets nothing pass."""
    assert not {(f.code, s.name) for f in SUPERVISION for s in f.steps if s.guard and s.objection({}) is None}


def test_every_flow_of_supervision_is_in_the_registry() -> None:
    assert all(ALL[flow.code] is flow for flow in SUPERVISION) and len(SUPERVISION) == 18
