"""The pages of investigations: who opens them, the one next step, what is recorded there, who sees a restricted one."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.city.listen.cast import Cast
from tests.city.listen.test_investigations import BURN, HEATER, branch_of, ordered

from qualipolis.city.listen import service
from qualipolis.city.listen.models import CorrectiveAction, Investigation, SafetyTest

pytestmark = pytest.mark.django_db
PROOF = b"\xef\xbb\xbfa,b\n1,2\n"


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any) -> Any:
        client.force_login(person)
        return client

    return entered


@pytest.fixture
def case(cast: Cast) -> Investigation:
    return service.open_investigation(cast["inspector"], "电暖器过热", branch_of(cast, "inspector"), unit=cast.unit)


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("清单.csv", PROOF, "text/csv")


def address(case: Investigation, name: str = "listen_investigation") -> str:
    return reverse(f"desk:{name}", args=[case.pk])


def full(cast: Cast, case: Investigation) -> CorrectiveAction:
    """Fill the investigation with everything that its page shows."""
    who, today = cast["inspector"], timezone.localdate()
    product = service.add_products(who, case, [HEATER | {"batch": "A1", "units_affected": 5}])[0].product
    service.assess_risk(who, product, [BURN], investigation=case, populations=["children"])
    service.add_test(who, case, product, laboratory="质检院", outcome="failed", tested_on=today, paid_by="市局")
    service.log_correspondence(who, case, "phone", today, "质量负责人", "承认批次有问题")
    service.add_reference(who, case, "乙市市场监管局", "协12")
    service.draft_request(who, case, "乙市市场监管局", "请协查")
    service.set_team(who, case, branch_of(cast, "inspector_elsewhere"), "view")
    return ordered(cast, case)


def test_the_page_shows_everything_that_is_kept(cast: Cast, enter: Any, case: Investigation) -> None:
    full(cast, case)
    text = enter(cast["inspector"]).get(address(case)).content.decode()
    for words in (
        "电暖器过热",
        "NQ-200",
        "质检院",
        "市局",
        "质量负责人",
        "协12",
        "请协查",
        "停止销售并下架",
        cast.firm.name_zh,
    ):
        assert words in text, words
    assert text.count("btn-primary") == 1


@pytest.mark.parametrize("name", ["planner", "leader", "auditor", "complaint_desk", "inspector_elsewhere"])
def test_readers_look_and_record_nothing(cast: Cast, enter: Any, case: Investigation, name: str) -> None:
    full(cast, case)
    shown = enter(cast[name]).get(address(case))
    assert shown.status_code == 200 and "btn-primary" not in shown.content.decode()
    enter(cast[name]).post(address(case), {"do": "reference", "authority": "甲", "reference": "1"})
    assert case.references.count() == 1


@pytest.mark.parametrize("name", ["enterprise", "laboratory", "mediator", "hospital_desk", "town_officer", "admin"])
def test_others_are_refused(cast: Cast, enter: Any, case: Investigation, name: str) -> None:
    for page in ("listen_investigation", "listen_investigation_products", "listen_investigation_risk"):
        assert enter(cast[name]).get(address(case, page)).status_code == 403


def test_a_restricted_one_is_found_by_those_who_work_on_it(cast: Cast, enter: Any, case: Investigation) -> None:
    client = enter(cast["inspector"])
    product = service.add_products(cast["inspector"], case, [HEATER])[0].product
    assert client.post(address(case), {"do": "restrict", "reason": "商业秘密"}).status_code == 302
    pages = (address(case), reverse("desk:listen_product", args=[product.pk]))
    for name, status in (("inspector", 200), ("planner", 404), ("inspector_elsewhere", 404), ("auditor", 404)):
        assert [enter(cast[name]).get(page).status_code for page in pages] == [status] * 2, name
    listed = reverse("desk:listen_investigations")
    assert case.number not in enter(cast["planner"]).get(listed).content.decode()
    assert case.number in enter(cast["inspector"]).get(listed).content.decode()
    assert client.post(address(case), {"do": "lift"}).status_code == 302
    assert enter(cast["planner"]).get(address(case)).status_code == 200


def test_it_is_opened_and_changed_on_its_pages(cast: Cast, enter: Any) -> None:
    client, office = enter(cast["inspector"]), branch_of(cast, "inspector")
    said = {"title": "插座起火", "owner": office.pk, "hazard": "fire_explosion"}
    assert client.post(reverse("desk:listen_investigation_new"), said).status_code == 302
    made = Investigation.objects.get()
    client.post(address(made, "listen_investigation_edit"), {"title": "插座起火", "not_assessed_why": "样品已灭失"})
    made.refresh_from_db()
    assert (made.owner, made.not_assessed_why) == (office, "样品已灭失")
    elsewhere = said | {"owner": branch_of(cast, "inspector_elsewhere").pk}
    assert client.post(reverse("desk:listen_investigation_new"), elsewhere).status_code == 400


def test_every_record_is_made_on_the_page(cast: Cast, enter: Any, case: Investigation) -> None:
    client, today = enter(cast["inspector"]), timezone.localdate().isoformat()
    product = service.add_products(cast["inspector"], case, [HEATER])[0].product
    other = branch_of(cast, "inspector_elsewhere").pk
    for said in (
        {"do": "team", "organisation": other, "right": "edit"},
        {"do": "firm", "role": "manufacturer", "enterprise": cast.firm.credit_code},
        {"do": "firm", "role": "importer", "name": "海外商行"},
        {"do": "reference", "authority": "乙市", "reference": "12"},
        {
            "do": "correspondence",
            "kind": "mail",
            "held_on": today,
            "with_whom": "企业",
            "summary": "来函",
            "files": file(),
        },
        {
            "do": "test",
            "product": product.pk,
            "outcome": "failed",
            "laboratory": "质检院",
            "tested_on": today,
            "paid_by": "市局",
        },
        {"do": "request", "authority": "乙市", "words": "请协查"},
        {"do": "action", "kind": "stop_sale", "words": "停止销售", "business": "", "product": product.pk},
    ):
        answer = client.post(address(case), said)
        assert answer.status_code == 302, (said["do"], answer.context and answer.context["errors"])
    counts = (
        case.collaborators,
        case.businesses,
        case.references,
        case.correspondence,
        case.tests,
        case.requests,
        case.actions,
    )
    assert [rows.count() for rows in counts] == [1, 2, 1, 1, 1, 1, 1]


def test_a_test_without_payer_says_so_at_its_field(cast: Cast, enter: Any, case: Investigation) -> None:
    product = service.add_products(cast["inspector"], case, [HEATER])[0].product
    said = {"do": "test", "product": product.pk, "outcome": "failed", "laboratory": "质检院", "tested_on": "2020-01-02"}
    answer = enter(cast["inspector"]).post(address(case), said)
    assert answer.status_code == 400 and not SafetyTest.objects.exists()
    form = answer.context["acts"]["test"][1]
    assert list(form.errors) == ["paid_by"]


def test_the_firm_proves_on_its_page_and_the_office_judges(cast: Cast, enter: Any, case: Investigation) -> None:
    action = full(cast, case)
    firm = reverse("desk:my_action", args=[action.pk])
    assert enter(cast["other_enterprise"]).get(firm).status_code == 404
    shown = enter(cast["enterprise"]).get(firm)
    assert case.title not in shown.content.decode() and "停止销售并下架" in shown.content.decode()
    assert enter(cast["enterprise"]).post(firm, {"done": "已下架"}).status_code == 400
    assert enter(cast["enterprise"]).post(firm, {"done": "已下架", "files": [file()]}).status_code == 302
    judging = enter(cast["inspector"]).get(address(case)).context["box"]
    assert judging.form is not None and judging.form.initial["do"] == f"accept-{action.pk}"
    enter(cast["inspector"]).post(address(case), {"do": f"return-{action.pk}", "reason": "缺照片"})
    again = enter(cast["enterprise"]).get(reverse("desk:my_actions")).content.decode()
    assert "缺照片" in again
    enter(cast["enterprise"]).post(firm, {"done": "已补", "files": [file()]})
    enter(cast["inspector"]).post(address(case), {"do": f"accept-{action.pk}"})
    action.refresh_from_db()
    assert action.status == "accepted"


def test_requests_are_sent_and_answered_and_the_owner_closes(cast: Cast, enter: Any, case: Investigation) -> None:
    client = enter(cast["inspector"])
    request = service.draft_request(cast["inspector"], case, "乙市市场监管局", "请协查")
    service.add_products(cast["inspector"], case, [HEATER])
    service.edit_investigation(cast["inspector"], case, not_assessed_why="样品已灭失")
    client.post(address(case), {"do": f"send-{request.pk}", "document_no": "函8号"})
    assert client.get(address(case)).context["box"] is None
    client.post(address(case), {"do": f"answer-{request.pk}", "answer": "已查清"})
    assert client.get(address(case)).context["box"] is not None
    assert client.post(address(case), {"do": "close", "report": "已查清"}).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.conclusion) == ("closed", "已查清")
    assert client.post(address(case), {"do": "reopen", "reason": "新线索"}).status_code == 302


def test_what_stands_in_it_is_taken_out(cast: Cast, enter: Any, case: Investigation) -> None:
    part = service.add_products(cast["inspector"], case, [HEATER])[0]
    firm = service.add_business(cast["inspector"], case, "seller", name="某店")
    client = enter(cast["inspector"])
    for do in (f"remove-product-{part.pk}", f"remove-business-{firm.pk}"):
        assert client.post(address(case), {"do": do}).status_code == 302
    assert not case.products.filter(removed_on=None).exists()
    assert not case.businesses.filter(removed_on=None).exists()
