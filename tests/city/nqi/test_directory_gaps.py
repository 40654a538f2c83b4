"""Gaps in capability: recorded once, counted again, planned, filled only when a valid scope says so."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.nqi.cast import Cast, demand_in, institution

from qualipolis.city.core.policy import visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import CapabilityGap
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
LINE = ("testing", "头盔", "吸收碰撞能量", "GB 811-2022")


@pytest.fixture
def gap(cast: Cast) -> CapabilityGap:
    return service.record_gap(cast["nqi_desk"], demand_in(cast, "escalated"), *LINE)


def test_it_is_one_record_however_it_is_worded(cast, gap):
    again = service.record_gap(
        cast["nqi_desk"], demand_in(cast, "escalated"), "testing", "摩托车头盔", "碰撞", "gb811—2022"
    )
    assert (again.pk, gap.asks.count()) == (gap.pk, 2)


def test_it_counts_a_demand_once(cast):
    demand = demand_in(cast, "escalated")
    first = service.record_gap(cast["nqi_desk"], demand, *LINE)
    service.record_gap(cast["nqi_desk"], demand, *LINE)
    assert first.asks.count() == 1


def test_it_is_not_recorded_where_somebody_can(cast):
    institution("HEL1", "laboratory", cast.unit, "cma", [("头盔", "吸收碰撞能量", "GB 811-2022")])
    with pytest.raises(InputError, match="1 institutions here"):
        service.record_gap(cast["nqi_desk"], None, *LINE)


def test_it_is_filled_only_by_a_valid_scope_and_opened_again_only_without_one(cast, gap):
    with pytest.raises(InputError, match="No institution here"):
        service.fill_gap(cast["planner"], gap)
    body = institution("HEL2", "laboratory", cast.unit, "cma", [("头盔", "吸收碰撞能量", "GB 811-2022")])
    assert service.fill_gap(cast["planner"], gap).status == "filled"
    with pytest.raises(InputError, match="in a valid scope"):
        service.reopen_gap(cast["nqi_desk"], gap, "撤销了")
    body.qualifications.update(ended_on="2020-01-02")
    assert service.reopen_gap(cast["nqi_desk"], gap, "撤销了").status == "open"


def test_it_goes_into_a_plan_with_a_year_and_a_builder(cast, gap):
    with pytest.raises(InputError):
        service.plan_gap(cast["planner"], gap, 2022, " ")
    with pytest.raises(InputError):
        service.plan_gap(cast["planner"], gap, None, "市质检中心")
    assert service.plan_gap(cast["planner"], gap, 2022, "市质检中心").status == "planned"
    assert service.build_gap(cast["planner"], gap).status == "building"
    taken_out = service.unplan_gap(cast["planner"], gap, "经费未到")
    assert (taken_out.status, taken_out.year) == ("open", None)


def test_it_opens_again_when_it_is_asked_for_again(cast, gap):
    service.drop_gap(cast["planner"], gap, "邻市可做")
    service.record_gap(cast["nqi_desk"], None, *LINE, unit=cast.unit)
    gap.refresh_from_db()
    assert gap.status == "open"


@pytest.mark.parametrize("who", ["enterprise", "laboratory", "steward", "leader", "auditor"])
def test_others_neither_record_nor_plan(cast, gap, who):
    with pytest.raises(PermissionDenied):
        service.record_gap(cast[who], None, *LINE)
    with pytest.raises(PermissionDenied):
        service.plan_gap(cast[who], gap, 2022, "市质检中心")


def test_firms_and_laboratories_see_no_record(cast, gap):
    seen = {
        who: visible(cast[who], CapabilityGap.objects.all()).count()
        for who in ("enterprise", "laboratory", "steward", "leader")
    }
    assert seen == {"enterprise": 0, "laboratory": 0, "steward": 1, "leader": 1}
