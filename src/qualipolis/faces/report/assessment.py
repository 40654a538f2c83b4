"""The report of an assessment as PDF: ranks with their uncertainty first, then dimensions, method and verification.

>>> from datetime import UTC, datetime
>>> unit = ReportUnit("A", "Alpha", "", 61.0, 1, False, 1, 2, 1.0, None)
>>> report = AssessmentReport("en", "Assessment", "", "Example", "2026", True, "", "", datetime(2026, 1, 1, tzinfo=UTC),
...                           "towns", (unit,), (), "Index", 100, 1)
>>> render_assessment(report)[:5]
b'%PDF-'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from . import appendices, findings, ranking
from .method_words import MethodPart, Robust
from .typefaces import texts, tidy
from .typesetting import frame, moment, tidied, typeset
from .words import Lang, shorten, word


@dataclass(frozen=True)
class ReportUnit:
    """One assessed unit. ``None`` means that there is no value, never zero.

    ``rank_lo``, ``rank_hi`` and ``rank_median`` come from the simulation; ``prev_rank`` is the rank one period ago.
    """

    code: str
    name: str
    group: str
    score: float | None
    rank: int | None
    tied: bool = False
    rank_lo: float | None = None
    rank_hi: float | None = None
    rank_median: float | None = None
    prev_rank: int | None = None
    grade: str | None = None
    note: str | None = None
    dims: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class AssessmentReport:
    """All that the report of one assessment says.

    ``units_label`` is the plural word for what is assessed. ``framework_rows`` hold level (1 for basic indicators),
    code, name, weight, direction (1, -1 or None) and unit, in the order of the tree, root first. When ``findings`` is
    empty they are derived from the numbers; when it is not, the first one becomes the title of the first page.
    ``method_parts`` say the method step by step with formula and source, and then stand in for ``method_lines``;
    ``robust`` gets a page of its own.
    """

    lang: Lang
    title: str
    subtitle: str
    city: str
    period: str
    synthetic: bool
    release_number: str
    release_hash: str
    created_at: datetime
    units_label: str
    unit_rows: Sequence[ReportUnit]
    dim_names: Sequence[str]
    node_name: str
    replicates: int
    seed: int
    interval_level: float = 0.90
    method_lines: Sequence[tuple[str, str]] = ()
    framework_rows: Sequence[tuple[int, str, str, float | None, int | None, str]] = ()
    warnings: Sequence[str] = ()
    data_note: str = ""
    findings: Sequence[str] = field(default=())
    method_parts: Sequence[MethodPart] = ()
    robust: Robust | None = None


def checked_texts(report: AssessmentReport) -> list[tuple[str, str]]:
    """Return every text that came from outside, with a place a person can find."""
    plain = {
        key: getattr(report, key)
        for key in ("title", "subtitle", "city", "period", "release_number", "release_hash", "units_label", "node_name")
    }
    plain |= {"data_note": report.data_note}
    lists = {
        "dim_names": report.dim_names,
        "method_lines": report.method_lines,
        "framework_rows": report.framework_rows,
        "warnings": report.warnings,
        "findings": report.findings,
        "method_parts": [[one.heading, one.text, *one.formula, one.source] for one in report.method_parts],
    }
    if report.robust is not None:
        lists["robust"] = [report.robust.rows, report.robust.notes, [names for _, names in report.robust.tiers]]
    found = [*texts(plain), *texts(lists)]
    for index, unit in enumerate(report.unit_rows, start=1):
        for key in ("code", "name", "group", "grade", "note"):
            value = getattr(unit, key)
            if value:
                found.append((f"unit_rows {index} ({unit.code}).{key}", value))
    return [(place, tidy(text)) for place, text in found]


def footer_text(report: AssessmentReport) -> str:
    """Return the release badge in words: version, date, short hash."""
    lang = report.lang
    parts = [
        word(lang, "release", report.release_number) if report.release_number else word(lang, "unreleased"),
        word(lang, "as_of", f"{moment(report.created_at):%Y-%m-%d}"),
    ]
    if report.release_hash:
        short = report.release_hash
        short = f"{short[:8]}…{short[-4:]}" if len(short) > 16 else short
        parts.append(word(lang, "hash_short", short))
    return word(lang, "comma").join(parts)


def document(report: AssessmentReport) -> dict[str, object]:
    """Return the data of the template: every number already in words, nothing that could be read as markup."""
    said = findings.told(report)
    city = "" if report.city in report.title else report.city
    kicker = " · ".join(part for part in (city, report.title, report.period) if part)
    return {
        "frame": frame(
            report.lang, report.title, shorten(report.city, 20), report.synthetic, shorten(footer_text(report), 70)
        )
        | {"header": shorten(report.title, 34 if report.lang == "zh" else 46)},
        "kicker": kicker,
        "headline": said[0],
        "subtitle": report.subtitle,
        "paragraphs": list(said[1:]),
        "ranking": ranking.table(report),
        "dims": appendices.dimensions(report),
        "robust": appendices.robust(report),
        "method": appendices.method(report),
        "framework": appendices.framework(report),
        "warnings": appendices.warnings(report),
        "verify": appendices.verification(report),
    }


def render_assessment(report: AssessmentReport) -> bytes:
    """Return the report as PDF bytes (PDF/A-2a and PDF/UA-1); the same report gives the same bytes.

    Raises
    ------
    InputError : a character of the report has no shape in the fonts, or no fonts are there
    """
    data = tidied(document(report))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    return typeset("assessment.typ", data, report.created_at, checked_texts(report))
