"""A recheck has its notice, its term, another laboratory, one backup sample; its conclusion is final."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from tests.city.supervise.cast import laboratory
from tests.city.supervise.result_steps import (
    backup,
    designated,
    food_opened,
    fresh,
    objected,
    opened,
    ordered,
    retested,
    serve,
)

from qualipolis.city.core.models import Event
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.registry.models import ScopeItem
from qualipolis.city.supervise.field import samples
from qualipolis.city.supervise.models import Custody, Seal
from qualipolis.city.supervise.results import objections, recheck_laboratories, rechecks
from qualipolis.city.supervise.results.sweep import finalise_due
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def clock(cast):
    with time_machine.travel(DAY, tick=False) as machine:
        yield machine


@pytest.fixture
def served(cast, clock):
    made = opened(cast)
    serve(cast, made, DAY)
    return made


@pytest.fixture
def recheck(cast, served):
    return ordered(cast, served)


def test_an_ordered_recheck_holds_the_result_and_waits_for_its_notice(cast, served, recheck):
    assert (recheck.status, fresh(served).status) == ("ordered", "under_recheck")
    with pytest.raises(InputError, match="not been served with proof"):
        rechecks.formalities(cast["planner"], recheck)
    with pytest.raises(InputError, match="proof of service"):
        rechecks.serve_notice(cast["planner"], recheck, DAY)
    rechecks.serve_notice(cast["planner"], recheck, DAY, "EMS 9")
    assert fresh(recheck).due_on == date(2026, 3, 9) == deadline("supervision.recheck_formalities", DAY).due
    with pytest.raises(InputError, match="already"):
        rechecks.serve_notice(cast["planner"], recheck, DAY, "EMS 9")


def test_the_firm_does_the_formalities_and_ten_days_to_designate_begin(cast, recheck, clock):
    rechecks.serve_notice(cast["planner"], recheck, DAY, "EMS 9")
    clock.move_to(date(2026, 3, 9))
    rechecks.formalities(cast["enterprise"], recheck)
    row = fresh(recheck)
    assert row.status == "ready" and row.due_on == date(2026, 3, 19)
    assert row.due_on == deadline("supervision.recheck_designate", date(2026, 3, 9)).due


def test_missed_formalities_waive_the_recheck_and_the_first_result_stands(cast, served, recheck, clock):
    rechecks.serve_notice(cast["planner"], recheck, DAY, "EMS 9")
    clock.move_to(date(2026, 3, 9))
    with pytest.raises(InputError, match="still runs"):
        rechecks.waive(cast["planner"], recheck)
    assert finalise_due()["waived"] == 0
    clock.move_to(date(2026, 3, 10))
    with pytest.raises(InputError, match="ended on"):
        rechecks.formalities(cast["enterprise"], recheck)
    assert finalise_due() == {"gone": 0, "waived": 1, "finalised": 0}
    row = fresh(recheck)
    assert (row.status, row.fee_by, fresh(served).status) == ("waived", "nobody", "upheld")
    assert fresh(row.objection).status == "answered" and "视为放弃" in fresh(row.objection).reply
    clock.move_to(date(2026, 3, 18))
    assert finalise_due()["finalised"] == 1


def test_formalities_done_in_time_count_when_they_are_written_down_later(cast, recheck, clock):
    rechecks.serve_notice(cast["planner"], recheck, DAY, "EMS 9")
    clock.move_to(date(2026, 3, 12))
    rechecks.formalities(cast["planner"], recheck, date(2026, 3, 9))
    assert fresh(recheck).status == "ready"


def test_another_laboratory_is_named_and_the_backup_called(cast, served, recheck):
    rechecks.serve_notice(cast["planner"], recheck, DAY, "EMS 9")
    rechecks.formalities(cast["planner"], recheck)
    with pytest.raises(InputError, match="Name the"):
        rechecks.designate(cast["planner"], recheck)
    with pytest.raises(InputError, match="another laboratory"):
        rechecks.designate(cast["planner"], recheck, cast.laboratory)
    rechecks.designate(cast["planner"], recheck, cast.other_laboratory)
    sample = backup(served)
    assert sample.status == "called" and sample.laboratory == cast.other_laboratory
    assert fresh(recheck).status == "designated"


def test_the_first_laboratory_may_recheck_only_when_no_other_is_qualified(cast, served, recheck):
    rechecks.serve_notice(cast["planner"], recheck, DAY, "EMS 9")
    rechecks.formalities(cast["planner"], recheck)
    with pytest.raises(InputError, match="not the only one"):
        rechecks.designate(cast["planner"], recheck, cast.laboratory, only_laboratory=True)
    ScopeItem.objects.filter(qualification__institution=cast.other_laboratory).delete()
    with pytest.raises(InputError, match="outside the scope"):
        rechecks.designate(cast["planner"], recheck, cast.other_laboratory)
    rechecks.designate(cast["planner"], recheck, cast.laboratory, only_laboratory=True)
    assert fresh(recheck).only_laboratory


def test_the_same_conclusion_upholds_and_the_applicant_bears_the_fee(cast, served, recheck, clock):
    designated(cast, recheck, DAY)
    retested(cast, served, "fail")
    row = fresh(recheck)
    assert (row.status, row.fee_by, row.verdict) == ("upheld", "applicant", "fail")
    assert fresh(served).status == "upheld" and fresh(row.objection).status == "answered"
    clock.move_to(date(2026, 3, 18))
    assert finalise_due()["finalised"] == 1 and fresh(served).verdict == "fail"


def test_another_conclusion_reverses_and_the_organiser_bears_the_fee(cast, served, recheck):
    designated(cast, recheck, DAY)
    retested(cast, served, "pass")
    row, result = fresh(recheck), fresh(served)
    assert (row.status, row.fee_by) == ("reversed", "organiser")
    assert (result.status, result.verdict, result.first_verdict, result.reversed_on) == (
        "reversed",
        "pass",
        "fail",
        DAY,
    )
    with pytest.raises(InputError, match="already concluded"):
        objections.order_recheck(cast["planner"], objected(cast, result), "2号")


def test_the_term_of_the_recheck_report_runs_from_the_receipt(cast, served, recheck):
    designated(cast, recheck, DAY)
    sample = backup(served)
    seals = {seal.number: "intact" for seal in sample.seals.all()}
    with pytest.raises(PermissionDenied):
        rechecks.receive_backup(cast["laboratory"], sample, seals)
    rechecks.receive_backup(cast["other_laboratory"], sample, seals, appearance="完好")
    assert fresh(sample).status == "used" and fresh(recheck).due_on == date(2026, 3, 30)
    assert fresh(recheck).due_on == deadline("supervision.recheck_report", DAY).due
    assert Custody.objects.filter(sample=sample).count() == 1 and Seal.objects.get(sample=sample).found == "intact"


@pytest.mark.parametrize("seals", [{}, {"X": "intact"}, "broken"])
def test_a_backup_is_not_opened_without_an_intact_seal(cast, served, recheck, seals):
    designated(cast, recheck, DAY)
    sample = backup(served)
    given = {one.number: seals for one in sample.seals.all()} if isinstance(seals, str) else seals
    with pytest.raises(InputError, match="seal"):
        rechecks.receive_backup(cast["other_laboratory"], sample, given)
    assert fresh(sample).status == "called" and fresh(recheck).status == "designated"


def test_a_backup_spoiled_by_the_firm_ends_the_recheck_and_the_first_result_stands(cast, served, recheck):
    rechecks.spoil(cast["planner"], recheck, "备用样品已被售出")
    row = fresh(recheck)
    assert (row.status, row.fee_by, fresh(served).status) == ("ended_spoiled", "nobody", "upheld")
    assert backup(served).status == "spoiled" and "已被售出" in fresh(row.objection).reply


def test_a_backup_lost_by_the_laboratory_benefits_the_firm(cast, served, recheck, clock):
    designated(cast, recheck, DAY)
    rechecks.report_lost(cast["other_laboratory"], backup(served), "运输途中遗失")
    row = fresh(recheck)
    assert (row.status, row.fee_by, fresh(served).status) == ("backup_lost", "organiser", "under_objection")
    with pytest.raises(InputError):
        objections.dismiss(cast["planner"], row.objection, "不同意")
    objections.uphold_flaw(cast["planner"], row.objection, "备用样品遗失，按有利于企业处理。")
    assert fresh(served).status == "voided"


@pytest.mark.parametrize(("state", "end"), [("lost", "backup_lost"), ("spoiled", "ended_spoiled")])
def test_what_is_recorded_on_the_sample_ends_its_recheck(cast, served, recheck, state, end):
    sample = backup(served)
    sample.status, sample.reason = state, "查验时发现"
    sample.save()
    assert finalise_due()["gone"] == 1 and fresh(recheck).status == end
    assert finalise_due()["gone"] == 0


def test_a_loss_told_by_the_keeper_ends_the_recheck_at_once(cast, served, recheck):
    sample = backup(served)
    sample.status = "lost"
    sample.save()
    tell(cast["inspector"], "supervise.sample_lost", sample)
    assert fresh(recheck).status == "backup_lost"


def test_a_backup_that_the_firm_spoiled_ends_the_recheck_at_once(cast, served, recheck):
    row = samples.spoil_sample(cast["department"], backup(served), "备用样品已被售出")
    assert (row.status, fresh(recheck).status) == ("spoiled", "ended_spoiled")


def test_another_party_who_objected_during_the_recheck_is_still_heard(cast, clock):
    made = opened(cast, producer=cast.firms[1])
    serve(cast, made, DAY)
    serve(cast, made, DAY, "producer")
    recheck = ordered(cast, made)
    second = objected(cast, made, "process", "producer")
    assert fresh(made).status == "under_recheck"
    designated(cast, recheck, DAY)
    retested(cast, made, "fail")
    assert fresh(made).status == "under_objection"
    objections.dismiss(cast["planner"], second, "不成立")
    clock.move_to(date(2026, 3, 18))
    assert finalise_due()["finalised"] == 1 and fresh(made).final_on == date(2026, 3, 18)


def test_one_recheck_runs_at_a_time(cast, clock):
    made = opened(cast, producer=cast.firms[1])
    serve(cast, made, DAY)
    serve(cast, made, DAY, "producer")
    ordered(cast, made)
    second = objected(cast, made, "conclusion", "producer")
    with pytest.raises(InputError, match="under way already"):
        objections.order_recheck(cast["planner"], second, "2号")


def test_the_ledger_of_the_laboratory_names_no_firm(cast, served, recheck):
    designated(cast, recheck, DAY)
    retested(cast, served, "pass")
    said = "".join(Event.objects.filter(actor=cast["other_laboratory"].username).values_list("payload", flat=True))
    firm = served.sample.task.enterprise
    assert said and firm.name_zh not in said and firm.credit_code not in said and served.number not in said


# food: its own clocks, lots for the laboratory, no exception


@pytest.fixture
def food(cast, clock):
    clock.move_to(date(2026, 9, 29))
    made = food_opened(cast)
    serve(cast, made, date(2026, 9, 29))
    return ordered(cast, made)


def test_an_application_for_food_is_accepted_or_refused_on_a_ground(cast, food, clock):
    assert food.status == "applied" and food.due_on == date(2026, 10, 12)
    assert food.due_on == deadline("food.recheck_decision", date(2026, 9, 29)).due
    with pytest.raises(InputError, match="grounds"):
        rechecks.refuse_application(cast["planner"], food, "colour", "不予复检")
    rechecks.refuse_application(cast["planner"], food, "microbiology", "微生物项目不予复检。")
    assert fresh(food).status == "refused" and fresh(food.result).status == "upheld"
    assert "微生物" in fresh(food.objection).reply


def test_the_laboratory_of_food_is_drawn_and_anyone_replays_it(cast, food):
    third = laboratory("LAB3", cast.units[0])
    rechecks.accept(cast["planner"], food)
    with pytest.raises(InputError, match="drawn at random"):
        rechecks.designate(cast["planner"], food, cast.other_laboratory)
    with pytest.raises(InputError, match="seed"):
        rechecks.designate(cast["planner"], food)
    rechecks.designate(cast["planner"], food, seed="26109", seed_source="福彩3D第2026265期")
    row = fresh(food)
    assert {one["code"] for one in row.draw_lots} == {"LAB2", "LAB3"}
    assert row.laboratory in (third, cast.other_laboratory) and recheck_laboratories.replays(row)
    assert row.laboratory.code == min(row.draw_lots, key=lambda lot: lot["ticket"])["code"]
    row.draw_seed = "26108"
    assert not recheck_laboratories.replays(row)


def test_food_has_no_exception_for_the_only_laboratory(cast, food):
    ScopeItem.objects.filter(qualification__institution=cast.other_laboratory).delete()
    rechecks.accept(cast["planner"], food)
    with pytest.raises(InputError, match="No other laboratory"):
        rechecks.designate(cast["planner"], food, seed="1", seed_source="摇号")
    with pytest.raises(InputError, match="another laboratory"):
        rechecks.designate(cast["planner"], food, cast.laboratory, only_laboratory=True)


def test_the_report_of_a_food_recheck_is_due_in_ten_working_days(cast, food, clock):
    rechecks.accept(cast["planner"], food)
    rechecks.designate(cast["planner"], food, seed="7", seed_source="摇号")
    retested(cast, food.result, "pass")
    told = Event.objects.get(verb="supervise.begin_recheck")
    assert told and fresh(food).status == "reversed" and fresh(food.result).verdict == "pass"


def test_the_clock_of_the_food_recheck_report(cast, food):
    rechecks.accept(cast["planner"], food)
    rechecks.designate(cast["planner"], food, seed="7", seed_source="摇号")
    sample = backup(food.result)
    rechecks.receive_backup(cast["other_laboratory"], sample, {s.number: "intact" for s in sample.seals.all()})
    assert fresh(food).due_on == deadline("food.recheck_report", date(2026, 9, 29)).due == date(2026, 10, 19)
