"""The chart page in a real browser: phases by mouse, by keys and without a script; clean for axe, on the phone too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.browser.visitor import RUN, TAGS, WATCH, Tab, axe
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.measurement_files import kept

from qualipolis.city.hospital.models import MeasurementFile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Tab]


@pytest.fixture
def row(cast: Cast) -> MeasurementFile:
    return kept(cast["expert"], case_in(cast, "examining"), lower=58.0)


@pytest.fixture
def enter(browser: Any, live_server: Any, client: Any, cast: Cast) -> Iterator[Enter]:
    client.force_login(cast["expert"])
    contexts = []

    def make(path: str, width: int = 1440, **more: Any) -> Tab:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **more)
        contexts.append(context)
        pairs = (("sessionid", client.cookies["sessionid"].value), ("django_language", "zh-hans"))
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in pairs])
        context.add_init_script(WATCH)
        tab = Tab(context.new_page())
        tab.page.goto(path)
        return tab

    yield make
    for context in contexts:
        context.close()


def starts(row: MeasurementFile) -> list[int]:
    row.refresh_from_db()
    return [one["start"] for one in row.phases]


def test_a_phase_is_begun_by_a_click_and_moved_by_dragging(enter: Enter, row: MeasurementFile) -> None:
    tab = enter(f"/desk/measurements/{row.pk}/")
    page = tab.page
    box = page.locator(".phase-stage").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 60)
    begun = int(page.input_value("#start-0"))
    handle = page.locator(".phase-handle:not([hidden])")
    at = handle.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(at["x"] + 120, at["y"] + 40, steps=4)
    page.mouse.up()
    moved = int(page.input_value("#start-0"))
    assert 2 <= begun < moved <= 35
    page.click("#phases button[type=submit]")
    page.wait_for_selector(".turn", state="attached")
    assert starts(row) == [moved]
    assert tab.complaints() == []


def test_a_phase_is_moved_and_set_by_keys_alone(enter: Enter, row: MeasurementFile) -> None:
    tab = enter(f"/desk/measurements/{row.pk}/")
    page = tab.page
    page.fill("#start-0", "17")
    handle = page.locator(".phase-handle:not([hidden])")
    handle.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "PageUp", "ArrowRight"):
        page.keyboard.press(key)
    assert handle.get_attribute("aria-valuenow") == page.input_value("#start-0") == "21"
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn", state="attached")
    assert starts(row) == [21]
    page.locator(".phase-handle:not([hidden])").focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn", state="detached")
    assert starts(row) == []
    assert tab.complaints() == []


def test_the_fields_do_the_same_without_a_script(enter: Enter, row: MeasurementFile) -> None:
    page = enter(f"/desk/measurements/{row.pk}/", java_script_enabled=False).page
    page.fill("#start-0", "21")
    page.fill("#label-0", "换油")
    page.click("#phases button[type=submit]")
    page.wait_for_selector("text=换油")
    assert starts(row) == [21]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (360, "dark")])
def test_every_page_of_measuring_is_clean_and_fits(enter: Enter, row: MeasurementFile, width: int, theme: str) -> None:
    for path in (
        f"/desk/measurements/{row.pk}/",
        f"/desk/measurements/{row.pk}/?view=table",
        f"/desk/measurements/{row.pk}/instrument/?goal=capability",
        "/desk/instrument/?goal=capability&measurement=grr&grr=38&gauge_setup=parts&destructive=no",
        f"/desk/cases/{row.case_id}/measurements/",
    ):
        tab = enter(path, width=width, color_scheme=theme)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, path
        tab.page.evaluate(axe())
        assert tab.page.evaluate(RUN, TAGS) == [], path
        assert tab.complaints() == [], path
