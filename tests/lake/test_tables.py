"""Tables as offices send them: encodings, headers, numbers, places."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.lake.tables import (
    Limits,
    number,
    numbers,
    read_sheets,
    read_table,
    safe_cell,
    sheet_names,
    write_csv,
    write_xlsx,
)
from qualipolis.methods.problems import InputError

ROWS = "信用代码,名称,产值\nA1,甲厂,1\nB2,乙厂,2.5\n"


def codes(data: bytes, name: str, **options: object) -> dict[str, str]:
    """Return code and text of each problem that reading raises."""
    with pytest.raises(InputError) as caught:
        read_table(data, name=name, **options)  # type: ignore[arg-type]
    return {p.code: str(p) for p in caught.value.problems}


def book(*rows: tuple[object, ...], merge: tuple[str, ...] = (), sheet: str = "企业") -> bytes:
    """Return a workbook with one sheet of ``rows`` from cell A1 on."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        page = workbook.add_worksheet(sheet)
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(index, column, value)
        for area in merge:
            page.merge_range(area, "标题")
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_it_reads_the_same_rows_from_every_encoding(encoding: str, delimiter: str, ending: str) -> None:
    text = ROWS.replace(",", delimiter).replace("\n", ending)
    table = read_table(text.encode(encoding), name="a.csv")
    assert table.columns == ("信用代码", "名称", "产值")
    assert table.frame["名称"].to_list() == ["甲厂", "乙厂"]


def test_it_keeps_quoted_newlines_and_knows_the_row_after_them() -> None:
    table = read_table(b'a,b\n"x\ny",1\n\nz,2\n', name="a.csv")
    assert table.frame["a"].to_list() == ["x\ny", "z"]
    assert str(table.place(1, "b")) == "a.csv, row 4, column B (b)"


def test_it_trims_full_width_blanks_and_tells_missing_from_zero() -> None:
    table = read_table("a,b\n　甲　, \n乙,0\n".encode(), name="a.csv")
    assert table.frame.rows() == [("甲", None), ("乙", "0")]


def test_it_names_the_cell_of_a_workbook() -> None:
    table = read_table(book(("代码", "名称", "信用代码"), (1, "甲", "x"), (), (2, "乙", "y")), name="towns.xlsx")
    assert str(table.place(1, "信用代码")) == "towns.xlsx, sheet 企业, row 4, column C (信用代码)"
    place = table.place(1, "信用代码")
    zh = {"sheet %(sheet)s": "工作表“%(sheet)s”", "row %(row)s": "第 %(row)s 行", ", ": "，"}
    assert place.text(lambda m: zh.get(m, m)).startswith("towns.xlsx，工作表“企业”，第 4 行")


def test_it_keeps_every_digit_of_a_number_and_the_zeros_of_a_code() -> None:
    rows = (("code", "v"), ("007", 1.2345678901e-12), ("0.10", 0.1234567890123), ("441900199001011234", 7))
    table = read_table(book(*rows), name="a.xlsx")
    assert table.frame["code"].to_list() == ["007", "0.10", "441900199001011234"]
    assert [float(v) for v in table.frame["v"]] == [1.2345678901e-12, 0.1234567890123, 7.0]


def test_it_reads_the_stored_result_of_a_formula_and_refuses_one_without() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        page = workbook.add_worksheet("S")
        page.write_row(0, 0, ["a", "b"])
        page.write_row(1, 0, ["x"])
        page.write_formula(1, 1, "=1+1", None, 2)
    assert read_table(buffer.getvalue(), name="a.xlsx").frame.rows() == [("x", "2")]


def test_it_reads_dates_as_iso_text() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as workbook:
        page = workbook.add_worksheet("S")
        page.write_row(0, 0, ["a", "day"])
        page.write_row(1, 0, ["x", dt.date(2021, 3, 4)])
    assert read_table(buffer.getvalue(), name="a.xlsx").frame["day"].to_list() == ["2021-03-04"]


def test_it_says_which_row_is_the_header_below_a_title() -> None:
    found = codes("2021 年度汇总,,\n信用代码,名称,产值\nA,甲,1\n".encode(), "a.csv")
    assert "Row 2 looks like the header" in found["title_rows"]


def test_it_refuses_merged_header_rows_and_names_the_cells() -> None:
    rows = (("", "", ""), ("代码", "2020", "2021"), ("A", 1, 2), ("B", 3, 4))
    found = codes(book(*rows, merge=("A1:C1",)), "a.xlsx")
    assert "A1:C1" in found["merged_header"] and "row 2 looks like the header" in found["merged_header"]


def test_it_refuses_merged_cells_among_the_rows() -> None:
    rows = (("镇", "名称", "值"), ("", "x", 1), ("", "y", 2), ("乙", "z", 3))
    found = codes(book(*rows, merge=("A2:A3",)), "a.xlsx")
    assert "A2:A3" in found["merged_cells"]


def test_it_does_not_take_rows_of_figures_for_the_header() -> None:
    found = codes(b"code,name,,,\nA,x,1,2.5,3\nB,y,4,5,6\n", "x.csv")
    assert set(found) == {"blank_column"}
    years = read_table("镇,2020,2021\nA,1,2\n".encode(), name="x.csv")
    assert years.columns == ("镇", "2020", "2021")


def test_it_reports_all_header_problems_at_once() -> None:
    found = codes(b"a,,a,b,c,d\n1,2,3,4,5,6\n", "x.csv")
    assert set(found) == {"blank_column", "duplicate_column"}
    assert "columns A and C" in found["duplicate_column"]


def test_it_reports_every_uneven_row() -> None:
    with pytest.raises(InputError) as caught:
        read_table(b"a,b\n1,2\n1,2,3\n4\n", name="x.csv")
    assert [str(p.place) for p in caught.value.problems] == ["x.csv, row 3", "x.csv, row 4"]


def test_it_reads_the_sheet_asked_for_and_names_the_others() -> None:
    buffer = io.BytesIO()
    frame = pl.DataFrame({"a": [1], "b": [2]})
    write_xlsx(buffer, {"iMeta": frame, "iData": frame * 2}, ["only for reading"])
    data = buffer.getvalue()
    assert sheet_names(data, name="a.xlsx") == ("iMeta", "iData", "说明 Notes")
    assert read_table(data, name="a.xlsx", sheet="iData").frame.rows() == [("2", "4")]
    assert list(read_sheets(data, name="a.xlsx", sheets=["iMeta", "iData"])) == ["iMeta", "iData"]
    assert "iMeta, iData" in codes(data, "a.xlsx", sheet="other")["no_sheet"]


def test_it_finds_every_cell_that_is_no_number() -> None:
    table = read_table("u,v\nA,1\nB,12a\nC,—\nD,?\n".encode(), name="x.csv")
    values, problems = numbers(table, "v")
    assert values.to_list() == [1.0, None, None, None]
    assert [str(p.place) for p in problems] == ["x.csv, row 3, column B (v)", "x.csv, row 5, column B (v)"]


@pytest.mark.parametrize(
    "text", ["12a", "1,23", "1 2", "--1", "1e999", "nan", "inf", "１０²", "5%", "=1", ".", "0x10", "١"]
)
def test_it_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(InputError):
        number(text)


@pytest.mark.parametrize("text", ["", None, " NA ", "N/A", "—", "-", "/", "缺", "无数据", "　"])
def test_it_takes_the_listed_marks_as_missing(text: str | None) -> None:
    assert number(text) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_it_reads_back_every_number_it_prints(value: float) -> None:
    assert number(repr(value)) == value


@given(st.text(max_size=20))
def test_it_never_lets_a_text_begin_a_formula(text: str) -> None:
    safe = safe_cell(text)
    if safe and safe.lstrip(" \t\r\n\u3000")[:1] in "=+-@＝＋－＠" and safe.lstrip():
        float(safe)


def test_it_writes_csv_that_runs_nothing_and_keeps_numbers() -> None:
    buffer = io.BytesIO()
    frame = pl.DataFrame({"=a": ["=cmd()", "＋1", "-3.2", " @x", "\tq", "甲"], "n": [-3.2, 0, 1, 2, 3, None]})
    write_csv(buffer, frame)
    data = buffer.getvalue()
    assert data.startswith(b"\xef\xbb\xbf")
    table = pl.read_csv(io.BytesIO(data))
    assert table.columns == ["'=a", "n"]
    assert table["'=a"].to_list() == ["'=cmd()", "'＋1", "-3.2", "' @x", "'\tq", "甲"]
    assert table["n"].to_list() == [-3.2, 0, 1, 2, 3, None]


def test_it_writes_xlsx_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    frame = pl.DataFrame({"镇街": ["=1+1", "https://x", "-3.2"], "v": [-3.2, float("nan"), None], "big": [2**60, 1, 2]})
    write_xlsx(tmp_path / "a.xlsx", {"a/b": frame}, ["=note"])
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["a_b"]
    assert [c.value for c in page["A"]] == ["镇街", "=1+1", "https://x", "-3.2"]
    assert {c.data_type for c in page["A"]} == {"s", "inlineStr"} or {c.data_type for c in page["A"]} == {"s"}
    assert [c.value for c in page["B"]] == ["v", -3.2, None, None]
    assert page["C2"].value == str(2**60) and page.freeze_panes == "A2" and page["A1"].font.bold


def test_it_writes_the_same_bytes_for_the_same_rows() -> None:
    made = []
    for _ in range(2):
        buffer = io.BytesIO()
        write_xlsx(buffer, {"s": pl.DataFrame({"a": [1.5]})})
        made.append(buffer.getvalue())
    assert made[0] == made[1]


def test_it_reads_back_what_it_wrote(tmp_path: Path) -> None:
    frame = pl.DataFrame({"名称": ["甲", "乙"], "值": ["1.25", "-7"]})
    write_csv(tmp_path / "a.csv", frame)
    write_xlsx(tmp_path / "a.xlsx", {"s": frame.cast({"值": pl.Float64})})
    assert read_table(tmp_path / "a.csv").frame.equals(frame)
    assert read_table(tmp_path / "a.xlsx").frame.equals(frame)


def test_it_stops_at_the_limits() -> None:
    rows = b"a,b\n" + b"1,2\n" * 50
    assert "row 12" in codes(rows, "a.csv", limits=Limits(rows=10))["table_too_large"]
    assert "table_too_large" in codes(rows, "a.csv", limits=Limits(columns=1))
    assert "table_too_large" in codes(book(*[(1, 2)] * 50), "a.xlsx", limits=Limits(rows=10))
