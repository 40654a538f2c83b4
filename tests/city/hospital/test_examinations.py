"""An examination: ordered where the scope fits, done by a laboratory that never learns whose product it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.hospital.cast import case_in
from tests.city.supervise.cast import make_sample

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import _SUBSCRIBERS
from qualipolis.city.hospital.consultation import examinations, scopes
from qualipolis.city.hospital.models import Case, Examination
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
ITEMS = [{"name": "甲醛含量", "requirement": "≤20", "unit": "mg/kg"}, {"name": "pH值", "requirement": "4.0—7.5"}]
READINGS = [{"value": "35", "verdict": "fail", "values": [34.0, 36.0]}, {"value": "6.8", "verdict": "pass", "n": 2}]


@pytest.fixture
def case(cast):
    return case_in(cast, "assigned")


@pytest.fixture
def order(cast, case):
    return examinations.order(cast["expert"], case, cast.laboratory, ITEMS, question="甲醛从哪来")


def test_the_first_order_begins_the_examination_of_the_case(cast, case, order):
    case.refresh_from_db()
    assert (case.status, order.status) == ("examining", "ordered")
    assert order.number.startswith(f"{timezone.localdate().year}-JY")
    second = examinations.order(cast["expert"], case, cast.other_laboratory, ITEMS[:1])
    assert second.number != order.number and examinations.open_examinations(case) == 2


def test_only_who_treats_the_case_orders(cast, case):
    for who in ("colleague", "enterprise", "hospital_manager", "laboratory", "planner"):
        with pytest.raises(PermissionDenied):
            examinations.order(cast[who], case, cast.laboratory, ITEMS)


def test_an_item_outside_the_scope_is_named(cast, case):
    with pytest.raises(InputError, match="色牢度") as refused:
        examinations.order(cast["expert"], case, cast.laboratory, [*ITEMS, {"name": "色牢度"}])
    assert "甲醛" not in str(refused.value)
    with pytest.raises(InputError, match="Name the items"):
        examinations.order(cast["expert"], case, cast.laboratory, [])
    with pytest.raises(InputError, match="twice"):
        examinations.order(cast["expert"], case, cast.laboratory, [ITEMS[0], ITEMS[0]])


def test_a_laboratory_that_tests_the_firm_for_supervision_now_is_refused(cast, case):
    make_sample(cast.city, status="testing")
    with pytest.raises(InputError, match="supervision samples"):
        examinations.order(cast["expert"], case, cast.laboratory, ITEMS)
    named = [one for one, _lines in scopes.fitting(case)]
    assert named == [cast.other_laboratory]


def test_the_laboratory_sees_its_orders_and_never_the_case(cast, order):
    mine = visible(cast["laboratory"], Examination.objects.all())
    assert list(mine) == [order]
    assert not visible(cast["other_laboratory"],
                       Examination.objects.all()).exists()  # fmt: skip
    assert not visible(cast["laboratory"], Case.objects.all()).exists()


def test_the_laboratory_accepts_and_reports_every_item(cast, order):
    heard = []
    _SUBSCRIBERS.setdefault("hospital.examination_reported", []).append(lambda actor, row: heard.append(row.pk))
    try:
        examinations.accept(cast["laboratory"], order)
        done = examinations.report(cast["laboratory"], order, "BG-1", READINGS, conclusion="甲醛超标")
    finally:
        _SUBSCRIBERS["hospital.examination_reported"].pop()
    assert done.status == "reported" and heard == [order.pk]
    assert [(one["verdict"], one["n"]) for one in done.readings] == [("fail", 2), ("pass", 2)]
    assert done.readings[0]["unit"] == "mg/kg" and done.reported_on == timezone.localdate()
    payload = Event.objects.get(verb="hospital.report_examination").payload
    assert '"failed":1' in payload and "超标" not in payload


def test_a_report_is_complete_and_not_of_tomorrow(cast, order):
    examinations.accept(cast["laboratory"], order)
    tomorrow = timezone.localdate() + timedelta(days=1)
    bad = [{"value": "", "verdict": "pass"}, {"value": "6", "verdict": "good", "values": [float("nan")]}]
    with pytest.raises(InputError) as refused:
        examinations.report(cast["laboratory"], order, " ", bad, reported_on=tomorrow)
    codes = [one.code for one in refused.value.problems]
    assert codes == ["no_reading", "no_reading", "bad_values", "no_report_no", "future_day"]
    with pytest.raises(InputError, match="one reading for each"):
        examinations.report(cast["laboratory"], order, "BG-1", READINGS[:1])
    order.refresh_from_db()
    assert order.status == "accepted" and order.readings == []


def test_another_laboratory_touches_nothing(cast, order):
    for verb, more in ((examinations.accept, ()), (examinations.decline, ("忙",))):
        with pytest.raises(PermissionDenied):
            verb(cast["other_laboratory"], order, *more)


def test_a_declined_or_cancelled_order_says_why_and_is_no_longer_open(cast, case, order):
    with pytest.raises(InputError):
        examinations.decline(cast["laboratory"], order, " ")
    assert examinations.decline(cast["laboratory"], order, "设备检修").conclusion == "设备检修"
    again = examinations.order(cast["expert"], case, cast.other_laboratory, ITEMS)
    with pytest.raises(PermissionDenied):
        examinations.cancel(cast["colleague"], again, "不用了")
    assert examinations.cancel(cast["hospital_manager"], again, "不用了").status == "cancelled"
    assert examinations.open_examinations(case) == 0
    assert not any("检修" in one for one in Event.objects.values_list("payload", flat=True))
