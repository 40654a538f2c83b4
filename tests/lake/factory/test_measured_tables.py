"""Tables of measurements in the layouts that factories use."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from qualipolis.lake.factory import BELOW, Measurements, read_measurements
from qualipolis.methods.problems import InputError


def read(text: str, encoding: str = "utf-8", **options: object) -> Measurements:
    return read_measurements(text.encode(encoding), name="孔.csv", **options)


def refused(text: str, **options: object) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read(text, **options)
    return {p.code: str(p) for p in caught.value.problems}


def book(rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for merge in merges:
        workbook.active.merge_cells(merge)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_subgroups_across_rows_in_gbk_with_decimal_commas(shared: Path) -> None:
    found = read_measurements(shared / "data/factory-files/selfmade/gbk_wide.csv")
    only = found.characteristics[0]
    assert only.subgroup_size == 5
    assert only.readings.value[:5].tolist() == [25.003, 24.997, 25.011, 25.001, 25.006]
    assert np.isnan(only.readings.value[8])
    assert list(only.readings.subgroup) == ["1"] * 5 + ["2"] * 5
    assert "gb18030" in found.preview()


def test_a_stacked_column_with_subgroups_missing_and_censored_values() -> None:
    only = read("Subgroup,Value (mm)\n1,2.5\n1,2.6\n2,*\n2,<0.05\n").characteristics[0]
    assert (only.unit, list(only.readings.subgroup)) == ("mm", ["1", "1", "2", "2"])
    assert only.readings.valid.tolist() == [True, True, False, True]
    assert only.readings.value[3] == 0.05
    assert only.readings.censored.tolist() == [0, 0, 0, BELOW]


def test_characteristics_side_by_side_with_rows_of_limits_titles_and_a_summary() -> None:
    text = "报告\n件号:,12345\n序号,孔径(mm),平面度\n单位,,mm\n名义值,25,0\n上限,25.02,0.05\n下限,24.98,\n1,25.001,0.012\n2,25.002,0.013\n平均值,25.0015,0.0125\n"
    found = read(text)
    bore, flat = found.characteristics
    assert (bore.name, bore.unit, bore.nominal, bore.lower, bore.upper) == ("孔径", "mm", 25, 24.98, 25.02)
    assert (flat.unit, flat.lower, flat.upper, flat.readings.row.tolist()) == ("mm", None, 0.05, [8, 9])
    assert "1, 2, 10" in found.preview()


def test_each_row_a_characteristic_with_its_limits() -> None:
    bore, flat = read(
        "特性,名义值,下限,上限,单位,1,2,3\n孔径,25,24.98,25.02,mm,25.1,25.2,25.3\n平面度,0,,0.05,mm,0.01,0.02,\n"
    ).characteristics
    assert (bore.lower, bore.upper, bore.readings.value.tolist()) == (24.98, 25.02, [25.1, 25.2, 25.3])
    assert flat.readings.valid.tolist() == [True, True, False]


def test_long_form_with_names_operators_and_parts() -> None:
    first, second = read("characteristic,value,operator,part\nA,1.5,x,1\nB,2.5,x,1\nA,1.6,y,2\n").characteristics
    assert (first.readings.value.tolist(), list(first.readings.operator)) == ([1.5, 1.6], ["x", "y"])
    assert (second.name, second.readings.row.tolist(), list(second.readings.part)) == ("B", [3], ["1"])


def test_merged_headers_over_numbered_pieces_in_a_workbook() -> None:
    when = datetime.datetime(2024, 3, 12, 8, 15)
    rows = [
        ["检验记录", None, None, None, None],
        ["时间", "孔径 (mm)", None, "平面度", None],
        [None, "X1", "X2", "X1", "X2"],
        ["USL", 25.02, None, 0.05, None],
        [when, 25.001, 25.002, 0.01, 0.02],
        [when, 25.003, "*", 0.01, "<0.005"],
    ]
    data = book(rows, ["A1:E1", "A2:A3", "B2:C2", "D2:E2", "B4:C4", "D4:E4"])
    bore, flat = read_measurements(data, name="a.xlsx").characteristics
    assert (bore.name, bore.unit, bore.upper, flat.name, flat.upper) == ("孔径", "mm", 25.02, "平面度", 0.05)
    assert list(flat.readings.subgroup) == ["1", "1", "2", "2"]
    assert flat.readings.censored.tolist() == [0, 0, 0, BELOW]
    assert str(bore.readings.time[0]) == "2024-03-12T08:15:00.000000"


def test_serial_dates_and_numbers_typed_with_commas_in_a_workbook() -> None:
    data = book([["日期", "长度", "批号"], [45363.34375, "1,5", "a"], [45363.5, 2.25, "b"]])
    only = read_measurements(data, name="a.xlsx").characteristics[0]
    assert only.readings.value.tolist() == [1.5, 2.25]
    assert [str(t)[:16] for t in only.readings.time] == ["2024-03-12T08:15", "2024-03-12T12:00"]
    assert list(only.readings.batch) == ["a", "b"]


def test_subgroups_over_merged_cells_hold_for_all_their_rows() -> None:
    data = book([["子组", "值"], [1, 1.1], [None, 1.2], [2, 1.3], [None, 1.4]], ["A2:A3", "A4:A5"])
    assert list(read_measurements(data, name="a.xlsx").characteristics[0].readings.subgroup) == ["1", "1", "2", "2"]


def test_utf_16_and_full_width_digits() -> None:
    found = read("长度\t备注\n１．５\t好\n＞2\t\n", "utf-16").characteristics[0]
    assert (found.name, found.readings.value.tolist(), found.readings.censored.tolist()) == ("长度", [1.5, 2], [0, 1])
    assert list(found.readings.event) == ["好", ""]


def test_numbers_without_a_header_are_called_by_the_file() -> None:
    assert read("1.5\n1.6\n").characteristics[0].name == "孔"


def test_numbers_that_may_be_thousands_must_be_told() -> None:
    text = 'len;n\n"1,234";2\n'.replace(";", "\t")
    assert "1,234" in refused(text)["decimal"]
    assert read(text, decimal=",").characteristics[0].readings.value.tolist() == [1.234]
    assert read(text, decimal=".").characteristics[0].readings.value.tolist() == [1234.0]


def test_numbered_columns_with_different_limits_are_different_characteristics() -> None:
    text = "no,D1,D2\n{limits}1,1.5,9.5\n2,1.6,9.6\n"
    assert [c.name for c in read(text.format(limits="USL,2,10\n")).characteristics] == ["D1", "D2"]
    guessed = read(text.format(limits=""))
    assert guessed.characteristics[0].subgroup_size == 2
    assert any(n.about == "assumed" for n in guessed.understood)
    assert len(read(text.format(limits=""), layout="columns").characteristics) == 2


def test_dates_that_begin_with_day_or_month_are_left_out_unless_clear() -> None:
    assert read("date,len\n02/03/2024,1\n03/03/2024,2\n").characteristics[0].readings.time is None
    clear = read("date,time,len\n13/02/2024,08:00,1.5\n14/02/2024,09:00,2.5\n").characteristics[0].readings.time
    assert str(clear[0])[:16] == "2024-02-13T08:00"


def test_every_bad_cell_is_reported_with_its_place() -> None:
    found = refused("no,len\n1,1.5\n2,ab\n3,1.6\n4,1.7\n")
    assert found["not_a_number"].startswith("孔.csv, row 3, column B (len):")


def test_invalid_rows_stay_but_do_not_count() -> None:
    only = read("len,有效\n1,是\n2,否\n").characteristics[0]
    assert only.readings.usable.tolist() == [True, False]


def test_a_table_of_words_is_refused() -> None:
    assert "no_values" in refused("name,town\na,b\nc,d\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_large_table_reads_like_a_small_one(newline: str) -> None:
    rows = [f"{i // 5},{25 + i % 7 / 100:.4f},<0.05" for i in range(300_000)]
    large = read(newline.join(["subgroup,孔径,粗糙度", *rows]) + newline)
    small = read(newline.join(["subgroup,孔径,粗糙度", *rows[:1000]]) + newline)
    for big, few in zip(large.characteristics, small.characteristics, strict=True):
        assert len(big.readings) == 300_000
        assert (big.readings.value[:1000] == few.readings.value).all()
        assert (big.readings.censored[:1000] == few.readings.censored).all()
        assert big.readings.row[-1] == 300_001
        assert big.readings.subgroup[299_999] == "59999"
