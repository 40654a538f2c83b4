"""Reading a table into the registry: every bad row is found and named, and nothing half-imported stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models

from qualipolis.city.registry.pinyin import initials
from qualipolis.city.registry.row_checks import CHECKS
from qualipolis.city.registry.tables import REFERENCE_FIELD, TABLES, Column, TableSpec
from qualipolis.lake.tables import Table, number, read_table
from qualipolis.methods.problems import InputError, Problem, msg

BATCH = 2000
YES = {"是", "yes", "y", "true", "1", "有"}
NO = {"否", "no", "n", "false", "0", "无"}
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S")


@dataclass
class Reading:
    """A table as understood: the rows that can be taken, and every problem with the others."""

    spec: TableSpec
    file: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bad_rows: int = 0

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep a row out."""
        return [problem for problem in self.problems if problem.severity == "error"]


def read(kind: str, data: bytes, name: str, sheet: str | None = None) -> Reading:
    """Read ``data`` as rows of ``kind``; problems of single rows are collected in the result.

    Raises :class:`InputError` when the file or its columns cannot be understood at all.
    """
    spec = TABLES[kind]
    table = read_table(data, name=name, sheet=sheet)
    mapping = _match_columns(spec, table)
    reading = Reading(spec, name)
    references = {column.field: _references(column.kind) for column in mapping if column.kind in REFERENCE_FIELD}
    seen: dict[tuple[Any, ...], int] = {}
    for index, cells in enumerate(table.frame.iter_rows(named=True)):
        row, problems = _read_row(spec, table, mapping, references, index, cells)
        problems += _repeated(spec, table, mapping, seen, index, row)
        reading.problems += problems
        if any(problem.severity == "error" for problem in problems):
            reading.bad_rows += 1
        else:
            reading.rows.append(row)
    return reading


def _match_columns(spec: TableSpec, table: Table) -> dict[Column, str]:
    """Map our columns to the file's; all that is missing or unknown is reported together."""
    known = {header.strip().lower(): column for column in spec.columns for header in column.headers}
    mapping: dict[Column, str] = {}
    problems = []
    for title in table.columns:
        column = known.get(title.strip().lower())
        if column is None:
            problems.append(
                Problem(
                    "unknown_column",
                    msg("The column %(column)s is not known here."),
                    msg("Remove it or rename it to one of: %(known)s."),
                    {"column": title, "known": "、".join(c.zh for c in spec.columns)},
                    place=table.name,
                )
            )
        else:
            mapping[column] = title
    problems += [
        Problem(
            "missing_column",
            msg("The column %(column)s is missing."),
            msg("Add it; the template shows how the table looks."),
            {"column": column.zh},
            place=table.name,
        )
        for column in spec.columns
        if column.required and column not in mapping
    ]
    if problems:
        raise InputError(problems)
    return mapping


def _references(kind: str) -> dict[str, int]:
    spec = TABLES[kind]
    return dict(spec.model._default_manager.values_list(REFERENCE_FIELD[kind], "pk"))


def _read_row(
    spec: TableSpec,
    table: Table,
    mapping: dict[Column, str],
    references: dict[str, dict[str, int]],
    index: int,
    cells: dict[str, Any],
) -> tuple[dict[str, Any], list[Problem]]:
    row: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, title in mapping.items():
        text = (cells[title] or "").strip()
        place = table.place(index, title)
        if not text:
            if column.required:
                problems.append(Problem("empty", msg("This cell is empty."), msg("Fill it in."), place=place))
            continue
        try:
            row[column.field] = _value(spec, column, text, place, references)
        except InputError as error:
            problems += error.problems
    if spec.checks:
        problems += CHECKS[spec.checks](row, lambda name: table.place(index, mapping[spec.column(name)]))
    return row, problems


def _value(spec: TableSpec, column: Column, text: str, place: str, references: dict[str, dict[str, int]]) -> Any:
    if column.kind in references or column.kind in REFERENCE_FIELD:
        return _reference(column, text, place, references[column.field])
    if column.width and len(text) > column.width:
        raise _bad(
            place,
            "too_long",
            msg("The text has %(n)s characters; at most %(most)s fit."),
            msg("Shorten it."),
            n=len(text),
            most=column.width,
        )
    return PARSERS[column.kind](spec, column, text, place)


def _bad(place: str, code: str, what: str, remedy: str, **params: object) -> InputError:
    return InputError([Problem(code, what, remedy, params, place=place)])


def _reference(column: Column, text: str, place: str, known: dict[str, int]) -> int:
    if text not in known:
        raise _bad(
            place,
            "unknown_reference",
            msg("There is no %(text)s in the table %(kind)s."),
            msg("Correct the code, or import that table first."),
            text=text,
            kind=str(TABLES[column.kind].title),
        )
    return known[text]


def _choice(spec: TableSpec, column: Column, text: str, place: str) -> str:
    choices = dict(spec.model._meta.get_field(column.field).flatchoices)
    by_word = {str(value): value for value in choices} | {str(word): value for value, word in choices.items()}
    if text not in by_word:
        raise _bad(
            place,
            "unknown_choice",
            msg("%(text)s is not one of the choices."),
            msg("Use one of: %(choices)s."),
            text=text,
            choices="、".join(str(word) for word in choices.values()),
        )
    return str(by_word[text])


def _date(spec: TableSpec, column: Column, text: str, place: str) -> date:
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise _bad(place, "bad_date", msg("%(text)s is not a date."), msg("Write it like 2021-06-30."), text=text)


def _yes_no(spec: TableSpec, column: Column, text: str, place: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise _bad(place, "bad_yes_no", msg("%(text)s is neither yes nor no."), msg("Write 是 or 否."), text=text)


def _number(spec: TableSpec, column: Column, text: str, place: str) -> float | None:
    return number(text, place=place)


def _integer(spec: TableSpec, column: Column, text: str, place: str) -> int | None:
    value = number(text, place=place)
    if value is None:
        return None
    if value != int(value) or value < 0:
        raise _bad(place, "bad_integer", msg("%(text)s is not a whole number from 0."), msg("Correct it."), text=text)
    return int(value)


def _text(spec: TableSpec, column: Column, text: str, place: str) -> str:
    return text


PARSERS: dict[str, Callable[[TableSpec, Column, str, str], Any]] = {
    "text": _text,
    "code": _text,
    "choice": _choice,
    "date": _date,
    "yes_no": _yes_no,
    "number": _number,
    "integer": _integer,
}


def _repeated(
    spec: TableSpec,
    table: Table,
    mapping: dict[Column, str],
    seen: dict[tuple[Any, ...], int],
    index: int,
    row: dict[str, Any],
) -> list[Problem]:
    key = tuple(row.get(name) for name in spec.key)
    if None in key:
        return []
    first = seen.setdefault(key, index)
    if first == index:
        return []
    place = table.place(index, mapping[spec.column(spec.key[0])])
    return [
        Problem(
            "duplicate",
            msg("The same row stands at %(first)s already."),
            msg("Keep one of the two."),
            {"first": table.place(first, mapping[spec.column(spec.key[0])])},
            place=place,
        )
    ]


def write(reading: Reading, progress: Callable[[int, int], None] = lambda done, total: None) -> dict[str, int]:
    """Insert or update the good rows inside the caller's transaction; return how many of each."""
    spec = reading.spec
    existing = {
        tuple(values[:-1]): values[-1] for values in spec.model._default_manager.values_list(*_key_fields(spec), "pk")
    }
    made = changed = 0
    for start in range(0, len(reading.rows), BATCH):
        batch = reading.rows[start : start + BATCH]
        new, old = [], []
        for row in batch:
            pk = existing.get(tuple(row[name] for name in spec.key))
            (new if pk is None else old).append(_instance(spec, row, pk))
        spec.model._default_manager.bulk_create(new)
        fields = sorted({name for row in batch for name in row} - set(spec.key))
        if old and fields:
            _update(spec, old, fields)
        made, changed = made + len(new), changed + len(old)
        progress(start + len(batch), len(reading.rows))
    return {"made": made, "changed": changed, "left_out": reading.bad_rows}


def _update(spec: TableSpec, rows: list[models.Model], fields: list[str]) -> None:
    if "initials" in {f.name for f in spec.model._meta.fields} and "name_zh" in fields:
        fields = [*fields, "initials"]
    given: dict[tuple[str, ...], list[models.Model]] = {}
    for row in rows:
        given.setdefault(tuple(f for f in fields if f in row._given), []).append(row)  # type: ignore[attr-defined]
    for names, group in given.items():
        if names:
            spec.model._default_manager.bulk_update(group, names, batch_size=500)


def _key_fields(spec: TableSpec) -> Iterator[str]:
    for name in spec.key:
        yield f"{name}_id" if isinstance(spec.model._meta.get_field(name), models.ForeignKey) else name


def _instance(spec: TableSpec, row: dict[str, Any], pk: int | None) -> models.Model:
    values = {}
    for name, value in row.items():
        model_field = spec.model._meta.get_field(name)
        values[f"{name}_id" if isinstance(model_field, models.ForeignKey) else name] = value
    if "name_zh" in values and any(f.name == "initials" for f in spec.model._meta.fields):
        values["initials"] = initials(values["name_zh"])
    thing = spec.model(pk=pk, **values)
    thing._given = {*row, *(["initials"] if "initials" in values else [])}  # type: ignore[attr-defined]
    return thing
