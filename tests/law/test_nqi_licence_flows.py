"""The tables of certificates, instruments and declared standards: machines, guards, and every term with its value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll

from qualipolis.law.flow import NEEDS, Flow, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.flows.nqi import (
    CERTIFICATION_CERTIFICATE,
    CHANGE_FILING,
    CMA_CERTIFICATE,
    LICENCES,
    MEASURING_INSTRUMENT,
    STANDARD_DECLARATION,
)
from qualipolis.law.nqi.floors import Indicator, compare
from qualipolis.law.nqi.instruments import BY_CODE, KINDS
from qualipolis.law.nqi.licence_rules import DUTIES, INSTRUMENT_REMINDERS, LICENCE_RULES, REMINDERS
from qualipolis.law.nqi.validity import months_before, reminder_days, reminder_due, renewal_until, valid_until
from qualipolis.law.rules import rule_on

TODAY = dt.date(2026, 6, 1)
READY: dict[str, Any] = dict.fromkeys(NEEDS, "given") | {
    "actor": 2,
    "second_person": 3,
    "today": TODAY,
    "valid_to": dt.date(2026, 12, 31),
    "document_only": False,
    "blemishes": 0,
    "applied_on": dt.date(2026, 5, 1),
    "new_from": dt.date(2027, 1, 1),
    "new_to": dt.date(2032, 12, 31),
    "until": dt.date(2026, 9, 1),
    "suspended_on": dt.date(2026, 5, 1),
    "finding": "mended",
    "due_on": dt.date(2026, 5, 20),
    "kind": "people",
    "changed_on": dt.date(2026, 4, 20),
    "said": "new head",
    "open_lines": 0,
    "authorised": True,
    "verified_on": dt.date(2026, 5, 30),
    "next_due": dt.date(2027, 5, 29),
    "result": "pass",
    "standard_known": True,
    "standard_ended_on": None,
    "level": "enterprise",
    "indicators": 2,
    "below": 0,
    "newer": 7,
}
BENDS: tuple[dict[str, Any], ...] = ({}, {"valid_to": dt.date(2026, 5, 31)})


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


def refused(flow: Flow, state: str, name: str, **facts: Any) -> str:
    step = flow.find(state, name)
    assert step is not None
    with pytest.raises(Refused) as refusal:
        flow.take(state, name, {step.roles[0]}, READY | facts)
    return refusal.value.problem.code


@pytest.mark.parametrize("flow", LICENCES, ids=lambda flow: flow.code)
def test_the_table_is_sound(flow: Flow) -> None:
    assert flow.check() == ()
    assert ALL[flow.code] is flow


@pytest.mark.parametrize("flow", LICENCES, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    every_step_is_taken(flow, facts_for)
    assert stroll(flow, facts_for, seed=5)


@pytest.mark.parametrize("flow", LICENCES, ids=lambda flow: flow.code)
def test_every_guard_can_stop(flow: Flow) -> None:
    every_guard_can_stop(flow, facts_for)


def test_renewal_is_refused_less_than_three_months_before_the_end() -> None:
    late = {"today": dt.date(2026, 10, 1)}
    assert refused(CMA_CERTIFICATE, "valid", "apply_renewal", **late) == "renewal_too_late"
    last = READY | {"today": dt.date(2026, 9, 30)}
    assert CMA_CERTIFICATE.take("valid", "apply_renewal", {"laboratory"}, last) == "renewal_applied"


def test_a_review_on_paper_needs_a_clean_record() -> None:
    for count in (1, None):
        told = {"document_only": True, "blemishes": count}
        assert refused(CMA_CERTIFICATE, "valid", "apply_renewal", **told) == "record_not_clean"


def test_an_expired_certificate_is_renewed_only_on_an_application() -> None:
    assert refused(CMA_CERTIFICATE, "expired", "renew", applied_on=None) == "not_applied"
    assert refused(CMA_CERTIFICATE, "renewal_applied", "renew", new_to=dt.date(2026, 1, 1)) == "no_period"


def test_nothing_expires_on_its_last_day() -> None:
    for flow in (CMA_CERTIFICATE, CERTIFICATION_CERTIFICATE):
        assert refused(flow, "valid", "expire", valid_to=TODAY) == "still_valid"
        assert refused(flow, "valid", "expire", valid_to=None) == "still_valid"


@pytest.mark.parametrize("flow", [CMA_CERTIFICATE, CERTIFICATION_CERTIFICATE], ids=lambda flow: flow.code)
def test_a_suspension_lasts_six_months_at_most(flow: Flow) -> None:
    assert refused(flow, "valid", "suspend", until=dt.date(2026, 12, 2)) == "suspension_too_long"
    assert refused(flow, "valid", "suspend", until=dt.date(2026, 5, 31)) == "no_until"
    assert refused(flow, "suspended", "restore", suspended_on=dt.date(2025, 11, 30)) == "suspension_over"
    assert refused(flow, "suspended", "restore", suspended_on=None) == "no_suspension"


def test_revoking_takes_two_people() -> None:
    assert refused(CMA_CERTIFICATE, "expired", "revoke", second_person=2) == "one_person"
    assert refused(CMA_CERTIFICATE, "valid", "withdraw", second_person=2) == "one_person"


def test_an_order_to_file_follows_the_end_of_the_term() -> None:
    assert refused(CHANGE_FILING, "owed", "order", due_on=TODAY) == "term_running"
    assert refused(CHANGE_FILING, "owed", "order", due_on=None) == "term_running"


def test_an_instrument_is_verified_by_an_authorised_body_on_a_day_that_was() -> None:
    assert refused(MEASURING_INSTRUMENT, "in_use", "pass", authorised=False) == "not_authorised"
    assert refused(MEASURING_INSTRUMENT, "in_use", "pass", authorised=None) == "authority_unknown"
    assert refused(MEASURING_INSTRUMENT, "in_use", "pass", verified_on=dt.date(2026, 6, 2)) == "bad_day"
    assert refused(MEASURING_INSTRUMENT, "in_use", "pass", next_due=None) == "no_next"
    failed = READY | {"result": "fail", "next_due": None}
    assert MEASURING_INSTRUMENT.take("in_use", "fail", {"laboratory"}, failed) == "failed"


def test_a_declaration_below_the_floor_is_refused() -> None:
    assert refused(STANDARD_DECLARATION, "draft", "declare", below=1) == "below_floor"
    assert refused(STANDARD_DECLARATION, "draft", "declare", below=None) == "not_compared"
    assert refused(STANDARD_DECLARATION, "draft", "declare", indicators=0) == "no_indicators"
    assert refused(STANDARD_DECLARATION, "draft", "declare", standard_ended_on=TODAY) == "standard_over"
    assert refused(STANDARD_DECLARATION, "to_check", "confirm", standard_known=False) == "unknown_standard"


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("licence.validity", 6, "years"),
        ("licence.renewal", 3, "months"),
        ("licence.barred", 3, "years"),
        ("licence.records", 6, "years"),
        ("licence.fine_capacity", 30_000, "CNY"),
        ("licence.fine_filing", 10_000, "CNY"),
        ("certificate.suspension", 6, "months"),
    ],
)
def test_section_b_has_its_values(code: str, value: int, unit: str) -> None:
    rule = rule_on(code, TODAY)
    assert (rule.value, rule.unit) == (value, unit)


def test_what_was_not_seen_says_so() -> None:
    assert all(rule.note for rule in LICENCE_RULES if not rule.verified)
    assert len({one.code for one in DUTIES}) == len(DUTIES) == 11
    assert not any(kind.verified for kind in KINDS) and BY_CODE["fuel_dispenser"].months == 6


def test_reminders_come_at_180_90_and_30_days_and_at_30_and_7() -> None:
    assert reminder_days(REMINDERS) == (180, 90, 30)
    assert reminder_days(INSTRUMENT_REMINDERS) == (30, 7)


@given(st.dates(dt.date(2010, 1, 1), dt.date(2090, 1, 1)), st.integers(-10, 400))
def test_a_reminder_is_the_nearest_that_is_due(end: dt.date, left: int) -> None:
    found = reminder_due(end, end - dt.timedelta(days=left), (180, 90, 30))
    expected = None if left < 0 or left > 180 else 30 if left <= 30 else 90 if left <= 90 else 180
    assert found == expected


@given(st.dates(dt.date(2010, 1, 1), dt.date(2090, 1, 1)))
def test_six_years_end_the_day_before_and_renewal_three_months_earlier(start: dt.date) -> None:
    end = valid_until(start)
    assert end.year - start.year in (5, 6) and start < renewal_until(end) < end
    assert 89 <= (end - renewal_until(end)).days <= 93
    assert months_before(end, 12).year == end.year - 1


FLOOR = (Indicator("甲醛含量", "max", 75, "mg/kg", "GB 18401"), Indicator("拉力", "min", 90, "N", "GB 31701"))


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        (Indicator("甲醛含量", "max", 75, "mg/kg"), []),
        (Indicator("甲醛含量", "max", 75.1, "mg/kg"), ["below_floor"]),
        (Indicator("拉力", "min", 0.08, "kN"), ["below_floor"]),
        (Indicator("拉力", "min", 0.09, "kN"), []),
        (Indicator("拉力", "max", 100, "N"), ["other_side"]),
        (Indicator("拉力", "min", float("nan"), "N"), ["no_number"]),
        (Indicator("耐洗色牢度", "min", 3, "级"), []),
    ],
)
def test_indicators_are_held_against_the_floor(one: Indicator, codes: list[str]) -> None:
    assert [problem.code for problem in compare((one,), FLOOR)] == codes
