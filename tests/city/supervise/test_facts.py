"""What is counted follows the work; the rate of the law, of the page and of the lake are one number."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.city.supervise.cast import (
    SYSTEM,
    make_campaign,
    make_report,
    make_result,
    make_sample,
    make_task,
)

from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import run_sweeps
from qualipolis.city.measure.facts import take_snapshot
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.supervise.models import DrawnUnit, DrawRun, HandlingCase, ResultFact, StratumSize
from qualipolis.city.supervise.statistics import facts, rates, strata
from qualipolis.city.supervise.statistics import marks as fact_marks
from qualipolis.lake.engine import duckdb_engine
from qualipolis.law.supervision.pass_rate import closures, pass_rate_parts, refusals


def record_of(number):
    return SourceRecord.objects.get(kind="sample", number=number)


def told(result):
    tell(SYSTEM, "supervise.result_moved", result)
    return ResultFact.objects.get(number=result.sample.task.number)


def lake_rate(code, year):
    """Sum of numerators and denominators of a metric over all units, from a snapshot taken now."""
    with duckdb_engine(take_snapshot()) as engine:
        rows = [row for row in engine.compute({code})[code].to_pylist() if row["year"] == year]
    return sum(row["numerator"] for row in rows), sum(row["denominator"] for row in rows)


def test_a_result_counts_when_it_is_final_and_not_before(cast):
    found = make_result(cast, status="notified", verdict="fail")
    fact = told(found)
    assert (fact.status, fact.verdict, record_of(fact.number).outcome) == ("notified", "", "pending")
    found.status = "final"
    found.save()
    fact = told(found)
    assert (fact.verdict, record_of(fact.number).outcome) == ("fail", "fail")
    assert {(one.name, one.failed) for one in fact.items.all()} == {("甲醛含量", True), ("pH值", False)}


@pytest.mark.parametrize(
    ("task", "outcome", "place"),
    [
        ("refusal_reported", "refused", "out"),
        ("replaced", "not_sampled", "out"),
        ("unlawful_reported", "not_sampled", "out"),
    ],
)
def test_a_task_that_ended_without_a_sample_is_counted_as_what_it_is(cast, task, outcome, place):
    row = make_task(cast, status=task)
    tell(SYSTEM, "supervise.task_ended", row)
    fact = ResultFact.objects.get(number=row.number)
    assert record_of(row.number).outcome == outcome and facts.standing(fact.status, fact.verdict) == place


@pytest.mark.parametrize("status", ["rejected_at_lab", "stopped", "untestable"])
def test_a_sample_that_came_to_nothing_is_outside_the_rate_but_was_no_refusal(cast, status):
    sample = make_sample(cast, status=status)
    tell(SYSTEM, "supervise.sample_untestable", sample)
    fact = ResultFact.objects.get(number=sample.task.number)
    assert fact.status == status and rates.refused(rates.rows()).whole == 1
    assert record_of(fact.number).outcome in ("voided", "untestable")


def test_a_task_that_is_under_way_is_not_counted(cast):
    assert facts.count_task(make_task(cast, status="on_site")) is None and not ResultFact.objects.exists()


@pytest.fixture
def mixed(cast):
    """Results of every kind in one year: counted, open, voided, refused, of other purposes, by hand, reviews."""
    random, risk = make_campaign(cast), make_campaign(cast, purpose="risk")
    for status, verdict in (
        [("final", "pass")] * 5 + [("final", "fail")] * 2 + [("under_objection", "fail"), ("voided", "fail")]
    ):
        told(_result(cast, random, status, verdict))
    for status, verdict in [("final", "fail"), ("final", "pass"), ("notified", "pass")]:
        told(_result(cast, risk, status, verdict))
    told(_result(cast, random, "final", "fail", chosen_by_hand=True))
    first = _result(cast, random, "final", "fail")
    told(first)
    told(_result(cast, random, "final", "fail", follows=first))
    for status in ("refused", "replaced", "stopped_unlawful"):
        facts.count_task(make_task(cast, random, status=status))
    facts.count_task(make_sample(cast, make_task(cast, random, status="voided"), status="rejected_at_lab").task)
    return cast


def _result(cast, campaign, status, verdict, **task):
    row = make_task(cast, campaign, status="completed", sampled_on=timezone.localdate(), **task)
    report = make_report(cast, make_sample(cast, row, status="reported"), status="accepted", verdict=verdict)
    return make_result(cast, status=status, verdict=verdict, report=report)


def test_the_rate_of_the_law_of_the_page_and_of_the_lake_are_one_number(mixed):
    year = timezone.localdate().year
    rows = rates.rows(years=[year])
    for purpose, code in (("random", "PQ01"), ("risk", "PQ02")):
        law = pass_rate_parts(rows, purpose)
        page = rates.rate_of(rows, purpose, year).parts
        above, below = lake_rate(code, year)
        assert (page.passed, page.n, page.outcomes) == (law.passed, law.n, law.outcomes)
        assert (above if code == "PQ01" else below - above, below) == (law.passed, law.n)
    assert rates.rate_of(rows, "random", year).parts.rate == pytest.approx(5 / 8)


def test_refusals_of_the_law_of_the_page_and_of_the_lake_are_one_number(mixed):
    from qualipolis.city.supervise.models import SamplingTask

    year = timezone.localdate().year
    counted = ResultFact.objects.values_list("number", flat=True)
    law = refusals({"state": one.status} for one in SamplingTask.objects.filter(number__in=counted))
    page = rates.refused(rates.rows(years=[year]))
    assert (page.part, page.whole) == (law.part, law.whole) == tuple(map(int, lake_rate("PQ06", year)))


def test_what_is_left_out_is_told_with_its_reason(mixed):
    found = rates.rate_of(rates.rows(), "random", timezone.localdate().year)
    assert sum(one.rows for one in found.reasons) == len(found.parts.excluded)
    assert found.parts.provisional and any("chosen by hand" in one.why for one in found.reasons)
    assert {rate.purpose for rate in rates.rates(timezone.localdate().year)} == {"random", "risk"}


def test_rows_and_records_that_part_are_found(mixed):
    year = timezone.localdate().year
    assert rates.differences(year) == []
    number = ResultFact.objects.filter(status="final").first().number
    SourceRecord.objects.filter(number=number).update(outcome="pending")
    SourceRecord.objects.create(kind="sample", number="X-1", unit=mixed.units[0], happened_on=timezone.localdate())
    assert rates.differences(year) == sorted([number, "X-1"])
    run_sweeps(timezone.now())
    assert rates.differences(year) == ["X-1"]


def test_counting_twice_changes_nothing(mixed):
    before = list(SourceRecord.objects.values_list("number", "outcome", "purpose", "flags"))
    facts.recount()
    assert list(SourceRecord.objects.values_list("number", "outcome", "purpose", "flags")) == before


def make_case(cast, result, **more):
    values = {"enterprise": cast.firms[0], "unit": cast.units[0], "handler": cast.branch, "number": f"HC{result.pk}"}
    return HandlingCase.objects.create(result=result, **values | more)


def test_a_review_becomes_due_with_the_day_and_before_each_snapshot(cast, time_machine):
    today = timezone.localdate()
    found = make_result(cast, status="final")
    case = make_case(cast, found, status="correcting", review_by=today + timedelta(days=5))
    number = told(found).number
    assert record_of(number).flags == ""
    time_machine.move_to(today + timedelta(days=8))
    assert lake_rate("PQ04", today.year) == (0, 1) and record_of(number).flags == "order_due review_due"
    assert rates.marked(today.year, "order_due", "order_in_time").whole == 1
    case.passed_on, case.status = today + timedelta(days=4), "passed"
    case.save()
    tell(SYSTEM, "supervise.handling_moved", case)
    law = closures(
        [{"state": "passed", "review_by": case.review_by, "passed_on": case.passed_on}], timezone.localdate()
    )
    assert lake_rate("PQ04", today.year) == (law.part, law.whole) == (1, 1)


@pytest.mark.parametrize(
    ("more", "marks"),
    [
        ({"status": "cancelled", "review_by": date(2020, 1, 1)}, []),
        ({"status": "correcting", "review_by": None}, []),
        ({"status": "passed", "review_by": date(2020, 1, 1), "passed_on": date(2020, 2, 1)},
         ["order_due", "review_due", "review_passed"]),
    ],
)  # fmt: skip
def test_marks_follow_the_case(cast, more, marks):
    found = make_result(cast, status="final")
    assert fact_marks.case_marks([make_case(cast, found, **more)], date(2021, 1, 1)) == marks


def test_the_second_failure_of_a_product_in_24_months_is_a_repetition(cast):
    campaign = make_campaign(cast)
    first = _result(cast, campaign, "final", "fail")
    told(first)
    second = told(_result(cast, campaign, "final", "fail"))
    assert record_of(second.number).flags == "repeat" and record_of(first.sample.task.number).flags == ""
    first.verdict, first.status = "pass", "final"
    first.save()
    told(first)
    assert record_of(second.number).flags == ""


def test_a_failure_more_than_24_months_ago_is_none(cast):
    campaign = make_campaign(cast)
    old = _result(cast, campaign, "final", "fail")
    task = old.sample.task
    task.sampled_on = timezone.localdate() - timedelta(days=800)
    task.save()
    told(old)
    assert "repeat" not in record_of(told(_result(cast, campaign, "final", "fail")).number).flags


def drawn_task(cast, probability, size=1.0, campaign=None, replaces=None, kind="drawn"):
    campaign = campaign or make_campaign(cast)
    draw = campaign.draws.first() or DrawRun.objects.create(campaign=campaign)
    position = draw.units.count() + 1
    unit = DrawnUnit.objects.create(
        draw=draw, position=position, kind=kind, key=f"K{position}", stratum="T1-C", enterprise=cast.firms[position],
        size=size, probability=probability, ticket="0",
    )  # fmt: skip
    return make_task(cast, campaign, status="completed", draw=draw, drawn=unit, replaces=replaces)


def test_a_row_carries_stratum_and_weight_of_its_draw(cast):
    place = strata.place_of(drawn_task(cast, 0.125))
    assert place.weight == 8 and place.stratum.endswith("/production/T1-C") and place.unit == cast.firms[0].credit_code


def test_a_unit_of_the_reserve_takes_the_weight_of_the_one_it_stands_for(cast):
    first = drawn_task(cast, 0.2, size=40)
    second = drawn_task(cast, None, size=10, campaign=first.campaign, replaces=first, kind="reserve")
    third = drawn_task(cast, float("nan"), size=20, campaign=first.campaign, replaces=second, kind="reserve")
    assert strata.weight_of(second) == pytest.approx(20) and strata.weight_of(third) == pytest.approx(10)


def test_a_task_chosen_by_hand_has_no_weight(cast):
    task = make_task(cast, chosen_by_hand=True)
    assert strata.place_of(task).weight is None and strata.place_of(task).stratum == ""


def test_the_sizes_of_strata_come_from_the_frozen_frame(cast):
    from qualipolis.city.core.attachments import store

    task = drawn_task(cast, 0.5)
    frame = b"id,stratum,size\na,T1-C,1\nb,T1-C,1\nc,T2-D,1\n"
    draw = task.draw
    draw.frame = store(SYSTEM, draw, "frame.csv", [frame])
    draw.save()
    task.refresh_from_db()
    facts.count_task(task)
    sizes = {one.stratum.rsplit("/", 1)[1]: one.units for one in StratumSize.objects.all()}
    assert sizes == {"T1-C": 2, "T2-D": 1}
