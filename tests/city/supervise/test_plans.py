"""The yearly plan: who writes it, what it may not repeat, how it is approved, filed, published, amended, closed."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from tests.city.supervise.cast import CATEGORY, STANDARD, make_campaign, make_plan, person

from qualipolis.city.core.models import Event, Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.models import HigherLevelTask, PlanLine, SamplingPlan
from qualipolis.city.supervise.planning import plans
from qualipolis.city.supervise.planning.queries import precision
from qualipolis.methods.problems import InputError

LINE = {"category": CATEGORY, "standard": STANDARD, "batches": 60, "expected_rate": 0.94}


def approved(cast):
    plan = plans.create_plan(cast["planner"], cast.bureau, 2026)
    plans.add_line(cast["planner"], plan, **LINE)
    plans.submit_plan(cast["department"], plan)
    return plans.approve_plan(cast["leader"], plan, "质强办〔2026〕1号")


def codes(error):
    return {problem.code for problem in error.value.problems}


def test_it_goes_from_draft_to_public_and_each_step_is_in_the_ledger(cast):
    plan = plans.file_plan(cast["department"], approved(cast), "省市场监管局", "备〔2026〕7号")
    plan = plans.publish_plan(cast["planner"], plan)
    assert (plan.status, plan.filed_no, plan.document_no) == ("public", "备〔2026〕7号", "质强办〔2026〕1号")
    told = list(Event.objects.values_list("verb", flat=True))
    assert [v.partition(".")[2] for v in told] == [
        "create_plan", "add_plan_line", "submit_plan", "approve_plan", "file_plan", "publish_plan",
    ]  # fmt: skip
    assert plans.current(2026) == plan


def test_a_line_that_a_higher_level_samples_keeps_the_plan_back(cast):
    plan = make_plan(cast, year=2026)
    line = plans.add_line(cast["planner"], plan, **LINE)
    task = plans.enter_higher_task(
        cast["planner"], cast.bureau, 2026, "provincial", CATEGORY, "粤市监〔2026〕3号", standard="GB 1"
    )
    assert plans.repeats_of(plan) == {}  # another standard
    HigherLevelTask.objects.filter(pk=task.pk).update(standard="")
    assert plans.repeats_of(plan) == {line.pk: task}
    with pytest.raises(InputError) as error:
        plans.submit_plan(cast["planner"], plan)
    assert codes(error) == {"higher_level_repeats"}
    plans.remove_higher_task(cast["planner"], task, "录错")
    assert plans.submit_plan(cast["planner"], plan).status == "submitted"


def test_a_task_entered_after_submission_still_stops_the_approval(cast):
    plan = make_plan(cast, year=2026)
    plans.add_line(cast["planner"], plan, **LINE)
    plans.submit_plan(cast["planner"], plan)
    plans.enter_higher_task(cast["planner"], cast.bureau, 2026, "national", CATEGORY, "国抽〔2026〕1号")
    with pytest.raises(InputError) as error:
        plans.approve_plan(cast["leader"], plan, "X")
    assert codes(error) == {"higher_level_repeats"}


def test_an_amendment_is_a_new_version_and_the_old_one_stays(cast):
    old = plans.publish_plan(cast["planner"], plans.file_plan(cast["planner"], approved(cast), "省局", "备1"))
    new = plans.amend_plan(cast["leader"], old, "新增民生产品", "质强办〔2026〕9号")
    old.refresh_from_db()
    assert (old.status, new.status, new.version, new.amends) == ("public", "draft", 2, old)
    assert new.lines.count() == old.lines.count() == 1
    with pytest.raises(InputError) as error:
        plans.amend_plan(cast["leader"], old, "再来", "X")
    assert codes(error) == {"newer_version"} and plans.current(2026) == old


def test_it_closes_with_its_earlier_versions_once_no_campaign_runs(cast):
    old = plans.publish_plan(cast["planner"], plans.file_plan(cast["planner"], approved(cast), "省局", "备1"))
    new = plans.amend_plan(cast["leader"], old, "调整", "2号")
    SamplingPlan.objects.filter(pk=new.pk).update(status="public")
    new.refresh_from_db()
    running = make_campaign(cast, line=old.lines.get(), status="testing")
    with pytest.raises(InputError) as error:
        plans.close_plan(cast["planner"], new)
    assert codes(error) == {"open_tasks"}
    type(running).objects.update(status="archived")
    plans.close_plan(cast["planner"], new)
    assert set(SamplingPlan.objects.values_list("status", flat=True)) == {"closed"}


def test_a_plan_that_was_handed_in_no_longer_changes(cast):
    plan = approved(cast)
    for act in (
        lambda: plans.add_line(cast["planner"], plan, **LINE),
        lambda: plans.edit_line(cast["planner"], plan.lines.get(), batches=5),
        lambda: plans.remove_line(cast["planner"], plan.lines.get()),
        lambda: plans.edit_plan(cast["planner"], plan, basis="x"),
        lambda: plans.import_lines(cast["planner"], plan, b"", "x.csv"),
    ):
        with pytest.raises(InputError) as error:
            act()
        assert codes(error) == {"plan_fixed"}


def test_a_line_says_all_that_is_wrong_with_it(cast):
    with pytest.raises(InputError) as error:
        plans.add_line(
            cast["planner"], make_plan(cast), category="", batches=0, quarter=5, expected_rate=94, margin=0.6
        )
    assert codes(error) == {"bad_category", "bad_batches", "bad_quarter", "bad_expected_rate", "bad_margin"}


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ("产品类别", "批次", "目的", "抽样环节", "季度", "预算", "预计合格率")


def test_it_reads_lines_from_a_sheet(cast):
    plan = make_plan(cast)
    data = sheet(HEAD, ("童鞋", 40, "随机", "", 2, "12000", "93%"), ("灯具", 25, "", "", "", "", ""))
    with pytest.raises(InputError):  # a word that is no choice
        plans.import_lines(cast["planner"], plan, sheet(HEAD, ("童鞋", 4, "什么", "", 2, "", "")), "计划.xlsx")
    data = sheet(HEAD, ("童鞋", 40, "risk", "", 2, "12000", "93%"), ("灯具", 25, "", "", "", "", ""))
    assert plans.import_lines(cast["planner"], plan, data, "计划.xlsx") == 2
    first, second = plan.lines.all()
    assert (first.purpose, first.quarter, first.expected_rate, first.budget) == ("risk", 2, 0.93, 12000)
    assert (second.category, second.batches, second.stage, second.expected_rate) == ("灯具", 25, "production", None)


def test_one_bad_cell_keeps_the_whole_sheet_out_and_names_itself(cast):
    plan = make_plan(cast)
    data = sheet(HEAD, ("童鞋", 40, "", "", "", "", ""), ("灯具", "许多", "", "", 9, "", ""))
    with pytest.raises(InputError) as error:
        plans.import_lines(cast["planner"], plan, data, "计划.xlsx")
    assert not PlanLine.objects.exists() and len(error.value.problems) >= 2
    assert "批次" in error.value.problems[0].place


def test_only_the_organiser_and_the_planner_write_it(cast):
    plan = make_plan(cast)
    other = Organisation.objects.create(code="EDU", kind="department", name_zh="教育局")
    stranger = person("stranger", "department", other)
    for who in (stranger, cast["inspector"], cast["enterprise"], cast["laboratory"], cast["town_officer"]):
        with pytest.raises(PermissionDenied):
            plans.add_line(who, plan, **LINE)
    with pytest.raises(PermissionDenied):
        plans.approve_plan(cast["planner"], plan, "X")
    with pytest.raises(PermissionDenied):
        plans.create_plan(stranger, cast.bureau, 2026)
    assert plans.add_line(cast["department"], plan, **LINE).position == 1


def test_the_public_sees_a_plan_once_it_is_published(cast):
    plan = approved(cast)
    assert not visible(cast["enterprise"], SamplingPlan.objects.all()).exists()
    plans.publish_plan(cast["planner"], plans.file_plan(cast["planner"], plan, "省局", "备1"))
    assert visible(None, SamplingPlan.objects.all()).count() == 1 == visible(None, PlanLine.objects.all()).count()


def test_a_line_knows_how_precise_its_number_will_be(cast):
    line = plans.add_line(cast["planner"], make_plan(cast), **LINE | {"margin": 0.03})
    found = precision(line)
    assert found.expected == 0.94 and 0.05 < found.half_width < 0.07
    assert found.needed > 200 and not found.enough and 0.97 < found.finds_one < 1
    line.expected_rate = None
    assert precision(line).half_width is None and precision(line).expected is None
