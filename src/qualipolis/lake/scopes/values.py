"""The distinct products, parameters and standards of all scopes: what each means, and how much a question says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.lake.scopes.numbers import Number, numbers
from qualipolis.lake.scopes.terms import KINDS, stem, terms
from qualipolis.lake.search.tokens import tokens
from qualipolis.methods.text.normalise import normalise

Array = NDArray[Any]
EVERYTHING = (
    "全部参数",
    "全部项目",
    "全项目",
    "全参数",
    "全项",
    "全部指标",
    "all parameters",
    "all items",
    "full standard",
    "全部",
)
MENTIONED = 0.85


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts in one file, of which only those asked for are read."""

    blob: Array
    ends: Array

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, at: int) -> str:
        if not 0 <= at < len(self):
            raise IndexError(at)
        return bytes(self.blob[self.ends[at] : self.ends[at + 1]]).decode()

    def save(self, folder: Path, name: str) -> None:
        """Write the texts and where each ends."""
        np.save(folder / f"{name}-text.npy", self.blob)
        np.save(folder / f"{name}-text-ends.npy", self.ends)


def texts_of(texts: Sequence[str]) -> Texts:
    """Return texts as they are kept."""
    raw = [text.encode() for text in texts]
    ends = np.concatenate([[0], np.cumsum([len(one) for one in raw])]).astype(np.int64)
    return Texts(np.frombuffer(b"".join(raw), np.uint8), ends)


def open_texts(folder: Path, name: str) -> Texts:
    """Return texts that :meth:`Texts.save` wrote, mapped and not read."""
    return Texts(*(np.load(folder / f"{name}-{part}.npy", mmap_mode="r") for part in ("text", "text-ends")))


@dataclass(frozen=True, eq=False)
class Words:
    """The distinct values of one column: their texts, their terms, and an inverted list of their words.

    ``term_of`` pairs a term's number with the values that hold it; ``keys`` are the hashed words in order, ``starts`` and
    ``values`` the values that have each, ``rarity`` what a word weighs, ``weight`` what all words of a value weigh.
    """

    texts: Texts
    term_at: Array
    term_value: Array
    term_share: Array
    keys: Array
    starts: Array
    values: Array
    rarity: Array
    weight: Array
    every: Array

    def __len__(self) -> int:
        return len(self.weight)

    def said(self, words: Iterable[str]) -> NDArray[np.float32]:
        """Return for each value how much of it, by the rarity of its words, is among ``words``: 0 to 1."""
        found = np.zeros(len(self), np.float32)
        wanted = np.array([hashed(word) for word in words], np.uint64)
        if not len(wanted) or not len(self.keys):
            return found
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        for place in at[self.keys[at] == wanted]:
            found[self.values[self.starts[place] : self.starts[place + 1]]] += self.rarity[place]
        return found / np.maximum(self.weight, 1e-6)

    def has(self, word: str) -> Array:
        """Return for each value whether it has a word."""
        found = np.zeros(len(self), bool)
        wanted = np.uint64(hashed(word))
        at = int(np.searchsorted(self.keys, wanted))
        if at < len(self.keys) and self.keys[at] == wanted:
            found[self.values[self.starts[at] : self.starts[at + 1]]] = True
        return found

    def termed(self) -> Array:
        """Return for each value whether it holds any term."""
        found = np.zeros(len(self), bool)
        found[self.term_value] = True
        return found

    def with_terms(self, closeness: Mapping[int, float]) -> NDArray[np.float32]:
        """Return for each value the closest of its terms to those asked; a value that only mentions it among others less."""
        found = np.zeros(len(self), np.float32)
        for term, share in closeness.items():
            lo, hi = np.searchsorted(self.term_at, [term, term + 1])
            rows = self.term_value[lo:hi]
            found[rows] = np.maximum(found[rows], share * (MENTIONED + (1 - MENTIONED) * self.term_share[lo:hi]))
        return found

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays and the texts beside one another."""
        self.texts.save(folder, name)
        for field in FIELDS:
            np.save(folder / f"{name}-{field}.npy", getattr(self, field))


STANDARD_FIELDS = ("family", "value", "year", "older")
FIELDS = ("term_at", "term_value", "term_share", "keys", "starts", "values", "rarity", "weight", "every")


def open_words(folder: Path, name: str) -> Words:
    """Return words that :meth:`Words.save` wrote, mapped and not read."""
    return Words(
        open_texts(folder, name), *(np.load(folder / f"{name}-{field}.npy", mmap_mode="r") for field in FIELDS)
    )


def hashed(word: str) -> int:
    """Return a word as a number of 64 bits."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def words_in(text: str) -> set[str]:
    """Return the words of a normalised text as they are compared: pairs of characters, words, stems of Latin words."""
    return {stem(one) if one.isascii() else one for one in tokens(text)}


def words_of(texts: Sequence[str], kind: str) -> Words:
    """Return the index of distinct ``texts`` of products or parameters."""
    known = terms()
    order = {code: at for at, code in enumerate(known.by_code)}
    pairs: list[tuple[int, int, float]] = []
    posted: dict[int, list[int]] = {}
    for value, text in enumerate(texts):
        said = normalise(text)
        pairs += [(order[code], value, share) for code, share in _shares(said, kind).items()]
        for word in words_in(said):
            posted.setdefault(hashed(word), []).append(value)
    keys = np.array(sorted(posted), np.uint64)
    counts = np.array([len(posted[int(key)]) for key in keys], np.int64)
    values = np.array([v for key in keys for v in posted[int(key)]], np.int32)
    rarity = np.log1p(len(texts) / np.maximum(counts, 1)).astype(np.float32)
    weight = np.bincount(values, np.repeat(rarity, counts), len(texts)).astype(np.float32)
    pairs.sort()
    term_at, term_value = (np.array([pair[at] for pair in pairs], np.int32) for at in (0, 1))
    term_share = np.array([pair[2] for pair in pairs], np.float32)
    every = np.array([normalise(text).strip() in EVERYTHING for text in texts], bool)
    return Words(
        texts_of(texts), term_at, term_value, term_share, keys, np.concatenate([[0], np.cumsum(counts)]),
        values, rarity, weight, every,
    )  # fmt: skip


def _shares(said: str, kind: str) -> dict[str, float]:
    """Return the terms of a kind in a normalised text, each with the share of the text's characters that it is."""
    known = terms()
    size = max(len("".join(said.split())), 1)
    found: dict[str, float] = {}
    for spot in known.found(said):
        if known.by_code[spot.term].kind == kind:
            part = len("".join(said[spot.start : spot.stop].split())) / size
            found[spot.term] = min(found.get(spot.term, 0.0) + part, 1.0)
    return found


@dataclass(frozen=True, eq=False)
class Standards:
    """The distinct standards of all scopes and the numbers in each; a cell may name several."""

    texts: Texts
    family: Array
    value: Array
    year: Array
    older: Array
    families: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def save(self, folder: Path) -> None:
        """Write the arrays and the texts."""
        self.texts.save(folder, "standard")
        texts_of(self.families).save(folder, "family")
        for field in STANDARD_FIELDS:
            np.save(folder / f"standard-{field}.npy", getattr(self, field))


def open_standards(folder: Path) -> Standards:
    """Return standards that :meth:`Standards.save` wrote."""
    families = tuple(open_texts(folder, "family"))
    columns = (np.load(folder / f"standard-{name}.npy", mmap_mode="r") for name in STANDARD_FIELDS)
    return Standards(open_texts(folder, "standard"), *columns, families)


def standards_of(texts: Sequence[str]) -> Standards:
    """Return the index of distinct cells that name standards."""
    rows: list[tuple[str, int, int]] = []
    for value, text in enumerate(texts):
        named = numbers(text) or (Number("", normalise(text)),)
        rows += [(one.key, value, int(one.year or 0)) for one in named]
    families = sorted({key for key, _, _ in rows})
    place = {key: at for at, key in enumerate(families)}
    coded = sorted((place[key], value, year) for key, value, year in rows)
    family, value_, year_ = (np.array([row[at] for row in coded], np.int32) for at in range(3))
    return Standards(
        texts_of(texts), family, value_, year_.astype(np.int16), _older(family, value_, year_, len(texts)), tuple(families)
    )  # fmt: skip


def _older(family: Array, value: Array, year: Array, size: int) -> Array:
    """Return which cells name only editions of which a newer one is listed by someone."""
    newest = np.zeros(int(family.max(initial=-1)) + 1, np.int32)
    np.maximum.at(newest, family, year)
    behind = (year > 0) & (year < newest[family])
    found = np.zeros(size, bool)
    found[value[behind]] = True
    found[value[~behind]] = False
    return found


__all__ = [
    "KINDS",
    "Standards",
    "Words",
    "hashed",
    "open_standards",
    "open_words",
    "standards_of",
    "words_in",
    "words_of",
]
