"""A report is written item by item, signed by another, issued once, amended as a new version."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import make_report, make_result, make_sample

from qualipolis.city.core.subscriptions import _SUBSCRIBERS
from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.supervise.laboratory import reports
from qualipolis.city.supervise.laboratory.report_items import Entry
from qualipolis.city.supervise.models import Recheck, Sample, TestReport
from qualipolis.methods.problems import InputError

GOOD = {1: Entry("8.1", "0.9"), 2: Entry("6.8")}
BAD = {1: Entry("35", "4"), 2: Entry("6.8")}


@pytest.fixture
def heard(monkeypatch):
    found: list[tuple[str, TestReport]] = []
    for name in ("report_issued", "report_amended", "report_withdrawn"):
        news = f"supervise.{name}"
        monkeypatch.setitem(_SUBSCRIBERS, news, [lambda actor, row, name=name, **facts: found.append((name, row))])
    return found


def codes(caught):
    return {problem.code for problem in caught.value.problems}


def under_test(cast):
    return make_sample(cast, status="testing", received_on=timezone.localdate())


def written(cast, sample, entries=GOOD):
    report = reports.enter_items(cast["laboratory"], sample, entries)
    return reports.submit(cast["laboratory"], report)


def issued(cast, sample, entries=GOOD, number="BG-1"):
    row = reports.sign(cast["laboratory2"], written(cast, sample, entries), signatory="授权签字人")
    return reports.issue(cast["laboratory"], row, document_no=number, issued_on=timezone.localdate())


def test_each_item_is_judged_when_it_is_written(cast) -> None:
    report = reports.enter_items(cast["laboratory"], under_test(cast), {1: Entry("＜１６"), 2: Entry("7.6", "0.2")})
    first, second = report.items.all()
    assert (first.measured, first.censored, first.outcome) == (16.0, "<", "pass")
    assert (second.outcome, second.why) == ("fail", "The value is outside the limits.")


def test_nothing_is_written_when_one_entry_cannot_be_read(cast) -> None:
    sample = under_test(cast)
    with pytest.raises(InputError) as caught:
        reports.enter_items(cast["laboratory"], sample, {1: Entry("未检出"), 2: Entry("6,8a", "-1"), 9: Entry("1")})
    places = {problem.place for problem in caught.value.problems}
    assert places == {"1-value", "2-value", "2-uncertainty", "9-value"}
    assert not TestReport.objects.exists()


def test_an_open_item_keeps_the_report_and_a_bound_may_leave_it_open(cast) -> None:
    report = reports.enter_items(cast["laboratory"], under_test(cast), {1: Entry("<25"), 2: Entry("6.8")})
    with pytest.raises(InputError) as caught:
        reports.submit(cast["laboratory"], report)
    assert codes(caught) == {"open_items_left"}
    nothing = {1: Entry("样品不足", conforms="未检"), 2: Entry("样品不足", conforms="未检")}
    report = reports.enter_items(cast["laboratory"], report.sample, nothing)
    with pytest.raises(InputError):
        reports.submit(cast["laboratory"], report)


def test_a_report_is_signed_by_somebody_who_wrote_none_of_it(cast, heard) -> None:
    sample = under_test(cast)
    reports.enter_items(cast["laboratory2"], sample, {1: Entry("8")})
    row = written(cast, sample)
    for who in ("laboratory", "laboratory2"):
        with pytest.raises(InputError) as caught:
            reports.sign(cast[who], row, signatory="授权签字人")
        assert codes(caught) == {"own_work"}
    returned = reports.back(cast["laboratory2"], row, reason="修约有误")
    assert returned.status == "returned" and not heard


def test_the_issue_reports_the_sample_and_is_told_once(cast, heard) -> None:
    row = issued(cast, under_test(cast), BAD)
    assert (row.status, row.verdict, row.sample.status, row.number) == ("issued", "fail", "reported", "BG-1")
    assert row.sample.due_on and heard == [("report_issued", row)]
    assert open_for(cast["laboratory"]).event.verb == "supervise.submit_report"
    with pytest.raises(PermissionDenied):
        undo(cast["laboratory"], open_for(cast["laboratory"]))


def test_a_report_is_not_issued_before_its_test_nor_ahead_nor_under_a_taken_number(cast) -> None:
    issued(cast, under_test(cast), number="BG-1")
    row = reports.sign(cast["laboratory2"], written(cast, under_test(cast)), signatory="授权签字人")
    today = timezone.localdate()
    for day, number, code in ((today - timedelta(days=9), "BG-2", "issued_early"),
                              (today + timedelta(days=1), "BG-2", "future_day"), (today, "BG-1", "number_taken")):  # fmt: skip
        with pytest.raises(InputError) as caught:
            reports.issue(cast["laboratory"], row, document_no=number, issued_on=day)
        assert codes(caught) == {code}


def test_the_scope_is_that_of_the_day_of_the_test(cast) -> None:
    sample = make_sample(cast, status="testing", received_on=timezone.localdate() - timedelta(days=2))
    qualification = cast.laboratory.qualifications.get()
    qualification.valid_to = timezone.localdate() - timedelta(days=1)
    qualification.save()
    report = reports.enter_items(cast["laboratory"], sample, GOOD)
    with pytest.raises(InputError) as caught:
        reports.submit(cast["laboratory"], report)
    assert codes(caught) == {"items_out_of_scope"}
    yesterday = timezone.localdate() - timedelta(days=1)
    report = reports.enter_items(cast["laboratory"], sample, {}, tested_on=yesterday)
    assert reports.submit(cast["laboratory"], report).status == "checked"


def test_an_amendment_is_a_new_version_and_the_old_one_stays(cast, heard) -> None:
    old = issued(cast, under_test(cast), BAD)
    new = reports.amend(cast["laboratory"], old, reason="单位换算有误")
    old.refresh_from_db()
    assert (old.status, new.version, new.status, new.replaces) == ("issued", 2, "amending", old)
    with pytest.raises(InputError) as caught:
        reports.accept(cast["department"], old)
    assert codes(caught) == {"replaced"}
    again = issued(cast, new.sample, GOOD, "BG-1-1")
    assert (again.verdict, again.sample.status) == ("pass", "reported")
    assert old.items.get(position=1).measured == 35.0
    assert [name for name, _row in heard] == ["report_issued", "report_amended"]


def test_the_organiser_accepts_and_only_a_leader_withdraws(cast, heard) -> None:
    row = issued(cast, under_test(cast))
    assert reports.accept(cast["department"], row).status == "accepted"
    with pytest.raises(PermissionDenied):
        reports.withdraw(cast["planner"], row, reason="虚假报告", document_no="1号")
    assert reports.withdraw(cast["leader"], row, reason="虚假报告", document_no="1号").status == "withdrawn"
    assert heard[-1][0] == "report_withdrawn"


def test_a_backup_sample_is_reported_while_its_recheck_is_under_test(cast, heard) -> None:
    result = make_result(cast, status="under_recheck")
    backup = Sample.objects.get(task=result.sample.task, part="backup")
    backup.status, backup.laboratory = "used", cast.other_laboratory
    backup.save()
    with pytest.raises(InputError) as caught:
        reports.enter_items(cast["other_laboratory"], backup, GOOD)
    assert codes(caught) == {"not_testing"}
    service = result.services.get()
    objection = result.objections.create(service=service, number="Y1", words="x", received_on=timezone.localdate())
    Recheck.objects.create(
        result=result, objection=objection, number="F1", status="testing", laboratory=cast.other_laboratory
    )
    row = reports.submit(cast["other_laboratory"], reports.enter_items(cast["other_laboratory"], backup, GOOD))
    assert row.verdict == "pass" and row.laboratory == cast.other_laboratory


def test_a_report_of_another_laboratory_is_out_of_reach(cast) -> None:
    row = make_report(cast, status="checked")
    for call in (reports.submit, reports.accept):
        with pytest.raises(PermissionDenied):
            call(cast["other_laboratory"], row)
