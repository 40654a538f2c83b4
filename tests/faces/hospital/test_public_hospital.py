"""The public pages of the hospital and its open data: what everyone may know, and nothing that tells a firm."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from tests.city.hospital.cast import case_in
from tests.city.hospital.test_learning import knowledge

from qualipolis.city.core.models import City
from qualipolis.faces.portal.hospital_data import DATASETS

PAGES = ("hospital", "hospital_experts", "hospital_cases", "hospital_numbers")


@pytest.fixture
def town(cast):
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    return cast


def text(name, *args, language="en", query="", status=200):
    client = Client()
    client.cookies["qualipolis_language"] = language
    answer = client.get(reverse(f"portal:{name}", args=args) + query, headers={"accept-language": language})
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_for_everyone_with_and_without_cases(town, name, language):
    assert "<h1" in text(name, language=language)
    knowledge(town)
    for number in range(4):
        case_in(town, "closed", enterprise=town.city.firms[number])
    shown = text(name, language=language)
    assert " style=" not in shown and not any(firm.name_zh in shown for firm in town.city.firms)


def test_experts_are_shown_by_field_and_organisation_never_by_name(town):
    town["expert"].display_name = "张工程师"
    town["expert"].save()
    shown = text("hospital_experts", language="zh-hans")
    assert "纺织品检测" in shown and "甲研究院" in shown and "张工程师" not in shown


def test_only_what_is_published_is_found(town):
    knowledge(town)
    knowledge(town, number="K2", status="agreed", title_zh="还未发布")
    assert "童装褪色" in text("hospital_cases", language="zh-hans")
    assert "还未发布" not in text("hospital_cases", language="zh-hans")
    text("hospital_case", "K2", status=404)
    assert "洗后褪色" in text("hospital_case", "K1", language="zh-hans")


def test_the_search_finds_words_of_the_trouble(town):
    knowledge(town)
    assert "童装褪色" in text("hospital_cases", language="zh-hans", query="?q=褪色 童装")
    assert "童装褪色" not in text("hospital_cases", language="zh-hans", query="?q=断裂")


def test_a_firm_is_named_only_while_it_agrees(town):
    case = case_in(town, "closed", consent="named")
    row = knowledge(town, case=case, named=True)
    assert case.enterprise.name_zh in text("hospital_case", row.number, language="zh-hans")
    type(case).objects.filter(pk=case.pk).update(consent="anonymous")
    assert case.enterprise.name_zh not in text("hospital_case", row.number, language="zh-hans")


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_open_data_has_its_columns_and_tells_no_firm(town, name):
    knowledge(town)
    for number in range(4):
        case_in(town, "closed", enterprise=town.city.firms[number])
    address = reverse("portal:hospital_data", args=[name, "json"])
    told = json.loads(Client().get(address).content)
    assert told["rows"] and [one["name"] for one in told["columns"]] == list(told["rows"][0])
    raw = json.dumps(told, ensure_ascii=False)
    assert not any(firm.name_zh in raw or firm.credit_code in raw for firm in town.city.firms)
    assert Client().get(address.replace("json", "csv")).status_code == 200


def test_what_is_held_back_is_empty_in_the_data_and_no_zero(town):
    for number in range(4):
        case_in(town, "closed", enterprise=town.city.firms[number])
    case_in(town, "closed", department=town.other_department)
    address = reverse("portal:hospital_data", args=["hospital-outcomes", "json"])
    rows = json.loads(Client().get(address).content)["rows"]
    assert {row["department"]: row["cases"] for row in rows} == {"textiles": None, "metal": None}


def test_other_data_is_not_there(town):
    for name, form in (("hospital-firms", "csv"), ("hospital-cases", "xlsx")):
        assert Client().get(reverse("portal:hospital_data", args=[name, form])).status_code == 404
