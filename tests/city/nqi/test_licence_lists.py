"""Lists taken over in whole or not at all: certificates, instruments, standards; every bad row is named with its place."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from tests.city.nqi.cast import Cast
from tests.city.nqi.licensed import certificate, declaration, instrument, on

from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences.list_reading import MOST_NAMED
from qualipolis.city.nqi.models import ImportedList, Instrument, IssuedCertificate, StandardDeclaration
from qualipolis.city.registry.models import Standard
from qualipolis.methods.problems import InputError

CERTIFICATES = ["证书编号", "认证类别", "认证项目", "获证组织", "统一社会信用代码", "认证范围", "发证日期", "有效期至"]
INSTRUMENTS = ["器具名称", "出厂编号", "器具类别", "型号规格", "检定日期", "检定周期"]
STANDARDS = ["标准号", "标准名称", "状态", "实施日期", "废止日期", "代替标准"]


def book(heads: list[str], *rows: list[Any]) -> bytes:
    made = openpyxl.Workbook()
    for row in (heads, *rows):
        made.active.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def codes(refusal: Any) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def certificates(cast: Cast, *rows: list[Any]) -> ImportedList:
    return service.take_certificates(cast["certifier"], cast.certifier, book(CERTIFICATES, *rows), "证书.xlsx")


def good(cast: Cast, number: str = "C-1") -> list[Any]:
    return [
        number,
        "体系认证",
        "质量管理体系",
        cast.firm.name_zh,
        cast.firm.credit_code,
        "针织服装",
        date(2025, 1, 10),
        "2028年01月09日",
    ]


def test_a_list_of_certificates_is_taken_and_each_line_traced(cast: Cast) -> None:
    with on("2026-01-05"):
        source = certificates(cast, good(cast), [*good(cast, "C-2")[:4], "", *good(cast)[5:]])
    first, second = IssuedCertificate.objects.order_by("number")
    assert (first.holder, first.kind, first.valid_to) == (cast.firm, "system", date(2028, 1, 9))
    assert (second.holder, second.holder_name) == (None, cast.firm.name_zh)
    assert (first.source, first.source_line, second.source_line, source.rows) == (source, 2, 3, 2)


def test_one_bad_row_keeps_the_whole_list_out_and_all_are_named(cast: Cast) -> None:
    with on("2026-01-05"):
        certificate(cast, number="C-9")
        bad = [
            good(cast), good(cast), good(cast, "C-9"), [*good(cast, "C-3")[:6], "明天", "2028-01-01"],
            [*good(cast, "C-4")[:4], "123", *good(cast)[5:]], [*good(cast, "C-5")[:6], "2020-01-01", "2019-01-01"],
        ]  # fmt: skip
        with pytest.raises(InputError) as refusal:
            certificates(cast, *bad[:3], *bad[4:])
        assert sorted(codes(refusal)) == ["bad_period", "duplicate", "number_taken", "unknown_firm"]
        assert "3" in str(refusal.value.problems[0].place)
        with pytest.raises(InputError) as refusal:
            certificates(cast, *bad)
    assert codes(refusal) == ["bad_date"]
    assert IssuedCertificate.objects.count() == 1 and not ImportedList.objects.exists()


def test_a_body_takes_over_only_its_own_list(cast: Cast) -> None:
    with on("2026-01-05"):
        for name in ("laboratory", "enterprise", "planner"):
            with pytest.raises(PermissionDenied):
                service.take_certificates(cast[name], cast.certifier, book(CERTIFICATES, good(cast)), "a.xlsx")


def test_a_missing_column_says_how_it_may_be_called(cast: Cast) -> None:
    with pytest.raises(InputError) as refusal:
        service.take_certificates(cast["certifier"], cast.certifier, book(CERTIFICATES[1:], good(cast)[1:]), "a.xlsx")
    assert codes(refusal) == ["missing_column"] and "证书号" in refusal.value.problems[0].text() + str(
        refusal.value.problems[0].params
    )


def test_instruments_come_in_as_firms_keep_them(cast: Cast) -> None:
    rows = [
        ["电子汽车衡", "A1", "电子汽车衡", "SCS-100", "2025.07.01", "12个月"],
        ["压力表", "B1", "压力表", None, None, "半年"],
    ]
    with on("2026-01-05"):
        with pytest.raises(InputError) as refusal:
            service.take_instruments(cast["enterprise"], cast.firm, book(INSTRUMENTS, *rows), "器具.xlsx")
        assert codes(refusal) == ["bad_months"] and not Instrument.objects.exists()
        rows[1][5] = ""
        source = service.take_instruments(cast["enterprise"], cast.firm, book(INSTRUMENTS, *rows), "器具.xlsx")
        scale, gauge = Instrument.objects.order_by("serial_no")
        assert (scale.next_due, gauge.next_due, gauge.months) == (date(2026, 6, 30), None, 6)
        assert (scale.source, scale.source_line) == (source, 2)
        with pytest.raises(InputError) as refusal:
            service.take_instruments(cast["enterprise"], cast.firm, book(INSTRUMENTS, *rows), "器具.xlsx")
    assert codes(refusal) == ["there_already", "there_already"]


def test_another_firm_takes_nothing_over(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        service.take_instruments(cast["other_enterprise"], cast.firm, book(INSTRUMENTS), "a.xlsx")


def test_a_list_of_standards_adds_new_ones_and_pushes_what_changed(cast: Cast) -> None:
    with on("2026-02-02"):
        row = declaration(cast)
        listed = book(
            STANDARDS, ["GB/T22849—2014", "针织T恤衫", "被代替", "2014-12-01", "2026-07-01", "GB/T 22849-2026"],
            ["GB/T 22849-2026", "针织T恤衫", "即将实施", "2026-07-01", None, None], ["GB/T 1-2000", "旧标准", "废止", None, "2020-01-01", None],
        )  # fmt: skip
        service.take_standards(cast["planner"], None, listed, "标准.xlsx")
    row.refresh_from_db()
    old = Standard.objects.get(number="GB/T 22849-2014")
    assert (row.status, row.due_on) == ("to_check", date(2026, 7, 1))
    assert (old.status, old.replaced_by, old.in_force_on) == ("superseded", "GB/T 22849-2026", date(2014, 12, 1))
    assert Standard.objects.get(number="GB/T 1-2000").status == "withdrawn"


def test_a_standard_without_its_successor_or_day_keeps_the_list_out(cast: Cast) -> None:
    rows = [
        ["GB/T 1-2000", "旧", "被代替", None, "2020-01-01", None],
        ["GB/T 2-2000", "旧", "废止", None, None, None],
        ["乱写", "x", "现行", None, None, None],
    ]
    with pytest.raises(InputError) as refusal:
        service.take_standards(cast["planner"], None, book(STANDARDS, *rows), "标准.xlsx")
    assert (
        codes(refusal) == ["no_new", "no_day", "standard_number"] and not Standard.objects.filter(name_zh="旧").exists()
    )
    assert not StandardDeclaration.objects.exists()


def test_more_problems_than_anybody_reads_are_counted(cast: Cast) -> None:
    rows = [["电子汽车衡", f"A{i}", "尺子", "", None, ""] for i in range(MOST_NAMED + 50)]
    with pytest.raises(InputError) as refusal:
        service.take_instruments(cast["enterprise"], cast.firm, book(INSTRUMENTS, *rows), "器具.xlsx")
    assert len(refusal.value.problems) == MOST_NAMED + 1 and refusal.value.problems[-1].params["count"] == 50


def test_an_instrument_taken_over_is_one_like_any_other(cast: Cast) -> None:
    with on("2026-01-05"):
        instrument(cast, "X1")
        rows = book(INSTRUMENTS, ["电子汽车衡", "X1", "地磅", "", "", ""])
        with pytest.raises(InputError) as refusal:
            service.take_instruments(cast["enterprise"], cast.firm, rows, "a.xlsx")
    assert codes(refusal) == ["there_already"]
