"""The notice of results (通报) as PDF: the finding, counts by grade, tiers, vetoes, rectifications, verification.

>>> from datetime import UTC, datetime
>>> made = NoticeReport("en", "Example", 2026, True, "8", "2026-05-06", "issued", "2026-R1", "ab" * 32,
...                     datetime(2026, 5, 6, tzinfo=UTC), (("A", 1),), 1)
>>> render_notice(made)[:5]
b'%PDF-'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .notice_words import said
from .typefaces import texts, tidy
from .typesetting import frame, tidied, typeset
from .words import Lang, shorten, word

COMMAND = "qualipolis verify release DIR"


@dataclass(frozen=True)
class Veto:
    """A veto, or an indicator that scores 0 for falsified data (then ``indicator`` names it)."""

    unit: str
    reason: str
    document: str
    indicator: str = ""


@dataclass(frozen=True)
class NoticeReport:
    """All that a notice says on paper.

    ``grades`` hold (grade, units), ``tiers`` (number, names by code). ``status`` is draft, issued or withdrawn.
    ``rectifications`` hold (unit, cause, due day), ``rectify`` how many there are in all where not all are listed, and
    ``rectify_due`` their last day. With ``public`` the text, the remarks in it and the names of those that rectify are
    left out; ``cut`` says that what is about other units than the reader's is.
    """

    lang: Lang
    city: str
    year: int
    synthetic: bool
    document: str
    issued_on: str
    status: str
    release_number: str
    release_hash: str
    created_at: datetime
    grades: Sequence[tuple[str, int]]
    units: int
    ungraded: int = 0
    paragraphs: Sequence[str] = ()
    tiers: Sequence[tuple[int, Sequence[str]]] = ()
    replicates: int = 0
    interval_level: float = 0.90
    vetoes: Sequence[Veto] = ()
    rectifications: Sequence[tuple[str, str, str]] = ()
    rectify: int = 0
    rectify_due: str = ""
    meeting_on: str = ""
    decision: str = ""
    public: bool = False
    cut: bool = False
    withdrawal_reason: str = ""


def headline(report: NoticeReport) -> str:
    """Return the finding: how many reach A or B, how many are D, and how many of those by veto.

    >>> from datetime import UTC, datetime
    >>> made = NoticeReport("en", "", 2026, True, "", "", "draft", "", "", datetime(2026, 1, 1, tzinfo=UTC),
    ...                     (("A", 2), ("C", 1)), 3)
    >>> headline(made)
    '2 of 3 units reach grade A or B, none is D'
    """
    counts = dict(report.grades)
    good, low = counts.get("A", 0) + counts.get("B", 0), counts.get("D", 0)
    vetoed = sum(1 for one in report.vetoes if not one.indicator)
    if report.lang == "zh":
        tail = f"{low}个为D级" if low else "没有D级"
        tail += f"（{vetoed}个因一票否决）" if vetoed else ""
        return f"{report.units}个镇街（园区）中{good}个达到A、B级，{tail}"
    tail = f"{low} are D" if low > 1 else "1 is D" if low else "none is D"
    return f"{good} of {report.units} units reach grade A or B, {tail}" + (f", {vetoed} by veto" if vetoed else "")


def _day(lang: Lang, text: str) -> str:
    """Write an ISO day in the words of the language; anything else stays as it is."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.year}年{found.month}月{found.day}日" if lang == "zh" else f"{found.day} {found:%B} {found.year}"


def checked_texts(report: NoticeReport) -> list[tuple[str, str]]:
    """Return every text that came from outside, with a place a person can find."""
    plain = {
        key: getattr(report, key)
        for key in ("city", "document", "release_number", "decision", "meeting_on", "withdrawal_reason")
    }
    vetoes = [[one.unit, one.reason, one.document, one.indicator] for one in report.vetoes]
    lists = {
        "paragraphs": report.paragraphs,
        "tiers": [list(names) for _number, names in report.tiers],
        "vetoes": vetoes,
        "rectifications": [list(row) for row in report.rectifications],
    }
    return [(place, tidy(text)) for place, text in [*texts(plain), *texts(lists)]]


def _status(report: NoticeReport) -> str:
    lang = report.lang
    if report.status == "issued":
        return said(lang, "issued", report.document, _day(lang, report.issued_on))
    if report.status == "withdrawn":
        return word(lang, "colon").join((said(lang, "withdrawn"), report.withdrawal_reason or report.document))
    return said(lang, "draft")


def _grades(report: NoticeReport) -> dict[str, object]:
    lang, total = report.lang, report.units
    spans = {grade: said(lang, f"span_{grade}") for grade in "ABCD"}
    counts = dict.fromkeys(spans, 0) | dict(report.grades)
    rows = [[grade, spans.get(grade, ""), str(n), _share(n, total)] for grade, n in counts.items()]
    if report.ungraded:
        rows.append([said(lang, "ungraded"), "", str(report.ungraded), _share(report.ungraded, total)])
    return {
        "title": said(lang, "grades_title"),
        "heads": [said(lang, key) for key in ("grade", "span", "count", "share")],
        "rows": rows,
        "note": said(lang, "grades_note"),
    }


def _share(n: int, total: int) -> str:
    return f"{100 * n / total:.0f}%" if total else "—"


def _tiers(report: NoticeReport, number: int) -> dict[str, object]:
    lang = report.lang
    comma = word(lang, "list_comma")
    interval = said(lang, "interval_none")
    if report.replicates > 0:
        interval = said(lang, "interval", round(report.interval_level * 100), f"{report.replicates:,}")
    return {
        "heading": said(lang, "tiers_heading"),
        "interval": interval,
        "title": said(lang, "tiers_title", number),
        "heads": [said(lang, key) for key in ("tier", "count", "units")],
        "rows": [[str(tier), str(len(names)), comma.join(names)] for tier, names in report.tiers],
        "none": said(lang, "no_tiers"),
    }


def _vetoes(report: NoticeReport, number: int) -> dict[str, object]:
    lang = report.lang
    rows = [
        [
            one.unit,
            said(lang, "falsified", one.indicator) if one.indicator else said(lang, "veto"),
            one.reason or "—",
            one.document or "—",
        ]
        for one in report.vetoes
    ]
    return {
        "heading": said(lang, "vetoes_heading"),
        "title": said(lang, "vetoes_title", number),
        "heads": [said(lang, key) for key in ("unit", "what", "reason", "document")],
        "rows": rows,
        "none": said(lang, "vetoes_none"),
    }


def _rectify(report: NoticeReport, number: int) -> dict[str, object]:
    lang, rows = report.lang, report.rectifications
    n = max(len(rows), report.rectify)
    count = (
        said(lang, "rectify_none") if not n else said(lang, "rectify_one") if n == 1 else said(lang, "rectify_count", n)
    )
    shown = [] if report.public else _alike(lang, rows)
    last = _day(lang, max((report.rectify_due, *(due for _unit, _cause, due in rows))))
    act = said(lang, "act_words" if n != 1 else "act_words_one", n, last) if n else said(lang, "act_none")
    return {
        "heading": said(lang, "rectify_heading"),
        "count": count,
        "title": said(lang, "rectify_title", number),
        "heads": [said(lang, key) for key in ("cause", "due", "count", "units_plain")],
        "rows": shown,
        "act_title": said(lang, "act"),
        "act": act,
    }


def _alike(lang: Lang, rows: Sequence[tuple[str, str, str]]) -> list[list[str]]:
    """Return one line for each cause and day, with how many and the names of the units."""
    groups: dict[tuple[str, str], list[str]] = {}
    for unit, cause, due in rows:
        groups.setdefault((cause, due), []).append(unit)
    comma = word(lang, "list_comma")
    return [
        [said(lang, f"cause_{cause}"), _day(lang, due), str(len(names)), comma.join(names)]
        for (cause, due), names in groups.items()
    ]


def _verify(report: NoticeReport) -> dict[str, object]:
    lang = report.lang
    return {
        "heading": said(lang, "verify_heading"),
        "lead": said(lang, "verify_lead", report.release_number),
        "run": said(lang, "verify_run"),
        "command": COMMAND,
        "hash_words": said(lang, "verify_hash"),
        "hash": [report.release_hash[i : i + 8] for i in range(0, len(report.release_hash), 8)],
    }


def document(report: NoticeReport) -> dict[str, object]:
    """Return the data of the template: everything in words already, nothing that could be read as markup."""
    lang = report.lang
    title = f"{report.year}年度{said(lang, 'kicker')}" if lang == "zh" else f"{said(lang, 'kicker')} {report.year}"
    short = f"{report.release_hash[:8]}…{report.release_hash[-4:]}"
    part = said(lang, "public_part" if report.public else "own_part" if report.cut else "all_parts")
    second = 1 + bool(report.tiers)
    third = second + bool(report.vetoes)
    basis = said(lang, "decided", _day(lang, report.meeting_on), report.decision) if report.decision else ""
    return {
        "frame": frame(
            lang, title, shorten(report.city, 20), report.synthetic, said(lang, "footer", report.release_number, short)
        )
        | {"header": shorten(title, 34 if lang == "zh" else 46)},
        "kicker": " · ".join(one for one in (report.city, title, part) if one),
        "headline": headline(report),
        "status": _status(report),
        "basis": basis,
        "text_heading": said(lang, "text"),
        "paragraphs": [] if report.public else list(report.paragraphs),
        "public_note": said(lang, "public_note" if report.public else "own_note")
        if report.public or report.cut
        else "",
        "grades": _grades(report),
        "tiers": _tiers(report, second),
        "vetoes": _vetoes(report, third),
        "rectify": _rectify(report, third + 1),
        "verify": _verify(report),
    }


def render_notice(report: NoticeReport) -> bytes:
    """Return the notice as PDF bytes (PDF/A-2a and PDF/UA-1); the same notice gives the same bytes.

    Raises
    ------
    InputError : a character of the notice has no shape in the fonts, or no fonts are there
    """
    data = tidied(document(report))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    return typeset("notice.typ", data, report.created_at, checked_texts(report))
