"""A letter of the organiser to one party as PDF: what was found or ordered, its rights, a slip for the receipt.

>>> from datetime import UTC, datetime
>>> made = Letter("en", "Example", True, "Notice", "No. 1", "To a firm", "Result", ("One paragraph.",), (), (), (),
...               (), "Your rights", ("You may object.",), "Office", "6 May 2026", (), "", datetime(2026, 5, 6, tzinfo=UTC))
>>> render_letter(made)[:5]
b'%PDF-'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .typefaces import texts, tidy
from .typesetting import frame, tidied, typeset
from .words import Lang, shorten


@dataclass(frozen=True)
class Letter:
    """All that a letter says on paper, every text in words already.

    ``facts`` are pairs; ``heads`` and ``rows`` one table of four columns; ``receipt`` the lines of the slip at its foot.
    """

    lang: Lang
    city: str
    synthetic: bool
    kicker: str
    number: str
    addressee: str
    headline: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    titles: Sequence[str]
    rights_title: str
    rights: Sequence[str]
    office: str
    day: str
    receipt: Sequence[str]
    note: str
    created_at: datetime


def document(letter: Letter) -> dict[str, object]:
    """Return the data of the template: everything in words already, nothing that could be read as markup."""
    title = " ".join(part for part in (letter.kicker, letter.number) if part)
    return {
        "frame": frame(letter.lang, title, shorten(letter.city, 20), letter.synthetic, title)
        | {"header": shorten(title, 34 if letter.lang == "zh" else 46)},
        "kicker": " · ".join(part for part in (letter.kicker, letter.city) if part),
        "headline": letter.headline,
        "number": letter.number,
        "addressee": letter.addressee,
        "paragraphs": list(letter.paragraphs),
        "facts": [list(fact) for fact in letter.facts],
        "items": {
            "title": letter.titles[0] if letter.titles else "",
            "heads": list(letter.heads),
            "rows": [list(row) for row in letter.rows],
        },
        "rights_title": letter.rights_title,
        "rights": list(letter.rights),
        "office": letter.office,
        "day": letter.day,
        "receipt": list(letter.receipt),
        "note": letter.note,
    }


def render_letter(letter: Letter) -> bytes:
    """Return the letter as PDF bytes (PDF/A-2a and PDF/UA-1); the same letter gives the same bytes.

    Raises
    ------
    InputError : a character of the letter has no shape in the fonts, or no fonts are there
    """
    data = tidied(document(letter))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    plain = {
        "number": letter.number,
        "addressee": letter.addressee,
        "headline": letter.headline,
        "office": letter.office,
    }
    lists = {
        "paragraphs": list(letter.paragraphs),
        "facts": [list(fact) for fact in letter.facts],
        "rows": [list(row) for row in letter.rows],
        "rights": list(letter.rights),
    }
    checked = [(place, tidy(text)) for place, text in [*texts(plain), *texts(lists)]]
    return typeset("letter.typ", data, letter.created_at, checked)
