"""Chinese tables with joined columns, Safety Gate, JSON of the recall services, and tables nobody has seen before."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl

from qualipolis.lake import alerts
from qualipolis.lake.alerts import NONE_FOUND, NOT_STATED, Finding

SAMPLED = (
    "序号,抽样编号,标称生产企业名称,标称生产企业地址,被抽样单位名称,食品名称,规格型号,商标,生产日期/批号,"
    "不合格项目║检验结果║标准值,分类,公告日期\n"
    "1,SC2401,甲镇示例食品厂,甲镇一路1号,乙镇示例商店,花生酱,200g/瓶,示例牌,2024-01-03,"
    '"黄曲霉毒素B₁║28μg/kg║≤20μg/kg\n酸价║5║≤3",坚果,2024年3月5日\n'
    "2,SC2402,/,/,乙镇示例商店,散装糕点,/,/,/,菌落总数║10^6║≤10^4,糕点,2024/3/6\n"
    "3,SC2403,丙镇示例厂,/,丁店,饼干,,,,/,饼干,\n"
    "4,SC2404,丙镇示例厂,/,丁店,蛋糕,,,,合格,糕点,2024-03-07\n"
    "5,SC2405,丙镇示例厂,/,丁店,面包,,,,铅超标,糕点,下周\n"
)


def sampled() -> alerts.AlertBatch:
    return alerts.read(SAMPLED.encode("gb18030"), name="sampled.csv")


def test_it_parts_a_joined_column() -> None:
    first, second = sampled().rows[:2]
    assert first.findings == (
        Finding("黄曲霉毒素B₁", "28μg/kg", "≤20μg/kg"),
        Finding("酸价", "5", "≤3"),
    )
    assert (first.hazards, first.date) == (("黄曲霉毒素B₁", "酸价"), date(2024, 3, 5))
    assert (first.firm, first.sellers, first.brand, first.batch) == (
        "甲镇示例食品厂",
        ("乙镇示例商店",),
        "示例牌",
        "2024-01-03",
    )
    assert (second.firms, second.brands, second.batch) == ((), (), "")


def test_it_tells_nothing_said_from_nothing_found() -> None:
    batch = sampled()
    assert batch.rows[2].hazards == (NOT_STATED,)
    assert batch.rows[3].hazards == (NONE_FOUND,)
    assert (batch.counts.hazard_not_stated, batch.counts.hazard_none_found) == (1, 1)


def test_it_keeps_a_row_whose_cell_is_not_as_its_header_says() -> None:
    batch = sampled()
    codes = {problem.code: str(problem) for problem in batch.problems}
    assert batch.rows[4].hazards == ("铅超标",)
    assert (batch.rows[4].date, batch.rows[4].date_text) == (None, "下周")
    assert "row 6, column L" in codes["no_date"]
    assert "joined_cell" in codes


def test_a_title_above_the_header_is_left_out_and_said(tmp_path: Path) -> None:
    batch = alerts.read(("附件2：不合格产品信息\n" + SAMPLED).encode(), name="sampled.csv")
    assert (len(batch.rows), batch.problems[0].code) == (5, "title_skipped")
    assert batch.rows[0].row == 3
    path = tmp_path / "sampled.xlsx"
    rows = [["附件2"], ["食品名称", "生产企业名称", "不合格项目"], ["糕点", "示例厂", "菌落总数"]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    found = alerts.read(path)
    assert (found.rows[0].product, found.rows[0].hazards, found.rows[0].row) == ("糕点", ("菌落总数",), 3)


def test_it_reads_safety_gate() -> None:
    text = (
        "Alert number;Date;Alert submitted by;Country of origin;Risk type;Product category;Product;Name;Brand;"
        "Type / number of model;Batch number / Barcode;Risk description;Measures;Level of risk\n"
        "A12/00123/24;19/01/2024;Germany;China;Choking, Burns;Toys;Rattle;Happy Rattle;Unknown;R-1;"
        "Barcode: 6901234567892;Small parts;Withdrawal;Serious risk\n"
    )
    batch = alerts.read(text.encode(), name="rapex.csv")
    row = batch.rows[0]
    assert (row.source, row.number, row.date) == ("Safety Gate", "A12/00123/24", date(2024, 1, 19))
    assert (row.origins, row.notifying, row.brands) == (("China",), ("Germany",), ())
    assert (row.hazards, row.measure, row.risk) == (("Choking, Burns",), "Withdrawal", "Serious risk")


def test_it_reads_the_json_of_a_recall_service() -> None:
    record = {
        "RecallNumber": "24001",
        "RecallDate": "2024-08-15T00:00:00",
        "Title": "Firm Recalls Lamps",
        "Products": [{"Name": "Lamp A", "NumberOfUnits": "About 1,200"}, {"Name": "Lamp B", "NumberOfUnits": ""}],
        "Manufacturers": [{"Name": "Firm of Example"}],
        "ManufacturerCountries": [{"Country": "China"}],
        "Hazards": [{"Name": "Fire"}, {"Name": "Shock"}],
        "Injuries": [{"Name": "None reported"}],
    }
    packed = gzip.compress(json.dumps([record, {**record, "RecallNumber": "24002", "Hazards": []}]).encode())
    batch = alerts.read(packed, name="cpsc.json.gz")
    first, second = batch.rows
    assert (first.source, first.date, first.hazards) == ("CPSC", date(2024, 8, 15), ("Fire", "Shock"))
    assert (first.product, first.firm, first.origin, first.units) == (
        "Lamp A|Lamp B",
        "Firm of Example",
        "China",
        1200,
    )
    assert second.hazards == (NOT_STATED,)


def test_it_takes_the_sheet_whose_columns_fit(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "说明"
    for row in (["甲", "乙"], ["1", "2"]):
        book.active.append(row)
    sheet = book.create_sheet("清单")
    for row in (["产品名称", "不合格项目"], ["灯", "短路"]):
        sheet.append(row)
    book.save(path)
    seen = alerts.preview(path)
    assert (seen.sheet, seen.sheets, seen.rows[0].product) == ("清单", ("说明", "清单"), "灯")


def test_dates_that_could_be_either_way_round_are_said_and_settled() -> None:
    text = b"Product,Hazard,Date\nLamp,Fire,02/03/2024\n"
    batch = alerts.read(text, name="a.csv")
    assert (batch.rows[0].date, [p.code for p in batch.problems]) == (date(2024, 2, 3), ["day_or_month"])
    mapping = replace(alerts.preview(text, name="a.csv").mapping, day_first=True)
    settled = alerts.read(text, mapping, name="a.csv")
    assert (settled.rows[0].date, settled.problems) == (date(2024, 3, 2), ())


def test_a_row_that_says_nothing_is_refused_with_its_place() -> None:
    batch = alerts.read("食品名称,不合格项目,备注\n糕点,铅,\n/,/,某备注\n".encode(), name="a.csv")
    assert (batch.counts.taken, batch.counts.refused, batch.ok) == (2, 0, True)
    batch = alerts.read("食品名称,不合格项目,商标\n糕点,铅,\n/,/,某牌\n".encode(), name="a.csv")
    assert (batch.counts.taken, batch.counts.refused, batch.ok) == (1, 1, False)
    assert str(batch.problems[0]).startswith("a.csv, row 3")
