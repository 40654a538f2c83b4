"""The labelled questions, and whether an answer is right."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lake.scopes.synthetic import Row

from qualipolis.lake.scopes.asking import Answer, Line

HERE = Path(__file__).parent
SETS = ("scope_questions", "scope_questions_held_out", "scope_questions_last")
ON = datetime.date(2026, 1, 1)
FIRST = 5


@dataclass(frozen=True)
class Asked:
    """A question and what it is to find: codes of the catalogue with a parameter and an edition, ``-`` for nothing."""

    language: str
    question: str
    expects: tuple[str, ...]


def questions(name: str) -> list[Asked]:
    """Return one set of questions."""
    with (HERE / f"{name}.csv").open(encoding="utf-8") as file:
        return [Asked(r["lang"], r["question"], tuple(r["expects"].split(" | "))) for r in csv.DictReader(file)]


def fits(expected: str, line: Line, rows: Sequence[Row | None]) -> bool:
    """Whether a line is one expected: ``EL06/过充电@2022``, ``EL06/*``, or ``=ISO 6612`` by the number of its standard."""
    if expected.startswith("="):
        return line.standard.startswith(expected[1:])
    said, _, year = expected.removeprefix("other:").partition("@")
    code, _, parameter = said.partition("/")
    row = rows[line.line]
    own = row is not None and row.code == code and parameter in ("", "*", row.label)
    return own and (not year or (row is not None and row.standard.endswith(year)))


def right(one: Asked, answer: Answer, rows: Sequence[Row | None]) -> bool:
    """Whether one of the first five institutions answers with a line that was expected among its best."""
    if one.expects == ("-",):
        return not answer.found
    other = one.expects[0].startswith("other:")
    if other and answer.found:
        return False
    pool = answer.others if other else answer.found or answer.near
    lines = [line for found in pool[:FIRST] for line in found.lines[: found.wanted]]
    return any(fits(expected, line, rows) for expected in one.expects for line in lines)
