"""The pages that explain a town's result to its leaders."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.city.assess.conftest import VALUES
from tests.city.assess.test_explain import BEFORE, published
from tests.city.measure.cast import Cast, make_cast

from qualipolis.city.core import drafts
from qualipolis.city.core.models import City

PAGES = ("why", "levers", "trial", "peers", "brief")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    made = make_cast(towns=4)
    published(2020, BEFORE)
    published(2021, VALUES)
    return made


@pytest.fixture
def visit(client: Any, cast: Cast) -> Any:
    """Return a page as somebody sees it, with its status."""

    def get(address: str, who: str = "town_officer", language: str = "zh-hans", status: int = 200) -> str:
        client.force_login(cast[who])
        answer = client.get(address, headers={"host": "localhost", "accept-language": language})
        assert answer.status_code == status, (address, answer.status_code)
        if status == 302:
            return str(answer.headers.get("Location", ""))
        return "" if answer.streaming else answer.content.decode()

    return get


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.find("<main") :]))


def test_it_answers_in_both_languages_within_few_queries(visit: Any, django_assert_max_num_queries: Any) -> None:
    visit("/desk/towns/T1/brief/")  # a release is read once for all pages
    for name in PAGES:
        for language, town in (("zh-hans", "1镇"), ("en", "Town 1")):
            with django_assert_max_num_queries(30):
                page = visit(f"/desk/towns/T1/{name}/", language=language)
            assert "style=" not in page
            assert town in words(page)


def test_it_is_for_the_town_itself_and_for_overseers(visit: Any) -> None:
    for name in PAGES:
        visit(f"/desk/towns/T2/{name}/", status=403)
        visit(f"/desk/towns/T2/{name}/", "planner")
        visit(f"/desk/towns/T2/{name}/", "department", status=403)
        visit(f"/desk/towns/nowhere/{name}/", "planner", status=404)


def test_the_page_of_the_town_leads_to_the_explanation_of_ones_own(visit: Any) -> None:
    assert "/desk/towns/T1/why/" in visit("/desk/towns/T1/")
    assert "/desk/towns/T2/why/" not in visit("/desk/towns/T2/")


def test_the_page_of_a_town_and_its_explanation_give_the_same_parts(visit: Any) -> None:
    def parts(page: str) -> list[str]:
        table = next(one for one in re.findall(r"<table.*?</table>", page, re.DOTALL) if "合计＝得分之差" in one)
        return re.findall(r"[+−]\d+\.\d{3}", words("<main" + table))

    found = parts(visit("/desk/towns/T1/", "department"))
    assert len(found) > 3
    assert found == parts(visit("/desk/towns/T1/why/", "planner"))


def test_the_finding_is_the_title_and_the_residual_is_shown(visit: Any) -> None:
    page = visit("/desk/towns/T1/why/")
    assert "<h1>1镇：2021年第1名，与2020年相同</h1>" in page
    said = words(page)
    assert "较2020年变动+3.00分" in said
    assert "余数（按算法恒为0） 0.00" in said


def test_a_tie_is_told_as_a_tie(visit: Any) -> None:
    assert "2镇：2021年并列第2名" in words(visit("/desk/towns/T2/why/", "planner"))


def test_a_gap_in_the_data_is_named_as_one(visit: Any) -> None:
    said = words(visit("/desk/towns/T4/why/", "planner"))
    assert "b（2021没有数）" in said
    assert "另有1项指标只有一方有数" in said


def test_it_compares_with_the_peer_that_was_chosen(visit: Any) -> None:
    assert "与2镇相比：+28.00分" in words(visit("/desk/towns/T1/why/?with=T2"))
    assert "与同类中位相比" in words(visit("/desk/towns/T1/why/?with=nobody"))


def test_the_form_leads_to_a_link_that_holds_the_changes_alone(visit: Any) -> None:
    address = visit("/desk/towns/T1/trial/?year=2021&v.a=100&v.b=100&v.c=90&apply=1", status=302)
    assert address == "/desk/towns/T1/trial/?year=2021&v.b=100"
    said = words(visit(address))
    assert "96.00" in said
    assert "名次不变，仍是第1名" in said


def test_a_wrong_value_keeps_what_was_typed_and_says_what_to_do(visit: Any) -> None:
    page = visit("/desk/towns/T1/trial/?v.a=<b>x&apply=1")
    assert 'value="&lt;b&gt;x"' in page
    assert "请写成数字" in words(page)


def test_effort_is_kept_as_ones_own_note_and_sorts_the_table(visit: Any, client: Any, cast: Cast) -> None:
    client.force_login(cast["town_officer"])
    answer = client.post("/desk/towns/T1/levers/", {"e.b": "2", "e.c": "x"}, headers={"host": "localhost"})
    assert answer.status_code == 302
    kept = drafts.read(cast["town_officer"], "effort:2021:t1")
    assert kept is not None
    assert kept["data"] == {"e.b": "2"}
    assert 'name="e.b" type="text" inputmode="decimal" maxlength="12" value="2"' in visit("/desk/towns/T1/levers/")
    assert 'value="2"' not in visit("/desk/towns/T1/levers/", "planner")


def test_it_says_what_is_at_its_target_already(visit: Any) -> None:
    assert "已达目标值" in words(visit("/desk/towns/T1/levers/"))


def test_every_table_can_be_taken_along_by_the_town_alone(visit: Any) -> None:
    for name in ("change", "gap", "levers", "trial", "peers", "years"):
        visit(f"/lists/town_{name}.pdf?unit=T2&year=2021", status=403)
        visit(f"/lists/town_{name}.csv?unit=T1&year=2021&v.b=100")
