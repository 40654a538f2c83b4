"""The report of an assessment: readable, searchable, archival, honest about what is missing, and deaf to markup."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from pypdf import PdfReader

from qualipolis.faces.report.assessment import AssessmentReport, ReportUnit, document, render_assessment
from qualipolis.faces.report.words import WORDS
from qualipolis.methods.problems import InputError

CREATED = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
HASH = "7f3c9b1e" * 7 + "0a1ba91e"


def unit(rank: int | None, size: int, name: str = "", **changes: object) -> ReportUnit:
    score = None if rank is None else 95.0 - 30.0 * rank / size
    low, high = (None, None) if rank is None else (max(1, rank - 2), min(size, rank + 2))
    made = ReportUnit(
        f"U{rank}", name or f"甲{rank}镇", "中等镇", score, rank, False, low, high, rank, dims=(score, 50.0)
    )
    return replace(made, **changes)


def report(size: int = 8, lang: str = "zh", **changes: object) -> AssessmentReport:
    zh = lang == "zh"
    made = AssessmentReport(
        lang=lang,
        title="云汀市镇街质量评估" if zh else "Town assessment",
        subtitle="",
        city="云汀市" if zh else "Yunting",
        period="2021年" if zh else "2021",
        synthetic=True,
        release_number="2026-R2",
        release_hash=HASH,
        created_at=CREATED,
        units_label="镇街" if zh else "towns",
        unit_rows=tuple(unit(i, size, "" if zh else f"Town {i}") for i in range(1, size + 1)),
        dim_names=("产品质量", "服务质量") if zh else ("Product quality", "Service quality"),
        node_name="质量发展水平" if zh else "Quality development",
        replicates=1000,
        seed=42,
        method_lines=(("标准化", "最小最大法"),) if zh else (("Normalise", "Min-max"),),
        framework_rows=((2, "Q", "Quality", 1.0, None, ""), (1, "Q1", "Pass rate", 0.5, 1, "%")),
        warnings=("指标Q1有2个缺失值",) if zh else ("Q1 lacks 2 values",),
    )
    return replace(made, **changes)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")


def squeezed(text: str) -> str:
    return "".join(text.split())


def pages_of(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def in_order(text: str, *parts: str) -> bool:
    at = [text.find(part) for part in parts]
    return -1 not in at and at == sorted(at)


def test_it_reads_in_order_in_chinese() -> None:
    text = squeezed(text_of(render_assessment(report())))
    parts = (
        "甲1镇得分最高",
        "图18个镇街的名次和90%区间",
        "各维度得分",
        "附录A方法",
        "附录B提醒",
        "附录C怎样核验",
        "附录D指标框架",
    )
    assert in_order(text, *parts)
    assert "演示数据（合成）" in text


def test_it_reads_in_order_in_english() -> None:
    text = squeezed(text_of(render_assessment(report(lang="en"))))
    parts = ("Town1scoreshighest", "Figure1", "Scoresbydimension", "AppendixA", "AppendixB", "AppendixC", "AppendixD")
    assert in_order(text, *parts)
    assert "Syntheticdemodata" in text


def test_it_keeps_a_row_together_in_reading_order() -> None:
    text = squeezed(text_of(render_assessment(report(lang="en"))))
    assert "3Town3" in text
    assert "1–5" in text


def test_it_is_archival_tagged_and_titled() -> None:
    reader = PdfReader(io.BytesIO(render_assessment(report())))
    root = reader.trailer["/Root"].get_object()
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "云汀市镇街质量评估"


def test_it_gives_the_same_bytes_for_the_same_report() -> None:
    assert render_assessment(report()) == render_assessment(report())


def test_it_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); import test_report_assessment as t;"
        "print(hashlib.sha256(t.render_assessment(t.report())).hexdigest())"
    )
    here = __file__.rsplit("/", 1)[0]
    there = subprocess.run([sys.executable, "-c", code, here], capture_output=True, check=True, text=True).stdout
    assert there.strip() == hashlib.sha256(render_assessment(report())).hexdigest()


@pytest.mark.parametrize("hostile", ['#read("x")', "*b* _i_ $x$", "= H", "\\#let", "<a>@b", "https://x.cn/a_b"])
def test_it_prints_markup_as_it_stands(hostile: str) -> None:
    rows = (unit(1, 2, hostile), unit(2, 2))
    text = squeezed(text_of(render_assessment(report(unit_rows=rows, title=hostile, findings=[hostile]))))
    assert text.count(squeezed(hostile)) >= 3


def test_it_shows_a_missing_score_as_a_dash_and_does_not_rank_it() -> None:
    gap = ReportUnit("X", "缺数镇", "", None, None, note="数据核实中", dims=(None, None))
    made = report(unit_rows=(unit(1, 2), gap, unit(2, 2)))
    rows = document(made)["ranking"]["rows"]
    assert [(r["rank"], r["score"]) for r in rows][-1] == ("—", "—")
    text = squeezed(text_of(render_assessment(made)))
    assert "1个没有得分，不参加排名，也不按零分计" in text
    assert "[1]缺数镇：数据核实中" in text


def test_it_writes_ties_as_ties() -> None:
    rows = (unit(1, 3), unit(2, 3, tied=True), unit(2, 3, "乙镇", tied=True))
    assert [r["rank"] for r in document(report(unit_rows=rows))["ranking"]["rows"]] == ["1", "2=", "2="]


def test_it_names_a_change_only_beyond_the_interval() -> None:
    rows = (unit(1, 9, prev_rank=9), unit(5, 9, prev_rank=6), unit(8, 9, prev_rank=1))
    made = document(report(unit_rows=rows))
    assert [r["move"] for r in made["ranking"]["rows"]] == ["前进", "", "后退"]
    assert "其余1个的变化在误差之内" in made["paragraphs"][-1]


def test_it_does_not_claim_a_lead_without_intervals() -> None:
    rows = tuple(replace(unit(i, 3), rank_lo=None, rank_hi=None, rank_median=None) for i in (1, 2, 3))
    made = document(report(unit_rows=rows, replicates=0))
    assert made["headline"] == "甲1镇得分最高，名次的不确定性没有评估"
    assert "interval" not in [c["key"] for c in made["ranking"]["columns"]]
    assert pages_of(render_assessment(report(unit_rows=rows, replicates=0))) <= 3


def test_it_says_so_when_the_lead_is_beyond_error() -> None:
    rows = (unit(1, 3, rank_lo=1, rank_hi=1), unit(2, 3, rank_lo=2, rank_hi=3), unit(3, 3, rank_lo=2, rank_hi=3))
    assert "不重叠" in document(report(unit_rows=rows))["headline"]
    assert "apart from all other" in document(report(unit_rows=rows, lang="en"))["headline"]


def test_it_takes_given_findings_as_title() -> None:
    made = document(report(findings=["三个镇街拉开了距离", "第二句"]))
    assert (made["headline"], made["paragraphs"][0]) == ("三个镇街拉开了距离", "第二句")


def test_it_shows_the_hash_in_groups_and_the_command() -> None:
    text = text_of(render_assessment(report()))
    assert "qualipolis verify release DIR" in text
    assert text.count("7f3c9b1e") >= 7
    assert "指纹7f3c9b1e…a91e" in squeezed(text)


def test_it_works_without_release_dimensions_framework_and_units() -> None:
    bare = report(
        unit_rows=(), dim_names=(), framework_rows=(), method_lines=(), warnings=(), release_number="", release_hash=""
    )
    text = squeezed(text_of(render_assessment(bare)))
    assert "没有镇街得到综合得分" in text
    assert "没有指纹可以核对" in text


@pytest.mark.parametrize(("size", "most"), [(5, 3), (33, 4), (51, 6)])
def test_it_stays_within_its_pages(size: int, most: int) -> None:
    assert 1 <= pages_of(render_assessment(report(size))) <= most


def test_it_keeps_the_list_of_33_on_the_first_page() -> None:
    first = PdfReader(io.BytesIO(render_assessment(report(33)))).pages[0].extract_text()
    assert "甲33镇" in squeezed(first)


def test_it_keeps_long_names_whole() -> None:
    name = "云汀市东部沿江高端装备制造与新材料产业协同发展示范区暨综合保税物流园区管理委员会办"
    assert len(name) >= 40
    rows = (unit(1, 2, name), unit(2, 2, "A" * 60))
    text = squeezed(text_of(render_assessment(report(unit_rows=rows)))).replace("\u200b", "")
    assert name in text
    assert "A" * 60 in text


def test_it_sets_1600_units_in_time() -> None:
    began = time.perf_counter()
    pdf = render_assessment(report(1600))
    assert time.perf_counter() - began < 12  # about 3 s alone on two cores; the suite shares them
    assert 60 <= pages_of(pdf) <= 90


def test_it_takes_numbers_from_arrays_and_nan_as_missing() -> None:
    rows = (
        unit(1, 2, score=np.float64(90), rank_lo=np.float64(1), rank_hi=np.float64(2), prev_rank=np.int64(1)),
        unit(2, 2, score=float("nan"), rank_lo=float("nan"), rank_hi=float("nan"), dims=(float("nan"), 1.0)),
    )
    assert "—" in text_of(render_assessment(report(unit_rows=rows)))


def test_it_leaves_out_a_period_that_is_not_given() -> None:
    bare = report(lang="en", period="", city="")
    assert document(bare)["paragraphs"][0].startswith("8 towns are ranked; Quality development scores run")
    assert document(bare)["kicker"] == "Town assessment"


def test_it_splits_many_dimensions_into_tables() -> None:
    names = tuple(f"第{i}个维度" for i in range(30))
    rows = tuple(unit(i, 4, dims=tuple(float(i + j) for j in range(30))) for i in range(1, 5))
    made = document(report(unit_rows=rows, dim_names=names))["dims"]
    assert [head for table in made["tables"] for head, _ in table["heads"]] == list(names)
    assert len(made["tables"]) > 1


def test_it_does_not_change_its_input() -> None:
    made = report()
    before = repr(made)
    render_assessment(made)
    assert repr(made) == before


def test_it_has_both_languages_for_every_word() -> None:
    assert all(zh.strip() and en.strip() and zh.count("%") == en.count("%") for zh, en in WORDS.values())


def test_it_refuses_a_character_without_a_shape() -> None:
    rows = (unit(1, 2), unit(2, 2, "笑\U0001f600镇"))
    with pytest.raises(InputError) as caught:
        render_assessment(report(unit_rows=rows))
    problem = caught.value.problems[0]
    assert "U+1F600" in str(problem)
    assert "unit_rows 2" in problem.place
