"""Files that are not what they say, or that mean harm, are refused quickly and in plain words."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from qualipolis.lake.tables import Limits, read_table
from qualipolis.methods.problems import InputError

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
RELS = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/a.xml"/></Relationships>'
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
GOOD = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c><c r="B2"><v>4</v></c></row>'


def workbook(rows: str = GOOD, before: str = "", more: dict[str, str] | None = None) -> bytes:
    """Return a hand-made workbook with the given sheet XML."""
    sheet = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    parts = {"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELS, "xl/worksheets/a.xml": sheet} | (more or {})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def codes(data: bytes | Path, name: str, **limits: int) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read_table(data, name=name, limits=Limits(**limits))
    return {p.code: str(p) for p in caught.value.problems}


def test_the_hand_made_workbook_reads() -> None:
    assert read_table(workbook(), name="a.xlsx").frame.rows() == [("3", "4")]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<!DOCTYPE html><table><tr><td>1</table>", "web page"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "password"),
        (b"MZ\x90\x00\x03" + b"\x00" * 100, "program"),
        (b"\x89PNG\r\n\x1a\n\x00", "picture"),
        (b"a,b\n1,2\n", "plain text"),
        (b"SQLite format 3\x00", "database"),
    ],
)
def test_a_workbook_that_is_something_else_is_called_by_its_kind(data: bytes, word: str) -> None:
    assert word in codes(data, "a.xlsx")["wrong_type"]


def test_a_csv_that_is_something_else_is_refused() -> None:
    assert "zip archive" in codes(workbook(), "a.csv")["wrong_type"]
    assert "binary_text" in codes(b"a,b\n1,\x00\x01\n", "a.csv")
    assert "web page" in codes(b"<html><table>", "a.csv")["wrong_type"]


@pytest.mark.parametrize("name", ["a.xls", "a.exe", "a", "a.xlsx.zip"])
def test_an_unknown_name_is_refused(name: str) -> None:
    assert "unknown_type" in codes(workbook(), name)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b",,\n,\n", " \u3000\n".encode()])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    assert "empty_file" in codes(data, "a.csv")
    assert "empty_file" in codes(workbook(""), "a.xlsx")


def test_a_header_alone_is_not_a_table() -> None:
    assert "no_rows" in codes(b"a,b\n", "a.csv")


def test_a_200_mb_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    started = time.perf_counter()
    assert "200.0 MB" in codes(path, "big.csv")["file_too_large"]
    assert time.perf_counter() - started < 0.2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "no_file" in codes(tmp_path / "none.csv", "none.csv")


def test_a_cut_off_workbook_is_refused() -> None:
    data = workbook()
    assert "truncated_zip" in codes(data[: len(data) // 2], "a.xlsx")


def test_every_flipped_byte_of_a_workbook_reads_or_is_refused_in_words() -> None:
    data = workbook()
    for index in range(0, len(data), 7):
        broken = data[:index] + bytes([data[index] ^ 0x55]) + data[index + 1 :]
        try:
            read_table(broken, name="a.xlsx")
        except InputError as error:
            assert error.problems


def test_a_zip_without_a_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "not_a_workbook" in codes(buffer.getvalue(), "a.xlsx")


def test_a_zip_bomb_is_refused_from_its_directory() -> None:
    data = workbook(more={"xl/media/x.bin": "0" * 30_000_000})
    started = time.perf_counter()
    assert "zip_bomb" in codes(data, "a.xlsx")
    assert "zip_bomb" in codes(workbook(), "a.xlsx", unpacked=500)
    assert time.perf_counter() - started < 1.0


def test_a_part_longer_than_declared_is_not_unpacked() -> None:
    data = workbook("<!-- " + "x" * 5_000_000 + " -->" + GOOD)
    size = len(f'<worksheet xmlns="{MAIN}"><sheetData><!-- {"x" * 5_000_000} -->{GOOD}</sheetData></worksheet>')
    lying = data.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != data and "truncated_zip" in codes(lying, "a.xlsx")


def test_two_parts_of_one_name_are_refused() -> None:
    buffer = io.BytesIO(workbook())
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("xl/worksheets/a.xml", "<other/>")
    assert "odd_zip" in codes(buffer.getvalue(), "a.xlsx")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "before", [LAUGHS, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', '<?xml version="1.0" encoding="gbk"?>']
)
def test_a_document_type_or_entity_is_refused(before: str) -> None:
    assert {"unsafe_xml", "damaged_workbook"} & set(codes(workbook(before=before), "a.xlsx"))
    strings = {"xl/sharedStrings.xml": before + f'<sst xmlns="{MAIN}"/>'}
    assert {"unsafe_xml", "damaged_workbook"} & set(codes(workbook(more=strings), "a.xlsx"))


def test_one_cell_far_away_does_not_take_the_memory() -> None:
    far = GOOD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    started = time.perf_counter()
    assert "row 1048576" in codes(workbook(far), "a.xlsx")["table_too_large"]
    prefixed = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="900000"><x:c r="A900000"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    assert "table_too_large" in codes(workbook(more={"xl/worksheets/a.xml": prefixed}), "a.xlsx")
    assert time.perf_counter() - started < 1.0


def test_coloured_empty_cells_far_away_do_no_harm() -> None:
    styled = GOOD + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read_table(workbook(styled), name="a.xlsx").frame.height == 1


def test_one_long_text_used_many_times_does_not_take_the_memory() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 3000))
    data = workbook(rows, more={"xl/sharedStrings.xml": strings})
    assert "table_too_large" in codes(data, "a.xlsx", text=10_000_000)


def test_error_values_and_formulas_without_result_are_named_cell_by_cell() -> None:
    cells = '<c r="A3"><f>1+1</f></c><c r="B3" t="e"><v>#DIV/0!</v></c>'
    found = codes(workbook(GOOD + f'<row r="3">{cells}</row>'), "a.xlsx")
    assert "row 3, column A" in found["no_result"] and "row 3, column B" in found["error_value"]


def test_cut_utf8_is_not_read_as_other_characters() -> None:
    data = ("名称,说明\n" + "质量强市,建设\n" * 20).encode()
    assert "damaged_text" in codes(data[:-2], "a.csv")
    assert "damaged_text" in codes(data[:40] + b"\xff" + data[41:], "a.csv")


def test_an_open_quotation_mark_is_named() -> None:
    assert "broken_csv" in codes(b'a,b\n1,"2\n3,4\n', "a.csv")
