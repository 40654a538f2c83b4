"""The federation and the training of quality officers walked by their people, in both languages, by clicking and typing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser.sampling_walk import fill, step
from tests.browser.test_one_stop import founded
from tests.browser.visitor import violations
from tests.browser.year_walk import PHONE, Walk, walking

pytestmark = pytest.mark.browser
POINTS = ("prices", "division", "quantity", "boycott", "innovation", "barrier", "information", "bids", "membership")


@pytest.fixture
def walk(chromium: Any, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("room")
    founded(folder / "home", folder / "clock", request.param)
    with walking(chromium, folder / "home", folder / "clock") as made:
        yield made


def on_phone(walk: Walk, role: str, path: str, language: str = "zh-hans") -> Any:
    walk.people.tab(role, language).page.set_viewport_size(PHONE)
    page = walk.at(role, path, language)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    assert not violations(page)
    return page


@pytest.mark.parametrize("walk", ["govern"], indirect=True)
def test_a_clue_is_answered_and_a_pact_published_after_two_people_checked_it(walk: Walk) -> None:
    somebody_gives_a_clue_without_an_account(walk)
    the_secretary_passes_it_to_the_authority(walk)
    a_pact_is_written_checked_by_two_and_signed(walk)


def somebody_gives_a_clue_without_an_account(walk: Walk) -> None:
    page = on_phone(walk, "public", "/federation/clue/", "en")
    page.locator("[name=facts]").fill("The clothes at this shop carry no label.")
    page.locator("[name=respondent_name]").fill("Shop 7")
    walk.primary(page)
    assert walk.fact("SELECT status FROM govern_clue") == "raised" and not violations(page)


def the_secretary_passes_it_to_the_authority(walk: Walk) -> None:
    step(walk, "secretary", "/desk/federation/clues/1/", "screen", risk="low")
    step(walk, "secretary", "/desk/federation/clues/1/", "forward")
    assert walk.fact("SELECT status FROM govern_clue") == "forwarded"
    assert walk.fact("SELECT count(*) FROM listen_report") == 1


def a_pact_is_written_checked_by_two_and_signed(walk: Walk) -> None:
    page = walk.at("secretary", "/desk/federation/pacts/new/", "en")
    for name, value in {"title": "童装质量自律公约", "text": "会员出厂前逐批检验，七日内答复投诉。"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=committee]").select_option(index=1)
    walk.primary(page)
    where = "/desk/federation/pacts/1/"
    step(walk, "secretary", where, "hand_in", language="en")
    for role in ("secretary-2", "member-2"):
        page = walk.at(role, where + "check/")
        for point in POINTS:
            page.locator(f"[name={point}][value=no]").check()
        walk.primary(page)
    step(walk, "secretary", where, "clear", language="en")
    step(walk, "secretary", where, "publish", language="en")
    on_phone(walk, "member", where)
    step(walk, "member", where, "sign")
    assert walk.fact("SELECT count(*) FROM govern_pactsignature") == 1
    page = on_phone(walk, "public", "/federation/pacts/")
    assert "童装质量自律公约" in page.inner_text("main")
    shown = walk.at("department", where)
    assert not shown.locator("input[name=do][value=publish], input[name=do][value=stop]").count(), (
        "guides, does not decide"
    )


@pytest.mark.parametrize("walk", ["talent"], indirect=True)
def test_an_officer_is_named_and_filed_and_a_round_of_the_award_announced(walk: Walk) -> None:
    page = on_phone(walk, "enterprise", "/desk/officers/mine/new/")
    said = {"name": "示例质量官", "id_number": "990101199003078519", "education": "bachelor", "title": "engineer",
            "years": "6", "appointed_on": "2026-05-18", "document_no": "任1号"}  # fmt: skip
    for name, value in said.items():
        fill(page.locator(f"[name='{name}']"), value)
    page.locator("[name=bars][value=none]").check()
    page.locator("[name=paper]").set_input_files(
        {"name": "任命书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    walk.primary(page)
    assert walk.fact("SELECT status FROM talent_officer") == "nominated"
    step(walk, "inspector", "/desk/officers/1/", "file")
    assert walk.fact("SELECT status FROM talent_officer") == "filed"
    assert walk.fact("SELECT count(*) FROM registry_qualityofficer WHERE ended_on IS NULL") == 1
    page = walk.at("trainer", "/desk/training/bank/", "en")
    assert not violations(page)
