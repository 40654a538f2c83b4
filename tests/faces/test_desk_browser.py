"""The gallery in a real browser: both languages, both themes, wide and narrow."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from qualipolis.city.core.models import City, Grant, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEWS = [("zh-hans", "light", 1440), ("zh-hans", "dark", 360), ("en", "dark", 1440), ("en", "light", 360)]


@pytest.fixture
def session(client) -> str:  # type: ignore[no-untyped-def]
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    person = Person.objects.create(username="chen", display_name="陈")
    Grant.objects.create(person=person, role="planner")
    client.force_login(person)
    return client.cookies["sessionid"].value


def opened(
    browser: Any, live_server: Any, session: str, language: str, theme: str, width: int
) -> tuple[Any, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    pairs = (("sessionid", session), ("django_language", language))
    context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in pairs])
    page, said = context.new_page(), []
    page.on("console", lambda line: said.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


@pytest.mark.parametrize(("language", "theme", "width"), VIEWS)
def test_it_is_clean_for_axe_csp_and_narrow_screens(browser, live_server, session, language, theme, width) -> None:  # type: ignore[no-untyped-def]
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, said = opened(browser, live_server, session, language, theme, width)
    for address in (reverse("desk:components"), reverse("desk:stage", args=["assess"])):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [v["id"] for v in axe.run(page).response["violations"]] == []
    assert said == []


def test_it_works_from_the_keyboard(browser, live_server, session) -> None:  # type: ignore[no-untyped-def]
    page, said = opened(browser, live_server, session, "zh-hans", "light", 1440)
    page.goto(live_server.url + reverse("desk:stage", args=["assess"]))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("?")
    assert page.evaluate("document.querySelector('#shortcuts').open")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('#shortcuts').open")
    assert said == []


def test_it_switches_chart_and_table_with_and_without_script(browser, live_server, session) -> None:  # type: ignore[no-untyped-def]
    page, _said = opened(browser, live_server, session, "zh-hans", "light", 1440)
    page.goto(live_server.url + reverse("desk:components"))
    page.click("a[data-show-pane=table]")
    assert page.is_visible("[data-pane=table]") and not page.is_visible("[data-pane=chart]")
    assert "view=table" in page.url
    page.reload()
    assert page.is_visible("[data-pane=table]") and not page.is_visible("[data-pane=chart]")


def test_it_changes_the_theme_at_once_and_keeps_it(browser, live_server, session) -> None:  # type: ignore[no-untyped-def]
    page, _said = opened(browser, live_server, session, "zh-hans", "light", 1440)
    page.goto(live_server.url + reverse("desk:stage", args=["assess"]))
    page.click("details.menu-box summary.tool >> nth=0")
    with page.expect_response("**/appearance/"):
        page.click("button[name=theme][value=dark] >> visible=true")
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 22, 24)"


def test_it_keeps_what_is_typed_and_brings_it_back(browser, live_server, session) -> None:  # type: ignore[no-untyped-def]
    page, said = opened(browser, live_server, session, "zh-hans", "light", 360)
    address = live_server.url + reverse("desk:components")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.fill("#draft-text", "先复测，再看漏率。")
    page.wait_for_selector("form[data-draft] [data-saved]:has-text('已保存')", timeout=10_000)
    page.goto(address)
    page.wait_for_selector("form[data-draft] [data-saved]:has-text('草稿')", timeout=10_000)
    assert page.input_value("#draft-text") == "先复测，再看漏率。"
    assert said == []
