"""The supervision sampling of the demo: something to do for every role, in every stage, with clocks that run today."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.demo.built import demo_city

from qualipolis.city.core.models import Event, Grant, Person
from qualipolis.city.core.verification import verify_ledger
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.draws import bundle as draw_bundle
from qualipolis.city.supervise.models import (
    Assignment,
    Campaign,
    DrawRun,
    HandlingCase,
    HigherLevelTask,
    InspectorProfile,
    ItemFact,
    Objection,
    PlanLine,
    Publication,
    Recheck,
    Result,
    ResultFact,
    Sample,
    SamplingPlan,
    SamplingRule,
    SamplingTask,
    ServedResult,
    StratumSize,
    TestReport,
)
from qualipolis.city.supervise.results.clocks import window_until
from qualipolis.demo.scale import YEARS
from qualipolis.demo.supervision_words import ITEMS


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    with demo_city(tmp_path_factory.mktemp("home"), django_db_blocker) as home:
        yield home


def played(role):
    return Person.objects.select_related("organisation").get(demo_role=role)


def test_every_sample_of_the_six_years_is_a_counted_batch_of_the_same_number(filled):
    history = ResultFact.objects.filter(year__in=YEARS)
    records = SourceRecord.objects.filter(kind="sample", happened_on__year__in=YEARS)
    assert set(history.values_list("number", flat=True)) == set(records.values_list("number", flat=True))
    assert not history.filter(synthetic=False).exists()
    assert not history.filter(enterprise=None).exists() and not history.filter(cluster=None).exists()
    verdicts = dict(history.exclude(verdict="").values_list("number", "verdict"))
    outcomes = dict(records.filter(outcome__in=("pass", "fail")).values_list("number", "outcome"))
    assert verdicts == outcomes


def test_strata_have_sizes_and_failed_batches_their_failed_item(filled):
    strata = set(StratumSize.objects.values_list("year", "stratum"))
    weighted = ResultFact.objects.filter(year__in=YEARS, weight__isnull=False)
    assert set(weighted.values_list("year", "stratum").distinct()) <= strata
    failed = ResultFact.objects.filter(year__in=YEARS, verdict="fail")
    assert failed.exclude(items__failed=True).count() == 0
    assert ItemFact.objects.filter(fact__year__in=YEARS, fact__verdict="pass", failed=True).count() == 0


def test_every_class_has_rules_and_the_plan_repeats_no_higher_level(filled):
    assert set(SamplingRule.objects.values_list("category", flat=True)) == set(ITEMS)
    assert SamplingRule.objects.get(category="儿童服装", version=2).replaces.version == 1
    higher = set(HigherLevelTask.objects.values_list("year", "category"))
    lines = set(PlanLine.objects.values_list("plan__year", "category"))
    assert lines and not lines & higher


def test_the_next_plan_waits_for_the_leader_and_this_years_is_public(filled):
    year = timezone.localdate().year
    assert SamplingPlan.objects.get(year=year).status == "public"
    assert SamplingPlan.objects.get(year=year + 1).status == "submitted"


def test_there_is_a_campaign_in_every_stage(filled):
    stages = Counter(Campaign.objects.values_list("status", flat=True))
    assert set(stages) >= {"contracted", "rules_public", "sampling", "testing", "settled"}
    assert not Campaign.objects.filter(synthetic=False).exists()
    waiting = DrawRun.objects.get(status="committed")
    assert waiting.source_at < timezone.now() and not waiting.seed
    assert Campaign.objects.filter(status="rules_public", draws=None).exists()
    assert Publication.objects.filter(status="published").exists()


def test_every_published_draw_of_the_demo_can_be_replayed(filled):
    runs = DrawRun.objects.filter(status="published")
    assert runs.count() >= 4
    assert all(draw_bundle.verify(run).holds for run in runs)


def test_the_inspector_has_firms_to_go_to_with_another_inspector(filled):
    person = played("inspector")
    tasks = SamplingTask.objects.filter(assignments__person=person, status="assigned", campaign__status="sampling")
    assert tasks.count() >= 2
    assert all(task.assignments.count() == 2 for task in tasks)
    assert InspectorProfile.objects.count() >= 10
    assert not Assignment.objects.filter(probability=None).exists()


def test_the_laboratory_has_something_to_receive_to_enter_and_to_sign(filled):
    mine = Institution.objects.get(code=played("laboratory").organisation.code)
    samples = Sample.objects.filter(laboratory=mine, part="test")
    assert samples.filter(status="in_transit").exists() and samples.filter(status="testing").exists()
    waiting = TestReport.objects.filter(laboratory=mine, status="checked")
    assert waiting.exists()
    assert {row.submitted_by for row in waiting} == {played("laboratory")} != {played("laboratory-2")}


def test_the_firm_has_a_failed_result_and_days_left_to_object(filled):
    firm = played("enterprise").organisation.code
    service = ServedResult.objects.select_related("result").get(enterprise__credit_code=firm, result__verdict="fail")
    assert service.result.status == "objection_window"
    assert timezone.localdate() <= window_until(service) <= timezone.localdate() + timedelta(days=30)


def test_an_objection_waits_and_another_led_to_a_recheck_elsewhere(filled):
    assert Objection.objects.filter(status="received", kind="process").exists()
    recheck = Recheck.objects.select_related("result__report").get(status="designated")
    assert recheck.laboratory_id != recheck.result.report.laboratory_id
    assert recheck.laboratory.code == played("laboratory-3").organisation.code
    assert Sample.objects.filter(part="backup", status="called", laboratory=recheck.laboratory).exists()


def test_the_branch_has_failed_results_in_handling_and_one_was_cancelled_by_a_reversal(filled):
    branch = played("inspector").organisation
    assert set(HandlingCase.objects.filter(handler=branch).values_list("status", flat=True)) >= {"review_requested"}
    reversed_one = Result.objects.get(reversed_on__isnull=False)
    assert (reversed_one.first_verdict, reversed_one.verdict) == ("fail", "pass")
    assert set(reversed_one.handling.values_list("status", flat=True)) == {"cancelled"}
    assert Publication.objects.filter(version=2, reason__contains=reversed_one.number).exists()


def test_no_day_of_the_story_lies_in_the_future_and_the_ledger_holds(filled):
    told = Event.objects.filter(verb__startswith="supervise.").order_by("seq")
    moments = list(told.values_list("at", flat=True))
    assert len(moments) > 500 and moments == sorted(moments) and moments[-1] <= timezone.now()
    assert verify_ledger().finding is None
    assert not Grant.objects.filter(valid_from__gt=moments[0].date(), person__demo_role__gt="").exists()
    for model, field in ((SamplingTask, "sampled_on"), (Result, "reported_on"), (ServedResult, "served_on")):
        assert not model.objects.filter(**{f"{field}__gt": timezone.localdate()}).exists()


def test_the_clock_of_the_story_is_put_back(filled):
    from datetime import UTC, datetime

    assert abs((timezone.now() - datetime.now(tz=UTC)).total_seconds()) < 5
