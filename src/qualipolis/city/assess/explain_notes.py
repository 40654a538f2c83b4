"""What a person notes down about effort, for nobody else: kept among the own drafts, read defensively."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from qualipolis.city.assess.book import Book
from qualipolis.city.core import drafts

LARGEST = 1e9


def note_key(read: Book, unit: str) -> str:
    """Return the name of the note about a unit in a year."""
    return f"effort:{read.year}:{unit.lower()}"


def efforts(person: Any, read: Book, unit: str) -> dict[str, float]:
    """Return indicator -> effort as the person noted it; what is no number above 0 is left out."""
    if not getattr(person, "pk", None):
        return {}
    kept = drafts.read(person, note_key(read, unit))
    return efforts_of(kept["data"], read) if kept else {}


def efforts_of(said: Mapping[str, Any], read: Book) -> dict[str, float]:
    """Return the efforts that a form holds (``e.CODE``).

    Parameters
    ----------
    said : names of fields to their text
    """
    found = {}
    for fact in read.indicators:
        effort = number(said.get(f"e.{fact.code}"))
        if effort is not None:
            found[fact.code] = effort
    return found


def number(text: Any) -> float | None:
    """Return an effort, or None when the text is none.

    >>> number("3"), number("０.５"), number("-1"), number("much"), number(None)
    (3.0, 0.5, None, None, None)
    """
    try:
        value = float(unicodedata.normalize("NFKC", text).replace(",", "")) if isinstance(text, str) else math.nan
    except ValueError:
        return None
    return value if 0 < value <= LARGEST else None
