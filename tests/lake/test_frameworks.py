"""Two tables become a framework with its data, or every mistake is said at its place."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import polars as pl
import pytest

from qualipolis.lake.frames import csv_bytes, data_to_frame, framework_to_frame
from qualipolis.lake.frameworks import TwoTables, open_two_tables
from qualipolis.lake.grids import Source
from qualipolis.lake.tables import write_xlsx
from qualipolis.methods.composite.data import IndicatorData
from qualipolis.methods.composite.framework import Framework, Node
from qualipolis.methods.problems import InputError

META = """code,name_zh,name_en,parent,weight,direction,unit,denominator,target_low,target_high
q1,合格率,Pass rate,Q,2,+,%,,,
q2,投诉,Complaints,Q,1,-,件,people,,
q3,时长,Days,Q,1,target,天,,5,10
Q,质量,Quality,,,,,,,
"""
DATA = """unit,name,group:size,denominator:people,q1,q2,q3
A,甲镇,大,1000,93.5,12,7
B,乙镇,小,500,88,,11
C,丙镇,,800,91,3,4
"""


def two(meta: str = META, data: str = DATA, encoding: str = "utf-8") -> TwoTables:
    return open_two_tables(Source("meta.csv", meta.encode(encoding)), Source("data.csv", data.encode(encoding)))


def faults(meta: str = META, data: str = DATA) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        two(meta, data)
    return {problem.code: str(problem) for problem in caught.value.problems}


def test_it_reads_our_own_layout():
    tables = two()
    assert tables.framework.node("q2").direction == -1
    assert tables.framework.node("q3").target_high == 10
    assert tables.framework.node("Q").level == 2
    assert tables.data.units == ("A", "B", "C")
    assert tables.data.groups["size"] == ("大", "小", None)
    assert tables.data.denominators["people"].tolist() == [1000, 500, 800]
    assert np.isnan(tables.data.column("q2")[1])


def test_it_reads_chinese_headers_in_gb18030():
    meta = "代码,名称,上级,权重,方向,单位\nq1,合格率,Q,1,正向,%\nQ,质量,,,,\n"
    data = "单元,名称,分组：片区,q1\nA,甲镇,东,93.5\nB,乙镇,西,90\n"
    tables = two(meta, data, "gb18030")
    assert tables.framework.node("q1").name_zh == "合格率"
    assert tables.data.names == {"A": "甲镇", "B": "乙镇"}
    assert tables.data.groups == {"片区": ("东", "西")}


def test_it_reads_the_reference_tables(shared):
    folder = shared / "golden/composite/00_input"
    files = [folder / "ASEM_iMeta.csv", folder / "ASEM_iData.csv"]
    tables = open_two_tables(*(Source(file.name, file.read_bytes()) for file in files))
    assert (len(tables.framework.indicators), len(tables.framework.aggregates), len(tables.data.units)) == (49, 11, 51)
    assert tables.framework.node("Tariff").direction == -1
    assert list(tables.data.denominators) == ["Area", "Energy", "GDP", "Population"]


def test_it_finds_both_sheets_of_one_workbook():
    book = BytesIO()
    sheets = {
        "说明": pl.DataFrame({"说明": ["读我"], "x": ["y"]}),
        "数据": pl.read_csv(DATA.encode()),
        "指标": pl.read_csv(META.encode()),
    }
    write_xlsx(book, sheets)
    source = Source("two.xlsx", book.getvalue())
    tables = open_two_tables(source, source)
    assert tables.framework == two().framework
    assert tables.data.hash == two().data.hash


def test_it_asks_which_sheet_when_two_fit():
    book = BytesIO()
    write_xlsx(book, {"2020": pl.read_csv(DATA.encode()), "2021": pl.read_csv(DATA.encode())})
    with pytest.raises(InputError, match=r"2020, 2021.*--data-sheet"):
        open_two_tables(Source("meta.csv", META.encode()), Source("data.xlsx", book.getvalue()))
    chosen = Source("data.xlsx", book.getvalue(), "2021")
    assert len(open_two_tables(Source("meta.csv", META.encode()), chosen).data.units) == 3


def test_what_it_writes_reads_back_exactly():
    rng = np.random.default_rng(7)
    values = rng.lognormal(sigma=30, size=(9, 3)) * rng.choice([-1, 1], size=(9, 3))
    values[2, 1] = np.nan
    nodes = (
        Node("a", "A, a", "甲", "X", 1 / 3, 1, unit="%", denominator="people", floor=0.1, target=1e300),
        Node("b", "=1+1", "乙", "X", 0.1, 1, direction=-1),
        Node("c", "", "丙", "X", 2.5, 1, direction=0, target_low=-0.3, target_high=0.7),
        Node("X", "Top", "总", None, 1.0, 3, "aggregate"),
    )
    framework = Framework(nodes)
    units = (*(f"u{i}" for i in range(8)), "-dash")
    people = {"people": rng.uniform(1, 2, 9)}
    data = IndicatorData(units, ("a", "b", "c"), values, {"u1": "@cmd"}, {"g": (None, *"abcdefgh")}, people)
    files = [csv_bytes(framework_to_frame(framework)), csv_bytes(data_to_frame(data))]
    back = open_two_tables(Source("meta.csv", files[0]), Source("data.csv", files[1]))
    assert back.framework == framework
    assert (back.data.hash, back.data.names) == (data.hash, data.names)
    assert b"'=1+1" in files[0]
    assert b"'@cmd" in files[1]


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("q2,投诉,Complaints,Q", "q2,投诉,Complaints,Z", "missing_parent", "meta.csv, row 3"),
        ("Q,质量,Quality,,", "Q,质量,Quality,Q,1", "cycle", "meta.csv, row 5"),
        (",-,件", ",down,件", "unknown_direction", "meta.csv, row 3, column F (direction)"),
        ("Q,2,+", "Q,two,+", "not_a_number", "meta.csv, row 2, column E (weight)"),
        ("Q,2,+", "Q,,+", "missing_weight", "meta.csv, row 2, column E (weight)"),
        ("Q,2,+", "Q,-2,+", "bad_weight", "meta.csv, row 2"),
        ("q2,投诉", "q1,投诉", "duplicate_code", "meta.csv, row 3"),
        ("件,people", "件,persons", "missing_denominator", "meta.csv, row 3"),
        ("q3,时长", "q4,时长", "indicator_without_data", "meta.csv, row 4"),
    ],
)
def test_it_names_the_row_of_a_mistake_in_the_framework(old, new, code, place):
    found = faults(META.replace(old, new, 1))
    assert code in found
    assert found[code].startswith(place + ": ")


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("93.5", "about 90", "not_a_number", "data.csv, row 2, column E (q1)"),
        ("B,乙镇", "A,乙镇", "duplicate_unit", "data.csv, row 3, column A (unit)"),
        ("B,乙镇", ",乙镇", "missing_unit", "data.csv, row 3, column A (unit)"),
        ("q1,q2,q3", "q1,q2,q1", "duplicate_column", "data.csv, row 1, column G"),
        ("q1,q2,q3", "q1,q2,q9", "data_without_indicator", "data.csv, column G (q9)"),
        (",500,88", ",0,88", "zero_denominator", "data.csv, row 3, column D (denominator:people)"),
    ],
)
def test_it_names_the_cell_of_a_mistake_in_the_data(old, new, code, place):
    found = faults(data=DATA.replace(old, new, 1))
    assert found[code].startswith(place + ": ")


def test_it_reports_the_mistakes_of_both_tables_together():
    found = faults(META.replace(",-,件", ",down,件"), DATA.replace("93.5", "x").replace("C,丙镇", "A,丙镇"))
    assert {"unknown_direction", "not_a_number", "duplicate_unit"} <= found.keys()


def test_it_says_which_columns_it_looks_for():
    assert "iCode" in faults("a,b\n1,2\n")["unknown_layout"]


def test_it_refuses_several_periods():
    panel = "uCode,Time,q1,q2,q3,people\nA,2018,1,2,3,4\nA,2019,1,2,3,4\n"
    found = faults(data=panel)
    assert "2018, 2019" in found["several_periods"]
    assert "duplicate_unit" not in found


def test_a_tree_of_endless_levels_is_refused_in_a_moment():
    rows = "".join(f"n{i},n{i + 1}\n" for i in range(4_000))
    assert "more than 30 levels" in faults(f"code,parent\n{rows}n4000,\n")["too_deep"]


def test_a_table_that_is_no_framework_is_refused_by_its_size():
    rows = "".join(f"n{i},X\n" for i in range(6_000))
    assert "6001" in faults(f"code,parent\n{rows}X,\n")["too_many_nodes"]
