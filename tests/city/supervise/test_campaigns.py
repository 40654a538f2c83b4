"""Campaigns: every step, what forbids it, and who may take it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import CATEGORY, make_campaign, make_plan, make_result, make_task, person

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.models import Campaign, Result, SamplingPlan, SamplingRule
from qualipolis.city.supervise.planning import campaigns, plans
from qualipolis.methods.problems import InputError


def codes(error):
    return {problem.code for problem in error.value.problems}


def drafted(cast, **more):
    values = {"sampling_body": cast.branch, "laboratory": cast.laboratory, "scheme_zh": "范围、分工、进度"}
    return campaigns.create_campaign(cast["planner"], cast.bureau, cast.rule, 3, **values | more)


def public(cast):
    row = campaigns.contract(cast["department"], drafted(cast), "合同1号")
    return campaigns.publish_rules(cast["planner"], campaigns.approve(cast["leader"], row, "批1号"))


def test_it_goes_from_draft_to_archive(cast, time_machine):
    row = public(cast)
    with pytest.raises(InputError) as error:
        campaigns.begin(cast["planner"], row)
    assert codes(error) == {"rules_not_public"}  # public today, sampling on a later day
    time_machine.move_to(timezone.now() + timedelta(days=1))
    row = campaigns.begin(cast["planner"], row)
    assert row.begins_on == timezone.localdate()
    task = make_task(cast, row, status="assigned")
    with pytest.raises(InputError) as error:
        campaigns.end_sampling(cast["planner"], row)
    assert codes(error) == {"open_tasks"}
    type(task).objects.update(status="completed")
    row = campaigns.end_sampling(cast["planner"], row)
    row = campaigns.archive(cast["planner"], campaigns.settle(cast["planner"], row))
    assert campaigns.reopen(cast["leader"], row, "复检改判", "函1号").status == "testing"


def test_who_samples_does_not_test_except_on_site(cast):
    body = Organisation.objects.get(code=cast.laboratory.code)
    row = drafted(cast, sampling_body=body)
    with pytest.raises(InputError) as error:
        campaigns.contract(cast["planner"], row, "合同")
    assert codes(error) == {"same_body"}
    row = campaigns.edit_campaign(cast["planner"], row, on_site_test=True)
    assert campaigns.contract(cast["planner"], row, "合同").status == "contracted"


def test_without_both_bodies_there_is_no_agreement(cast):
    with pytest.raises(InputError) as error:
        campaigns.contract(cast["planner"], drafted(cast, laboratory=None), "合同")
    assert codes(error) == {"no_body"}


def test_scheme_and_rules_stand_before_they_are_approved_and_public(cast):
    row = campaigns.contract(cast["planner"], drafted(cast, scheme_zh=""), "合同")
    with pytest.raises(InputError) as error:
        campaigns.approve(cast["leader"], row, "批1号")
    assert codes(error) == {"no_scheme"}
    row = campaigns.edit_campaign(cast["planner"], row, scheme_zh="范围")
    row = campaigns.approve(cast["leader"], row, "批1号")
    SamplingRule.objects.update(published_on=None)
    with pytest.raises(InputError) as error:
        campaigns.publish_rules(cast["planner"], Campaign.objects.get(pk=row.pk))
    assert codes(error) == {"rule_not_public"}


def test_after_the_agreements_bodies_and_size_stay(cast):
    row = campaigns.contract(cast["planner"], drafted(cast), "合同")
    with pytest.raises(InputError) as error:
        campaigns.edit_campaign(cast["planner"], row, size=99)
    assert codes(error) == {"contracted"}
    row = campaigns.approve(cast["leader"], row, "批")
    with pytest.raises(InputError) as error:
        campaigns.edit_campaign(cast["planner"], row, scheme_zh="改")
    assert codes(error) == {"campaign_fixed"}


def test_it_does_not_end_without_a_task_nor_settle_before_every_result_is_final(cast):
    row = make_campaign(cast)
    with pytest.raises(InputError) as error:
        campaigns.end_sampling(cast["planner"], row)
    assert codes(error) == {"no_tasks"}
    result = make_result(cast, status="objection_window")
    found = result.sample.task.campaign
    Campaign.objects.update(status="testing")
    assert campaigns.open_results(found) == 1
    with pytest.raises(InputError) as error:
        campaigns.settle(cast["planner"], found)
    assert codes(error) == {"open_results_left"}
    Result.objects.update(status="final")
    assert campaigns.settle(cast["planner"], found).status == "settled"


def test_it_comes_from_a_line_of_an_approved_plan(cast):
    plan = make_plan(cast)
    line = plans.add_line(cast["planner"], plan, category=CATEGORY, batches=7, purpose="risk", stage="sale", budget=900)
    with pytest.raises(InputError) as error:
        campaigns.from_line(cast["planner"], line)
    assert codes(error) == {"plan_not_approved"}
    SamplingPlan.objects.update(status="public")
    line.plan.refresh_from_db()
    row = campaigns.from_line(cast["department"], line)
    assert (row.size, row.purpose, row.stage, row.budget, row.rule) == (7, "risk", "sale", 900, cast.rule)
    assert row.number.startswith(f"{timezone.localdate().year}-JC")


def test_a_department_of_another_organisation_is_refused(cast):
    other = Organisation.objects.create(code="EDU", kind="department", name_zh="教育局")
    stranger, row = person("stranger", "department", other), drafted(cast)
    for act in (
        lambda: campaigns.contract(stranger, row, "X"),
        lambda: campaigns.edit_campaign(stranger, row, size=2),
        lambda: campaigns.create_campaign(stranger, cast.bureau, cast.rule, 3),
        lambda: campaigns.approve(cast["planner"], row, "X"),
        lambda: campaigns.cancel(cast["department"], row, "X"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert campaigns.cancel(cast["leader"], row, "预算取消").status == "cancelled"


def test_firms_laboratories_and_the_public_see_it_once_its_rules_are_public(cast):
    drafted(cast)
    assert not visible(cast["laboratory"], Campaign.objects.all()).exists()
    public(cast)
    assert (
        visible(None, Campaign.objects.all()).count()
        == 1
        == visible(cast["enterprise"], Campaign.objects.all()).count()
    )
    assert Institution.objects.count() == 2
