"""Questions from a table: what is understood, all bad rows named, whole or nothing, changed ones become versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import Workbook
from tests.city.talent.cast import Cast
from tests.city.talent.training_steps import passed

from qualipolis.city.talent import service
from qualipolis.city.talent.models import Question, QuestionBatch
from qualipolis.city.talent.training.analysis import analysis
from qualipolis.city.talent.training.question_import import answer_of, table_of, understood
from qualipolis.methods.problems import InputError

HEAD = ["题号", "题型", "知识点", "题干", "选项A", "选项B", "选项C", "选项D", "正确答案：", "允差", "难度"]
ROWS: list[list[Any]] = [
    [1, "单选题", "法规", "复检期限是多少日", "7", "10", "15", "30", "C", None, "易"],
    [2, "多选", "标准", "质量基础设施包括", "计量", "标准", "合格评定", "广告", "A、B，C", None, "中"],
    [3, "判断题", "法规", "推荐性标准一经声明即有约束力", None, None, None, None, "√", None, None],
    [4, "计算题", "工具", "求过程能力指数", None, None, None, None, 1.33, 0.01, "难"],
]


def book(path: Path, *rows: list[Any], title: bool = True) -> Path:
    made = Workbook()
    sheet = made.active
    if title:
        sheet.append(["首席质量官题库（2026年）"])
    for row in (HEAD, *rows):
        sheet.append(row)
    made.save(path)
    return path


def test_it_reads_a_table_as_trainers_have_it(tmp_path: Path) -> None:
    found = understood(table_of(book(tmp_path / "题库.xlsx", *ROWS), "题库.xlsx"))
    assert found.problems == () and found.rows == (3, 4, 5, 6)
    assert [one.answer for one in found.questions] == [[2], [0, 1, 2], True, 1.33]
    assert [one.code for one in found.questions] == ["1", "2", "3", "4"] and found.questions[3].tolerance == 0.01
    assert [one.level for one in found.questions] == [1, 2, 2, 3]


def test_every_bad_row_is_named_and_nothing_is_written(cast: Cast, tmp_path: Path) -> None:
    bad = [
        ROWS[0],
        [2, "论述题", "标准", "题", None, None, None, None, "A", None, None],
        [3, "单选", "标准", "题", "甲", "乙", None, None, "D", None, None],
        [1, "判断", "标准", "", None, None, None, None, "或许", -1, "特难"],
        [1, "判断", "标准", "又一题", None, None, None, None, "对", None, None],
    ]
    with pytest.raises(InputError) as refusal:
        service.import_questions(cast["trainer"], None, book(tmp_path / "b.xlsx", *bad), "b.xlsx")
    told = [(one.place, one.code) for one in refusal.value.problems]
    assert {place for place, _code in told} == {"row 4", "row 5", "row 6", "row 7"}
    assert ("row 4", "unknown_kind") in told and ("row 5", "no_answer") in told and ("row 7", "twice") in told
    assert not Question.objects.exists() and not QuestionBatch.objects.exists()


def test_the_same_table_again_changes_nothing_and_a_changed_row_makes_a_version(cast: Cast, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", *ROWS)
    assert service.import_questions(cast["trainer"], None, path, "../a.xlsx").file == "a.xlsx"
    assert service.import_questions(cast["trainer"], None, path, "a.xlsx").rows == 0
    changed = [*ROWS[:3], [*ROWS[3][:8], 1.67, 0.01, "难"]]
    batch = service.import_questions(cast["trainer"], None, book(tmp_path / "c.xlsx", *changed), "c.xlsx")
    assert batch.rows == 1 and Question.objects.filter(current=True).count() == 4
    assert list(Question.objects.filter(code="4").values_list("version", "answer", "current", "batch_row")) == [
        (2, 1.67, True, 6), (1, 1.33, False, 6),
    ]  # fmt: skip


def test_a_csv_in_gb18030_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("题型,题干,答案\n判断,质量第一,对\n".encode("gb18030"))
    assert understood(table_of(path, "a.csv")).questions[0].stem == "质量第一"


@pytest.mark.parametrize("told", [b"", b"\x00\x01", b"PK\x03\x04broken", "没有表头\n一行".encode()])
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, told: bytes) -> None:
    for name in ("a.xlsx", "a.csv"):
        path = tmp_path / name
        path.write_bytes(told)
        try:
            found = understood(table_of(path, name)).problems
        except InputError as error:
            found = error.problems
        assert found and all(one.text() for one in found)


@pytest.mark.parametrize(("kind", "said"), [("single", ""), ("multiple", "A9"), ("number", "x"), ("essay", "A")])
def test_an_answer_that_cannot_be_read_is_none(kind: str, said: str) -> None:
    assert answer_of(kind, said, 4) is None


def test_figures_wait_for_enough_papers(cast: Cast) -> None:
    assert analysis().papers == 0
    passed(cast)
    found = analysis()
    assert (found.papers, found.passed, found.items, found.too_few, found.reliability) == (1, 1, (), 5, None)
    assert found.least == 10 and timezone.localdate()
