"""Codes and numbers as people type them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.law import validators as v
from qualipolis.law.validators.credit_codes import ALPHABET, WEIGHTS, check_character, organisation_check

VALID = (
    "91110000600037341L",
    "91440300568520498A",
    "9144030071526726XG",
    "9144060573144633XL",
    "91442000696462712R",
    "121200004013590816",
    "91340600MA2PBM9HXD",
)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    head = draw(st.text(ALPHABET, min_size=2, max_size=2)) + draw(st.text("0123456789", min_size=6, max_size=6))
    body = head + draw(st.text(ALPHABET, min_size=9, max_size=9))
    return body + check_character(body)


@pytest.mark.parametrize("code", VALID)
def test_it_accepts_the_published_codes_without_a_warning(code: str) -> None:
    assert v.credit_code(code) == v.Checked(code, (), v.credit_code(code).parts)
    assert organisation_check(code[8:16]) == code[16]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91110000600037341N", "credit_code_check"),
        ("9111000060003IOZSV", "credit_code_signs"),
        ("9111000060003734", "credit_code_length"),
        ("91AB0000600037341L", "credit_code_area"),
        ("", "credit_code_length"),
        ("١1110000600037341L", "credit_code_signs"),
    ],
)
def test_it_rejects_a_bad_credit_code_and_says_why(text: str, code: str) -> None:
    assert [p.code for p in v.credit_code(text).problems] == [code]


def test_it_normalises_what_people_type() -> None:
    assert v.credit_code("　９１１１００００-6000 37341l ").value == VALID[0]


def test_it_only_warns_about_the_organisation_code() -> None:
    body = "91110000600037342"
    checked = v.credit_code(body + check_character(body))
    assert checked.ok and [(p.code, p.severity) for p in checked.problems] == [("organisation_code_check", "warning")]


def test_the_weights_are_the_powers_of_three() -> None:
    assert tuple(pow(3, i, 31) for i in range(17)) == WEIGHTS


@given(credit_codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_found(code: str, at: int, other: str) -> None:
    assert v.credit_code(code).ok
    changed = code[:at] + other + code[at + 1 :]
    assert v.credit_code(changed).ok == (changed == code)


@given(credit_codes(), st.integers(0, 16))
def test_two_neighbours_exchanged_are_found(code: str, at: int) -> None:
    changed = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert v.credit_code(changed).ok == (changed == code)


@given(st.text(max_size=25))
def test_it_answers_any_text_without_breaking(text: str) -> None:
    for check in (v.credit_code, v.standard_number, v.cma_certificate, v.cnas_number, v.cnca_approval):
        assert check(text).ok in (True, False)
    for check in (v.dongguan_unit, v.management_certificate, v.ccc_certificate, v.complaint_document):
        assert check(text).ok in (True, False)
    assert isinstance(v.mask_phone(text), str)


def test_dongguan_has_36_units_of_which_33_are_assessed() -> None:
    kinds = [u.kind for u in v.UNITS.values()]
    assert (len(kinds), kinds.count("subdistrict"), kinds.count("town")) == (36, 4, 28)
    assert sum(u.assessed for u in v.UNITS.values()) == 33
    assert v.UNITS["441900401"].assessed and not v.UNITS["441900402"].assessed


def test_the_table_is_that_of_the_rules_page(shared: Path) -> None:
    page = (shared / "domain" / "QUALITY-CITY-RULES.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"\| (441900\d{3}) \| ([^ |]+) \|", page))
    assert {code: unit.zh for code, unit in v.UNITS.items()} == rows


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("441900120", "unit_code_unused"),
        ("441900001", "unit_code_numbering"),
        ("441900032", "unit_code_numbering"),
        ("441900119001", "unit_code_village"),
        ("440300001", "unit_code_city"),
        ("441900999", "unit_code_unknown"),
        ("4419", "unit_code_form"),
    ],
)
def test_it_rejects_a_unit_code_with_the_likely_cause(text: str, code: str) -> None:
    checked = v.dongguan_unit(text)
    assert not checked.ok and [p.code for p in checked.problems] == [code]


@pytest.mark.parametrize("name", ["长安镇", "长安", "Chang'an Town", "chang'an", " 长安镇　", ""])
def test_it_takes_the_long_form_and_the_names_of_a_unit(name: str) -> None:
    checked = v.dongguan_unit(" 441900119000", name)
    assert checked.ok and checked.value == "441900119" and checked.parts["zh"] == "长安镇"


def test_it_finds_a_code_of_the_wrong_numbering_by_its_name() -> None:
    assert v.dongguan_unit("441900003", "石龙镇").problems[0].code == "unit_name"


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("GB 7718-2011", "GB 7718-2011", "national"),
        ("GB/T 19580-2012", "GB/T 19580-2012", "national"),
        ("GB/Z 19579-2012", "GB/Z 19579-2012", "national"),
        ("gb/t2828.11—2008", "GB/T 2828.11-2008", "national"),
        ("ＧＢ／Ｔ　19580–2012", "GB/T 19580-2012", "national"),
        ("DB33/T 2428-2022", "DB33/T 2428-2022", "local"),
        ("DB15/T2903—2023", "DB15/T 2903-2023", "local"),
        ("DB3209/T1218-2022", "DB3209/T 1218-2022", "local"),
        ("T/DGZY 01-2021", "T/DGZY 01-2021", "group"),
        ("Q/ABC 001-2024", "Q/ABC 001-2024", "enterprise"),
        ("Q/12345 001-2024", "Q/12345 001-2024", "enterprise"),
        ("HJ 91.2-2022", "HJ 91.2-2022", "industry"),
        ("RB/T 214-2017", "RB/T 214-2017", "industry"),
        ("JJG 597-2005", "JJG 597-2005", "metrology"),
        ("JJF 1059.1-2012", "JJF 1059.1-2012", "metrology"),
        ("JJG（粤） 12-2020", "JJG(粤) 12-2020", "metrology"),
        ("ISO/IEC 17025:2017", "ISO/IEC 17025:2017", "iso"),
        ("IEC 60601-1:2005", "IEC 60601-1:2005", "iso"),
        ("ISO/TS 9002 : 2016", "ISO/TS 9002:2016", "iso"),
    ],
)
def test_it_writes_every_kind_of_standard_number_one_way(text: str, value: str, kind: str) -> None:
    checked = v.standard_number(text)
    assert (checked.value, checked.problems, checked.parts["kind"]) == (value, (), kind)
    assert v.standard_number(checked.value) == checked


@pytest.mark.parametrize("text", ["GB/T 19580", "ISO 9001", "Q/ABC 001"])
def test_an_undated_standard_is_flagged(text: str) -> None:
    checked = v.standard_number(text)
    assert checked.ok and [p.code for p in checked.problems] == ["undated_standard"]


@pytest.mark.parametrize("text", ["", "GB/T", "GB/T 19580-12", "ISO 9001-2015", "standard 12-2020", "GB-2011"])
def test_what_is_no_standard_number_is_rejected(text: str) -> None:
    assert not v.standard_number(text).ok


def test_a_cma_number_is_read_both_ways_and_never_rejected() -> None:
    both = v.cma_certificate("2021 1912 3456")
    assert [p.code for p in both.problems] == ["cma_two_readings"] and both.ok
    assert (both.parts["authority2"], both.parts["authority4"]) == ("21", "19")
    assert v.cma_certificate("161912050123").problems == ()
    assert v.cma_certificate("12345").ok and v.cma_certificate("12345").problems
    assert v.cma_certificate("169912050123").ok and v.cma_certificate("169912050123").problems


@pytest.mark.parametrize("text", ["00114Q26950R7L/3502", "00114E22766R2L/3502"])
def test_a_management_certificate_is_taken_apart(text: str) -> None:
    parts = v.management_certificate(text).parts
    assert (parts["body"], parts["yy"], parts["site"]) == ("001", "14", "3502")


def test_other_forms_of_certificates_only_warn() -> None:
    for checked in (v.management_certificate("X1"), v.cnas_number("L1"), v.ccc_certificate("1")):
        assert checked.ok and checked.problems
    assert not v.cnca_approval("CNCA-2002-001").ok and v.cnca_approval("CNCA-RF-2002-01").ok
    assert not v.complaint_document("12").ok


def test_a_masked_phone_shows_no_more_than_it_should() -> None:
    assert v.mask_phone("138-0013-8000") == "138****8000"
    assert v.mask_phone("0769 2222 3333") == "*" * 10 + "33"
