"""The inspector's phone in a real browser: a working day with the line cut, a page that dies, two who send the same task."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.serving import outside, served
from tests.browser.visitor import Tab, Visitors, axe

pytestmark = pytest.mark.browser
PATIENCE = 90_000  # a busy machine is slow to answer
KINDS = ("place", "stock", "label", "seal")


@pytest.fixture(scope="module")
def home(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("field") / "home"
    command = [sys.executable, "-m", "tests.browser.field_city", str(folder)]
    made = subprocess.run(command, env=outside(), capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def people(chromium: Any, home: Path) -> Iterator[Visitors]:
    with served(home) as address:
        made = Visitors(chromium, address)
        yield made
        made.close()


@pytest.fixture
def phone(people: Visitors) -> Iterator[Any]:
    """Return what opens the page on a phone of its own, ready to work without a line."""
    opened: list[Any] = []

    def make(role: str = "inspector", language: str = "zh-hans") -> Tab:
        context = people.fresh(role, language, 360)
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        tab = Tab(context.new_page())
        tab.page.goto(f"{people.site}/field/")
        tab.page.wait_for_selector("body[data-ready]")
        tab.page.wait_for_selector("[data-open-tasks] a")
        return tab

    yield make
    for context in opened:
        context.close()


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    import sqlite3

    with sqlite3.connect(f"file:{home / 'city.sqlite3'}?mode=ro", uri=True) as open_:
        return open_.execute(sql).fetchall()


def of_firm(name: str) -> str:
    """Return the condition for rows of a firm's task alone: the tests share one city and run in any order."""
    firm = f"SELECT id FROM registry_enterprise WHERE name_zh = '{name}'"
    return f"task_id IN (SELECT id FROM supervise_samplingtask WHERE enterprise_id = ({firm}))"


def picture(page: Any) -> bytes:
    """Return a picture larger than what is kept, as a camera gives one."""
    made = page.evaluate(
        """async () => { const c = Object.assign(document.createElement('canvas'), {width: 2400, height: 1800});
        c.getContext('2d').fillRect(0, 0, 900, 900);
        const b = await new Promise(d => c.toBlob(d, 'image/jpeg'));
        return [...new Uint8Array(await b.arrayBuffer())]; }"""
    )
    return bytes(made)


def begin(page: Any, firm: str) -> None:
    page.locator("[data-open-tasks] a", has_text=firm).click()
    page.locator("[data-arrive]").click()


def product(page: Any, serial: str) -> None:
    for name, value in {"model": f"M-{serial}", "brand": "云汀", "batch": serial, "made_on": "2020-09-01"}.items():
        page.fill(f"[name={name}]", value)
    page.locator("[data-step='2'] [data-next]").click()


def stock(page: Any) -> None:
    for name, value in {"stock": "120", "storage": "成品库", "price": "39.9", "voucher_no": "PJ-1"}.items():
        page.fill(f"[name={name}]", value)
    page.locator("[data-step='3'] [data-next]").click()


def pictures(page: Any) -> None:
    shot = {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": picture(page)}
    for kind in KINDS:
        page.set_input_files(f"[data-kind={kind}] input", shot)
        page.wait_for_selector(f"[data-kind={kind}].is-done img")
    page.locator("[data-step='4'] [data-next]").first.click()


def sealed_and_signed(page: Any, serial: str) -> None:
    page.fill("[name=seal_test]", f"T{serial}")
    page.fill("[name=seal_backup]", f"B{serial}")
    page.check("[name=test_goes][value=dispatch]")
    page.check("[name=backup_keeper][value=bureau]")
    page.locator("[data-step='5'] [data-next]").click()
    page.check("[name=signature][value=signed]")
    page.fill("[name=signatory]", "王经理")
    pad = page.locator("canvas").bounding_box()
    page.mouse.move(pad["x"] + 40, pad["y"] + 60)
    page.mouse.down()
    page.mouse.move(pad["x"] + 180, pad["y"] + 90, steps=5)
    page.mouse.up()
    page.locator("[data-step='6'] [data-next]").click()


def line(context: Any, *, up: bool) -> None:
    """Cut the line or restore it. The browser's own switch lets a page that just loads send for a moment: calls are cut too."""
    if up:
        context.unroute("**/api/**")
    else:
        context.route("**/api/**", lambda route: route.abort("internetdisconnected"))
    context.set_offline(not up)


def kept(page: Any) -> None:
    """Wait until the last change is on the phone."""
    page.wait_for_timeout(300)


def test_a_form_survives_a_cut_line_and_a_page_that_dies_and_becomes_one_record(phone, home) -> None:
    tab = phone()
    page, context = tab.page, tab.page.context
    begin(page, "第1制衣厂")
    product(page, "1")
    line(context, up=False)
    stock(page)
    kept(page)
    address = page.url
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("[data-view=visit]:not([hidden])")
    assert page.input_value("[name=model]") == "M-1" and page.input_value("[name=stock]") == "120"
    pictures(page)
    sealed_and_signed(page, "1")
    page.locator("[data-send]").click()
    page.locator("[data-strip]", has_text="1").wait_for()
    assert page.is_visible("[data-edit]")
    page.reload()
    page.wait_for_selector("[data-view=visit]:not([hidden])")
    task = of_firm("第1制衣厂")
    sent, samples = f"supervise_submission WHERE {task}", f"supervise_sample WHERE {task}"
    shots = f"supervise_fieldphoto WHERE {task}"
    assert not rows(home, f"SELECT 1 FROM {sent}")
    line(context, up=True)
    page.wait_for_selector("[data-state-words].banner-ok", timeout=PATIENCE)
    assert rows(home, f"SELECT outcome FROM {sent}") == [("accepted",)]
    assert rows(home, f"SELECT status FROM {samples} ORDER BY part DESC") == [("in_transit",), ("kept",)]
    assert rows(home, f"SELECT kind, COUNT(*) FROM {shots} GROUP BY kind ORDER BY kind") == [
        (kind, 1) for kind in sorted((*KINDS, "signature"))
    ]
    sizes = [size for (size,) in rows(home, "SELECT size FROM core_attachment")]
    assert max(sizes) < 200_000
    left = "async () => (await new Promise(d => { const o = indexedDB.open('qualipolis-field'); o.onsuccess = () => {"
    left += (
        "const r = o.result.transaction('photos').objectStore('photos').count(); r.onsuccess = () => d(r.result) } }))"
    )
    assert page.evaluate(left) == 0


def test_two_who_send_the_same_task_make_one_record_and_both_are_told(phone, home) -> None:
    one, two = phone("inspector").page, phone("inspector2").page
    line(two.context, up=False)
    for page, serial in ((one, "2"), (two, "22")):
        begin(page, "第2制衣厂")
        product(page, serial)
        stock(page)
        pictures(page)
        sealed_and_signed(page, serial)
        page.locator("[data-send]").click()
    one.wait_for_selector("[data-state-words].banner-ok", timeout=PATIENCE)
    line(two.context, up=True)
    two.wait_for_selector("[data-state-words].banner-warn", timeout=PATIENCE)
    assert "李检查员" in two.inner_text("[data-state-words]")
    sent = f"supervise_submission WHERE {of_firm('第2制衣厂')}"
    found = rows(home, f"SELECT outcome FROM {sent} ORDER BY received_at")
    assert found == [("accepted",), ("conflict",)]
    for page in (one, two):
        page.goto(page.url.partition("#")[0])
        page.reload()
        card = page.locator("[data-conflicts] .banner")
        card.wait_for()
        assert "第2制衣厂" in card.inner_text()
        card.get_by_role("button").click()
        card.wait_for(state="detached")


def test_an_expired_session_asks_to_sign_in_and_then_sends(phone, people, home) -> None:
    tab = phone()
    page, context = tab.page, tab.page.context
    page.locator("[data-open-tasks] a", has_text="第3制衣厂").click()
    page.check("[name=outcome][value=refuse]")
    page.fill("[name=reason]", "门卫拒绝进入")
    page.locator("[data-step='1'] [data-next]:visible").click()
    page.locator("[data-step='4'] [data-next]:visible").click()
    context.clear_cookies(name="sessionid")
    page.locator("[data-send]").click()
    page.wait_for_selector("[data-signin]:not([hidden])")
    assert not rows(home, "SELECT 1 FROM supervise_samplingtask WHERE status = 'refused'")
    people.sign_in(context, "inspector")
    page.goto(f"{people.site}/field/")
    page.locator("[data-done-tasks] .chip-ok").wait_for(timeout=PATIENCE)
    assert len(rows(home, "SELECT 1 FROM supervise_samplingtask WHERE status = 'refused'")) == 1


def test_another_phone_of_the_same_person_goes_on_where_the_first_one_stopped(phone) -> None:
    page = phone().page
    begin(page, "第4制衣厂")
    page.fill("[name=model]", "半成品")
    with page.expect_response("**/drafts/") as answer:
        page.fill("[name=brand]", "云汀")
    assert answer.value.ok
    other = phone().page
    other.locator("[data-open-tasks] a", has_text="第4制衣厂").click()
    other.locator("[data-arrive]").click()
    assert (other.input_value("[name=model]"), other.input_value("[name=brand]")) == ("半成品", "云汀")


def test_signing_out_clears_the_phone(phone) -> None:
    page = phone().page
    begin(page, "第4制衣厂")
    kept(page)
    page.goto(f"{page.url.partition('#')[0]}#/")
    page.on("dialog", lambda asked: asked.accept())
    page.locator("[data-leave]").click()
    page.wait_for_url("**/account/logout/**")
    names = page.evaluate("async () => (await caches.keys()).filter(n => n.startsWith('field-'))")
    count = "async () => (await new Promise(d => { const o = indexedDB.open('qualipolis-field'); o.onsuccess = () => {"
    count += (
        "const r = o.result.transaction('forms').objectStore('forms').count(); r.onsuccess = () => d(r.result) } }))"
    )
    assert (names, page.evaluate(count)) == ([], 0)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_step_fits_the_phone_and_pleases_axe(phone, language) -> None:
    tab = phone(language=language)
    page = tab.page
    page.evaluate(axe())
    seen = []
    page.locator("[data-open-tasks] a").last.click()
    for step in range(1, 8):
        page.wait_for_selector(f"[data-step='{step}']:not([hidden])")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, step
        faults = page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ' ' + v.nodes[0].html)")
        seen += [(step, fault) for fault in faults]
        if step < 7:
            page.locator(f"[data-step='{step}'] :is([data-arrive], [data-next]):visible").first.click()
    assert seen == [] and tab.complaints() == []
