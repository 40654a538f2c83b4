"""Published penalties: working days over holidays, other provinces, three months or years, bans, annulled ones."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from tests.city.supervise.handled import hand, opened, reverse, served

from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import PenaltyPublication
from qualipolis.methods.problems import InputError


def codes(act):
    with pytest.raises(InputError) as caught:
        act()
    return {problem.code for problem in caught.value.problems}


def decided(cast, **more) -> PenaltyPublication:
    case = served(cast)
    values = {"kind": "ordinary", "document_no": "粤市监处〔2026〕1号", "decided_on": timezone.localdate(),
              "words": "没收违法所得，罚款2万元。"}  # fmt: skip
    return service.decide_penalty(hand(cast), case, **values | more)


@pytest.mark.parametrize(
    ("decided_on", "same_province", "due_on"),
    [
        ("2026-09-30", True, "2026-11-03"),  # 20 working days over the National Day holidays, 10 October is worked
        ("2026-09-30", False, "2026-10-20"),  # 10 working days to pass it on
        ("2026-02-12", True, "2026-03-18"),  # over the Spring Festival, 14 and 28 February are worked
    ],
)
def test_it_is_due_by_working_days_over_holidays(cast, time_machine, decided_on, same_province, due_on):
    time_machine.move_to(f"{decided_on} 10:00+08:00")
    row = decided(cast, same_province=same_province)
    assert row.status == "decided" and row.due_on.isoformat() == due_on


@pytest.mark.parametrize(
    ("kind", "banned_until", "down"),
    [
        ("light", None, "2027-03-01"),  # three months from 30 November, a month without that day
        ("ordinary", None, "2029-12-01"),
        ("ordinary", date(2031, 5, 31), "2031-06-01"),
        ("ordinary", date(2027, 5, 31), "2029-12-01"),  # a ban shorter than the term shortens nothing
    ],
)
def test_it_comes_down_after_its_term_or_the_ban(cast, time_machine, kind, banned_until, down):
    time_machine.move_to("2026-11-30 10:00+08:00")
    row = service.publish_penalty(cast["department"], decided(cast, kind=kind, banned_until=banned_until))
    day = date.fromisoformat(down)
    assert row.status == "published" and row.due_on == day
    time_machine.move_to(f"{date.fromordinal(day.toordinal() - 1)} 23:30+08:00")
    assert codes(lambda: service.take_down_penalty(cast["department"], row)) == {"before_take_down_day"}
    assert service.take_down_due(timezone.now()) == 0
    time_machine.move_to(f"{day} 00:30+08:00")
    assert service.take_down_due(timezone.now()) == 1
    row.refresh_from_db()
    assert row.status == "taken_down"


def test_a_mere_warning_is_never_published(cast):
    row = decided(cast, kind="warning_only")
    assert row.status == "not_published" and row.due_on is None
    assert codes(lambda: service.publish_penalty(cast["department"], row)) == {"wrong_state"}


def test_a_firm_of_another_province_is_published_there(cast):
    row = decided(cast, same_province=False)
    assert codes(lambda: service.publish_penalty(cast["department"], row)) == {"other_province"}
    row = service.push_penalty(cast["department"], row, "湖南省市场监督管理局")
    assert row.status == "pushed" and row.due_on is not None
    row = service.record_penalty_elsewhere(cast["department"], row, timezone.localdate())
    assert row.status == "published"
    home = decided(cast)
    assert codes(lambda: service.push_penalty(cast["department"], home, "某省局")) == {"this_province"}


def test_an_annulled_penalty_comes_down_within_three_working_days_with_its_reason(cast, time_machine):
    time_machine.move_to("2026-09-29 10:00+08:00")
    row = service.publish_penalty(cast["department"], decided(cast))
    row = service.annul_penalty(cast["department"], row, "复议撤销", "粤市监复〔2026〕9号")
    assert row.status == "annulled" and row.due_on == date(2026, 10, 9)
    time_machine.move_to("2026-10-09 08:00+08:00")
    assert service.take_down_due(timezone.now()) == 1
    row.refresh_from_db()
    assert row.status == "withdrawn" and row.reason == "复议撤销"


def test_a_correction_keeps_its_last_day(cast):
    row = service.publish_penalty(cast["department"], decided(cast))
    until = row.due_on
    row = service.correct_penalty(cast["department"], row, "笔误", "没收违法所得，罚款1万元。")
    assert row.status == "published" and row.due_on == until and "1万元" in row.words


def test_a_reversal_marks_the_penalty_and_somebody_decides(cast):
    row = service.publish_penalty(cast["department"], decided(cast))
    reverse(row.case.result)
    row.refresh_from_db()
    assert row.check_since == timezone.localdate() and row.status == "published"
    assert codes(lambda: service.uphold_penalty(cast["department"], row, "")) == {"nothing_to_check"}
    kept = service.uphold_penalty(cast["department"], row, "处罚另有依据：标识不合格")
    assert kept.check_since is None


def test_what_a_decision_must_say(cast):
    wrong = codes(lambda: decided(cast, kind="x", document_no=" ", words="", banned_until=date(2020, 1, 1)))
    assert wrong == {"kind", "document_no", "words", "banned_until"}
    assert codes(lambda: decided(cast, decided_on=date(2999, 1, 1))) == {"future_day"}
    case = opened(cast)
    reverse(case.result)
    act = lambda: service.decide_penalty(  # noqa: E731
        hand(cast), case, kind="light", document_no="1号", decided_on=timezone.localdate(), words="通报批评"
    )
    assert codes(act) == {"not_failed"}
