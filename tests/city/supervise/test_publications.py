"""Publications: only what is final, versions that never change, corrections at once, down on their day."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.supervise.cast import make_campaign, make_report, make_result, make_sample, make_task
from tests.city.supervise.handled import final, reverse, served, void

from qualipolis.city.core.models import Event
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath.publication_rows import hash_of
from qualipolis.city.supervise.models import HandlingCase, Publication
from qualipolis.methods.problems import InputError

CHINA = ZoneInfo("Asia/Shanghai")


def codes(act):
    with pytest.raises(InputError) as caught:
        act()
    return {problem.code for problem in caught.value.problems}


def published(cast, campaign=None) -> Publication:
    """Publish one failure and one pass of a campaign."""
    campaign = campaign or make_campaign(cast)
    final(cast, campaign)
    final(cast, campaign, firm=1, verdict="pass")
    row = service.draft_publication(cast["department"], campaign)
    service.approve_publication(cast["leader"], row, "公布〔2026〕1号")
    return service.publish_results(cast["department"], row)


def test_a_draft_holds_final_results_only(cast):
    campaign = make_campaign(cast)
    done = final(cast, campaign)
    final(cast, campaign, firm=1, verdict="pass")
    row = service.draft_publication(cast["department"], campaign)
    assert len(row.rows) == 2 and row.status == "draft" and row.due_on is not None
    shown = next(one for one in row.rows if one["result"] == done.number)
    assert (shown["verdict"], shown["objection"], shown["items"][0]["measured"]) == ("fail", "none", 35.0)
    assert shown["items"][0]["upper"] == 20 and shown["laboratory"]["zh"] == "LAB1检测所"


def test_an_open_result_is_not_in_it(cast):
    campaign = make_campaign(cast)
    row = final(cast, campaign)
    task = make_task(cast, campaign, status="sampled", enterprise=cast.firms[1])
    report = make_report(cast, make_sample(cast, task, status="tested"), status="accepted")
    make_result(cast, status="under_objection", report=report)
    made = service.draft_publication(cast["department"], campaign)
    assert [one["result"] for one in made.rows] == [row.number]


def test_nothing_is_drafted_twice(cast):
    campaign = make_campaign(cast)
    assert codes(lambda: service.draft_publication(cast["department"], campaign)) == {"nothing_final"}
    final(cast, campaign)
    service.draft_publication(cast["department"], campaign)
    assert codes(lambda: service.draft_publication(cast["department"], campaign)) == {"in_preparation", "nothing_final"}


def test_it_is_approved_by_the_leader_and_only_as_it_stands(cast):
    campaign = make_campaign(cast)
    result = final(cast, campaign)
    row = service.draft_publication(cast["department"], campaign)
    with pytest.raises(PermissionDenied):
        service.approve_publication(cast["department"], row, "1号")
    assert codes(lambda: service.publish_results(cast["department"], row)) == {"wrong_state"}
    result.sample.task.form.delete()
    assert codes(lambda: service.approve_publication(cast["leader"], row, "1号")) == {"stale"}
    service.refresh_publication(cast["department"], row)
    assert service.approve_publication(cast["leader"], row, "1号").status == "approved"


def test_what_is_no_longer_final_is_not_published(cast):
    campaign = make_campaign(cast)
    result = final(cast, campaign)
    row = service.draft_publication(cast["department"], campaign)
    result.status = "under_objection"
    result.save()
    row.rows = [one | {"state": "open"} for one in row.rows]
    row.save()
    assert codes(lambda: service.approve_publication(cast["leader"], row, "1号")) <= {"stale", "not_result_final"}


def test_a_published_version_is_hashed_and_shown_for_three_years(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    row = published(cast)
    assert row.status == "published" and row.sha256 == hash_of(row.rows)
    assert row.take_down_on == date(2029, 3, 3)


def test_the_rows_name_no_person_no_address_and_no_code(cast):
    campaign = make_campaign(cast)
    result = final(cast, campaign)
    secret = {"signatory": "王小明", "words": "电话13800000000", "storage": "李家仓库", "producer_address": "制衣路1号"}
    type(result.sample.task.form).objects.update(**secret)
    row = service.draft_publication(cast["department"], campaign)
    words = json.dumps(row.rows, ensure_ascii=False)
    for kept in [*secret.values(), cast.firms[0].credit_code, cast.firms[0].address, result.sample.code]:
        assert kept and kept not in words


def test_a_reversal_after_publication_corrects_it_and_cancels_the_handling(cast):
    row = published(cast)
    bad = HandlingCase.objects.get().result
    before = row.rows
    reverse(bad, "复检结论为未发现不合格")
    row.refresh_from_db()
    assert row.status == "corrected" and row.rows == before and HandlingCase.objects.get().status == "cancelled"
    new = Publication.objects.get(corrects=row)
    told = next(one for one in new.rows if one["result"] == bad.number)
    assert (new.status, new.version, told["verdict"], told["objection"], told["items"]) == (
        "published", 2, "pass", "reversed", []
    )  # fmt: skip
    assert "复检" in new.reason and new.sha256 != row.sha256 and new.take_down_on == row.take_down_on
    assert Event.objects.filter(verb="supervise.correct_publication", actor="follow-up of results").exists()


def test_a_voided_result_is_said_to_be_void_and_no_longer_a_failure(cast):
    row = published(cast)
    bad = HandlingCase.objects.get().result
    void(bad, reason="抽样程序有误")
    told = next(one for one in Publication.objects.get(corrects=row).rows if one["result"] == bad.number)
    assert (told["state"], told["verdict"], told["items"]) == ("voided", None, [])


def test_a_counterfeit_takes_the_name_of_the_producer_away(cast):
    row = published(cast)
    bad = HandlingCase.objects.get().result
    void(bad, "producer")
    told = next(one for one in Publication.objects.get(corrects=row).rows if one["result"] == bad.number)
    assert (told["verdict"], told["objection"], told["producer"]) == ("fail", "partly", {"zh": "", "en": ""})


def test_a_second_correction_goes_on_from_the_newest_version(cast):
    row = published(cast)
    reverse(HandlingCase.objects.get().result)
    assert codes(lambda: service.correct_publication(cast["department"], row, "更正")) == {"not_newest"}
    third = service.correct_publication(cast["department"], row.corrected_by, "补正产品名称")
    assert third.version == 3 and set(Publication.objects.values_list("version", "status")) == {
        (1, "corrected"), (2, "corrected"), (3, "published")
    }  # fmt: skip


def test_a_correction_needs_its_reason(cast):
    row = published(cast)
    assert codes(lambda: service.correct_publication(cast["department"], row, " ")) == {"needs_reason"}
    assert Publication.objects.count() == 1


def test_an_approved_publication_goes_back_to_the_draft_when_a_result_is_reversed(cast):
    campaign = make_campaign(cast)
    bad = final(cast, campaign)
    final(cast, campaign, firm=1, verdict="pass")
    row = service.draft_publication(cast["department"], campaign)
    service.approve_publication(cast["leader"], row, "1号")
    reverse(bad)
    row.refresh_from_db()
    assert row.status == "draft" and bad.number not in {one["result"] for one in row.rows}


def test_a_ceased_firm_is_published_with_its_state(cast):
    row = published(cast)
    case = HandlingCase.objects.get()
    service.cease_firm(cast["department"], served(cast, case), "已注销登记")
    told = {one["result"]: one["firm_state"] for one in Publication.objects.get(corrects=row).rows}
    assert told[case.result.number] == "closed"


def test_withdrawing_takes_every_version_and_needs_the_leader_with_a_reason(cast):
    row = published(cast)
    reverse(HandlingCase.objects.get().result)
    new = row.corrected_by
    with pytest.raises(PermissionDenied):
        service.withdraw_publication(cast["department"], new, "x")
    assert codes(lambda: service.withdraw_publication(cast["leader"], new, "")) == {"needs_reason"}
    service.withdraw_publication(cast["leader"], new, "上级要求")
    assert set(Publication.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_it_comes_down_on_its_day_with_all_versions(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    row = published(cast)
    reverse(HandlingCase.objects.get().result)
    assert codes(lambda: service.take_down_publication(cast["department"], row.corrected_by)) == {
        "before_take_down_day"
    }
    assert service.take_down_due(datetime(2029, 3, 2, 23, 0, tzinfo=CHINA)) == 0
    time_machine.move_to("2029-03-03 00:30+08:00")
    assert service.take_down_due(datetime(2029, 3, 3, 0, 30, tzinfo=CHINA)) == 1
    assert set(Publication.objects.values_list("status", flat=True)) == {"taken_down"}
