"""What is checked of a report: each check can fail alone, and a failed one keeps the report from being delivered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.city.nqi.cast import Cast, order_in
from tests.city.nqi.service_steps import reported, signatory

from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Order, ServiceReport
from qualipolis.city.registry.models import ScopeItem
from qualipolis.methods.problems import InputError


def failed(report: ServiceReport) -> list[str]:
    return [one["code"] for one in report.checks if not one["ok"]]


def items(order: Order, **more: Any) -> list[dict[str, Any]]:
    return [{"line": line.position, "standard": line.standard} | more for line in order.lines.all()]


def test_a_sound_report_passes_every_check_and_is_delivered(cast: Cast) -> None:
    order = order_in(cast, "in_service")
    report = reported(cast, order)
    assert failed(report) == [] and len(report.checks) == 9
    assert service.deliver_report(cast["laboratory"], order).status == "delivered"
    order.demand.refresh_from_db()
    assert order.demand.status == "delivered" and order.demand.outcome == "served"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"cma_mark": False}, "cma_mark"),
        ({"certificate": "CMA-LAB2"}, "certificate"),
        ({"certificate": ""}, "certificate"),
        ({"signatory": "未登记的人"}, "signatory"),
        ({"items": []}, "items"),
        ({"items": [{"line": 1, "standard": "GB 31701-2015"}]}, "items"),
        ({"items": [{"line": n, "standard": "GB 18401-2010"} for n in (1, 2)]}, "items"),
        (
            {"items": [{"line": n, "standard": "GB 31701-2015", "subcontractor": "丁所"} for n in (1, 2)]},
            "subcontracting",
        ),
    ],
)
def test_each_check_can_fail_alone_and_keeps_the_report_back(cast: Cast, given: dict[str, Any], code: str) -> None:
    order = order_in(cast, "in_service")
    assert failed(reported(cast, order, **given)) == [code]
    with pytest.raises(InputError) as refusal:
        service.deliver_report(cast["laboratory"], order)
    assert [one.code for one in refusal.value.problems] == ["failed_checks"]


def test_a_signatory_signs_in_the_fields_and_the_time_of_the_authorisation(cast: Cast) -> None:
    today = timezone.localdate()
    ScopeItem.objects.filter(qualification__institution=cast.laboratory).update(field="纺织品")
    other = signatory(cast.laboratory, "乙")
    other.fields = "食品、化工"
    other.save()
    signatory(cast.laboratory, "丙", left_on=today)
    signatory(cast.laboratory, "丁", valid_to=today - timedelta(days=1))
    notes = {}
    for name in "乙丙丁":
        report = reported(cast, order_in(cast, "in_service"), signatory=name)
        notes[name] = next((one["ok"], one["note"]) for one in report.checks if one["code"] == "signatory")
    assert notes == {"乙": (False, "field"), "丙": (False, "not_valid"), "丁": (False, "not_valid")}
    other.fields = "食品、纺织品"
    other.save()
    assert failed(reported(cast, order_in(cast, "in_service"), signatory="乙")) == []


def test_days_follow_each_other_and_none_lies_ahead(cast: Cast) -> None:
    today = timezone.localdate()
    order = order_in(cast, "in_service", placed_on=today - timedelta(days=9))
    assert failed(reported(cast, order, tested_on=today - timedelta(days=1))) == ["days"]
    for day in (today + timedelta(days=1), today - timedelta(days=30)):
        with pytest.raises(InputError):
            reported(cast, order_in(cast, "in_service"), tested_on=day)


def test_a_report_that_was_sent_back_stays_to_be_seen_and_the_next_one_counts(cast: Cast) -> None:
    order = order_in(cast, "in_service")
    first = reported(cast, order, cma_mark=False)
    service.replace_report(cast["laboratory"], order, "漏盖资质认定标志")
    second = reported(cast, Order.objects.get(pk=order.pk))
    first.refresh_from_db()
    assert (first.version, second.version) == (1, 2) and first.replaced_on and first.replaced_why == "漏盖资质认定标志"
    assert service.deliver_report(cast["laboratory"], order).status == "delivered"
