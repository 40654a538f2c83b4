"""A document of the handling as PDF: title, number, to whom, paragraphs, a table, facts, lines to fill in, who signs.

>>> from datetime import UTC, datetime
>>> made = Paper("en", "Example", False, "Order to correct", "No. 1", "To: a firm", ("Correct by 6 May 2026.",),
...              created_at=datetime(2026, 3, 2, tzinfo=UTC))
>>> render_paper(made)[:5]
b'%PDF-'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .typefaces import texts, tidy
from .typesetting import frame, tidied, typeset
from .words import Lang, shorten

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Paper:
    """All that a document says, in words of one language.

    ``facts`` are (label, value), ``heads`` and ``rows`` a table of four columns, ``blanks`` (label, lines) to be filled
    in by hand, ``signed`` the lines at the lower right, ``notes`` small print.
    """

    lang: Lang
    city: str
    synthetic: bool
    title: str
    number: str
    addressee: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    table_title: str = ""
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    blanks: Sequence[tuple[str, int]] = ()
    signed: Sequence[str] = ()
    notes: Sequence[str] = ()
    created_at: datetime = EPOCH


def document(paper: Paper) -> dict[str, object]:
    """Return the data of the template: words already, nothing that could be read as markup."""
    header = {"header": shorten(paper.title, 34 if paper.lang == "zh" else 46)}
    plain = frame(paper.lang, paper.title, shorten(paper.city, 20), paper.synthetic, paper.number)
    return {
        "frame": plain | header,
        "title": paper.title,
        "number": paper.number,
        "addressee": paper.addressee,
        "paragraphs": list(paper.paragraphs),
        "facts": [list(one) for one in paper.facts],
        "items": {"title": paper.table_title, "heads": list(paper.heads), "rows": [list(row) for row in paper.rows]},
        "blanks": [{"label": label, "lines": lines} for label, lines in paper.blanks],
        "signed": list(paper.signed),
        "notes": list(paper.notes),
    }


def checked_texts(paper: Paper) -> list[tuple[str, str]]:
    """Return every text that came from outside, with a place a person can find."""
    plain = {"city": paper.city, "title": paper.title, "number": paper.number, "addressee": paper.addressee}
    lists = {
        "paragraphs": list(paper.paragraphs),
        "facts": [list(one) for one in paper.facts],
        "rows": [list(row) for row in paper.rows],
        "signed": list(paper.signed),
        "notes": list(paper.notes),
    }
    return [(place, tidy(text)) for place, text in [*texts(plain), *texts(lists)]]


def render_paper(paper: Paper) -> bytes:
    """Return the document as PDF bytes (PDF/A-2a and PDF/UA-1); the same document gives the same bytes.

    Raises
    ------
    InputError : a character has no shape in the fonts
    """
    data = tidied(document(paper))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    return typeset("handling.typ", data, paper.created_at, checked_texts(paper))
