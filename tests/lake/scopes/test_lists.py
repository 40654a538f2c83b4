"""Lists of scope lines as laboratories have them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from qualipolis.lake.scopes.headers import Reading
from qualipolis.lake.scopes.lists import grouped, read_list, standards_in
from qualipolis.methods.problems import InputError

HEAD = (
    [
        "序号",
        "类别（产品/项目/参数）",
        "产品/项目/参数",
        None,
        "依据的标准（方法）名称及编号（含年号）",
        "限制范围",
        "说明",
    ],
    [None, None, "序号", "名称", None, None, None],
)


def book(rows: list[list[Any]], merges: tuple[str, ...] = (), title: str = "附表") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for one in merges:
        sheet.merge_cells(one)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def annex() -> bytes:
    """The annex of a certificate as it is printed: title, heading in two rows, merged cells, the heading again, a foot."""
    rows = [
        ["检验检测机构资质认定证书附表", *[None] * 6],
        ["第 1 页 共 2 页", *[None] * 6],
        *HEAD,
        ["一、纺织品", *[None] * 6],
        [
            1,
            "纺织品",
            1.1,
            "甲醛含量",
            "纺织品 甲醛的测定 第1部分 GB/T 2912.1-2009\n国家纺织产品基本安全技术规范 GB 18401-2010",
            None,
            None,
        ],
        [None, None, 1.2, "pH值", "纺织品 水萃取液pH值的测定 GB/T 7573-2009", "不做涂层", None],
        *HEAD,
        ["二、食品", *[None] * 6],
        [2, "食品", 2.1, "铅", "食品中铅的测定 GB 5009.12-2023（第一法）", None, "扩项"],
        [None, None, None, None, "GB/T 5750.6-2006", None, None],
        ["以下空白", *[None] * 6],
    ]
    merges = (
        "A1:G1",
        "A5:G5",
        "A10:G10",
        "C8:D8",
        "C3:D3",
        "A3:A4",
        "B3:B4",
        "E3:E4",
        "F3:F4",
        "G3:G4",
        "A6:A7",
        "B6:B7",
    )
    return book(rows, merges)


def test_it_reads_the_annex_of_a_certificate_as_it_is_printed() -> None:
    made = read_list(annex(), "附表.xlsx")
    assert [(one.product, one.parameter, one.standard, one.field, one.row) for one in made.lines] == [
        ("纺织品", "甲醛含量", "GB/T 2912.1-2009", "纺织品", 6),
        ("纺织品", "甲醛含量", "GB 18401-2010", "纺织品", 6),
        ("纺织品", "pH值", "GB/T 7573-2009", "纺织品", 7),
        ("食品", "铅", "GB 5009.12-2023", "食品", 11),
        ("食品", "铅", "GB/T 5750.6-2006", "食品", 12),
    ]
    assert made.errors == ()
    assert made.lines[3].limits == "(第一法); 扩项"
    assert made.lines[2].limits == "不做涂层"
    assert {name: made.skipped[name] for name in ("section", "heading", "foot")} == {
        "section": 2,
        "heading": 2,
        "foot": 1,
    }


def test_it_names_every_bad_row_and_not_only_the_first() -> None:
    rows = [["检测对象", "检测项目", "检测依据"], ["玩具", "小零件", "GB 6675.2-2014"], [None, None, "GB 6675.3"]]
    rows += [
        ["童车", None, "GB 14748-2006"],
        ["鞋", "耐磨", "见附件"],
        ["鞋", "耐折", None],
        ["衣" * 200, "甲醛", "GB 18401-2010"],
    ]
    made = read_list(book(rows), "t.xlsx")
    found = {(one.code, one.place.row) for one in made.errors}
    assert found == {("no_parameter", 4), ("unread_standard", 5), ("no_standard", 6), ("too_long", 7)}
    assert [rows for _, rows in grouped(made.errors)] == ["4", "5", "6", "7"]


def test_a_parameter_is_not_carried_into_another_product() -> None:
    rows = [["产品", "项目", "标准号"], ["玩具", "小零件", "GB 6675.2-2014"], ["童车", None, "GB 14748-2006"]]
    assert [one.code for one in read_list(book(rows), "t.xlsx").errors] == ["no_parameter"]


def test_a_plain_csv_in_gb18030_and_one_in_english_are_read() -> None:
    chinese = "产品名称;检验项目;标准编号\n皮鞋;耐折性能;GB/T 3903.1-2017\n".encode("gb18030")
    assert read_list(chinese, "a.csv").lines[0].parameter == "耐折性能"
    english = b"Product,Test item,Standard,Remarks\nToys,Small parts,EN 71-1:2014,only plastic\n"
    line = read_list(english, "b.csv").lines[0]
    assert (line.product, line.parameter, line.standard, line.limits) == (
        "Toys",
        "Small parts",
        "EN 71-1:2014",
        "only plastic",
    )


def test_a_column_is_known_by_its_cells_where_its_heading_says_nothing() -> None:
    rows = [["检测对象", "项目", "执行文件"], ["玩具", "小零件", "GB 6675.2-2014"]]
    with pytest.raises(InputError, match="No row was found"):
        read_list(book(rows), "t.xlsx")
    rows[0][1] = "检测标准"
    rows[0][2] = "参数"
    made = read_list(book([rows[0], ["玩具", "GB 6675.2-2014", "小零件"]]), "t.xlsx")
    assert made.lines[0].parameter == "小零件"


def test_a_person_says_what_a_column_means_and_what_parts_parameters() -> None:
    with pytest.raises(InputError):
        read_list("甲,乙,丙\n家具,甲醛,GB 18584-2001\n".encode(), "t.csv")
    guessed = read_list("产品,参数,标准\n家具,甲醛、苯,GB 18584-2001\n".encode(), "t.csv")
    said = Reading(guessed.reading.columns, "、")
    lines = read_list("产品,参数,标准\n家具,甲醛、苯,GB 18584-2001\n".encode(), "t.csv", said).lines
    assert [one.parameter for one in lines] == ["甲醛", "苯"]
    assert Reading.from_json(said.to_json()) == said


def test_the_same_line_twice_is_one_and_is_counted() -> None:
    rows = [["产品", "项目", "标准"], ["玩具", "小零件", "GB 6675.2-2014"], ["玩具", "小零件", "ＧＢ　6675.2—2014"]]
    made = read_list(book(rows), "t.xlsx")
    assert (len(made.lines), made.skipped["repeated"]) == (1, 1)


def test_several_sheets_are_one_list_and_a_sheet_without_a_heading_is_told() -> None:
    made = openpyxl.load_workbook(BytesIO(annex()))
    made.create_sheet("签字人").append(["姓名", "领域"])
    more = made.create_sheet("玩具")
    more.append(["检测对象", "检测项目", "检测标准"])
    more.append(["玩具", "小零件", "GB 6675.2-2014"])
    buffer = BytesIO()
    made.save(buffer)
    read = read_list(buffer.getvalue(), "t.xlsx")
    assert (len(read.lines), read.lines[-1].sheet, read.left) == (6, "玩具", ("签字人",))


@pytest.mark.parametrize("name", ["a.pdf", "a.xlsx", "a.csv"])
def test_what_is_no_table_is_refused_in_words(name: str) -> None:
    with pytest.raises(InputError):
        read_list(b"%PDF-1.7 not a table", name)


def test_shared_letters_before_several_numbers_are_understood() -> None:
    assert [text for text, _ in standards_in("GB/T 3920-2008、3921-2008")] == ["GB/T 3920-2008", "GB/T 3921-2008"]
