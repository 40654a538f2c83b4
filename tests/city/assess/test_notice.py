"""The decision, the notice of results and the rectifications that follow from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.measure.cast import DECISION, SYSTEM, Cast, person

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import Assessment, Notice, Rectification, Release, ScoreCard
from qualipolis.city.core.policy import visible
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Indicator, Served
from qualipolis.law.calendar import add_days
from qualipolis.methods.problems import InputError

PDF = [b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"]
ISSUED = ("质领〔2022〕9号", date(2022, 5, 6))


@pytest.fixture
def release(cast: Cast, locked: CollectionRound) -> Release:
    Indicator.objects.update(owner=cast.section)
    service.adjust(cast["planner"], locked, cast.units[1], "veto", "3号", "系统性事件")
    made = service.preview(SYSTEM, service.run(SYSTEM, locked, seed=1, replicates=0))
    return service.publish(SYSTEM, service.decide(SYSTEM, made, *DECISION))


@pytest.fixture
def opened(cast: Cast, release: Release) -> Rectification:
    service.open_rectifications(cast["planner"], release)
    return Rectification.objects.get(unit__code="T2")


def test_a_decision_has_its_document_its_day_and_remarks(cast: Cast, locked: CollectionRound) -> None:
    made = service.preview(SYSTEM, service.run(SYSTEM, locked, seed=1, replicates=0))
    with pytest.raises(InputError, match="number of the document"):
        service.decide(cast["leader"], made)
    with pytest.raises(InputError, match="day of the meeting"):
        service.decide(cast["leader"], made, "1号")
    with pytest.raises(InputError) as refused:
        service.decide(cast["leader"], made, "1号", timezone.localdate() + timedelta(days=1), {"T9": "好"})
    assert {problem.code for problem in refused.value.problems} == {"unknown_unit", "future"}
    made = service.decide(cast["leader"], made, *DECISION, {"T1": "巩固成效"})
    assert (made.decision_doc, made.meeting_on, made.decided_by) == (*DECISION, cast["leader"])
    assert ScoreCard.objects.get(assessment=made, unit__code="T1").remark == "巩固成效"


def test_who_computed_does_not_decide(cast: Cast, locked: CollectionRound) -> None:
    both = person("both", "planner")
    both.grants.create(role="leader")
    made = service.preview(both, service.run(both, locked, seed=1, replicates=0))
    with pytest.raises(InputError, match="two people"):
        service.decide(both, made, *DECISION)
    assert service.decide(cast["leader"], made, *DECISION).status == "decided"


def test_it_is_not_decided_while_a_unit_may_still_object(cast: Cast, locked: CollectionRound) -> None:
    measure.reopen_round(cast["leader"], locked, "核对")
    round_ = measure.confirm_reopen(cast["auditor"], locked)
    for row in round_.observations.filter(status="reopened"):
        measure.decide_dispute(SYSTEM, row, "维持", keep=True)
    made = service.preview(SYSTEM, service.run(SYSTEM, round_, seed=1, replicates=0))
    with pytest.raises(InputError, match="4 units"):
        service.decide(cast["leader"], made, *DECISION)
    Served.objects.update(served_on=date(2022, 3, 1))
    assert service.decide(cast["leader"], made, *DECISION).status == "decided"


def test_the_text_of_a_notice_comes_from_the_release(cast: Cast, release: Release) -> None:
    made = service.draft_notice(cast["planner"], release)
    found = queries.notice_facts(made, SYSTEM)
    assert found.facts["grades"] == {"A": 1, "C": 1, "D": 2}
    assert found.facts["vetoes"] == [{"unit": "T2", "zh": "2镇", "en": "Town 2", "reason": "系统性事件（3号）"}]
    text = "".join(found.paragraphs_zh)
    assert "2021年度" in text and "A级1个，C级1个，D级2个" in text and DECISION[0] in text and "2镇：系统性事件" in text
    assert "1 of grade A, 1 of grade C, 2 of grade D" in "".join(found.paragraphs_en)
    with pytest.raises(InputError, match="already"):
        service.draft_notice(cast["planner"], release)


def test_a_notice_is_issued_served_and_acknowledged(cast: Cast, release: Release) -> None:
    made = service.draft_notice(cast["planner"], release)
    with pytest.raises(InputError, match="number of the document"):
        service.issue_notice(cast["planner"], made)
    made = service.issue_notice(cast["planner"], made, *ISSUED)
    assert (made.status, made.due_on) == ("issued", add_days(ISSUED[1], 3, "working").due)
    assert [item.verb for item in measure_work(cast["town_officer"])] == ["measure.acknowledge"] * 2
    row = queries.notice_service(cast["town_officer"], made).get()
    measure.acknowledge(cast["town_officer"], row, no_objection=True)
    row.refresh_from_db()
    assert not row.no_objection, "a notice is not objected to"
    found = queries.notice_facts(made, SYSTEM)
    assert (found.served, found.acknowledged) == (4, 1)
    with pytest.raises(InputError, match="not changed"):
        service.edit_notice(cast["planner"], made, "另一文本")


def measure_work(who) -> list:
    from qualipolis.city.measure import queries as rooms

    return rooms.work(who)


def test_the_public_sees_an_issued_notice_and_nothing_else(cast: Cast, release: Release, opened) -> None:
    public = AnonymousUser()
    made = service.draft_notice(cast["planner"], release)
    assert not queries.notices(public).exists()
    service.issue_notice(cast["planner"], made, *ISSUED)
    assert list(queries.notices(public)) == [made]
    assert not visible(public, Rectification.objects.all()).exists()
    assert not visible(public, Served.objects.all()).exists()
    service.withdraw_notice(cast["leader"], made, "文号有误")
    assert not queries.notices(public).exists()
    assert service.draft_notice(cast["planner"], release).pk != made.pk


def test_a_draft_can_be_reworded_and_written_anew(cast: Cast, release: Release, opened: Rectification) -> None:
    made = service.draft_notice(cast["planner"], release)
    service.edit_notice(cast["planner"], made, "自拟正文")
    made.refresh_from_db()
    assert made.text_zh == "自拟正文"
    service.edit_notice(cast["planner"], made, "")
    made.refresh_from_db()
    assert "完成整改" in made.text_zh and len(made.facts["rectifications"]) == 3


def test_a_withdrawn_release_gets_no_notice(cast: Cast, release: Release) -> None:
    service.withdraw(cast["leader"], release, "有误")
    with pytest.raises(InputError, match="holds no longer"):
        service.draft_notice(cast["planner"], release)
    assert not Notice.objects.exists()


def test_rectification_is_opened_for_low_grades_and_vetoes_once(cast: Cast, release: Release) -> None:
    assert service.open_rectifications(cast["planner"], release) == 3
    assert service.open_rectifications(cast["planner"], release) == 0
    causes = dict(Rectification.objects.values_list("unit__code", "cause"))
    assert causes == {"T2": "veto", "T3": "grade", "T4": "grade"}
    items = list(Rectification.objects.get(unit__code="T3").items.values_list("indicator__code", "required", "period"))
    assert items == [("a", 60.0, "2022"), ("c", 80.0, "2022"), ("b", 80.0, "2022")]
    assert Rectification.objects.first().due_on == add_days(timezone.localdate(), 60, "working").due


def test_the_office_chooses_further_items(cast: Cast, release: Release) -> None:
    with pytest.raises(InputError) as refused:
        service.open_rectification(cast["planner"], release.assessment.round, cast.units[0], [service.Item("", "zz")])
    assert {problem.code for problem in refused.value.problems} == {"unknown_node", "no_problem"}
    items = [service.Item("检验能力不足", "c", 70.0, "2022")]
    row = service.open_rectification(cast["planner"], release.assessment.round, cast.units[0], items)
    assert (row.cause, row.items.get().owner) == ("chosen", cast.section)


def results_of(row: Rectification) -> dict[int, tuple[float | None, str]]:
    return {item.pk: (item.required, "已达到") for item in row.items.all()}


def reported(cast: Cast, row: Rectification) -> Rectification:
    officer = person("t2", "town_officer", row.unit.government)
    service.plan_rectification(officer, row, "分三步，由分管负责人落实，9月底前完成")
    service.attach_rectification(officer, row, "佐证.pdf", PDF)
    return service.report_rectification(officer, row, "已完成", results_of(row))


def test_a_report_needs_a_plan_every_result_and_evidence(cast: Cast, opened: Rectification) -> None:
    officer = person("t2", "town_officer", opened.unit.government)
    with pytest.raises(InputError, match="present state"):
        service.report_rectification(officer, opened, "已完成", results_of(opened))
    service.plan_rectification(officer, opened, "方案")
    with pytest.raises(InputError, match="4 items"):
        service.report_rectification(officer, opened, "已完成", {})
    with pytest.raises(InputError, match="evidence"):
        service.report_rectification(officer, opened, "已完成", results_of(opened))
    assert [item.verb for item in queries.work(officer)] == ["assess.report_rectification"]


def test_departments_check_items_and_then_it_is_closed(cast: Cast, opened: Rectification) -> None:
    row = reported(cast, opened)
    with pytest.raises(InputError, match="4 items"):
        service.close_rectification(cast["planner"], row)
    found = [item for item in queries.rectification_items(row) if item.owner_id]
    assert len(found) == 3
    for item in found:
        service.check_item(cast["department"], item, "现场看过", fulfilled=True)
    veto = row.items.get(indicator=None)
    with pytest.raises(PermissionDenied):
        service.check_item(cast["department"], veto, "现场看过", fulfilled=True)
    service.check_item(cast["planner"], veto, "现场看过", fulfilled=True)
    assert "assess.close_rectification" in [item.verb for item in queries.work(cast["planner"])]
    row = service.close_rectification(cast["department"], row)
    assert (row.status, row.closed_on, row.overdue) == ("closed", timezone.localdate(), False)


def test_a_returned_report_starts_a_new_term_and_open_items_are_checked_again(cast: Cast, opened) -> None:
    row = reported(cast, opened)
    first, second, *_rest = row.items.exclude(indicator=None)
    service.check_item(cast["department"], first, "属实", fulfilled=True)
    service.check_item(cast["department"], second, "不属实", fulfilled=False)
    row = service.return_rectification(cast["department"], row, "第二项未达到")
    assert (row.status, row.due_on) == ("returned", add_days(timezone.localdate(), 10, "working").due)
    officer = row.reported_by
    service.report_rectification(officer, row, "已补充", results_of(row))
    assert dict(row.items.values_list("pk", "fulfilled"))[first.pk] is True
    assert dict(row.items.values_list("pk", "fulfilled"))[second.pk] is None


def test_overdue_is_derived_and_a_later_day_needs_its_reason(cast: Cast, opened: Rectification) -> None:
    Rectification.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    lines = queries.rectifications(cast["planner"])
    assert [line.overdue for line in lines] == [True] * 3
    assert [item.count for item in queries.work(cast["planner"]) if item.verb == "assess.extend_rectification"] == [3]
    later = timezone.localdate() + timedelta(days=20)
    with pytest.raises(InputError, match="reason"):
        service.extend_rectification(cast["planner"], opened, later, " ")
    service.extend_rectification(cast["planner"], opened, later, "台风影响")
    assert [line.overdue for line in queries.rectifications(cast["planner"], unit=opened.unit)] == [False]


def test_each_sees_the_rectifications_that_concern_it(cast: Cast, opened: Rectification) -> None:
    counts = {role: len(queries.rectifications(who)) for role, who in cast.people.items()}
    wanted = {"leader": 3, "planner": 3, "auditor": 3, "department": 3, "town_officer": 0, "enterprise": 0}
    assert counts == wanted
    Indicator.objects.update(owner=None)
    opened.items.update(owner=None)
    assert len(queries.rectifications(cast["department"])) == 2


def test_lists_stay_at_a_few_queries(cast: Cast, opened: Rectification, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4):
        queries.rectifications(cast["planner"])
    with django_assert_max_num_queries(8):
        queries.self_evaluation_lines(cast["planner"], opened.round)
    with django_assert_max_num_queries(4):
        queries.site_visits(cast["planner"])
    assert Assessment.objects.count() == 1
