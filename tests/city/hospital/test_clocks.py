"""Clocks are computed from the ledger: pauses, holidays, a reopened case, a step that was taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from tests.city.hospital.cast import SYSTEM, Cast, case_in

from qualipolis.city.core import undo
from qualipolis.city.core.clocks import summary
from qualipolis.city.core.ledger import record
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.reception.clocks import Clock, clocks, due_now, of_cases


def go_to(time_machine: Any, day: str) -> date:
    time_machine.move_to(f"{day}T09:00+08:00", tick=False)
    return timezone.localdate()


def clock(case: Case, rule: str) -> Clock:
    return [one for one in clocks(case) if one.rule == f"hospital.{rule}"][-1]


def registered(cast: Cast) -> Case:
    return service.register_case(cast["enterprise"], case_in(cast, "draft"), True)


def triaged(cast: Cast) -> Case:
    return service.triage(cast["hospital_desk"], registered(cast), cast.department, 2, 2)


def accepted(cast: Cast) -> Case:
    case = service.propose_expert(cast["hospital_desk"], triaged(cast), cast.doctor)
    return service.accept_case(cast["expert"], case)


def cured(case: Case, day: date) -> None:
    """Let the row and the ledger say that the case was cured meanwhile."""
    Case.objects.filter(pk=case.pk).update(status="cured", cured_on=day)
    with transaction.atomic():
        record(SYSTEM, "hospital.cure", case, {"of": str(case), "to": "cured"})


def test_a_holiday_is_not_counted_and_a_late_first_response_stays_late(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-09-30")
    kept, late = registered(cast), registered(cast)
    go_to(time_machine, "2026-10-08")
    service.triage(cast["hospital_desk"], kept, cast.department, 2, 2)
    today = go_to(time_machine, "2026-10-09")
    service.triage(cast["hospital_desk"], late, cast.department, 2, 2)
    first = clock(kept, "first_response")
    assert (first.due, first.stopped_on, first.state(today)) == (date(2026, 10, 8), date(2026, 10, 8), "kept")
    assert clock(late, "first_response").state(today) == "late"
    found = of_cases([kept, late])
    assert summary(found, today)["hospital.first_response"] == (1, 2)


def test_a_pause_takes_its_working_days_out_and_the_row_says_the_same(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-03-02")  # Monday; ten working days end on 16 March
    case = accepted(cast)
    assert clock(case, "diagnosis").due == date(2026, 3, 16) == case.due_on
    go_to(time_machine, "2026-03-05")
    pause = service.ask_firm(cast["expert"], case, "请寄两件留样。")
    today = go_to(time_machine, "2026-03-12")
    assert pause.left_days == 8 and clock(case, "diagnosis").state(today) == "paused"
    case = service.resume_case(cast["enterprise"], case, "已寄出。")
    again = clock(case, "diagnosis")
    assert again.pauses == ((date(2026, 3, 5), date(2026, 3, 11)),) and again.paused_since is None
    assert again.due == date(2026, 3, 23) == case.due_on == due_now(case)
    assert clock(case, "waiting").state(today) == "kept" and case.status == "assigned"


@pytest.mark.parametrize(("asked", "answered"), [("2026-03-16", "2026-03-25"), ("2026-03-19", "2026-03-25"),
                                                 ("2026-03-05", "2026-03-05"), ("2026-03-07", "2026-03-08")])  # fmt: skip
def test_the_row_and_the_ledger_agree_after_any_pause(cast: Cast, time_machine: Any, asked: str, answered: str) -> None:
    go_to(time_machine, "2026-03-02")
    case = accepted(cast)
    go_to(time_machine, asked)
    service.ask_firm(cast["expert"], case, "?")
    go_to(time_machine, answered)
    case = service.resume_case(cast["enterprise"], case)
    assert case.due_on == clock(case, "diagnosis").due


def test_a_question_on_the_last_day_leaves_the_day_of_the_answer(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-03-02")
    case = accepted(cast)
    go_to(time_machine, "2026-03-16")
    service.ask_firm(cast["expert"], case, "?")
    today = go_to(time_machine, "2026-03-25")
    case = service.resume_case(cast["enterprise"], case)
    assert case.due_on == today and clock(case, "diagnosis").state(today) == "running"


def test_silence_suspends_and_then_closes_and_the_doctor_is_not_late(cast: Cast, time_machine: Any) -> None:
    from qualipolis.city.hospital.reception.pauses import sweep_silence

    go_to(time_machine, "2026-03-02")
    case = accepted(cast)
    service.ask_firm(cast["expert"], case, "?")
    case.refresh_from_db()
    due = case.due_on
    go_to(time_machine, str(due))
    assert sweep_silence(timezone.now()) == 0
    go_to(time_machine, str(due + timedelta(days=1)))
    assert sweep_silence(timezone.now()) == 1
    case.refresh_from_db()
    assert case.status == "suspended"
    today = go_to(time_machine, str(case.due_on + timedelta(days=1)))
    assert sweep_silence(timezone.now()) == 1
    case.refresh_from_db()
    assert case.status == "closed_unresponsive" and case.ended_on == today and case.pauses.get().until == today
    states = {one.rule: one.state(today) for one in clocks(case)}
    assert states["hospital.waiting"] == "late" and states["hospital.diagnosis"] == "given_up"


def test_an_answer_takes_a_suspended_case_on(cast: Cast, time_machine: Any) -> None:
    from qualipolis.city.hospital.reception.pauses import sweep_silence

    go_to(time_machine, "2026-03-02")
    case = accepted(cast)
    service.ask_firm(cast["expert"], case, "?")
    go_to(time_machine, "2026-04-01")
    sweep_silence(timezone.now())
    case = service.resume_case(cast["enterprise"], case)
    diagnosis = clock(case, "diagnosis")
    assert case.status == "assigned" and diagnosis.due == case.due_on
    assert diagnosis.pauses == ((date(2026, 3, 2), date(2026, 3, 31)),)


def test_a_reopened_case_begins_its_clocks_anew(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-03-02")
    case = triaged(cast)
    go_to(time_machine, "2026-03-03")
    service.propose_expert(cast["hospital_desk"], case, cast.doctor)
    cured(case, date(2026, 5, 6))
    go_to(time_machine, "2026-06-01")
    case = service.reopen_case(cast["enterprise"], Case.objects.get(pk=case.pk), "又褪色了")
    today = go_to(time_machine, "2026-06-04")
    first, second = (one for one in clocks(case) if one.rule == "hospital.assignment")
    assert first.state(today) == "kept" and first.started_on == date(2026, 3, 2)
    assert second.started_on == date(2026, 6, 1) and second.state(today) == "overdue"
    assert second.due == date(2026, 6, 2) == case.due_on


def test_a_step_that_was_taken_back_never_started_a_clock(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-03-02")
    case = triaged(cast)
    service.propose_expert(cast["hospital_desk"], case, cast.doctor)
    undo.undo(cast["hospital_desk"], undo.open_for(cast["hospital_desk"]))
    rules = [one.rule for one in clocks(case)]
    assert rules == ["hospital.first_response", "hospital.assignment"]
    assert clock(case, "assignment").state(date(2026, 3, 2)) == "running"


def test_declining_starts_the_assignment_anew(cast: Cast, time_machine: Any) -> None:
    today = go_to(time_machine, "2026-03-02")
    case = service.propose_expert(cast["hospital_desk"], triaged(cast), cast.doctor)
    case = service.decline_case(cast["expert"], case, "出差")
    assert [one.state(today) for one in clocks(case)] == ["kept", "kept", "kept", "running"]


def test_the_term_of_the_diagnosis_goes_on_through_the_examination(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-03-02")
    case = service.examine(cast["expert"], accepted(cast))
    assert case.due_on == date(2026, 3, 16)
    go_to(time_machine, "2026-03-06")
    case = service.diagnose(cast["expert"], case, "material", "染料", "报告", "出货检验").case
    go_to(time_machine, "2026-03-09")
    case = service.revise_diagnosis(cast["expert"], case, "新的检测结果")
    assert case.due_on == clock(case, "diagnosis").due == date(2026, 3, 23)
    assert clock(case, "prescription").stopped_on == date(2026, 3, 9)
