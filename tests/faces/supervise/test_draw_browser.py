"""The verification page in a real browser: it draws again by itself, with every request but those for files cut off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.visitor import WATCH, Tab, violations
from tests.faces.supervise.public_draw import PublicDraw, public_draw

from qualipolis.faces.portal.open_draws import REPLAYED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Tab]
BOX = "[data-draw-verify]"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"


@pytest.fixture
def enter(browser: Any, live_server: Any) -> Iterator[Enter]:
    contexts = []

    def make(path: str, language: str = "zh-hans", width: int = 1280, route: Any = None, **more: Any) -> Tab:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **more)
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        context.add_init_script(WATCH)
        tab = Tab(context.new_page())
        if route:
            tab.page.route("**/*", route)
        tab.page.goto(path)
        return tab

    yield make
    for context in contexts:
        context.close()


def verdict(page: Any) -> str:
    page.wait_for_selector(f"{BOX}[data-verdict]:not([data-verdict=''])", timeout=20_000)
    return str(page.get_attribute(BOX, "data-verdict"))


def failing(page: Any) -> list[str]:
    return page.eval_on_selector_all(".check-line[data-state=fails]", "found => found.map(n => n.dataset.code)")


def kept(one: PublicDraw, folder: Path, **changed: bytes) -> list[str]:
    """Write the published files to a disk as a visitor keeps them, some changed."""
    from qualipolis.city.supervise.draws import bundle as draw_bundle

    folder.mkdir(exist_ok=True)
    for name in REPLAYED:
        (folder / name).write_bytes(changed.get(name.replace(".", "_"), draw_bundle.content(one.draw, name)))
    return [str(folder / name) for name in REPLAYED]


def test_it_draws_again_with_every_request_cut_but_those_for_files(enter: Enter) -> None:
    one = public_draw()
    asked, opened = [], re.compile(rf"{re.escape(one.path)}(verify/$|files/)|/static/")

    def only_files(route: Any) -> None:
        asked.append(route.request.url)
        if opened.search(route.request.url) and route.request.method == "GET":
            route.continue_()
        else:
            route.abort()

    tab = enter(f"{one.path}verify/", route=only_files)
    assert verdict(tab.page) == "same"
    assert "6" in tab.page.inner_text("[data-part=title]") and "/static/dist/verify-worker" in " ".join(asked)
    assert {url.rsplit("/", 1)[-1] for url in asked if "/files/" in url} == set(REPLAYED)
    assert not [url for url in asked if not opened.search(url)]
    assert not tab.complaints()


@pytest.mark.parametrize("name", ["frame.csv", "record.json", "sample.csv"])
def test_one_flipped_character_in_the_published_file_is_found(enter: Enter, name: str) -> None:
    one = public_draw()

    def flip(route: Any) -> None:
        if not route.request.url.endswith(f"/files/{name}"):
            return route.continue_()
        data = route.fetch().body()
        at = data.index(b"8 3 0") if name == "record.json" else data.index(b"91441900") + 12
        return route.fulfill(status=200, body=data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])

    tab = enter(f"{one.path}verify/", route=flip)
    assert verdict(tab.page) == "different"
    assert {"frame.csv": "frame", "record.json": "seal", "sample.csv": "sample"}[name] in failing(tab.page)
    assert name in tab.page.inner_text("[data-part=text]")


def test_a_changed_copy_from_disk_is_located_to_the_character(enter: Enter, tmp_path: Path) -> None:
    from qualipolis.city.supervise.draws import bundle as draw_bundle

    one = public_draw()
    frame = draw_bundle.content(one.draw, "frame.csv")
    at = frame.index(b"\n", 200) + 12
    changed = frame[:at] + bytes([frame[at] ^ 1]) + frame[at + 1 :]
    tab = enter(f"{one.path}verify/", "en")
    assert verdict(tab.page) == "same"
    tab.page.set_input_files("#own-files", kept(one, tmp_path / "own", frame_csv=changed))
    tab.page.wait_for_selector(f"{BOX}[data-verdict=different]")
    line = frame[:at].count(b"\n") + 1
    assert f"frame.csv, line {line}, character 12" in tab.page.inner_text("[data-part=text]")
    assert {"frame", "copies"} <= set(failing(tab.page))


def test_files_from_disk_are_checked_before_anything_is_published(enter: Enter, tmp_path: Path) -> None:
    one = public_draw("sampling")
    tab = enter(f"{one.path}verify/")
    assert tab.page.locator("[data-part=again]").is_hidden()
    tab.page.set_input_files("#own-files", kept(one, tmp_path / "own"))
    assert verdict(tab.page) == "same"


def test_it_looks_a_unit_up_and_takes_another_commitment(enter: Enter) -> None:
    one = public_draw()
    tab = enter(f"{one.path}verify/", "en")
    assert verdict(tab.page) == "same"
    unit = one.draw.units.filter(kind="drawn").order_by("stratum", "position").first()
    tab.page.fill("#find-key", unit.key)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".lookup-yes")
    assert unit.ticket in tab.page.inner_text("[data-part=found]")
    tab.page.fill("#noted", "0" * 64)
    tab.page.click("[data-part=again]")
    tab.page.wait_for_selector(f"{BOX}[data-verdict=different]")
    assert failing(tab.page) == ["commitment"]


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("zh-hans", 360, "light"), ("en", 360, "dark"), ("zh-hans", 1280, "dark")]
)
def test_it_fits_phones_and_holds_the_rules_of_access(enter: Enter, language: str, width: int, scheme: str) -> None:
    one = public_draw()
    campaign = f"/supervision/campaigns/{one.campaign.number}/"
    for path in ("/supervision/", campaign, one.path, f"{one.path}verify/"):
        tab = enter(path, language, width, color_scheme=scheme)
        if path.endswith("verify/"):
            assert verdict(tab.page) == "same"
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert not violations(tab.page), path
        assert not tab.complaints(), path
