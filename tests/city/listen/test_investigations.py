"""An investigation: teams with rights, restriction, products found again, actions with proof, requests, closing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone
from tests.city.listen.cast import Cast

from qualipolis.city.core.models import Event, Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.products import alike
from qualipolis.city.listen.models import CorrectiveAction, Investigation, InvestigationProduct
from qualipolis.methods.problems import InputError

HEATER = {"name": "电暖器", "brand": "暖示", "model": "NQ-200", "barcode": "6901234567892"}
BURN = {
    "name": "烫伤",
    "severity": 3,
    "factors": [{"what": "外壳过热", "probability": "1/10"}, {"what": "触碰", "probability": "1/2"}],
}
PROOF = ContentFile("产品,数量\n电暖器,40\n".encode("utf-8-sig"), name="下架清单.csv")


def branch_of(cast: Cast, who: str) -> Organisation:
    return Organisation.objects.get(pk=cast[who].grants.get().scope_id)


@pytest.fixture
def case(cast: Cast) -> Investigation:
    return service.open_investigation(cast["inspector"], "电暖器过热", branch_of(cast, "inspector"), unit=cast.unit)


def code(refusal: pytest.ExceptionInfo[InputError]) -> str:
    return refusal.value.problems[0].code


def test_it_is_opened_in_the_name_of_ones_own_office(cast: Cast, case: Investigation) -> None:
    assert case.number.startswith(f"{timezone.localdate().year}-PI") and case.status == "opened"
    with pytest.raises(PermissionDenied):
        service.open_investigation(cast["inspector"], "x", branch_of(cast, "inspector_elsewhere"))
    with pytest.raises(InputError) as refusal:
        service.open_investigation(cast["inspector"], " ", branch_of(cast, "inspector"))
    assert code(refusal) == "no_title"


def test_a_team_with_the_right_to_view_changes_nothing(cast: Cast, case: Investigation) -> None:
    other = branch_of(cast, "inspector_elsewhere")
    with pytest.raises(PermissionDenied):
        service.edit_investigation(cast["inspector_elsewhere"], case, hazard="burn")
    service.set_team(cast["inspector"], case, other, "view")
    with pytest.raises(PermissionDenied):
        service.edit_investigation(cast["inspector_elsewhere"], case, hazard="burn")
    team = service.set_team(cast["inspector"], case, other, "edit")
    assert service.edit_investigation(cast["inspector_elsewhere"], case, hazard="burn").hazard == "burn"
    service.remove_team(cast["inspector"], team)
    with pytest.raises(PermissionDenied):
        service.edit_investigation(cast["inspector_elsewhere"], case, hazard="fire")


def sees(cast: Cast, *people: str) -> list[bool]:
    return [visible(cast[who], Investigation.objects.all()).exists() for who in people]


def test_restricted_it_is_seen_by_those_who_work_on_it(cast: Cast, case: Investigation) -> None:
    readers = ("inspector", "inspector_elsewhere", "planner", "leader", "auditor", "complaint_desk")
    outside = ("enterprise", "laboratory", "mediator", "hospital_desk", "town_officer")
    assert sees(cast, *readers) == [True] * 6 and sees(cast, *outside) == [False] * 5
    with pytest.raises(InputError):
        service.restrict_investigation(cast["inspector"], case, " ")
    service.restrict_investigation(cast["inspector"], case, "涉及商业秘密")
    assert sees(cast, *readers) == [True, *[False] * 5]
    service.set_team(cast["inspector"], case, branch_of(cast, "inspector_elsewhere"), "view")
    assert sees(cast, "inspector_elsewhere") == [True]
    service.lift_restriction(cast["inspector"], case)
    assert sees(cast, "planner") == [True]


def test_only_the_owner_hands_it_over_and_stays_as_a_team(cast: Cast, case: Investigation) -> None:
    other = branch_of(cast, "inspector_elsewhere")
    service.set_team(cast["inspector"], case, other, "edit")
    with pytest.raises(PermissionDenied):
        service.hand_over_investigation(cast["inspector_elsewhere"], case, other)
    service.hand_over_investigation(cast["inspector"], case, other)
    case.refresh_from_db()
    assert case.owner == other
    assert service.edit_investigation(cast["inspector"], case, hazard="burn").hazard == "burn"


def test_a_known_product_is_found_before_it_is_added_twice(cast: Cast, case: Investigation) -> None:
    kept = service.add_products(cast["inspector"], case, [HEATER | {"batch": "A1", "units_affected": 500}])[0]
    second = service.open_investigation(cast["inspector"], "另一件", branch_of(cast, "inspector"))
    with pytest.raises(InputError) as refusal:
        service.add_products(cast["inspector"], second, [{"name": "電暖器", "brand": "暖示", "model": "NQ200"}])
    assert code(refusal) == "known_product"
    assert alike(cast["inspector"], "别的名字", barcode=HEATER["barcode"]) == [(kept.product, 1.0)]
    service.add_products(cast["inspector"], second, [{"product": kept.product}])
    new = service.add_products(
        cast["inspector"], second, [{"name": "电暖器", "brand": "暖示", "model": "NQ200"}], sure=True
    )
    assert new[0].product != kept.product
    assert {row.pk for row in kept.product.investigations.all()} == {
        kept.pk,
        *second.products.filter(product=kept.product).values_list("pk", flat=True),
    }


def test_many_products_are_added_or_none(cast: Cast, case: Investigation) -> None:
    rows = [HEATER, {"name": ""}, {"name": "插座", "barcode": "6901234567890"}, {"name": "灯", "units_affected": -1}]
    with pytest.raises(InputError) as refusal:
        service.add_products(cast["inspector"], case, rows)
    assert [(one.code, one.place) for one in refusal.value.problems] == [
        ("no_product", "2.name"),
        ("bad_barcode", "3.barcode"),
        ("bad_units", "4.units_affected"),
    ]
    assert not InvestigationProduct.objects.exists()
    many = [{"name": f"玩具{n:03d}号", "model": f"M{n:03d}"} for n in range(60)]
    assert len(service.add_products(cast["inspector"], case, many, sure=True)) == 60


def test_firms_stand_in_their_roles(cast: Cast, case: Investigation) -> None:
    made = service.add_business(cast["inspector"], case, "manufacturer", enterprise=cast.firm)
    assert made.name == cast.firm.name_zh
    service.add_business(cast["inspector"], case, "importer", name="海外商行", country="XX")
    with pytest.raises(InputError) as refusal:
        service.add_business(cast["inspector"], case, "manufacturer", enterprise=cast.firm)
    assert code(refusal) == "twice"
    with pytest.raises(InputError):
        service.add_business(cast["inspector"], case, "friend", name="某某")


def ordered(cast: Cast, case: Investigation) -> CorrectiveAction:
    firm = service.add_business(cast["inspector"], case, "manufacturer", enterprise=cast.firm)
    return service.order_action(cast["inspector"], case, "stop_sale", "停止销售并下架", business=firm)


def test_the_firm_proves_its_action_and_the_office_accepts(cast: Cast, case: Investigation) -> None:
    action = ordered(cast, case)
    assert action.due_on is not None
    with pytest.raises(InputError) as refusal:
        service.prove_action(cast["enterprise"], action, "已下架")
    assert code(refusal) == "no_proof"
    with pytest.raises(PermissionDenied):
        service.prove_action(cast["other_enterprise"], action, "已下架", [PROOF])
    service.prove_action(cast["enterprise"], action, "已下架", [PROOF])
    with pytest.raises(PermissionDenied):
        service.accept_action(cast["enterprise"], action)
    service.return_action(cast["inspector"], action, "缺照片")
    service.prove_action(cast["enterprise"], action, "已补照片", [PROOF])
    assert service.accept_action(cast["inspector"], action).status == "accepted"
    assert [row.pk for row in visible(cast["enterprise"], CorrectiveAction.objects.all())] == [action.pk]
    assert not visible(cast["other_enterprise"], CorrectiveAction.objects.all()).exists()


def test_a_test_says_who_paid(cast: Cast, case: Investigation) -> None:
    part = service.add_products(cast["inspector"], case, [HEATER])[0]
    facts: dict[str, Any] = {"laboratory": "质检院", "outcome": "failed", "tested_on": timezone.localdate()}
    with pytest.raises(InputError) as refusal:
        service.add_test(cast["inspector"], case, part.product, **facts)
    assert code(refusal) == "no_payer"
    assert service.add_test(cast["inspector"], case, part.product, paid_by="市局", **facts).paid_by == "市局"


def test_the_risk_is_the_highest_scenario_and_says_whether_one_step_flips_it(cast: Cast, case: Investigation) -> None:
    part = service.add_products(cast["inspector"], case, [HEATER])[0]
    slight = {"name": "发烫", "severity": 1, "factors": [{"what": "触碰", "probability": "1/100000"}]}
    made = service.assess_risk(cast["inspector"], part.product, [slight, BURN], investigation=case)
    assert made.level == "serious" and not made.flips
    with pytest.raises(InputError):
        service.assess_risk(cast["inspector"], part.product, [], investigation=case)


def test_it_closes_when_everything_is_settled(cast: Cast, case: Investigation) -> None:
    action = ordered(cast, case)
    request = service.draft_request(cast["inspector"], case, "邻市市场监管局", "请协查经销商")
    with pytest.raises(InputError) as refusal:
        service.close_investigation(cast["inspector"], case, "查清")
    assert [one.code for one in refusal.value.problems] == ["not_assessed", "open_requests"]
    service.edit_investigation(cast["inspector"], case, not_assessed_why="样品已灭失")
    service.send_request(cast["inspector"], request, "示市监函〔2026〕8号")
    service.answer_request(cast["inspector"], request, "已查清")
    with pytest.raises(InputError) as refusal:
        service.close_investigation(cast["inspector"], case, "查清")
    assert code(refusal) == "open_actions"
    service.withdraw_action(cast["inspector"], action, "企业已注销")
    assert service.close_investigation(cast["inspector"], case, "查清").status == "closed"
    with pytest.raises(InputError) as refusal:
        service.add_reference(cast["inspector"], case, "邻市", "A-1")
    assert code(refusal) == "wrong_state"
    assert service.reopen_investigation(cast["inspector"], case, "新线索").status == "reopened"


def test_the_ledger_names_no_words_of_an_investigation(cast: Cast, case: Investigation) -> None:
    service.log_correspondence(cast["inspector"], case, "phone", timezone.localdate(), "经理李某", "承认批次有问题")
    ordered(cast, case)
    service.restrict_investigation(cast["inspector"], case, "涉及商业秘密")
    said = " ".join(Event.objects.values_list("payload", flat=True))
    assert not any(
        words in said for words in ("李某", "批次有问题", "商业秘密", "停止销售", "过热", cast.firm.credit_code)
    )
