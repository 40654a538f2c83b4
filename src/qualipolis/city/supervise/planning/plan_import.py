"""Lines of a plan from a table: heads in Chinese or English, every bad cell named, nothing half read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import override

from qualipolis.city.supervise.models import Purpose, Stage
from qualipolis.lake.tables import Table, read_table
from qualipolis.methods.problems import InputError, Problem, msg

MOST_LINES = 2_000
HEADS: dict[str, tuple[str, ...]] = {
    "category": ("产品类别", "产品种类", "category", "product class"),
    "name_zh": ("名称", "name_zh"),
    "name_en": ("英文名称", "name_en"),
    "standard": ("标准号", "执行标准", "standard"),
    "purpose": ("目的", "抽查类型", "purpose"),
    "stage": ("抽样环节", "环节", "stage"),
    "batches": ("批次", "计划批次", "batches"),
    "quarter": ("季度", "quarter"),
    "budget": ("预算", "预算（元）", "预算(元)", "budget"),
    "expected_rate": ("预计合格率", "expected_rate"),
    "margin": ("允许误差", "margin"),
    "reason": ("理由", "备注", "reason"),
}
REQUIRED = ("category", "batches")
SHARES = ("expected_rate", "margin")


def read_lines(data: bytes, name: str) -> list[dict[str, Any]]:
    """Return the lines of a table as values for :func:`~.plans.line_values`; ``InputError`` with all problems."""
    from qualipolis.city.supervise.planning.plans import line_values

    table = read_table(data, name=name)
    columns = _columns(table)
    if len(table) > MOST_LINES:
        what = msg("The table has %(n)s lines; at most %(most)s fit into a plan.")
        raise InputError([Problem("too_long", what, params={"n": len(table), "most": MOST_LINES}, place=name)])
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for index, cells in enumerate(table.frame.iter_rows(named=True)):
        said: dict[str, Any] = {}
        for field, title in columns.items():
            try:
                said[field] = _value(field, (cells[title] or "").strip(), str(table.place(index, title)))
            except InputError as error:
                problems += error.problems
        try:
            found.append(line_values({"batches": 1, "category": "–"} | said, str(table.place(index))))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    if not found:
        raise InputError([Problem("no_rows", msg("The table has no lines."), place=name)])
    return found


def _columns(table: Table) -> dict[str, str]:
    known = {head.lower(): field for field, heads in HEADS.items() for head in heads}
    columns = {known[title.strip().lower()]: title for title in table.columns if title.strip().lower() in known}
    what, remedy = msg("The column %(column)s is missing."), msg("Add it; the template shows how the table looks.")
    missing = [
        Problem("missing_column", what, remedy, {"column": HEADS[field][0]}, place=table.name)
        for field in REQUIRED
        if field not in columns
    ]
    if missing:
        raise InputError(missing)
    return columns


def _value(field: str, text: str, place: str) -> Any:
    if field in ("purpose", "stage"):
        return _choice(Purpose if field == "purpose" else Stage, text, place) if text else ""
    if field in ("batches", "quarter"):
        return _whole(text, place) if text or field == "batches" else 1
    if field == "budget":
        return Decimal(str(_number(text, place))) if text else 0
    if field in SHARES:
        if not text:
            return None
        return _number(text.rstrip("%％"), place) / (100 if text[-1] in "%％" else 1)
    if field == "category" and not text:
        raise InputError([Problem("empty", msg("This cell is empty."), msg("Fill it in."), place=place)])
    return text


def _number(text: str, place: str) -> float:
    from qualipolis.lake.cells import number

    value = number(text, place=place)
    if value is None:
        raise InputError([Problem("empty", msg("This cell is empty."), msg("Fill it in."), place=place)])
    return float(value)


def _whole(text: str, place: str) -> int:
    value = _number(text, place)
    if value != int(value):
        raise InputError([Problem("bad_whole", msg("A whole number is needed here."), place=place)])
    return int(value)


def _choice(choices: type[TextChoices], text: str, place: str) -> str:
    by_word = {value: value for value in choices.values}
    for language in ("zh-hans", "en"):
        with override(language):
            by_word |= {str(label): value for value, label in choices.choices}
    if text not in by_word:
        what = msg("%(text)s is not one of the choices.")
        raise InputError([Problem("unknown_choice", what, params={"text": text}, place=place)])
    return str(by_word[text])
