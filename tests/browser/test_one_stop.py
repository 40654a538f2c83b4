"""The one-stop service walked by firm, station, platform and laboratory, in both languages: everything by clicking and typing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from tests.browser.sampling_walk import fill, step
from tests.browser.serving import outside
from tests.browser.visitor import violations
from tests.browser.year_walk import PAPER, PHONE, Walk, on_the_clock, walking

pytestmark = pytest.mark.browser
LINES = "儿童服装 甲醛含量 GB 31701-2015"


@pytest.fixture
def walk(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("one-stop")
    founded(folder / "home", folder / "clock", "nqi")
    with walking(chromium, folder / "home", folder / "clock") as made:
        yield made


def founded(home: Path, clock: Path, room: str) -> None:
    clock.write_text(datetime.fromisoformat("2026-05-18T09:00:00+08:00").isoformat())
    with on_the_clock(clock):
        command = [sys.executable, "-m", "tests.browser.one_stop_city", str(home), room]
        told = run(command, env=outside(), capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_demand_goes_from_the_firm_to_the_report_and_the_evaluation(walk: Walk) -> None:
    a_firm_asks_on_its_phone(walk)
    the_station_clarifies_and_asks_for_quotes(walk)
    two_laboratories_quote_and_the_firm_orders(walk)
    the_laboratory_works_and_reports(walk)
    the_firm_evaluates_and_complains(walk)
    in_english_the_station_answers_at_once(walk)


def at_home(walk: Walk, path: str, language: str = "zh-hans") -> Any:
    """Open a page of the firm on its phone; nothing scrolls sideways, and nothing is hard to read."""
    walk.people.tab("enterprise", language).page.set_viewport_size(PHONE)
    page = walk.at("enterprise", path, language)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    assert not violations(page)
    return page


def a_firm_asks_on_its_phone(walk: Walk) -> None:
    page = at_home(walk, "/desk/services/mine/new/")
    page.locator("[name=text]").fill("出口订单要检童装的甲醛。")
    page.locator("[name=need_type][value=testing]").check()
    walk.primary(page)
    assert walk.fact("SELECT status FROM nqi_demand WHERE id = 1") == "new"


def the_station_clarifies_and_asks_for_quotes(walk: Walk) -> None:
    page = "/desk/services/demands/1/"
    step(walk, "steward", page, "accept")
    step(walk, "steward", page, "triage", need_type="testing", product_class=walk.fact(CLASS), lines=line(walk))
    form = walk.at("steward", page).locator("form:has(input[name=do][value=match])")
    for box in form.locator("[name=institution]").all():
        box.check()
    walk.press(walk.at("steward"), form.locator("button").first)
    assert walk.fact("SELECT count(*) FROM nqi_quote WHERE status = 'invited'") == 2


CLASS = "SELECT product FROM registry_scopeitem ORDER BY id LIMIT 1"


def line(walk: Walk) -> str:
    """Return the first line of a scope as somebody types it."""
    return str(
        walk.fact("SELECT product || '；' || parameter || '；' || standard FROM registry_scopeitem ORDER BY id LIMIT 1")
    )


def two_laboratories_quote_and_the_firm_orders(walk: Walk) -> None:
    for role in ("laboratory", "laboratory-2"):
        number = walk.fact(f"SELECT q.id FROM nqi_quote q JOIN registry_institution i ON i.id = q.institution_id "
                           f"WHERE i.code = '{'LAB1' if role == 'laboratory' else 'LAB2'}'")  # fmt: skip
        place = walk.fact("SELECT id FROM nqi_demandline LIMIT 1")
        said = {f"price-{place}": "260" if role == "laboratory" else "240", "days": "5", "valid_until": "2026-07-31"}
        step(walk, role, f"/desk/services/quotes/{number}/", "give", **said)
    page = at_home(walk, "/desk/services/mine/1/")
    words = page.inner_text("main")
    assert "260" in words and "240" in words and "推荐" not in words.replace("不作推荐", "").replace("不推荐", "")
    form = page.locator("form:has(input[name=do][value=order])")
    form.locator("[name=quote]").first.check()
    walk.press(page, form.locator("button").first)
    assert walk.fact("SELECT status FROM nqi_order") == "placed"


def the_laboratory_works_and_reports(walk: Walk) -> None:
    role = "laboratory" if walk.fact(CHOSEN) == "LAB1" else "laboratory-2"
    page = "/desk/services/orders/1/"
    step(walk, role, page, "confirm")
    step(walk, role, page, "sample", name="童装", quantity="3件", condition="完好")
    step(walk, role, page, "begin")
    form = walk.at(role, page + "report/")
    for name, value in {
        "report_no": "BG-1",
        "signatory": "授权签字人甲",
        "tested_on": "2026-05-18",
        "issued_on": "2026-05-18",
    }.items():
        fill(form.locator(f"[name='{name}']"), value)
    form.locator("[name=file]").set_input_files(PAPER)
    walk.primary(form)
    assert walk.fact("SELECT status FROM nqi_order") == "reported"
    assert walk.fact("SELECT count(*) FROM nqi_servicereport") == 1


CHOSEN = "SELECT i.code FROM nqi_order o JOIN registry_institution i ON i.id = o.institution_id"


def the_firm_evaluates_and_complains(walk: Walk) -> None:
    page = at_home(walk, "/desk/services/mine/1/")
    form = page.locator("form:has(input[name=do][value=complain])")
    form.locator("xpath=ancestor::details[1]/summary").click()
    form.locator("[name=facts]").fill("报告还没有到。")
    walk.press(page, form.locator("button").first)
    number = walk.fact("SELECT id FROM nqi_servicecomplaint")
    step(walk, "nqi_desk", f"/desk/services/complaints/{number}/", "accept")
    assert walk.fact("SELECT status FROM nqi_servicecomplaint") == "accepted"


def in_english_the_station_answers_at_once(walk: Walk) -> None:
    page = at_home(walk, "/desk/services/mine/new/", "en")
    page.locator("[name=text]").fill("Which standards apply to our children's wear?")
    page.locator("[name=need_type][value=standards]").check()
    walk.primary(page)
    where = "/desk/services/demands/2/"
    step(walk, "steward", where, "accept", language="en")
    step(walk, "steward", where, "triage", language="en", need_type="standards", free=True)
    step(walk, "steward", where, "answer", language="en", report="The list of standards was sent.")
    step(walk, "enterprise", "/desk/services/mine/2/", "evaluate", language="en", stars="5")
    step(walk, "steward", where, "close", language="en")
    assert walk.fact("SELECT status FROM nqi_demand WHERE id = 2") == "closed"
