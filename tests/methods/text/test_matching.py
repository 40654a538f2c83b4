"""Matching a need to institutions, standards, cases and experts: hard rules first, then words, with reasons."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.text.matching import (
    Expert,
    Need,
    PastCase,
    Scope,
    Standard,
    match_cases,
    match_experts,
    match_institutions,
    match_standards,
    same_standard,
)

DAY = datetime.date(2026, 4, 15)
NEED = Need(
    "童装甲醛含量和色牢度检测", DAY, standards=("GB/T 2912.1-2009", "GB/T 5713"), kinds=("testing",), place="虎门"
)
TEXTILES = Scope("A", "纺织品检测中心", "testing", "纺织品、童装 甲醛含量 色牢度", ("GB/T 2912.1-2009", "GB/T 5713-2013"),
                 DAY.replace(year=2024), DAY.replace(year=2029), place="虎门")  # fmt: skip


def codes(match):
    return [one.code for one in match.reasons]


def test_a_valid_scope_that_lists_the_standards_comes_first_and_says_why():
    other = replace(TEXTILES, institution="B", standards=("GB/T 2912.1-1998",), place="长安")
    metal = replace(TEXTILES, institution="M", name="金属检测所", words="钢筋 抗拉强度", standards=("GB/T 228.1",))
    found = match_institutions(NEED, [metal, other, TEXTILES])
    assert [one.key for one in found.found] == ["A", "B"]
    assert codes(found.found[0]) == ["standard", "standard", "words", "valid", "place"]
    assert codes(found.found[1]) == ["edition", "missing", "words", "valid"]
    assert found.found[0].score > found.found[1].score


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"valid_to": DAY - datetime.timedelta(1)}, "expired"),
        ({"valid_from": DAY + datetime.timedelta(1)}, "early"),
        ({"valid_to": None}, "unknown"),
        ({"valid_from": None}, "unknown"),
        ({"withdrawn": True}, "withdrawn"),
        ({"suspended": ((DAY, DAY),)}, "suspended"),
        ({"suspended": ((DAY - datetime.timedelta(9), None),)}, "suspended"),
    ],
)
def test_a_scope_that_is_not_valid_on_the_day_never_appears_and_is_listed_with_the_reason(change, why):
    found = match_institutions(NEED, [replace(TEXTILES, **change)])
    assert not found.found and [(one.key, codes(one)) for one in found.left_out] == [("A", [why])]


def test_the_first_and_the_last_day_of_a_scope_count_and_a_suspension_ends():
    spans = ((DAY - datetime.timedelta(9), DAY - datetime.timedelta(1)),)
    for scope in (
        replace(TEXTILES, valid_from=DAY),
        replace(TEXTILES, valid_to=DAY),
        replace(TEXTILES, suspended=spans),
    ):
        assert len(match_institutions(NEED, [scope])) == 1


def test_an_expired_scope_lends_nothing_to_a_valid_one_of_the_same_institution():
    ended = replace(TEXTILES, valid_to=DAY - datetime.timedelta(1))
    valid = replace(TEXTILES, words="家具 甲醛释放量", standards=())
    (match,) = match_institutions(NEED, [ended, valid]).found
    assert codes(match)[:2] == ["missing", "missing"] and not match_institutions(NEED, [ended, valid]).left_out


def test_another_kind_of_institution_is_not_offered():
    assert not match_institutions(NEED, [replace(TEXTILES, kind="certification")]).found


@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(-400, 400), st.integers(-50, 50), st.integers(0, 60))))
def test_no_scope_that_is_not_valid_is_ever_found(spans):
    scopes = []
    for at, (begun, ended, stop, long) in enumerate(spans):
        days = [DAY + datetime.timedelta(one) for one in (begun, ended, stop, stop + long)]
        scopes.append(
            replace(
                TEXTILES, institution=str(at), valid_from=days[0], valid_to=days[1], suspended=((days[2], days[3]),)
            )
        )
    found = {one.key for one in match_institutions(NEED, scopes, top=1000).found}
    wanted = {
        str(at)
        for at, (begun, ended, stop, long) in enumerate(spans)
        if begun <= 0 <= ended and not stop <= 0 <= stop + long
    }
    assert found == wanted


def test_numbers_of_standards_are_the_same_in_any_spelling():
    assert same_standard("gb／t 2912.1—2009", "GB/T2912.1-2009") == 1
    assert same_standard("GB 4706.1", "GB 4706.10") == 0 and same_standard("", "") == 0


def test_a_standard_named_in_the_text_comes_first_and_a_withdrawn_one_names_its_successor():
    rows = [Standard("GB 31701-2015", "婴幼儿及儿童纺织产品安全技术规范", True), Standard("GB/T 5713-2013", "纺织品 色牢度试验 耐水色牢度", True),
            Standard("GB/T 2912.1-1998", "纺织品 甲醛的测定", False, "GB/T 2912.1-2009"), Standard("GB 1499", "钢筋混凝土用钢", True)]  # fmt: skip
    found = match_standards(NEED, rows)
    assert found.found[0].key == "GB/T 5713-2013" and codes(found.found[0])[0] == "named"
    assert [one.key for one in found.left_out] == ["GB/T 2912.1-1998"]
    assert "GB/T 2912.1-2009" in str(found.left_out[0].reasons[0]) and "GB 1499" not in [one.key for one in found.found]


def test_past_cases_are_found_by_words_and_marks():
    cases = [
        PastCase("1", "童装甲醛超标", frozenset(["D03"])),
        PastCase("2", "童装甲醛超标"),
        PastCase("3", "螺栓断裂", frozenset(["D03"])),
    ]
    found = match_cases(NEED, cases, frozenset(["D03"]))
    assert found.found[0].key == "1" and codes(found.found[0]) == ["words", "marks"]
    assert [one.key for one in match_cases(NEED, cases).found] == ["1", "2"]


def test_an_expert_with_a_conflict_or_away_is_left_out_and_equals_go_to_the_less_busy():
    knows = "纺织品 甲醛 色牢度"
    experts = [Expert("busy", knows, open_cases=9), Expert("free", knows, open_cases=1), Expert("near", knows, conflicts=frozenset(["F1"])),
               Expert("away", knows, available=False), Expert("other", "钢筋"), Expert("treated", "服装工艺", cases=("1",))]  # fmt: skip
    found = match_experts(replace(NEED, parties=("F1",)), experts, like={"1": 0.9})
    keys = [one.key for one in found.found]
    assert keys.index("free") < keys.index("busy") and "treated" in keys and "other" not in keys
    assert {one.key: codes(one) for one in found.left_out} == {"near": ["conflict"], "away": ["away"]}


def test_nothing_to_match_gives_nothing():
    assert len(match_institutions(NEED, [])) == len(match_standards(NEED, [])) == len(match_cases(NEED, [])) == 0
    assert len(match_experts(Need("", DAY), [Expert("x", "纺织")])) == 0
