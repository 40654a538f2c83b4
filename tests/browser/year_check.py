"""The middle of a year: self-evaluation, the check on site, the preview, an objection, the lock."""

from __future__ import annotations

from typing import Any

from tests.browser.small_city import TOWNS, YEAR
from tests.browser.year_before import ROUND, cell, round_page
from tests.browser.year_walk import PAPER, PHONE, Walk

OWN = f"(SELECT id FROM registry_unit WHERE code = '{TOWNS[0][0]}')"


def evaluate(walk: Walk) -> None:
    """The office calls; the town scores, signs, hands in; the office accepts."""
    walk.primary(walk.at("planner", round_page(walk, "self/")))
    number = walk.fact(f"SELECT id FROM assess_selfevaluation WHERE round_id = ({ROUND}) AND unit_id = {OWN}")
    town = walk.at("town_officer", f"/desk/self/{number}/")
    town.wait_for_load_state("networkidle")
    for field in town.locator("#self [data-stepper] input").all():
        field.fill("80")
    for field in town.locator("#self textarea").all():
        field.fill("按台账逐项核对后打分。")
    town.fill("[name=signatory]", "主要负责人（演示）")
    walk.primary(town)
    planner = walk.at("planner", f"/desk/self/{number}/")
    planner.check("[name=choice][value=accept]")
    walk.primary(planner)
    assert walk.fact(f"SELECT status FROM assess_selfevaluation WHERE id = {number}") == "accepted"


def plan_and_draw(walk: Walk) -> None:
    """The seed is written down, then all five towns are drawn with one value each, for two checkers."""
    walk.travel(f"{YEAR + 1}-03-06")
    planner = walk.at("planner", round_page(walk, "checks/"))
    for name, value in (("seed", "23061 0 3 8 8 1"), ("seed_source", "公开开奖号码"), ("by_risk", "0")):
        planner.fill(f"[name={name}]", value)
    for name, value in (("at_random", "5"), ("values_each", "1")):
        planner.fill(f"[name={name}]", value)
    walk.primary(planner)
    for name in ("检查员（演示）", "评审员（演示）"):
        planner.get_by_label(name).check()
    walk.primary(planner)
    planner.get_by_role("link", name="重新抽取").click()
    planner.wait_for_load_state()
    walk.picture(planner, "again")
    assert planner.locator("main .banner-ok").count() >= 1


def look_on_site(walk: Walk) -> None:
    """On a phone: one value is different; the town signs; the office corrects it and concludes."""
    number = walk.fact(f"SELECT id FROM assess_sitevisit WHERE unit_id = {OWN}")
    phone = walk.at("inspector", f"/desk/visits/{number}/")
    walk.primary(phone)
    narrow(phone)
    seen = phone.locator("#value").inner_text()
    phone.locator(".choice:has([value=different])").click()
    was = walk.fact(f"SELECT o.numerator FROM measure_observation o JOIN assess_sitefinding f ON f.observation_id = o.id WHERE f.visit_id = {number}")  # fmt: skip
    assert was is not None, seen
    phone.fill("[name$=numerator]", str(round(was * 0.97, 2)))
    if phone.locator("[name$=denominator]").count():
        phone.fill("[name$=denominator]", "1000")
    phone.fill("[name=words]", "台账合计少于填报数。")
    phone.set_input_files("#value [name=file]", PAPER)
    walk.picture(phone, "found")
    walk.primary(phone)
    town = walk.at("town_officer", f"/desk/visits/{number}/")
    town.check("[name=choice][value=sign]")
    town.fill("[name=signatory]", "分管负责人（演示）")
    walk.primary(town)
    planner = walk.at("planner", f"/desk/visits/{number}/")
    planner.fill("[name=action]", "按核查结果更正。")
    walk.primary(planner)
    walk.primary(planner)
    assert walk.fact(f"SELECT status FROM assess_sitevisit WHERE id = {number}") == "concluded"


def narrow(phone: Any) -> None:
    """A page that does not scroll sideways on a phone."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def preview(walk: Walk) -> None:
    """The office computes and sends the preview; one town objects to a value, the office answers in writing."""
    walk.travel(f"{YEAR + 1}-03-27")
    planner = walk.at("planner", round_page(walk))
    walk.primary(planner)
    assert "/desk/runs/" in planner.url, planner.url
    walk.primary(planner)
    line = walk.fact(f"SELECT id FROM measure_served WHERE unit_id = {OWN} AND kind = 'preview' AND ended_on IS NULL")
    town = walk.at("town_officer", f"/desk/served/{line}/")
    town.check("[name=choice][value=read]")
    walk.primary(town)
    number = cell(walk, "NI13")
    town = walk.at("town_officer", f"/desk/observations/{number}/")
    town.fill("[name=reason]", "财政决算数为准，分子应为补充来函数。")
    walk.primary(town)
    early = walk.at("leader", walk.fact("SELECT '/desk/runs/' || MAX(id) || '/decision/' FROM assess_assessment"))
    assert "异议" in early.locator("main").inner_text()
    planner = walk.at("planner", f"/desk/observations/{number}/")
    planner.check("input[name=choice][value=correct]")
    planner.fill("[name=reply]", "经财政局核对，予以更正。")
    planner.fill(
        "[name=numerator]", str(walk.fact(f"SELECT numerator + 5 FROM measure_observation WHERE id = {number}"))
    )
    planner.fill("[name=denominator]", "1000")
    walk.primary(planner)


def lock(walk: Walk) -> None:
    """While a term runs nothing is locked, and the page says why; after it the year is locked."""
    planner = walk.at("planner", round_page(walk))
    said = walk.refused(planner, planner.locator("main .btn-primary"))
    assert "异议期" in said, said
    walk.travel(f"{YEAR + 1}-04-10")
    planner = walk.at("planner", round_page(walk))
    walk.primary(planner)
    assert walk.fact(f"SELECT status FROM measure_collectionround WHERE id = ({ROUND})") == "locked"
    walk.picture(planner, "locked")
