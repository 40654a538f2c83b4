"""Files that mean harm are refused in plain words, soon, and before the memory is spent."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from qualipolis.lake.factory import Bounds, read_measurements
from qualipolis.methods.problems import InputError

QIF = b'<QIFDocument versionQIF="3.0.0">'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, (b"&%c;" % (97 + i)) * 10) for i in range(9))
    + b"]><QIFDocument>&j;</QIFDocument>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><QIFDocument>&x;</QIFDocument>'
LIMITED = """
import resource, sys
from pathlib import Path
from qualipolis.lake.factory import read_measurements
from qualipolis.methods.problems import InputError
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (400 << 20), used + (400 << 20)))
try:
    read_measurements(Path(sys.argv[1]))
except InputError as error:
    print(error.problems[0].code)
"""


def refused(data: bytes, name: str, within: float = 5.0, **options: object) -> set[str]:
    began = time.monotonic()
    with pytest.raises(InputError) as caught:
        read_measurements(data, name=name, **options)
    assert time.monotonic() - began < within
    assert all(p.what for p in caught.value.problems)
    assert len(str(caught.value)) < 20_000
    return {p.code for p in caught.value.problems}


@pytest.mark.parametrize("data", [LAUGHS, OUTSIDE, b"<!DOCTYPE x><QIFDocument/>", LAUGHS.decode().encode("utf-16")])
def test_entities_and_document_types_are_refused(data: bytes) -> None:
    assert refused(data, "a.qif") == {"unsafe_xml"}


@pytest.mark.parametrize(
    "data",
    [
        QIF + b"<a>" * 2_000_000,
        QIF + b'<a x="' + b"y" * 20_000_000 + b'"/></QIFDocument>',
        QIF + b"<a " + b" ".join(b'x%d="1"' % i for i in range(100_000)) + b"/></QIFDocument>",
    ],
    ids=["deep", "long attribute", "many attributes"],
)
def test_senseless_markup_is_refused(data: bytes) -> None:
    assert refused(data, "a.qif") == {"markup_too_large"}


def test_too_many_elements_and_bytes_are_refused() -> None:
    many = QIF + b"<a/>" * 5_000 + b"</QIFDocument>"
    assert refused(many, "a.qif", bounds=Bounds(markup_elements=1_000)) == {"markup_too_large"}
    assert refused(many, "a.qif", bounds=Bounds(markup_bytes=1_000)) == {"file_too_large"}


@pytest.mark.parametrize("data", [QIF, QIF + b"<a></b></QIFDocument>", QIF + b"\xff\xfe</QIFDocument>"])
def test_damaged_markup_is_refused(data: bytes) -> None:
    assert refused(data, "a.qif") == {"damaged_xml"}


def test_other_markup_and_encodings_are_refused() -> None:
    assert refused(b"<svg></svg>", "a.xml") == {"unknown_type"}
    assert refused(b'<?xml version="1.0" encoding="utf-7"?><QIFDocument/>', "a.xml") == {"encoding"}


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return buffer.getvalue()


def test_a_zip_bomb_and_a_cut_off_workbook_are_refused() -> None:
    data = bomb()
    assert refused(data, "a.xlsx") == {"zip_bomb"}
    assert refused(data[: len(data) // 2], "a.xlsx") == {"truncated_zip"}


def test_a_sparse_file_of_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.dfq"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    began = time.monotonic()
    with pytest.raises(InputError) as caught:
        read_measurements(path)
    assert (caught.value.problems[0].code, time.monotonic() - began < 1) == ("file_too_large", True)


@pytest.mark.parametrize("kind", ["laughs", "deep", "bomb", "wide"])
def test_harm_is_refused_within_400_megabytes(tmp_path: Path, kind: str) -> None:
    made = {
        "laughs": LAUGHS,
        "deep": QIF + b"<a>" * 3_000_000,
        "bomb": bomb() if kind == "bomb" else b"",
        "wide": b"1," * 5_000_000,
    }
    path = tmp_path / "a.file"
    path.write_bytes(made[kind])
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    codes = {"laughs": "unsafe_xml", "deep": "markup_too_large", "bomb": "zip_bomb", "wide": "table_too_large"}
    assert done.stdout.strip() == codes[kind], done.stderr[-500:]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7", "wrong_type"),
        (b"MZ\x90\x00\x03", "wrong_type"),
        (b"<!DOCTYPE html><table>", "wrong_type"),
        (b"len\n1\x00\x01\n2\n", "binary_text"),
        ("长度,备注\n1,好\n".encode() + b"\xe5\x95", "damaged_text"),
        (b"a,\xe4\x14\xb8\x8b\xe9\x99\x90,\xe5\xad\x94\n1,2,3\n", "damaged_text"),
        (b'a,b\n1,"open\n', "broken_csv"),
        (b"K2002/1 x\nK2002/99999999999999 y\n1\n", "bad_key"),
        (b"K2002/1 " + b"x" * 100_000 + b"\n1\n", "too_long"),
    ],
)
def test_files_that_are_something_else_are_refused(data: bytes, code: str) -> None:
    assert code in refused(data, "a.csv")


def test_ten_thousand_bad_cells_make_a_short_report() -> None:
    rows = "".join(f"1.5\n1.{i}x\n" for i in range(10_000))
    assert refused(f"len\n{rows}".encode(), "a.csv") == {"not_a_number", "more"}


@pytest.mark.parametrize("seed", range(12))
def test_damage_anywhere_ends_in_a_result_or_a_refusal(shared: Path, seed: int) -> None:
    files = sorted(p for p in (shared / "data/factory-files").rglob("*") if p.is_file() and "LICENSE" not in p.name)
    data = files[seed % len(files)].read_bytes()
    for step in range(1, 12):
        at = (len(data) * step) // 12
        for broken in (data[:at], data[:at] + b"\xff\x00" + data[at:], data[:at] + data[at + 3 :]):
            try:
                read_measurements(broken, name="a.file")
            except InputError as error:
                assert error.problems
