"""The operations of the hospital for everyone say what the pages say, and nothing of a firm."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from tests.city.hospital.cast import case_in
from tests.city.hospital.test_learning import knowledge

from qualipolis.city.core.models import City

PATHS = ("departments", "experts", "cases", "cases/K1", "outcomes", "outcomes?outcome_year=2020")


@pytest.fixture
def town(cast):
    cache.clear()
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    knowledge(cast)
    for number, status in enumerate(("closed", "cured", "following", "closed_unresponsive")):
        case_in(cast, status, enterprise=cast.city.firms[number])
    return cast


def told(path, status=200):
    answer = Client(HTTP_HOST="127.0.0.1").get(f"/api/v1/hospital/{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.mark.parametrize("path", PATHS)
def test_everyone_may_call_it_and_no_firm_is_told(town, path):
    raw = str(told(path))
    assert not any(firm.name_zh in raw or firm.credit_code in raw for firm in town.city.firms)


def test_the_outcomes_are_those_of_the_page(town):
    found = told("outcomes")
    assert found["cured"]["n"] == 4 and found["cured"]["share"] == 0.75
    assert found["uplift"]["told"] is False and found["uplift"]["difference"] is None and found["uplift"]["reason"]


def test_a_case_that_is_not_published_is_not_there(town):
    knowledge(town, number="K2", status="agreed")
    told("cases/K2", 404)
    assert told("cases")["count"] == 1
