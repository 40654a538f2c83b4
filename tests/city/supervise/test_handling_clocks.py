"""Clocks of handling: 60 and 75 days from the receipt, the second review between two days, over holidays and years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.city.supervise.handled import announced, hand, opened, reported, served

from qualipolis.city.supervise import service
from qualipolis.methods.problems import InputError


@pytest.mark.parametrize(
    ("receipt", "correct_by", "review_by"),
    [
        ("2026-03-02", "2026-05-06", "2026-05-18"),  # day 60 is 1 May: moved past the holidays; day 75 is a Saturday
        ("2026-07-01", "2026-08-31", "2026-09-14"),  # day 60 is a Sunday
        ("2025-12-20", "2026-02-24", "2026-03-05"),  # day 60 falls into the Spring Festival
    ],
)
def test_correction_and_review_run_from_the_receipt(cast, time_machine, receipt, correct_by, review_by):
    day = date.fromisoformat(receipt)
    time_machine.move_to(day - timedelta(days=2))
    case = opened(cast)
    time_machine.move_to(day + timedelta(days=1))
    case = served(cast, case, on=day)
    assert (case.correct_by.isoformat(), case.review_by.isoformat()) == (correct_by, review_by)
    assert case.due_on == case.correct_by


def test_not_corrected_is_recorded_only_after_the_last_day(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    case = served(cast)
    time_machine.move_to("2026-05-06 23:00+08:00")
    with pytest.raises(InputError) as caught:
        service.note_not_corrected(hand(cast), case, "未提交报告")
    assert caught.value.problems[0].code == "within_correct_by"
    time_machine.move_to("2026-05-07 09:00+08:00")
    case = service.note_not_corrected(hand(cast), case, "未提交报告")
    assert case.status == "failed" and case.due_on == date(2026, 5, 13)  # 9 May is worked


def test_a_report_after_the_term_is_still_taken_and_the_delay_stays_to_be_seen(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    case = served(cast)
    time_machine.move_to("2026-05-20 10:00")
    case = reported(cast, case)
    assert case.due_on == date(2026, 5, 18) < date(2026, 5, 20)


def test_the_second_review_begins_after_day_60_and_ends_before_day_90(cast, time_machine):
    time_machine.move_to("2026-03-01 10:00")
    case = announced(cast)
    assert (case.second_from, case.second_until) == (date(2026, 5, 1), date(2026, 5, 29))
    for act in (service.pass_second_review, service.fail_second_review):
        time_machine.move_to("2026-04-30 23:30+08:00")
        with pytest.raises(InputError) as caught:
            act(hand(cast), case, "复查2号")
        assert caught.value.problems[0].code == "too_early"
    time_machine.move_to("2026-05-01 00:30+08:00")
    assert service.pass_second_review(hand(cast), case, "复查2号").status == "passed"


def test_a_late_second_review_is_late_and_still_possible(cast, time_machine):
    time_machine.move_to("2026-03-01 10:00")
    case = announced(cast)
    time_machine.move_to("2026-06-20 10:00")
    assert case.due_on == date(2026, 5, 29)
    assert service.fail_second_review(hand(cast), case, "复查2号").status == "suspended"


def test_an_announcement_made_earlier_starts_the_window_on_its_day(cast, time_machine):
    time_machine.move_to("2026-03-10 10:00")
    case = reported(cast)
    service.fail_review(hand(cast), case, "复查1号")
    case = service.escalate_handling(cast["department"], case, "报告1号")
    time_machine.move_to("2026-04-10 10:00")
    with pytest.raises(InputError):
        service.announce_failure(cast["department"], case, "公告1号", date(2026, 4, 11))
    with pytest.raises(InputError):
        service.announce_failure(cast["department"], case, "公告1号", date(2026, 3, 9))
    case = service.announce_failure(cast["department"], case, "公告1号", date(2026, 4, 1))
    assert case.second_from == date(2026, 6, 1) and case.second_until == date(2026, 6, 29)


def test_the_order_is_due_five_working_days_after_the_result_is_final(cast, time_machine):
    time_machine.move_to("2026-09-29 10:00")  # the National Day holidays lie in between, 10 October is worked
    assert opened(cast).due_on == date(2026, 10, 12)
