"""The report of a laboratory on one sample as PDF, under its blind code; the CMA mark stands only on a valid scope.

>>> from datetime import UTC, datetime
>>> made = LabReportPaper("en", "Example", True, "K7M2QX9TAZ", "BG-1", 1, "issued", "pass", "LAB1", "Toys", "GB 6675",
...                       "Rules", "3 pieces", "", "", "", "", "", "", datetime(2026, 5, 6, tzinfo=UTC), (), (), 0)
>>> render_test_report(made)[:5]
b'%PDF-'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .test_report_words import said
from .typefaces import texts, tidy
from .typesetting import frame, tidied, typeset
from .words import Lang, shorten, word

DASH = "—"


@dataclass(frozen=True)
class PaperItem:
    """One item: name, requirement, result and uncertainty in words, and "pass", "fail", "not_tested" or nothing."""

    name: str
    limit: str
    value: str
    uncertainty: str
    outcome: str


@dataclass(frozen=True)
class LabReportPaper:
    """All that the report says on paper; days are ISO texts, empty when they are not known.

    ``certificates`` are the CMA certificates that cover the tested items on the day of the test, ``uncovered`` how many
    items none covers: the mark is set when it is 0 and there is a certificate.
    """

    lang: Lang
    city: str
    synthetic: bool
    code: str
    number: str
    version: int
    status: str
    verdict: str
    laboratory: str
    category: str
    standard: str
    rule: str
    quantity: str
    received_on: str
    tested_on: str
    issued_on: str
    signatory: str
    reason: str
    remarks: str
    created_at: datetime
    items: Sequence[PaperItem]
    certificates: Sequence[str]
    uncovered: int

    @property
    def marked(self) -> bool:
        """Whether the report carries the CMA mark."""
        return bool(self.certificates) and self.uncovered == 0


def document(paper: LabReportPaper) -> dict[str, object]:
    """Return the data of the template: everything in words already, nothing that could be read as markup."""
    lang = paper.lang
    title = " ".join((said(lang, "kicker"), paper.number or paper.code))
    state = {"issued": "", "accepted": "", "withdrawn": said(lang, "withdrawn")}
    failed = [one.name for one in paper.items if one.outcome == "fail"]
    footer = said(lang, "footer", paper.number or paper.code, paper.version)
    return {
        "frame": frame(lang, title, shorten(paper.laboratory, 20), paper.synthetic, footer)
        | {"header": shorten(title, 34 if lang == "zh" else 46)},
        "kicker": " · ".join((said(lang, "kicker"), paper.laboratory)),
        "headline": said(lang, paper.verdict or "open"),
        "status": state.get(paper.status, said(lang, "unissued")),
        "failed": said(lang, "failed_items", word(lang, "list_comma").join(failed)) if failed else "",
        "caveat": said(lang, "caveat") + (" " if lang == "en" else "") + said(lang, "blind"),
        "mark": "CMA" if paper.marked else "",
        "scope": _scope(paper),
        "facts": _facts(paper),
        "items": _items(paper),
        "rules": said(lang, "rules"),
        "remarks_title": said(lang, "remarks"),
        "remarks": paper.remarks,
    }


def _scope(paper: LabReportPaper) -> str:
    if paper.marked:
        return said(paper.lang, "marked", word(paper.lang, "list_comma").join(paper.certificates))
    return said(paper.lang, "unmarked", paper.uncovered) if paper.uncovered else ""


def _facts(paper: LabReportPaper) -> list[list[str]]:
    version = said(paper.lang, "first", paper.version)
    if paper.version > 1:
        version = said(paper.lang, "amended", paper.version, paper.reason or DASH)
    values = {
        "number": paper.number, "version": version, "code": paper.code, "class": paper.category,
        "standard": paper.standard, "rule": paper.rule, "quantity": paper.quantity, "received": paper.received_on,
        "tested": paper.tested_on, "issued": paper.issued_on, "laboratory": paper.laboratory, "signed": paper.signatory,
    }  # fmt: skip
    return [[said(paper.lang, key), value or DASH] for key, value in values.items()]


def _items(paper: LabReportPaper) -> dict[str, object]:
    words = {"pass": "conforming", "fail": "nonconforming", "not_tested": "not_tested"}
    return {
        "title": said(paper.lang, "items"),
        "heads": [said(paper.lang, key) for key in ("item", "limit", "value", "uncertainty", "outcome")],
        "rows": [
            [one.name, one.limit, one.value, one.uncertainty, said(paper.lang, words.get(one.outcome, "undecided"))]
            for one in paper.items
        ],
    }


def render_test_report(paper: LabReportPaper) -> bytes:
    """Return the report as PDF bytes (PDF/A-2a and PDF/UA-1); the same report gives the same bytes.

    Raises
    ------
    InputError : a character of the report has no shape in the fonts, or no fonts are there
    """
    data = tidied(document(paper))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    outside = {
        "facts": _facts(paper),
        "items": [list(vars(one).values()) for one in paper.items],
        "remarks": paper.remarks,
    }
    checked = [(place, tidy(text)) for place, text in texts(outside)]
    return typeset("test_report.typ", data, paper.created_at, checked)
