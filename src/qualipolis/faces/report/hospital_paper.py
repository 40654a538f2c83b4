"""A paper of the product hospital as PDF: facts, parts with tables, pictures and paragraphs, lines to sign.

>>> from datetime import UTC, datetime
>>> made = Paper("en", "Example", False, "Prescription", "No. 1", (("Firm", "A"),),
...              (Part("Items", heads=("What",), widths=(1.0,), rows=(("Clean",),)),), made=datetime(2026, 3, 2, tzinfo=UTC))
>>> render_hospital_paper(made)[:5]
b'%PDF-'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .typefaces import texts, tidy
from .typesetting import frame, tidied, typeset
from .words import Lang, shorten

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
RAISED = re.compile("[⁰⁴⁵⁶⁷⁸⁹⁻⁺][⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]*")
LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


@dataclass(frozen=True)
class Part:
    """A part of a paper under its title: paragraphs, a picture (SVG), a table with shares of the width, facts."""

    title: str
    paragraphs: Sequence[str] = ()
    heads: Sequence[str] = ()
    widths: Sequence[float] = ()
    rows: Sequence[Sequence[str]] = ()
    numeric: Sequence[int] = ()
    facts: Sequence[tuple[str, str]] = ()
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Paper:
    """All that a paper says, in words of one language; ``caveat`` stands marked below the title."""

    lang: Lang
    city: str
    synthetic: bool
    title: str
    number: str
    facts: Sequence[tuple[str, str]] = ()
    parts: Sequence[Part] = ()
    notes: Sequence[str] = ()
    signed: Sequence[str] = ()
    caveat: str = ""
    flipped: bool = False
    made: datetime = EPOCH


def _lines(text: str) -> list[str]:
    return text.splitlines() or [""]


def _part(part: Part) -> dict[str, object]:
    return {
        "title": part.title,
        "paragraphs": [line for one in part.paragraphs for line in _lines(one) if line.strip()],
        "heads": list(part.heads),
        "widths": list(part.widths),
        "rows": [[_lines(cell) for cell in row] for row in part.rows],
        "numeric": list(part.numeric),
        "facts": [[label, _lines(text)] for label, text in part.facts],
        "picture": part.picture,
        "alt": part.alt,
    }


def document(paper: Paper) -> dict[str, object]:
    """Return the data of the template: words already, nothing that could be read as markup."""
    header = {"header": shorten(paper.title, 34 if paper.lang == "zh" else 46)}
    plain = frame(paper.lang, paper.title, shorten(paper.city, 20), paper.synthetic, paper.number)
    facts = [list(one) for one in paper.facts]
    return {
        "frame": plain | header,
        "title": paper.title,
        "number": paper.number,
        "caveat": paper.caveat,
        "facts": facts + [["", ""]] * (len(facts) % 2),
        "parts": [_part(one) for one in paper.parts],
        "notes": list(paper.notes),
        "signed": list(paper.signed),
        "flipped": paper.flipped,
    }


def plain(value: object) -> object:
    """Return ``value`` with every raised figure inside it as a plain one: few fonts have all of them.

    >>> plain("1×10⁻⁸ Pa·m³/s")
    '1×10^-8 Pa·m³/s'
    """
    if isinstance(value, str):
        return RAISED.sub(lambda run: "^" + run.group().translate(LOWERED), value)
    if isinstance(value, Mapping):
        return {key: inner if key == "picture" else plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def checked(data: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return every text with a place a person can find; pictures are drawn by us."""
    parts = data["parts"]
    assert isinstance(parts, list)
    shown = [{key: inner for key, inner in part.items() if key != "picture"} for part in parts]
    return [(place, tidy(text)) for place, text in texts({**data, "parts": shown})]


def render_hospital_paper(paper: Paper) -> bytes:
    """Return the paper as PDF bytes (PDF/A-2a, PDF/UA-1); the same paper gives the same bytes.

    Raises
    ------
    InputError : a character has no shape in the fonts
    """
    data = tidied(plain(document(paper)))
    if not isinstance(data, dict):
        raise TypeError("a document is a mapping")
    return typeset("hospital.typ", data, paper.made, checked(data))
