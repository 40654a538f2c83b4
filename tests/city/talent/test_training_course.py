"""Courses: planning, enrolment, seats, attendance by code, what the hours make of people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.talent.cast import BLUEPRINT, Cast, course, enrolment_in, learner, officer_in, session_in

from qualipolis.city.talent import service
from qualipolis.city.talent.models import Attendance, Enrolment, SessionDay
from qualipolis.methods.problems import InputError


def codes(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as refusal:
        call(*args, **more)
    return [one.code for one in refusal.value.problems]


def on(moment: str) -> Any:
    return time_machine.travel(f"{moment}+08:00", tick=False)


def test_a_course_goes_from_plan_to_result(cast: Cast) -> None:
    with on("2026-05-06T09:00"):
        made = service.add_course(
            cast["trainer"], None, code="cqo-1", kind="general", name_zh="质量基础", hours=12, examined=False
        )
        days = [(date(2026, 5, 20), "全天", 6.0), (date(2026, 5, 21), "全天", 6.0)]
        row = service.plan_session(cast["trainer"], made, days=days, place="市民中心", seats=1)
        row = service.announce_session(cast["trainer"], row)
        one = service.enrol(cast["enterprise"], row, learner(cast, account=cast["candidate"]))
        two = service.enrol(cast["enterprise"], row, learner(cast))
        service.admit(cast["trainer"], one)
        assert codes(service.admit, cast["trainer"], two) == ["no_seat"]
        service.queue(cast["trainer"], two)
        assert codes(service.begin_session, cast["trainer"], row) == ["not_yet"]
    with on("2026-05-20T09:00"):
        service.begin_session(cast["trainer"], row)
        first, second = row.days.all()
        service.sign_in(cast["candidate"], one, first.code)
        assert codes(service.sign_in, cast["candidate"], one, second.code) == ["wrong_code"]
        assert codes(service.sign_in, cast["candidate"], one, first.code) == ["signed_in"]
        assert codes(service.end_session, cast["trainer"], row) == ["not_over"]
    with on("2026-05-21T18:00"):
        assert codes(service.end_session, cast["trainer"], row) == ["unmarked"]
        service.note_attendance(cast["trainer"], second, {one.pk: 5})
        row = service.end_session(cast["trainer"], row)
        states = dict(Enrolment.objects.values_list("pk", "status"))
        assert states == {one.pk: "passed", two.pk: "called_off"}  # 11 of 12 hours, 9.6 are needed
        assert service.settle_session(cast["trainer"], row).status == "settled"


def test_too_few_hours_are_absent(cast: Cast) -> None:
    row = session_in(cast, "running", days=1, course=course(examined=False, hours=8))
    one = enrolment_in(cast, "admitted", session=row)
    service.note_attendance(cast["trainer"], row.days.get(), {one.pk: 6.3})
    service.end_session(cast["trainer"], row)
    one.refresh_from_db()
    assert one.status == "absent"


def test_an_attendance_is_corrected_and_bounded(cast: Cast) -> None:
    row = session_in(cast, "running", days=1)
    one, other = enrolment_in(cast, "admitted", session=row), enrolment_in(cast, "admitted")
    day = row.days.get()
    service.note_attendance(cast["trainer"], day, {one.pk: 3})
    service.note_attendance(cast["trainer"], day, {one.pk: 8})
    assert [float(a.hours) for a in Attendance.objects.all()] == [8.0]
    assert codes(service.note_attendance, cast["trainer"], day, {one.pk: 9}) == ["bad_hours"]
    assert codes(service.note_attendance, cast["trainer"], day, {other.pk: 1}) == ["not_admitted"]
    SessionDay.objects.filter(pk=day.pk).update(on=timezone.localdate() + timedelta(days=1))
    assert codes(service.note_attendance, cast["trainer"], SessionDay.objects.get(pk=day.pk), {one.pk: 1}) == [
        "future_day"
    ]


def test_nobody_signs_in_for_another(cast: Cast) -> None:
    row = session_in(cast, "running", days=1)
    one = enrolment_in(cast, "admitted", session=row, learner=learner(cast, account=cast["candidate"]))
    assert codes(service.sign_in, cast["enterprise"], one, row.days.get().code) == ["not_you"]
    with pytest.raises(PermissionDenied):
        service.sign_in(cast["other_enterprise"], one, row.days.get().code)


def test_it_says_everything_that_is_wrong_with_a_plan(cast: Cast) -> None:
    today = timezone.localdate()
    more = {"days": [(today, "", 20.0)], "place": " ", "seats": 0, "enrol_until": today + timedelta(days=1)}
    found = codes(service.plan_session, cast["trainer"], course(), **more)
    assert found == ["bad_day", "other_hours", "no_place", "bad_seats", "late_enrolment"]
    bad = {"code": "", "kind": "x", "name_zh": "", "hours": 0, "minutes": 1, "blueprint": [{"name": "a", "count": 0}]}
    found = codes(service.add_course, cast["trainer"], None, **bad)
    assert found == ["no_code", "no_kind", "no_name", "bad_hours", "bad_minutes", "bad_section"]
    assert service.add_course(
        cast["trainer"], None, code="x", kind="officer", name_zh="课", hours=8, blueprint=BLUEPRINT
    ).examined


def test_a_firm_enrols_its_own_people_and_nobody_twice(cast: Cast) -> None:
    row, who = session_in(cast), learner(cast)
    with pytest.raises(PermissionDenied):
        service.enrol(cast["other_enterprise"], row, who)
    service.enrol(cast["enterprise"], row, who)
    assert codes(service.enrol, cast["enterprise"], row, who) == ["enrolled"]
    assert codes(service.enrol, cast["enterprise"], session_in(cast, "listed"), who) == ["not_open"]


def test_an_officer_is_known_by_the_person_and_a_refresher_asks_for_one(cast: Cast) -> None:
    officer = officer_in(cast, "filed")
    assert service.enrol(cast["enterprise"], session_in(cast), officer.learner).officer == officer
    refresher = session_in(cast, course=course("refresher"))
    assert codes(service.enrol, cast["enterprise"], refresher, learner(cast)) == ["no_office"]


def test_a_cancelled_course_tells_everybody_on_the_list(cast: Cast) -> None:
    row = session_in(cast)
    rows = [enrolment_in(cast, state, session=row) for state in ("applied", "waiting", "admitted", "refused")]
    service.cancel_session(cast["trainer"], row, "讲师生病")
    assert [Enrolment.objects.get(pk=one.pk).status for one in rows] == ["called_off"] * 3 + ["refused"]


@pytest.mark.parametrize("who", ["enterprise", "inspector", "planner", "reviewer"])
def test_only_trainers_run_courses(cast: Cast, who: str) -> None:
    row = session_in(cast)
    for call in (service.close_list, service.begin_session, service.end_session, service.settle_session):
        with pytest.raises(PermissionDenied):
            call(cast[who], row)
