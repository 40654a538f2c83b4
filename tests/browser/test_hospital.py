"""A case of the product hospital, walked by its people from the offer after a failed sample to the published knowledge.

Everything is done by clicking and typing, the firm's part on a telephone 360 px wide; the clock is moved where days pass.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from subprocess import run
from typing import Any

import numpy as np
import pytest
from tests.browser.sampling_walk import fill
from tests.browser.sampling_walk import step as taken
from tests.browser.serving import outside
from tests.browser.visitor import violations
from tests.browser.year_walk import PHONE, Walk, on_the_clock, walking

pytestmark = pytest.mark.browser
CASE = "/desk/cases/1/"
PANEL, KNOWLEDGE = "/desk/panels/1/", "/desk/knowledge/1/"
PRIMARY = ".btn-primary"
ON_PHONES = ("enterprise",)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)
PHOTO = {"name": "照片.png", "mimeType": "image/png", "buffer": PIXEL}


@pytest.fixture
def walk(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("hospital")
    founded(folder / "home", folder / "clock", datetime.fromisoformat("2026-03-02T09:00:00+08:00"))
    with walking(chromium, folder / "home", folder / "clock") as made:
        yield made


def founded(home: Path, clock: Path, day: datetime) -> None:
    clock.write_text(day.isoformat())
    with on_the_clock(clock):
        command = [sys.executable, "-m", "tests.browser.hospital_city", str(home)]
        told = run(command, env=outside(), capture_output=True, text=True, timeout=180, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def at(walk: Walk, role: str, path: str) -> Any:
    """Open a page as a role; the firm has a telephone, on which nothing scrolls sideways."""
    if role in ON_PHONES:
        walk.people.tab(role).page.set_viewport_size(PHONE)
    page = walk.at(role, path)
    if role in ON_PHONES:
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
    return page


def give(walk: Walk, role: str, path: str, button: str, **said: Any) -> Any:
    """Fill in the form that has this button and press it; nothing refuses it."""
    page = at(walk, role, path)
    pressed = page.locator(f"main form {button}").first
    assert pressed.count(), (path, button, page.locator("main").inner_text()[:900])
    form = pressed.locator("xpath=ancestor::form[1]")
    unfold(form)
    for name, value in said.items():
        field = form.locator(f"[name='{name}']")
        unfold(field.first)
        fill(field, value)
    walk.press(page, pressed)
    return page


def unfold(thing: Any) -> None:
    """Open what hides it."""
    for folded in thing.locator("xpath=ancestor::details[not(@open)]").all():
        folded.locator("summary").first.click()


def step(walk: Walk, role: str, path: str, name: str, **said: Any) -> Any:
    """Take the step of a table on its page."""
    form = f"form:has(input[name=do][value={name}])"
    page = at(walk, role, path)
    assert page.locator(form).count(), (path, name, page.locator("main").inner_text()[:900])
    return taken(walk, role, path, name, **said)


def state(walk: Walk) -> str:
    return str(walk.fact("SELECT status FROM hospital_case"))


def test_a_case_is_walked_from_a_failed_sample_to_published_knowledge(walk: Walk) -> None:
    the_firm_registers(walk)
    it_is_sent_to_an_expert(walk)
    it_is_examined(walk)
    a_panel_meets(walk)
    it_is_diagnosed_and_prescribed(walk)
    the_firm_is_treated(walk)
    the_effect_is_proven(walk)
    it_is_followed_up_and_closed(walk)
    others_learn_from_it(walk)
    enforcement_sees_nothing(walk)


def the_firm_registers(walk: Walk) -> None:
    page = at(walk, "enterprise", "/desk/treatment-offers/")
    walk.press(page, page.locator("button[value=take]"))
    page.locator("[name=problem_text]").fill("洗过三次以后褪色，客户退货两百件。")
    page.locator("[name=album]").set_input_files(PHOTO)
    if page.locator("[name=product]").count():
        page.locator("[name=product]").last.check()
    page.locator("[name=product_name]").fill("儿童连衣裙")
    walk.primary(page)
    page.locator("[name=defect_codes][value=colour_fastness]").check()
    page.locator("[name=on_market][value=yes]").check()
    walk.primary(page)
    page.locator("[name=contact_name]").fill("质量部")
    page.locator("[name=contact_phone]").fill("0000-0000000")
    page.locator("[name=consent][value=anonymous]").check()
    page.locator("[name=informed]").check()
    assert not violations(page)
    walk.primary(page)
    assert state(walk) == "registered"
    assert walk.fact("SELECT COUNT(*) FROM core_attachment WHERE thing = 'hospital.case:1'") == 1


def it_is_sent_to_an_expert(walk: Walk) -> None:
    step(walk, "hospital_desk", CASE, "triage", department=1, severity=3, urgency=2, on_market="yes")
    give(walk, "hospital_desk", f"{CASE}assign/", PRIMARY, expert=key_of(walk, "expert"))
    step(walk, "expert", CASE, "accept")
    give(walk, "expert", f"{CASE}treatment/", "button[value=contain]", action="停止发货，隔离在库成品", owner="生产厂长",
         finish_on=today(walk), criterion="隔离台账与库存一致")  # fmt: skip
    give(
        walk,
        "enterprise",
        f"{CASE}treatment/",
        "button[value=finish]",
        **{"f1-report": "已全部隔离", "f1-files": PHOTO},
    )
    give(walk, "expert", f"{CASE}treatment/", "button[value=accept]")
    assert walk.fact("SELECT status FROM hospital_prescriptionitem") == "accepted"


def key_of(walk: Walk, role: str) -> int:
    person = f"JOIN core_person p ON p.id = e.person_id AND p.demo_role = '{role}'"
    return int(walk.fact(f"SELECT e.id FROM hospital_expert e {person}"))


def today(walk: Walk) -> str:
    return walk.clock.read_text()[:10]


def it_is_examined(walk: Walk) -> None:
    laboratory = walk.fact("SELECT id FROM registry_institution WHERE code = 'LAB1'")
    order = {"name_0": "甲醛含量", "requirement_0": "≤20", "standard_0": "GB 31701-2015", "unit_0": "mg/kg"}
    give(walk, "expert", f"{CASE}examination/", PRIMARY, laboratory=laboratory, question="甲醛从哪来", **order)
    assert state(walk) == "examining"
    page = at(walk, "laboratory", "/desk/examinations/1/")
    assert "制衣" not in page.content() and "褪色" not in page.content()
    step(walk, "laboratory", "/desk/examinations/1/", "accept")
    step(walk, "laboratory", "/desk/examinations/1/", "report", report_no="检1号", value_0="31.2", verdict_0="fail")
    assert walk.fact("SELECT status FROM hospital_examination") == "reported"


def a_panel_meets(walk: Walk) -> None:
    page = at(walk, "expert", f"{CASE}diagnosis/")
    assert page.locator(".banner-warn").count(), "a severe case needs a panel before its diagnosis"
    give(walk, "expert", f"{CASE}panel/", PRIMARY, experts=key_of(walk, "colleague"), reason="严重度 3")
    for role in ("colleague", "expert"):
        step(walk, role, PANEL, "opinion", opinion="固色温度偏低", root_cause="method")
    step(walk, "expert", PANEL, "conclude", decision="先恢复固色温度，再看连续批次")
    assert walk.fact("SELECT status FROM hospital_panel") == "concluded"


def it_is_diagnosed_and_prescribed(walk: Walk) -> None:
    said = {"statement": "固色工序温度偏低", "evidence": "温度记录低于工艺单 8 度", "escape_point": "出缸未做快速水洗"}
    give(walk, "expert", f"{CASE}diagnosis/", PRIMARY, root_cause="method", **said)
    row = {"action": "固色温度恢复到工艺单", "owner": "染整主管", "finish_on": today(walk), "criterion": "色差均值不高于 2.0",
           "kind": "corrective", "measure": "mean", "direction": "at_most", "target": "2.0", "unit": "级差"}  # fmt: skip
    give(
        walk,
        "expert",
        f"{CASE}prescription/",
        "button[value=give]",
        **{f"i0-{name}": value for name, value in row.items()},
    )
    assert state(walk) == "prescribed"
    step(walk, "enterprise", CASE, "accept_prescription")
    assert state(walk) == "treating"


def the_firm_is_treated(walk: Walk) -> None:
    done = {"f2-report": "已恢复固色温度", "f2-files": PHOTO}
    give(walk, "enterprise", f"{CASE}treatment/", "button[value=finish]", **done)
    walk.travel("2026-03-30")
    page = give(walk, "enterprise", f"{CASE}measurements/", PRIMARY, file=values())
    walk.press(page, page.locator("button[value=keep]"))
    assert walk.fact("SELECT COUNT(*) FROM hospital_measurementfile") == 1
    chart = "/desk/measurements/1/"
    page = at(walk, "expert", chart)
    page.wait_for_selector("main svg, main canvas")
    step(walk, "enterprise", CASE, "hand_in")
    assert state(walk) == "verifying"


def values() -> dict[str, Any]:
    """Return colour differences of batches: 24 before the treatment, 24 after it, with their days."""
    chance = np.random.default_rng(5)
    days = [f"2026-02-{n:02}" for n in range(3, 27)] + [f"2026-03-{n:02}" for n in range(5, 29)]
    found = [*chance.normal(3.4, 0.3, 24), *chance.normal(1.5, 0.3, 24)]
    lines = "".join(f"{n},{day},{value:.3f}\n" for n, (day, value) in enumerate(zip(days, found, strict=True), 1))
    return {"name": "色差.csv", "mimeType": "text/csv", "buffer": f"批次,日期,色差(级差)\n{lines}".encode()}


def the_effect_is_proven(walk: Walk) -> None:
    page = at(walk, "expert", f"{CASE}effect/")
    assert page.locator("input[name=choice][value=cure]").is_disabled(), "nothing is proven yet"
    phases(walk)
    give(walk, "expert", f"{CASE}treatment/", "button[value=accept]")
    page = at(walk, "expert", f"{CASE}effect/")
    form = page.locator("form:has(input[name=source][value=file])")
    folded = form.locator("xpath=ancestor::details[not(@open)]")
    if folded.count():
        folded.first.locator("summary").first.click()
    walk.press(page, form.locator("button[type=submit]"))
    assert walk.fact("SELECT verdict FROM hospital_proof") == "proven"
    give(walk, "expert", f"{CASE}effect/", PRIMARY, choice="cure")
    assert state(walk) == "cured"


def phases(walk: Walk) -> None:
    """Say with the keys where the new phase begins."""
    page = at(walk, "expert", "/desk/measurements/1/")
    form = page.locator("form#phases")
    folded = form.locator("xpath=ancestor::details[not(@open)]")
    if folded.count():
        folded.first.locator("summary").first.click()
    form.locator("input[name=start]").first.fill("25")
    form.locator("input[name=label]").first.fill("恢复固色温度")
    walk.press(page, form.locator("button[type=submit]").first)
    assert "25" in str(walk.fact("SELECT phases FROM hospital_measurementfile"))


def it_is_followed_up_and_closed(walk: Walk) -> None:
    for number, day in enumerate(("2026-04-30", "2026-06-29", "2026-09-28"), 1):
        walk.travel(day)
        step(walk, "hospital_desk", f"/desk/follow-ups/{number}/", "record", verdict="holds", report="未再退货")
        assert state(walk) == "following"
    step(walk, "hospital_desk", CASE, "close")
    assert state(walk) == "closed"
    give(walk, "enterprise", f"{CASE}rating/", PRIMARY, stars=5)


def others_learn_from_it(walk: Walk) -> None:
    parts = {"symptom": "洗后褪色", "cause": "固色温度偏低", "treatment": "恢复固色温度", "effect": "色差均值下降"}
    said = {f"{name}_zh": words for name, words in {"title": "洗后褪色的一例", **parts}.items()}
    give(walk, "expert", f"{CASE}knowledge/", PRIMARY, **said)
    step(walk, "expert", KNOWLEDGE, "ask")
    step(walk, "enterprise", KNOWLEDGE, "agree")
    step(walk, "hospital_desk", KNOWLEDGE, "publish")
    page = walk.at("public", "/hospital/cases/")
    assert "洗后褪色的一例" in page.inner_text("main") and "制衣" not in page.inner_text("main")


def enforcement_sees_nothing(walk: Walk) -> None:
    assert walk.people.ask("inspector", CASE).status in (403, 404)
    assert walk.people.ask("laboratory", CASE).status in (403, 404)
