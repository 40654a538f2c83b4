"""Group disease: three like cases within sixty days propose themselves; the manager decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from tests.city.hospital.cast import case_in

from qualipolis.city.core.models import Grant
from qualipolis.city.core.policy import System, visible
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital import service
from qualipolis.city.hospital.learning.groups import sweep_groups
from qualipolis.city.hospital.models import GroupDisease
from qualipolis.methods.problems import InputError


def case_before(cast, days, firm=0, **more):
    day = timezone.localdate() - timedelta(days=days)
    return case_in(cast, "triaged", enterprise=cast.city.firms[firm], registered_on=day, **more)


def told(case):
    with transaction.atomic():
        tell(System("hospital"), "hospital.case_triaged", case)


@pytest.fixture
def group(cast):
    rows = [case_before(cast, days, firm) for firm, days in enumerate((40, 20, 3))]
    told(rows[-1])
    return GroupDisease.objects.get()


def test_the_third_like_case_proposes_a_group(cast):
    told(case_before(cast, 40, 0))
    told(case_before(cast, 20, 1))
    assert not GroupDisease.objects.exists()
    told(case_before(cast, 3, 2))
    found = GroupDisease.objects.get()
    assert (found.firms, found.cases.count(), found.status, found.defect_code) == (3, 3, "proposed", "colour_fastness")
    assert (found.last_on - found.first_on).days == 37


@pytest.mark.parametrize(
    ("days", "other"),
    [
        ((61, 30, 0), {}),
        ((40, 20, 3), {"product_class": "玩具"}),
        ((40, 20, 3), {"defect_codes": ["label"]}),
        ((40, 20, 3), {"status": "rejected"}),
    ],
)
def test_sixty_days_one_class_one_defect_and_treated_cases_make_a_group(cast, days, other):
    rows = [case_before(cast, number, firm) for firm, number in enumerate(days)]
    if other:
        type(rows[0]).objects.filter(pk=rows[1].pk).update(**other)
    told(rows[2])
    assert not GroupDisease.objects.exists()


def test_a_day_short_of_the_term_still_counts(cast):
    rows = [case_before(cast, days, firm) for firm, days in enumerate((59, 30, 0))]
    told(rows[-1])
    assert GroupDisease.objects.exists()


def test_a_fourth_case_joins_the_open_group(cast, group):
    told(case_before(cast, 0, 3))
    group.refresh_from_db()
    assert GroupDisease.objects.count() == 1 and group.firms == group.cases.count() == 4


def test_the_sweep_finds_what_was_put_right_later_and_finds_it_once(cast):
    for firm, days in enumerate((40, 20, 3)):
        case_before(cast, days, firm)
    assert sweep_groups(timezone.now()) == 1
    assert sweep_groups(timezone.now()) == 0


def test_cases_of_a_dismissed_group_do_not_come_again(cast, group):
    service.dismiss_group(cast["hospital_manager"], group, "三家原因各不相同")
    told(case_before(cast, 0, 3))
    assert GroupDisease.objects.count() == 1


def test_the_manager_takes_it_up_and_concludes_it(cast, group):
    service.take_up_group(cast["hospital_manager"], group, "召集同业会诊，建议专项抽查")
    row = service.conclude_group(cast["hospital_manager"], group, "染料供应商已更换")
    assert row.status == "concluded" and row.plan and row.report


def test_it_is_not_taken_up_without_a_plan(cast, group):
    with pytest.raises(InputError):
        service.take_up_group(cast["hospital_manager"], group, " ")


def test_planners_see_a_group_of_three_firms_once_it_was_taken_up_but_no_case(cast, group):
    assert not visible(cast["planner"], GroupDisease.objects.all()).exists()
    service.take_up_group(cast["hospital_manager"], group, "召集同业会诊")
    assert visible(cast["planner"], GroupDisease.objects.all()).get() == group
    assert not visible(cast["planner"], group.cases.all()).exists()
    assert not visible(cast["inspector"], GroupDisease.objects.all()).exists()


def test_a_manager_who_is_also_an_inspector_decides_nothing(cast, group):
    Grant.objects.create(person=cast["hospital_manager"], role="inspector", valid_from="2020-01-01")
    person = type(cast["hospital_manager"]).objects.get(pk=cast["hospital_manager"].pk)
    with pytest.raises(PermissionDenied):
        service.take_up_group(person, group, "召集同业会诊")


def test_what_lies_longer_back_is_no_group_of_today(cast):
    for firm, days in enumerate((200, 190, 180)):
        case_before(cast, days, firm)
    told(case_before(cast, 0, 3))
    assert not GroupDisease.objects.exists()
