"""The figures of questions and of an examination, from the papers that were marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qualipolis.city.talent.models import Exam, Sitting
from qualipolis.law.terms import rule_number
from qualipolis.methods.exams.items import ItemFigures, Reliability, error_of_mark, item_figures, nested_reliability
from qualipolis.methods.problems import InputError

MARKED = ("marked", "contested", "upheld", "remarked")
MOST_PAPERS = 5_000


@dataclass(frozen=True)
class Analysis:
    """Papers, questions with enough answers, those with too few, the reliability and the error of a mark."""

    papers: int
    passed: int
    items: tuple[ItemFigures, ...]
    too_few: int
    reliability: Reliability | None
    error: float | None
    least: int


def _shares(rows: Sequence[Sitting]) -> tuple[list[str], list[list[float]]]:
    codes = sorted({f"{one['code']}@{one['version']}" for row in rows for one in row.paper})
    place = {code: n for n, code in enumerate(codes)}
    matrix = []
    for row in rows:
        line = [float("nan")] * len(codes)
        for one in row.paper:
            line[place[f"{one['code']}@{one['version']}"]] = row.marks.get(str(one["place"]), 0.0) / float(
                one["points"]
            )
        matrix.append(line)
    return codes, matrix


def analysis(exams: Any = None) -> Analysis:
    """Return the figures of all examinations, or of some; questions below the least number of answers are only counted."""
    rows = Sitting.objects.filter(status__in=MARKED).order_by("pk")
    rows = rows.filter(exam__in=exams) if exams is not None else rows
    papers, least = list(rows[:MOST_PAPERS]), rule_number("exam.analysis")
    if not papers:
        return Analysis(0, 0, (), 0, None, None, least)
    codes, matrix = _shares(papers)
    items = item_figures(matrix, codes)
    enough = tuple(sorted((one for one in items if one.n >= least), key=lambda one: (not one.flags, one.code)))
    reliability, error = _reliability(papers, least)
    passed = sum(bool(row.passed) for row in papers)
    return Analysis(len(papers), passed, enough, len(items) - len(enough), reliability, error, least)


def _reliability(papers: Sequence[Sitting], least: int) -> tuple[Reliability | None, float | None]:
    """Papers are drawn anew for each candidate, so that the luck of the draw counts as error."""
    if len(papers) < least:
        return None, None
    marks = [[row.marks.get(str(one["place"]), 0.0) / float(one["points"]) for one in row.paper] for row in papers]
    try:
        found = nested_reliability(marks)
    except InputError:
        return None, None
    return found, error_of_mark(found, [100 * (row.points or 0) / (row.most or 1) for row in papers])


def of_exam(exam: Exam) -> Analysis:
    """Return the figures of one examination."""
    return analysis([exam])
