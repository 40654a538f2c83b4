"""Who the draw may meet, who is left out and why; the same product is not sampled twice within six months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.city.supervise.cast import CATEGORY, STANDARD, make_campaign, make_task

from qualipolis.city.registry.models import Product
from qualipolis.city.supervise.draws import frames, frequency
from qualipolis.city.supervise.draws.samplers import blocked
from qualipolis.city.supervise.models import ResultFact, SamplingForm
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws.frame import digest_of

KEYS = {"category": CATEGORY, "standard": STANDARD}


def lines(built):
    return [line.split(",") for line in built.data.decode().splitlines()[1:]]


def sampled(cast, days_ago, number=0, **more):
    """A task of an older campaign whose sample was taken some days ago."""
    day = timezone.localdate() - timedelta(days=days_ago)
    chosen = cast.firms[number]
    return make_task(cast, make_campaign(cast), status="completed", sampled_on=day, enterprise=chosen, **more)


def fact(cast, days_ago, **more):
    day = timezone.localdate() - timedelta(days=days_ago)
    values = {"number": f"S{days_ago}", "year": day.year, "sampled_on": day, "purpose": "random", "unit": cast.units[0]}
    values |= {"enterprise": cast.firms[0], "category": CATEGORY, "status": "final", "verdict": "pass"}
    return ResultFact.objects.create(**values | more)


def test_a_frame_holds_every_firm_of_the_class_by_credit_code_town_and_size(cast):
    built = frames.build(make_campaign(cast))
    assert built.rows == 6 and built.sha256 == digest_of(built.data) and built.left_out == ()
    assert lines(built)[0] == [cast.firms[1].credit_code, "T1-C", "1"]
    assert {row[1] for row in lines(built)} == {"T1-C", "T2-D", "T2-C"}  # 10 to 60 employees in two towns


def test_strata_and_sizes_are_chosen_in_the_rule(cast):
    row = make_campaign(cast)
    by_cluster = frames.build(row, frames.FrameRule("enterprise", "cluster", "employees"))
    assert {line[1] for line in lines(by_cluster)} == {"textiles"}
    assert [line[2] for line in lines(by_cluster)] == [f"{10 * n}" for n in range(1, 7)]
    assert {line[1] for line in lines(frames.build(row, frames.FrameRule("enterprise", "none", "one")))} == {""}
    with pytest.raises(InputError):
        frames.FrameRule("enterprise", "moon", "one")


def test_a_frame_of_products_tells_two_of_one_name_apart(cast):
    Product.objects.create(enterprise=cast.firms[0], name_zh="童装1", category=CATEGORY)
    found = [line[0] for line in lines(frames.build(make_campaign(cast), frames.FrameRule("product", "none", "one")))]
    code = cast.firms[0].credit_code
    assert len(found) == 7 and {f"{code}/童装1", f"{code}/童装1 #2"} <= set(found)


def test_closed_firms_and_other_classes_are_not_met(cast):
    closed = cast.firms[0]
    closed.closed_on = timezone.localdate()
    closed.save()
    Product.objects.filter(enterprise=cast.firms[1]).update(category="灯具")
    built = frames.build(make_campaign(cast))
    assert built.rows == 4 and built.counts == {"closed": 1}


@pytest.mark.parametrize("days,blocked_too", [(30, True), (170, True), (200, False)])
def test_a_product_sampled_within_six_months_is_left_out_with_its_day(cast, days, blocked_too):
    sampled(cast, days)
    built = frames.build(make_campaign(cast))
    assert built.counts == ({"recent": 1} if blocked_too else {})
    assert [one.key for one in built.left_out] == ([cast.firms[0].credit_code] if blocked_too else [])


def test_an_older_counted_batch_bars_as_well(cast):
    fact(cast, 20)
    assert frames.build(make_campaign(cast)).counts == {"recent": 1}


def test_follow_ups_and_emergencies_may_repeat(cast):
    fact(cast, 20, verdict="fail")
    assert frames.build(make_campaign(cast, purpose="emergency")).counts == {}
    built = frames.build(make_campaign(cast, purpose="follow_up"))
    assert lines(built) == [[cast.firms[0].credit_code, "T2-D", "1"]]  # only the firm that failed


def test_a_firm_about_to_be_sampled_by_another_campaign_is_left_out(cast):
    make_task(cast, make_campaign(cast), status="drawn")
    assert frames.build(make_campaign(cast)).counts == {"under_way": 1}


def test_exemptions_of_a_later_room_leave_out_too(cast, monkeypatch):
    monkeypatch.setattr(frames, "EXEMPTIONS", [])
    frames.exempts(lambda category, on: {cast.firms[2].pk: "2027-01-01"})
    assert frames.build(make_campaign(cast)).counts == {"exempt": 1}
    assert frames.build(make_campaign(cast, purpose="risk")).counts == {}


def test_the_larger_risk_is_the_larger_size(cast):
    fact(cast, 400, verdict="fail")
    fact(cast, 300, enterprise=cast.firms[1])
    found = frames.build(make_campaign(cast, purpose="risk"), frames.FrameRule("enterprise", "none", "risk"))
    assert [line[2] for line in lines(found)] == ["4", "1", "2", "2", "2", "2"]


def test_a_frame_without_anybody_says_so(cast):
    Product.objects.all().delete()
    with pytest.raises(InputError) as error:
        frames.build(make_campaign(cast))
    assert error.value.problems[0].code == "empty_frame"


def test_the_last_day_of_the_term_is_still_barred(cast):
    task = sampled(cast, 0)
    task.sampled_on = date(2026, 1, 31)
    task.save()
    assert frequency.blocked_until(cast.firms[0], KEYS, date(2026, 7, 31)) == date(2026, 7, 31)
    assert frequency.blocked_until(cast.firms[0], KEYS, date(2026, 8, 1)) is None
    assert frequency.blocked_until(cast.firms[0], KEYS, date(2026, 7, 31), "emergency") is None


def test_brand_and_model_tell_products_apart_once_they_are_known(cast):
    task = sampled(cast, 30)
    SamplingForm.objects.create(
        task=task, number="CY1", standard=STANDARD, brand="甲", model="A", producer=cast.firms[0]
    )
    today, firm = timezone.localdate(), cast.firms[0]
    assert frequency.blocked_until(firm, KEYS, today)  # nobody knows yet which one it will be
    assert frequency.blocked_until(firm, KEYS | {"brand": "甲", "model": "A"}, today)
    assert frequency.blocked_until(firm, KEYS | {"brand": "甲", "model": "B"}, today) is None
    assert frequency.blocked_until(firm, KEYS | {"standard": "GB 1"}, today) is None


def test_on_site_an_older_batch_of_unknown_brand_proves_nothing(cast):
    fact(cast, 20)
    today, firm = timezone.localdate(), cast.firms[0]
    assert frequency.blocked_until(firm, KEYS, today)
    assert frequency.blocked_until(firm, KEYS | {"brand": "甲", "model": "A"}, today) is None


def test_the_labelled_producer_is_the_one_who_is_barred(cast):
    task = sampled(cast, 30)
    SamplingForm.objects.create(task=task, number="CY1", standard=STANDARD, producer=cast.firms[3])
    today = timezone.localdate()
    assert frequency.blocked_until(cast.firms[0], KEYS, today) is None
    assert frequency.blocked_until(cast.firms[3], KEYS, today)


def test_a_sample_that_was_voided_bars_nobody_and_a_task_not_itself(cast):
    task = sampled(cast, 30)
    assert blocked(task) is None
    task.status = "voided"
    task.save()
    assert frequency.blocked_until(cast.firms[0], KEYS, timezone.localdate()) is None
