"""Results come in from files of three layouts: understood first, every fault with its place, nothing half done."""

from __future__ import annotations

import gzip
from io import BytesIO

import polars as pl
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.city.supervise.cast import make_sample

from qualipolis.city.supervise.laboratory import report_import, reports
from qualipolis.city.supervise.laboratory.report_layouts import split_unit
from qualipolis.city.supervise.models import TestItem, TestReport
from qualipolis.lake.tables import read_table, write_csv, write_xlsx
from qualipolis.methods.problems import InputError

LAB = "laboratory"


@pytest.fixture
def pair(cast):
    """Two samples under test."""
    return [make_sample(cast, status="testing", received_on=timezone.localdate()) for _ in range(2)]


def csv(*lines: str, coding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(coding)


def found(cast, data: bytes, name: str = "r.csv"):
    return report_import.understand(cast[LAB], data, name)


def outcomes(sample) -> list[str]:
    return list(TestItem.objects.filter(report__sample=sample).order_by("position").values_list("outcome", flat=True))


@pytest.mark.parametrize("coding", ["utf-8-sig", "gb18030"])
def test_the_long_layout_is_one_row_for_each_item(cast, pair, coding) -> None:
    one, two = (sample.code for sample in pair)
    data = csv("样品编号,检验项目,检验结果,单位,扩展不确定度", f"{one},甲醛含量,35,mg/kg,4", f"{one},pH值,6.8,,",
               f"{two.lower()},formaldehyde,<16mg/kg,,", coding=coding)  # fmt: skip
    seen = found(cast, data)
    assert seen.layout == "long" and not seen.problems and seen.left_open == {one: 0, two: 1}
    assert not TestReport.objects.exists()
    assert report_import.import_file(cast[LAB], data, "r.csv") == {"samples": 2, "items": 3}
    assert outcomes(pair[0]) == ["fail", "pass"] and outcomes(pair[1]) == ["pass", ""]


def test_the_wide_layout_is_one_column_for_each_item(cast, pair) -> None:
    frame = pl.DataFrame({"样品编号": [s.code for s in pair], "甲醛含量(mg/kg)": ["8.1", "未检出(<5)"],
                          "甲醛含量 不确定度": ["0.9", ""], "pH值": ["6.8", ""]})  # fmt: skip
    buffer = BytesIO()
    write_xlsx(buffer, {"结果": frame})
    seen = found(cast, buffer.getvalue(), "r.xlsx")
    assert seen.layout == "wide" and not seen.problems
    report_import.import_file(cast[LAB], buffer.getvalue(), "r.xlsx")
    assert outcomes(pair[0]) == ["pass", "pass"] and outcomes(pair[1]) == ["pass", ""]
    first = TestItem.objects.get(report__sample=pair[0], position=1)
    assert (first.measured, first.uncertainty) == (8.1, 0.9)


@pytest.mark.parametrize("bar", ["║", "|", "｜"])
def test_the_joined_column_says_item_result_and_limit(cast, pair, bar) -> None:
    one, two = (sample.code for sample in pair)
    head = bar.join(("不合格项目", "检验结果", "标准值"))
    cell = ";".join(bar.join(parts) for parts in (("甲醛含量", "35mg/kg", "≤20mg/kg"), ("pH值", "8.1", "4.0～7.5")))
    data = csv(f"序号,样品编号,{head},检验机构", f"1,{one},{cell},某中心", f"2,{two},/,某中心")
    seen = found(cast, data)
    assert seen.layout == "joined" and not seen.problems and seen.left_open == {one: 0, two: 2}
    report_import.import_file(cast[LAB], data, "r.csv")
    assert outcomes(pair[0]) == ["fail", "fail"] and outcomes(pair[1]) == []


def test_every_fault_has_its_place_and_nothing_is_written(cast, pair) -> None:
    one, two = (sample.code for sample in pair)
    data = csv("样品编号,检验项目,检验结果,单位", f"{one},甲醛含量,三十五,mg/kg", f"{one},重金属,1,mg/kg",
               f"{two},甲醛含量,35,mg/L", "QNONE,pH值,7,", f"{two},pH值,6,", f"{two},pH值,7,", f"{one},pH值,6.8,")  # fmt: skip
    seen = found(cast, data)
    codes = sorted(problem.code for problem in seen.errors)
    assert codes == ["duplicate", "no_item", "no_sample", "not_a_number", "unit_differs"]
    assert {problem.place.row for problem in seen.errors} == {2, 3, 4, 5, 7}
    with pytest.raises(InputError):
        report_import.import_file(cast[LAB], data, "r.csv")
    assert not TestReport.objects.exists()


def test_another_limit_is_a_warning_and_the_rule_decides(cast, pair) -> None:
    data = csv("样品编号,检验项目|检验结果|标准值", f"{pair[0].code},甲醛含量|35|≤75")
    seen = found(cast, data)
    assert [p.code for p in seen.problems] == ["limit_differs"] and not seen.errors
    report_import.import_file(cast[LAB], data, "r.csv")
    assert outcomes(pair[0])[0] == "fail"


def test_a_column_about_the_firm_is_refused_with_all_other_columns_named(cast, pair) -> None:
    data = csv("样品编号,标称生产企业名称,检验项目,检验结果,颜色", f"{pair[0].code},某厂,pH值,6,红")
    with pytest.raises(InputError) as caught:
        found(cast, data)
    assert {p.code for p in caught.value.problems} == {"names_firm", "unknown_column"}


def test_a_cell_with_other_parts_than_its_head_is_named(cast, pair) -> None:
    data = csv("样品编号,不合格项目║检验结果║标准值", f"{pair[0].code},甲醛含量║35")
    assert [p.code for p in found(cast, data).errors] == ["uneven_cell"]


def test_a_foreign_code_and_one_that_does_not_exist_sound_the_same(cast, pair) -> None:
    head = "样品编号,检验项目,检验结果"
    words = []
    for code in (pair[0].code, "QNONE"):
        with pytest.raises(InputError) as caught:
            report_import.import_file(cast["other_laboratory"], csv(head, f"{code},pH值,6"), "r.csv")
        words += [p.text().replace(code, "CODE") for p in caught.value.problems]
    assert words[0] == words[1]


def test_a_submitted_report_takes_no_values_from_a_file(cast, pair) -> None:
    sample = pair[0]
    data = csv("样品编号,检验项目,检验结果", f"{sample.code},甲醛含量,8", f"{sample.code},pH值,6")
    report_import.import_file(cast[LAB], data, "r.csv")
    reports.submit(cast[LAB], TestReport.objects.get())
    with pytest.raises(InputError):
        report_import.import_file(cast[LAB], data, "r.csv")


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_the_template_filled_in_is_understood_and_holds_no_formula(cast, pair, layout) -> None:
    cast.rule.items.filter(position=1).update(name_zh="=HYPERLINK(1)")
    frame = report_import.template(cast[LAB], layout)
    buffer = BytesIO()
    write_csv(buffer, frame)
    text = buffer.getvalue().decode("utf-8-sig")
    assert ",=H" not in text and "'=HYPERLINK" in text
    assert {s.code for s in pair} <= set(text.replace(",", "\n").split())


def test_what_was_written_by_the_template_comes_back(cast, pair) -> None:
    frame = report_import.template(cast[LAB])
    filled = frame.with_columns(pl.Series("检验结果", ["8", "6.5", "7", "6.6"]))
    buffer = BytesIO()
    write_xlsx(buffer, {"结果": filled})
    seen = found(cast, buffer.getvalue(), "r.xlsx")
    assert not seen.problems and sum(len(entries) for entries in seen.rows.values()) == 4


@given(value=st.floats(-1e6, 1e6).map(lambda v: f"{v:g}"), unit=st.sampled_from(["", "mg/kg", "℃", "N", "级"]))
def test_a_number_and_its_unit_come_apart(value, unit) -> None:
    assert split_unit(f"{value}{unit}") == (value, unit) or value.startswith("-0")


def test_a_real_table_of_results_that_is_none_of_ours_is_refused_in_words(cast, pair, shared) -> None:
    raw = gzip.decompress((shared / "data/nyc_metal_lab_tests/nyc_metal_lab_tests.csv.gz").read_bytes())
    head = b"\n".join(raw.splitlines()[:50])
    assert len(read_table(head, name="nyc.csv")) > 10
    with pytest.raises(InputError) as caught:
        found(cast, head, "nyc.csv")
    assert all(problem.place for problem in caught.value.problems)
