"""A whole campaign of supervision sampling, walked by the people who walk it, from the plan to the public page.

Everything is done by clicking and typing; the clock is moved where a day or a window has to pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.browser.sampling_walk import founded, phone, results, step
from tests.browser.test_field import begin, pictures, product, sealed_and_signed, stock
from tests.browser.year_walk import Walk, walking

pytestmark = pytest.mark.browser
PLAN, CAMPAIGN, DRAW = "/desk/sampling/plans/1/", "/desk/sampling/campaigns/1/", "/desk/sampling/draws/1/"
SHORT = ("/desk/sampling/", CAMPAIGN, DRAW, "/desk/results/", "/desk/results/1/", "/desk/publications/1/")
PUBLIC = ("/supervision/", "/supervision/results/", "/supervision/objecting/")


@pytest.fixture
def walk(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("sampling")
    founded(folder / "home", folder / "clock", datetime.fromisoformat("2026-03-02T09:00:00+08:00"))
    with walking(chromium, folder / "home", folder / "clock") as made:
        yield made


def test_a_campaign_is_walked_from_its_plan_to_the_public_page(walk: Walk) -> None:
    it_is_planned(walk)
    it_is_made_public(walk)
    it_is_drawn(walk)
    the_sample_is_taken(walk)
    it_is_tested(walk)
    it_is_served_and_objected_to(walk)
    it_is_tested_again(walk)
    it_is_final_and_published(walk)
    the_public_sees_it(walk)
    it_fits_a_phone_in_english(walk)


def it_is_planned(walk: Walk) -> None:
    step(walk, "planner", "/desk/sampling/plans/", "create", year=2026)
    step(walk, "planner", PLAN, "line", category="儿童服装", standard="GB 31701-2015", batches=1, budget=1000)
    step(walk, "planner", PLAN, "submit")
    step(walk, "leader", PLAN, "approve", document_no="质领〔2026〕1号")
    step(walk, "planner", PLAN, "file", authority="省市场监管局", document_no="备〔2026〕1号")
    step(walk, "planner", PLAN, "publish")


def it_is_made_public(walk: Walk) -> None:
    page = step(walk, "planner", "/desk/sampling/new/", "line")
    fields = {"scheme_zh": "抽检本市生产的儿童服装", "reserve": "0"}
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    body = walk.fact("SELECT id FROM core_organisation WHERE code = 'AMR'")
    page.select_option("[name=sampling_body]", str(body))
    page.select_option("[name=laboratory]", str(laboratory(walk, "LAB1")))
    walk.primary(page)
    step(walk, "planner", CAMPAIGN, "contract", document_no="合〔2026〕1号")
    step(walk, "leader", CAMPAIGN, "approve", document_no="抽〔2026〕1号")
    step(walk, "planner", CAMPAIGN, "publish_rules")
    assert "儿童服装" in walk.at("public", "/supervision/").inner_text("main")


def laboratory(walk: Walk, code: str) -> int:
    return int(walk.fact(f"SELECT id FROM registry_institution WHERE code = '{code}'"))


def it_is_drawn(walk: Walk) -> None:
    step(walk, "planner", CAMPAIGN, "prepare")
    step(walk, "planner", DRAW, "freeze")
    words = "公证员当众掷十面骰八次，按次序"
    step(walk, "planner", DRAW, "commit", source="dice", source_at="2026-03-03T15:00", words=words)
    walk.travel("2026-03-04")
    step(walk, "planner", DRAW, "draw", numbers="3 1 4 1 5 9 2 6", random_at="2026-03-03T15:00")
    step(walk, "planner", DRAW, "publish")
    step(walk, "planner", DRAW, "tasks")
    step(walk, "planner", DRAW, "assign")
    step(walk, "planner", CAMPAIGN, "begin")


def the_sample_is_taken(walk: Walk) -> None:
    person = walk.fact(
        "SELECT p.demo_role FROM supervise_assignment a JOIN core_person p ON p.id = a.person_id"
        " WHERE p.demo_role LIKE 'inspector%' ORDER BY a.id LIMIT 1"
    )
    with phone(walk, person) as page:
        begin(page, "第1制衣厂")
        product(page, "1")
        stock(page)
        pictures(page)
        sealed_and_signed(page, "1")
        page.locator("[data-send]").click()
        page.wait_for_selector("[data-state-words].banner-ok", timeout=30_000)
    assert walk.fact("SELECT status FROM supervise_sample WHERE part = 'test'") == "in_transit"


def code(walk: Walk, part: str) -> str:
    return str(walk.fact(f"SELECT code FROM supervise_sample WHERE part = '{part}'"))


def it_is_tested(walk: Walk) -> None:
    mine = f"/desk/laboratory/samples/{code(walk, 'test')}/"
    step(walk, "laboratory", mine, "receive", seal_0="intact", appearance="完好", quantity=3)
    page = step(walk, "laboratory", mine, "begin", licence="not_required")
    assert "制衣" not in page.content()
    results(walk, "laboratory", code(walk, "test"), "35.0", "6.8")
    signed(walk, "laboratory2", "test", "检1号")
    step(walk, "planner", CAMPAIGN, "end_sampling")


def signed(walk: Walk, role: str, part: str, number: str) -> None:
    report = f"/desk/laboratory/samples/{code(walk, part)}/report/1/"
    step(walk, role, report, "sign", signatory="授权签字人")
    step(walk, role, report, "issue", document_no=number)


def it_is_served_and_objected_to(walk: Walk) -> None:
    step(walk, "planner", "/desk/results/1/", "serve", way="mail", proof_words="挂号回执 1", **proof())
    assert walk.fact("SELECT status FROM supervise_result") == "objection_window"
    walk.travel("2026-03-09")
    service = walk.fact("SELECT id FROM supervise_servedresult")
    page = walk.at("enterprise", f"/desk/my/results/{service}/object/")
    page.check("[name=kind][value=conclusion]")
    page.fill("[name=words]", "甲醛含量与本厂留样检测不一致，申请复检")
    walk.primary(page)
    step(walk, "planner", "/desk/objections/1/", "accept")
    step(walk, "planner", "/desk/objections/1/", "order_recheck", document_no="复通〔2026〕1号")
    step(walk, "planner", "/desk/rechecks/1/", "notice", proof_words="送达回证 1")
    step(walk, "planner", "/desk/rechecks/1/", "formalities")
    step(walk, "planner", "/desk/rechecks/1/", "designate", laboratory=laboratory(walk, "LAB2"))


def proof() -> dict[str, Any]:
    pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    return {"proof": {"name": "回执.pdf", "mimeType": "application/pdf", "buffer": pdf}}


def it_is_tested_again(walk: Walk) -> None:
    mine = f"/desk/laboratory/samples/{code(walk, 'backup')}/"
    assert walk.people.tab("laboratory", "zh-hans").page.goto(mine).status == 404
    step(walk, "other_laboratory", mine, "receive", seal_0="intact", appearance="完好", quantity=3)
    results(walk, "other_laboratory", code(walk, "backup"), "34.0", "6.9")
    signed(walk, "other_lab2", "backup", "复检1号")
    assert walk.fact("SELECT status FROM supervise_recheck") == "upheld"
    assert walk.fact("SELECT fee_by FROM supervise_recheck") == "applicant"


def it_is_final_and_published(walk: Walk) -> None:
    walk.travel("2026-03-26")
    step(walk, "planner", "/desk/results/1/", "finalise")
    assert walk.fact("SELECT status FROM supervise_handlingcase") == "transferred"
    step(walk, "planner", CAMPAIGN, "settle")
    page = walk.at("planner", "/desk/publications/")
    walk.press(page, page.locator("form:has(input[name=pk]) button").first)
    step(walk, "leader", "/desk/publications/1/", "approve", document_no="公告〔2026〕1号")
    step(walk, "planner", "/desk/publications/1/", "publish")


def the_public_sees_it(walk: Walk) -> None:
    number = walk.fact("SELECT number FROM supervise_publication")
    words = walk.at("public", f"/supervision/results/{number}/").inner_text("main")
    assert "第1制衣厂" in words and "甲醛含量" in words
    page = walk.at("public", "/supervision/campaigns/2026-JC1/draws/1/")
    assert "3 1 4 1 5 9 2 6" in page.inner_text("main")


def it_fits_a_phone_in_english(walk: Walk) -> None:
    """The same pages for somebody with a telephone, in English: nothing sticks out, nothing stays Chinese in a button."""
    for role, paths in (("planner", SHORT), ("public", PUBLIC), ("enterprise", ("/desk/my/results/",))):
        context = walk.people.fresh(role, "en", 360)
        page = context.new_page()
        for path in paths:
            assert page.goto(path).status == 200, path
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (path, wide)
            buttons = page.locator("main .btn-primary").all_inner_texts()
            assert all(words.isascii() for words in buttons), (path, buttons)
            walk.picture(page, f"{role}-en")
        context.close()
