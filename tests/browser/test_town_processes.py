"""The town processes as the people who walk them, with real clicks: self-evaluation, check on site, rectification."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.browser.serving import served
from tests.browser.visitor import Visitors, violations

pytestmark = pytest.mark.browser
PHONE = 360
OWN = "SELECT id FROM registry_unit WHERE government_id = (SELECT organisation_id FROM core_person WHERE demo_role = 'town_officer')"
LATEST = "(SELECT MAX(id) FROM measure_collectionround)"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
At = Callable[..., Any]


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(demo_home, tmp_path_factory.mktemp("towns") / "home")


@pytest.fixture(scope="module")
def people(chromium: Any, home: Path) -> Iterator[Visitors]:
    with served(home) as address:
        made = Visitors(chromium, address)
        yield made
        made.close()


@pytest.fixture(scope="module")
def at(people: Visitors) -> At:
    """Return the page that a role keeps open, at an address or where it was left; checkers have a phone."""

    def go(role: str, path: str = "") -> Any:
        page = people.tab(role).page
        if role == "inspector":
            page.set_viewport_size({"width": PHONE, "height": 780})
        if path:
            assert page.goto(path).status == 200, path
            page.wait_for_load_state("networkidle")
        return page

    return go


@pytest.fixture(scope="module")
def fact(home: Path) -> Callable[[str], Any]:
    """Return what asks the database for one cell."""

    def ask(question: str) -> Any:
        with closing(sqlite3.connect(f"file:{home / 'city.sqlite3'}?mode=ro", uri=True)) as database:
            found = database.execute(question).fetchone()
            return found[0] if found else None

    return ask


def primary(page: Any) -> None:
    """Press the one primary button of the page, which nothing refuses."""
    buttons = page.locator("main .btn-primary:visible")
    assert buttons.count() == 1, [page.url, *buttons.all_inner_texts()]
    with page.expect_navigation():
        buttons.first.click()
    refused = page.locator(".error-summary, .messages .banner-bad")
    assert not refused.count(), refused.first.inner_text()


def test_a_self_evaluation_survives_a_lost_page_and_is_accepted(at: At, fact: Any, people: Visitors) -> None:
    number = fact(f"SELECT id FROM assess_selfevaluation WHERE round_id = {LATEST} AND unit_id IN ({OWN})")
    address = f"/desk/self/{number}/"
    somewhere = people.fresh("town_officer")
    page = somewhere.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.fill("[name=strengths]", "首席质量官覆盖率提高到八成。")
    page.locator("[data-stepper] button[data-step='-1']").first.click()
    typed = page.locator("[data-stepper] input").first.input_value()
    page.wait_for_timeout(3000)
    somewhere.close()
    town = at("town_officer", address)
    assert town.input_value("[name=strengths]") == "首席质量官覆盖率提高到八成。"
    assert town.locator("[data-stepper] input").first.input_value() == typed
    town.fill("[name=signatory]", "主要负责人（演示）")
    primary(town)
    planner = at("planner", address)
    planner.check("[name=choice][value=accept]")
    primary(planner)
    assert fact(f"SELECT status FROM assess_selfevaluation WHERE id = {number}") == "accepted"


def test_a_check_goes_from_the_seed_to_its_end(at: At, fact: Any) -> None:
    planner = at("planner", f"/desk/rounds/{fact(f'SELECT {LATEST}')}/checks/")
    planner.locator("details:has([name=seed]) summary").click()
    for name, value in (("seed", "22099 1 2 3"), ("seed_source", "公开号码"), ("by_risk", "0"), ("values_each", "1")):
        planner.fill(f"[name={name}]", value)
    planner.fill("[name=at_random]", "33")
    with planner.expect_navigation():
        planner.locator("details:has([name=seed]) button").click()
    for box in planner.locator("[name=checkers]").all():
        box.check()
    primary(planner)
    planner.goto(f"{planner.url}?again=1")
    assert planner.locator("main .banner-ok").count() >= 1
    number = fact(f"SELECT MAX(id) FROM assess_sitevisit WHERE unit_id IN ({OWN})")
    the_checker_looks(at("inspector", f"/desk/visits/{number}/"))
    town = at("town_officer", f"/desk/visits/{number}/")
    town.check("[name=choice][value=sign]")
    town.fill("[name=signatory]", "分管负责人（演示）")
    primary(town)
    planner.goto(f"/desk/visits/{number}/")
    primary(planner)
    assert fact(f"SELECT status FROM assess_sitevisit WHERE id = {number}") == "concluded"


def the_checker_looks(phone: Any) -> None:
    """Begin, then one value after the other, with a thumb and a camera; no sideways scroll, nothing for axe."""
    primary(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert not violations(phone)
    phone.locator(".choice:has([value=confirmed])").click()
    phone.set_input_files("#value [name=file]", {"name": "现场.pdf", "mimeType": "application/pdf", "buffer": PDF})
    primary(phone)
    assert not phone.locator("#value").count()


def test_a_rectification_is_planned_reported_checked_and_closed(at: At, fact: Any) -> None:
    number = fact(f"SELECT id FROM assess_rectification WHERE round_id = {LATEST} AND unit_id IN ({OWN})")
    address = f"/desk/rectifications/{number}/"
    town = at("town_officer", address)
    town.fill("[name=plan]", "六月底前由经发办补齐佐证。")
    primary(town)
    a_gap_takes_the_eye_to_it(town)
    for field in town.locator("#report textarea").all():
        field.fill("已补齐佐证并复核。")
    town.set_input_files("[name=file]", {"name": "佐证.pdf", "mimeType": "application/pdf", "buffer": PDF})
    primary(town)
    planner = at("planner", address)
    planner.check("[name=choice][value=yes]")
    planner.fill("[name=words]", "核对记录属实。")
    primary(planner)
    primary(planner)
    assert fact(f"SELECT status FROM assess_rectification WHERE id = {number}") == "closed"


def a_gap_takes_the_eye_to_it(town: Any) -> None:
    """What is missing is named on top with the focus, and its link leads to the field."""
    town.locator("main .btn-primary").click()
    town.wait_for_selector(".error-summary:focus")
    town.locator(".error-summary a").first.click()
    assert town.evaluate("document.activeElement.name").endswith("-words")
