"""One walk round the loop as the people who walk it, with real clicks: from a new year's set to a release anyone checks.

The demo has one person for each role; the administrator lets the department's officer act for the whole city, as
happens where one office checks everything. The walk takes place in a copy of the demo city.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.browser.serving import qualipolis, served
from tests.browser.visitor import Visitors

pytestmark = pytest.mark.browser
At = Callable[..., Any]


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(demo_home, tmp_path_factory.mktemp("loop") / "home")


@pytest.fixture(scope="module")
def people(chromium: Any, home: Path) -> Iterator[Visitors]:
    with served(home) as address:
        made = Visitors(chromium, address)
        yield made
        made.close()


@pytest.fixture(scope="module")
def at(people: Visitors) -> At:
    """Return the page that a role keeps open, at an address or where it was left."""

    def go(role: str, path: str = "", language: str = "zh-hans") -> Any:
        page = people.tab(role, language).page
        if path:
            assert page.goto(path).status == 200, path
        return page

    return go


@pytest.fixture(scope="module")
def facts(home: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    """Return what asks the database a question."""

    def ask(question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{home / 'city.sqlite3'}?mode=ro", uri=True)) as database:
            return database.execute(question).fetchall()

    return ask


def primary(page: Any) -> str:
    """Press the one primary button of the page; return what it said."""
    buttons = page.locator("main .btn-primary:visible")
    assert buttons.count() == 1, [page.url, *buttons.all_inner_texts()]
    said = buttons.first.inner_text().strip()
    with page.expect_navigation():
        buttons.first.click()
    refused = page.locator(".error-summary, .messages .banner-bad")
    assert not refused.count(), f"{said}: {refused.first.inner_text()}"
    return str(said)


def test_a_year_goes_round(at: At, facts: Any, people: Visitors, home: Path) -> None:
    a_new_year_begins(at, facts)
    the_town_types_and_loses_nothing(at, facts, people)
    the_town_hands_in(at)
    one_value_goes_back_and_comes_again(at, facts)
    number = the_assessment_is_published(at, everything_is_decided_and_the_round_locked(at, facts))
    anyone_sees_and_checks_it(at, number)
    the_auditor_checks_the_ledger(at, home)


def a_new_year_begins(at: At, facts: Any) -> None:
    """The set of the next year is made, sent out, approved, published and frozen; its collection opens and computes."""
    planner = at("planner", "/desk/sets/")
    primary(planner)
    address = planner.url
    assert re.search(r"/desk/sets/\d+/$", address)
    primary(planner)
    leader = at("leader", address)
    leader.fill("[name=document_no]", "云汀质领〔2022〕演9号")
    primary(leader)
    planner.goto(address)
    primary(planner)
    primary(planner)
    planner.fill("[name=due_on]", (date.today() + timedelta(days=30)).isoformat())
    primary(planner)
    assert re.search(r"/desk/rounds/\d+/$", planner.url)
    primary(planner)
    wait_for_snapshot(planner)
    assert facts("SELECT status FROM measure_indicatorset ORDER BY id DESC LIMIT 1") == [("frozen",)]
    assert facts("SELECT status, snapshot <> '' FROM measure_collectionround ORDER BY id DESC LIMIT 1") == [("open", 1)]


def wait_for_snapshot(page: Any) -> None:
    """The computation runs in the background and its page goes on by itself: the next primary step is another one."""
    page.wait_for_selector("input[name=step][value=check]", state="attached", timeout=60_000)


def late_round(facts: Any) -> int:
    return int(facts("SELECT id FROM measure_collectionround WHERE status = 'reopened'")[0][0])


def wanted(facts: Any, indicator: str) -> int:
    """The observation of the town officer's own unit."""
    question = f"""
        SELECT o.id FROM measure_observation o JOIN measure_indicator i ON i.id = o.indicator_id
        JOIN registry_unit u ON u.id = o.unit_id
        WHERE o.round_id = {late_round(facts)} AND i.code = '{indicator}' AND u.government_id =
        (SELECT organisation_id FROM core_person WHERE demo_role = 'town_officer')"""
    return int(facts(question)[0][0])


def opened(page: Any, number: int) -> Any:
    """Unfold the line of an observation on the sheet."""
    line = page.locator(f"#o{number}")
    if not line.locator("details").evaluate("fold => fold.open"):
        line.locator("summary").click()
    return line


def the_town_types_and_loses_nothing(at: At, facts: Any, people: Visitors) -> None:
    """Type, wait three seconds, the page is gone; signed in elsewhere, the text is there."""
    sheet, number = f"/desk/rounds/{late_round(facts)}/sheet/", wanted(facts, "MB01")
    with_cookies = people.fresh("town_officer")
    page = with_cookies.new_page()
    page.goto(sheet)
    page.wait_for_load_state("networkidle")
    opened(page, number)
    page.fill(f"[name=o{number}-numerator]", "12")
    page.fill(f"[name=o{number}-document]", "演示证〔2022〕补1号")
    page.wait_for_timeout(3000)
    page.close()
    with_cookies.close()
    people.states.pop("town_officer")
    page = at("town_officer", sheet)
    page.wait_for_load_state("networkidle")
    assert page.input_value(f"[name=o{number}-numerator]") == "12"
    assert page.input_value(f"[name=o{number}-document]") == "演示证〔2022〕补1号"


def the_town_hands_in(at: At) -> None:
    """What is typed is saved; a value that nobody has gets its reason; what is complete is handed in."""
    page = at("town_officer")
    missing = page.locator("details:has(b:text-is('EF02'))")
    missing.locator("summary").click()
    missing.locator("select").select_option("not_collected")
    page.locator(".btn[name=do][value=save]").last.click()
    page.wait_for_selector(".error-summary:focus")
    page.locator("details:has(b:text-is('EF02')) textarea").fill("统计口径今年才定，明年起报。")
    page.locator("main .btn-primary").click()
    page.wait_for_selector(".messages .banner-ok")
    primary(page)
    assert page.locator("#o-none, .messages .banner-ok").count() == 1


def one_value_goes_back_and_comes_again(at: At, facts: Any) -> None:
    """The department returns a value with its reason; the town corrects it; the department verifies."""
    the_officer_may_check_everything(at, facts)
    number = wanted(facts, "MB01")
    department = at("department", f"/desk/observations/{number}/")
    department.check("input[name=choice][value=return]")
    department.fill("[name=reason]", "名单只有11家，请核对。")
    primary(department)
    town = at("town_officer", f"/desk/observations/{number}/")
    assert "名单只有11家" in town.locator("main").inner_text()
    primary(town)
    town.wait_for_load_state("networkidle")
    line = opened(town, number)
    town.fill(f"[name=o{number}-numerator]", "11")
    with town.expect_navigation():
        line.locator(f"button[value='submit:{number}']").click()
    assert facts(f"SELECT status, value FROM measure_observation WHERE id = {number}") == [("submitted", 11.0)]
    department.goto(f"/desk/observations/{number}/")
    department.check("input[name=choice][value=verify]")
    primary(department)
    assert facts(f"SELECT status FROM measure_observation WHERE id = {number}") == [("verified",)]


def the_officer_may_check_everything(at: At, facts: Any) -> None:
    """The administrator gives the department's officer the role for the whole city."""
    who = facts("SELECT id FROM core_person WHERE demo_role = 'department'")[0][0]
    admin = at("admin", f"/people/{who}/")
    admin.select_option("[name=role]", "department")
    primary(admin)


def everything_is_decided_and_the_round_locked(at: At, facts: Any) -> int:
    """The department verifies indicator by indicator; the planner answers what was reopened, then locks."""
    department = at("department", "/desk/check/")
    for _indicator in range(12):
        if not department.locator("main .btn-primary").count():
            break
        primary(department)
    planner, round_ = at("planner"), late_round(facts)
    for (number,) in facts(f"SELECT id FROM measure_observation WHERE round_id = {round_} AND status = 'reopened'"):
        planner.goto(f"/desk/observations/{number}/")
        planner.check("input[name=choice][value=keep]")
        planner.fill("[name=reply]", "与原始记录一致，维持。")
        primary(planner)
    planner.goto(f"/desk/rounds/{round_}/")
    primary(planner)
    assert facts(f"SELECT status FROM measure_collectionround WHERE id = {round_}") == [("locked",)]
    return round_


def the_assessment_is_published(at: At, round_: int) -> str:
    """The planner computes and previews, the leader decides, the planner publishes; return the release's number."""
    planner = at("planner", "/desk/releases/")
    planner.select_option("#id_round", str(round_))
    with planner.expect_navigation(timeout=60_000):
        planner.locator("form[action$='/runs/new/'] button").click()
    assert re.search(r"/desk/runs/\d+/$", planner.url), planner.locator(".messages").inner_text()
    primary(planner)
    leader = at("leader", planner.url)
    leader.fill("[name=document]", "质领〔2022〕3号")
    leader.fill("[name=meeting_on]", "2022-04-12")
    primary(leader)
    planner.reload()
    planner.check("input[name=sure]")
    primary(planner)
    number = re.search(r"/desk/releases/([\w-]+)/$", planner.url)
    assert number is not None, planner.url
    return number[1]


def anyone_sees_and_checks_it(at: At, number: str) -> None:
    """The public pages show the release at once, and its check says that it holds; in both languages."""
    for language, word in (("zh-hans", "一致"), ("en", "holds")):
        visitor = at("public", "/", language)
        assert number in visitor.content()
        visitor.goto(f"/releases/{number}/")
        with visitor.expect_navigation(timeout=60_000):
            visitor.locator("form[action$='/verify/'] button").click()
        verdict = visitor.locator("main .banner-ok").first
        assert verdict.count() == 1, visitor.locator("main").inner_text()[:500]
        assert word in visitor.locator("main").inner_text()


def the_auditor_checks_the_ledger(at: At, home: Path) -> None:
    """On the page and with the command."""
    auditor = at("auditor", "/ledger/")
    with auditor.expect_navigation(timeout=60_000):
        auditor.locator("form[action$='/ledger/check/'] button").click()
    assert auditor.locator("main .banner-ok").count() == 1
    told = qualipolis("verify", "ledger", "--home", home)
    assert told.returncode == 0, told.stdout
