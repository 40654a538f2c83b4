"""The first half of a year: the set is designed, consulted, approved, frozen; its values are collected and checked."""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from tests.browser.small_city import TOWNS, YEAR
from tests.browser.year_walk import PAPER, Walk

from qualipolis.city.measure.catalogue import BY_CODE

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SET = "SELECT id FROM measure_indicatorset ORDER BY id DESC LIMIT 1"
ROUND = "SELECT id FROM measure_collectionround ORDER BY id DESC LIMIT 1"


def set_page(walk: Walk) -> str:
    """The page of the set."""
    return f"/desk/sets/{walk.fact(SET)}/"


def round_page(walk: Walk, more: str = "") -> str:
    """The page of the round, or one below it."""
    return f"/desk/rounds/{walk.fact(ROUND)}/{more}"


def design(walk: Walk) -> None:
    """The planner makes the draft, moves an indicator, is warned of weights and mends them."""
    planner = walk.at("planner", "/desk/sets/")
    planner.fill("[name=year]", str(YEAR))
    walk.primary(planner)
    planner = walk.at("planner", f"{set_page(walk)}design/")
    planner.locator("#n-PQ02 summary").click()
    kept(planner, "button[value='up:PQ02']")
    planner.wait_for_function("() => document.querySelector('[data-under=product] > *').dataset.node === 'PQ02'")
    planner.fill("#id_product-weight", "0.5")
    kept(planner, "main .btn-primary")
    planner.wait_for_selector("#advice li:has-text('1.25')")
    walk.picture(planner, "warned")
    planner.fill("#id_product-weight", "0.25")
    kept(planner, "main .btn-primary")
    planner.wait_for_selector("#advice li:has-text('1.25')", state="detached")
    planner.get_by_role("link", name="回到体系页面").click()


def kept(planner: Any, button: str) -> None:
    """Press a button of the designer; the page stays and the answer takes its place."""
    with planner.expect_response(lambda answer: answer.request.method == "POST" and "/design/" in answer.url):
        planner.locator(button).first.click()


def consult(walk: Walk) -> None:
    """The set goes out; the town comments; without an answer nothing is approved; the planner answers."""
    walk.primary(walk.at("planner", set_page(walk)))
    town = walk.at("town_officer", f"{set_page(walk)}comments/")
    town.select_option("[name=node]", "PQ04")
    town.fill("[name=text]", "后处理时限应从文书送达之日起算。")
    walk.primary(town)
    leader = walk.at("leader", set_page(walk))
    assert "没有答复" in leader.locator("main").inner_text()
    assert not leader.locator("[name=document_no]").count()
    planner = walk.at("planner", f"{set_page(walk)}comments/")
    planner.check("[name=choice][value=partly]")
    planner.fill("[name=reply]", "写进口径说明，权重不变。")
    walk.primary(planner)


def approve(walk: Walk) -> None:
    """Approved with its number, published, frozen; the round opens and computes what records tell."""
    leader = walk.at("leader", set_page(walk))
    leader.fill("[name=document_no]", "云汀质领〔2021〕9号")
    walk.primary(leader)
    planner = walk.at("planner", set_page(walk))
    walk.primary(planner)
    walk.primary(planner)
    assert walk.fact("SELECT status FROM measure_indicatorset") == "frozen"


def open_the_round(walk: Walk) -> None:
    """The planner opens the collection and lets the records be counted."""
    walk.travel(f"{YEAR + 1}-01-09")
    planner = walk.at("planner", set_page(walk))
    planner.fill("[name=due_on]", (date(YEAR + 1, 1, 9) + timedelta(days=40)).isoformat())
    walk.primary(planner)
    walk.primary(planner)
    planner.wait_for_selector("input[name=step][value=check]", state="attached", timeout=60_000)
    walk.picture(planner, "computed")


def collect(walk: Walk) -> None:
    """The town types one value with its file, imports the rest of its sheet, hands in; the other towns import."""
    walk.travel(f"{YEAR + 1}-01-20")
    town = walk.at("town_officer", round_page(walk, "sheet/"))
    town.wait_for_load_state("networkidle")
    number = cell(walk, "MB01")
    town.locator(f"#o{number} summary").first.click()
    town.fill(f"[name=o{number}-numerator]", "3")
    town.set_input_files(f"#o{number} [type=file]", PAPER)
    walk.picture(town, "typed")
    walk.press(town, town.locator(".btn[name=do][value=save]").last)
    for role in ("town_officer", "town_others"):
        filled_in(walk, role)
    walk.primary(walk.at("town_officer", round_page(walk, "sheet/")))
    others = walk.at("town_others", round_page(walk, "sheet/"))
    for code, _name in TOWNS[1:]:
        walk.primary(walk.at("town_others", round_page(walk, f"sheet/?unit={code}")))
    assert others is not None


def cell(walk: Walk, code: str, town: str = TOWNS[0][0]) -> int:
    """The number of a value."""
    return int(
        walk.fact(f"""
        SELECT o.id FROM measure_observation o JOIN measure_indicator i ON i.id = o.indicator_id
        JOIN registry_unit u ON u.id = o.unit_id
        WHERE o.round_id = ({ROUND}) AND i.code = '{code}' AND u.code = '{town}'""")
    )


def filled_in(walk: Walk, role: str) -> None:
    """Take the template, fill it in at the desk, bring it back."""
    page = walk.at(role, round_page(walk, "import/"))
    with page.expect_download() as told:
        page.locator("a[href$='template.xlsx']").first.click()
    book = load_workbook(BytesIO(Path(told.value.path()).read_bytes()))
    figures(book.worksheets[0])
    out = BytesIO()
    book.save(out)
    page.set_input_files("[name=file]", {"name": "指标数据.xlsx", "mimeType": SHEET, "buffer": out.getvalue()})
    walk.primary(page)


def figures(sheet: Any) -> None:
    """Figures between floor and target, better in the first towns; the number of the document behind them."""
    head = {one.value: one.column for one in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        town, code = (str(sheet.cell(row, head[name]).value) for name in ("单位代码", "指标代码"))
        one = BY_CODE[code]
        noise = zlib.crc32(f"{town}{code}".encode()) % 100 / 400
        share = 0.85 - 0.1 * (int(town) - int(TOWNS[0][0])) + noise * 0.5
        value = one.floor + share * (one.target - one.floor)
        parts = {"分子": round(value), "分母": None, "数值": None}
        if one.kind == "median":
            parts = {"分子": None, "分母": 25, "数值": round(value, 1)}
        elif one.kind != "count":
            parts = {"分子": round(value / one.factor * 1000, 2), "分母": 1000, "数值": None}
        for name, number in parts.items():
            sheet.cell(row, head[name]).value = number
        sheet.cell(row, head["依据文号"]).value = f"演示证〔{YEAR + 1}〕{town[-2:]}号"


def check(walk: Walk) -> None:
    """The department returns a value with its reason, the town mends it, everything is verified; entry ends."""
    walk.travel(f"{YEAR + 1}-02-21")
    number = cell(walk, "MB01")
    department = walk.at("department", f"/desk/observations/{number}/")
    department.check("input[name=choice][value=return]")
    said = walk.refused(department, department.locator("main .btn-primary"))
    assert "退回" in said or "原因" in said, said
    department.check("input[name=choice][value=return]")
    department.fill("[name=reason]", "证书只有2张，请核对。")
    walk.primary(department)
    town = walk.at("town_officer", f"/desk/observations/{number}/")
    assert "证书只有2张" in town.locator("main").inner_text()
    walk.primary(town)
    town.wait_for_load_state("networkidle")
    if not town.locator(f"#o{number} details").first.evaluate("fold => fold.open"):
        town.locator(f"#o{number} summary").first.click()
    town.fill(f"[name=o{number}-numerator]", "2")
    walk.press(town, town.locator(f"button[value='submit:{number}']"))
    department = walk.at("department", "/desk/check/")
    while department.locator("main .btn-primary").count():
        walk.primary(department)
    planner = walk.at("planner", round_page(walk))
    walk.primary(planner)
    assert walk.fact(f"SELECT status FROM measure_collectionround WHERE id = ({ROUND})") == "checking"
