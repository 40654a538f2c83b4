"""Bad input: every mistake said with its place and remedy, and nothing written."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from .conftest import DATA, META, Desk, Said


def nothing_written(desk: Desk, said: Said, *words: str) -> None:
    """Check that the command refused, said each of ``words`` and a remedy, and left no trace."""
    assert said.code == 2
    assert not desk.out.exists()
    assert not [path for path in desk.folder.iterdir() if path.name.startswith(".")]
    assert "→" in said.err
    for word in words:
        assert word in said.err


META_MISTAKES = [
    ("missing parent", "q2,投诉,Complaints,Q", "q2,投诉,Complaints,Z", ("meta.csv, row 3", "Z")),
    ("cycle", "Q,质量,Quality,T,3", "Q,质量,Quality,Q,3", ("meta.csv, row 5", "ancestor")),
    ("weights of zero", ",Q,2,+", ",Q,0,+", ()),
    ("unknown direction", ",1,-,件", ",1,sideways,件", ("meta.csv, row 3, column F (direction)", "sideways")),
    ("non-numeric weight", "Q,2,+", "Q,heavy,+", ("meta.csv, row 2, column E (weight)", "heavy")),
    ("duplicated indicator", "q2,投诉", "q1,投诉", ("meta.csv, row 3", "q1")),
    ("indicator without data", "q3,专利", "q9,专利", ("meta.csv, row 4", "q9")),
    ("two roots under one name", "T,总分", "Q,总分", ("meta.csv, row 7", "Q")),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), META_MISTAKES, ids=[row[0] for row in META_MISTAKES])
def test_a_mistake_in_the_framework(desk: Desk, name, old, new, words):
    meta = META.replace(old, new, 1)
    if name == "weights of zero":
        meta, words = meta.replace("Q,1,-", "Q,0,-"), ("meta.csv, row 5", "all zero")
    nothing_written(desk, desk.assess(meta=meta), *words)


DATA_MISTAKES = [
    ("non-numeric cell", "93.5", "about 90", ("data.csv, row 2, column E (q1)", "about 90")),
    ("duplicated unit", "C,丙镇", "A,丙镇", ("data.csv, row 4, column A (unit)", "row 2")),
    ("duplicated column", "q1,q2,q3", "q1,q2,q2", ("data.csv, row 1, column G", "q2")),
    ("zero denominator", ",500,", ",0,", ("data.csv, row 3, column D (denominator:people)", "zero")),
    ("missing denominator column", "denominator:people", "denominator:area", ("meta.csv, row 3", "people")),
    ("data without indicator", "q1,q2,q3", "q1,q2,q3,q9", ("data.csv",)),
    ("empty unit", "A,甲镇", ",甲镇", ("data.csv, row 2, column A (unit)",)),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), DATA_MISTAKES, ids=[row[0] for row in DATA_MISTAKES])
def test_a_mistake_in_the_data(desk: Desk, name, old, new, words):
    data = DATA.replace(old, new, 1)
    if name == "data without indicator":
        head, *rest = data.splitlines()
        data, words = "\n".join([head, *(line + ",1" for line in rest)]), ("data.csv, column H (q9)", "q9")
    nothing_written(desk, desk.assess(data=data), *words)


def test_a_column_without_any_value(desk: Desk):
    lines = [line.rsplit(",", 1)[0] + "," for line in DATA.splitlines()[1:]]
    said = desk.assess(data="\n".join([DATA.splitlines()[0], *lines]))
    nothing_written(desk, said, "data.csv, column G (q3)", "no value at all")


def test_all_mistakes_are_said_at_once(desk: Desk):
    said = desk.assess(meta=META.replace("Q,2,+", "Q,heavy,+"), data=DATA.replace("93.5", "x").replace("C,", "A,"))
    nothing_written(desk, said, "heavy", "(q1)", "column A (unit)")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(desk: Desk, content: bytes):
    nothing_written(desk, desk.assess(data=content), "data.csv", "empty")


def test_a_header_without_rows(desk: Desk):
    nothing_written(desk, desk.assess(data=DATA.splitlines()[0]), "data.csv", "no row below")


def test_a_file_that_is_not_there(desk: Desk):
    meta = desk.folder / "meta.csv"
    meta.write_text(META)
    said = desk.on(meta, desk.folder / "nowhere.csv")
    assert said.code == 2
    assert "nowhere.csv" in said.err
    assert not desk.out.exists()


def workbook(merge: bool) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "数据"
    sheet.append(["基本情况", None, "质量", None, None])
    sheet.append(["unit", "name", "q1", "q2", "q3"])
    sheet.append(["A", "甲镇", 1, 2, 3])
    sheet.append(["B", "乙镇", 2, 3, 4])
    if merge:
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("C1:E1")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_merged_header_rows(desk: Desk):
    said = desk.assess(data=workbook(True), names=("meta.csv", "data.xlsx"))
    nothing_written(desk, said, "data.xlsx, sheet 数据", "merged", "A1:B1", "Unmerge")


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(desk: Desk):
    (desk.folder / "meta.csv").write_text(META)
    big = desk.folder / "big.csv"
    with big.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    nothing_written(desk, desk.on(desk.folder / "meta.csv", big), "big.csv", "209.7 MB", "52.4 MB")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
        ("data.xlsx", DATA.encode()),
        ("data.csv", workbook(False)),
        ("data.csv", b"<!DOCTYPE html><table><tr><td>unit</td></tr></table>"),
        ("data.png", DATA.encode()),
    ],
)
def test_a_file_that_is_not_what_its_name_says(desk: Desk, name: str, content: bytes):
    nothing_written(desk, desk.assess(data=content, names=("meta.csv", name)), name)


def test_damaged_text(desk: Desk):
    broken = (DATA + "F,己镇质量城市名称,大,1,2,3,4\n").encode()
    cut = broken.replace("己".encode(), "己".encode()[:2], 1)
    nothing_written(desk, desk.assess(data=cut), "data.csv", "line 7")


def test_gb18030_text_is_read(desk: Desk):
    said = desk.assess(meta=META.encode("gb18030"), data=DATA.encode("gb18030"))
    assert said.code == 0, said.err
    assert (desk.out / "inputs" / "data.csv").read_bytes() == DATA.encode("gb18030")
    assert desk.call("verify", "release", desk.out).code == 0


PIPELINES = [
    ("[[steps]\n", "p.toml", "line 1"),
    ('[[steps]]\nstep = "magic"\n', "p.toml step 1", "magic"),
    ('[[steps]]\nstep = "treat"\nwinmax = "many"\n[[steps]]\nstep = "aggregate"\n', "p.toml treat", "winmax"),
    ('[[steps]]\nstep = "normalise"\n', "p.toml", "aggregat"),
    ("", "p.toml", "empty"),
    ("# later\n", "p.toml", "no steps"),
    ('[[step]]\nstep = "aggregate"\n', "p.toml", "step"),
    ('[[steps]]\nstep = "aggregate"\n[[factors]]\nfactor = "luck"\n', "p.toml", "Factor 1"),
]


@pytest.mark.parametrize(("text", "place", "word"), PIPELINES)
def test_a_mistake_in_the_pipeline(desk: Desk, text: str, place: str, word: str):
    path = desk.folder / "p.toml"
    path.write_text(text)
    nothing_written(desk, desk.assess("--pipeline", path), place, word)


def test_a_file_cannot_colour_the_terminal(desk: Desk):
    said = desk.assess(data=DATA.replace("93.5", "\x1b[31mred"))
    assert said.code == 2
    assert "\x1b" not in said.err


def test_default_factors_that_do_not_fit_the_pipeline_name_the_way_out(desk: Desk):
    path = desk.folder / "z.toml"
    steps = ({"step": "normalise", "method": "zscore"}, {"step": "weigh"}, {"step": "aggregate"})
    lines = ["[[steps]]\n" + "\n".join(f'{key} = "{value}"' for key, value in step.items()) for step in steps]
    path.write_text("\n".join(lines))
    nothing_written(desk, desk.assess("--pipeline", path), "z.toml", "[[factors]]", "--uncertainty 0")
    assert desk.assess("--pipeline", path, "--uncertainty", 0).code == 0
