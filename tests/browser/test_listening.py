"""Both tracks, walked by the people they concern: consumer and informant on a telephone without an account, officer,
mediator and firm; in both languages; for a letter of the last day of the old order and one of the first day of the new.

Everything is done by clicking and typing; the database is asked for the outcome alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from tests.browser.sampling_walk import fill
from tests.browser.serving import outside
from tests.browser.visitor import violations
from tests.browser.year_walk import PHONE, Walk, on_the_clock, walking

pytestmark = pytest.mark.browser
ON_PHONES = ("enterprise", "public")
SAID = {"name": "甄示范", "phone": "13800135678", "proof": "E12345678"}
FACTS = "新买的充电宝充电时冒烟，桌面被烫坏，商家不肯退。"
DESK = "complaint_desk"


@pytest.fixture
def walk(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("listening")
    founded(folder / "home", folder / "clock", datetime.fromisoformat("2026-04-20T09:00:00+08:00"))
    with walking(chromium, folder / "home", folder / "clock") as made:
        yield made


def founded(home: Path, clock: Path, day: datetime) -> None:
    clock.write_text(day.isoformat())
    with on_the_clock(clock):
        command = [sys.executable, "-m", "tests.browser.listening_city", str(home)]
        told = run(command, env=outside(), capture_output=True, text=True, timeout=180, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def at(walk: Walk, role: str, path: str = "", language: str = "zh-hans") -> Any:
    """Open a page as a role; on a telephone nothing scrolls sideways."""
    if role in ON_PHONES:
        walk.people.tab(role, language).page.set_viewport_size(PHONE)
    page = walk.at(role, path, language)
    narrow(page, role)
    return page


def narrow(page: Any, role: str) -> None:
    if role in ON_PHONES:
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def give(walk: Walk, page: Any, button: Any, **said: Any) -> Any:
    """Fill in the form of a button, press it, and see that nothing refuses it."""
    form = button.locator("xpath=ancestor::form[1]")
    for folded in form.locator("xpath=ancestor::details[not(@open)]").all():
        folded.locator("summary").first.click()
    for name, value in said.items():
        fill(form.locator(f"[name='{name}']"), value)
    walk.press(page, button)
    return page


def do(walk: Walk, role: str, path: str, name: str, **said: Any) -> Any:
    """Take the step of this name on a page of the desk."""
    page = at(walk, role, path)
    form = page.locator(f"form:has(input[name=do][value='{name}'])").first
    assert form.count(), (path, name, page.locator("main").inner_text()[:900])
    return give(walk, page, form.locator("button[type=submit]").first, **said)


def issue(walk: Walk, role: str, number: int, step: str, **said: Any) -> Any:
    """Issue the document of a step with the words that are suggested; the law in force stands beside them."""
    page = at(walk, role, f"/desk/complaints/{number}/step/{step}/")
    if page.locator("main button[name=write].btn-primary").count():
        give(walk, page, page.locator("main button[name=write].btn-primary"), **said)
    assert len(page.locator("main textarea[name=text]").input_value()) > 20, "words are suggested"
    return give(walk, page, page.locator("main button[name=issue]"))


def state(walk: Walk, number: int, table: str = "complaint") -> str:
    return str(walk.fact(f"SELECT status FROM listen_{table} WHERE id = {number}"))


def case(number: int) -> str:
    return f"/desk/complaints/{number}/"


def test_both_tracks_are_walked_by_consumer_officer_mediator_and_firm(walk: Walk) -> None:
    the_consumer_writes(walk)
    the_officer_asks_for_proof_and_accepts(walk)
    the_firm_answers_and_the_parties_agree(walk)
    both_are_told_and_it_is_closed(walk)
    a_mediator_takes_an_entrusted_one(walk)
    an_informant_writes_in_english(walk)
    the_order_of_the_day_of_receipt_governs(walk)


def the_consumer_writes(walk: Walk) -> None:
    number = send(walk, "complaint", "zh-hans")
    assert number.startswith("2026-L1-") and state(walk, 1) == "received"
    page = walk.people.tab("public").page
    walk.primary(page)
    narrow(page, "public")
    assert "充电宝" in page.inner_text("main") and not violations(page)
    assert SAID["phone"] not in page.content()


def send(walk: Walk, track: str, language: str) -> str:
    """Write a letter in three steps without an account; return its number."""
    page = at(walk, "public", "/listen/letter/", language)
    page.locator("[name=facts]").fill(FACTS)
    page.locator(f"[name=track][value={track}]").check()
    assert not violations(page)
    walk.primary(page)
    narrow(page, "public")
    page.locator("[name=respondent_name]").fill(
        walk.fact("SELECT name_zh FROM registry_enterprise ORDER BY id LIMIT 1")
    )
    page.locator("[name=product_name]").fill("充电宝")
    if track != "report":
        page.locator("[name=claim]").fill("退货并退款129元")
    walk.primary(page)
    narrow(page, "public")
    if track != "report":
        page.locator("[name=name]").fill(SAID["name"])
        page.locator("[name=phone]").fill(SAID["phone"])
    assert not violations(page)
    walk.primary(page)
    narrow(page, "public")
    return str(page.locator("main code").first.inner_text())


def the_officer_asks_for_proof_and_accepts(walk: Walk) -> None:
    do(walk, DESK, case(1), "competence", competent="yes")
    page = at(walk, DESK, case(1))
    assert "121" in page.inner_text(".case-aside") and SAID["name"] not in page.content()
    issue(walk, DESK, 1, "request_identity", reason="缺少身份证明")
    assert state(walk, 1) == "identity_requested"
    page = at(walk, "public", "/listen/track/letter/")
    button = page.locator("button[value=identity]")
    give(walk, page, button, id_kind="passport", id_number=SAID["proof"])
    assert state(walk, 1) == "received"
    issue(walk, DESK, 1, "accept")
    assert state(walk, 1) == "accepted"
    assert walk.fact("SELECT due_on FROM listen_complaint WHERE id = 1") == "2026-06-22", "60 days, and a holiday after"


def the_firm_answers_and_the_parties_agree(walk: Walk) -> None:
    do(walk, DESK, case(1), "ask", question="请说明情况并提出处理方案")
    mine = "/desk/complaints/mine/1/"
    page = at(walk, "enterprise", "/desk/complaints/mine/")
    assert page.locator(f"a[href='{mine}']").count() and not violations(page)
    page = do(walk, "enterprise", mine, "answer", words="情况属实，愿意退款。", offer="退款129元")
    assert SAID["name"] not in page.content() and SAID["phone"] not in page.content()
    issue(walk, DESK, 1, "mediate", meets_on="2026-04-22", how="市局调解室")
    do(walk, DESK, case(1), "meeting", held_on="2026-04-20", how="电话", complainant_came=True, respondent_came=True)
    do(walk, DESK, case(1), "agreement", terms="商家退款129元，消费者退回商品", amount="129", perform_by="2026-04-30")
    page = at(walk, "public", "/listen/track/letter/")
    narrow(page, "public")
    give(walk, page, page.locator("button[value=sign]"))
    do(walk, "enterprise", mine, "sign")
    issue(walk, DESK, 1, "agree")
    assert state(walk, 1) == "agreed"


def both_are_told_and_it_is_closed(walk: Walk) -> None:
    paper = walk.fact("SELECT id FROM listen_document WHERE code = 'agreement'")
    for party in ("complainant", "respondent"):
        page = at(walk, DESK, case(1))
        button = page.locator(f"form[action='/desk/complaint-documents/{paper}/serve/'] button")
        give(walk, page, button, party=party, method="in_person", served_on="2026-04-20", proof="送达回证")
    do(walk, DESK, case(1), "close")
    assert state(walk, 1) == "closed"
    page = at(walk, "public", "/listen/track/letter/")
    give(walk, page, page.locator("button[value=rate]"), satisfaction="5")
    assert walk.fact("SELECT satisfaction FROM listen_complaint WHERE id = 1") == 5


def a_mediator_takes_an_entrusted_one(walk: Walk) -> None:
    by_post(walk, "2026-04-20", 2)
    do(walk, DESK, case(2), "competence", competent="yes")
    issue(walk, DESK, 2, "accept")
    body = walk.fact("SELECT id FROM core_organisation WHERE code = 'FED'")
    assert walk.people.ask("mediator", case(2)).status == 404
    do(walk, DESK, case(2), "entrust", mediator=body, reason="双方同意")
    assert walk.people.ask("mediator", case(1)).status == 404
    page = at(walk, "mediator", case(2), "en")
    assert "entrusted" in page.inner_text("main").lower() and SAID["name"] not in page.content()
    issue(walk, "mediator", 2, "call_meeting", meets_on="2026-04-23", how="联合会调解室")
    do(
        walk,
        "mediator",
        case(2),
        "meeting",
        held_on="2026-04-20",
        how="联合会",
        complainant_came=True,
        respondent_came=False,
    )
    do(walk, "mediator", case(2), "hand_back", reason="双方不再同意在联合会调解")
    issue(walk, DESK, 2, "end", reason_code="no_agreement", reason="双方表示无法达成一致")
    assert state(walk, 2) == "ended"


def by_post(walk: Walk, day: str, number: int) -> None:
    """The officer writes down a letter that came by post."""
    page = at(walk, DESK, "/desk/letters/new/")
    firm = walk.fact("SELECT name_zh FROM registry_enterprise ORDER BY id LIMIT 1")
    button = page.locator("main .btn-primary").last
    give(walk, page, button, channel="post", received_on=day, track="complaint", respondent_name=firm, facts=FACTS,
         claim="退款", name=SAID["name"], phone=SAID["phone"], id_kind="passport", id_number=SAID["proof"])  # fmt: skip
    assert walk.fact(f"SELECT received_on FROM listen_complaint WHERE id = {number}") == day


def an_informant_writes_in_english(walk: Walk) -> None:
    """Nobody but the officer of the report could open who it was; here nobody said so at all."""
    number = send(walk, "report", "en")
    assert number.startswith("2026-L3-") and state(walk, 1, "report") == "received"
    page = at(walk, DESK, "/desk/violation-reports/1/", "en")
    assert "充电宝" in page.inner_text("main")
    do(walk, DESK, "/desk/violation-reports/1/", "take")
    do(walk, DESK, "/desk/violation-reports/1/", "check")
    assert state(walk, 1, "report") == "checking"
    assert walk.people.ask("enterprise", "/desk/violation-reports/1/").status in (403, 404)
    assert walk.people.ask("leader", "/desk/violation-reports/1/").status in (403, 404)


def the_order_of_the_day_of_receipt_governs(walk: Walk) -> None:
    """The last day of the old order and the first of the new one: order, grounds and term of each."""
    days = (("2026-04-14", 3, "20", "45", False), ("2026-04-15", 4, "121", "60", True))
    for day, number, order, term, identity in days:
        by_post(walk, day, number)
        do(walk, DESK, case(number), "competence", competent="yes")
        page = at(walk, DESK, f"{case(number)}step/refuse/")
        assert (
            bool(page.locator("[name=reason_code] [value=identity], [name=reason_code][value=identity]").count())
            is identity
        )
        issue(walk, DESK, number, "accept")
        for language in ("zh-hans", "en"):
            words = at(walk, DESK, case(number), language).inner_text("main")
            assert order in words.replace("2026", "") and term in words, (day, language)
        page = at(walk, DESK, case(number))
        assert ("45 个工作日" if order == "20" else "60 日") in page.inner_text("main").replace(
            "45个", "45 个"
        ).replace("60日", "60 日")
    old, new = (walk.fact(f"SELECT due_on FROM listen_complaint WHERE id = {number}") for number in (3, 4))
    assert (old, new) == ("2026-06-25", "2026-06-22")
