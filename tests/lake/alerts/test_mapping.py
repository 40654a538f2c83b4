"""What the columns mean is suggested with reasons, changed by a person, kept and found again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.lake import alerts
from qualipolis.lake.alerts import Mapping, fingerprint, suggest_mapping
from qualipolis.lake.alerts.fields import SYNONYMS
from qualipolis.methods.problems import InputError


def fields(*headers: str) -> list[tuple[str, ...]]:
    return [column.fields for column in suggest_mapping(headers).columns]


def test_it_knows_synonyms_in_both_languages() -> None:
    assert fields("Country Origin", "原产国（地区）", "样品名称", "Product_Category ", "主要不合格项目") == [
        ("origins",),
        ("origins",),
        ("product",),
        ("category",),
        ("hazards",),
    ]


@pytest.mark.parametrize("joint", ["║", "|", "｜", "‖", "||", "丨"])
def test_it_sees_columns_joined_by_any_mark(joint: str) -> None:
    name = joint.join(("不合格项目", "检验结果", "标准值"))
    assert fields("食品名称", name)[1] == ("hazards", "result", "limit")


def test_it_is_less_sure_of_a_name_it_only_resembles() -> None:
    known, within, spelled, unknown = suggest_mapping(
        ["hazard", "样品名称（标签所示）", "Manufacturrer", "天气"]
    ).columns
    assert known.confidence == 1.0
    assert (within.fields, spelled.fields) == (("product",), ("firms",))
    assert max(within.confidence, spelled.confidence) < 0.8
    assert (unknown.fields, unknown.sure) == ((), False)


def test_values_speak_for_and_against_a_column() -> None:
    mapping = suggest_mapping(
        ["when", "date", "product"], [["2024-01-02", "soon", "lamp"], ["2024-01-03", "later", "fan"]]
    )
    assert mapping.columns[0].fields == ("date",)
    assert mapping.columns[1].fields == ()


def test_an_address_of_a_firm_is_not_its_name() -> None:
    assert fields("被抽样单位地址", "标称生产企业地址")[1] == ("place",)
    assert fields("被抽样单位地址")[0] != ("sellers",)


def test_a_person_changes_it_and_it_is_kept() -> None:
    mapping = suggest_mapping(["天气", "产品名称"]).changed("天气", "hazards")
    again = Mapping.from_json(mapping.to_json())
    assert again == mapping
    assert again.of("hazards")[0].header == "天气"
    batch = alerts.read("天气,产品名称\n雨,伞\n".encode(), again, name="a.csv")
    assert batch.rows[0].hazards == ("雨",)


def test_it_is_found_again_by_its_columns_in_any_order() -> None:
    mapping = suggest_mapping(["Product", "Hazard", "Date"])
    assert mapping.fingerprint == fingerprint(["date", "HAZARD ", "product"])
    assert mapping.fingerprint != fingerprint(["date", "hazard"])


def test_one_field_cannot_be_filled_twice() -> None:
    mapping = suggest_mapping(["日期", "抽样日期", "产品名称"])
    assert [column.fields for column in mapping.columns].count(("date",)) == 1
    with pytest.raises(InputError, match="would both fill"):
        mapping.changed("抽样日期", "date").changed("日期", "date")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{" * 5000,
        json.dumps({"format": 1}),
        json.dumps({"format": 1, "kind": "x", "source": "", "day_first": None, "columns": [{"header": 3}]}),
        json.dumps({"format": 1, "kind": "x", "source": "", "day_first": 2, "columns": []}),
        suggest_mapping(["产品名称"]).to_json().replace('"product"', '"no such field"'),
        suggest_mapping(["产品名称"]).to_json().replace('"separator": ""', '"separator": "x"'),
    ],
)
def test_a_damaged_mapping_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Mapping.from_json(text)


def test_a_mapping_of_another_table_is_refused() -> None:
    mapping = suggest_mapping(["产品名称", "不合格项目"])
    with pytest.raises(InputError, match="has no column 不合格项目"):
        alerts.read("产品名称,日期\n灯,2024-01-01\n".encode(), mapping, name="a.csv")


@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_column_names_give_a_mapping_that_can_be_kept(headers: list[str]) -> None:
    mapping = suggest_mapping(headers)
    assert Mapping.from_json(mapping.to_json()) == mapping
    assert len(mapping.columns) == len(headers)


def test_every_field_has_synonyms_and_a_name() -> None:
    assert set(SYNONYMS) == set(alerts.FIELDS)
    assert all(SYNONYMS.values())
