"""The pages of the office around a year: comments, targets, service, decision, notice, late data, both scores, the year."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from tests.city.measure.cast import DECISION, SYSTEM, person
from tests.faces.cycle_desk import Desk, checking_desk, locked_desk
from tests.faces.measure_desk import as_

from qualipolis.city.assess import service
from qualipolis.city.assess.models import Assessment, Notice, Release, ScoreCard
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import (
    Comment,
    IndicatorSet,
    LateValue,
    Observation,
    Served,
    Statistic,
    StatisticRevision,
    TownTarget,
)

pytestmark = pytest.mark.django_db
ISSUED = {"do": "issue", "document": "质领办〔2022〕6号", "issued_on": "2022-05-06", "sure": "on"}


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> Any:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def desk() -> Desk:
    return locked_desk()


@pytest.fixture
def checking() -> Desk:
    return checking_desk()


def previewed(desk: Desk) -> Assessment:
    return service.preview(SYSTEM, service.run(SYSTEM, desk.round, seed=1, replicates=0))


def published(desk: Desk) -> Release:
    return service.publish(SYSTEM, service.decide(SYSTEM, previewed(desk), *DECISION, {"T1": "巩固成效"}))


def issued(desk: Desk) -> Notice:
    release = published(desk)
    service.open_rectification(SYSTEM, desk.round, desk.cast.units[1], [service.Item("补齐标准", "a", 95.0, "2022")])
    made = service.draft_notice(SYSTEM, release)
    return service.issue_notice(SYSTEM, made, ISSUED["document"], date(2022, 5, 6))


def consulted(desk: Desk) -> IndicatorSet:
    return measure.consult(SYSTEM, measure.create_set(SYSTEM, None, 2023))


# ---- consultation ---------------------------------------------------------------------------------------------------


def test_a_comment_blocks_the_approval_until_it_is_answered(desk: Desk) -> None:
    row = consulted(desk)
    page = reverse("desk:set_comments", args=[row.pk])
    desk.post("town_officer", page, do="comment", node="PQ01", text="权重偏高，建议调低")
    assert "还有1条意见没有答复，答复完才能批准。" in desk.text("planner", page)
    assert "还有1条意见没有答复" in desk.text("leader", reverse("desk:set", args=[row.pk]))
    one = Comment.objects.get()
    refused = desk.post("planner", page, do="answer", pk=one.pk, choice="not_adopted", reply="")
    assert refused.status_code == 400
    assert "error-summary" in refused.content.decode()
    desk.post("planner", page, do="answer", pk=one.pk, choice="partly", reply="先调低一半")
    one.refresh_from_db()
    assert (one.node, one.answer, one.reply) == ("PQ01", "partly", "先调低一半")
    assert "还有1条意见没有答复" not in desk.text("leader", page)


def test_a_comment_is_seen_by_others_only_when_it_is_answered(desk: Desk) -> None:
    row = consulted(desk)
    made = measure.comment(desk.cast["town_officer"], row, "请增加一项标准指标")
    page = reverse("desk:set_comments", args=[row.pk])
    assert "请增加一项标准指标" not in desk.text("department", page)
    measure.answer_comment(SYSTEM, made, "adopted")
    assert "请增加一项标准指标" in desk.text("department", page)


def test_comments_can_be_taken_along(desk: Desk) -> None:
    row = consulted(desk)
    measure.comment(SYSTEM, row, "=1+1")
    answer = desk.page("planner", f"{reverse('report:list', args=['comments', 'csv'])}?set={row.pk}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "=1+1" in text and not any(line.startswith("=") for line in text.splitlines())


# ---- targets --------------------------------------------------------------------------------------------------------


def test_a_town_files_its_targets_and_sees_the_result_beside_them(desk: Desk) -> None:
    page = f"{reverse('desk:set_targets', args=[desk.round.set_id])}?unit=T1"
    assert desk.post("town_officer", page, a="95", b="", c="x").status_code == 400
    desk.post("town_officer", page, a="85", b="95", c="", note="分步提升")
    assert dict(TownTarget.objects.values_list("indicator__code", "value")) == {"a": 85.0, "b": 95.0}
    text = desk.text("planner", page)
    assert "已有结果的2项中达到1项" in text
    desk.post("town_officer", page, a="", b="95")
    assert dict(TownTarget.objects.values_list("indicator__code", "value")) == {"b": 95.0}


def test_the_office_sees_who_has_filed_no_targets(desk: Desk) -> None:
    measure.file_targets(SYSTEM, desk.cast.units[0], desk.round.set, {"a": 80.0})
    text = desk.text("planner", f"{reverse('desk:set_targets', args=[desk.round.set_id])}?show=none")
    assert "2镇" in text and "3镇" in text and "?unit=T1" not in text


# ---- service --------------------------------------------------------------------------------------------------------


def test_a_town_acknowledges_its_preview_and_gives_up_its_term(checking: Desk) -> None:
    previewed(checking)
    line = Served.objects.get(unit__code="T1")
    page = reverse("desk:served", args=[line.pk])
    text = checking.text("town_officer", page)
    assert text.count("btn-primary") == 1
    assert "这是本市约定的期限，不是法律条文" in text and "还剩" in text and "提出异议" in text
    assert checking.post("town_officer", page, do="acknowledge").status_code == 400
    checking.post("town_officer", page, do="acknowledge", choice="content")
    line.refresh_from_db()
    assert (line.acknowledged_by, line.no_objection) == (checking.cast["town_officer"], True)
    listed = checking.text("planner", reverse("desk:served_list", args=[checking.round.pk]))
    assert "还有2个镇街未签收" in listed and "无异议" in listed


def test_a_town_does_not_see_what_was_served_on_the_next_one(checking: Desk) -> None:
    previewed(checking)
    other = Served.objects.get(unit__code="T2")
    assert checking.page("town_officer", reverse("desk:served", args=[other.pk])).status_code == 404
    listed = checking.text("town_officer", reverse("desk:served_list", args=[checking.round.pk]))
    assert "1镇" in listed and "2镇" not in listed


def test_the_office_records_service_by_post_with_its_proof(checking: Desk) -> None:
    previewed(checking)
    page = f"{reverse('desk:served_list', args=[checking.round.pk])}?kind=preview"
    told = {"do": "serve", "unit": "T2", "method": "post", "served_on": f"{timezone.localdate():%Y-%m-%d}"}
    assert checking.post("planner", page, **told, proof="").status_code == 400
    checking.post("planner", page, **told, proof="EMS 12")
    line = Served.objects.get(unit__code="T2", ended_on=None)
    assert (line.method, line.proof) == ("post", "EMS 12")


# ---- decision -------------------------------------------------------------------------------------------------------


def test_open_objections_and_terms_hold_the_decision_up_in_words(checking: Desk) -> None:
    made = previewed(checking)
    cell = Observation.objects.get(unit__code="T1", indicator__code="a")
    measure.dispute(checking.cast["town_officer"], cell, "与台账不符")
    page = reverse("desk:decision", args=[made.pk])
    text = checking.text("leader", page)
    assert "还有1件异议没有答复" in text and "还有3个镇街在异议期内" in text
    assert "btn-primary" not in text
    checking.post("leader", page, do="decide", document="1号", meeting_on="2022-04-01")
    made.refresh_from_db()
    assert made.status == "previewed"


def test_a_leader_decides_with_number_day_and_remarks(desk: Desk) -> None:
    made = previewed(desk)
    page = reverse("desk:decision", args=[made.pk])
    told = {"do": "decide", "document": "质领〔2022〕3号", "meeting_on": "2022-04-01"}
    assert desk.post("leader", page, **told, unit_1="九镇", words_1="加强").status_code == 400
    assert desk.post("leader", page, **told, unit_1="1镇", words_1="").status_code == 400
    desk.post("leader", page, **told, unit_1="1镇", words_1="巩固成效")
    made.refresh_from_db()
    assert (made.status, made.decision_doc) == ("decided", "质领〔2022〕3号")
    assert ScoreCard.objects.get(assessment=made, unit__code="T1").remark == "巩固成效"
    assert "巩固成效" in desk.text("planner", page)


def test_who_computed_is_told_that_somebody_else_decides(desk: Desk) -> None:
    desk.cast.people["both"] = both = person("both", "planner")
    both.grants.create(role="leader")
    made = service.preview(both, service.run(both, desk.round, seed=1, replicates=0))
    text = desk.text("both", reverse("desk:decision", args=[made.pk]))
    assert "计算和审定要两个人" in text and "btn-primary" not in text


def test_only_overseers_open_the_decision(desk: Desk) -> None:
    page = reverse("desk:decision", args=[previewed(desk).pk])
    assert desk.page("town_officer", page).status_code == 403


# ---- notice ---------------------------------------------------------------------------------------------------------


def test_a_notice_is_drafted_edited_issued_and_withdrawn(desk: Desk) -> None:
    release = published(desk)
    desk.post("planner", reverse("desk:notices", args=[release.number]))
    row = Notice.objects.get()
    page = reverse("desk:notice", args=[row.pk])
    assert desk.page("town_officer", page).status_code == 404
    desk.post("planner", page, do="edit", text_zh="题目\n正文", text_en="")
    assert desk.post("planner", page, **{**ISSUED, "sure": ""}).status_code == 400
    desk.post("planner", page, **ISSUED)
    row.refresh_from_db()
    assert (row.status, row.text_zh, row.document) == ("issued", "题目\n正文", ISSUED["document"])
    assert "签收通报" in desk.text("town_officer", page)
    assert desk.post("leader", page, do="withdraw", reason="").status_code == 400
    desk.post("leader", page, do="withdraw", reason="等级有误")
    assert "等级有误" in desk.text("planner", page)


def test_the_public_part_holds_no_remark_and_no_list_of_rectifications(desk: Desk) -> None:
    row = issued(desk)
    text = Client(headers={"host": "localhost"}).get(reverse("portal:notice", args=[row.pk])).content.decode()
    assert row.document in text and "1个镇街须整改并报告" in text
    assert "巩固成效" not in text
    told = "".join("".join(p.extract_text() for p in PdfReader(BytesIO(pdf_of(row, "portal"))).pages).split())
    assert "巩固成效" not in told and "须整改的单位" not in told.replace("须整改的单位共1个", "") and "公开部分" in told


def pdf_of(row: Notice, face: str, lang: str = "zh") -> bytes:
    client = Client(headers={"host": "localhost"})
    answer = client.get(reverse(f"{face}:notice_pdf", args=[row.pk, lang]))
    return b"".join(answer.streaming_content)


def test_a_withdrawn_notice_leaves_the_public_pages(desk: Desk) -> None:
    row = issued(desk)
    service.withdraw_notice(SYSTEM, row, "等级有误")
    client = Client(headers={"host": "localhost"})
    assert client.get(reverse("portal:notice", args=[row.pk])).status_code == 404
    assert client.get(reverse("portal:notice_pdf", args=[row.pk, "zh"])).status_code == 404
    assert row.document not in client.get(reverse("portal:notices")).content.decode()


def pdf_text(desk: Desk, role: str, row: Notice) -> str:
    answer = as_(desk.cast, role).get(reverse("desk:notice_pdf", args=[row.pk, "zh"]))
    return "".join("".join(p.extract_text() for p in PdfReader(BytesIO(b"".join(answer))).pages).split())


def test_an_overseer_reads_the_whole_notice(desk: Desk) -> None:
    row = issued(desk)
    told = pdf_text(desk, "planner", row)
    assert "巩固成效" in told and "须整改的单位" in told and "2镇" in told.split("须整改的单位")[-1]
    assert "完成整改并提交报告" in desk.text("planner", reverse("desk:notice", args=[row.pk]))


def test_a_town_reads_only_what_is_about_itself(desk: Desk) -> None:
    row = issued(desk)
    desk.cast.people["second"] = person("zhou", "town_officer", desk.cast.units[1].government)
    page, lines = reverse("desk:notice", args=[row.pk]), row.text_zh.split("\n")
    remark, listed = (next(line for line in lines if word in line) for word in ("巩固成效", "完成整改"))
    first, second = desk.text("town_officer", page), desk.text("second", page)
    assert remark in first and listed not in first and "2镇" not in first
    assert remark not in second and listed in second
    assert "巩固成效" not in pdf_text(desk, "second", row)
    told = pdf_text(desk, "town_officer", row)
    assert "巩固成效" in told and "须整改的单位共1个" in told and "表2" not in told


def test_a_paragraph_of_the_office_about_one_town_is_for_that_town(desk: Desk) -> None:
    row = issued(desk)
    Notice.objects.filter(pk=row.pk).update(text_zh="题目\n请各镇街抓紧\n2镇工作滞后", text_en="")
    page = reverse("desk:notice", args=[row.pk])
    told = desk.text("town_officer", page)
    assert "请各镇街抓紧" in told and "工作滞后" not in told
    assert "工作滞后" in desk.text("planner", page)


# ---- late and revised data ------------------------------------------------------------------------------------------


def test_a_late_value_is_noted_beside_the_locked_one(desk: Desk) -> None:
    page = reverse("desk:late", args=[desk.round.pk])
    told = {"do": "late", "indicator": "a", "numerator": "55", "received_on": "2022-06-01"}
    assert desk.post("planner", page, **told, unit="九镇", source="部门来函").status_code == 400
    desk.post("planner", page, **told, unit="1镇", source="部门来函")
    assert LateValue.objects.get().value == 55.0
    text = desk.text("planner", page)
    assert "部门来函" in text and "<b>55</b>" in text and ">90<" in text


def test_a_revised_statistic_is_taken_over_and_its_effect_changes_nothing(desk: Desk) -> None:
    Statistic.objects.create(unit=desk.cast.units[0], year=2021, key="population", value=100)
    page = reverse("desk:late", args=[desk.round.pk])
    told = {"do": "revise", "unit": "1镇", "key": "population", "value": "120", "revised_on": "2022-06-01"}
    assert desk.post("planner", page, **told, source="").status_code == 400
    desk.post("planner", page, **told, source="统计局修订公告")
    assert StatisticRevision.objects.get().new_value == 120
    text = desk.text("leader", reverse("desk:revision_effect", args=[desk.round.pk]))
    assert "锁定的结果不变" in text and "没有修订影响到本轮数据" in text


def test_the_effect_of_a_revision_shows_both_scores(desk: Desk) -> None:
    desk.round.set.indicators.filter(code="a").update(kind="ratio", factor=100.0)
    Observation.objects.filter(indicator__code="a").update(numerator=90, denominator=100, value=90)
    made = Statistic.objects.create(unit=desk.cast.units[0], year=2021, key="population", value=100)
    measure.revise_statistic(SYSTEM, made, 120.0, "公告", date(2022, 6, 1))
    text = desk.text("planner", reverse("desk:revision_effect", args=[desk.round.pk]))
    assert "90 → <b>75</b>" in text
    assert "−4.50" in text  # 0.6 x 0.5 x 15 points
    assert Observation.objects.get(indicator__code="a", unit__code="T1").value == 90


# ---- both scores ----------------------------------------------------------------------------------------------------


def test_an_amended_year_shows_both_scores_and_the_changed_weights(desk: Desk) -> None:
    service.run(SYSTEM, desk.round, seed=1, replicates=0)
    Observation.objects.filter(indicator__code="a", unit__code="T1").update(numerator=50, value=50)
    service.run(SYSTEM, desk.round, seed=1, replicates=0)
    made = measure.amend(SYSTEM, desk.round.set, "调整权重", "质领〔2021〕9号", {"a": 0.2, "b": 0.8})
    page = reverse("desk:versions", args=[desk.round.pk])
    assert "按第2版计算本年度" in desk.text("planner", page)
    desk.post("planner", page)
    assert Assessment.objects.filter(set=made).count() == 1
    text = desk.text("planner", page)
    assert "修订前后" in text or "两次得分" in text
    assert "+7.20" in text  # 0.6 x 40 points x (0.5 - 0.2)
    assert "质领〔2021〕9号" in text


def test_a_town_does_not_see_a_run_before_its_preview(desk: Desk) -> None:
    service.run(SYSTEM, desk.round, seed=1, replicates=0)
    made = measure.amend(SYSTEM, desk.round.set, "调整权重", "9号", {"a": 0.2, "b": 0.8})
    service.run(SYSTEM, desk.round, seed=1, replicates=0, version=made)
    text = desk.text("town_officer", reverse("desk:versions", args=[desk.round.pk]))
    assert "还缺一次得分" in text and "+0.00" not in text


# ---- the year -------------------------------------------------------------------------------------------------------


def test_the_year_says_how_far_each_step_is_and_who_acts_next(desk: Desk) -> None:
    published(desk)
    text = desk.text("planner", reverse("desk:year", args=[2021]))
    assert text.count("btn-primary") == 1
    assert "起草通报" in text and "质领〔2022〕1号" in text
    assert text.count('class="steps"') == 1


def test_a_town_sees_its_own_part_of_the_year(checking: Desk) -> None:
    previewed(checking)
    text = checking.text("town_officer", reverse("desk:year", args=[2021]))
    line = Served.objects.get(unit__code="T1")
    assert "与您有关的部分" in text and reverse("desk:served", args=[line.pk]) in text
    assert "等您签收" in text


def test_the_year_without_a_set_is_not_there(desk: Desk) -> None:
    assert desk.page("planner", reverse("desk:year", args=[1999])).status_code == 404
    assert desk.page("planner", reverse("desk:year_now")).headers["Location"] == reverse("desk:year", args=[2021])


def test_the_year_asks_no_more_of_the_database_with_more_towns(
    checking: Desk, django_assert_max_num_queries: Any
) -> None:
    previewed(checking)
    client = as_(checking.cast, "planner")
    client.get(reverse("desk:year", args=[2021]))
    with django_assert_max_num_queries(48):
        client.get(reverse("desk:year", args=[2021]))


def test_my_work_leads_to_comments_service_decision_and_notice(desk: Desk) -> None:
    row = consulted(desk)
    made = previewed(desk)
    assert reverse("desk:set_comments", args=[row.pk]) in desk.text("town_officer", reverse("desk:work"))
    assert reverse("desk:served", args=[Served.objects.get(unit__code="T1").pk]) in desk.text(
        "town_officer", reverse("desk:work")
    )
    assert reverse("desk:decision", args=[made.pk]) in desk.text("leader", reverse("desk:work"))
    release = service.publish(SYSTEM, service.decide(SYSTEM, made, *DECISION))
    assert reverse("desk:notices", args=[release.number]) in desk.text("planner", reverse("desk:work"))
