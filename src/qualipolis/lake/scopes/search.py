"""Scope search: a folder with an index, asked in Chinese or English."""

from __future__ import annotations

import re
import threading
from datetime import date
from pathlib import Path

from qualipolis.lake.scopes.asking import Answer, Wish, ask
from qualipolis.lake.scopes.index import Coded, Index, Meta, build, current, open_index
from qualipolis.lake.scopes.numbers import Number
from qualipolis.lake.scopes.reading import read
from qualipolis.lake.scopes.terms import LATIN, stem, terms
from qualipolis.lake.search.tokens import tokens
from qualipolis.methods.text.normalise import normalise
from qualipolis.methods.text.retrieve import Guess, Speller, speller

MOST_TEXTS = 50_000


class ScopeSearch:
    """The scopes of all institutions, ready to be asked; looks by itself whether the index was built anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._seen = ""
        self._index: Index | None = None
        self._speller: Speller | None = None

    def build(self, scopes: Coded, stamp: str = "") -> Meta:
        """Build the index anew; those who search meanwhile read the old one to the end."""
        return build(self.folder, scopes, stamp)

    @property
    def stamp(self) -> str | None:
        """What the index was made of; None where there is none that can be read."""
        try:
            return self.index.meta.stamp
        except (ValueError, OSError):
            return None

    @property
    def index(self) -> Index:
        """The index as it stands now."""
        name = current(self.folder)
        with self._lock:
            if self._index is None or name != self._seen:
                self._index, self._speller, self._seen = open_index(self.folder), None, name
            return self._index

    def search(self, said: str, wish: Wish) -> Answer:
        """Return who can do what ``said`` asks for, on the day and from the place of ``wish``."""
        index = self.index
        question = read(said, self._guess, lambda body: _known(index, body))
        return ask(index, question, wish)

    def warm(self) -> None:
        """Make what the first question would wait for."""
        self.search("板材甲荃 formaldehide", Wish(date(2026, 1, 1)))

    def _guess(self, word: str) -> Guess | None:
        """Return what an unknown word may have meant; a word that stands in a name is none of them."""
        known = self._spelling()
        return None if word.isascii() and stem(word) in known.counts else known.guess(word)

    def _spelling(self) -> Speller:
        index = self.index
        with self._lock:
            if self._speller is None:
                self._speller = speller(_counts(index))
            return self._speller


def _counts(index: Index) -> dict[str, int]:
    """Return the words that may be meant: those of the terms, and pairs of characters of what is listed."""
    counts: dict[str, int] = {}
    for term in terms().by_code.values():
        for name in term.zh:
            for word in tokens(name):
                counts[word] = counts.get(word, 0) + 5
        for name in term.en:
            for word in LATIN.findall(normalise(name)):
                counts[stem(word)] = counts.get(stem(word), 0) + 5
    return counts


def _known(index: Index, body: str) -> Number | None:
    """Return the standard that a number without its letters can only be; GB before all others."""
    found = _families(index).get(body, [])
    own = [text for text in found if text.startswith("GB ")]
    chosen = own or (found if len(found) == 1 else [])
    return Number(*chosen[0].rsplit(" ", 1)) if chosen else None


def _families(index: Index) -> dict[str, list[str]]:
    cache: dict[str, list[str]] | None = getattr(index, "_bodies", None)
    if cache is None:
        cache = {}
        for text in index.standards.families:
            prefix, _, body = text.rpartition(" ")
            if prefix and re.fullmatch(r"[\d.]+", body):
                cache.setdefault(body, []).append(text)
        object.__setattr__(index, "_bodies", cache)
    return cache
