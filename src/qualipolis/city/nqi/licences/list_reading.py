"""Lists as people keep them, read by the names of their columns: every bad cell is named, and nothing is half taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qualipolis.lake.encodings import Limits
from qualipolis.lake.tables import Table, number, read_table
from qualipolis.methods.problems import InputError, Problem, msg

MOST_ROWS, MOST_NAMED = 20_000, 200
LIMITS = Limits(bytes=10 << 20, unpacked=100 << 20, rows=MOST_ROWS, columns=100, cells=1_000_000)
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S")
NOTHING = {"", "-", "—", "/", "无", "n/a"}


@dataclass(frozen=True)
class Column:
    """A column: the field it fills, the heads it is known by, what kind of cell, and the words of its choices."""

    field: str
    heads: tuple[str, ...]
    kind: str = "text"
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of a list as it was understood, with its row number in the file."""

    line: int
    values: dict[str, Any]
    place: Any


def read_rows(data: bytes, name: str, columns: Sequence[Column]) -> list[Row]:
    """Return the lines of a list; ``InputError`` names every cell that could not be read, the first 200 of them."""
    table = read_table(data, name=name, limits=LIMITS)
    mapping = _mapped(table, columns)
    if not len(table):
        raise InputError([Problem("no_rows", msg("The list has no rows."), place=table.name)])
    found, problems = [], []
    for index, cells in enumerate(table.frame.iter_rows(named=True)):
        values: dict[str, Any] = {}
        for column in columns:
            head = mapping.get(column.field)
            text = str(cells[head] or "").strip() if head else ""
            said = _cell(column, "" if text.lower() in NOTHING else text, table.place(index, head or ""))
            problems += [said] if isinstance(said, Problem) else []
            values[column.field] = None if isinstance(said, Problem) else said
        found.append(Row(int(table.rows[index]), values, table.place(index, mapping[columns[0].field])))
    stop(problems)
    return found


def stop(problems: Sequence[Problem]) -> None:
    """Refuse a list with everything that is wrong; more than 200 problems are counted."""
    if not problems:
        return
    named = list(problems[:MOST_NAMED])
    if len(problems) > MOST_NAMED:
        what = msg("%(count)s more problems are not shown.")
        named.append(Problem("more", what, "", {"count": len(problems) - MOST_NAMED}))
    raise InputError(named)


def _plain(text: str) -> str:
    return "".join(text.lower().split()).replace("（", "(").replace("）", ")").rstrip("*：:")


def _mapped(table: Table, columns: Sequence[Column]) -> dict[str, str]:
    """Map fields to the heads of the file; a needed column that is not there is named with the heads that are known."""
    heads = {_plain(head): head for head in reversed(table.columns)}
    found: dict[str, str] = {}
    missing = []
    for column in columns:
        known = next((heads[_plain(head)] for head in column.heads if _plain(head) in heads), None)
        if known is not None:
            found[column.field] = known
        elif column.required:
            what, remedy = msg("The column %(column)s is missing."), msg("It may be called: %(known)s.")
            missing.append(
                Problem(
                    "missing_column",
                    what,
                    remedy,
                    {"column": column.heads[0], "known": "、".join(column.heads)},
                    place=table.name,
                )
            )
    if missing:
        raise InputError(missing)
    return found


def _cell(column: Column, text: str, place: Any) -> Any:
    if not text:
        if column.required:
            return Problem("empty", msg("This cell is empty."), msg("Fill it in."), place=place)
        return None if column.kind != "text" else ""
    if column.kind == "date":
        return _day(text, place)
    if column.kind == "choice":
        return _choice(column.choices, text, place)
    if column.kind == "months":
        return _months(text, place)
    return text


def _day(text: str, place: Any) -> date | Problem:
    for form in DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return Problem(
        "bad_date", msg("%(text)s is not a date."), msg("Write it like 2021-06-30."), {"text": text[:40]}, place
    )


def _choice(choices: Sequence[tuple[str, str]], text: str, place: Any) -> str | Problem:
    found = next((value for value, words in choices if _plain(text) in (_plain(value), _plain(words))), None)
    if found is not None:
        return found
    known = "、".join(dict.fromkeys(words for _value, words in choices))
    return Problem("unknown_choice", msg("%(text)s is not one of the choices."), msg("Use one of: %(choices)s."),
                   {"text": text[:40], "choices": known}, place)  # fmt: skip


def _months(text: str, place: Any) -> int | Problem:
    """Return a time in months; 1年 and 12个月 are understood."""
    said = text.removesuffix("个月").removesuffix("月")
    years = said.endswith("年")
    try:
        value = number(said.removesuffix("年"), place=place)
    except InputError:
        value = None
    months = None if value is None else value * (12 if years else 1)
    if months is None or months != int(months) or not 1 <= months <= 240:
        what = msg("%(text)s is not a time in months.")
        return Problem("bad_months", what, msg("Write a whole number of months."), {"text": text[:40]}, place)
    return int(months)


def at(row: Row, problems: Sequence[Problem | None]) -> list[Problem]:
    """Return the problems of a line with its place in the file."""
    return [
        Problem(one.code, one.what, one.remedy, dict(one.params or {}), row.place)
        for one in problems
        if one is not None
    ]


def twice(row: Row, first: Mapping[Any, int], key: Any) -> list[Problem]:
    """Return the problem of a line that stands in the list already."""
    if key not in first:
        return []
    what = msg("The same row stands in line %(line)s already.")
    return [Problem("duplicate", what, msg("Keep one of the two."), {"line": first[key]}, row.place)]
