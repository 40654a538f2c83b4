"""People find things by name, by initials, by code, and with one wrong character."""

from __future__ import annotations

import pytest

from qualipolis.city.core.policy import System
from qualipolis.city.registry import queries
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.city.registry.pinyin import initials

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    town = Unit.objects.create(code="990100001", name_zh="东湖街道", kind="subdistrict")
    name = "华云电子有限公司"
    Enterprise.objects.create(credit_code="91440300568520498A", name_zh="乙", unit=town)
    return Enterprise.objects.create(
        credit_code="91110000600037341L", name_zh=name, name_en="Huayun", unit=town, initials=initials(name)
    )


@pytest.mark.parametrize(
    ("text", "near"), [("云电", False), ("hydz", False), ("6000373", False), ("huayun", False), ("华运电子", True)]
)
def test_it_finds_the_firm(firm, text, near):
    found, was_near = queries.rows(System(), "enterprises", {"q": text})
    assert list(found) == [firm]
    assert was_near is near


def test_it_takes_no_wildcard_from_the_searcher(firm):
    found, _near = queries.rows(System(), "enterprises", {"q": "%%%%"})
    assert list(found) == []


def test_it_hands_out_a_list_that_can_be_imported_again(firm):
    frame = queries.frame(System(), "enterprises", {})
    assert frame.columns[0] == "统一社会信用代码"
    assert frame["登记镇街代码"].to_list() == ["990100001", "990100001"]
