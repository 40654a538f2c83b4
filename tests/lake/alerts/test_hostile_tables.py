"""Files that mean harm, or are broken, are refused in words or read; they never bring the reader down."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.lake import alerts
from qualipolis.lake.encodings import Limits
from qualipolis.methods.problems import InputError

GOOD = "食品名称,不合格项目║检验结果\n糕点,铅║0.6\n"


def codes(data: bytes, name: str, **limits: int) -> set[str]:
    with pytest.raises(InputError) as caught:
        alerts.preview(data, name, limits=Limits(**limits))
    return {problem.code for problem in caught.value.problems}


def test_a_packed_bomb_is_stopped_at_the_limit() -> None:
    assert codes(gzip.compress(b"a,b\n" + b"1,2\n" * 3_000_000), "a.csv.gz", bytes=1_000_000) == {"file_too_large"}


def test_a_cut_or_false_archive_is_refused() -> None:
    assert codes(gzip.compress(GOOD.encode())[:-12], "a.csv.gz") == {"truncated_zip"}
    assert codes(b"not packed", "a.csv.gz") == {"truncated_zip"}
    assert codes(gzip.compress(gzip.compress(GOOD.encode())), "a.csv.gz") & {"wrong_type", "binary_text"}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1, 2]", '"words"', "[]", "[[]]", "[" * 100_000, '{"a": 1}\nnot json', "[{}]", "1" * 10_000],
)
def test_json_that_is_no_list_of_records_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        alerts.preview(text.encode(), "a.json")


def test_deep_and_wide_records_are_bounded() -> None:
    deep: object = "x"
    for _ in range(200):
        deep = {"a": deep}
    row = alerts.read(json.dumps([{"product": "lamp", "hazard": deep}]).encode(), name="a.json").rows[0]
    assert row.product == "lamp"
    wide = [{f"k{number}": "x" for number in range(600)}]
    assert codes(json.dumps(wide).encode(), "a.json") == {"records"}
    assert codes(json.dumps([{"a": 1}] * 20).encode(), "a.json", rows=10) == {"table_too_large"}


@pytest.mark.parametrize("name", ["a.xls", "a.exe", "a.html", "a", "a.gz", "a.pdf"])
def test_a_file_of_another_kind_is_refused(name: str) -> None:
    data = gzip.compress(GOOD.encode()) if name.endswith(".gz") else GOOD.encode()
    assert codes(data, name) == {"unknown_type"}


def test_a_link_that_is_no_address_on_the_web_is_not_kept() -> None:
    rows = alerts.read(
        b"product,hazard,url\nlamp,fire,javascript:alert(1)\nfan,fire,https://a.example/b\n", name="a.csv"
    ).rows
    assert [row.url for row in rows] == ["", "https://a.example/b"]


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.csv.gz", "a.jsonl"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        alerts.read(data, name=name)
    except InputError as error:
        assert error.problems


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), min_size=4, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_any_cells_are_read_and_no_row_is_lost_in_silence(rows: list[list[str]]) -> None:
    records = [dict(zip(("产品名称", "不合格项目║检验结果║标准值", "日期", "数量"), row, strict=True)) for row in rows]
    batch = alerts.read(json.dumps(records).encode(), name="a.json")
    assert batch.counts.read == len(rows) == len(batch.rows) + batch.counts.refused
    assert all(row.hazards and all(row.hazards) for row in batch.rows)


def test_a_long_list_of_the_same_problem_is_shortened() -> None:
    text = "产品名称,日期\n" + "灯,never\n" * 500
    batch = alerts.read(text.encode(), alerts.suggest_mapping(["产品名称", "日期"]), name="a.csv")
    found = [problem for problem in batch.problems if problem.code == "no_date"]
    assert (len(found), batch.problems[-1].params) == (200, {"count": 300})
