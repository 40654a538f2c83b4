"""Examinations: a drawn paper that anyone draws again, saves to the last second, marks, contests, second sittings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.talent.cast import Cast, officer_in, questions, session_in
from tests.city.talent.training_steps import attended, candidate, exam_of, passed, right_answers, sitting_of

from qualipolis.city.core.models import Event
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Enrolment, Officer, Question, Sitting
from qualipolis.city.talent.training.marks import drawn_again, seed_open
from qualipolis.methods.exams.paper import commitment
from qualipolis.methods.problems import InputError


def codes(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as refusal:
        call(*args, **more)
    return [one.code for one in refusal.value.problems]


def later(**gap: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**gap), tick=False)


def test_a_paper_is_drawn_sat_marked_and_drawn_again_by_anyone(cast: Cast) -> None:
    row = sitting_of(cast)
    assert row.exam.commitment == commitment(row.exam.seed) and not seed_open(row.exam)
    row = service.start_sitting(cast["candidate"], row)
    row = service.hand_in_sitting(cast["candidate"], row, right_answers(row))
    assert (row.status, row.points, row.most, row.passed) == ("marked", 100, 100, True)
    assert row.enrolment.status == "attended"  # as it was read; the row itself has gone on
    assert Enrolment.objects.get().status == "passed"
    again = drawn_again(row)
    assert again.fingerprint == row.fingerprint and [one.code for one in again.asked] == [a["code"] for a in row.paper]
    with later(hours=3):
        assert seed_open(row.exam)


def test_the_seed_stands_in_no_event_and_its_hash_does(cast: Cast) -> None:
    row = sitting_of(cast)
    told = " ".join(Event.objects.values_list("payload", flat=True))
    assert row.exam.seed not in told and row.exam.commitment in told and row.fingerprint in told


def test_every_save_counts_until_the_last_second(cast: Cast) -> None:
    row = service.start_sitting(cast["candidate"], sitting_of(cast))
    right = right_answers(row)
    row = service.save_answers(cast["candidate"], row, {"1": right["1"], "2": right["2"]})
    row = service.save_answers(cast["candidate"], row, {"3": right["3"], "99": "x", "4": {"no": 1}})
    assert set(row.answers) == {"1", "2", "3"} and row.saves == 2
    with later(minutes=61):
        assert codes(service.save_answers, cast["candidate"], row, {"4": right["4"]}) == ["time_up"]
        assert codes(service.hand_in_sitting, cast["candidate"], row, right) == ["time_up"]
        service.sweep_exams(timezone.now())
    row.refresh_from_db()
    assert (row.status, row.points, row.passed, row.handed_in_at) == ("marked", 60, True, row.ends_at)


def test_who_does_not_come_has_failed_this_sitting(cast: Cast) -> None:
    row = sitting_of(cast)
    with later(hours=3):
        assert codes(service.start_sitting, cast["candidate"], row) == ["closed"]
        service.sweep_exams(timezone.now())
    row.refresh_from_db()
    assert row.status == "missed" and Enrolment.objects.get().status == "failed"


def test_only_the_candidate_sits(cast: Cast) -> None:
    row = sitting_of(cast)
    for who in ("enterprise", "other_enterprise", "reviewer"):
        with pytest.raises(PermissionDenied):
            service.start_sitting(cast[who], row)
    with pytest.raises(PermissionDenied):
        service.start_sitting(cast["trainer"], row)


def fail(cast: Cast, row: Sitting) -> Sitting:
    row = service.start_sitting(cast["candidate"], row)
    return service.hand_in_sitting(cast["candidate"], row, {})


def test_two_sittings_are_allowed_and_no_third(cast: Cast) -> None:
    enrolment = attended(cast)
    first = fail(cast, sitting_of(cast, enrolment))
    assert first.passed is False and Enrolment.objects.get().status == "failed"
    service.allow_resit(cast["trainer"], enrolment)
    assert service.seat_candidates(cast["trainer"], first.exam) == 1
    second = fail(cast, enrolment.sittings.latest("pk"))
    assert second.attempt == 2 and second.fingerprint != first.fingerprint
    assert codes(service.allow_resit, cast["trainer"], enrolment) == ["no_attempt"]


def test_a_voided_sitting_does_not_count(cast: Cast) -> None:
    row = service.start_sitting(cast["candidate"], sitting_of(cast))
    one, two = cast["trainer"], cast["second_trainer"]
    assert codes(service.void_sitting, one, row, "停电", one) == ["one_person"]
    service.void_sitting(one, row, "停电", two)
    assert service.seat_candidates(one, row.exam) == 1
    assert row.enrolment.sittings.latest("pk").attempt == 2


def test_a_contested_mark_is_confirmed_or_corrected_by_two(cast: Cast) -> None:
    row = fail(cast, sitting_of(cast))
    row = service.contest_mark(cast["candidate"], row, "第3题答案有误")
    marks = {"1": 20, "2": 20, "3": 20}
    one, two = cast["trainer"], cast["second_trainer"]
    assert codes(service.correct_mark, one, row, marks, "题目有误", one) == ["one_person"]
    assert codes(service.correct_mark, one, row, {"1": 21}, "题目有误", two) == ["bad_points"]
    row = service.correct_mark(one, row, marks, "题目有误", two)
    assert (row.points, row.passed) == (60, True) and Enrolment.objects.get().status == "passed"


def test_the_term_to_contest_ends(cast: Cast) -> None:
    row = fail(cast, sitting_of(cast))
    with later(days=20):
        assert codes(service.contest_mark, cast["candidate"], row, "晚了") == ["contest_over"]


def test_a_question_that_changes_later_leaves_papers_as_they_were(cast: Cast) -> None:
    row = service.start_sitting(cast["candidate"], sitting_of(cast))
    right = right_answers(row)
    for question in Question.objects.filter(kind="single"):
        service.revise_question(cast["trainer"], question, answer=[3])
    row = service.hand_in_sitting(cast["candidate"], row, right)
    assert row.points == 100 and drawn_again(row).fingerprint == row.fingerprint
    assert Question.objects.filter(current=True).count() == 14


def test_an_examination_needs_a_bank_that_fills_its_sections(cast: Cast) -> None:
    questions(law=1, tools=8)
    row, now = session_in(cast, "held"), timezone.now()
    found = codes(service.set_exam, cast["trainer"], row, now, now + timedelta(hours=1))
    assert found == ["too_few_questions"]
    found = codes(service.set_exam, cast["trainer"], session_in(cast, "open"), now, now - timedelta(hours=1), minutes=1)
    assert found == ["not_now", "bad_window", "past_window", "bad_minutes", "too_few_questions"]


def test_passing_trains_the_officer_and_a_refresher_does_not_stand_for_the_first_course(cast: Cast) -> None:
    officer = officer_in(cast, "filed", learner=candidate(cast))
    passed(cast, attended(cast, officer.learner, officer=officer))
    assert Officer.objects.get().status == "trained" and Officer.objects.get().trained_on == timezone.localdate()


def test_two_examinations_do_not_seat_one_person_at_the_same_time(cast: Cast) -> None:
    row = sitting_of(cast)
    exam_of(cast, row.enrolment)
    assert Sitting.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"kind": "single", "options": ["a", "b"], "answer": [0, 1]}, ["one_right"]),
        ({"kind": "single", "options": ["a", "a", ""], "answer": [0]}, ["same_options", "empty_option"]),
        ({"kind": "number", "answer": "12"}, ["no_answer"]),
        ({"kind": "true_false", "answer": 1}, ["no_answer"]),
        ({"kind": "essay", "answer": "x"}, ["unknown_kind"]),
        ({"kind": "number", "answer": 1.0, "stem": "", "topic": "", "level": 9}, ["no_stem", "no_topic", "bad_level"]),
    ],
)
def test_a_bad_question_does_not_enter_the_bank(cast: Cast, values: dict[str, Any], found: list[str]) -> None:
    sound = {"code": "Q1", "stem": "题", "topic": "law"}
    assert codes(service.add_question, cast["trainer"], None, **sound | values) == found
