"""The tables of officers and training: a machine for each, what stops a step, conditions by place, every clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll

from qualipolis.law.flow import NEEDS, Flow, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.flows.talent.officers import CHIEF_QUALITY_OFFICER, OFFICERS
from qualipolis.law.flows.talent.training import ENROLMENT, EXAMINATION, TRAINING, TRAINING_CERTIFICATE
from qualipolis.law.rules import rule_on
from qualipolis.law.talent.conditions import SETS, conditions_on, size_of, unmet
from qualipolis.law.talent.officer_guards import trained_until

FLOWS = (*OFFICERS, *TRAINING)
TODAY, NOW = dt.date(2026, 6, 1), dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
READY: dict[str, Any] = dict.fromkeys(NEEDS, "given") | {
    "actor": 2, "second_person": 3, "candidate": 2, "today": TODAY, "now": NOW,
    "unmet": 0, "appointment": True, "held_elsewhere": 0, "in_post": 0, "passed_on": TODAY, "certificate": "C1",
    "trained_on": TODAY, "course": 1, "days": 2, "place": "hall", "seats": 30, "unmarked": 0, "open_enrolments": 0,
    "starts_on": TODAY, "ends_on": TODAY, "seats_left": 1, "hours": 16, "hours_needed": 12.8, "exam_passed": True,
    "attempts_left": 1, "opens_at": NOW - HOUR, "closes_at": NOW + HOUR, "ends_at": NOW + HOUR,
    "contest_until": TODAY, "valid_to": TODAY,
}  # fmt: skip
BENDS: tuple[dict[str, Any], ...] = (
    {},
    {"trained_on": dt.date(2024, 5, 31)},
    {"hours": 2},
    {"exam_passed": False},
    {"ends_at": NOW - HOUR},
    {"closes_at": NOW - HOUR},
    {"valid_to": dt.date(2026, 5, 31)},
)


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_the_table_is_sound(flow: Flow) -> None:
    assert flow.check() == ()
    assert ALL[flow.code] is flow


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    every_step_is_taken(flow, facts_for)
    assert stroll(flow, facts_for, seed=5)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_every_guard_can_stop(flow: Flow) -> None:
    every_guard_can_stop(flow, facts_for)


def refused(flow: Flow, state: str, name: str, **facts: Any) -> str:
    step = flow.find(state, name)
    assert step is not None
    with pytest.raises(Refused) as refusal:
        flow.take(state, name, {step.roles[0]}, READY | facts)
    return refusal.value.problem.code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"unmet": 1}, "unmet"),
        ({"unmet": None}, "uncounted_unmet"),
        ({"appointment": False}, "no_appointment"),
        ({"held_elsewhere": 1}, "held_elsewhere"),
    ],
)
def test_it_files_nobody_who_does_not_meet_the_conditions(facts: dict[str, Any], code: str) -> None:
    assert refused(CHIEF_QUALITY_OFFICER, "nominated", "file", **facts) == code


def test_a_firm_has_one_active_officer() -> None:
    assert refused(CHIEF_QUALITY_OFFICER, "certified", "activate", in_post=1) == "in_post"
    assert refused(CHIEF_QUALITY_OFFICER, "lapsed", "renew", in_post=1) == "in_post"


def test_an_officer_lapses_the_day_after_two_years_and_not_before() -> None:
    trained = dt.date(2024, 6, 1)
    assert trained_until(trained) == TODAY
    assert refused(CHIEF_QUALITY_OFFICER, "active", "lapse", trained_on=trained) == "training_holds"
    later = READY | {"trained_on": trained, "today": TODAY + dt.timedelta(days=1)}
    assert CHIEF_QUALITY_OFFICER.take("active", "lapse", {"system"}, later) == "lapsed"
    assert refused(CHIEF_QUALITY_OFFICER, "lapsed", "renew", **later) == "training_over"


def test_striking_a_filing_and_revoking_a_certificate_take_two_people() -> None:
    assert refused(CHIEF_QUALITY_OFFICER, "active", "remove", second_person=2) == "one_person"
    assert refused(TRAINING_CERTIFICATE, "issued", "revoke", second_person=2) == "one_person"


def test_only_the_candidate_sits_and_only_in_time() -> None:
    assert refused(EXAMINATION, "drawn", "start", candidate=9) == "other_candidate"
    assert refused(EXAMINATION, "drawn", "start", opens_at=NOW + HOUR) == "too_early"
    assert refused(EXAMINATION, "drawn", "start", closes_at=NOW - HOUR) == "closed"
    assert refused(EXAMINATION, "started", "hand_in", ends_at=NOW - HOUR) == "time_up"
    assert refused(EXAMINATION, "started", "time_up") == "time_left"
    assert refused(EXAMINATION, "drawn", "miss") == "window_open"


def test_who_attended_too_little_is_absent_and_who_attended_enough_is_not() -> None:
    assert refused(ENROLMENT, "admitted", "attend", hours=12) == "too_few_hours"
    assert refused(ENROLMENT, "admitted", "miss", hours=12.8) == "attended"
    assert refused(ENROLMENT, "admitted", "miss", hours=None) == "hours_unknown"


def codes(*given: Any, place: str = "city") -> list[str]:
    return [one.code for one in unmet(conditions_on(TODAY, place), *given)]


def test_conditions_differ_by_size_and_by_place() -> None:
    assert codes("large", "bachelor", "none", 5, ()) == []
    assert codes("large", "college", "senior", 5, ()) == ["education"]
    assert codes("small", "vocational", "none", 3, ()) == []
    assert codes("small", "secondary", "none", 2.9, ()) == ["too_few_years", "education"]
    assert codes("large", "none", "engineer", 3, (), place="hubei") == []
    assert codes("large", "college", "none", 3, (), place="nantong") == []


def test_what_is_not_said_is_not_met() -> None:
    assert codes("unknown", "doctor", "senior", 30, ()) == ["size_unknown"]
    assert codes("micro", "vocational", "none", None, None) == ["bars_unsaid", "too_few_years"]
    assert codes("micro", "", "", 3, ()) == ["education"]


def test_every_bar_that_stands_is_named() -> None:
    found = unmet(conditions_on(TODAY), "micro", "doctor", "senior", 30, ("gain", "abuse"))
    assert [one.code for one in found] == ["bar_gain", "bar_abuse"]
    assert "gain from the office" in found[0].text()


def test_a_set_of_another_place_is_not_in_force_before_its_day() -> None:
    with pytest.raises(LookupError):
        conditions_on(dt.date(2024, 12, 31), "zhangzhou")
    assert all(one.note for one in SETS if not one.verified)
    assert conditions_on(TODAY).version == "city@1949-10-01"


def test_a_firm_whose_employees_are_not_known_is_not_small() -> None:
    assert [size_of(n) for n in (None, 0, 19, 20, 299, 300, 999, 1000)] == [
        "unknown", "micro", "micro", "small", "small", "medium", "medium", "large",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("officer.refile", 30, "calendar days"),
        ("officer.lapse", 2, "years"),
        ("officer.filing", 10, "working days"),
        ("officer.target_large_medium", 0.5, "share"),
        ("officer.target_above_scale", 0.8, "share"),
        ("training.certificate", 2, "years"),
        ("exam.pass", 0.6, "share"),
        ("exam.contest", 5, "working days"),
    ],
)
def test_officers_and_training_keep_their_clocks(code: str, value: float, unit: str) -> None:
    rule = rule_on(code, TODAY)
    assert (rule.value, rule.unit) == (value, unit)
