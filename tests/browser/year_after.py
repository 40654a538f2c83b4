"""The end of a year: run, decision, release, notice, rectification, and a year that two people open again."""

from __future__ import annotations

from typing import Any

from tests.browser.serving import qualipolis
from tests.browser.small_city import TOWNS, YEAR
from tests.browser.year_before import ROUND, round_page
from tests.browser.year_check import OWN
from tests.browser.year_walk import PAPER, Walk

RUN = "SELECT MAX(id) FROM assess_assessment"
RELEASE = "SELECT number FROM assess_release ORDER BY id DESC LIMIT 1"


def decide_and_publish(walk: Walk) -> None:
    """The run of before the correction cannot be decided; the new one is, by the leader; the planner publishes."""
    stale = walk.at("leader", f"/desk/runs/{walk.fact(RUN)}/decision/")
    assert "请重新计算" in stale.locator("main").inner_text()
    assert not stale.locator("main .btn-primary").count()
    planner = walk.at("planner", round_page(walk))
    walk.primary(planner)
    walk.primary(planner)
    leader = walk.at("leader", f"/desk/runs/{walk.fact(RUN)}/decision/")
    leader.fill("[name=document]", "质领〔2023〕3号")
    leader.fill("[name=meeting_on]", f"{YEAR + 1}-04-28")
    said = walk.refused(leader, leader.locator("main .btn-primary"))
    assert "会" in said, said
    leader.fill("[name=meeting_on]", f"{YEAR + 1}-04-10")
    leader.fill("[name=unit_1]", TOWNS[0][1])
    leader.fill("[name=words_1]", "继续发挥示范作用。")
    walk.primary(leader)
    planner = walk.at("planner", f"/desk/runs/{walk.fact(RUN)}/")
    planner.check("input[name=sure]")
    walk.primary(planner)
    assert f"/desk/releases/{walk.fact(RELEASE)}/" in planner.url


def rectify_and_notify(walk: Walk) -> None:
    """Rectifications are opened, one by choice; the notice names them; it is issued, acknowledged, and public."""
    walk.travel(f"{YEAR + 1}-05-08")
    planner = walk.at("planner", round_page(walk, "rectifications/"))
    if planner.locator("main .btn-primary:visible").count():
        walk.primary(planner)
    if not walk.fact(f"SELECT COUNT(*) FROM assess_rectification WHERE unit_id = {OWN}"):
        chosen(walk, planner)
    planner = walk.at("planner", f"/desk/releases/{walk.fact(RELEASE)}/notices/")
    walk.primary(planner)
    planner.fill("[name=document]", "云汀质领办〔2023〕6号")
    planner.check("[name=sure]")
    walk.primary(planner)
    line = walk.fact(f"SELECT id FROM measure_served WHERE unit_id = {OWN} AND kind = 'notice'")
    walk.primary(walk.at("town_officer", f"/desk/served/{line}/"))
    public = walk.at("public", f"/notices/{walk.fact('SELECT id FROM assess_notice')}/")
    words = public.locator("main").inner_text()
    assert "云汀质领办〔2023〕6号" in words and "继续发挥示范作用" not in words
    assert "Notice" in walk.at("public", f"/notices/{walk.fact('SELECT id FROM assess_notice')}/", "en").content()


def chosen(walk: Walk, planner: Any) -> None:
    """The office opens one more rectification by choice, with a number to reach."""
    fold = planner.locator("details:has([name=unit])")
    if fold.count() and not fold.first.evaluate("fold => fold.open"):
        fold.locator("summary").first.click()
    planner.fill("[name=unit]", TOWNS[0][1])
    planner.select_option("[name=indicator]", "NI13")
    planner.fill("[name=problem]", "填报数与台账不一致。")
    planner.fill("[name=required]", "100")
    walk.picture(planner, "one-more")
    walk.press(planner, planner.locator("form:has([name=unit]) button[type=submit]"))


def rectify(walk: Walk) -> None:
    """The town plans and reports with its evidence; the office checks and closes."""
    number = walk.fact(f"SELECT id FROM assess_rectification WHERE unit_id = {OWN}")
    address = f"/desk/rectifications/{number}/"
    town = walk.at("town_officer", address)
    town.fill("[name=plan]", "由经发办在六月底前逐项补齐。")
    walk.primary(town)
    walk.travel(f"{YEAR + 1}-06-05")
    town = walk.at("town_officer", address)
    town.wait_for_load_state("networkidle")
    for field in town.locator("#report textarea").all():
        field.fill("已补齐佐证并复核。")
    for field in town.locator("#report [name$=result]").all():
        field.fill("101")
    town.set_input_files("[name=file]", PAPER)
    walk.primary(town)
    closing(walk, address)
    assert walk.fact(f"SELECT status FROM assess_rectification WHERE id = {number}") == "closed"


def closing(walk: Walk, address: str) -> None:
    """The department and the office check what is theirs, then it is closed."""
    for role in ("department", "planner"):
        page = walk.at(role, address)
        while page.locator("[name=choice][value=yes]").count() and page.locator("main .btn-primary:visible").count():
            page.check("[name=choice][value=yes]")
            page.fill("[name=words]", "核对记录属实。")
            walk.primary(page)
    walk.primary(walk.at("planner", address))


def reopen(walk: Walk) -> None:
    """One person alone reopens nothing: the leader asks, is offered no consent, and the auditor agrees."""
    leader = walk.at("leader", round_page(walk))
    leader.locator("details:has(textarea[name=reason]) summary").click()
    leader.fill("[name=reason]", "财政数据更正。")
    walk.press(leader, leader.locator("details:has(textarea[name=reason]) button"))
    assert not leader.locator("main .btn-primary").count()
    assert "等第二人同意" in leader.locator("main").inner_text()
    walk.primary(walk.at("auditor", round_page(walk)))
    assert walk.fact(f"SELECT status FROM measure_collectionround WHERE id = ({ROUND})") == "reopened"
    planner = walk.at("planner", round_page(walk))
    planner.locator("details:has(textarea[name=reply]) summary").click()
    planner.fill("[name=reply]", "经复核，其余数据维持。")
    walk.press(planner, planner.locator("details:has(textarea[name=reply]) button"))
    walk.primary(planner)
    assert walk.fact(f"SELECT status FROM measure_collectionround WHERE id = ({ROUND})") == "locked"


def hold(walk: Walk) -> None:
    """The ledger and the release verify; the audit document runs again to the last digit."""
    auditor = walk.at("auditor", "/ledger/")
    walk.press(auditor, auditor.locator("form[action$='/ledger/check/'] button"), 60_000)
    assert auditor.locator("main .banner-ok").count() == 1
    number = walk.fact(RELEASE)
    visitor = walk.at("public", f"/releases/{number}/")
    walk.press(visitor, visitor.locator("form[action$='/verify/'] button"), 60_000)
    assert visitor.locator("main .banner-ok").count() == 1
    walk.command("verify", "ledger")
    folder = walk.home / "releases" / number
    walk.command("verify", "release", folder)
    again = qualipolis("rerun", folder / f"audit-{number}.html")
    assert again.returncode == 0, again.stdout + again.stderr
