"""Records that may be one: found, decided, followed by the links of alerts, taken back, seen by who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.listen.cast import Cast

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.sweeps import run_sweeps
from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.listen import service
from qualipolis.city.listen.alerts import queries
from qualipolis.city.listen.alerts.pairs import sweep_pairs
from qualipolis.city.listen.models import Alert, EntityPair, Investigation, InvestigationProduct, SafetyProduct
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db


def alert(reference: str, firm: str, **more: Any) -> Alert:
    values = {"product": "电暖器", "alerted_on": date(2026, 3, 1), "hazards": ["fire"], "source": "示范源"}
    return Alert.objects.create(reference=reference, firm=firm, **values | more)


@pytest.fixture
def pair(cast: Cast) -> EntityPair:
    """The firm of the cast as an alert names it: by its whole name."""
    type(cast.firm).objects.filter(pk=cast.firm.pk).update(name_zh="霁渚市葵岭镇旭暖电器制造有限公司")
    alert("1", "旭暖电器制造(霁渚)有限公司")
    alert("2", "旭暖电器制造(霁渚)有限公司")
    assert service.find_pairs(cast["planner"]) >= 1
    return EntityPair.objects.get(kind="firm", right_thing=f"registry.enterprise:{cast.firm.pk}")


def test_a_firm_is_found_and_linked_only_when_a_person_says_so(cast: Cast, pair: EntityPair) -> None:
    assert 0.4 <= pair.probability <= 1 and pair.why["why"] and pair.status == "found"
    assert not Alert.objects.exclude(enterprise=None).exists()
    service.pair_same(cast["planner"], pair)
    assert Alert.objects.filter(enterprise=cast.firm, linked_by=pair).count() == 2


def test_a_decision_can_be_turned_round(cast: Cast, pair: EntityPair) -> None:
    by_hand = alert("3", pair.left, enterprise=cast.firm)
    service.pair_same(cast["planner"], pair)
    service.pair_different(cast["department"], pair)
    assert list(Alert.objects.filter(enterprise=cast.firm)) == [by_hand]
    assert EntityPair.objects.get(pk=pair.pk).decided_by == cast["department"]


def test_taking_the_step_back_gives_the_links_back(cast: Cast, pair: EntityPair) -> None:
    service.pair_same(cast["planner"], pair)
    undo(cast["planner"], open_for(cast["planner"]))
    assert EntityPair.objects.get(pk=pair.pk).status == "found"
    assert not Alert.objects.exclude(enterprise=None).exists()


def test_a_name_is_not_two_firms(cast: Cast, pair: EntityPair) -> None:
    other = EntityPair.objects.create(
        kind="firm", left=pair.left, right="另一家", left_thing=pair.left_thing, probability=0.5,
        right_thing=f"registry.enterprise:{cast.other_firm.pk}",
    )  # fmt: skip
    service.pair_same(cast["planner"], pair)
    with pytest.raises(InputError):
        service.pair_same(cast["planner"], other)


def test_what_was_compared_is_not_compared_or_asked_again(cast: Cast, pair: EntityPair) -> None:
    service.pair_different(cast["planner"], pair)
    count = EntityPair.objects.count()
    assert sweep_pairs(timezone.now()) == 0 and service.find_pairs(cast["planner"]) == 0
    alert("9", pair.left)
    assert run_sweeps(timezone.now())["listen.pairs"] == 0 and EntityPair.objects.count() == count


def test_alerts_that_come_later_under_a_name_found_the_same_follow(cast: Cast, pair: EntityPair) -> None:
    service.pair_same(cast["planner"], pair)
    late = alert("10", pair.left)
    sweep_pairs(timezone.now())
    late.refresh_from_db()
    assert late.enterprise == cast.firm and late.linked_by == pair


@pytest.mark.parametrize("name", ["inspector", "leader", "enterprise", "auditor"])
def test_others_do_not_decide(cast: Cast, pair: EntityPair, name: str) -> None:
    with pytest.raises(PermissionDenied):
        service.pair_same(cast[name], pair)


def product(cast: Cast, **more: Any) -> SafetyProduct:
    values = {"name": "电暖器", "brand": "旭暖", "model": "NSB-200", "barcode": "6900000000015"}
    return SafetyProduct.objects.create(added_by=cast["inspector"], **values | more)


def test_two_products_with_the_same_marks_are_laid_before_a_person(cast: Cast) -> None:
    first, second = product(cast), product(cast, name="旭暖 电暖器")
    product(cast, name="童车", brand="小鹿", model="T1", barcode="")
    assert service.find_pairs(cast["planner"]) == 1
    found = EntityPair.objects.get(kind="product")
    assert (found.left_thing, found.right_thing) == (f"listen.safetyproduct:{first.pk}", f"listen.safetyproduct:{second.pk}")  # fmt: skip


def test_products_of_a_restricted_investigation_show_no_pair(cast: Cast) -> None:
    first, _second = product(cast), product(cast)
    bureau = Organisation.objects.get(pk=cast.city.bureau.pk)
    secret = Investigation.objects.create(number="DC1", title="x", owner=bureau, restricted=True)
    InvestigationProduct.objects.create(investigation=secret, product=first)
    service.find_pairs(cast["planner"])
    found = EntityPair.objects.get(kind="product")
    assert not queries.pairs(cast["complaint_desk"]).exists()
    with pytest.raises(PermissionDenied):
        service.pair_same(cast["complaint_desk"], found)
