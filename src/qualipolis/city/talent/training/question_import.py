"""Questions from a table as trainers have it: heads under many names, options in columns, answers as letters or words.

Nothing is written while one row is wrong; every row that is wrong is named. What stands in the bank already under the
same code and says the same is left alone, what says something else becomes a new version.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualipolis.city.core.attachments import safe_name
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.talent.models import Question, QuestionBatch
from qualipolis.city.talent.training.questions import made_of, question_problems
from qualipolis.city.talent.training.visibility import TRAINERS
from qualipolis.methods.exams.marking import number_of
from qualipolis.methods.problems import InputError, Problem, msg, refuse

LARGEST, MOST_ROWS = 5 * 1024 * 1024, 20_000
HEADS = {
    "code": ("编号", "题号", "序号", "code", "no", "number"),
    "kind": ("题型", "类型", "kind", "type"),
    "topic": ("知识点", "主题", "类别", "topic", "category"),
    "level": ("难度", "level", "difficulty"),
    "stem": ("题干", "题目", "试题", "题目内容", "question", "stem"),
    "stem_en": ("题干英文", "英文题干", "question en", "stem en"),
    "answer": ("答案", "正确答案", "参考答案", "answer", "key"),
    "tolerance": ("允差", "误差", "容差", "tolerance"),
    "unit": ("单位", "unit"),
    "source": ("出处", "依据", "条款", "source", "clause"),
}
KINDS = {
    "单选": "single", "单选题": "single", "single": "single", "多选": "multiple", "多选题": "multiple", "multiple": "multiple",
    "判断": "true_false", "判断题": "true_false", "true_false": "true_false", "true/false": "true_false", "truefalse": "true_false",
    "数值": "number", "计算": "number", "计算题": "number", "填空": "number", "number": "number", "numeric": "number",
}  # fmt: skip
RIGHT = {"对", "正确", "是", "√", "t", "true", "right", "yes", "y"}
WRONG = {"错", "错误", "否", "×", "x", "f", "false", "wrong", "no", "n"}
LEVELS = {
    "易": 1,
    "简单": 1,
    "easy": 1,
    "1": 1,
    "中": 2,
    "一般": 2,
    "medium": 2,
    "2": 2,
    "难": 3,
    "困难": 3,
    "hard": 3,
    "3": 3,
    "": 2,
}


@dataclass(frozen=True)
class Understood:
    """What was understood of a table: the column of each field, the questions, and what is wrong, row by row."""

    columns: dict[str, str]
    options: tuple[str, ...]
    questions: tuple[Question, ...]
    rows: tuple[int, ...]
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many questions of each kind."""
        found: dict[str, int] = {}
        for one in self.questions:
            found[one.kind] = found.get(one.kind, 0) + 1
        return found


def plain(text: Any) -> str:
    """Return a head or a word as it is compared.

    >>> plain(" 正确 答案："), plain("Question_EN")
    ('正确答案', 'question en')
    """
    told = unicodedata.normalize("NFKC", str(text if text is not None else "")).strip().lower().replace("_", " ")
    told = re.sub(r"[:：*＊]+$", "", told).strip()
    return told if told.isascii() else "".join(told.split())


def table_of(path: Path, name: str) -> list[list[Any]]:
    """Return the cells of the first sheet of an xlsx file, or of a csv file."""
    if path.stat().st_size > LARGEST:
        refuse([Problem("too_large", msg("The file is larger than 5 MB."), place="file")])
    rows = _csv(path) if name.lower().endswith(".csv") else _xlsx(path)
    if len(rows) > MOST_ROWS:
        refuse(
            [Problem("too_many_rows", msg("The table has more than %(most)s rows."), "", {"most": MOST_ROWS}, "file")]
        )
    return rows


def _csv(path: Path) -> list[list[Any]]:
    import csv

    told = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(row) for row in csv.reader(told.decode(encoding).splitlines())]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise InputError([Problem("unreadable", msg("The file cannot be read as a table."), place="file")])


def _xlsx(path: Path) -> list[list[Any]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [list(row)[:60] for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2)]
        book.close()
    except Exception:
        raise InputError([Problem("unreadable", msg("The file cannot be read as a table."), place="file")]) from None
    return rows


def understood(rows: Sequence[Sequence[Any]]) -> Understood:
    """Read a table: its heads first, then every row; problems of all rows are collected."""
    at, columns, options = _heads(rows)
    if at is None:
        what = msg("No row of heads was found: question, kind and answer are needed.")
        return Understood({}, (), (), (), (Problem("no_heads", what, place="file"),))
    names = {field: str(rows[at][column]).strip() for field, column in columns.items()}
    found: list[Question] = []
    places: list[int] = []
    problems: list[Problem] = []
    for place, row in enumerate(rows[at + 1 :], at + 2):
        if not any(str(cell or "").strip() for cell in row):
            continue
        made, wrong = _row(row, place, columns, options)
        problems += wrong
        if not wrong:
            found.append(made)
            places.append(place)
    problems += _twice(found, places)
    if not found and not problems:
        problems.append(Problem("no_rows", msg("The table has no questions."), place="file"))
    letters = tuple(str(rows[at][column]).strip() for column in options)
    return Understood(names, letters, tuple(found), tuple(places), tuple(problems))


def _heads(rows: Sequence[Sequence[Any]]) -> tuple[int | None, dict[str, int], list[int]]:
    for at, row in enumerate(rows[:10]):
        columns: dict[str, int] = {}
        options: list[int] = []
        for column, cell in enumerate(row):
            told = plain(cell)
            field = next((name for name, words in HEADS.items() if told in words), None)
            if field and field not in columns:
                columns[field] = column
            elif re.fullmatch(r"(选项)?([a-h])|option ?([a-h])", told):
                options.append(column)
        if {"stem", "kind", "answer"} <= set(columns):
            return at, columns, options
    return None, {}, []


def _row(row: Sequence[Any], place: int, columns: dict[str, int], options: list[int]) -> tuple[Question, list[Problem]]:
    def cell(field: str) -> Any:
        column = columns.get(field)
        return row[column] if column is not None and column < len(row) else None

    where = f"row {place}"
    kind = KINDS.get(plain(cell("kind")), "")
    texts = [str(row[one]).strip() if one < len(row) and row[one] is not None else "" for one in options]
    while texts and not texts[-1]:
        texts.pop()
    if kind in ("true_false", "number"):
        texts = []
    tolerance = number_of(str(cell("tolerance") or "0"))
    values: dict[str, Any] = {field: cell(field) for field in ("stem", "stem_en", "unit", "source")}
    code = cell("code")
    values |= {
        "code": str(int(code)) if isinstance(code, float) and code.is_integer() else code, "kind": kind, "options": texts,
        "topic": cell("topic") or "general", "level": LEVELS.get(plain(cell("level")), 0) or -1,
        "answer": answer_of(kind, cell("answer"), len(texts)), "tolerance": tolerance if tolerance is not None else -1,
    }  # fmt: skip
    if not str(values["code"] or "").strip():
        values["code"] = hashlib.sha256(str(values["stem"]).encode()).hexdigest()[:10]
    made = made_of(values)
    return made, question_problems(made, where)


def answer_of(kind: str, said: Any, options: int) -> Any:
    """Return an answer as the bank keeps it; None when it cannot be read.

    >>> answer_of("single", "B", 4), answer_of("multiple", "A、C", 4), answer_of("true_false", "√", 0), answer_of("number", "1.33", 0)
    ([1], [0, 2], True, 1.33)
    >>> answer_of("single", "Z", 4), answer_of("true_false", "maybe", 0)
    (None, None)
    """
    told = plain(said)
    if kind in ("single", "multiple"):
        letters = re.sub(r"[\s,，、;；|/]+", "", told)
        places = [ord(one) - ord("a") for one in letters]
        return sorted(set(places)) if letters and all(0 <= one < options for one in places) else None
    if kind == "true_false":
        return True if told in RIGHT else False if told in WRONG else None
    return number_of(said if isinstance(said, int | float) else str(said or "")) if kind == "number" else None


def _twice(found: Sequence[Question], places: Sequence[int]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for one, place in zip(found, places, strict=True):
        if one.code in first:
            what = msg("The code %(code)s stands in row %(first)s already.")
            problems.append(Problem("twice", what, "", {"code": one.code, "first": first[one.code]}, f"row {place}"))
        first.setdefault(one.code, place)
    return problems


@verb("talent.import_questions", roles=TRAINERS)
def import_questions(actor: Any, thing: None, path: Path, name: str) -> QuestionBatch:
    """Take a whole table over, or nothing of it."""
    found = understood(table_of(path, name))
    if found.problems:
        raise InputError(found.problems)
    known = {row.code: row for row in Question.objects.filter(current=True)}
    newest = {row.code: row.version for row in Question.objects.order_by("version")}
    batch = QuestionBatch.objects.create(
        file=safe_name(name), sha256=hashlib.sha256(path.read_bytes()).hexdigest(), rows=0, taken_by=person_of(actor)
    )
    fresh, changed = [], []
    for one, place in zip(found.questions, found.rows, strict=True):
        old = known.get(one.code)
        if old is not None and _same(old, one):
            continue
        one.batch, one.batch_row, one.version = batch, place, newest.get(one.code, 0) + 1
        fresh.append(one)
        if old is not None:
            changed.append(old.pk)
    Question.objects.filter(pk__in=changed).update(current=False)
    Question.objects.bulk_create(fresh, batch_size=500)
    batch.rows = len(fresh)
    batch.save(update_fields=["rows"])
    told = {
        "rows": len(fresh),
        "changed": len(changed),
        "unchanged": len(found.questions) - len(fresh),
        "sha256": batch.sha256,
    }
    record(actor, "talent.import_questions", batch, told)
    return batch


def _same(old: Question, new: Question) -> bool:
    names = ("kind", "topic", "stem", "stem_en", "options", "answer", "level", "tolerance", "unit", "source")
    return all(getattr(old, name) == getattr(new, name) for name in names)
