"""A reversal corrects the past and keeps what had been told, with the reason."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.city.supervise.cast import SYSTEM, make_campaign, make_report, make_result, make_sample, make_task

from qualipolis.city.core.subscriptions import tell
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.supervise.models import ResultRevision
from qualipolis.city.supervise.statistics import rates, revisions

YEAR = timezone.localdate().year


@pytest.fixture
def told_year(cast):
    """Three final results of one campaign, counted: two passes and one failure."""
    campaign, made = make_campaign(cast), []
    for verdict in ("pass", "pass", "fail"):
        task = make_task(cast, campaign, status="completed", sampled_on=timezone.localdate())
        report = make_report(cast, make_sample(cast, task, status="reported"), status="accepted", verdict=verdict)
        made.append(make_result(cast, status="final", verdict=verdict, report=report))
        tell(SYSTEM, "supervise.result_moved", made[-1])
    return made


def rate():
    return rates.rate_of(rates.rows(), "random", YEAR).parts.rate


def test_it_writes_no_revision_while_a_result_goes_its_way(told_year):
    assert not ResultRevision.objects.exists() and rate() == pytest.approx(2 / 3)


def test_a_reversal_keeps_both_rates_and_corrects_the_past(told_year):
    failed = told_year[2]
    failed.status, failed.verdict, failed.reversal_reason = "final", "pass", "复检合格"
    failed.save()
    revisions.note(failed, "复检合格", "pass")
    kept = ResultRevision.objects.get()
    assert (kept.was, kept.now, kept.period, kept.reason) == ("fail", "pass", str(YEAR), "复检合格")
    assert (kept.rates["before"], kept.rates["after"]) == ([2, 3], [3, 3]) and rate() == 1
    assert kept.rates["changes"] == [{"id": failed.sample.task.number, "was": "fail", "now": "pass"}]
    assert SourceRecord.objects.get(number=failed.sample.task.number).outcome == "pass"
    before, after = kept.rates["estimates"]
    assert before["estimate"] == pytest.approx(2 / 3) and after["low"] < 1 and not after["weighted"]


def test_telling_the_move_first_and_the_reversal_after_it_gives_one_record(told_year):
    failed = told_year[2]
    failed.status, failed.verdict = "final", "pass"
    failed.save()
    tell(SYSTEM, "supervise.result_moved", failed)
    revisions.note(failed, "superior order", "pass")
    assert ResultRevision.objects.get().reason == "superior order"


def test_a_reopened_result_leaves_a_record_when_it_goes_and_when_it_comes_back(told_year):
    failed = told_year[2]
    for status, verdict in (("under_recheck", "fail"), ("final", "pass")):
        failed.status, failed.verdict = status, verdict
        failed.save()
        tell(SYSTEM, "supervise.result_moved", failed)
    found = [
        (one.was, one.now, one.rates["before"], one.rates["after"]) for one in ResultRevision.objects.order_by("pk")
    ]
    assert found == [("fail", "open", [2, 3], [2, 2]), ("open", "pass", [2, 2], [3, 3])]


def test_voiding_what_was_never_counted_is_noted_without_a_change_of_the_rate(cast):
    open_one = make_result(cast, status="under_objection")
    tell(SYSTEM, "supervise.result_moved", open_one)
    open_one.status = "voided"
    open_one.save()
    revisions.note(open_one, "封条破损", "voided")
    kept = ResultRevision.objects.get()
    assert (kept.was, kept.now, kept.rates["changes"]) == ("open", "voided", [])
    assert SourceRecord.objects.get(number=open_one.sample.task.number).outcome == "voided"


def test_a_sentence_on_each_side_can_be_voided_alone(told_year):
    failed = told_year[2]
    failed.voided_for = ["producer"]
    failed.save()
    revisions.note(failed, "冒牌", "voided")
    found = rates.rows()
    assert rates.parts(found, "random", side="producer").n == 2 and rates.parts(found, "random").n == 3
