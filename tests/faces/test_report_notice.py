"""The notice on paper: the finding first, tiers and no medals, archival, deaf to markup."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from qualipolis.faces.report.notice import NoticeReport, Veto, headline, render_notice

HASH = "7f3c9b1e" * 7 + "0a1ba91e"


def report(lang: str = "zh", **changes: object) -> NoticeReport:
    made = NoticeReport(
        lang="zh" if lang == "zh" else "en",
        city="云汀市",
        year=2021,
        synthetic=True,
        document="质领办〔2022〕6号",
        issued_on="2022-05-06",
        status="issued",
        release_number="2021-R1",
        release_hash=HASH,
        created_at=datetime(2022, 5, 6, tzinfo=UTC),
        grades=(("A", 1), ("C", 1), ("D", 1)),
        units=3,
        paragraphs=("题目", "正文一段"),
        tiers=((1, ("甲镇", "乙镇")), (2, ("丙镇",))),
        replicates=1000,
        vetoes=(Veto("丙镇", "系统性事件", "3号"), Veto("乙镇", "", "4号", "PQ01")),
        rectifications=(("丙镇", "veto", "2022-09-30"),),
        meeting_on="2022-04-15",
        decision="质领〔2022〕3号",
    )
    return replace(made, **changes)


def text_of(made: NoticeReport) -> str:
    pages = PdfReader(io.BytesIO(render_notice(made))).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_it_says_the_finding_first_and_then_who_by_when() -> None:
    text = text_of(report())
    parts = ("3个镇街（园区）中1个达到A、B级，1个为D级（1个因一票否决）", "质领办〔2022〕6号", "要办的事", "表1", "表2", "表3", "表4", "怎样核验")  # fmt: skip
    at = [text.find(part) for part in parts]
    assert -1 not in at and at == sorted(at)
    assert "同一梯队里，不宜据此论先后" in text and "指标PQ01计零分" in text and "3号" in text
    assert "第1页，共" in text and "演示数据（合成）" in text


def test_its_tables_are_numbered_without_gaps() -> None:
    text = text_of(report(vetoes=(), grades=(("A", 2), ("C", 1))))
    assert "没有D级" in text and "表3须整改的单位" in text and "表4" not in text


def test_the_public_part_leaves_the_text_and_the_names_out() -> None:
    text = text_of(report(public=True))
    assert "正文一段" not in text and "表4" not in text and "须整改的单位共1个" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_archival_tagged_and_the_same_each_time(lang: str) -> None:
    data = render_notice(report(lang))
    root = PdfReader(io.BytesIO(data)).trailer["/Root"].get_object()
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp and "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/MarkInfo"]["/Marked"]
    assert data == render_notice(report(lang))


def test_a_draft_and_a_withdrawn_notice_say_so() -> None:
    assert "草稿，尚未发文" in text_of(report(status="draft", document="", issued_on=""))
    assert "已撤回：等级有误" in text_of(report(status="withdrawn", withdrawal_reason="等级有误"))


@pytest.mark.parametrize("hostile", ['#read("x")', "*b* _i_ $x$", "= H", "\\#let"])
def test_it_prints_markup_as_it_stands(hostile: str) -> None:
    text = text_of(report(paragraphs=("题目", hostile), vetoes=(Veto(hostile, hostile, "3号"),)))
    assert text.count("".join(hostile.split())) >= 3


def test_the_finding_in_english() -> None:
    assert headline(report("en")) == "1 of 3 units reach grade A or B, 1 is D, 1 by veto"
