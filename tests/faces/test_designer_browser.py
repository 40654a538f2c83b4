"""The designer in a real browser: dragging, moving by keyboard, shares that follow what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.browser.visitor import WATCH, Tab, violations
from tests.city.measure.cast import SYSTEM, locked_round, make_cast, tiny_set

from qualipolis.city.core.models import City, Draft
from qualipolis.city.measure import service
from qualipolis.city.measure.models import IndicatorSet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Tab]


@pytest.fixture
def draft(db: None) -> IndicatorSet:
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    make_cast(10)
    locked = tiny_set(2021)
    locked_round(locked, {f"T{k}": {"a": 6.0 * k, "b": 6.0 * k + k % 2, "c": 50.0 + k % 3} for k in range(1, 11)})
    return service.create_set(SYSTEM, None, 2022)


@pytest.fixture
def enter(browser: Any, live_server: Any, client: Any, draft: IndicatorSet) -> Iterator[Enter]:
    from qualipolis.city.core.models import Person

    client.force_login(Person.objects.get(username="planner"))
    contexts = []

    def make(path: str, language: str = "zh-hans", width: int = 1440, **more: Any) -> Tab:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **more)
        contexts.append(context)
        pairs = (("sessionid", client.cookies["sessionid"].value), ("django_language", language))
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in pairs])
        context.add_init_script(WATCH)
        tab = Tab(context.new_page())
        tab.page.goto(path)
        return tab

    yield make
    for context in contexts:
        context.close()


def order(page: Any, code: str) -> list[str]:
    return page.eval_on_selector_all(f"[data-under={code}] > [data-node]", "found => found.map(n => n.dataset.node)")


def design(draft: IndicatorSet) -> str:
    return f"/desk/sets/{draft.pk}/design/"


def drop(page: Any, code: str, target: str, where: str) -> None:
    """Drag an indicator by its grip to the upper or the lower part of another."""
    box = page.locator(f"[data-node={target}]").bounding_box()
    y = 4 if where == "before" else box["height"] - 4
    page.evaluate("document.querySelector('[data-designer-said]').textContent = ''")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator(f"[data-grip={code}]").drag_to(
            page.locator(f"[data-node={target}]"), target_position={"x": 200, "y": y}
        )
    page.wait_for_function("() => document.querySelector('[data-designer-said]').textContent")


def test_an_indicator_is_dragged_among_its_sisters_and_to_another_dimension(enter: Enter, draft: IndicatorSet) -> None:
    tab = enter(design(draft))
    page = tab.page
    drop(page, "PQ01", "PQ03", "after")
    assert order(page, "product")[:3] == ["PQ02", "PQ03", "PQ01"]
    drop(page, "SR05", "SR06", "before")
    assert order(page, "safety") == ["SR05", "SR06", "SR07"]
    assert draft.indicators.get(code="SR05").dimension.code == "safety"
    assert tab.complaints() == []


def test_a_keyboard_moves_an_indicator_and_keeps_its_place(enter: Enter, draft: IndicatorSet) -> None:
    page = enter(design(draft)).page
    page.locator("#n-PQ01 summary").focus()
    page.keyboard.press("Enter")
    button = page.locator("button[value='down:PQ01']")
    button.focus()
    for place in (1, 2):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("Enter")
        page.wait_for_function(
            f"() => [...document.querySelectorAll('[data-under=product] > *')].findIndex(n => n.dataset.node === 'PQ01') === {place}"
        )
        page.wait_for_function("() => document.activeElement.value === 'down:PQ01'")
    assert "3" in page.text_content("[data-designer-said]")


def test_one_press_moves_it_to_a_chosen_dimension(enter: Enter, draft: IndicatorSet) -> None:
    page = enter(design(draft)).page
    page.locator("#n-PQ02 summary").click()
    page.locator("[data-move=PQ02]").click()
    assert page.locator("[data-move-dialog] select").input_value() == "product"
    page.locator("[data-move-dialog] select").select_option("safety")
    page.locator("[data-move-button]").click()
    page.wait_for_selector("[data-under=safety] [data-node=PQ02]")
    assert page.evaluate("document.activeElement.closest('[data-node]')?.dataset.node") == "PQ02"


def test_shares_and_rings_follow_what_is_typed(enter: Enter, draft: IndicatorSet) -> None:
    page = enter(design(draft)).page
    arc = page.locator("[data-arc=product]")
    before = arc.get_attribute("d")
    assert page.locator("#n-product [data-share=product]").first.text_content() == "15"
    page.fill("#id_product-weight", "0")
    assert page.locator("#n-product [data-share=product]").first.text_content() == "0"
    assert page.locator("#n-PQ01 [data-share=PQ01]").text_content() == "0"
    assert arc.get_attribute("d") != before
    page.fill("#id_product-weight", "０．２５")
    assert arc.get_attribute("d") == before
    total = page.evaluate(
        "() => [...document.querySelectorAll('li [data-share]')].reduce((s, n) => s + (n.closest('[data-node]') ? Number(n.textContent) : 0), 0)"
    )
    assert total == pytest.approx(100, abs=0.3)


def test_typed_weights_wait_on_the_server_and_go_along_with_a_step(enter: Enter, draft: IndicatorSet) -> None:
    page = enter(design(draft)).page
    page.fill("#id_PQ05-weight", "0.4")
    with page.expect_response("**/drafts/"):
        pass
    assert Draft.objects.get().data["PQ05-weight"] == "0.4"
    page.locator("#n-PQ01 summary").click()
    page.locator("button[value='down:PQ01']").click()
    page.wait_for_function("() => document.querySelector('[data-under=product] > *').dataset.node === 'PQ02'")
    assert draft.indicators.get(code="PQ05").weight == 0.4
    assert page.input_value("#id_PQ05-weight") == "0.4"
    assert not Draft.objects.exists()


def test_a_step_is_taken_back(enter: Enter, draft: IndicatorSet) -> None:
    page = enter(design(draft)).page
    page.locator("#n-SR08 summary").click()
    page.locator("button[value='remove:SR08']").click()
    page.wait_for_selector("[data-node=SR08]", state="detached")
    page.locator(".undo button").click()
    page.wait_for_load_state()
    assert draft.indicators.filter(code="SR08").exists()


@pytest.mark.parametrize(("language", "width", "scheme"), [("zh-hans", 1440, "light"), ("en", 360, "dark")])
def test_its_pages_are_clean_for_axe_csp_and_narrow_screens(
    enter: Enter, draft: IndicatorSet, language: str, width: int, scheme: str
) -> None:
    old = IndicatorSet.objects.get(year=2021)
    paths = (design(draft), f"/desk/sets/{draft.pk}/node/?code=PQ01", f"/desk/sets/{old.pk}/analysis/")
    for path in paths:
        tab = enter(path, language, width, color_scheme=scheme)
        assert violations(tab.page) == []
        assert tab.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert tab.complaints() == []


def test_it_works_without_javascript(enter: Enter, draft: IndicatorSet) -> None:
    page = enter(design(draft), java_script_enabled=False).page
    page.locator("#n-PQ01 summary").click()
    page.locator("button[value='down:PQ01']").click()
    assert page.url.endswith("#n-PQ01")
    assert order_without(page)[:2] == ["PQ02", "PQ01"]


def order_without(page: Any) -> list[str]:
    rows = page.locator("[data-under=product] > [data-node]")
    return [rows.nth(k).get_attribute("data-node") for k in range(rows.count())]
