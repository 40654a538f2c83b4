"""Adding products: one with its duplicates, many by paste or table, all or none; the product page; the risk wizard."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.city.listen.cast import Cast
from tests.city.listen.test_investigations import HEATER, branch_of

from qualipolis.city.listen import service
from qualipolis.city.listen.models import Investigation, RiskAssessment, SafetyProduct
from qualipolis.faces.desk.rooms.listen.investigation_table import kept, rows_of_file, rows_of_text
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
STEPS = {
    "s0-0-what": "外壳过热",
    "s0-0-probability": "1/10",
    "s0-1-what": "触碰",
    "s0-1-probability": "5 %",
    "s0-1-low": "1/50",
}
BURN = {"scenarios": "1", "s0-name": "烫伤", "s0-severity": "2"} | STEPS


@pytest.fixture
def desk(cast: Cast, client: Any) -> Any:
    client.force_login(cast["inspector"])
    return client


@pytest.fixture
def case(cast: Cast) -> Investigation:
    return service.open_investigation(cast["inspector"], "电暖器过热", branch_of(cast, "inspector"))


@pytest.fixture
def add(case: Investigation) -> str:
    return reverse("desk:listen_investigation_products", args=[case.pk])


def test_one_unknown_product_is_added_at_once(desk: Any, add: str, case: Investigation) -> None:
    assert desk.post(add, {"do": "one"} | HEATER | {"units_affected": "1,240"}).status_code == 302
    assert case.products.get().units_affected == 1240
    wrong = desk.post(add, {"do": "one", "name": "插座", "barcode": "6901234567890"})
    assert wrong.status_code == 400 and "barcode" in wrong.context["one"].errors


def test_a_known_product_is_chosen_or_said_to_be_another(cast: Cast, desk: Any, add: str, case: Investigation) -> None:
    first = service.open_investigation(cast["inspector"], "前一件", branch_of(cast, "inspector"))
    known = service.add_products(cast["inspector"], first, [HEATER])[0].product
    shown = desk.post(add, {"do": "one"} | HEATER)
    assert [product for product, _score in shown.context["rows"][0]["near"]] == [known]
    assert not case.products.exists()
    rows = {"do": "add", "rows": shown.context["json"]}
    assert desk.post(add, rows).status_code == 400 and not case.products.exists()
    assert desk.post(add, rows | {"choose-1": str(known.pk)}).status_code == 302
    assert case.products.get().product == known
    desk.post(add, rows | {"choose-1": "other"})
    assert SafetyProduct.objects.count() == 2


def test_pasted_lines_are_looked_through_and_added_or_none(desk: Any, add: str, case: Investigation) -> None:
    lines = "产品名称\t型号\t条码\n玩具甲\tM1\t6901234567892\n插座乙\tS2\t6901234567890"
    shown = desk.post(add, {"do": "many", "lines": lines})
    assert [one["row"]["name"] for one in shown.context["rows"]] == ["玩具甲", "插座乙"] and not case.products.exists()
    refused = desk.post(add, {"do": "add", "rows": shown.context["json"]})
    assert refused.status_code == 400 and refused.context["rows"][1]["wrong"] and not case.products.exists()
    right = json.dumps([{"name": "玩具甲"}, {"name": "插座乙"}])
    assert desk.post(add, {"do": "add", "rows": right}).status_code == 302
    assert case.products.count() == 2


def test_a_table_is_read_and_an_unreadable_one_is_named(desk: Any, add: str) -> None:
    table = "品牌,产品名称,批号\n暖示,电暖器,A1\n".encode("gb18030")
    shown = desk.post(add, {"do": "many", "file": SimpleUploadedFile("t.csv", table)})
    assert shown.context["rows"][0]["row"] == {"brand": "暖示", "name": "电暖器", "batch": "A1"}
    for name, content in (("t.csv", "价格\n3\n".encode()), ("t.xlsx", b"PK\x03\x04broken"), ("t.csv", b"\x00\x01")):
        answer = desk.post(add, {"do": "many", "file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 400 and answer.context["many"].errors, name


def test_what_travels_with_the_preview_is_not_trusted(desk: Any, add: str, case: Investigation) -> None:
    for rows in ("", "{", "[1, null]", '{"name": "x"}', json.dumps([{"sure": True, "product": 1}])):
        assert desk.post(add, {"do": "add", "rows": rows}).status_code == 302
    assert not case.products.exists()
    assert kept([{"name": "x" * 500, "sure": True}]) == [{"name": "x" * 200}]


def test_no_more_lines_are_read_than_are_added_at_once() -> None:
    assert len(rows_of_text("\n".join(f"玩具{n}" for n in range(200)))) == 200
    with pytest.raises(InputError):
        rows_of_text("\n".join(f"玩具{n}" for n in range(201)))
    with pytest.raises(InputError):
        rows_of_file("t.csv", "价格\n3\n".encode())


def test_who_may_not_edit_adds_nothing(cast: Cast, client: Any, add: str) -> None:
    client.force_login(cast["inspector_elsewhere"])
    assert client.get(add).status_code == 403


def test_the_wizard_shows_the_result_before_it_is_kept(cast: Cast, desk: Any, case: Investigation) -> None:
    product = service.add_products(cast["inspector"], case, [HEATER])[0].product
    page = reverse("desk:listen_investigation_risk", args=[case.pk])
    said = BURN | {"product": product.pk, "populations": ["children"], "uncertainty": "概率为估计"}
    shown = desk.post(page, said | {"do": "look"})
    result = shown.context["result"]
    assert result["scenarios"][0]["chance"] == "1/200" and not RiskAssessment.objects.exists()
    changes = [(one["what"], one["upwards"], one["value"]) for one in result["scenarios"][0]["changes"]]
    assert ("触碰", False, "1/50") in changes and ("外壳过热", True, "1") in changes
    assert desk.post(page, said | {"do": "save"}).status_code == 302
    made = RiskAssessment.objects.get()
    assert (made.level, made.populations, made.investigation) == ("high", ["children"], case)
    assert desk.get(reverse("desk:listen_risk", args=[made.pk])).context["result"]["scenarios"][0]["chance"] == "1/200"


def test_the_wizard_keeps_what_was_typed_and_names_what_is_wrong(cast: Cast, desk: Any, case: Investigation) -> None:
    product = service.add_products(cast["inspector"], case, [HEATER])[0].product
    page = reverse("desk:listen_investigation_risk", args=[case.pk])
    more = desk.post(page, BURN | {"do": "more"}).context
    assert more["count"] == 2 and more["scenarios"][0]["said"]["name"] == "烫伤"
    wrong = desk.post(page, BURN | {"do": "save", "product": product.pk, "s0-0-probability": "常常", "s0-severity": ""})
    assert wrong.status_code == 400 and len(wrong.context["errors"]) == 2 and not RiskAssessment.objects.exists()
    assert wrong.context["scenarios"][0]["steps"][0][1]["value"] == "常常"
    for scenarios in ("", "x", "-1", "99999", "²"):
        assert desk.post(page, {"do": "look", "scenarios": scenarios}).status_code == 400


def test_the_product_page_tells_what_is_known_and_who_may_correct_it(
    cast: Cast, desk: Any, case: Investigation
) -> None:
    product = service.add_products(cast["inspector"], case, [HEATER])[0].product
    page = reverse("desk:listen_product", args=[product.pk])
    assert case.number in desk.get(page).content.decode()
    assert desk.post(f"{page}edit/", {"name": "电暖器", "counterfeit": "yes", "origin": "中国"}).status_code == 302
    product.refresh_from_db()
    assert product.counterfeit is True and product.origin == "中国"
    desk.force_login(cast["inspector_elsewhere"])
    assert desk.get(page).status_code == 200 and desk.get(f"{page}edit/").status_code == 403
    desk.force_login(cast["enterprise"])
    assert desk.get(page).status_code == 403
