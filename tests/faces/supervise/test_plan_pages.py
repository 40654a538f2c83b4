"""Pages of plans, rules, campaigns, draws and inspectors, walked as the people who use them."""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.city.supervise.cast import CATEGORY, STANDARD, Cast, make_campaign, make_plan

from qualipolis.city.core.models import City
from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.models import (
    Assignment,
    Campaign,
    DrawRun,
    HigherLevelTask,
    InspectorProfile,
    SamplingPlan,
    SamplingRule,
    SamplingTask,
)
from qualipolis.city.supervise.planning import plans

WORDS = "公证员当众掷十面骰八次"


@pytest.fixture(autouse=True)
def city(db: None) -> City:
    return City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)


def as_(cast: Cast, role: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast[role])
    return client


def shown(cast: Cast, role: str, name: str, *args: Any) -> str:
    answer = as_(cast, role).get(reverse(f"desk:{name}", args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(cast: Cast, role: str, name: str, *args: Any, **data: Any) -> Any:
    return as_(cast, role).post(reverse(f"desk:{name}", args=args), data)


LINE = {"do": "line", "category": CATEGORY, "standard": STANDARD, "purpose": "random", "stage": "production",
        "batches": 60, "quarter": 2, "budget": "48000", "expected_rate": "94", "margin": "3", "reason": ""}  # fmt: skip


def test_a_plan_is_begun_filled_submitted_and_approved_on_its_page(cast):
    post(cast, "planner", "sampling_plans", do="create", year=2027, organiser=cast.bureau.pk)
    plan = SamplingPlan.objects.get()
    assert post(cast, "planner", "sampling_plan", plan.pk, **LINE).status_code == 302
    text = shown(cast, "planner", "sampling_plan", plan.pk)
    assert re.search(r"8\d\.\d—9\d\.\d", text) and "250" in text  # the interval expected; what the margin needs
    assert post(cast, "department", "sampling_plan", plan.pk, do="submit").status_code == 302
    assert post(cast, "leader", "sampling_plan", plan.pk, do="approve", document_no="1号").status_code == 302
    plan.refresh_from_db()
    assert (plan.status, plan.lines.get().expected_rate, plan.lines.get().margin) == ("approved", 0.94, 0.03)


def test_a_line_is_changed_and_taken_out(cast):
    plan = make_plan(cast)
    line = plans.add_line(cast["planner"], plan, category=CATEGORY, batches=10)
    shown(cast, "planner", "sampling_line", line.pk)
    post(cast, "planner", "sampling_line", line.pk, **LINE | {"batches": 11})
    line.refresh_from_db()
    assert line.batches == 11
    assert post(cast, "planner", "sampling_line", line.pk, **LINE | {"batches": 0}).status_code == 400
    post(cast, "planner", "sampling_line", line.pk, do="remove")
    assert not plan.lines.exists()


def test_the_template_of_lines_can_be_read_back(cast):
    plan = make_plan(cast)
    data = as_(cast, "planner").get(reverse("desk:sampling_plan_template"))
    file = BytesIO(b"".join(data.streaming_content))
    file.name = "lines.xlsx"
    assert post(cast, "planner", "sampling_plan", plan.pk, do="import", file=file).status_code == 302
    assert plan.lines.get().batches == 60 and plan.lines.get().expected_rate == 0.94


def test_a_repeat_of_a_higher_level_is_said_and_why_it_stops_the_plan(cast):
    plan = make_plan(cast)
    plans.add_line(cast["planner"], plan, category=CATEGORY, batches=10)
    post(
        cast,
        "planner",
        "higher_tasks",
        do="higher",
        year=plan.year,
        level="national",
        category=CATEGORY,
        document="国抽1号",
    )
    text = shown(cast, "planner", "sampling_plan", plan.pk)
    assert "国抽1号" in text and 'class="banner banner-bad"' in text
    post(cast, "planner", "higher_tasks", do="remove", row=HigherLevelTask.objects.get().pk, reason="录错")
    assert not HigherLevelTask.objects.exists()


def test_rules_are_written_with_their_items_and_published(cast):
    post(cast, "planner", "sampling_rules", do="rule", category="灯具", standard="GB 7000.1", quantity_unit="件",
         test_quantity=2, backup_quantity=1, least_stock=5)  # fmt: skip
    rule = SamplingRule.objects.get(category="灯具")
    shown(cast, "planner", "sampling_rule_edit", rule.pk)
    form = {"do": "rule", "standard": "GB 7000.1", "method_zh": "随机抽取", "quantity_unit": "件", "test_quantity": 2,
            "backup_quantity": 1, "least_stock": 5, "items-TOTAL_FORMS": 2, "items-INITIAL_FORMS": 0,
            "items-0-name_zh": "防触电", "items-0-requirement": "不可触及", "items-0-safety": "on",
            "items-0-decision": "simple", "items-1-name_zh": "", "items-1-decision": "simple"}  # fmt: skip
    assert post(cast, "planner", "sampling_rule_edit", rule.pk, **form).status_code == 302
    assert rule.items.get().safety and "防触电" in shown(cast, "planner", "sampling_rule", rule.pk)
    post(cast, "planner", "sampling_rule", rule.pk, do="publish")
    rule.refresh_from_db()
    assert rule.published_on == timezone.localdate()
    post(cast, "planner", "sampling_rule", rule.pk, do="replace", reason="标准换版")
    assert SamplingRule.objects.filter(category="灯具").count() == 2
    shown(cast, "planner", "sampling_rules")


def test_a_campaign_goes_from_a_line_to_public_rules(cast):
    plan = make_plan(cast, status="public")
    line = plan.lines.create(position=1, category=CATEGORY, name_zh=CATEGORY, batches=3)
    assert line.name in shown(cast, "planner", "campaign_new")
    post(cast, "planner", "campaign_new", do="line", line=line.pk)
    row = Campaign.objects.get()
    shown(cast, "planner", "campaign_edit", row.pk)
    form = {"do": "campaign", "name_zh": "童装抽查", "purpose": "random", "stage": "production", "size": 3, "reserve": 1,
            "sampling_body": cast.branch.pk, "laboratory": cast.laboratory.pk, "budget": 100, "scheme_zh": "范围"}  # fmt: skip
    assert post(cast, "planner", "campaign_edit", row.pk, **form).status_code == 302
    post(cast, "planner", "campaign", row.pk, do="contract", document_no="合同")
    post(cast, "leader", "campaign", row.pk, do="approve", document_no="批")
    post(cast, "planner", "campaign", row.pk, do="publish_rules")
    row.refresh_from_db()
    assert row.status == "rules_public"
    for role in ("planner", "department", "leader", "inspector", "town_officer", "auditor"):
        assert "童装抽查" in shown(cast, role, "campaigns") and "童装抽查" in shown(cast, role, "campaign", row.pk)


def test_the_list_is_filtered_counted_and_taken_along(cast):
    make_campaign(cast, status="sampling", name_zh="甲抽查")
    make_campaign(cast, status="settled", name_zh="乙抽查", purpose="risk")
    client = as_(cast, "planner")
    text = client.get(reverse("desk:campaigns"), {"show": "done"}).content.decode()
    assert "乙抽查" in text and "甲抽查" not in text
    answer = client.get(reverse("report:list", args=["campaigns", "csv"]), {"purpose": "risk"})
    assert "乙抽查" in b"".join(answer).decode("utf-8-sig") and "甲抽查" not in b"".join(answer).decode("utf-8-sig")


def rule_said(**more: Any) -> dict[str, Any]:
    said = {"do": "rule", "unit": "enterprise", "strata": "none", "size": "one", "method": "srs", "n": 3,
            "allocation": "count", "least": 0, "most": "", "reserve": 50}  # fmt: skip
    return said | more


def moment(when: Any) -> str:
    return timezone.localtime(when).strftime("%Y-%m-%dT%H:%M")


def test_a_draw_runs_from_the_rule_to_the_samplers_on_one_page(cast, time_machine):
    time_machine.move_to(timezone.now().replace(second=0, microsecond=0), tick=False)
    row = make_campaign(cast, status="sampling")
    post(cast, "planner", "campaign", row.pk, do="prepare")
    run = DrawRun.objects.get()
    assert post(cast, "planner", "draw", run.pk, **rule_said(n=99)).status_code == 302
    answer = post(cast, "planner", "draw", run.pk, do="freeze")
    assert answer.status_code == 400 and "99" in answer.content.decode()
    post(cast, "planner", "draw", run.pk, **rule_said())
    post(cast, "planner", "draw", run.pk, do="freeze")
    at = timezone.now() + timedelta(minutes=20)
    post(cast, "planner", "draw", run.pk, do="commit", source="dice", source_at=moment(at), words=WORDS)
    run.refresh_from_db()
    text = shown(cast, "planner", "draw", run.pk)
    assert run.status == "committed" and "data-countdown" in text and run.commitment[:8] in text
    assert 'name="numbers"' not in text
    time_machine.move_to(at + timedelta(minutes=2), tick=False)
    post(cast, "planner", "draw", run.pk, do="draw", numbers="8 3 0 7 7 1 4 9", random_at=moment(timezone.now()))
    run.refresh_from_db()
    text = shown(cast, "planner", "draw", run.pk)
    assert run.status == "drawn" and "banner-ok" in text and run.units.first().enterprise.name in text
    post(cast, "planner", "draw", run.pk, do="publish")
    post(cast, "planner", "draw", run.pk, do="tasks")
    assert SamplingTask.objects.filter(draw=run).count() == 3
    for profile in InspectorProfile.objects.all():
        profile.regions.set(cast.units)
    post(cast, "planner", "draw", run.pk, do="assign")
    assert Assignment.objects.count() == 6
    task = SamplingTask.objects.first()
    post(cast, "planner", "draw", run.pk, do="reassign", task=task.pk, reason="病假")
    assert task.assignments.count() == 2 and "病假" not in shown(cast, "inspector", "draw", run.pk)


def drawn(cast: Cast, time_machine: Any) -> DrawRun:
    run = ceremony.prepare(cast["planner"], make_campaign(cast, status="rules_public"))
    run = ceremony.freeze(cast["planner"], run)
    at = timezone.now() + timedelta(minutes=5)
    run = ceremony.commit(cast["planner"], run, "lottery", at, words=WORDS)
    time_machine.move_to(at + timedelta(minutes=1))
    return ceremony.reveal(cast["planner"], run, numbers="03 08 14 19 26 31 07")


def test_who_was_drawn_is_not_shown_inside_the_house_before_it_is_public(cast, time_machine):
    run = drawn(cast, time_machine)
    name = run.units.first().enterprise.name
    bundle = reverse("desk:draw_files", args=[run.pk])
    assert name in shown(cast, "department", "draw", run.pk)
    for role in ("inspector", "town_officer", "expert"):
        assert name not in shown(cast, role, "draw", run.pk) and as_(cast, role).get(bundle).status_code == 404
    ceremony.publish(cast["planner"], run)
    assert (
        name not in shown(cast, "inspector", "draw", run.pk) and as_(cast, "inspector").get(bundle).status_code == 404
    )
    Campaign.objects.filter(pk=run.campaign_id).update(status="testing")
    assert name in shown(cast, "inspector", "draw", run.pk) and as_(cast, "inspector").get(bundle).status_code == 200


def test_firms_and_laboratories_have_no_business_here(cast, time_machine):
    run = drawn(cast, time_machine)
    for role in ("enterprise", "laboratory"):
        for name, args in (("campaigns", ()), ("campaign", (run.campaign_id,)), ("draw", (run.pk,)),
                           ("draw_files", (run.pk,)), ("sampling_plans", ()), ("inspectors", ())):  # fmt: skip
            assert as_(cast, role).get(reverse(f"desk:{name}", args=args)).status_code == 403, (role, name)


def test_the_bundle_holds_all_files_and_a_changed_disk_is_told(cast, time_machine, home):
    run = drawn(cast, time_machine)
    answer = as_(cast, "planner").get(reverse("desk:draw_files", args=[run.pk]))
    names = {name.partition("/")[2] for name in zipfile.ZipFile(BytesIO(answer.content)).namelist()}
    assert {"frame.csv", "plan.toml", "record.json"} < names and "left_out.csv" not in names
    path = home / "files" / run.frame_sha256[:2] / run.frame_sha256
    path.write_bytes(path.read_bytes() + b"x")
    assert "banner-bad" in shown(cast, "planner", "draw", run.pk)


def test_a_redraw_is_asked_of_the_leader_and_both_stay_on_the_page_of_the_campaign(cast, time_machine):
    run = drawn(cast, time_machine)
    assert 'value="redraw"' not in shown(cast, "planner", "draw", run.pk)
    assert 'class="next"' not in shown(cast, "leader", "draw", run.pk)  # an exception is never the next step
    answer = post(cast, "leader", "draw", run.pk, do="redraw", reason="抽样框误列")
    new = DrawRun.objects.get(supersedes=run)
    assert answer.url == reverse("desk:draw", args=[new.pk])
    text = shown(cast, "planner", "campaign", run.campaign_id)
    assert str(run) in text and str(new) in text and "抽样框误列" in text
    assert "抽样框误列" in shown(cast, "auditor", "draw", run.pk)


def test_an_inspector_is_written_by_the_planner(cast):
    person = cast["inspector"]
    shown(cast, "planner", "inspector", person.pk)
    form = {"do": "inspector", "certificate_no": "Z-9", "certified_until": "2030-01-01", "regions": [cast.units[1].pk]}
    answer = post(cast, "planner", "inspector", person.pk, **form, recusals="NOBODY")
    assert answer.status_code == 400 and "NOBODY" in answer.content.decode()
    post(cast, "planner", "inspector", person.pk, **form, recusals=cast.firms[0].credit_code)
    row = InspectorProfile.objects.get(person=person)
    assert row.certificate_no == "Z-9" and row.recusals.get() == cast.firms[0]
    assert "Z-9" in shown(cast, "department", "inspectors")


def test_no_page_carries_an_inline_script_or_style(cast, time_machine):
    run = drawn(cast, time_machine)
    for name, args in (("campaigns", ()), ("campaign", (run.campaign_id,)), ("draw", (run.pk,)), ("inspectors", ())):
        text = shown(cast, "planner", name, *args)
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*src=)|\son\w+=", text), name
