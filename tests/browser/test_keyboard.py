"""Without a mouse: skip link, focus that can be seen, the primary button in reach, shortcuts, errors, the language."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
OUTLINE = """
() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}
"""
PAGES = [
    ("planner", "/desk/"),
    ("town_officer", "/desk/rounds/6/sheet/"),
    ("department", "/desk/check/"),
    ("public", "/"),
    ("auditor", "/ledger/"),
]


@pytest.fixture
def sheet(demo_home: Path) -> str:
    """The address of the sheet that is open for the town officer."""
    with closing(sqlite3.connect(f"file:{demo_home / 'city.sqlite3'}?mode=ro", uri=True)) as database:
        (pk,) = database.execute("SELECT id FROM measure_collectionround WHERE status = 'reopened'").fetchone()
    return f"/desk/rounds/{pk}/sheet/"


def is_focused(page: Any, selector: str) -> bool:
    return bool(page.evaluate("sign => document.activeElement.matches(sign)", selector))


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_tab_starts_at_the_skip_link_which_leads_to_the_content(enter: Enter, role: str, path: str) -> None:
    page = enter(role)
    page.goto(path)
    page.keyboard.press("Tab")
    assert is_focused(page, ".skip")
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_every_stop_of_the_tab_key_can_be_seen(enter: Enter, role: str, path: str) -> None:
    page = enter(role)
    page.goto(path)
    unseen = []
    for _stop in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        if not page.evaluate(OUTLINE):
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    assert not unseen, "\n".join(unseen)


@pytest.mark.parametrize(("role", "path"), PAGES[:3])
def test_tab_reaches_the_one_primary_button(enter: Enter, role: str, path: str) -> None:
    page = enter(role)
    page.goto(path)
    assert page.locator("main .btn-primary:visible").count() == 1
    for _stop in range(300):
        page.keyboard.press("Tab")
        if is_focused(page, "main .btn-primary"):
            return
    pytest.fail("the primary button is out of reach")


def test_a_question_mark_lists_the_shortcuts_and_they_work(enter: Enter) -> None:
    page = enter("planner")
    page.goto("/desk/overview/")
    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#shortcuts").is_visible()
    page.keyboard.press("/")
    page.wait_for_url("**/desk/search/**")
    page.goto("/desk/overview/")
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/desk/")


def test_shortcuts_stay_away_from_what_is_typed(enter: Enter, sheet: str) -> None:
    page = enter("town_officer")
    page.goto(sheet)
    page.locator("#sheet summary").first.click()
    page.locator("#sheet textarea:visible").first.fill("")
    page.keyboard.type("gw?/")
    assert not page.locator("#shortcuts").is_visible()
    assert page.locator("#sheet textarea:visible").first.input_value() == "gw?/"


def test_the_summary_of_errors_takes_the_focus_and_leads_to_the_field(enter: Enter, sheet: str) -> None:
    page = enter("town_officer")
    page.goto(sheet)
    line = page.locator("#sheet details").first
    line.locator("summary").click()
    line.locator("select").select_option("not_collected")
    line.locator("textarea").fill("")
    line.locator("button[value^=save]").click()
    page.wait_for_selector(".error-summary")
    assert is_focused(page, ".error-summary")
    page.keyboard.press("Tab")
    assert is_focused(page, ".error-summary a")
    page.keyboard.press("Enter")
    assert is_focused(page, "input, select, textarea")
    assert line.locator("select").input_value() == "not_collected"


def test_the_language_changes_and_the_page_and_the_typed_text_stay(enter: Enter, sheet: str) -> None:
    page = enter("town_officer")
    page.goto(sheet)
    page.wait_for_load_state("networkidle")
    page.locator("#sheet details:has(textarea) > summary").last.click()
    field = page.locator("#sheet textarea:visible").first
    name = field.get_attribute("name")
    field.fill("还在等统计口径")
    with page.expect_navigation():
        page.locator("button[name=language]:visible").first.click()
    page.wait_for_load_state("networkidle")
    assert page.url.endswith(sheet)
    assert page.evaluate("document.documentElement.lang") == "en"
    page.wait_for_function("name => document.querySelector(`[name='${name}']`).value === '还在等统计口径'", arg=name)
