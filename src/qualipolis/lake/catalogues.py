"""The words of methods, law and lake in Chinese, read from their own catalogues: no Django, the same wherever it runs.

A document that is set here and set again elsewhere must say the very same words, so nothing of a face is read.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

from qualipolis.lake.canonical import sha256

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGUES = ("lake", "law", "methods")


def catalogues(parts: tuple[str, ...] = CATALOGUES) -> list[Path]:
    """Return the compiled catalogues that are there, the first that knows a word says it."""
    paths = (PACKAGE / part / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo" for part in parts)
    return [path for path in paths if path.exists()]


@cache
def translator(lang: str, parts: tuple[str, ...] = CATALOGUES) -> Callable[[str], str]:
    """Return a function from English message id to words of ``lang``; English where a word is missing.

    >>> translator("en")("Weigh")
    'Weigh'
    """
    words: gettext.NullTranslations = gettext.NullTranslations()
    if lang == "zh":
        for path in reversed(catalogues(parts)):
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)
            catalogue.add_fallback(words)
            words = catalogue

    def translate(text: str) -> str:
        return words.gettext(text) if text else ""

    return translate


@cache
def words_hash() -> str:
    """Return the first 16 digits of the SHA-256 of the catalogues: other words, another hash."""
    return sha256(b"".join(path.read_bytes() for path in catalogues()))[:16]
